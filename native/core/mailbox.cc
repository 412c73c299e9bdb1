#include "core/mailbox.h"

#include <utility>

#include "base/check.h"

namespace holdfast::core {

uint32_t EventPool::add(Event event) {
  uint32_t index = free_;
  if (index == kNone) {
    DO_CHECK(nodes_.size() < kNone);
    index = static_cast<uint32_t>(nodes_.size());
    nodes_.emplace_back();
  } else {
    free_ = nodes_[index].next;
  }
  Node& node = nodes_[index];
  node.event = std::move(event);
  node.arrival = arrivals_++;
  node.next = kNone;
  ++size_;
  return index;
}

Event EventPool::remove(uint32_t index) {
  Node& node = nodes_[index];
  Event event = std::move(node.event);
  node.event = Event();
  node.next = free_;
  free_ = index;
  if (--size_ == 0 && nodes_.size() > kPlacesKept) {
    std::vector<Node>().swap(nodes_);
    free_ = kNone;
  }
  return event;
}

void Mailbox::push(EventPool& pool, Event event) {
  bytes_ += event.payload.size();
  ++count_;
  Queue& queue = event.section == 0 ? root_ : sectioned_;
  const uint32_t index = pool.add(std::move(event));
  if (queue.tail == EventPool::kNone) {
    queue.head = index;
  } else {
    pool.at(queue.tail).next = index;
  }
  queue.tail = index;
}

bool Mailbox::hasFor(const EventPool& pool, const InputGate& gate) const {
  if (gate.innermost() == 0) return count_ != 0;
  return findSectioned(pool, gate).index != EventPool::kNone;
}

Event Mailbox::takeFirst(EventPool& pool, const InputGate& gate) {
  // With no section open, every event belongs to the root, those of closed sections too.
  if (gate.innermost() != 0) return take(pool, sectioned_, findSectioned(pool, gate));
  if (rootIsFirst(pool)) return take(pool, root_, {root_.head, EventPool::kNone});
  return take(pool, sectioned_, {sectioned_.head, EventPool::kNone});
}

std::vector<Event> Mailbox::takeAll(EventPool& pool) {
  std::vector<Event> events;
  events.reserve(count_);
  const InputGate noGate;
  while (!empty()) events.push_back(takeFirst(pool, noGate));
  return events;
}

Mailbox::Place Mailbox::findSectioned(const EventPool& pool, const InputGate& gate) const {
  const SectionId innermost = gate.innermost();
  Place place{sectioned_.head, EventPool::kNone};
  while (place.index != EventPool::kNone) {
    const EventPool::Node& node = pool.at(place.index);
    if (gate.resolve(node.event.section) == innermost) break;
    place = {node.next, place.index};
  }
  return place;
}

Event Mailbox::take(EventPool& pool, Queue& queue, Place place) {
  DO_CHECK(place.index != EventPool::kNone, count_);
  const uint32_t next = pool.at(place.index).next;
  if (place.before == EventPool::kNone) {
    queue.head = next;
  } else {
    pool.at(place.before).next = next;
  }
  if (queue.tail == place.index) queue.tail = place.before;
  Event event = pool.remove(place.index);
  bytes_ -= event.payload.size();
  --count_;
  return event;
}

bool Mailbox::rootIsFirst(const EventPool& pool) const {
  if (root_.head == EventPool::kNone) return false;
  if (sectioned_.head == EventPool::kNone) return true;
  return pool.at(root_.head).arrival < pool.at(sectioned_.head).arrival;
}

}  // namespace holdfast::core
