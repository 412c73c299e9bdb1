// WebSocket frames as a client writes and reads them (RFC 6455 section 5). Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace holdfast::bench {

enum class Opcode : uint8_t { kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10 };

// A whole frame with FIN, masked with a fixed key, so that the server has to unmask but the client
// pays once.
std::string maskedFrame(Opcode opcode, std::string_view payload);

struct ServerFrame {
  enum class State : uint8_t { kIncomplete, kComplete, kBroken };
  State state = State::kIncomplete;
  Opcode opcode = Opcode::kText;
  std::string_view payload;  // into the text given
  size_t bytes = 0;          // of the whole frame
};

// The frame at the start of `text`. Fragments, masks and extensions count as broken.
ServerFrame readFrame(std::string_view text);

}  // namespace holdfast::bench
