#include "net/frame_parser.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace holdfast::net {
namespace {

constexpr uint8_t kContinuation = 0x0;
constexpr uint8_t kTextFrame = 0x1;
constexpr uint8_t kBinaryFrame = 0x2;
constexpr uint8_t kCloseFrame = 0x8;
constexpr uint8_t kPingFrame = 0x9;
constexpr uint8_t kPongFrame = 0xA;
constexpr uint8_t kControlBytesMax = 125;
// A message announced as large is not believed until its bytes arrive.
constexpr uint64_t kReserveBytesMax = 65'536;

// Copies `source` to the end of `out`, unmasked. `maskAt` is the position in the frame's payload.
void appendUnmasked(std::string& out, std::string_view source, const std::array<uint8_t, 4>& mask,
                    uint32_t maskAt) {
  const size_t start = out.size();
  out.append(source);
  std::array<uint8_t, 8> rotated{};
  for (uint32_t i = 0; i < 8; ++i) rotated[i] = mask[(maskAt + i) & 3U];
  uint64_t key = 0;
  std::memcpy(&key, rotated.data(), sizeof key);
  char* at = out.data() + start;
  size_t left = source.size();
  for (; left >= 8; left -= 8, at += 8) {
    uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    word ^= key;
    std::memcpy(at, &word, sizeof word);
  }
  for (size_t i = 0; i < left; ++i) {
    at[i] = static_cast<char>(static_cast<uint8_t>(at[i]) ^ rotated[i]);
  }
}

uint8_t headerSize(uint8_t second) {
  const uint8_t length = second & 0x7FU;
  const uint8_t extended = length == 126 ? 2 : length == 127 ? 8 : 0;
  return static_cast<uint8_t>(2 + extended + ((second & 0x80U) != 0 ? 4 : 0));
}

bool mayTravel(uint16_t code) {
  if (code >= 3000 && code <= 4999) return true;
  return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

}  // namespace

bool FrameParser::fail(uint16_t code, const char* text) {
  errorCode_ = code;
  errorText_ = text;
  return false;
}

FrameParser::Event FrameParser::next(std::string_view& input) {
  payload_.clear();
  for (;;) {
    if (!inPayload_) {
      if (!readHeader(input)) return errorCode_ != 0 ? Event::kError : Event::kNeedMore;
      if (!acceptHeader()) return Event::kError;
      inPayload_ = true;
    }
    readPayload(input);
    if (left_ > 0) return Event::kNeedMore;
    inPayload_ = false;
    headerBytes_ = 0;
    const Event event = finishFrame();
    if (event != Event::kNeedMore) return event;
  }
}

// True when the header is complete.
bool FrameParser::readHeader(std::string_view& input) {
  for (;;) {
    const uint8_t need = headerBytes_ < 2 ? 2 : headerSize(header_[1]);
    if (headerBytes_ == need) return true;
    if (input.empty()) return false;
    const size_t take = std::min<size_t>(need - headerBytes_, input.size());
    std::memcpy(header_.data() + headerBytes_, input.data(), take);
    headerBytes_ = static_cast<uint8_t>(headerBytes_ + take);
    input.remove_prefix(take);
    // A header that is wrong in its first two bytes is refused before the rest arrives.
    if (headerBytes_ >= 2 && (header_[1] & 0x80U) == 0) return fail(1002, "frame is not masked");
  }
}

bool FrameParser::acceptHeader() {
  final_ = (header_[0] & 0x80U) != 0;
  opcode_ = header_[0] & 0x0FU;
  const bool rsv1 = (header_[0] & 0x40U) != 0;
  if ((header_[0] & 0x30U) != 0) return fail(1002, "reserved bit set");
  const uint8_t length = header_[1] & 0x7FU;
  left_ = length;
  if (length >= 126) {
    const uint8_t bytes = length == 126 ? 2 : 8;
    left_ = 0;
    for (uint8_t i = 0; i < bytes; ++i) left_ = (left_ << 8U) | header_[2U + i];
    if (left_ < (length == 126 ? 126U : 65'536U)) return fail(1002, "length is not minimal");
    if ((left_ >> 63U) != 0) return fail(1002, "length has its highest bit set");
  }
  std::memcpy(mask_.data(), header_.data() + headerSize(header_[1]) - 4, 4);
  maskAt_ = 0;
  if (isControl()) {
    if (opcode_ > kPongFrame) return fail(1002, "unknown opcode");
    if (!final_) return fail(1002, "control frame is fragmented");
    if (left_ > kControlBytesMax) return fail(1002, "control frame is too long");
    if (rsv1) return fail(1002, "reserved bit set");
    return true;
  }
  if (opcode_ > kBinaryFrame) return fail(1002, "unknown opcode");
  if (opcode_ == kContinuation) {
    if (!inMessage_) return fail(1002, "continuation without a message");
    if (rsv1) return fail(1002, "reserved bit set");
  } else {
    if (inMessage_) return fail(1002, "message inside a message");
    if (rsv1 && compression_ == Compression::kNone) return fail(1002, "reserved bit set");
    inMessage_ = true;
    messageText_ = opcode_ == kTextFrame;
    messageCompressed_ = rsv1;
  }
  if (left_ > messageBytesMax_ - message_.size()) return fail(1009, "message is too big");
  message_.reserve(message_.size() + std::min(left_, kReserveBytesMax));
  return true;
}

void FrameParser::readPayload(std::string_view& input) {
  const size_t take = std::min<uint64_t>(left_, input.size());
  appendUnmasked(isControl() ? control_ : message_, input.substr(0, take), mask_, maskAt_);
  maskAt_ = (maskAt_ + static_cast<uint32_t>(take & 3U)) & 3U;
  left_ -= take;
  input.remove_prefix(take);
}

FrameParser::Event FrameParser::finishFrame() {
  if (isControl()) {
    payload_ = std::exchange(control_, {});
    if (opcode_ == kCloseFrame) return Event::kClose;
    return opcode_ == kPingFrame ? Event::kPing : Event::kPong;
  }
  if (!final_) return Event::kNeedMore;
  inMessage_ = false;
  deliveredCompressed_ = messageCompressed_;
  payload_ = std::exchange(message_, {});
  return messageText_ ? Event::kText : Event::kBinary;
}

ClosePayload parseClosePayload(std::string_view payload) {
  ClosePayload close;
  if (payload.empty()) return close;
  if (payload.size() == 1) {
    close.valid = false;
    return close;
  }
  close.code = static_cast<uint16_t>((static_cast<uint8_t>(payload[0]) << 8U) |
                                     static_cast<uint8_t>(payload[1]));
  close.reason = payload.substr(2);
  close.valid = mayTravel(close.code);
  return close;
}

}  // namespace holdfast::net
