#include "host/outbox.h"

#include <utility>

#include "base/burst.h"

namespace holdfast::host {

void Outbox::add(net::Command command, ActorHandle actor) {
  if (actor != kNoHandle) ++held_[actor];
  entries_.push_back({std::move(command), actor});
}

void Outbox::stamp(ActorHandle actor, Lsn lsn) {
  if (held_.erase(actor) == 0) return;
  for (Entry& entry : entries_) {
    if (entry.actor != actor) continue;
    entry.actor = kNoHandle;
    if (entry.command.after < lsn) entry.command.after = lsn;
  }
}

void Outbox::drop(ActorHandle actor) {
  if (held_.erase(actor) == 0) return;
  std::erase_if(entries_, [actor](const Entry& entry) { return entry.actor == actor; });
}

std::vector<net::Command> Outbox::take() {
  std::vector<net::Command> out;
  out.reserve(entries_.size());
  if (held_.empty()) {
    for (Entry& entry : entries_) out.push_back(std::move(entry.command));
    clearBurst(entries_);
    takeLast(out);
    return out;
  }
  std::vector<Entry> kept;
  for (Entry& entry : entries_) {
    if (entry.actor == kNoHandle) {
      out.push_back(std::move(entry.command));
    } else {
      kept.push_back(std::move(entry));
    }
  }
  entries_ = std::move(kept);
  takeLast(out);
  return out;
}

void Outbox::takeLast(std::vector<net::Command>& out) {
  for (net::Command& command : last_) out.push_back(std::move(command));
  clearBurst(last_);
}

}  // namespace holdfast::host
