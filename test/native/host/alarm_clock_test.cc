#include "host/alarm_clock.h"

#include <gtest/gtest.h>

#include "host/fake_world.h"

namespace holdfast::host {
namespace {

class AlarmClockTest : public ::testing::Test {
 protected:
  std::vector<AlarmClock::Due> due(TimestampMs now, size_t most = 100) {
    std::vector<AlarmClock::Due> out;
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
  EXPECT_EQ(both[0].alarm.actor, one_);
  EXPECT_EQ(both[0].actorName, "lobby");
  EXPECT_EQ(both[1].alarm.actor, two_);
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

}  // namespace
}  // namespace holdfast::host
