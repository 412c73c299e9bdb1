// Outbox: what a turn sends to the server, taken once per turn.
//
// An output of an actor whose implicit transaction is still open cannot be stamped yet: it is
// marked with the actor and stamped when the turn commits (spec S2.6.2, S2.6.4). Thread: the
// shard's.
#pragma once

#include <unordered_map>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "net/server.h"

namespace holdfast::host {

class Outbox {
 public:
  // `actor`: kNoHandle, or the actor whose uncommitted writes the command depends on.
  void add(net::Command command, ActorHandle actor);

  // The actor's transaction became `lsn`: its marked commands carry it now.
  void stamp(ActorHandle actor, Lsn lsn);
  // The actor's transaction was lost: its marked commands are dropped.
  void drop(ActorHandle actor);

  // Goes behind everything of this turn, whatever is held: what the host has consumed.
  void addLast(net::Command command) { last_.push_back(std::move(command)); }

  // Moves out every command that is stamped or depends on nothing; marked ones stay.
  std::vector<net::Command> take();

 private:
  void takeLast(std::vector<net::Command>& out);

  struct Entry {
    net::Command command;
    ActorHandle actor = kNoHandle;
  };
  std::vector<Entry> entries_;
  std::vector<net::Command> last_;
  std::unordered_map<ActorHandle, size_t> held_;  // marked commands per actor
};

}  // namespace holdfast::host
