// RequestParser: HTTP/1.x requests of one connection, one after another (RFC 9112), on Beast's
// parser.
//
// Contract: parseHead() until kHead, then parseBody() until kDone, then reset() for the next
// request. Bytes that were not consumed must be offered again, followed by what came since. What
// two servers could read differently is refused: framing (Content-Length with Transfer-Encoding,
// either of them twice, an encoding other than chunked), lines (head_check.h), what the request is
// addressed to (request_target.h). Trailers are read and dropped. Thread: its
// owner's. Pure: no I/O, no clock. Failure: kFailed, with the status to answer in failureStatus().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "net/server.h"

namespace holdfast::net {

struct ParsedHead {
  std::string method;
  std::string target;
  std::string host;
  std::string headers;  // as RequestHead::headers
  bool http10 = false;
  bool keepAlive = true;
  bool expectContinue = false;
  bool framed = false;            // as RequestHead::framed
  bool upgradeWebSocket = false;  // a valid opening handshake (RFC 6455 section 4.2.1)
  std::string webSocketKey;
  std::string webSocketExtensions;  // all lines, joined by commas
};

class RequestParser {
 public:
  enum class Outcome : uint8_t { kNeedMore, kHead, kFull, kDone, kFailed };
  struct Step {
    size_t consumed = 0;
    Outcome outcome = Outcome::kNeedMore;
  };

  // `limits` outlives the parser.
  explicit RequestParser(const Limits& limits);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  void reset();
  Step parseHead(std::string_view input);
  // Appends to `body` until it gained `room` bytes: then kFull.
  Step parseBody(std::string_view input, size_t room, std::string& body);

  [[nodiscard]] bool begun() const;     // some byte of a request was seen
  [[nodiscard]] bool bodyDone() const;  // head and body are complete
  [[nodiscard]] ParsedHead& head();
  [[nodiscard]] uint16_t failureStatus() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace holdfast::net
