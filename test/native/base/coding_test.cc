#include "base/coding.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace holdfast {
namespace {

using std::string_literals::operator""s;

TEST(CodingTest, FixedNumbersAreLittleEndian) {
  std::string out;
  putFixed32(out, 0x01020304);
  putFixed64(out, 0x05060708090A0B0C);
  EXPECT_EQ(out, "\x04\x03\x02\x01\x0C\x0B\x0A\x09\x08\x07\x06\x05");
  EXPECT_EQ(loadFixed<uint32_t>(out.data()), 0x01020304U);
  EXPECT_EQ(loadFixed<uint64_t>(out.data() + 4), 0x05060708090A0B0CU);
}

TEST(CodingTest, VarintsAreTheShortest) {
  const std::vector<std::pair<uint64_t, std::string>> table = {
      {0, "\0"s},
      {1, "\x01"},
      {127, "\x7F"},
      {128, "\x80\x01"},
      {16'383, "\xFF\x7F"},
      {16'384, "\x80\x80\x01"},
      {std::numeric_limits<uint64_t>::max(), "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"}};
  for (const auto& [value, bytes] : table) {
    std::string out;
    putVarint(out, value);
    EXPECT_EQ(out, bytes);
    ByteReader in(bytes);
    EXPECT_EQ(in.varint64(), value);
    EXPECT_TRUE(in.ok() && in.atEnd());
  }
}

TEST(CodingTest, ReaderRefusesVarintsThatAreNoVarints) {
  const std::vector<std::string> table = {"",
                                          "\x80",
                                          "\x80\0"s,
                                          "\x81\x80\0"s,
                                          "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02",
                                          "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"};
  for (const std::string& bytes : table) {
    ByteReader in(bytes);
    EXPECT_EQ(in.varint64(), 0U);
    EXPECT_FALSE(in.ok()) << bytes.size();
  }
}

TEST(CodingTest, ReaderRefusesMoreThan32Bits) {
  ByteReader most("\xFF\xFF\xFF\xFF\x0F");
  EXPECT_EQ(most.varint32(), std::numeric_limits<uint32_t>::max());
  EXPECT_TRUE(most.ok());
  ByteReader more("\x80\x80\x80\x80\x10");
  more.varint32();
  EXPECT_FALSE(more.ok());
}

TEST(CodingTest, ReaderThatFailedStaysFailed) {
  ByteReader in("abc");
  EXPECT_EQ(in.bytes(2), "ab");
  EXPECT_EQ(in.bytes(std::numeric_limits<uint64_t>::max()), "");
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.byte(), 0);
  EXPECT_EQ(in.rest(), "");
  EXPECT_FALSE(in.ok());
}

}  // namespace
}  // namespace holdfast
