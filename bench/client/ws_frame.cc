#include "ws_frame.h"

#include <array>

namespace holdfast::bench {
namespace {

constexpr uint8_t kFin = 0x80;
constexpr uint8_t kMasked = 0x80;
constexpr uint8_t kReservedBits = 0x70;
constexpr uint8_t kLength16 = 126;
constexpr uint8_t kLength64 = 127;
constexpr std::array<uint8_t, 4> kMask = {0x5a, 0xc3, 0x17, 0x9e};

uint8_t byteAt(std::string_view text, size_t at) { return static_cast<uint8_t>(text[at]); }

void appendBigEndian(std::string* out, uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out->push_back(static_cast<char>(value >> static_cast<unsigned>(shift)));
}

bool known(uint8_t opcode) {
  return opcode == 1 || opcode == 2 || opcode == 8 || opcode == 9 || opcode == 10;
}

}  // namespace

std::string maskedFrame(Opcode opcode, std::string_view payload) {
  std::string frame;
  frame.push_back(static_cast<char>(kFin | static_cast<uint8_t>(opcode)));
  if (payload.size() < kLength16) {
    frame.push_back(static_cast<char>(kMasked | payload.size()));
  } else if (payload.size() < 65'536) {
    frame.push_back(static_cast<char>(kMasked | kLength16));
    appendBigEndian(&frame, payload.size(), 2);
  } else {
    frame.push_back(static_cast<char>(kMasked | kLength64));
    appendBigEndian(&frame, payload.size(), 8);
  }
  for (const uint8_t byte : kMask) frame.push_back(static_cast<char>(byte));
  for (size_t i = 0; i < payload.size(); ++i)
    frame.push_back(static_cast<char>(byteAt(payload, i) ^ kMask[i % kMask.size()]));
  return frame;
}

ServerFrame readFrame(std::string_view text) {
  ServerFrame frame;
  if (text.size() < 2) return frame;
  const uint8_t first = byteAt(text, 0);
  const uint8_t second = byteAt(text, 1);
  const uint8_t opcode = first & 0x0fU;
  if ((first & kFin) == 0 || (first & kReservedBits) != 0 || (second & kMasked) != 0 ||
      !known(opcode)) {
    frame.state = ServerFrame::State::kBroken;
    return frame;
  }
  frame.opcode = static_cast<Opcode>(opcode);
  const int lengthBytes = second == kLength64 ? 8 : second == kLength16 ? 2 : 0;
  const size_t headBytes = 2 + static_cast<size_t>(lengthBytes);
  if (text.size() < headBytes) return frame;
  uint64_t length = second;
  if (lengthBytes > 0) {
    length = 0;
    for (size_t i = 2; i < headBytes; ++i) length = length << 8U | byteAt(text, i);
  }
  if (text.size() - headBytes < length) return frame;
  frame.payload = text.substr(headBytes, length);
  frame.bytes = headBytes + length;
  frame.state = ServerFrame::State::kComplete;
  return frame;
}

}  // namespace holdfast::bench
