#include "core/alarm_window.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace holdfast::core {

void AlarmWindow::set(const ActorKey& actor, TimestampMs at, std::optional<std::string> name) {
  if (isReading_) changes_[actor] = {at, name};
  // One that runs is held until its run is over, whatever comes next.
  if (!isInside({at, actor.id}) && !schedule_.isRunning(actor)) return schedule_.clear(actor);
  schedule_.set(actor, at, std::move(name));
  if (isIndexed_ && schedule_.fresh() > dropAbove_) dropLast();
}

void AlarmWindow::clear(const ActorKey& actor) {
  if (isReading_) changes_[actor] = {};
  schedule_.clear(actor);
}

void AlarmWindow::changing(const ActorKey& actor) {
  if (isReading_) changes_.try_emplace(actor);
}

AlarmVerdict AlarmWindow::completed(const ActorKey& actor, AlarmOutcome outcome, TimestampMs now,
                                    double jitter) {
  const AlarmVerdict verdict = schedule_.completed(actor, outcome, now, jitter);
  const std::optional<AlarmPosition> next = schedule_.freshAt(actor);
  if (next && !isInside(*next)) schedule_.clear(actor);
  return verdict;
}

// Where the read under way begins stays behind the edge, or what it does not tell would be lost.
void AlarmWindow::dropLast() {
  if (isReading_) return;
  edge_ = schedule_.keepFirst(limits_.heldMax / 2);
  dropAbove_ = std::max(limits_.heldMax, 2 * schedule_.fresh());
}

std::optional<AlarmWindow::Read> AlarmWindow::nextRead() {
  if (!edge_ || isReading_ || schedule_.fresh() >= limits_.readBelow) return std::nullopt;
  isReading_ = true;
  return Read{*edge_, limits_.readAtOnce};
}

void AlarmWindow::loaded(std::vector<LoadedAlarm> alarms, std::optional<AlarmPosition> last) {
  DO_CHECK(isReading_);
  isReading_ = false;
  const std::optional<AlarmPosition> before = std::exchange(edge_, last);
  DO_CHECK(before.has_value());
  // Whoever else writes the index may have another idea of the order.
  if (edge_) edge_ = std::max(*edge_, *before);
  for (LoadedAlarm& alarm : alarms) {
    // What is held is at least as new.
    if (changes_.contains(alarm.actor) || schedule_.has(alarm.actor)) continue;
    schedule_.set(alarm.actor, alarm.at, std::move(alarm.name));
  }
  takeChanges(before);
}

// Of those that were set behind the old edge the new one may have some.
void AlarmWindow::takeChanges(const std::optional<AlarmPosition>& before) {
  for (auto& [actor, change] : changes_) {
    if (!change.at || schedule_.has(actor)) continue;
    const AlarmPosition position{*change.at, actor.id};
    if (position > *before && isInside(position)) {
      schedule_.set(actor, *change.at, std::move(change.name));
    }
  }
  changes_.clear();
  if (schedule_.fresh() > dropAbove_) dropLast();
}

}  // namespace holdfast::core
