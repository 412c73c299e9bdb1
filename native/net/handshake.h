// The server's half of the WebSocket opening handshake (RFC 6455 section 4.2.2, RFC 7692 section
// 7).
//
// Contract: pure text in, text out. permessage-deflate is accepted without context takeover in
// either direction: each message stands alone, so one compressor serves every socket of a thread
// and an idle socket holds none. Thread: any.
#pragma once

#include <string>
#include <string_view>

namespace holdfast::net {

// Sec-WebSocket-Accept for Sec-WebSocket-Key.
[[nodiscard]] std::string webSocketAccept(std::string_view key);

// The value of Sec-WebSocket-Extensions to answer an offer with; empty when no offered
// permessage-deflate can be taken.
[[nodiscard]] std::string acceptDeflate(std::string_view offers);

}  // namespace holdfast::net
