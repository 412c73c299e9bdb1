// diffPage: which bytes of a page changed, as few ranges as are worth it.
//
// Contract: calls `add(offset, length)` in ascending order for runs that together cover every byte
// in which `after` differs from `before`; equal bytes between two changes are included when a range
// of their own would cost more in the log. `before` null: a page of zeros. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace holdfast::storage {

// What one more range costs in a record, about (docs/formats/commit-log.md).
constexpr size_t kRangeOverheadBytes = 4;

template <typename Add>
void diffPage(const char* before, const char* after, size_t bytes, Add&& add) {
  constexpr size_t kBlock = 64;
  static constexpr char kZeros[kBlock] = {};
  const auto same = [before, after](size_t at) {
    return (before == nullptr ? 0 : before[at]) == after[at];
  };
  size_t start = 0;
  size_t end = 0;  // of the open run; 0: there is none
  for (size_t block = 0; block < bytes; block += kBlock) {
    const char* old = before == nullptr ? kZeros : before + block;
    if (std::memcmp(old, after + block, kBlock) == 0) continue;
    for (size_t at = block; at < block + kBlock; ++at) {
      if (same(at)) continue;
      if (end != 0 && at - end <= kRangeOverheadBytes) {
        end = at + 1;
        continue;
      }
      if (end != 0) add(start, end - start);
      start = at;
      end = at + 1;
    }
  }
  if (end != 0) add(start, end - start);
}

}  // namespace holdfast::storage
