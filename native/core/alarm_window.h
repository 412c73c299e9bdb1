// AlarmWindow: of all alarms those that come first; the rest is in the durable index alone.
//
// Stored alarms have an order (AlarmPosition). The window holds those up to its edge, in an
// AlarmSchedule, and knows nothing of those behind it. An alarm that is set behind the edge is not
// held. When too many are held, those that come last are dropped and the edge moves back; when few
// are left that never ran, nextRead() asks for the next ones of the index, and loaded() moves the
// edge on. So memory is bounded by a constant, however many alarms are set and whenever they are
// due, and a clock that jumps only makes the window go on sooner. The edge is never before an alarm
// that runs or waits for a retry: its counts are nowhere else (S5.4.6).
//
// A read answers later, with what the index says at some moment after it was asked for, and then
// says of each alarm at least what was committed before nextRead(). What is committed meanwhile is
// noted by changing() at once, and by set() or clear() when it is durable: then the answer's word
// on that object is not taken.
//
// Cost: set() and clear() O(log held), amortized; while a read is under way about 150 bytes for
// each object whose alarm changes. Thread: its owner's. Failure: a read that is never answered
// leaves what is behind the edge unknown.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "core/alarm_schedule.h"

namespace holdfast::core {

struct AlarmWindowLimits {
  size_t heldMax = 16'384;    // that never ran: more than these, and half of them are dropped
  size_t readAtOnce = 4'096;  // of the index
  size_t readBelow = 2'048;   // held ones that never ran
};

// What a read of the index has found.
struct LoadedAlarm {
  ActorKey actor;
  TimestampMs at = 0;
  std::optional<std::string> name;
};

class AlarmWindow {
 public:
  // There is an index that has all alarms, or the window is all there is: then it holds all.
  enum class Index : uint8_t { kNone, kDurable };
  AlarmWindow(Index index, AlarmWindowLimits limits)
      : limits_(limits), isIndexed_(index == Index::kDurable), dropAbove_(limits.heldMax) {}

  // There may be alarms in the index, from an earlier process: nextRead() begins with the first.
  void open() {
    if (isIndexed_) edge_.emplace();
  }

  // As those of AlarmSchedule: only what is durable.
  void set(const ActorKey& actor, TimestampMs at, std::optional<std::string> name = {});
  void clear(const ActorKey& actor);
  void due(TimestampMs now, size_t most, std::vector<DueAlarm>& out) {
    schedule_.due(now, most, out);
  }
  AlarmVerdict completed(const ActorKey& actor, AlarmOutcome outcome, TimestampMs now,
                         double jitter);
  // The actor's alarm changes in a commit that is not durable yet.
  void changing(const ActorKey& actor);

  struct Read {
    AlarmPosition after;
    size_t most = 0;
  };
  // What must be read of the index now, if anything: that read is under way then, until loaded().
  std::optional<Read> nextRead();
  // The answer: the first alarms behind `after`, in order. `last`: the position of the last one,
  // held or not; nullopt: there are no more behind it.
  void loaded(std::vector<LoadedAlarm> alarms, std::optional<AlarmPosition> last);
  [[nodiscard]] bool isReading() const { return isReading_; }

  // Without an index: all there is, and to go back to it.
  std::vector<AlarmSchedule::Saved> save() { return schedule_.save(); }
  void restore(const std::vector<AlarmSchedule::Saved>& saved) { schedule_.restore(saved); }

  // Of those that are held.
  [[nodiscard]] std::optional<TimestampMs> nextDue() const { return schedule_.nextDue(); }
  [[nodiscard]] size_t running() const { return schedule_.running(); }
  [[nodiscard]] size_t held() const { return schedule_.pending(); }

 private:
  struct Change {
    std::optional<TimestampMs> at;  // durable
    std::optional<std::string> name;
  };
  [[nodiscard]] bool isInside(const AlarmPosition& position) const {
    return !edge_ || position <= *edge_;
  }
  void takeChanges(const std::optional<AlarmPosition>& before);
  void dropLast();

  const AlarmWindowLimits limits_;
  const bool isIndexed_;
  bool isReading_ = false;
  size_t dropAbove_;
  std::optional<AlarmPosition> edge_;  // nullopt: all alarms are held
  AlarmSchedule schedule_;
  std::unordered_map<ActorKey, Change, ActorKeyHash> changes_;  // since the read was asked for
};

}  // namespace holdfast::core
