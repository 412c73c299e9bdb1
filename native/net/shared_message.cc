#include "net/shared_message.h"

#include <string>

#include "base/check.h"
#include "net/frame_writer.h"

namespace holdfast::net {
namespace {

Bytes frameOf(Opcode opcode, std::string_view payload, Payload kind) {
  std::string frame = frameHeader(opcode, payload.size(), kind);
  frame.append(payload);
  return Bytes(std::move(frame));
}

}  // namespace

const Bytes& SharedMessage::plain() {
  const Opcode opcode = text_ ? Opcode::kText : Opcode::kBinary;
  if (!plain_) plain_ = frameOf(opcode, payload_.view(), Payload::kPlain);
  return *plain_;
}

const Bytes& SharedMessage::deflated(MessageCodec& codec, uint8_t windowBits) {
  DO_CHECK(windowBits < kWindows, windowBits);
  if (payload_.size() < kDeflateBytesMin) return plain();
  std::optional<Bytes>& frame = deflated_[windowBits];
  if (!frame) {
    std::string smaller;
    const Opcode opcode = text_ ? Opcode::kText : Opcode::kBinary;
    frame = codec.deflate(payload_.view(), windowBits, smaller)
                ? frameOf(opcode, smaller, Payload::kDeflated)
                : plain();
  }
  return *frame;
}

}  // namespace holdfast::net
