// Numbers as the formats on disk hold them: fixed ones little endian, small ones as varints
// (unsigned LEB128: seven bits a byte, lowest first, the top bit says that another byte follows).
//
// Contract: put...() appends. A number has one varint only, the shortest; ByteReader refuses
// longer ones, so whatever reads well is written back to the same bytes. Thread: values; any.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace holdfast {

inline constexpr size_t kVarintBytesMax = 10;

// Writes `value` at `to`, where there is room for sizeof(value) bytes.
template <typename Unsigned>
void storeFixed(char* to, Unsigned value) {
  for (size_t i = 0; i < sizeof value; i++) to[i] = static_cast<char>(value >> (8 * i));
}

// Reads what storeFixed() wrote.
template <typename Unsigned>
Unsigned loadFixed(const char* from) {
  Unsigned value = 0;
  for (size_t i = 0; i < sizeof value; i++) {
    value |= static_cast<Unsigned>(static_cast<uint8_t>(from[i])) << (8 * i);
  }
  return value;
}

inline void putFixed32(std::string& out, uint32_t value) {
  std::array<char, sizeof value> bytes{};
  storeFixed(bytes.data(), value);
  out.append(bytes.data(), bytes.size());
}

inline void putFixed64(std::string& out, uint64_t value) {
  std::array<char, sizeof value> bytes{};
  storeFixed(bytes.data(), value);
  out.append(bytes.data(), bytes.size());
}

inline void putVarint(std::string& out, uint64_t value) {
  std::array<char, kVarintBytesMax> bytes{};
  size_t count = 0;
  for (; value >= 0x80; value >>= 7U) bytes[count++] = static_cast<char>(value | 0x80U);
  bytes[count++] = static_cast<char>(value);
  out.append(bytes.data(), count);
}

// Reads numbers from the front of bytes that may hold anything. The first thing that is not there
// or not well formed makes ok() false for good; from then on every read gives zero or nothing.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool atEnd() const { return rest_.empty(); }
  [[nodiscard]] std::string_view rest() const { return rest_; }

  std::string_view bytes(uint64_t count) {
    if (count > rest_.size()) return fail(), std::string_view();
    const std::string_view taken = rest_.substr(0, static_cast<size_t>(count));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  uint8_t byte() {
    const std::string_view one = bytes(1);
    return one.empty() ? 0 : static_cast<uint8_t>(one[0]);
  }

  uint64_t varint64() {
    uint64_t value = 0;
    for (size_t i = 0; i < kVarintBytesMax && i < rest_.size(); i++) {
      const auto byte = static_cast<uint8_t>(rest_[i]);
      const bool overflows = i == kVarintBytesMax - 1 && byte > 1;
      const bool padded = i > 0 && byte == 0;
      if (overflows || padded) break;
      value |= static_cast<uint64_t>(byte & 0x7FU) << (7 * i);
      if (byte < 0x80) return rest_.remove_prefix(i + 1), value;
    }
    fail();
    return 0;
  }

  uint32_t varint32() {
    const uint64_t value = varint64();
    if (value > std::numeric_limits<uint32_t>::max()) return fail(), 0;
    return static_cast<uint32_t>(value);
  }

 private:
  void fail() {
    ok_ = false;
    rest_ = {};
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace holdfast
