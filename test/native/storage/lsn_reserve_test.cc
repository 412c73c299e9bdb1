#include "storage/lsn_reserve.h"

#include "storage/engine_fixture.h"

namespace holdfast::storage::testing {
namespace {

class LsnReserveTest : public ::testing::Test {
 protected:
  LsnReserve fresh() { return {sys::systemFileSystem(), directory_.path() + "/lsn"}; }
  TemporaryDirectory directory_;
};

TEST_F(LsnReserveTest, CleanStopGoesOnWhereItEnded) {
  LsnReserve first = fresh();
  ASSERT_TRUE(first.open().ok());
  EXPECT_EQ(first.first(), 0U);
  EXPECT_TRUE(first.lastStopWasClean());
  ASSERT_TRUE(first.closeCleanly(42).ok());
  LsnReserve second = fresh();
  ASSERT_TRUE(second.open().ok());
  EXPECT_EQ(second.first(), 42U);
  EXPECT_TRUE(second.lastStopWasClean());
}

TEST_F(LsnReserveTest, KilledProcessNeverReusesALsn) {
  LsnReserve first = fresh();
  ASSERT_TRUE(first.open().ok());
  const Lsn far = (Lsn{1} << 32U) + 5;
  ASSERT_TRUE(first.cover(far).ok());
  LsnReserve second = fresh();
  ASSERT_TRUE(second.open().ok());
  EXPECT_GT(second.first(), far);
  EXPECT_FALSE(second.lastStopWasClean());
}

TEST_F(LsnReserveTest, DamageIsReported) {
  ASSERT_TRUE(sys::systemFileSystem().replaceFile(directory_.path() + "/lsn", "12 op").ok());
  LsnReserve reserve = fresh();
  EXPECT_EQ(reserve.open().code(), Code::kCorrupt);
}

}  // namespace
}  // namespace holdfast::storage::testing
