// ActorModel: what one actor may do, told from the contract of core/actor_system.h and written
// without looking at speed. The simulation compares ActorSystem with it after every step; a breach
// is a line of text in `breaches`.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/ids.h"
#include "core/event.h"

namespace holdfast::core {

// The tree of critical sections of one actor, S1.12.
class SectionModel {
 public:
  void open(SectionId id, SectionId parent) {
    parents_[id] = resolve(parent);
    children_[resolve(parent)].push_back(id);
    live_.insert(id);
  }
  void close(SectionId id) {
    live_.erase(id);
    std::vector<SectionId>& siblings = children_[parents_[id]];
    const auto place = siblings.erase(std::find(siblings.begin(), siblings.end(), id));
    siblings.insert(place, children_[id].begin(), children_[id].end());
    for (const SectionId heir : children_[id]) parents_[heir] = parents_[id];
  }
  [[nodiscard]] SectionId resolve(SectionId id) const {
    while (id != 0 && !live_.contains(id)) {
      const auto parent = parents_.find(id);
      id = parent == parents_.end() ? 0 : parent->second;
    }
    return id;
  }
  [[nodiscard]] SectionId innermost() {
    SectionId id = 0;
    while (!children_[id].empty()) id = children_[id].front();
    return id;
  }
  [[nodiscard]] uint32_t depth(SectionId id) const {
    uint32_t depth = 0;
    for (id = resolve(id); id != 0; id = parents_.at(id)) ++depth;
    return depth;
  }
  [[nodiscard]] const std::set<SectionId>& live() const { return live_; }
  [[nodiscard]] bool isLive(SectionId id) const { return live_.contains(id); }

 private:
  std::map<SectionId, SectionId> parents_;
  std::map<SectionId, std::vector<SectionId>> children_;
  std::set<SectionId> live_;
};

struct ActorModel {
  enum class State { kAbsent, kStarting, kRunning, kEvicting };
  struct Waiting {
    uint32_t token = 0;
    SectionId section = 0;
    uint64_t bytes = 0;
  };

  State state = State::kAbsent;
  ActorHandle handle = kNoHandle;
  std::vector<ActorHandle> past;  // stale ones
  std::vector<Waiting> queue;
  SectionModel sections;
  std::vector<SectionId> everOpened;
  uint32_t inFlight = 0;
  uint32_t holds = 0;
  uint32_t pins = 0;
  bool evictQueued = false;
  bool wasIdle = false;
  InstantMs idleSince = 0;
  int64_t lastTurn = -1;

  [[nodiscard]] bool live() const { return state == State::kStarting || state == State::kRunning; }
  [[nodiscard]] bool idle() const {
    return state == State::kRunning && inFlight == 0 && holds == 0 && queue.empty() &&
           sections.live().empty();
  }
  [[nodiscard]] uint64_t bytes() const {
    uint64_t sum = 0;
    for (const Waiting& waiting : queue) sum += waiting.bytes;
    return sum;
  }
  // After each step.
  void note(InstantMs now) {
    if (idle() && !wasIdle) idleSince = now;
    wasIdle = idle();
    if (!idle()) evictQueued = false;
  }
  // The place in the queue of the event that must come next; queue.size(): none may.
  [[nodiscard]] size_t nextPlace() {
    const SectionId innermost = sections.innermost();
    size_t place = 0;
    while (place < queue.size() && sections.resolve(queue[place].section) != innermost) ++place;
    return place;
  }
  [[nodiscard]] bool ready() {
    if (state == State::kAbsent) return !queue.empty();
    return state == State::kRunning && (evictQueued || nextPlace() != queue.size());
  }

  // The delivery is one that the contract allows. Returns what is wrong, or nothing.
  std::string deliver(const Delivery& delivery, int64_t turn) {
    if (delivery.actor != handle) return "delivered to another incarnation";
    if (lastTurn == turn) return "two deliveries to one actor in one turn";
    lastTurn = turn;
    switch (delivery.event.kind) {
      case EventKind::kStart:
        if (state != State::kAbsent) return "a second instance";
        if (queue.empty()) return "started for nothing";
        state = State::kStarting;
        return {};
      case EventKind::kEvict:
        if (!idle()) return "evicted while busy";
        if (!evictQueued) return "evicted too early";
        state = State::kEvicting;
        return {};
      default:
        return deliverEvent(delivery.event);
    }
  }

  // The instance is gone; the queue is what the caller left in it.
  void end(InstantMs now) {
    state = State::kAbsent;
    sections = {};
    everOpened.clear();
    for (Waiting& waiting : queue) waiting.section = 0;
    inFlight = 0;
    holds = 0;
    evictQueued = false;
    note(now);
    past.push_back(handle);
  }

 private:
  std::string deliverEvent(const Event& event) {
    if (state != State::kRunning) return "an event before the instance was there";
    const size_t place = nextPlace();
    if (place == queue.size()) return "an event that the gate should have held";
    if (queue[place].token != event.token) return "an event out of order";
    queue.erase(queue.begin() + static_cast<ptrdiff_t>(place));
    ++inFlight;
    return {};
  }
};

}  // namespace holdfast::core
