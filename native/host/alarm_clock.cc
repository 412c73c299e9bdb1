#include "host/alarm_clock.h"

#include <utility>

#include "core/actor_id.h"

namespace holdfast::host {

Status AlarmClock::load() {
  Result<std::vector<storage::StoredAlarm>> stored = engine_.loadAlarms();
  if (!stored.ok()) return stored.status();
  for (storage::StoredAlarm& alarm : stored.value()) {
    const NamespaceIndex ns = namespaces_.find(alarm.uniqueKey);
    const std::optional<ActorId> id = core::idFromHex(alarm.idHex);
    if (ns == namespaces_.size() || !id) continue;
    const ActorKey actor{ns, *id};
    if (alarm.hasActorName) names_[actor] = std::move(alarm.actorName);
    schedule_.set(actor, alarm.at);
  }
  return {};
}

void AlarmClock::committed(const ActorKey& actor, const std::string* name,
                           std::optional<TimestampMs> at, Lsn lsn) {
  if (at && name != nullptr) names_[actor] = *name;
  pending_.push_back({actor, at, lsn});
}

void AlarmClock::durable(Lsn lsn) {
  while (!pending_.empty() && pending_.front().lsn <= lsn) {
    apply(pending_.front());
    pending_.pop_front();
  }
}

void AlarmClock::apply(const Change& change) {
  if (change.at) {
    schedule_.set(change.actor, *change.at);
  } else {
    schedule_.clear(change.actor);
    names_.erase(change.actor);
  }
}

AlarmClock::Saved AlarmClock::save() {
  if (!pending_.empty()) durable(pending_.back().lsn);
  return {schedule_.save(), names_};
}

void AlarmClock::restore(Saved saved) {
  pending_.clear();
  schedule_.restore(saved.schedule);
  names_ = std::move(saved.names);
}

void AlarmClock::due(TimestampMs now, size_t most, std::vector<Due>& out) {
  std::vector<core::DueAlarm> alarms;
  schedule_.due(now, most, alarms);
  for (const core::DueAlarm& alarm : alarms) {
    const auto name = names_.find(alarm.actor);
    out.push_back(
        {alarm, name == names_.end() ? std::nullopt : std::optional<std::string>(name->second)});
  }
}

core::AlarmVerdict AlarmClock::completed(const ActorKey& actor, core::AlarmOutcome outcome,
                                         TimestampMs now, double jitter) {
  const core::AlarmVerdict verdict = schedule_.completed(actor, outcome, now, jitter);
  if (verdict == core::AlarmVerdict::kDone || verdict == core::AlarmVerdict::kAbandoned)
    names_.erase(actor);
  // A spurious entry (S5.6.2): the next start must not fire it again.
  if (verdict == core::AlarmVerdict::kDone && outcome == core::AlarmOutcome::kCancelled) {
    engine_.forgetAlarm({namespaces_.at(actor.ns).uniqueKey, core::idToHex(actor.id)});
  }
  return verdict;
}

}  // namespace holdfast::host
