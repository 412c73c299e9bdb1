#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/bytes.h"

namespace holdfast {
namespace {

TEST(ResultTest, CarriesAValueOrAStatus) {
  const Result<int> value = 7;
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(value.value(), 7);
  EXPECT_EQ(value.status().code(), Code::kOk);
  const Result<int> failure = Status(Code::kIo, "read: no");
  ASSERT_FALSE(failure.ok());
  EXPECT_EQ(failure.status().code(), Code::kIo);
  EXPECT_EQ(failure.status().message(), "read: no");
}

TEST(ResultTest, ValueMayBeMovedOut) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 7);
}

TEST(ResultTest, ValueOfATemporaryOutlivesIt) {
  const auto give = [] { return Result<std::string>(std::string(100, 'x')); };
  size_t count = 0;
  for (const char c : give().value()) count += c == 'x' ? 1 : 0;
  EXPECT_EQ(count, 100U);
}

TEST(BytesTest, CopiesShareTheContentAndEmptyOwnsNothing) {
  const Bytes bytes(std::string("some bytes"));
  const Bytes copy = bytes;  // NOLINT(performance-unnecessary-copy-initialization)
  EXPECT_EQ(copy.view(), "some bytes");
  EXPECT_EQ(copy.view().data(), bytes.view().data());
  EXPECT_TRUE(Bytes(std::string()).empty());
  EXPECT_EQ(Bytes().view(), "");
}

}  // namespace
}  // namespace holdfast
