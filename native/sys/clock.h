// Clock: the only way to ask for the time.
//
// Thread: any. Tests drive a ManualClock; the process uses systemClock(); whoever tests a program
// on Holdfast holds a HeldClock.
#pragma once

#include <algorithm>

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

// The system's clock until hold(); then it stands still but for move() and setWall(). After
// release() it is the system's again, and steadyNow() goes on from where it was. Thread: one.
class HeldClock final : public Clock {
 public:
  [[nodiscard]] TimestampMs wallNow() const override {
    return held_ ? wall_ : systemClock().wallNow();
  }
  [[nodiscard]] InstantMs steadyNow() const override {
    return held_ ? steady_ : systemClock().steadyNow() + ahead_;
  }
  [[nodiscard]] bool isHeld() const { return held_; }

  void hold(TimestampMs wall) {
    steady_ = steadyNow();
    wall_ = wall;
    held_ = true;
  }
  void move(int64_t ms) {
    wall_ += ms;
    steady_ += ms;
  }
  void setWall(TimestampMs wall) { wall_ = wall; }
  void release() {
    if (held_) ahead_ = std::max(ahead_, steady_ - systemClock().steadyNow());
    held_ = false;
  }

 private:
  bool held_ = false;
  TimestampMs wall_ = 0;
  InstantMs steady_ = 0;
  int64_t ahead_ = 0;  // of the system's
};

}  // namespace holdfast::sys
