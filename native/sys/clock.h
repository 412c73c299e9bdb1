// Clock: the only way to ask for the time.
//
// Thread: any. Tests drive a ManualClock; the process uses systemClock().
#pragma once

#include "base/ids.h"

namespace holdfast::sys {

class Clock {
 public:
  virtual ~Clock() = default;
  // Wall clock, milliseconds since the Unix epoch; may jump.
  [[nodiscard]] virtual TimestampMs wallNow() const = 0;
  // Never goes backwards; only differences mean something.
  [[nodiscard]] virtual InstantMs steadyNow() const = 0;
};

const Clock& systemClock();

class ManualClock final : public Clock {
 public:
  [[nodiscard]] TimestampMs wallNow() const override { return wall; }
  [[nodiscard]] InstantMs steadyNow() const override { return steady; }

  void advance(int64_t ms) {
    wall += ms;
    steady += ms;
  }

  TimestampMs wall = 1'700'000'000'000;
  InstantMs steady = 0;
};

}  // namespace holdfast::sys
