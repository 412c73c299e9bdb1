// Mailbox: the events of one actor that wait, in order of arrival. EventPool: the memory of all
// mailboxes of a shard.
//
// Contract: push() appends; takeFirst() removes the first event that the gate lets pass; order
// among those that may pass is order of arrival (S2.5.7). Root events and events of critical
// sections have a queue each, so that a thousand waiting requests cost nothing while a section
// runs. A mailbox must be empty when it is destroyed: its events live in the pool. Cost: 40 bytes
// when empty; push and takeFirst O(1) but for events of enclosing sections, which are stepped over.
// Thread: the shard's. Allocates on growth of the pool only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/event.h"
#include "core/input_gate.h"

namespace holdfast::core {

class EventPool {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr size_t kPlacesKept = 1'024;  // when none is in use
  struct Node {
    Event event;
    uint64_t arrival = 0;
    uint32_t next = kNone;
  };

  uint32_t add(Event event);
  Event remove(uint32_t index);
  Node& at(uint32_t index) { return nodes_[index]; }
  [[nodiscard]] const Node& at(uint32_t index) const { return nodes_[index]; }
  [[nodiscard]] size_t size() const { return size_; }
  // Places there are: the peak of size(), or fewer once none is in use after a burst.
  [[nodiscard]] size_t capacity() const { return nodes_.size(); }

 private:
  std::vector<Node> nodes_;
  uint32_t free_ = kNone;
  uint64_t arrivals_ = 0;
  size_t size_ = 0;
};

class Mailbox {
 public:
  void push(EventPool& pool, Event event);
  // True when takeFirst() would find one.
  [[nodiscard]] bool hasFor(const EventPool& pool, const InputGate& gate) const;
  // Only when hasFor().
  Event takeFirst(EventPool& pool, const InputGate& gate);
  // Everything, in order of arrival.
  std::vector<Event> takeAll(EventPool& pool);

  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] uint32_t count() const { return count_; }
  [[nodiscard]] uint64_t bytes() const { return bytes_; }

 private:
  struct Queue {
    uint32_t head = EventPool::kNone;
    uint32_t tail = EventPool::kNone;
  };
  // The first event of `sectioned_` that belongs to `section`, and the one before it.
  struct Place {
    uint32_t index = EventPool::kNone;
    uint32_t before = EventPool::kNone;
  };
  [[nodiscard]] Place findSectioned(const EventPool& pool, const InputGate& gate) const;
  Event take(EventPool& pool, Queue& queue, Place place);
  [[nodiscard]] bool rootIsFirst(const EventPool& pool) const;

  Queue root_;
  Queue sectioned_;
  uint32_t count_ = 0;
  uint64_t bytes_ = 0;
};

}  // namespace holdfast::core
