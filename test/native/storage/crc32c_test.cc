#include "storage/crc32c.h"

#include <gtest/gtest.h>

#include <boost/crc.hpp>
#include <random>
#include <string>

namespace holdfast::storage {
namespace {

TEST(Crc32c, TheKnownOnes) {
  // RFC 3720, B.4, and the check value of the catalogues.
  EXPECT_EQ(crc32c({}), 0U);
  EXPECT_EQ(crc32c({"123456789"}), 0xE3069283U);
  EXPECT_EQ(crc32c({std::string(32, '\0')}), 0x8A9136AAU);
  EXPECT_EQ(crc32c({std::string(32, '\xff')}), 0x62A8AB43U);
}

TEST(Crc32c, IsWhatBoostComputesHoweverItIsDivided) {
  std::mt19937 random(3);
  std::string bytes(300, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  for (size_t length = 0; length < bytes.size(); ++length) {
    const std::string_view whole = std::string_view(bytes).substr(0, length);
    boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> expected;
    expected.process_bytes(whole.data(), whole.size());
    EXPECT_EQ(crc32c({whole}), expected.checksum()) << length;
    const size_t middle = length / 3;
    EXPECT_EQ(crc32c({whole.substr(0, middle), "", whole.substr(middle)}), expected.checksum());
  }
}

}  // namespace
}  // namespace holdfast::storage
