// Event: what is waiting to run in an actor. Delivery: an event whose turn has come.
//
// Contract: plain values; JavaScript's side of an event is found by its token or its socket.
// Thread: values; any thread.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/ids.h"

namespace holdfast::core {

enum class EventKind : uint8_t {
  kStart,          // construct the instance; token = its namespace
  kCall,           // fetch or RPC; token = the caller's number for it
  kAlarm,          // token = retry count, at = scheduled time
  kSocketMessage,  // socket, payload, text
  kSocketClose,    // socket, code, reason in payload, clean, finished
  kSocketError,    // socket, message in payload
  kTask,   // a continuation or test hook that must run in the actor's turn; token = its number
  kEvict,  // drop the instance (idle)
};

// A critical section of one actor. 0 = none. Never used again for the same record.
using SectionId = uint32_t;

struct Event {
  EventKind kind = EventKind::kCall;
  bool text = false;
  bool clean = false;
  bool finished = false;
  uint16_t code = 0;
  uint32_t token = 0;
  SectionId section = 0;  // the critical section it belongs to
  SocketHandle socket = kNoHandle;
  TimestampMs at = 0;
  Bytes payload;
};

struct Delivery {
  ActorHandle actor = kNoHandle;
  Event event;
};

}  // namespace holdfast::core
