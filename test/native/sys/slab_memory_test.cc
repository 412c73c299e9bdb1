#include "sys/slab_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <random>
#include <set>
#include <thread>
#include <vector>

namespace holdfast::sys {
namespace {

// Writes all of a block, so that one that overlaps another is found.
struct Filled {
  char* at;
  size_t bytes;
  char with;
};

Filled fill(SlabMemory& memory, size_t bytes, char with) {
  auto* at = static_cast<char*>(memory.allocate(bytes));
  std::memset(at, with, memory.sizeOf(at));
  return {at, bytes, with};
}

bool isWhole(const SlabMemory& memory, const Filled& block) {
  const std::vector<char> wanted(memory.sizeOf(block.at), block.with);
  return std::memcmp(block.at, wanted.data(), wanted.size()) == 0;
}

TEST(SlabMemory, EverySizeIsHeldAlignedAndNotMuchLarger) {
  SlabMemory memory;
  for (size_t bytes = 0; bytes <= 20'000; bytes += bytes < 300 ? 1 : 37) {
    void* block = memory.allocate(bytes);
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(block) % 16, 0U) << bytes;
    EXPECT_GE(memory.sizeOf(block), bytes);
    if (bytes > 0 && bytes <= SlabMemory::kBlockBytesMax) {
      EXPECT_LE(memory.sizeOf(block), bytes + std::max<size_t>(16, bytes / 8)) << bytes;
      EXPECT_EQ(SlabMemory::roundUp(bytes), memory.sizeOf(block));
    }
    memory.free(block);
  }
}

TEST(SlabMemory, BlocksOfAllSizesKeepWhatIsWrittenToThem) {
  SlabMemory memory;
  std::mt19937 random(7);
  std::vector<Filled> blocks;
  for (int i = 0; i < 20'000; ++i) {
    if (blocks.size() < 500 || random() % 2 == 0) {
      const size_t bytes = random() % (random() % 8 == 0 ? 12'000 : 600);
      blocks.push_back(fill(memory, bytes, static_cast<char>(i)));
      continue;
    }
    const size_t at = random() % blocks.size();
    ASSERT_TRUE(isWhole(memory, blocks[at]));
    memory.free(blocks[at].at);
    blocks[at] = blocks.back();
    blocks.pop_back();
  }
  for (const Filled& block : blocks) {
    EXPECT_TRUE(isWhole(memory, block));
    memory.free(block.at);
  }
  EXPECT_LE(memory.residentBytes(), SlabMemory::kSpareSpansMax * SlabMemory::kSpanBytes);
}

TEST(SlabMemory, WhatIsFreeGoesBackButForTheSpareSpans) {
  SlabMemory memory;
  std::vector<void*> blocks;
  for (int i = 0; i < 10'000; ++i) {
    blocks.push_back(memory.allocate(4'368));
    std::memset(blocks.back(), 1, 4'368);
  }
  EXPECT_GT(memory.residentBytes(), 40U << 20U);
  for (void* block : blocks) memory.free(block);
  EXPECT_EQ(memory.residentBytes(), SlabMemory::kSpareSpansMax * SlabMemory::kSpanBytes);
  // And what went back can be used again.
  for (void*& block : blocks) {
    block = memory.allocate(4'368);
    std::memset(block, 2, 4'368);
  }
  EXPECT_EQ(std::set<void*>(blocks.begin(), blocks.end()).size(), blocks.size());
  for (void* block : blocks) memory.free(block);
}

TEST(SlabMemory, ReallocationKeepsTheBytesBothWays) {
  SlabMemory memory;
  auto* block = static_cast<char*>(memory.reallocate(nullptr, 10));
  std::memcpy(block, "123456789", 10);
  for (const size_t bytes : {11UL, 200UL, 9'000UL, 50'000UL, 10'000UL, 8'192UL, 16UL}) {
    block = static_cast<char*>(memory.reallocate(block, bytes));
    EXPECT_STREQ(block, "123456789") << bytes;
  }
  memory.free(block);
  memory.free(nullptr);
}

TEST(SlabMemory, WithoutARangeAndBeyondItMallocTakesOver) {
  SlabMemory none(size_t{1} << 60U);
  void* block = none.allocate(100);
  ASSERT_NE(block, nullptr);
  none.free(block);
  SlabMemory small(2 * SlabMemory::kSpanBytes);
  std::vector<Filled> blocks;
  for (int i = 0; i < 100; ++i) blocks.push_back(fill(small, 8'000, static_cast<char>(i)));
  EXPECT_EQ(small.residentBytes(), 2 * SlabMemory::kSpanBytes);
  for (const Filled& each : blocks) {
    EXPECT_TRUE(isWhole(small, each));
    small.free(each.at);
  }
}

TEST(SlabMemory, ThreadsFreeWhatOthersTook) {
  SlabMemory memory;
  std::vector<std::vector<void*>> taken(4);
  const auto inParallel = [](const std::function<void(size_t)>& work) {
    std::vector<std::thread> threads;
    for (size_t i = 0; i < 4; ++i) threads.emplace_back(work, i);
    for (std::thread& thread : threads) thread.join();
  };
  inParallel([&](size_t self) {
    for (size_t i = 0; i < 2'000; ++i) taken[self].push_back(memory.allocate(i * 3));
  });
  inParallel([&](size_t self) {
    for (void* block : taken[(self + 1) % 4]) memory.free(block);
  });
  EXPECT_LE(memory.residentBytes(), SlabMemory::kSpareSpansMax * SlabMemory::kSpanBytes);
}

}  // namespace
}  // namespace holdfast::sys
