#include "storage/byte_diff.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::storage {
namespace {

using Ranges = std::vector<std::pair<size_t, size_t>>;

Ranges diff(const std::string& before, const std::string& after) {
  Ranges ranges;
  diffPage(before.empty() ? nullptr : before.data(), after.data(), after.size(),
           [&](size_t offset, size_t length) { ranges.emplace_back(offset, length); });
  return ranges;
}

std::string with(std::string page, const Ranges& changed) {
  for (const auto& [offset, length] : changed) page.replace(offset, length, length, '#');
  return page;
}

TEST(ByteDiffTest, EqualPagesHaveNoRanges) {
  const std::string page(4096, 'x');
  EXPECT_EQ(diff(page, page), Ranges());
  EXPECT_EQ(diff("", std::string(4096, '\0')), Ranges());
}

TEST(ByteDiffTest, NoPageBeforeIsAPageOfZeros) {
  std::string page(512, '\0');
  page[7] = 'a';
  page[511] = 'b';
  EXPECT_EQ(diff("", page), (Ranges{{7, 1}, {511, 1}}));
}

TEST(ByteDiffTest, FirstAndLastByteOfEveryPageSize) {
  for (size_t bytes = 512; bytes <= 65'536; bytes *= 2) {
    const std::string page(bytes, 'x');
    EXPECT_EQ(diff(page, with(page, {{0, 1}})), (Ranges{{0, 1}})) << bytes;
    EXPECT_EQ(diff(page, with(page, {{bytes - 1, 1}})), (Ranges{{bytes - 1, 1}})) << bytes;
    EXPECT_EQ(diff(page, with(page, {{0, bytes}})), (Ranges{{0, bytes}})) << bytes;
  }
}

TEST(ByteDiffTest, AShortGapIsCheaperThanARangeOfItsOwn) {
  const std::string page(512, 'x');
  for (size_t gap = 1; gap <= 8; ++gap) {
    const Ranges changed = {{20, 3}, {23 + gap, 2}};
    const Ranges found = diff(page, with(page, changed));
    EXPECT_EQ(found, gap <= kRangeOverheadBytes ? (Ranges{{20, 5 + gap}}) : changed) << gap;
  }
}

TEST(ByteDiffTest, ARunGoesOnAcrossBlocks) {
  const std::string page(512, 'x');
  EXPECT_EQ(diff(page, with(page, {{60, 10}})), (Ranges{{60, 10}}));
  EXPECT_EQ(diff(page, with(page, {{0, 200}})), (Ranges{{0, 200}}));
  // The gap lies on the border, or is a whole equal block.
  EXPECT_EQ(diff(page, with(page, {{60, 2}, {66, 1}})), (Ranges{{60, 7}}));
  EXPECT_EQ(diff(page, with(page, {{63, 1}, {128, 1}})), (Ranges{{63, 1}, {128, 1}}));
}

TEST(ByteDiffTest, ApplyingTheRangesGivesThePage) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    const size_t bytes = size_t{512} << (random() % 8);
    std::string before(bytes, '\0');
    for (size_t at = 0; at < bytes; at += 1 + random() % 64) before[at] = 'b';
    std::string after = before;
    for (size_t i = random() % 30; i > 0; --i) {
      const size_t at = random() % bytes;
      const size_t length = std::min(bytes - at, size_t{1} + random() % 40);
      for (size_t j = at; j < at + length; ++j) after[j] = static_cast<char>(random() % 3);
    }
    const bool isNew = random() % 4 == 0;
    std::string replayed = isNew ? std::string(bytes, '\0') : before;
    size_t end = 0;
    for (const auto& [offset, length] : diff(isNew ? "" : before, after)) {
      EXPECT_GE(offset, end);
      EXPECT_GT(length, 0U);
      end = offset + length;
      ASSERT_LE(end, bytes);
      replayed.replace(offset, length, after, offset, length);
    }
    EXPECT_EQ(replayed, after) << round;
  }
}

}  // namespace
}  // namespace holdfast::storage
