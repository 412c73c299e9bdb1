// SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104), for deriving ids (spec S1.3). Why our own:
// docs/decisions/0004-sha256.md.
//
// Contract: pure functions over whole inputs. Not hardened against timing; ids are no secrets.
// Thread: any. Never fails.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace holdfast {

using Sha256Digest = std::array<uint8_t, 32>;

Sha256Digest sha256(std::string_view message);
Sha256Digest hmacSha256(std::string_view key, std::string_view message);

// The state of a hash after whole blocks.
using Sha256State = std::array<uint32_t, 8>;

// hmacSha256() of one key and many messages: the key's two blocks are hashed once.
class HmacSha256 {
 public:
  HmacSha256() = default;  // of no key: to be assigned
  explicit HmacSha256(std::string_view key);

  [[nodiscard]] Sha256Digest of(std::string_view message) const;

 private:
  Sha256State inner_{};
  Sha256State outer_{};
};

// A digest or an id as input.
template <size_t kSize>
std::string_view viewOf(const std::array<uint8_t, kSize>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), kSize};
}

}  // namespace holdfast
