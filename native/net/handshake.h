// The server's half of the WebSocket opening handshake (RFC 6455 section 4.2.2, RFC 7692 section
// 7).
//
// Contract: pure text in, text out. permessage-deflate is accepted without context takeover in
// either direction: each message stands alone, so one compressor serves every socket of a thread
// and an idle socket holds none. An offer is taken when each of its parameters is one that RFC 7692
// section 7.1 knows, at most once and with a value it allows; a window of 8 bits for us is
// passed over, for zlib cannot make one. Thread: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::net {

// Whether it is one: 16 bytes in base64.
[[nodiscard]] bool isWebSocketKey(std::string_view key);

// Sec-WebSocket-Accept for Sec-WebSocket-Key.
[[nodiscard]] std::string webSocketAccept(std::string_view key);

struct DeflateTerms {
  std::string answer;             // the value of Sec-WebSocket-Extensions
  uint8_t serverWindowBits = 15;  // of what we compress
};

// The first permessage-deflate of the client's Sec-WebSocket-Extensions that can be taken.
[[nodiscard]] std::optional<DeflateTerms> acceptDeflate(std::string_view offers);

// Of the fields ("Name: value\r\n"*) that the application gives with its 101, those that pass. What
// the handshake and the connection need is ours to say; a Response of another host that is passed
// on has what that host said to us.
[[nodiscard]] std::string handshakeFields(std::string_view fields);

}  // namespace holdfast::net
