#include "core/output_gate.h"

#include <algorithm>

namespace holdfast::core {

Ticket OutputGate::wait(ActorHandle actor, bool uncommitted, Lsn lastLsn) {
  if (uncommitted) {
    const Ticket ticket = next_++;
    unbound_[actor].push_back(ticket);
    return ticket;
  }
  if (lastLsn <= durable_) return 0;
  const Ticket ticket = next_++;
  bind({lastLsn, ticket, actor});
  return ticket;
}

void OutputGate::bind(const Bound& entry) {
  // Almost always the newest commit: the search starts at the back.
  auto place = bound_.end();
  while (place != bound_.begin() && std::prev(place)->lsn > entry.lsn) --place;
  bound_.insert(place, entry);
}

void OutputGate::committed(ActorHandle actor, Lsn lsn) {
  const auto waiting = unbound_.find(actor);
  if (waiting == unbound_.end()) return;
  for (const Ticket ticket : waiting->second) bind({lsn, ticket, actor});
  unbound_.erase(waiting);
}

void OutputGate::durable(Lsn lsn, std::vector<Ticket>& opened) {
  durable_ = std::max(durable_, lsn);
  while (!bound_.empty() && bound_.front().lsn <= durable_) {
    opened.push_back(bound_.front().ticket);
    bound_.pop_front();
  }
}

void OutputGate::gone(ActorHandle actor) { unbound_.erase(actor); }

std::optional<Ticket> OutputGate::firstUncommitted(ActorHandle actor) const {
  const auto waiting = unbound_.find(actor);
  if (waiting == unbound_.end()) return std::nullopt;
  return waiting->second.front();
}

void OutputGate::failed(ActorHandle actor) {
  unbound_.erase(actor);
  std::erase_if(bound_, [actor](const Bound& entry) { return entry.actor == actor; });
}

size_t OutputGate::waiting() const {
  size_t count = bound_.size();
  for (const auto& [actor, tickets] : unbound_) count += tickets.size();
  return count;
}

}  // namespace holdfast::core
