#include "sys/clock.h"

#include <chrono>

namespace holdfast::sys {
namespace {

class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimestampMs wallNow() const override {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
  [[nodiscard]] InstantMs steadyNow() const override {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }
};

}  // namespace

const Clock& systemClock() {
  static const SystemClock clock;
  return clock;
}

}  // namespace holdfast::sys
