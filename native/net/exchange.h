// Exchange: one request and its response on an HTTP connection.
//
// Contract: plain state of HttpSession. The host knows it by `handle` until onRequestDone.
// Thread: the connection's. Owner: HttpSession.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "net/output_queue.h"
#include "net/response_head.h"
#include "net/server.h"

namespace holdfast::net {

struct Exchange {
  RequestHandle handle = kNoHandle;  // kNoHandle: the host does not know it, or no longer

  // The request.
  ResponseRequest request;
  bool safe = false;  // RFC 9110 section 9.2.1: may run beside others of its connection
  bool upgrade = false;
  bool bodyDone = false;
  bool expects = false;  // the peer waits for 100 Continue before it sends its body
  uint64_t credit = 0;   // bytes of the body that may still be handed over
  std::string webSocketKey;
  std::string webSocketExtensions;

  // The response.
  bool begun = false;     // its head is queued
  bool complete = false;  // its end is queued
  bool close = false;     // the connection ends after it
  BodyFraming framing = BodyFraming::kNone;
  uint64_t lengthLeft = 0;   // kLength: bytes still promised
  uint64_t queuedBytes = 0;  // streamed and not yet written
  uint64_t leftBytes = 0;    // written since the last onWritable
  std::vector<Output> held;  // outputs, while an earlier response is not complete
};

}  // namespace holdfast::net
