// What other threads tell a shard: values in its BatchQueue (guide, section 7).
#pragma once

#include <string>
#include <variant>

#include "base/bytes.h"
#include "base/ids.h"
#include "net/server.h"
#include "storage/engine.h"

namespace holdfast::host {

struct RequestBody {
  RequestHandle request = kNoHandle;
  Bytes chunk;
  bool last = false;
  bool failed = false;
};

struct ResponseWritable {
  RequestHandle request = kNoHandle;
  uint64_t bytes = 0;
};

struct RequestDone {
  RequestHandle request = kNoHandle;
  bool complete = false;
};

struct SocketMessage {
  SocketHandle socket = kNoHandle;
  Bytes message;
  bool text = false;
};

struct SocketEnded {
  SocketHandle socket = kNoHandle;
  net::SocketEnd end;
  bool last = false;  // false: the peer asked to close; true: nothing more comes
};

struct DurableReached {
  Lsn lsn = 0;
};

struct FlushFailed {
  std::string message;
};

// The engine's answer to a request for alarms.
struct AlarmsRead {
  storage::AlarmPage page;
};

struct ServerDrained {};

// For whoever runs the server.
struct ServerNotice {
  std::string text;
};

using Inbound =
    std::variant<net::RequestHead, RequestBody, ResponseWritable, RequestDone, SocketMessage,
                 SocketEnded, DurableReached, FlushFailed, AlarmsRead, ServerDrained, ServerNotice>;

}  // namespace holdfast::host
