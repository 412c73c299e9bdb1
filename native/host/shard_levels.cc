// What a Shard does for the test controls (shard.h, storage/levels.h).
#include <utility>

#include "host/shard.h"

namespace holdfast::host {
namespace {

Status notInMemory() {
  return {Code::kInvalidArgument, "Test controls need a runtime without a dataDir."};
}

}  // namespace

Status Shard::pushLevel() {
  storage::Levels* levels = engine_.levels();
  if (levels == nullptr) return notInMemory();
  endTurn();
  levels->push();
  savedAlarms_.push_back(alarms_.save());
  return {};
}

Status Shard::popLevel(storage::Levels::Fate fate) {
  storage::Levels* levels = engine_.levels();
  if (levels == nullptr) return notInMemory();
  if (savedAlarms_.empty()) return {Code::kInvalidArgument, "pop() without a push()."};
  endTurn();
  AlarmClock::Saved saved = std::move(savedAlarms_.back());
  savedAlarms_.pop_back();
  levels->pop(fate);
  if (fate == storage::Levels::Fate::kUndo) alarms_.restore(saved);
  return {};
}

Status Shard::clearStorage() {
  storage::Levels* levels = engine_.levels();
  if (levels == nullptr) return notInMemory();
  endTurn();
  levels->clear();
  alarms_.restore({});
  return {};
}

void Shard::holdTime(TimestampMs wall) {
  clock_ = &held_;
  held_.hold(wall);
}

bool Shard::isQuiet() {
  const bool isDurable = gate_.durableLsn() >= engine_.committedLsn();
  return isDurable && !alarms_.isLoading() && inbox_.empty() && !hasReady() &&
         nextDueMs().value_or(1) > 0;
}

}  // namespace holdfast::host
