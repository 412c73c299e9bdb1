// AlarmClock: joins the durable alarm index, the schedule and the actors of one shard (spec S5).
//
// load() fills the schedule at start-up. committed() keeps a change until the commit that holds it
// is durable, and only then tells the schedule: an alarm is scheduled only from a durable record
// (guide, section 9.6). Thread: the shard's. Failure: an alarm whose namespace is not in this
// runtime stays in the index and is not scheduled.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "core/alarm_schedule.h"
#include "host/namespaces.h"
#include "storage/engine.h"

namespace holdfast::host {

class AlarmClock {
 public:
  AlarmClock(storage::Engine& engine, const NamespaceTable& namespaces)
      : engine_(engine), namespaces_(namespaces) {}

  Status load();

  void committed(const ActorKey& actor, const std::string* name, std::optional<TimestampMs> at,
                 Lsn lsn);
  void durable(Lsn lsn);

  struct Due {
    core::DueAlarm alarm;
    std::optional<std::string> actorName;
  };
  void due(TimestampMs now, size_t most, std::vector<Due>& out);
  core::AlarmVerdict completed(const ActorKey& actor, core::AlarmOutcome outcome, TimestampMs now,
                               double jitter);
  // A cancelled run found another time in the object's store (S5.3.6).
  void reschedule(const ActorKey& actor, TimestampMs at) { schedule_.set(actor, at); }
  // All there is, and to go back to it (storage/levels.h). What is committed counts as durable.
  struct Saved {
    std::vector<core::AlarmSchedule::Saved> schedule;
    std::unordered_map<ActorKey, std::string, ActorKeyHash> names;
  };
  Saved save();
  void restore(Saved saved);
  [[nodiscard]] std::optional<TimestampMs> nextDue() const { return schedule_.nextDue(); }
  [[nodiscard]] size_t pending() const { return schedule_.pending(); }
  [[nodiscard]] size_t running() const { return schedule_.running(); }

 private:
  struct Change {
    ActorKey actor;
    std::optional<TimestampMs> at;
    Lsn lsn = 0;
  };
  void apply(const Change& change);

  storage::Engine& engine_;
  const NamespaceTable& namespaces_;
  core::AlarmSchedule schedule_;
  std::deque<Change> pending_;                                     // ascending lsn
  std::unordered_map<ActorKey, std::string, ActorKeyHash> names_;  // of actors with an alarm
};

}  // namespace holdfast::host
