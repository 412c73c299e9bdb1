// Turn: what one call into JavaScript carries (guide, sections 8 and 9).
//
// Thread: the shard's. A Turn is filled by Shard::collect() and encoded by node/turn_codec.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/burst.h"
#include "base/bytes.h"
#include "base/ids.h"
#include "core/actor_system.h"
#include "core/output_gate.h"
#include "host/inbound.h"

namespace holdfast::host {

// The output gate opened for these (in order).
struct GateOpened {
  core::Ticket ticket = 0;
};

// The actor's writes of the last turn are lost: its instance must be broken with this message
// (S2.6.6).
struct CommitFailed {
  ActorHandle actor = kNoHandle;
  std::string message;
};

using TurnEvent = std::variant<net::RequestHead, RequestBody, ResponseWritable, RequestDone,
                               SocketMessage, SocketEnded, FlushFailed, ServerDrained, ServerNotice,
                               core::Delivery, GateOpened, CommitFailed>;

struct Turn {
  std::vector<TurnEvent> events;

  void clear() { clearBurst(events); }
  [[nodiscard]] bool empty() const { return events.empty(); }
};

}  // namespace holdfast::host
