#include "base/batch_queue.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace holdfast {
namespace {

TEST(BatchQueueTest, RingsOncePerBatchAndKeepsOrder) {
  BatchQueue<int> queue;
  EXPECT_TRUE(queue.push(1));
  EXPECT_FALSE(queue.push(2));
  EXPECT_FALSE(queue.pushAll({3, 4}));
  EXPECT_FALSE(queue.pushAll({}));
  std::vector<int> taken = {99};
  queue.takeAll(taken);
  EXPECT_EQ(taken, (std::vector<int>{1, 2, 3, 4}));
  queue.takeAll(taken);
  EXPECT_TRUE(taken.empty());
  EXPECT_TRUE(queue.pushAll({5}));
}

TEST(BatchQueueTest, KeepsTheMemoryOfACommonBatchAndNotOfABurst) {
  BatchQueue<uint64_t> queue;
  std::vector<uint64_t> out;
  static_cast<void>(queue.pushAll(std::vector<uint64_t>(100)));
  queue.takeAll(out);
  queue.takeAll(out);  // the batch before is the queue's again
  queue.takeAll(out);
  EXPECT_GE(out.capacity(), 100U);
  static_cast<void>(queue.pushAll(std::vector<uint64_t>(kBurstBytes)));
  queue.takeAll(out);
  EXPECT_EQ(out.size(), kBurstBytes);
  for (int i = 0; i < 2; ++i) {
    queue.takeAll(out);
    EXPECT_LE(out.capacity() * sizeof(uint64_t), kBurstBytes);
  }
}

TEST(BatchQueueTest, EachProducersOrderIsKeptAndNothingIsLost) {
  constexpr int kProducers = 3;
  constexpr int kEach = 5'000;
  BatchQueue<int> queue;
  std::vector<std::thread> producers;
  producers.reserve(kProducers);
  for (int producer = 0; producer < kProducers; ++producer) {
    producers.emplace_back([&queue, producer] {
      for (int i = 0; i < kEach; ++i) (void)queue.push(producer * kEach + i);
    });
  }
  std::vector<int> next(kProducers);
  std::vector<int> taken;
  for (int total = 0; total < kProducers * kEach; total += static_cast<int>(taken.size())) {
    queue.takeAll(taken);
    if (taken.empty()) std::this_thread::yield();
    for (const int value : taken) EXPECT_EQ(value % kEach, next[value / kEach]++);
  }
  for (std::thread& producer : producers) producer.join();
  for (const int count : next) EXPECT_EQ(count, kEach);
}

}  // namespace
}  // namespace holdfast
