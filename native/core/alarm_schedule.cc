#include "core/alarm_schedule.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace holdfast::core {

namespace {

constexpr uint8_t kCountedRetriesMax = 6;
constexpr uint8_t kBackoffMax = 9;
constexpr TimestampMs kFirstDelayMs = 2'000;
constexpr double kJitterMost = 0.25;

}  // namespace

void AlarmSchedule::set(const ActorKey& actor, TimestampMs at, std::optional<std::string> name) {
  const uint32_t index = findOrMake(actor);
  Entry& entry = entries_.at(index);
  if (name) entry.name = std::move(name);
  if (entry.running) {
    entry.replaced = true;
    entry.replacement = at;
    return;
  }
  arm(index, at);
}

void AlarmSchedule::clear(const ActorKey& actor) {
  const auto index = index_.find(actor);
  if (!index) return;
  Entry& entry = entries_.at(*index);
  if (!entry.running) return erase(*index);
  entry.replaced = false;
  entry.cleared = true;
}

void AlarmSchedule::due(TimestampMs now, size_t most, std::vector<DueAlarm>& out) {
  for (; most != 0 && !queue_.empty(); --most) {
    const uint32_t index = queue_.front();
    Entry& entry = entries_.at(index);
    if (entry.dueAt > now) return;
    dequeue(index);
    entry.running = true;
    entry.cleared = false;
    out.push_back({entry.key, entry.scheduledAt, entry.retryCount, entry.name});
  }
}

AlarmVerdict AlarmSchedule::completed(const ActorKey& actor, AlarmOutcome outcome, TimestampMs now,
                                      double jitter) {
  const auto index = index_.find(actor);
  if (!index || !entries_.at(*index).running) return AlarmVerdict::kDone;
  Entry& entry = entries_.at(*index);
  entry.running = false;
  if (entry.replaced) {
    arm(*index, entry.replacement);
    return AlarmVerdict::kReplaced;
  }
  const bool failure = outcome == AlarmOutcome::kFailure || outcome == AlarmOutcome::kUncounted;
  if (failure && !entry.cleared) {
    return failed(*index, outcome == AlarmOutcome::kFailure, now, jitter);
  }
  erase(*index);
  return outcome == AlarmOutcome::kAbandon ? AlarmVerdict::kAbandoned : AlarmVerdict::kDone;
}

AlarmVerdict AlarmSchedule::failed(uint32_t index, bool counted, TimestampMs now, double jitter) {
  Entry& entry = entries_.at(index);
  if (counted) {
    if (entry.retryCount == kCountedRetriesMax) {
      erase(index);
      return AlarmVerdict::kAbandoned;
    }
    ++entry.retryCount;
    if (entry.lastUncounted) entry.backoff = 0;
  }
  entry.lastUncounted = !counted;
  DO_CHECK(jitter >= 0 && jitter < 1, jitter);
  const TimestampMs delay = kFirstDelayMs << entry.backoff;
  const double extra = kJitterMost * jitter * static_cast<double>(delay);
  entry.backoff = std::min<uint8_t>(entry.backoff + 1, kBackoffMax);
  entry.dueAt = now + delay + static_cast<TimestampMs>(extra);
  enqueue(index);
  return AlarmVerdict::kRetry;
}

std::optional<AlarmPosition> AlarmSchedule::freshAt(const ActorKey& actor) const {
  const auto index = index_.find(actor);
  if (!index || !isFresh(entries_.at(*index))) return std::nullopt;
  return positionOf(entries_.at(*index));
}

bool AlarmSchedule::isRunning(const ActorKey& actor) const {
  const auto index = index_.find(actor);
  return index && entries_.at(*index).running;
}

AlarmPosition AlarmSchedule::keepFirst(size_t most) {
  AlarmPosition last;
  std::vector<AlarmPosition> fresh;
  fresh.reserve(this->fresh());
  entries_.forEach([&](Handle /*handle*/, const Entry& entry) {
    if (isFresh(entry)) {
      fresh.push_back(positionOf(entry));
    } else {
      last = std::max(last, positionOf(entry));
    }
  });
  const size_t kept = std::min(most, fresh.size());
  if (kept > 0) {
    const auto nth = fresh.begin() + static_cast<ptrdiff_t>(kept - 1);
    std::nth_element(fresh.begin(), nth, fresh.end());
    last = std::max(last, *nth);
  }
  entries_.forEach([&](Handle handle, const Entry& entry) {
    if (isFresh(entry) && positionOf(entry) > last) erase(handleIndex(handle));
  });
  return last;
}

std::vector<AlarmSchedule::Saved> AlarmSchedule::save() {
  std::vector<Saved> saved;
  saved.reserve(entries_.size());
  entries_.forEach([&saved](Handle /*handle*/, const Entry& entry) { saved.push_back({entry}); });
  return saved;
}

void AlarmSchedule::restore(const std::vector<Saved>& saved) {
  queue_.clear();
  retrying_ = 0;
  entries_.forEach([this](Handle handle, const Entry& /*entry*/) {
    index_.erase(handleIndex(handle));
    entries_.erase(handle);
  });
  for (const Saved& one : saved) {
    const uint32_t index = findOrMake(one.entry.key);
    Entry& entry = entries_.at(index);
    entry = one.entry;
    entry.queuePlace = kNotQueued;
    entry.running = entry.replaced = entry.cleared = false;
    enqueue(index);
  }
}

std::optional<TimestampMs> AlarmSchedule::nextDue() const {
  if (queue_.empty()) return std::nullopt;
  return entries_.at(queue_.front()).dueAt;
}

uint32_t AlarmSchedule::findOrMake(const ActorKey& key) {
  if (const auto found = index_.find(key)) return *found;
  Entry entry;
  entry.key = key;
  const uint32_t index = handleIndex(entries_.insert(entry));
  index_.insert(index);
  return index;
}

void AlarmSchedule::arm(uint32_t index, TimestampMs at) {
  Entry& entry = entries_.at(index);
  if (entry.queuePlace != kNotQueued) dequeue(index);
  Entry fresh;
  fresh.key = entry.key;
  fresh.name = std::move(entry.name);
  fresh.scheduledAt = at;
  fresh.dueAt = at;
  entry = std::move(fresh);
  enqueue(index);
}

void AlarmSchedule::erase(uint32_t index) {
  if (entries_.at(index).queuePlace != kNotQueued) dequeue(index);
  index_.erase(index);
  entries_.erase(entries_.handleAt(index));
}

void AlarmSchedule::enqueue(uint32_t index) {
  queue_.push_back(index);
  const auto last = static_cast<uint32_t>(queue_.size() - 1);
  Entry& entry = entries_.at(index);
  entry.queuePlace = last;
  if (!isFresh(entry)) ++retrying_;
  siftUp(last);
}

void AlarmSchedule::dequeue(uint32_t index) {
  Entry& entry = entries_.at(index);
  const uint32_t hole = std::exchange(entry.queuePlace, kNotQueued);
  if (!isFresh(entry)) --retrying_;
  DO_CHECK(queue_[hole] == index, hole, index);
  const uint32_t last = queue_.back();
  queue_.pop_back();
  if (last == index) return;
  place(hole, last);
  siftUp(hole);
  siftDown(entries_.at(last).queuePlace);
}

void AlarmSchedule::siftUp(uint32_t queuePlace) {
  const uint32_t index = queue_[queuePlace];
  while (queuePlace != 0) {
    const uint32_t parent = (queuePlace - 1) / 2;
    if (!earlier(index, queue_[parent])) break;
    place(queuePlace, queue_[parent]);
    queuePlace = parent;
  }
  place(queuePlace, index);
}

void AlarmSchedule::siftDown(uint32_t queuePlace) {
  const uint32_t index = queue_[queuePlace];
  const size_t size = queue_.size();
  for (;;) {
    size_t child = size_t{2} * queuePlace + 1;
    if (child >= size) break;
    if (child + 1 < size && earlier(queue_[child + 1], queue_[child])) ++child;
    if (!earlier(queue_[child], index)) break;
    place(queuePlace, queue_[child]);
    queuePlace = static_cast<uint32_t>(child);
  }
  place(queuePlace, index);
}

void AlarmSchedule::place(uint32_t queuePlace, uint32_t index) {
  queue_[queuePlace] = index;
  entries_.at(index).queuePlace = queuePlace;
}

bool AlarmSchedule::earlier(uint32_t left, uint32_t right) const {
  return entries_.at(left).dueAt < entries_.at(right).dueAt;
}

}  // namespace holdfast::core
