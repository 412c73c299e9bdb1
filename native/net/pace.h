// Pace: how long a peer may take over the bytes that it should send or take.
//
// After a grace (Limits::rateGraceMs) it must have moved, since begin(), as much as the least rate
// asks for. A peer that trickles (a "slow loris") gains little by a byte now and then: the deadline
// moves by the time that byte is worth. Pure: the time is an argument. Thread: its owner's.
#pragma once

#include <algorithm>
#include <cstdint>

#include "net/deadline_queue.h"

namespace holdfast::net {

class Pace {
 public:
  // It is the peer's turn, from now on or still.
  void begin(InstantMs now) {
    if (since_ != kNever) return;
    since_ = now;
    bytes_ = 0;
  }
  void end() { since_ = kNever; }
  void moved(uint64_t bytes) { bytes_ += bytes; }

  // kNever: it is not the peer's turn, or there is no least rate (0 bytes per second).
  [[nodiscard]] InstantMs deadline(uint32_t bytesPerSecondMin, uint32_t graceMs) const {
    if (since_ == kNever || bytesPerSecondMin == 0) return kNever;
    const auto worthMs = static_cast<int64_t>(bytes_ * 1'000 / bytesPerSecondMin);
    return since_ + std::max<int64_t>(graceMs, worthMs);
  }

 private:
  InstantMs since_ = kNever;
  uint64_t bytes_ = 0;
};

}  // namespace holdfast::net
