// CursorTable: the open SQL and key-value cursors of one environment, by handle.
//
// A cursor belongs to one instance and dies with it: closeOf() is called before its database
// closes. Thread: the shard's.
#pragma once

#include <memory>
#include <utility>

#include "base/slot_map.h"
#include "storage/database.h"

namespace holdfast::node {

class CursorTable {
 public:
  struct Entry {
    ActorHandle actor = kNoHandle;
    std::unique_ptr<storage::SqlCursor> sql;
    std::unique_ptr<storage::KvCursor> kv;
  };

  Handle add(ActorHandle actor, std::unique_ptr<storage::SqlCursor> cursor) {
    return entries_.insert({actor, std::move(cursor), nullptr});
  }
  Handle add(ActorHandle actor, std::unique_ptr<storage::KvCursor> cursor) {
    return entries_.insert({actor, nullptr, std::move(cursor)});
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
