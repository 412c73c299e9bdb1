// OutputGate: which of one shard's outputs wait for which commit (spec S2.6).
//
// An output that JavaScript itself must hold back (an RPC result, a Response for a caller in this
// process, an outgoing fetch) takes a ticket: wait() says whether it must wait at all. The ticket
// is bound to an Lsn when the actor's turn commits and opens when that Lsn is durable. Outputs of
// one actor open in the order in which they asked (S2.6.4). A commit that fails takes its waiting
// tickets with it: failed() drops them and the caller rejects what they held (S2.6.6).
//
// Thread: the shard's. Pure: no clock, no I/O.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/ids.h"

namespace holdfast::core {

using Ticket = uint64_t;  // 0: need not wait

class OutputGate {
 public:
  // `uncommitted`: the actor has written in a transaction that is still open. `lastLsn`: its last
  // commit.
  Ticket wait(ActorHandle actor, bool uncommitted, Lsn lastLsn);
  // The actor's open transaction became `lsn` (0: it held no change, what waited for it waits for
  // `lastLsn`).
  void committed(ActorHandle actor, Lsn lsn);
  // Everything up to `lsn` is durable: appends the tickets that open, in order.
  void durable(Lsn lsn, std::vector<Ticket>& opened);
  // The actor's writes are lost: its tickets never open.
  void failed(ActorHandle actor);
  // The actor is gone, and with it what it had not committed. Its other tickets open still.
  void gone(ActorHandle actor);
  // The first ticket of the actor that gone() would keep from opening, and those after it.
  [[nodiscard]] std::optional<Ticket> firstUncommitted(ActorHandle actor) const;

  [[nodiscard]] Lsn durableLsn() const { return durable_; }
  // Tickets that have not opened. Linear in the actors with an open transaction.
  [[nodiscard]] size_t waiting() const;

 private:
  struct Bound {
    Lsn lsn = 0;
    Ticket ticket = 0;
    ActorHandle actor = kNoHandle;
  };
  void bind(const Bound& entry);

  Ticket next_ = 1;
  Lsn durable_ = 0;
  std::deque<Bound> bound_;  // ascending lsn
  std::unordered_map<ActorHandle, std::vector<Ticket>> unbound_;
};

}  // namespace holdfast::core
