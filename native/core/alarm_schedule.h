// AlarmSchedule: when each object's alarm is due, and when a failed one runs again (spec S5).
//
// Pure: time and randomness come in as arguments. The schedule knows only durable alarms: the host
// calls set() when the record that holds the time is durable.
//
// set/clear -> due() gives what must be delivered, each object at most once until completed()
// (S5.2.4); completed(kSuccess) forgets it unless set() was called meanwhile (S5.3.2-4);
// completed(kFailure) schedules the retry with back-off 2 s * 2^n and jitter 0-25 %, at most 6
// counted retries, then abandons (S5.4.1-3); kUncounted retries without end, capped (S5.4.4);
// kCancelled: the object found no such alarm (S5.3.6). A failure after clear() is not retried
// (S5.3.5).
//
// It need not hold all alarms there are: keepFirst() drops those that come last, and whoever calls
// it (AlarmWindow) brings them back in time.
//
// Cost: set, clear, completed O(log pending); about 200 bytes per alarm it holds.
// Thread: its owner's. Failure: completed() of what does not run changes nothing.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/slot_map.h"
#include "core/key_index.h"

namespace holdfast::core {

struct DueAlarm {
  ActorKey actor;
  TimestampMs scheduledAt = 0;
  uint32_t retryCount = 0;
  std::optional<std::string> actorName;
};

// The order of stored alarms: by time, then by id. The first value comes before all.
struct AlarmPosition {
  TimestampMs at = std::numeric_limits<TimestampMs>::min();
  ActorId id;

  bool operator==(const AlarmPosition&) const = default;
  auto operator<=>(const AlarmPosition&) const = default;  // NOLINT(modernize-use-nullptr)
};

enum class AlarmOutcome : uint8_t { kSuccess, kFailure, kUncounted, kCancelled, kAbandon };

// What became of the run.
enum class AlarmVerdict : uint8_t { kDone, kRetry, kAbandoned, kReplaced };

class AlarmSchedule {
 public:
  AlarmSchedule() : index_(entries_) {}
  AlarmSchedule(const AlarmSchedule&) = delete;
  AlarmSchedule& operator=(const AlarmSchedule&) = delete;

  // Replaces the object's alarm and any pending retry, counters reset (S5.4.7). During a run: kept
  // for after it. A name, for whoever runs it, stays until the alarm is over; none leaves the one
  // it has.
  void set(const ActorKey& actor, TimestampMs at, std::optional<std::string> name = {});
  void clear(const ActorKey& actor);

  // Appends up to `most` alarms due at `now` and marks them running.
  void due(TimestampMs now, size_t most, std::vector<DueAlarm>& out);
  // `jitter` in [0, 1).
  AlarmVerdict completed(const ActorKey& actor, AlarmOutcome outcome, TimestampMs now,
                         double jitter);

  // Of an alarm that waits for its first run.
  [[nodiscard]] std::optional<AlarmPosition> freshAt(const ActorKey& actor) const;
  [[nodiscard]] bool isRunning(const ActorKey& actor) const;
  [[nodiscard]] bool has(const ActorKey& actor) const { return index_.find(actor).has_value(); }
  // Of those that never ran, about `most` of the lowest positions stay, and all up to the last one
  // that runs or waits for a retry. The others are forgotten. The position of the last that may
  // stay.
  AlarmPosition keepFirst(size_t most);

  // All there is, and to go back to it. One that was running then is waiting again.
  struct Saved;
  [[nodiscard]] std::vector<Saved> save();
  void restore(const std::vector<Saved>& saved);

  // When due() has something to give next.
  [[nodiscard]] std::optional<TimestampMs> nextDue() const;
  // Given by due() and not completed().
  [[nodiscard]] size_t running() const { return entries_.size() - queue_.size(); }
  // Alarms waiting or running.
  [[nodiscard]] size_t pending() const { return entries_.size(); }
  // Waiting for their first run.
  [[nodiscard]] size_t fresh() const { return queue_.size() - retrying_; }

 private:
  static constexpr uint32_t kNotQueued = UINT32_MAX;

  struct Entry {
    ActorKey key;
    uint32_t queuePlace = kNotQueued;  // in queue_; kNotQueued while running
    TimestampMs scheduledAt = 0;       // what the handler is told
    TimestampMs dueAt = 0;             // later than scheduledAt when waiting for a retry
    TimestampMs replacement = 0;       // set() during a run
    uint8_t retryCount = 0;            // counted ones
    uint8_t backoff = 0;               // exponent of the next delay
    bool lastUncounted = false;
    bool running = false;
    bool replaced = false;
    bool cleared = false;  // clear() during a run
    std::optional<std::string> name;
  };

  [[nodiscard]] static bool isFresh(const Entry& entry) {
    return !entry.running && entry.backoff == 0;
  }
  [[nodiscard]] static AlarmPosition positionOf(const Entry& entry) {
    return {entry.scheduledAt, entry.key.id};
  }

  uint32_t findOrMake(const ActorKey& key);
  void arm(uint32_t index, TimestampMs at);
  void erase(uint32_t index);
  AlarmVerdict failed(uint32_t index, bool counted, TimestampMs now, double jitter);

  void enqueue(uint32_t index);
  void dequeue(uint32_t index);
  void place(uint32_t queuePlace, uint32_t index);
  void siftUp(uint32_t queuePlace);
  void siftDown(uint32_t queuePlace);
  [[nodiscard]] bool earlier(uint32_t left, uint32_t right) const;

  SlotMap<Entry> entries_;
  KeyIndex<Entry> index_;
  std::vector<uint32_t> queue_;  // a binary heap of places in entries_, earliest dueAt first
  size_t retrying_ = 0;          // of those in queue_
};

struct AlarmSchedule::Saved {
  Entry entry;
};

}  // namespace holdfast::core
