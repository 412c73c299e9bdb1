#include "core/alarm_schedule.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace holdfast::core {
namespace {

ActorKey keyOf(uint32_t number) {
  ActorKey key;
  key.id.bytes[0] = static_cast<uint8_t>(number);
  key.id.bytes[1] = static_cast<uint8_t>(number >> 8U);
  key.id.bytes[2] = static_cast<uint8_t>(number >> 16U);
  return key;
}

class AlarmScheduleTest : public ::testing::Test {
 protected:
  std::vector<DueAlarm> due(TimestampMs now, size_t most = 100) {
    std::vector<DueAlarm> alarms;
    schedule_.due(now, most, alarms);
    return alarms;
  }
  // Runs the only alarm due at `now`.
  DueAlarm runAt(TimestampMs now) {
    const std::vector<DueAlarm> alarms = due(now);
    EXPECT_EQ(alarms.size(), 1U) << "at " << now;
    return alarms.empty() ? DueAlarm() : alarms.front();
  }
  AlarmVerdict complete(AlarmOutcome outcome, TimestampMs now, double jitter = 0) {
    return schedule_.completed(a_, outcome, now, jitter);
  }

  const ActorKey a_ = keyOf(1);
  const ActorKey b_ = keyOf(2);
  AlarmSchedule schedule_;
};

TEST_F(AlarmScheduleTest, S5_2_3_NeverEarlierThanItsTime) {
  schedule_.set(a_, 1'000);
  EXPECT_TRUE(due(999).empty());
  EXPECT_EQ(schedule_.nextDue(), 1'000);
  const DueAlarm alarm = runAt(1'000);
  EXPECT_EQ(alarm.actor, a_);
  EXPECT_EQ(alarm.scheduledAt, 1'000);
  EXPECT_EQ(alarm.retryCount, 0U);
}

TEST_F(AlarmScheduleTest, S5_1_2_SetReplaces) {
  schedule_.set(a_, 1'000);
  schedule_.set(a_, 5'000);
  EXPECT_TRUE(due(4'999).empty());
  schedule_.set(a_, 2'000);
  EXPECT_EQ(runAt(2'000).scheduledAt, 2'000);
  EXPECT_EQ(schedule_.pending(), 1U);
}

TEST_F(AlarmScheduleTest, S5_1_6_ClearForgetsAndIsHarmlessWithoutAlarm) {
  schedule_.clear(a_);
  schedule_.set(a_, 1'000);
  schedule_.clear(a_);
  EXPECT_TRUE(due(9'000).empty());
  EXPECT_EQ(schedule_.pending(), 0U);
  EXPECT_EQ(schedule_.nextDue(), std::nullopt);
}

TEST_F(AlarmScheduleTest, S5_2_4_NeverTwoRunsOfOneObject) {
  schedule_.set(a_, 1'000);
  runAt(1'000);
  schedule_.set(a_, 1'001);
  EXPECT_TRUE(due(9'000).empty());
  EXPECT_EQ(complete(AlarmOutcome::kSuccess, 9'000), AlarmVerdict::kReplaced);
  EXPECT_EQ(runAt(9'000).scheduledAt, 1'001);
}

TEST_F(AlarmScheduleTest, S5_3_2_SuccessForgets) {
  schedule_.set(a_, 1'000);
  runAt(1'000);
  EXPECT_EQ(complete(AlarmOutcome::kSuccess, 1'001), AlarmVerdict::kDone);
  EXPECT_EQ(schedule_.pending(), 0U);
}

TEST_F(AlarmScheduleTest, S5_4_2_S5_4_3_SixRetriesWithDoublingDelaysThenAbandoned) {
  TimestampMs now = 1'000;
  schedule_.set(a_, now);
  for (uint32_t retry = 0; retry < 6; ++retry) {
    const DueAlarm alarm = runAt(now);
    EXPECT_EQ(alarm.retryCount, retry);
    EXPECT_EQ(alarm.scheduledAt, 1'000);  // S5.3.3
    EXPECT_EQ(complete(AlarmOutcome::kFailure, now), AlarmVerdict::kRetry);
    const TimestampMs next = now + (TimestampMs{2'000} << retry);
    EXPECT_EQ(schedule_.nextDue(), next);
    EXPECT_TRUE(due(next - 1).empty());
    now = next;
  }
  EXPECT_EQ(runAt(now).retryCount, 6U);
  EXPECT_EQ(complete(AlarmOutcome::kFailure, now), AlarmVerdict::kAbandoned);
  EXPECT_EQ(schedule_.pending(), 0U);
}

TEST_F(AlarmScheduleTest, S5_4_2_JitterAddsUpToAQuarter) {
  schedule_.set(a_, 0);
  runAt(0);
  complete(AlarmOutcome::kFailure, 0, 0.999999);
  EXPECT_EQ(schedule_.nextDue(), 2'499);
  runAt(2'499);
  complete(AlarmOutcome::kFailure, 0, 0.5);
  EXPECT_EQ(schedule_.nextDue(), 4'500);
}

TEST_F(AlarmScheduleTest, S5_4_4_UncountedRetriesGoOnWithCappedDelay) {
  TimestampMs now = 0;
  schedule_.set(a_, 0);
  for (int run = 0; run < 100; ++run) {
    EXPECT_EQ(runAt(now).retryCount, 0U);
    EXPECT_EQ(complete(AlarmOutcome::kUncounted, now), AlarmVerdict::kRetry);
    const TimestampMs delay = TimestampMs{2'000} << std::min(run, 9);
    EXPECT_EQ(*schedule_.nextDue() - now, delay);
    now += delay;
  }
}

TEST_F(AlarmScheduleTest, S5_4_4_CountedAfterUncountedStartsTheDelaysAgain) {
  schedule_.set(a_, 0);
  TimestampMs now = 0;
  for (int run = 0; run < 3; ++run) {
    runAt(now);
    complete(AlarmOutcome::kUncounted, now);
    now = *schedule_.nextDue();
  }
  runAt(now);
  complete(AlarmOutcome::kFailure, now);
  EXPECT_EQ(*schedule_.nextDue() - now, 2'000);
  now = *schedule_.nextDue();
  EXPECT_EQ(runAt(now).retryCount, 1U);
  complete(AlarmOutcome::kFailure, now);
  EXPECT_EQ(*schedule_.nextDue() - now, 4'000);
}

TEST_F(AlarmScheduleTest, S5_3_4_SetDuringAFailingRunReplacesTheRetryAndResetsCounters) {
  schedule_.set(a_, 0);
  runAt(0);
  complete(AlarmOutcome::kFailure, 0);
  EXPECT_EQ(runAt(2'000).retryCount, 1U);
  schedule_.set(a_, 7'000);
  EXPECT_EQ(complete(AlarmOutcome::kFailure, 2'000), AlarmVerdict::kReplaced);
  EXPECT_TRUE(due(6'999).empty());
  const DueAlarm alarm = runAt(7'000);
  EXPECT_EQ(alarm.retryCount, 0U);
  EXPECT_EQ(alarm.scheduledAt, 7'000);
}

TEST_F(AlarmScheduleTest, S5_3_5_ClearDuringARunCancelsTheNewAlarmAndTheRetry) {
  schedule_.set(a_, 0);
  runAt(0);
  schedule_.set(a_, 5'000);
  schedule_.clear(a_);
  EXPECT_EQ(complete(AlarmOutcome::kFailure, 0), AlarmVerdict::kDone);
  EXPECT_EQ(schedule_.pending(), 0U);
}

TEST_F(AlarmScheduleTest, S5_3_5_SetAfterClearDuringARunCounts) {
  schedule_.set(a_, 0);
  runAt(0);
  schedule_.clear(a_);
  schedule_.set(a_, 5'000);
  EXPECT_EQ(complete(AlarmOutcome::kSuccess, 0), AlarmVerdict::kReplaced);
  EXPECT_EQ(schedule_.nextDue(), 5'000);
}

TEST_F(AlarmScheduleTest, S5_4_5_AbandonEndsAtOnceButKeepsANewAlarm) {
  schedule_.set(a_, 0);
  runAt(0);
  EXPECT_EQ(complete(AlarmOutcome::kAbandon, 0), AlarmVerdict::kAbandoned);
  EXPECT_EQ(schedule_.pending(), 0U);
  schedule_.set(a_, 0);
  runAt(0);
  schedule_.set(a_, 9'000);
  EXPECT_EQ(complete(AlarmOutcome::kAbandon, 0), AlarmVerdict::kReplaced);
  EXPECT_EQ(schedule_.nextDue(), 9'000);
}

TEST_F(AlarmScheduleTest, S5_3_6_CancelledFiringRegistersTheStoredTimeAgain) {
  schedule_.set(a_, 0);
  runAt(0);
  schedule_.set(a_, 8'000);
  EXPECT_EQ(complete(AlarmOutcome::kCancelled, 0), AlarmVerdict::kReplaced);
  EXPECT_EQ(runAt(8'000).scheduledAt, 8'000);
  EXPECT_EQ(complete(AlarmOutcome::kCancelled, 8'000), AlarmVerdict::kDone);
  EXPECT_EQ(schedule_.pending(), 0U);
}

TEST_F(AlarmScheduleTest, S5_4_5_AbandonAfterARetryKeepsAnAlarmSetMeanwhile) {
  schedule_.set(a_, 0);
  runAt(0);
  EXPECT_EQ(complete(AlarmOutcome::kFailure, 0), AlarmVerdict::kRetry);
  EXPECT_EQ(runAt(2'000).retryCount, 1U);
  schedule_.set(a_, 9'000);
  EXPECT_EQ(complete(AlarmOutcome::kAbandon, 2'000), AlarmVerdict::kReplaced);
  const DueAlarm next = runAt(9'000);
  EXPECT_EQ(next.scheduledAt, 9'000);
  EXPECT_EQ(next.retryCount, 0U);
}

TEST_F(AlarmScheduleTest, CountsWhatRuns) {
  schedule_.set(a_, 0);
  schedule_.set(b_, 0);
  EXPECT_EQ(schedule_.running(), 0U);
  EXPECT_EQ(due(0, 1).size(), 1U);
  EXPECT_EQ(schedule_.running(), 1U);
  EXPECT_EQ(due(0, 1).size(), 1U);
  EXPECT_EQ(schedule_.running(), 2U);
  complete(AlarmOutcome::kFailure, 0);
  EXPECT_EQ(schedule_.running(), 1U) << "one waits for its retry";
  schedule_.completed(b_, AlarmOutcome::kSuccess, 0, 0);
  EXPECT_EQ(schedule_.running(), 0U);
  EXPECT_EQ(schedule_.pending(), 1U);
}

TEST_F(AlarmScheduleTest, S5_4_7_SetWhileWaitingForARetryReplacesIt) {
  schedule_.set(a_, 0);
  runAt(0);
  complete(AlarmOutcome::kFailure, 0);
  schedule_.set(a_, 500);
  EXPECT_EQ(runAt(500).retryCount, 0U);
}

TEST_F(AlarmScheduleTest, CompletionOfNoRunChangesNothing) {
  EXPECT_EQ(complete(AlarmOutcome::kFailure, 0), AlarmVerdict::kDone);
  schedule_.set(a_, 1'000);
  EXPECT_EQ(complete(AlarmOutcome::kSuccess, 0), AlarmVerdict::kDone);
  EXPECT_EQ(schedule_.nextDue(), 1'000);
}

TEST_F(AlarmScheduleTest, DueGivesAtMostAsManyAsAskedEarliestFirst) {
  schedule_.set(b_, 20);
  schedule_.set(a_, 10);
  const std::vector<DueAlarm> first = due(100, 1);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first.front().actor, a_);
  const std::vector<DueAlarm> second = due(100, 1);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second.front().actor, b_);
}

// Against a std::map: what is due, and in what order, after any sequence of set and clear.
TEST_F(AlarmScheduleTest, AgreesWithAMapUnderRandomUse) {
  std::mt19937 random(20);
  std::map<uint32_t, TimestampMs> model;
  TimestampMs now = 0;
  for (int step = 0; step < 100'000; ++step) {
    const uint32_t number = random() % 300;
    const uint32_t choice = random() % 10;
    if (choice < 6) {
      model[number] = now + random() % 1'000;
      schedule_.set(keyOf(number), model[number]);
    } else if (choice < 9) {
      model.erase(number);
      schedule_.clear(keyOf(number));
    } else {
      now += random() % 100;
      TimestampMs previous = 0;
      for (const DueAlarm& alarm : due(now, 1'000)) {
        const uint32_t found = alarm.actor.id.bytes[0] + 256U * alarm.actor.id.bytes[1];
        ASSERT_EQ(model.count(found), 1U);
        ASSERT_EQ(model[found], alarm.scheduledAt);
        ASSERT_LE(previous, alarm.scheduledAt);
        previous = alarm.scheduledAt;
        model.erase(found);
        schedule_.completed(alarm.actor, AlarmOutcome::kSuccess, now, 0);
      }
      for (const auto& [left, at] : model) ASSERT_GT(at, now) << left;
    }
    ASSERT_EQ(schedule_.pending(), model.size());
  }
}

TEST_F(AlarmScheduleTest, MillionAlarms) {
  constexpr uint32_t kCount = 1'000'000;
  for (uint32_t number = 0; number < kCount; ++number) {
    schedule_.set(keyOf(number), (number * 7919U) % kCount);
  }
  for (uint32_t number = 0; number < kCount; number += 2) schedule_.clear(keyOf(number));
  EXPECT_EQ(schedule_.pending(), kCount / 2);
  EXPECT_EQ(due(kCount, kCount).size(), kCount / 2);
}

TEST_F(AlarmScheduleTest, GoesBackToWhatWasSaved) {
  schedule_.set(a_, 1'000);
  runAt(1'000);
  EXPECT_EQ(complete(AlarmOutcome::kFailure, 1'000), AlarmVerdict::kRetry);
  const std::vector<AlarmSchedule::Saved> saved = schedule_.save();
  schedule_.clear(a_);
  schedule_.set(b_, 10);
  schedule_.restore(saved);
  EXPECT_EQ(schedule_.pending(), 1U);
  EXPECT_EQ(schedule_.nextDue(), 3'000) << "a retry that waits goes on waiting";
  EXPECT_EQ(runAt(3'000).retryCount, 1U);
}

TEST_F(AlarmScheduleTest, WhatRanWhenItWasSavedWaitsAgain) {
  schedule_.set(a_, 1'000);
  runAt(1'000);
  const std::vector<AlarmSchedule::Saved> saved = schedule_.save();
  EXPECT_EQ(complete(AlarmOutcome::kSuccess, 1'000), AlarmVerdict::kDone);
  schedule_.restore(saved);
  EXPECT_EQ(schedule_.running(), 0U);
  EXPECT_EQ(runAt(1'000).actor, a_);
  schedule_.restore({});
  EXPECT_EQ(schedule_.pending(), 0U);
  EXPECT_EQ(complete(AlarmOutcome::kFailure, 1'000), AlarmVerdict::kDone);
}

}  // namespace
}  // namespace holdfast::core
