#include "host/alarm_clock.h"

#include <gtest/gtest.h>

#include "host/fake_world.h"

namespace holdfast::host {
namespace {

class AlarmClockTest : public ::testing::Test {
 protected:
  std::vector<core::DueAlarm> due(TimestampMs now, size_t most = 100) {
    std::vector<core::DueAlarm> out;
    alarms_.due(now, most, out);
    return out;
  }
  static storage::StoredAlarm stored(uint8_t first, TimestampMs at) {
    return FakeWorld::stored(first, at);
  }

  Trace trace_;
  FakeEngine engine_{trace_};
  NamespaceTable namespaces_;
  ActorKey one_{namespaces_.add({"app-Room", StorageKind::kSqlite}), FakeWorld::id(1)};
  ActorKey two_{0, FakeWorld::id(2)};
  AlarmClock alarms_{engine_, namespaces_};
};

TEST_F(AlarmClockTest, S5_6_4_LoadFillsTheScheduleWithNames) {
  engine_.alarms = {stored(2, 50), stored(1, 40)};
  engine_.alarms[1].actorName = "lobby";
  engine_.alarms[1].hasActorName = true;
  ASSERT_TRUE(alarms_.load().ok());
  EXPECT_EQ(alarms_.nextDue(), 40);
  EXPECT_TRUE(due(39).empty());
  const auto both = due(50);
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0].actor, one_);
  EXPECT_EQ(both[0].actorName, "lobby");
  EXPECT_EQ(both[1].actor, two_);
  EXPECT_EQ(both[1].actorName, std::nullopt);
}

TEST_F(AlarmClockTest, LoadLeavesAloneWhatIsNotOfThisRuntime) {
  engine_.alarms = {stored(1, 40), stored(2, 40)};
  engine_.alarms[0].uniqueKey = "app-Other";
  engine_.alarms[1].idHex = "not an id";
  ASSERT_TRUE(alarms_.load().ok());
  EXPECT_EQ(alarms_.nextDue(), std::nullopt);
}

TEST_F(AlarmClockTest, AnUnreadableIndexIsReported) {
  engine_.loadError = Status(Code::kCorrupt, "malformed");
  EXPECT_EQ(alarms_.load().code(), Code::kCorrupt);
}

TEST_F(AlarmClockTest, S12_7_OnlyADurableAlarmIsScheduled) {
  alarms_.committed(one_, nullptr, 10, 5);
  EXPECT_TRUE(due(1000).empty());
  alarms_.durable(4);
  EXPECT_TRUE(due(1000).empty());
  alarms_.durable(5);
  ASSERT_EQ(due(1000).size(), 1U);
}

TEST_F(AlarmClockTest, S5_1_2_TheLastDurableChangeWins) {
  alarms_.committed(one_, nullptr, 10, 1);
  alarms_.committed(one_, nullptr, 30, 2);
  alarms_.committed(two_, nullptr, 20, 3);
  alarms_.committed(two_, nullptr, std::nullopt, 4);
  alarms_.durable(3);
  EXPECT_EQ(alarms_.nextDue(), 20);
  alarms_.durable(4);
  EXPECT_EQ(alarms_.nextDue(), 30);
}

TEST_F(AlarmClockTest, S1_2_4_TheNameComesWithTheAlarmUntilItIsOver) {
  const std::string name = "lobby";
  alarms_.committed(one_, &name, 10, 1);
  alarms_.durable(1);
  ASSERT_EQ(due(10).at(0).actorName, "lobby");
  EXPECT_EQ(alarms_.completed(one_, core::AlarmOutcome::kFailure, 10, 0),
            core::AlarmVerdict::kRetry);
  ASSERT_EQ(due(2010).at(0).actorName, "lobby");
  EXPECT_EQ(alarms_.completed(one_, core::AlarmOutcome::kSuccess, 2010, 0),
            core::AlarmVerdict::kDone);
  EXPECT_EQ(alarms_.nextDue(), std::nullopt);
}

// An index of which little fits into memory.
class SmallAlarmClockTest : public AlarmClockTest {
 protected:
  SmallAlarmClockTest() {
    for (uint8_t number = 1; number <= 9; ++number)
      engine_.alarms.push_back(stored(number, number * 10));
  }
  AlarmClock small_{engine_, namespaces_, {.heldMax = 4, .readAtOnce = 2, .readBelow = 2}};
};

TEST_F(SmallAlarmClockTest, TheNextOnesAreAskedForAsTheFirstRun) {
  ASSERT_TRUE(small_.load().ok());
  EXPECT_EQ(small_.held(), 2U);
  EXPECT_TRUE(trace_.empty()) << "at the start it is read at once";
  std::vector<core::DueAlarm> out;
  small_.due(10, 10, out);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(trace_, Trace{"read alarms after 20"});
  EXPECT_TRUE(small_.isLoading());
  small_.loaded(engine_.answer());
  EXPECT_FALSE(small_.isLoading());
  EXPECT_EQ(small_.nextDue(), 20);
  small_.due(1'000, 10, out);
  EXPECT_EQ(out.size(), 4U) << "10 to 40: the clock jumped";
  small_.loaded(engine_.answer());
  small_.due(1'000, 10, out);
  EXPECT_EQ(out.size(), 6U);
}

TEST_F(SmallAlarmClockTest, S12_7_AnUndurableChangeIsNewerThanTheAnswer) {
  ASSERT_TRUE(small_.load().ok());
  const ActorKey three{0, FakeWorld::id(3)};
  small_.committed(three, nullptr, 500, 7);
  std::vector<core::DueAlarm> out;
  small_.due(10, 10, out);  // asks
  small_.loaded(engine_.answer());
  out.clear();
  small_.due(45, 10, out);
  ASSERT_EQ(out.size(), 2U) << "20 and 40";
  EXPECT_EQ(out[1].scheduledAt, 40);
}

TEST_F(SmallAlarmClockTest, NamespacesOfOthersAreReadOver) {
  for (storage::StoredAlarm& alarm : engine_.alarms) alarm.uniqueKey = "app-Other";
  engine_.alarms[3].idHex = "not an id";
  engine_.alarms.push_back(stored(20, 1'000));
  ASSERT_TRUE(small_.load().ok());
  EXPECT_EQ(small_.nextDue(), 1'000);
}

TEST_F(AlarmClockTest, S5_6_2_ASpuriousEntryLeavesTheIndex) {
  engine_.alarms = {stored(1, 10)};
  ASSERT_TRUE(alarms_.load().ok());
  ASSERT_EQ(due(10).size(), 1U);
  EXPECT_EQ(alarms_.completed(one_, core::AlarmOutcome::kCancelled, 10, 0),
            core::AlarmVerdict::kDone);
  EXPECT_EQ(trace_, Trace{"forget alarm 01"});
}

TEST_F(AlarmClockTest, S5_3_6_AStoredTimeGoesIntoTheIndex) {
  engine_.alarms = {stored(1, 10)};
  ASSERT_TRUE(alarms_.load().ok());
  ASSERT_EQ(due(10).size(), 1U);
  alarms_.reschedule(one_, 500);
  EXPECT_EQ(alarms_.completed(one_, core::AlarmOutcome::kCancelled, 10, 0),
            core::AlarmVerdict::kReplaced);
  EXPECT_EQ(trace_, Trace{"settle alarm 01 at 500"});
  EXPECT_EQ(alarms_.nextDue(), 500);
}

// The index learns of an alarm from its commit, before the shard knows that it is durable.
TEST_F(AlarmClockTest, ACancelledRunTakesNoNewAlarmFromTheIndex) {
  engine_.alarms = {stored(1, 10)};
  ASSERT_TRUE(alarms_.load().ok());
  ASSERT_EQ(due(10).size(), 1U);
  alarms_.committed(one_, nullptr, 900, 3);
  EXPECT_EQ(alarms_.completed(one_, core::AlarmOutcome::kCancelled, 10, 0),
            core::AlarmVerdict::kDone);
  EXPECT_TRUE(trace_.empty());
  alarms_.durable(3);
  EXPECT_EQ(alarms_.nextDue(), 900);
}

}  // namespace
}  // namespace holdfast::host
