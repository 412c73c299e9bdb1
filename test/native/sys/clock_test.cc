#include "sys/clock.h"

#include <gtest/gtest.h>

namespace holdfast::sys {
namespace {

TEST(HeldClockTest, IsTheSystemsUntilItIsHeld) {
  const HeldClock clock;
  const InstantMs before = systemClock().steadyNow();
  EXPECT_GE(clock.steadyNow(), before);
  EXPECT_FALSE(clock.isHeld());
}

TEST(HeldClockTest, StandsStillButForItsMoves) {
  HeldClock clock;
  clock.hold(1'000);
  const InstantMs start = clock.steadyNow();
  EXPECT_EQ(clock.wallNow(), 1'000);
  clock.move(25);
  EXPECT_EQ(clock.wallNow(), 1'025);
  EXPECT_EQ(clock.steadyNow(), start + 25);
  clock.setWall(5);
  EXPECT_EQ(clock.wallNow(), 5);
  EXPECT_EQ(clock.steadyNow(), start + 25);
}

TEST(HeldClockTest, NeverGoesBackWhenItIsReleased) {
  HeldClock clock;
  clock.hold(1'000);
  clock.move(3'600'000);
  const InstantMs held = clock.steadyNow();
  clock.release();
  EXPECT_GE(clock.steadyNow(), held);
  EXPECT_GT(clock.wallNow(), 1'025);
  clock.hold(7);
  EXPECT_GE(clock.steadyNow(), held);
}

}  // namespace
}  // namespace holdfast::sys
