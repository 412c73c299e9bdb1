// DeadlineQueue: when to look at which connection again.
//
// Contract: a connection keeps its own deadline and may move it at every event; the queue holds at
// most a few entries for it. plan() costs nothing while an earlier entry exists, which is the
// common case (deadlines move later with every request): the entry comes up, the connection says it
// is not yet time, and it is planned again. Thread: its owner's. Pure: the time is an argument.
#pragma once

#include <functional>
#include <limits>
#include <queue>
#include <utility>
#include <vector>

#include "base/ids.h"

namespace holdfast::net {

constexpr InstantMs kNever = std::numeric_limits<InstantMs>::max();

class DeadlineQueue {
 public:
  // `planned` is the caller's note of its earliest entry (kNever at first).
  void plan(Handle connection, InstantMs deadline, InstantMs& planned) {
    if (deadline >= planned) return;
    planned = deadline;
    entries_.push({deadline, connection});
  }

  [[nodiscard]] InstantMs earliest() const {
    return entries_.empty() ? kNever : entries_.top().first;
  }

  // Takes one entry that is due; kNoHandle when none is. `at` is its time: an entry whose time is
  // not the caller's note is stale.
  Handle takeDue(InstantMs now, InstantMs& at) {
    if (earliest() > now) return kNoHandle;
    const Entry entry = entries_.top();
    entries_.pop();
    at = entry.first;
    return entry.second;
  }

 private:
  using Entry = std::pair<InstantMs, Handle>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> entries_;
};

}  // namespace holdfast::net
