// KeyIndex<T>: finds by ActorKey the place of a T in a SlotMap<T>. T has a member `key`.
//
// Contract: holds places only; a key is written once, in its T. insert() after the T is in its
// place, erase() before it leaves it. The SlotMap outlives the index and does not move. Thread: its
// owner's. Cost: about 40 bytes per entry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_set>

#include "base/ids.h"
#include "base/slot_map.h"

namespace holdfast::core {

template <typename T>
class KeyIndex {
 public:
  explicit KeyIndex(const SlotMap<T>& slots) : places_(0, Hash{&slots}, Equal{&slots}) {}
  KeyIndex(const KeyIndex&) = delete;
  KeyIndex& operator=(const KeyIndex&) = delete;

  [[nodiscard]] std::optional<uint32_t> find(const ActorKey& key) const {
    const auto found = places_.find(key);
    if (found == places_.end()) return std::nullopt;
    return *found;
  }
  void insert(uint32_t place) { places_.insert(place); }
  void erase(uint32_t place) { places_.erase(place); }

 private:
  struct Hash {
    using is_transparent = void;
    const SlotMap<T>* slots;
    size_t operator()(const ActorKey& key) const { return ActorKeyHash()(key); }
    size_t operator()(uint32_t place) const { return ActorKeyHash()(slots->at(place).key); }
  };
  struct Equal {
    using is_transparent = void;
    const SlotMap<T>* slots;
    bool operator()(uint32_t left, uint32_t right) const { return left == right; }
    bool operator()(const ActorKey& left, uint32_t right) const {
      return left == slots->at(right).key;
    }
    bool operator()(uint32_t left, const ActorKey& right) const {
      return slots->at(left).key == right;
    }
  };

  std::unordered_set<uint32_t, Hash, Equal> places_;
};

}  // namespace holdfast::core
