// FrameParser: WebSocket frames of a client (RFC 6455 section 5) turned into messages and control
// frames.
//
// Contract: feed it bytes in any pieces; next() takes from the front of `input` until one event is
// complete or the input is used up. Fragments are joined; control frames between fragments come out
// as they arrive. Payloads are unmasked, not inflated and not checked for UTF-8: those need the
// whole message and belong to the caller. Idle it holds no heap memory. Thread: its owner's. Pure:
// no I/O, no clock. Failure: kError, with the close code of section 7.4.1 in errorCode(); the
// parser must not be used after it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace holdfast::net {

enum class Compression : uint8_t { kNone, kDeflate };  // negotiated for the connection (RFC 7692)

class FrameParser {
 public:
  enum class Event : uint8_t { kNeedMore, kText, kBinary, kPing, kPong, kClose, kError };

  // `messageBytesMax`: bytes of one message as they travel; more is an error with code 1009.
  FrameParser(uint64_t messageBytesMax, Compression compression)
      : messageBytesMax_(messageBytesMax), compression_(compression) {}

  Event next(std::string_view& input);

  // The payload of the event just returned. Valid until the next call of next().
  [[nodiscard]] std::string takePayload() { return std::move(payload_); }
  // The message just returned has the RSV1 bit: it must be inflated.
  [[nodiscard]] bool compressed() const { return deliveredCompressed_; }
  [[nodiscard]] uint16_t errorCode() const { return errorCode_; }
  [[nodiscard]] const char* errorText() const { return errorText_; }

 private:
  bool readHeader(std::string_view& input);
  bool acceptHeader();
  void readPayload(std::string_view& input);
  Event finishFrame();
  bool fail(uint16_t code, const char* text);

  [[nodiscard]] bool isControl() const { return (opcode_ & 0x8U) != 0; }

  const uint64_t messageBytesMax_;
  const Compression compression_;

  std::array<uint8_t, 14> header_{};
  uint8_t headerBytes_ = 0;  // of header_, so far
  bool inPayload_ = false;

  // The frame being read.
  uint8_t opcode_ = 0;
  bool final_ = false;
  uint64_t left_ = 0;
  std::array<uint8_t, 4> mask_{};
  uint32_t maskAt_ = 0;
  std::string control_;

  // The message being read.
  bool inMessage_ = false;
  bool messageText_ = false;
  bool messageCompressed_ = false;
  std::string message_;

  std::string payload_;
  bool deliveredCompressed_ = false;
  uint16_t errorCode_ = 0;
  const char* errorText_ = "";
};

// The body of a Close frame.
struct ClosePayload {
  uint16_t code = 1005;  // 1005: the frame had no body
  std::string reason;    // bytes as sent; the caller checks UTF-8
  bool valid = true;     // false: one byte only, or a code that may not travel (section 7.4)
};
[[nodiscard]] ClosePayload parseClosePayload(std::string_view payload);

}  // namespace holdfast::net
