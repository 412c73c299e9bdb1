// SlotMap<T>: values addressed by generation-checked handles.
//
// Contract: insert() returns a Handle; find() of a handle whose value was erased returns nullptr,
// even when the place is used again (until its generation wraps after 2^20 uses of one place).
// Pointers are stable until erase(). Thread: its owner's. Allocates on growth only, blocks of many
// places: small ones would lie between what the values own on the heap, and when most values have
// gone no page there would be free of them.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/ids.h"

namespace holdfast {

template <typename T>
class SlotMap {
 public:
  Handle insert(T value) {
    if (free_.empty()) {
      if (places_ == blocks_.size() * perBlock())
        blocks_.push_back(std::make_unique<Slot[]>(perBlock()));
      free_.push_back(places_++);
    }
    const uint32_t index = free_.back();
    free_.pop_back();
    Slot& slot = slotAt(index);
    slot.generation = nextGeneration(slot.generation);
    slot.value.emplace(std::move(value));
    return makeHandle(index, slot.generation);
  }

  T* find(Handle handle) {
    const uint32_t index = handleIndex(handle);
    if (index >= places_) return nullptr;
    Slot& slot = slotAt(index);
    if (!slot.value || slot.generation != handleGeneration(handle)) return nullptr;
    return &*slot.value;
  }

  // The value at `index`, which must be in use: for owners that keep places instead of handles.
  T& at(uint32_t index) { return *slotAt(index).value; }
  const T& at(uint32_t index) const { return *slotAt(index).value; }
  [[nodiscard]] Handle handleAt(uint32_t index) const {
    return makeHandle(index, slotAt(index).generation);
  }

  // The value stays; every handle given for it goes stale and the returned one takes their place.
  Handle renew(uint32_t index) {
    Slot& slot = slotAt(index);
    slot.generation = nextGeneration(slot.generation);
    return makeHandle(index, slot.generation);
  }

  bool erase(Handle handle) {
    if (find(handle) == nullptr) return false;
    const uint32_t index = handleIndex(handle);
    slotAt(index).value.reset();
    free_.push_back(index);
    return true;
  }

  [[nodiscard]] size_t size() const { return places_ - free_.size(); }

  // Calls visit(Handle, T&) for each value. visit may erase the value it was given, nothing else.
  template <typename Visit>
  void forEach(Visit visit) {
    for (uint32_t index = 0; index < places_; ++index) {
      Slot& slot = slotAt(index);
      if (slot.value) visit(makeHandle(index, slot.generation), *slot.value);
    }
  }

 private:
  struct Slot {
    uint32_t generation = 0;
    std::optional<T> value;
  };

  static constexpr size_t kBlockBytes = 16'384;
  static constexpr size_t kPerBlockMin = 16;
  static constexpr uint32_t perBlock() {
    return std::bit_floor(
        static_cast<uint32_t>(std::max(kBlockBytes / sizeof(Slot), kPerBlockMin)));
  }
  [[nodiscard]] Slot& slotAt(uint32_t index) {
    return blocks_[index / perBlock()][index % perBlock()];
  }
  [[nodiscard]] const Slot& slotAt(uint32_t index) const {
    return blocks_[index / perBlock()][index % perBlock()];
  }

  static uint32_t nextGeneration(uint32_t generation) {
    return generation == kGenerationMax ? 1 : generation + 1;
  }

  std::vector<std::unique_ptr<Slot[]>> blocks_;
  uint32_t places_ = 0;  // that were ever in use
  std::vector<uint32_t> free_;
};

}  // namespace holdfast
