#include "base/check.h"

#include <gtest/gtest.h>

namespace holdfast {
namespace {

TEST(CheckDeathTest, PrintsConditionPlaceAndValuesAndAborts) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const int left = 1;
  EXPECT_DEATH(DO_CHECK(left == 2, left, "seen"),
               "check_test.cc:[0-9]+: check failed: left == 2 1 seen");
}

TEST(CheckTest, EvaluatesValuesOnlyWhenItFails) {
  int evaluated = 0;
  DO_CHECK(evaluated == 0, ++evaluated);
  EXPECT_EQ(evaluated, 0);
}

}  // namespace
}  // namespace holdfast
