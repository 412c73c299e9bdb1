#include "storage/held_page.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace holdfast::storage {
namespace {

HeldPage packed(const std::string& page) { return HeldPage::pack(page.data(), page.size()); }

std::string read(const HeldPage& page, size_t start, size_t bytes) {
  std::string into(bytes, '!');
  page.read(start, into.data(), bytes);
  return into;
}

sys::SlabBytes bytesOf(const std::string& page) {
  sys::SlabBytes bytes = sys::makeSlabBytes(page.size());
  page.copy(bytes.get(), page.size());
  return bytes;
}

TEST(HeldPage, APackedPageReadsAsTheWholeOneInEveryPart) {
  std::mt19937 random(7);
  const auto below = [&random](size_t end) {
    return std::uniform_int_distribution<size_t>(0, end - 1)(random);
  };
  for (size_t bytes = 512; bytes <= 65'536; bytes *= 2) {
    std::string page(bytes, '\0');
    page.front() = 'f';
    page.back() = 'b';
    for (int i = 0; i < 5; ++i) page[below(bytes)] = static_cast<char>('0' + i);
    const HeldPage whole(bytesOf(page), bytes);
    const HeldPage held = packed(page);
    ASSERT_FALSE(held.isEmpty());
    EXPECT_EQ(read(held, 0, bytes), page);
    for (int i = 0; i < 200; ++i) {
      const size_t start = below(bytes);
      const size_t length = below(bytes - start) + 1;
      EXPECT_EQ(read(held, start, length), page.substr(start, length)) << bytes << " " << start;
      EXPECT_EQ(read(whole, start, length), page.substr(start, length)) << bytes << " " << start;
    }
  }
}

TEST(HeldPage, OfManyBytesOrNoneNothingIsPacked) {
  EXPECT_TRUE(packed(std::string(4096, 'x')).isEmpty());
  EXPECT_TRUE(packed(std::string(4096, '\0')).isEmpty());
  EXPECT_TRUE(packed(std::string(600, 'x') + std::string(3496, '\0')).isEmpty());
  EXPECT_FALSE(packed(std::string(500, 'x') + std::string(3596, '\0')).isEmpty());
}

TEST(HeldPage, CountsWhatItTakes) {
  EXPECT_EQ(HeldPage().counted(), 0U);
  EXPECT_EQ(packed("x" + std::string(4095, '\0')).counted(), HeldPage::kBytesMin);
  EXPECT_EQ(packed(std::string(4000, 'x') + std::string(61'536, '\0')).counted(), 4004U);
  EXPECT_EQ(HeldPage(bytesOf(std::string(4096, 'x')), 4096).counted(), 4096U);
}

TEST(HeldPage, OnlyAWholePageGivesItsMemory) {
  HeldPage whole(bytesOf(std::string(4096, 'x')), 4096);
  EXPECT_NE(whole.takeWhole(), nullptr);
  EXPECT_TRUE(whole.isEmpty());
  EXPECT_EQ(packed("x" + std::string(4095, '\0')).takeWhole(), nullptr);
}

}  // namespace
}  // namespace holdfast::storage
