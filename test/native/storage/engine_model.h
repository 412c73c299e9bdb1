// What the simulations of the engine know: the contents that each object had after each of its
// commits, and what the engine announced.
//
// After a restart that ends at LSN L every object must be exactly as its last commit up to L left
// it, and L must be at least what was announced. Thread: the caller's.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "storage/engine.h"
#include "storage/object_state.h"

namespace holdfast::storage::testing {

class ObjectHistory {
 public:
  void committed(Lsn lsn, ObjectState state) { commits_.push_back({lsn, std::move(state)}); }

  [[nodiscard]] const ObjectState& at(Lsn lsn) const {
    static const ObjectState kNothing;
    for (auto commit = commits_.rbegin(); commit != commits_.rend(); ++commit) {
      if (commit->lsn <= lsn) return commit->state;
    }
    return kNothing;
  }
  [[nodiscard]] const ObjectState& last() const { return at(~Lsn{0}); }

  // A restart ended at `lsn`: what came after never was, and nothing before it will be asked for.
  void restartedAt(Lsn lsn) {
    ObjectState state = at(lsn);
    commits_.clear();
    committed(lsn, std::move(state));
  }

 private:
  struct Commit {
    Lsn lsn = 0;
    ObjectState state;
  };
  std::vector<Commit> commits_;
};

// The promises that can be told from the announcements alone.
class AnnouncedSink final : public DurabilitySink {
 public:
  void onDurable(Lsn lsn) override {
    if (lsn <= announced) breach = "LSN " + std::to_string(lsn) + " was announced out of order";
    if (failures > 0) breach = "announced after a failed flush";
    announced = std::max(announced, lsn);
  }
  void onFlushFailed(const Status& why) override {
    if (++failures > 1) breach = "the failed flush was told twice";
    failure = why;
  }
  // A new engine speaks from here on.
  void restarted() { failures = 0; }

  Lsn announced = 0;
  int failures = 0;
  Status failure;
  std::string breach;
};

}  // namespace holdfast::storage::testing
