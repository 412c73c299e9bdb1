// What a Shard does about alarms, and when it has to be called for them (shard.h).
#include <algorithm>
#include <utility>

#include "host/shard.h"
#include "storage/data_paths.h"
#include "storage/database.h"

namespace holdfast::host {
namespace {

// A cheap generator is enough: jitter only spreads retries.
double nextJitter(uint64_t& state) {
  state ^= state << 13U;
  state ^= state >> 7U;
  state ^= state << 17U;
  return static_cast<double>(state >> 11U) / 9007199254740992.0;
}

}  // namespace

size_t Shard::roomForAlarms() const {
  return options_.alarmsRunningMax - std::min(options_.alarmsRunningMax, alarms_.running());
}

void Shard::takeAlarms() {
  std::vector<core::DueAlarm> due;
  alarms_.due(clock_->wallNow(), std::min(options_.alarmsPerTurn, roomForAlarms()), due);
  for (const core::DueAlarm& alarm : due) {
    const ActorHandle actor = actors_.open(alarm.actor, alarm.actorName);
    core::Event event;
    event.kind = core::EventKind::kAlarm;
    event.token = alarm.retryCount;
    event.at = alarm.scheduledAt;
    if (actors_.post(actor, std::move(event), clock_->steadyNow()) != core::PostResult::kQueued) {
      alarmCompleted(alarm.actor, core::AlarmOutcome::kUncounted, std::nullopt);
    }
  }
}

core::AlarmVerdict Shard::alarmCompleted(const ActorKey& actor, core::AlarmOutcome outcome,
                                         std::optional<TimestampMs> reschedule) {
  // Before the run is over, so that the schedule keeps what it knows of the actor.
  if (reschedule) alarms_.reschedule(actor, *reschedule);
  const double jitter = held_.isHeld() ? 0 : nextJitter(jitterState_);
  return alarms_.completed(actor, outcome, clock_->wallNow(), jitter);
}

core::AlarmVerdict Shard::alarmOver(ActorHandle actor, core::AlarmOutcome outcome,
                                    std::optional<TimestampMs> reschedule) {
  const ActorKey* key = actors_.keyOf(actor);
  if (key == nullptr) return core::AlarmVerdict::kDone;
  const core::AlarmVerdict verdict = alarmCompleted(ActorKey(*key), outcome, reschedule);
  finished(actor);
  return verdict;
}

Status Shard::dropAlarm(const ActorKey& actor, TimestampMs at) {
  const Result<std::unique_ptr<storage::Database>> opened = engine_.openDatabase(
      {namespaces_.at(actor.ns).uniqueKey, storage::idHexOf(actor.id, actor.facet)});
  if (!opened.ok()) return opened.status();
  storage::Database& database = *opened.value();
  const Result<std::optional<TimestampMs>> stored = database.getAlarm();
  if (!stored.ok()) return stored.status();
  if (stored.value() != at) return {};
  Status dropped = database.setAlarm(std::nullopt);
  if (!dropped.ok()) return dropped;
  return database.commit().status();
}

std::optional<int64_t> Shard::nextWakeMs() {
  std::optional<int64_t> wake = nextDueMs();
  if (const auto rest = stores_.nextRest()) {
    const int64_t wait = *rest - clock_->steadyNow();
    wake = wake ? std::min(*wake, wait) : wait;
  }
  if (wake) wake = std::max<int64_t>(*wake, 0);
  return wake;
}

std::optional<int64_t> Shard::nextDueMs() {
  std::optional<int64_t> due;
  if (const auto deadline = actors_.nextDeadline()) due = *deadline - clock_->steadyNow();
  // When there is no room, the completion that makes it comes as an event of its own.
  if (const auto alarm = roomForAlarms() == 0 ? std::nullopt : alarms_.nextDue()) {
    const int64_t wait = *alarm - clock_->wallNow();
    due = due ? std::min(*due, wait) : wait;
  }
  return due;
}

}  // namespace holdfast::host
