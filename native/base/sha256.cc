#include "base/sha256.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>

namespace holdfast {

namespace {

constexpr size_t kBlockSize = 64;

// FIPS 180-4, section 4.2.2: the fractional parts of the cube roots of the first 64 primes.
constexpr std::array<uint32_t, 64> kRound = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// The hash of one message, fed in pieces.
class Sha256 {
 public:
  Sha256() = default;
  // Goes on after `blocks` blocks that left `state`.
  Sha256(const Sha256State& state, uint64_t blocks) : state_(state), length_(blocks * kBlockSize) {}

  // After whole blocks.
  [[nodiscard]] const Sha256State& state() const { return state_; }

  void update(std::string_view piece) {
    length_ += piece.size();
    while (!piece.empty()) {
      const size_t taken = std::min(piece.size(), kBlockSize - filled_);
      std::memcpy(block_.data() + filled_, piece.data(), taken);
      piece.remove_prefix(taken);
      filled_ += taken;
      if (filled_ == kBlockSize) {
        compress();
        filled_ = 0;
      }
    }
  }

  // Section 5.1.1: a one bit, zeros, and the length in bits as 64 bits.
  Sha256Digest finish() {
    const uint64_t bits = length_ * 8;
    block_[filled_++] = 0x80;
    if (filled_ > kBlockSize - 8) {
      std::fill(block_.begin() + static_cast<ptrdiff_t>(filled_), block_.end(), uint8_t{0});
      compress();
      filled_ = 0;
    }
    std::fill(block_.begin() + static_cast<ptrdiff_t>(filled_), block_.end(), uint8_t{0});
    for (size_t i = 0; i < 8; ++i) {
      block_[kBlockSize - 1 - i] = static_cast<uint8_t>(bits >> (8 * i));
    }
    compress();
    Sha256Digest digest;
    for (size_t i = 0; i < digest.size(); ++i) {
      digest[i] = static_cast<uint8_t>(state_[i / 4] >> (24 - 8 * (i % 4)));
    }
    return digest;
  }

 private:
  // Section 6.2.2, with its names.
  void compress() {
    std::array<uint32_t, 64> w;
    for (size_t t = 0; t < 16; ++t) {
      w[t] = static_cast<uint32_t>(block_[4 * t]) << 24U |
             static_cast<uint32_t>(block_[4 * t + 1]) << 16U |
             static_cast<uint32_t>(block_[4 * t + 2]) << 8U | block_[4 * t + 3];
    }
    for (size_t t = 16; t < 64; ++t) {
      const uint32_t s0 = std::rotr(w[t - 15], 7) ^ std::rotr(w[t - 15], 18) ^ (w[t - 15] >> 3U);
      const uint32_t s1 = std::rotr(w[t - 2], 17) ^ std::rotr(w[t - 2], 19) ^ (w[t - 2] >> 10U);
      w[t] = w[t - 16] + s0 + w[t - 7] + s1;
    }
    auto [a, b, c, d, e, f, g, h] = state_;
    for (size_t t = 0; t < 64; ++t) {
      const uint32_t sum1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
      const uint32_t choice = (e & f) ^ (~e & g);
      const uint32_t t1 = h + sum1 + choice + kRound[t] + w[t];
      const uint32_t sum0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
      const uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
      const uint32_t t2 = sum0 + majority;
      h = g;
      g = f;
      f = e;
      e = d + t1;
      d = c;
      c = b;
      b = a;
      a = t1 + t2;
    }
    const Sha256State round = {a, b, c, d, e, f, g, h};
    for (size_t i = 0; i < state_.size(); ++i) state_[i] += round[i];
  }

  // Section 5.3.3.
  Sha256State state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<uint8_t, kBlockSize> block_{};
  size_t filled_ = 0;
  uint64_t length_ = 0;
};

}  // namespace

Sha256Digest sha256(std::string_view message) {
  Sha256 hash;
  hash.update(message);
  return hash.finish();
}

Sha256Digest hmacSha256(std::string_view key, std::string_view message) {
  return HmacSha256(key).of(message);
}

HmacSha256::HmacSha256(std::string_view key) {
  Sha256Digest hashedKey;
  if (key.size() > kBlockSize) {
    hashedKey = sha256(key);
    key = viewOf(hashedKey);
  }
  std::array<uint8_t, kBlockSize> inner;
  std::array<uint8_t, kBlockSize> outer;
  for (size_t i = 0; i < kBlockSize; ++i) {
    const uint8_t byte = i < key.size() ? static_cast<uint8_t>(key[i]) : 0;
    inner[i] = byte ^ 0x36U;
    outer[i] = byte ^ 0x5cU;
  }
  Sha256 innerHash;
  innerHash.update(viewOf(inner));
  inner_ = innerHash.state();
  Sha256 outerHash;
  outerHash.update(viewOf(outer));
  outer_ = outerHash.state();
}

Sha256Digest HmacSha256::of(std::string_view message) const {
  Sha256 innerHash(inner_, 1);
  innerHash.update(message);
  const Sha256Digest innerDigest = innerHash.finish();
  Sha256 outerHash(outer_, 1);
  outerHash.update(viewOf(innerDigest));
  return outerHash.finish();
}

}  // namespace holdfast
