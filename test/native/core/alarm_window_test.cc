#include "core/alarm_window.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

namespace holdfast::core {
namespace {

ActorKey keyOf(uint32_t number) {
  ActorKey key;
  key.id.bytes[0] = static_cast<uint8_t>(number >> 16U);
  key.id.bytes[1] = static_cast<uint8_t>(number >> 8U);
  key.id.bytes[2] = static_cast<uint8_t>(number);
  return key;
}
uint32_t numberOf(const ActorKey& key) {
  return (uint32_t{key.id.bytes[0]} << 16U) | (uint32_t{key.id.bytes[1]} << 8U) | key.id.bytes[2];
}

// The durable index, which knows everything that set() and clear() were told.
class AlarmWindowTest : public ::testing::Test {
 protected:
  void set(uint32_t number, TimestampMs at) {
    index_[number] = at;
    window_.set(keyOf(number), at);
  }
  void clear(uint32_t number) {
    index_.erase(number);
    window_.clear(keyOf(number));
  }
  // What the index says now.
  [[nodiscard]] std::vector<LoadedAlarm> found(const AlarmWindow::Read& read) const {
    std::vector<LoadedAlarm> alarms;
    for (const auto& [number, at] : index_) {
      if (AlarmPosition{at, keyOf(number).id} > read.after)
        alarms.push_back({keyOf(number), at, {}});
    }
    std::sort(alarms.begin(), alarms.end(), [](const LoadedAlarm& left, const LoadedAlarm& right) {
      return AlarmPosition{left.at, left.actor.id} < AlarmPosition{right.at, right.actor.id};
    });
    return alarms;
  }
  void answer(const AlarmWindow::Read& read) {
    std::vector<LoadedAlarm> alarms = found(read);
    std::optional<AlarmPosition> last;
    if (alarms.size() > read.most) {
      alarms.resize(read.most);
      last = AlarmPosition{alarms.back().at, alarms.back().actor.id};
    }
    window_.loaded(std::move(alarms), last);
  }
  void readAll() {
    while (const auto read = window_.nextRead()) answer(*read);
  }
  std::vector<uint32_t> due(TimestampMs now, size_t most = 100) {
    std::vector<DueAlarm> alarms;
    window_.due(now, most, alarms);
    std::vector<uint32_t> numbers;
    numbers.reserve(alarms.size());
    for (const DueAlarm& alarm : alarms) numbers.push_back(numberOf(alarm.actor));
    return numbers;
  }
  void succeed(uint32_t number, TimestampMs now) {
    clear(number);
    EXPECT_EQ(window_.completed(keyOf(number), AlarmOutcome::kSuccess, now, 0),
              AlarmVerdict::kDone);
  }

  AlarmWindow window_{AlarmWindow::Index::kDurable,
                      {.heldMax = 8, .readAtOnce = 4, .readBelow = 2}};
  std::map<uint32_t, TimestampMs> index_;
};

TEST_F(AlarmWindowTest, FarAlarmsLeaveNothingInMemory) {
  constexpr uint32_t kCount = 100'000;
  for (uint32_t number = 0; number < kCount; ++number) {
    set(number, 1'000'000 + (number * 7919) % kCount);
    ASSERT_LE(window_.held(), 8U);
  }
  set(kCount, 10);
  EXPECT_EQ(due(10), std::vector<uint32_t>{kCount}) << "one that comes first is held";
}

TEST_F(AlarmWindowTest, AllAreHeldWithoutAnIndex) {
  AlarmWindow window(AlarmWindow::Index::kNone, {.heldMax = 8, .readAtOnce = 4, .readBelow = 2});
  window.open();
  for (uint32_t number = 0; number < 100; ++number) window.set(keyOf(number), number);
  EXPECT_EQ(window.held(), 100U);
  EXPECT_EQ(window.nextRead(), std::nullopt);
}

TEST_F(AlarmWindowTest, AStartReadsTheFirstOnes) {
  for (uint32_t number = 0; number < 10; ++number) index_[number] = 100 - number;
  window_.open();
  readAll();
  EXPECT_EQ(window_.held(), 4U);
  EXPECT_EQ(window_.nextDue(), 91);
}

TEST_F(AlarmWindowTest, ManyAtOneMomentAreReadOneAfterTheOther) {
  for (uint32_t number = 0; number < 50; ++number) set(number, 1'000);
  EXPECT_LE(window_.held(), 8U);
  std::vector<uint32_t> ran;
  for (int turn = 0; turn < 100; ++turn) {
    for (const uint32_t number : due(1'000, 3)) {
      ran.push_back(number);
      succeed(number, 1'000);
    }
    readAll();
  }
  std::sort(ran.begin(), ran.end());
  ASSERT_EQ(ran.size(), 50U);
  for (uint32_t number = 0; number < 50; ++number) EXPECT_EQ(ran[number], number);
}

TEST_F(AlarmWindowTest, OneReadAtATime) {
  index_[1] = 5;
  window_.open();
  const auto read = window_.nextRead();
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(window_.isReading());
  EXPECT_EQ(window_.nextRead(), std::nullopt);
  answer(*read);
  EXPECT_FALSE(window_.isReading());
}

TEST_F(AlarmWindowTest, WhatChangesDuringAReadIsNewerThanTheAnswer) {
  for (uint32_t number = 1; number <= 4; ++number) index_[number] = number * 10;
  window_.open();
  const auto read = window_.nextRead();
  ASSERT_TRUE(read.has_value());
  std::vector<LoadedAlarm> old = found(*read);
  clear(1);
  set(2, 25);
  window_.changing(keyOf(3));
  window_.loaded(std::move(old), std::nullopt);
  EXPECT_TRUE(due(24).empty()) << "1 is gone, 2 is later, 3 is not known yet";
  EXPECT_EQ(due(25), std::vector<uint32_t>{2});
  set(3, 26);
  EXPECT_EQ(due(50), (std::vector<uint32_t>{3, 4}));
}

TEST_F(AlarmWindowTest, AnAnswerDoesNotMoveTheEdgeBack) {
  for (uint32_t number = 1; number <= 9; ++number) index_[number] = number * 10;
  window_.open();
  readAll();
  ASSERT_EQ(due(30), (std::vector<uint32_t>{1, 2, 3}));
  ASSERT_TRUE(window_.nextRead().has_value());
  window_.loaded({{keyOf(12), 35, {}}}, AlarmPosition{35, keyOf(12).id});
  const auto next = window_.nextRead();
  EXPECT_FALSE(next.has_value()) << "two are held: 12 and 4";
  EXPECT_EQ(due(40), (std::vector<uint32_t>{12, 4}));
  EXPECT_EQ(window_.nextRead()->after, (AlarmPosition{40, keyOf(4).id}));
}

TEST_F(AlarmWindowTest, WhatIsSetBehindTheNewEdgeIsNotHeld) {
  for (uint32_t number = 1; number <= 9; ++number) index_[number] = number * 10;
  window_.open();
  const auto read = window_.nextRead();
  ASSERT_TRUE(read.has_value());
  set(20, 15);
  set(21, 500);
  answer(*read);
  EXPECT_EQ(due(1'000), (std::vector<uint32_t>{1, 20, 2, 3}));
}

TEST_F(AlarmWindowTest, S5_4_2_ARetryIsNotReadAgain) {
  for (uint32_t number = 0; number < 20; ++number) set(number, 100 + number);
  ASSERT_EQ(due(100), std::vector<uint32_t>{0});
  ASSERT_EQ(window_.completed(keyOf(0), AlarmOutcome::kFailure, 100, 0), AlarmVerdict::kRetry);
  for (uint32_t number = 30; number < 60; ++number) set(number, number);  // all of them before it
  readAll();
  std::vector<uint32_t> ran;
  for (int turn = 0; turn < 100; ++turn) {
    for (const uint32_t number : due(200)) {
      EXPECT_NE(number, 0U) << "before its delay is over";
      succeed(number, 200);
      ran.push_back(number);
    }
    readAll();
  }
  EXPECT_EQ(ran.size(), 49U);
  std::vector<DueAlarm> retried;
  window_.due(2'100, 10, retried);
  ASSERT_EQ(retried.size(), 1U);
  EXPECT_EQ(retried[0].retryCount, 1U);
}

TEST_F(AlarmWindowTest, S5_3_4_AReplacementFarAheadLeavesWithTheRun) {
  for (uint32_t number = 0; number < 20; ++number) set(number, 100 + number);
  ASSERT_EQ(due(100), std::vector<uint32_t>{0});
  const size_t held = window_.held();
  set(0, 1'000'000);
  EXPECT_EQ(window_.held(), held) << "it runs";
  EXPECT_EQ(window_.completed(keyOf(0), AlarmOutcome::kSuccess, 100, 0), AlarmVerdict::kReplaced);
  EXPECT_EQ(window_.held(), held - 1);
}

// Against the index alone: whatever is set, cleared, read late, failed and run, all that is due
// runs once, and the window stays small.
TEST_F(AlarmWindowTest, AgreesWithTheIndexUnderRandomUse) {
  std::mt19937 random(7);
  TimestampMs now = 0;
  std::optional<AlarmWindow::Read> read;
  const auto turn = [&] {
    if (read && random() % 3 == 0) this->answer(*std::exchange(read, std::nullopt));
    if (!read) read = window_.nextRead();
    for (const uint32_t number : due(now, 2)) {
      ASSERT_TRUE(index_.contains(number) && index_[number] <= now) << number;
      succeed(number, now);
    }
  };
  for (int step = 0; step < 200'000; ++step) {
    const uint32_t number = random() % 200;
    const uint32_t choice = random() % 10;
    if (choice < 4) {
      set(number, now + random() % 1'000);
    } else if (choice < 5) {
      clear(number);
    } else {
      now += random() % 10;
      turn();
    }
    ASSERT_LE(window_.held(), 8U + 200U);
    if (step % 1'000 != 0) continue;
    for (int i = 0; i < 1'000; ++i) turn();
    for (const auto& [left, at] : index_) ASSERT_GT(at, now) << left;
    ASSERT_LE(window_.held(), 8U);
  }
}

}  // namespace
}  // namespace holdfast::core
