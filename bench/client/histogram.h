// Histogram: latencies in buckets 1/64 of a power of two wide, so a percentile is at most 1.6 % too
// high. Fixed size, no allocation while measuring. One thread; cannot fail.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace holdfast::bench {

class Histogram {
 public:
  void add(uint64_t value) {
    ++counts_[indexOf(value)];
    ++total_;
    max_ = std::max(max_, value);
  }

  // The smallest bucket end that `fraction` (0 to 1) of the values do not exceed; 0 when empty.
  [[nodiscard]] uint64_t percentile(double fraction) const {
    uint64_t remaining = static_cast<uint64_t>(static_cast<double>(total_) * fraction);
    for (size_t index = 0; index < counts_.size(); ++index) {
      if (counts_[index] > remaining) return std::min(endOf(index), max_);
      remaining -= counts_[index];
    }
    return max_;
  }

  [[nodiscard]] uint64_t total() const { return total_; }
  [[nodiscard]] uint64_t max() const { return max_; }

 private:
  static constexpr size_t kBits = 6;
  static constexpr size_t kPerPower = size_t{1} << kBits;

  static size_t indexOf(uint64_t value) {
    if (value < kPerPower) return value;
    const size_t shift = static_cast<size_t>(std::bit_width(value)) - kBits - 1;
    return (shift + 1) * kPerPower + ((value >> shift) - kPerPower);
  }
  static uint64_t endOf(size_t index) {
    if (index < kPerPower) return index;
    const size_t shift = index / kPerPower - 1;
    return ((kPerPower + index % kPerPower + 1) << shift) - 1;
  }

  std::array<uint64_t, (64 - kBits + 1) * kPerPower> counts_{};
  uint64_t total_ = 0;
  uint64_t max_ = 0;
};

}  // namespace holdfast::bench
