// Frame headers and control frames a server sends (RFC 6455 section 5): unmasked, never fragmented.
//
// Contract: a data frame is its header followed by the payload as it is, so a broadcast message is
// shared by every socket and only the header (at most ten bytes, inside the string object) is made
// for each. Thread: any; pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace holdfast::net {

enum class Opcode : uint8_t { kText = 0x1, kBinary = 0x2, kClose = 0x8, kPing = 0x9, kPong = 0xA };
enum class Payload : uint8_t { kPlain, kDeflated };  // kDeflated sets RSV1 (RFC 7692)

[[nodiscard]] std::string frameHeader(Opcode opcode, uint64_t payloadBytes,
                                      Payload payload = Payload::kPlain);

// A whole control frame; `payload` is cut at 125 bytes.
[[nodiscard]] std::string controlFrame(Opcode opcode, std::string_view payload);

// A whole Close frame. Code 1005: without a body. `reason` is cut at 123 bytes, at a character's
// end.
[[nodiscard]] std::string closeFrame(uint16_t code, std::string_view reason);

}  // namespace holdfast::net
