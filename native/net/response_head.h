// The head of a response (RFC 9112 sections 4 to 6): status line, the application's fields,
// framing, Connection, Date.
//
// Contract: the server alone decides framing. Of the application's fields, Transfer-Encoding and
// Connection never pass (Connection: close is obeyed); Content-Length passes where it says
// something the server does not know better. Thread: any; pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::net {

enum class BodyFraming : uint8_t {
  kNone,    // nothing follows the head, whatever it says (HEAD, 1xx, 204, 304)
  kLength,  // exactly Content-Length bytes
  kChunked,
  kUntilClose,  // HTTP/1.0 without a length
};

struct ResponseRequest {  // what the request allows
  bool http10 = false;
  bool head = false;
  bool keepAlive = true;  // the connection may stay open after this response
};

struct ResponseHead {
  std::string text;
  BodyFraming framing = BodyFraming::kNone;
  uint64_t length = 0;  // kLength
  bool close = false;   // the connection ends after this response
};

// `bodyBytes`: length of the whole body, or none when it is streamed. `headers`: "Name:
// value\r\n"*, valid. `date`: value of the Date field. `reason`: after the status; empty: its usual
// phrase.
[[nodiscard]] ResponseHead writeResponseHead(const ResponseRequest& request, uint16_t status,
                                             std::string_view headers,
                                             std::optional<uint64_t> bodyBytes,
                                             std::string_view date, std::string_view reason = {});

// A complete answer of the server's own; the connection ends after it. `isHead`: the head alone
// (RFC 9110, 9.3.2).
[[nodiscard]] std::string writeErrorResponse(uint16_t status, std::string_view date, bool isHead);

// As workerd writes it: a status without a phrase of its own has its class's; "" beyond 200 to 599.
[[nodiscard]] std::string_view reasonPhrase(uint16_t status);

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7).
[[nodiscard]] std::string formatHttpDate(int64_t unixSeconds);

}  // namespace holdfast::net
