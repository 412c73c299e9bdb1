// AlarmClock: joins the durable alarm index, the schedule and the actors of one shard (spec S5).
//
// load() fills the window at start-up with the alarms that come first; as they run, it asks the
// engine for the next ones and is told them by loaded(). committed() keeps a change until the
// commit that holds it is durable, and only then tells the window: an alarm is scheduled only from
// a durable record (guide, section 9.6). What is in memory is bounded (core/alarm_window.h) where
// the engine has an index. Thread: the shard's. Failure: an alarm whose namespace is not in this
// runtime stays in the index and is not scheduled.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "core/alarm_window.h"
#include "host/namespaces.h"
#include "storage/engine.h"

namespace holdfast::host {

class AlarmClock {
 public:
  AlarmClock(storage::Engine& engine, const NamespaceTable& namespaces,
             core::AlarmWindowLimits limits = {});

  Status load();
  // The answer to what was asked of the engine.
  void loaded(storage::AlarmPage page);

  void committed(const ActorKey& actor, const std::string* name, std::optional<TimestampMs> at,
                 Lsn lsn);
  void durable(Lsn lsn);

  void due(TimestampMs now, size_t most, std::vector<core::DueAlarm>& out);
  core::AlarmVerdict completed(const ActorKey& actor, core::AlarmOutcome outcome, TimestampMs now,
                               double jitter);
  // A cancelled run found another time in the object's store (S5.3.6).
  void reschedule(const ActorKey& actor, TimestampMs at);
  // All there is, and to go back to it (storage/levels.h). What is committed counts as durable.
  using Saved = std::vector<core::AlarmSchedule::Saved>;
  Saved save();
  void restore(const Saved& saved);
  // Of those in memory: while isLoading() an earlier one may come.
  [[nodiscard]] std::optional<TimestampMs> nextDue() const { return window_.nextDue(); }
  [[nodiscard]] bool isLoading() const { return window_.isReading(); }
  // In memory, waiting or running.
  [[nodiscard]] size_t held() const { return window_.held(); }
  [[nodiscard]] size_t running() const { return window_.running(); }

 private:
  struct Change {
    ActorKey actor;
    std::optional<TimestampMs> at;
    std::optional<std::string> name;
    Lsn lsn = 0;
  };
  void apply(Change change);
  void take(storage::AlarmPage page);
  void askForMore();
  void correctIndex(const ActorKey& actor, std::optional<TimestampMs> at);

  storage::Engine& engine_;
  const NamespaceTable& namespaces_;
  core::AlarmWindow window_;
  std::deque<Change> pending_;  // ascending lsn
};

}  // namespace holdfast::host
