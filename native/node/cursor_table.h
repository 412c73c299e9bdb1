// CursorTable: the open SQL and key-value cursors of one environment, by handle. AheadCounts: how
// many of the rows that were read ahead their readers have taken, a few cursors at a time.
//
// A cursor belongs to one instance and dies with it: closeOf() is called before its database
// closes. Thread: the shard's.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/slot_map.h"
#include "storage/database.h"

namespace holdfast::node {

// One number for each cursor that reads ahead, in an array that JavaScript writes.
class AheadCounts {
 public:
  static constexpr uint32_t kCount = 64;
  // `counts`: kCount numbers, which outlive this.
  explicit AheadCounts(uint32_t* counts) : counts_(counts) {}

  // Gives the number back when it ends. Empty by default, and when all are in use.
  class Lease {
   public:
    Lease() = default;
    Lease(AheadCounts* owner, uint32_t index) : owner_(owner), index_(index) {}
    ~Lease() {
      if (owner_ != nullptr) owner_->used_.at(index_) = false;
    }
    Lease(Lease&& other) noexcept { *this = std::move(other); }
    Lease& operator=(Lease&& other) noexcept {
      std::swap(owner_, other.owner_);
      std::swap(index_, other.index_);
      return *this;
    }
    explicit operator bool() const { return owner_ != nullptr; }
    [[nodiscard]] uint32_t index() const { return index_; }
    [[nodiscard]] uint32_t* count() const { return owner_->counts_ + index_; }

   private:
    AheadCounts* owner_ = nullptr;
    uint32_t index_ = 0;
  };

  Lease lease() {
    for (uint32_t i = 0; i < kCount; ++i) {
      if (used_.at(i)) continue;
      used_.at(i) = true;
      return {this, i};
    }
    return {};
  }

 private:
  uint32_t* counts_;
  std::array<bool, kCount> used_{};
};

class CursorTable {
 public:
  struct Entry {
    ActorHandle actor = kNoHandle;
    AheadCounts::Lease ahead;  // used by `sql`
    std::unique_ptr<storage::SqlCursor> sql;
    std::unique_ptr<storage::KvCursor> kv;
  };

  Handle add(ActorHandle actor, std::unique_ptr<storage::SqlCursor> cursor) {
    return entries_.insert({actor, {}, std::move(cursor), nullptr});
  }
  Handle add(ActorHandle actor, std::unique_ptr<storage::KvCursor> cursor) {
    return entries_.insert({actor, {}, nullptr, std::move(cursor)});
  }
  Entry* find(Handle cursor) { return entries_.find(cursor); }
  void close(Handle cursor) { entries_.erase(cursor); }
  void closeOf(ActorHandle actor) {
    if (entries_.size() == 0) return;
    entries_.forEach([this, actor](Handle handle, Entry& entry) {
      if (entry.actor == actor) entries_.erase(handle);
    });
  }
  void clear() {
    entries_.forEach([this](Handle handle, Entry&) { entries_.erase(handle); });
  }

 private:
  SlotMap<Entry> entries_;
};

}  // namespace holdfast::node
