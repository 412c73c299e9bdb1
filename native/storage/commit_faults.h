// CommitFaults: commits of an engine in memory that fail because a test asked for it.
//
// Contract: failNext() fails the next commit with writes, of one object or of any; setFull() fails
// all of them, in SQLite's words for a full disk (spec S4.10.4), until it is taken back. A commit
// asked check() before it is made; the object is then reset as after a real failure. Thread: the
// engine's. Owner: Levels.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "storage/engine.h"

namespace holdfast::storage {

class CommitFaults {
 public:
  void failNext(std::optional<ObjectName> object, std::string message) {
    next_.push_back({std::move(object), std::move(message)});
  }
  void setFull(bool full) { full_ = full; }
  void clear() {
    next_.clear();
    full_ = false;
  }

  Status check(const ObjectName& object) {
    const auto found = std::find_if(next_.begin(), next_.end(), [&object](const Fault& fault) {
      return !fault.object ||
             (fault.object->uniqueKey == object.uniqueKey && fault.object->idHex == object.idHex);
    });
    if (found != next_.end()) {
      Status failed(Code::kSqlCritical, found->message);
      next_.erase(found);
      return failed;
    }
    return full_ ? Status(Code::kSqlCritical, kDiskFull) : Status();
  }

 private:
  struct Fault {
    std::optional<ObjectName> object;  // nullopt: any
    std::string message;
  };
  std::vector<Fault> next_;
  bool full_ = false;
};

}  // namespace holdfast::storage
