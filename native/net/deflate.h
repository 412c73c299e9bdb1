// MessageCodec: permessage-deflate (RFC 7692) without context takeover, and the UTF-8 check of text
// messages.
//
// Contract: one codec serves every socket of a thread, since each message stands alone. Its tables
// (about 300 KB) are allocated by the first message that needs them. Thread: its owner's. Failure:
// by return value.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace holdfast::net {

[[nodiscard]] bool isValidUtf8(std::string_view text);

class MessageCodec {
 public:
  enum class Inflated : uint8_t { kOk, kCorrupt, kTooBig };

  MessageCodec();
  ~MessageCodec();
  MessageCodec(const MessageCodec&) = delete;
  MessageCodec& operator=(const MessageCodec&) = delete;

  [[nodiscard]] Inflated inflate(std::string_view compressed, uint64_t bytesMax, std::string& out);
  // With a window of 2^`windowBits` bytes, 9 to 15. False when compression would not make the
  // message smaller.
  [[nodiscard]] bool deflate(std::string_view message, uint8_t windowBits, std::string& out);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace holdfast::net
