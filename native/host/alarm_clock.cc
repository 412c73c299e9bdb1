#include "host/alarm_clock.h"

#include <algorithm>
#include <utility>

#include "core/actor_id.h"

namespace holdfast::host {
namespace {

storage::AlarmPosition stored(const core::AlarmPosition& position) {
  return {position.at, core::idToHex(position.id)};
}

}  // namespace

AlarmClock::AlarmClock(storage::Engine& engine, const NamespaceTable& namespaces,
                       core::AlarmWindowLimits limits)
    : engine_(engine),
      namespaces_(namespaces),
      window_(engine.indexesAlarms() ? core::AlarmWindow::Index::kDurable
                                     : core::AlarmWindow::Index::kNone,
              limits) {}

Status AlarmClock::load() {
  window_.open();
  while (const auto read = window_.nextRead()) {
    Result<storage::AlarmPage> page = engine_.readAlarms(stored(read->after), read->most);
    if (!page.ok()) return page.status();
    take(std::move(page).value());
  }
  return {};
}

void AlarmClock::loaded(storage::AlarmPage page) {
  take(std::move(page));
  askForMore();
}

void AlarmClock::take(storage::AlarmPage page) {
  std::optional<core::AlarmPosition> last;
  std::vector<core::LoadedAlarm> alarms;
  for (storage::StoredAlarm& alarm : page.alarms) {
    const std::optional<ActorId> id = core::idFromHex(alarm.idHex);
    if (!id) continue;
    last = core::AlarmPosition{alarm.at, *id};
    const NamespaceIndex ns = namespaces_.find(alarm.uniqueKey);
    if (ns == namespaces_.size()) continue;
    alarms.push_back({.actor = {.ns = ns, .id = *id}, .at = alarm.at, .name = {}});
    if (alarm.hasActorName) alarms.back().name = std::move(alarm.actorName);
  }
  if (page.isLast) {
    last.reset();
  } else if (!last) {
    // None of them is an object's.
    last = core::AlarmPosition{page.alarms.back().at, {}};
    last->id.bytes.fill(UINT8_MAX);
  }
  window_.loaded(std::move(alarms), last);
}

void AlarmClock::askForMore() {
  const auto read = window_.nextRead();
  if (!read) return;
  for (const Change& change : pending_) window_.changing(change.actor);
  engine_.requestAlarms(stored(read->after), read->most);
}

void AlarmClock::committed(const ActorKey& actor, const std::string* name,
                           std::optional<TimestampMs> at, Lsn lsn) {
  window_.changing(actor);
  pending_.push_back(
      {actor, at, name == nullptr ? std::nullopt : std::optional<std::string>(*name), lsn});
}

void AlarmClock::durable(Lsn lsn) {
  while (!pending_.empty() && pending_.front().lsn <= lsn) {
    apply(std::move(pending_.front()));
    pending_.pop_front();
  }
  askForMore();
}

void AlarmClock::apply(Change change) {
  if (change.at) {
    window_.set(change.actor, *change.at, std::move(change.name));
  } else {
    window_.clear(change.actor);
  }
}

AlarmClock::Saved AlarmClock::save() {
  if (!pending_.empty()) durable(pending_.back().lsn);
  return window_.save();
}

void AlarmClock::restore(const Saved& saved) {
  pending_.clear();
  window_.restore(saved);
}

void AlarmClock::due(TimestampMs now, size_t most, std::vector<core::DueAlarm>& out) {
  window_.due(now, most, out);
  askForMore();
}

core::AlarmVerdict AlarmClock::completed(const ActorKey& actor, core::AlarmOutcome outcome,
                                         TimestampMs now, double jitter) {
  const core::AlarmVerdict verdict = window_.completed(actor, outcome, now, jitter);
  // A spurious entry (S5.6.2): neither the next read nor the next start must fire it again.
  if (verdict == core::AlarmVerdict::kDone && outcome == core::AlarmOutcome::kCancelled) {
    window_.clear(actor);
    correctIndex(actor, std::nullopt);
  }
  askForMore();
  return verdict;
}

void AlarmClock::reschedule(const ActorKey& actor, TimestampMs at) {
  window_.set(actor, at);
  correctIndex(actor, at);
}

// A commit that the shard does not know to be durable has the last word in the index.
void AlarmClock::correctIndex(const ActorKey& actor, std::optional<TimestampMs> at) {
  const auto isOfActor = [&actor](const Change& change) { return change.actor == actor; };
  if (std::any_of(pending_.begin(), pending_.end(), isOfActor)) return;
  engine_.settleAlarm({namespaces_.at(actor.ns).uniqueKey, core::idToHex(actor.id)}, at);
}

}  // namespace holdfast::host
