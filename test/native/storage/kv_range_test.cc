#include "storage/kv_range.h"

#include <gtest/gtest.h>

namespace holdfast::storage {
namespace {

TEST(KvRangeTest, S3_5_2_StartAfterIsTheNextKey) {
  const KvRange range = rangeOf({.startAfter = "a"});
  EXPECT_EQ(range.from, std::string("a\0", 2));
  EXPECT_EQ(range.to, std::nullopt);
}

TEST(KvRangeTest, S3_5_5_EndOfPrefixCountsBytesUp) {
  EXPECT_EQ(endOfPrefix("ab"), "ac");
  EXPECT_EQ(endOfPrefix("a\xff\xff"), "b");
  EXPECT_EQ(endOfPrefix("\xff"), std::nullopt);
  EXPECT_EQ(endOfPrefix(""), std::nullopt);
  EXPECT_EQ(endOfPrefix("\x7f"), "\x80");
}

TEST(KvRangeTest, S3_5_5_PrefixRaisesStartAndClampsEnd) {
  const KvRange range = rangeOf({.start = "a", .end = "z", .prefix = "m"});
  EXPECT_EQ(range.from, "m");
  EXPECT_EQ(range.to, "n");
  EXPECT_TRUE(rangeOf({.start = "n", .prefix = "m"}).empty());
  EXPECT_TRUE(rangeOf({.end = "m", .prefix = "m"}).empty());
  EXPECT_FALSE(rangeOf({.start = "mm", .prefix = "m"}).empty());
}

TEST(KvRangeTest, S3_5_7_BytesCompareUnsigned) {
  EXPECT_FALSE(rangeOf({.start = "\xef\xbd\xa1", .end = "\xf0\x90\x80\x80"}).empty());
  EXPECT_FALSE(rangeOf({.start = "a", .end = "\x80"}).empty());
}

}  // namespace
}  // namespace holdfast::storage
