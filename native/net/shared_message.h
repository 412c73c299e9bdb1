// SharedMessage: one message on its way to many sockets: encoded once, the frame is shared.
//
// Contract: plain() and deflated() are whole frames (frame_writer.h), made at the first call and
// the same bytes at each later one. Sockets that negotiated compression share a frame for each
// window size that they asked for. Thread: its owner's.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "net/deflate.h"

namespace holdfast::net {

// Shorter messages are sent as they are.
constexpr size_t kDeflateBytesMin = 256;

class SharedMessage {
 public:
  SharedMessage(Bytes payload, bool text) : payload_(std::move(payload)), text_(text) {}

  const Bytes& plain();
  // plain() when compression would gain nothing. `windowBits`: 8 to 15.
  const Bytes& deflated(MessageCodec& codec, uint8_t windowBits);

 private:
  static constexpr size_t kWindows = 16;

  const Bytes payload_;
  const bool text_;
  std::optional<Bytes> plain_;
  std::array<std::optional<Bytes>, kWindows> deflated_;  // by window bits
};

}  // namespace holdfast::net
