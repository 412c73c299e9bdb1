// SlotMap<T>: values addressed by generation-checked handles.
//
// Contract: insert() returns a Handle; find() of a handle whose value was erased returns nullptr,
// even when the place is used again (until its generation wraps after 2^20 uses of one place).
// Pointers are stable until erase(). Thread: its owner's. Allocates on growth only.
#pragma once

#include <cstddef>
#include <deque>
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
      slots_.emplace_back();
      free_.push_back(static_cast<uint32_t>(slots_.size() - 1));
    }
    const uint32_t index = free_.back();
    free_.pop_back();
    Slot& slot = slots_[index];
    slot.generation = nextGeneration(slot.generation);
    slot.value.emplace(std::move(value));
    return makeHandle(index, slot.generation);
  }

  T* find(Handle handle) {
    const uint32_t index = handleIndex(handle);
    if (index >= slots_.size()) return nullptr;
    Slot& slot = slots_[index];
    if (!slot.value || slot.generation != handleGeneration(handle)) return nullptr;
    return &*slot.value;
  }

  // The value at `index`, which must be in use: for owners that keep places instead of handles.
  T& at(uint32_t index) { return *slots_[index].value; }
  const T& at(uint32_t index) const { return *slots_[index].value; }
  [[nodiscard]] Handle handleAt(uint32_t index) const {
    return makeHandle(index, slots_[index].generation);
  }

  // The value stays; every handle given for it goes stale and the returned one takes their place.
  Handle renew(uint32_t index) {
    Slot& slot = slots_[index];
    slot.generation = nextGeneration(slot.generation);
    return makeHandle(index, slot.generation);
  }

  bool erase(Handle handle) {
    if (find(handle) == nullptr) return false;
    const uint32_t index = handleIndex(handle);
    slots_[index].value.reset();
    free_.push_back(index);
    return true;
  }

  [[nodiscard]] size_t size() const { return slots_.size() - free_.size(); }

  // Calls visit(Handle, T&) for each value. visit may erase the value it was given, nothing else.
  template <typename Visit>
  void forEach(Visit visit) {
    for (uint32_t index = 0; index < slots_.size(); ++index) {
      Slot& slot = slots_[index];
      if (slot.value) visit(makeHandle(index, slot.generation), *slot.value);
    }
  }

 private:
  struct Slot {
    uint32_t generation = 0;
    std::optional<T> value;
  };

  static uint32_t nextGeneration(uint32_t generation) {
    return generation == kGenerationMax ? 1 : generation + 1;
  }

  std::deque<Slot> slots_;
  std::vector<uint32_t> free_;
};

}  // namespace holdfast
