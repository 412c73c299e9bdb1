// ShardPromises: what users of objects were promised, told from the outside: it sees what was sent,
// what ran, what left and what the device holds, and knows nothing of queues, gates and tickets.
//
// Every write appends a stamp of its own to the object's list, so a lost update is a stamp that is
// gone. The first breach is kept as a line of text. Thread: the caller's.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "host/model_store.h"

namespace holdfast::host {

struct PromiseLimits {
  uint32_t mailboxEventsMax = 0;
  uint32_t eventsPerTurn = 0;
  uint32_t alarmsRunningMax = 0;
};

// Who holds an output back until its gate opens; each keeps the order of one object's outputs.
enum class Way : uint8_t { kJavaScript, kServer };

// What an output may give away when it leaves.
struct Sent {
  uint32_t instance = 0;
  Way way = Way::kJavaScript;
  uint32_t number = 0;        // ascending within the instance; 0: in no order
  std::vector<Stamp> stamps;  // what its sender had seen last, and what it says was written
};

class ShardPromises {
 public:
  explicit ShardPromises(PromiseLimits limits) : limits_(limits) {}

  [[nodiscard]] const std::string& breach() const { return breach_; }
  void expect(bool holds, const char* what) {
    if (!holds && breach_.empty()) breach_ = what;
  }

  // Instances: S2.1.1, S2.7.2. Gives the number of the new one.
  uint32_t started(uint32_t object);
  // A reset, or an eviction: what an evicted instance has sent may still leave.
  void reset(uint32_t object);
  void evicted(uint32_t object);
  void ran(uint32_t object, uint32_t instance);
  [[nodiscard]] bool isLive(uint32_t instance) const { return live_.contains(instance); }

  // Order of one sender's events to one object: S1.7.2, S2.5.7.
  void delivered(uint32_t object, uint32_t sender, uint32_t sequence);
  // S1.9.9. `waiting`: events that wait in the object's mailbox, at most `maybe` more.
  void posted(bool taken, uint32_t waiting, uint32_t maybe);
  void turned(size_t deliveries) {
    expect(deliveries <= limits_.eventsPerTurn, "a turn had more events than allowed");
  }

  // Writes and the device: S2.5.9, S2.6.6.
  void durable(uint32_t object, const std::vector<Stamp>& stamps);
  // S2.6.5: no output waits for this one.
  void unconfirmed(Stamp stamp) { unconfirmed_.insert(stamp); }
  [[nodiscard]] std::optional<Stamp> lastConfirmed(const std::vector<Stamp>& stamps) const;
  [[nodiscard]] bool isDurable(uint32_t object, Stamp stamp) const;
  void rolledBack(const std::vector<Stamp>& stamps) { never_.insert(stamps.begin(), stamps.end()); }
  // The output gate: S2.6.1-4.
  void left(uint32_t object, const Sent& sent);
  // The server let it go: it left its instance before, which may be gone by now.
  void leftServer(uint32_t object, const Sent& sent);

  // Alarms: S5.2, S5.3, S5.6. Times are unique; `at` is the stored one, `firedAt` what was told.
  void alarmDurable(TimestampMs at) { everDurable_.insert(at); }
  void alarmReplaced(TimestampMs at) { replaced_.insert(at); }
  // The schedule was told, by the log or by a cancelled run: one run need not wait, be it that of a
  // failed one that the schedule was told of too late.
  void alarmTold(TimestampMs at) {
    told_.insert(at);
    atOnce_.insert(at);
  }
  void alarmFired(uint32_t object, TimestampMs firedAt, TimestampMs now);
  void alarmRan(TimestampMs at);
  void alarmEnded(uint32_t object, TimestampMs firedAt, bool failed, TimestampMs now);
  void alarmDone(TimestampMs at) { done_.insert(at); }
  void alarmDropped(TimestampMs at) { handled_.insert(at); }

  // The process ended: every instance is gone.
  void restarted();
  // Nothing is under way any more: whatever was promised has happened.
  void settled(uint32_t object, const ModelState& durable);

 private:
  PromiseLimits limits_;
  std::string breach_;
  uint32_t instances_ = 0;
  std::map<uint32_t, uint32_t> instanceOf_;  // by object
  std::set<uint32_t> live_;
  std::set<uint32_t> evicted_;
  std::map<uint64_t, uint32_t> lastDelivered_;             // by object and sender
  std::map<std::pair<uint32_t, Way>, uint32_t> lastLeft_;  // by instance
  std::map<uint32_t, std::vector<Stamp>> durable_;
  std::set<Stamp> never_;  // rolled back by their own transaction
  std::set<Stamp> unconfirmed_;
  std::set<TimestampMs> everDurable_;
  std::set<TimestampMs> replaced_;
  std::set<TimestampMs> told_;
  std::set<TimestampMs> handled_;  // ran, or given up for good
  std::set<TimestampMs> done_;
  std::map<TimestampMs, TimestampMs> failedAt_;
  std::set<TimestampMs> atOnce_;
  std::set<uint32_t> alarmsRunning_;  // by object
};

}  // namespace holdfast::host
