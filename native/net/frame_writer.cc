#include "net/frame_writer.h"

namespace holdfast::net {
namespace {

constexpr size_t kControlBytesMax = 125;
constexpr size_t kReasonBytesMax = 123;
constexpr uint16_t kNoCode = 1005;

}  // namespace

std::string frameHeader(Opcode opcode, uint64_t payloadBytes, Payload payload) {
  std::string header;
  const uint8_t first =
      0x80U | (payload == Payload::kDeflated ? 0x40U : 0U) | static_cast<uint8_t>(opcode);
  header.push_back(static_cast<char>(first));
  int extended = 0;
  if (payloadBytes < 126) {
    header.push_back(static_cast<char>(payloadBytes));
  } else if (payloadBytes < 65'536) {
    header.push_back(126);
    extended = 2;
  } else {
    header.push_back(127);
    extended = 8;
  }
  for (int shift = (extended - 1) * 8; shift >= 0; shift -= 8) {
    header.push_back(static_cast<char>((payloadBytes >> static_cast<unsigned>(shift)) & 0xFFU));
  }
  return header;
}

std::string controlFrame(Opcode opcode, std::string_view payload) {
  payload = payload.substr(0, kControlBytesMax);
  std::string frame = frameHeader(opcode, payload.size());
  frame.append(payload);
  return frame;
}

std::string closeFrame(uint16_t code, std::string_view reason) {
  if (code == kNoCode) return controlFrame(Opcode::kClose, {});
  if (reason.size() > kReasonBytesMax) {
    size_t end = kReasonBytesMax;
    while (end > 0 && (static_cast<uint8_t>(reason[end]) & 0xC0U) == 0x80U) --end;
    reason = reason.substr(0, end);
  }
  std::string payload;
  payload.push_back(static_cast<char>(code >> 8U));
  payload.push_back(static_cast<char>(code & 0xFFU));
  payload.append(reason);
  return controlFrame(Opcode::kClose, payload);
}

}  // namespace holdfast::net
