// Time as the client measures it: nanoseconds of the monotonic clock. Any thread; cannot fail.
#pragma once

#include <ctime>

#include <cstdint>

namespace holdfast::bench {

using Nanoseconds = int64_t;

constexpr Nanoseconds kSecond = 1'000'000'000;

constexpr Nanoseconds nanosecondsOf(double seconds) {
  return static_cast<Nanoseconds>(seconds * static_cast<double>(kSecond));
}

inline Nanoseconds monotonicNow() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<Nanoseconds>(time.tv_sec) * kSecond + time.tv_nsec;
}

}  // namespace holdfast::bench
