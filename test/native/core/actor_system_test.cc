#include "core/actor_system.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace holdfast::core {
namespace {

ActorKey keyOf(uint32_t number) {
  ActorKey key;
  for (size_t i = 0; i < 4; ++i) key.id.bytes[i] = static_cast<uint8_t>(number >> (8 * i));
  return key;
}

Event task(uint32_t token, SectionId section = 0) {
  Event event;
  event.kind = EventKind::kTask;
  event.token = token;
  event.section = section;
  return event;
}

Event call(uint32_t token, std::string payload = {}) {
  Event event;
  event.token = token;
  event.payload = Bytes(std::move(payload));
  return event;
}

class ActorSystemTest : public ::testing::Test {
 protected:
  std::vector<Delivery> turn(size_t most = 100) {
    std::vector<Delivery> deliveries;
    system_.takeTurn(most, deliveries);
    return deliveries;
  }
  // The token of the only delivery of a turn; 0 when there is none.
  uint32_t nextToken() {
    const std::vector<Delivery> deliveries = turn();
    EXPECT_LE(deliveries.size(), 1U);
    return deliveries.empty() ? 0 : deliveries.front().event.token;
  }
  ActorHandle running(uint32_t number) {
    const ActorHandle actor = system_.open(keyOf(number), std::nullopt);
    EXPECT_EQ(system_.post(actor, task(1), 0), PostResult::kQueued);
    EXPECT_EQ(turn().size(), 1U);
    EXPECT_TRUE(system_.started(actor));
    EXPECT_EQ(nextToken(), 1U);
    EXPECT_TRUE(system_.finished(actor, 0));
    return actor;
  }

  ActorLimits limits_;
  ActorSystem system_{limits_};
};

TEST_F(ActorSystemTest, S2_1_2_StartComesAloneAndFirst) {
  const ActorHandle actor = system_.open(keyOf(1), "one");
  EXPECT_FALSE(system_.hasReady());
  EXPECT_EQ(system_.post(actor, call(7), 0), PostResult::kQueued);
  const std::vector<Delivery> first = turn();
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first.front().actor, actor);
  EXPECT_EQ(first.front().event.kind, EventKind::kStart);
  EXPECT_TRUE(turn().empty());
  EXPECT_TRUE(system_.started(actor));
  EXPECT_EQ(nextToken(), 7U);
}

TEST_F(ActorSystemTest, S1_2_4_TheFirstNameIsKept) {
  const ActorHandle actor = system_.open(keyOf(1), std::nullopt);
  EXPECT_EQ(system_.nameOf(actor), nullptr);
  system_.open(keyOf(1), "one");
  system_.open(keyOf(1), "two");
  ASSERT_NE(system_.nameOf(actor), nullptr);
  EXPECT_EQ(*system_.nameOf(actor), "one");
  ASSERT_NE(system_.keyOf(actor), nullptr);
  EXPECT_EQ(*system_.keyOf(actor), keyOf(1));
}

TEST_F(ActorSystemTest, OneEventPerActorPerTurnAndActorsTakeTurns) {
  const ActorHandle a = running(1);
  const ActorHandle b = running(2);
  for (const uint32_t token : {10U, 11U, 12U}) (void)system_.post(a, call(token), 0);
  (void)system_.post(b, call(20), 0);
  std::vector<Delivery> first = turn();
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[0].event.token, 10U);
  EXPECT_EQ(first[1].event.token, 20U);
  (void)system_.post(b, call(21), 0);
  EXPECT_EQ(turn(1).front().event.token, 11U);
  EXPECT_EQ(turn(1).front().event.token, 21U);
  EXPECT_EQ(turn(1).front().event.token, 12U);
}

TEST_F(ActorSystemTest, S1_12_1_OpenSectionHoldsEverythingElse) {
  const ActorHandle actor = running(1);
  (void)system_.post(actor, call(2), 0);
  const SectionId section = system_.openSection(actor, 0);
  ASSERT_NE(section, 0U);
  EXPECT_FALSE(system_.hasReady());
  (void)system_.post(actor, task(3, section), 0);
  EXPECT_EQ(nextToken(), 3U);
  EXPECT_EQ(nextToken(), 0U);
  EXPECT_TRUE(system_.closeSection(actor, section));
  EXPECT_EQ(nextToken(), 2U);
}

TEST_F(ActorSystemTest, S5_3_1_MailIsWhatWaitsWhetherTheGateLetsItPassOrNot) {
  const ActorHandle actor = running(1);
  EXPECT_FALSE(system_.hasMail(actor));
  const SectionId section = system_.openSection(actor, 0);
  (void)system_.post(actor, call(2), 0);
  EXPECT_TRUE(system_.hasMail(actor));
  EXPECT_TRUE(system_.closeSection(actor, section));
  EXPECT_EQ(nextToken(), 2U);
  EXPECT_FALSE(system_.hasMail(actor));
  (void)system_.break_(actor);
  EXPECT_FALSE(system_.hasMail(actor)) << "a stale handle";
}

TEST_F(ActorSystemTest, S1_12_2_SectionOpenedByTheConstructorComesBeforeTheFirstEvent) {
  const ActorHandle actor = system_.open(keyOf(1), std::nullopt);
  (void)system_.post(actor, call(2), 0);
  turn();
  const SectionId section = system_.openSection(actor, 0);
  (void)system_.post(actor, task(3, section), 0);
  EXPECT_FALSE(system_.hasReady());
  system_.started(actor);
  EXPECT_EQ(nextToken(), 3U);
  EXPECT_EQ(nextToken(), 0U);
  system_.closeSection(actor, section);
  EXPECT_EQ(nextToken(), 2U);
}

TEST_F(ActorSystemTest, S2_7_3_BreakHandsBackTheMailAndTheNextPostStartsAnew) {
  const ActorHandle actor = running(1);
  (void)system_.post(actor, call(2), 0);
  (void)system_.post(actor, call(3), 0);
  const std::vector<Event> waiting = system_.break_(actor);
  ASSERT_EQ(waiting.size(), 2U);
  EXPECT_EQ(waiting[0].token, 2U);
  EXPECT_EQ(waiting[1].token, 3U);
  EXPECT_EQ(system_.post(actor, call(4), 0), PostResult::kStale);
  const ActorHandle next = system_.open(keyOf(1), std::nullopt);
  EXPECT_NE(next, actor);
  EXPECT_EQ(system_.post(next, call(4), 0), PostResult::kQueued);
  EXPECT_EQ(turn().front().event.kind, EventKind::kStart);
}

TEST_F(ActorSystemTest, WhatAnEarlierInstanceLeftInFlightDoesNotDisturbTheNext) {
  const ActorHandle first = running(1);
  (void)system_.post(first, call(2), 0);
  turn();
  ASSERT_TRUE(system_.hold(first));
  (void)system_.break_(first);
  const ActorHandle second = running(1);
  ASSERT_TRUE(system_.hold(second));
  EXPECT_FALSE(system_.finished(first, 0));
  EXPECT_FALSE(system_.release(first, 0));
  EXPECT_TRUE(system_.break_(first).empty());
  system_.tick(1'000'000);
  EXPECT_FALSE(system_.hasReady());  // the hold of the second still counts
}

TEST_F(ActorSystemTest, S2_2_2_IdleInstanceIsEvictedAfterTenSeconds) {
  const ActorHandle actor = running(1);
  EXPECT_EQ(system_.nextDeadline(), 10'000);
  system_.tick(9'999);
  EXPECT_FALSE(system_.hasReady());
  system_.tick(10'000);
  const std::vector<Delivery> deliveries = turn();
  ASSERT_EQ(deliveries.size(), 1U);
  EXPECT_EQ(deliveries.front().event.kind, EventKind::kEvict);
  EXPECT_TRUE(system_.evicted(actor));
  EXPECT_EQ(system_.counts().records, 0U);
  EXPECT_EQ(system_.keyOf(actor), nullptr);
}

TEST_F(ActorSystemTest, S2_3_1_WhatIsInFlightOrHeldKeepsTheInstance) {
  const ActorHandle actor = running(1);
  (void)system_.post(actor, call(2), 0);
  turn();
  ASSERT_TRUE(system_.hold(actor));
  system_.finished(actor, 5'000);
  system_.tick(100'000);
  EXPECT_FALSE(system_.hasReady());
  EXPECT_FALSE(system_.evictNow(actor));
  system_.release(actor, 100'000);
  system_.tick(109'999);
  EXPECT_FALSE(system_.hasReady());
  system_.tick(110'000);
  EXPECT_TRUE(system_.hasReady());
}

TEST_F(ActorSystemTest, EventCancelsAQueuedEviction) {
  const ActorHandle actor = running(1);
  ASSERT_TRUE(system_.evictNow(actor));
  (void)system_.post(actor, call(2), 0);
  EXPECT_EQ(nextToken(), 2U);
  EXPECT_EQ(nextToken(), 0U);
}

TEST_F(ActorSystemTest, EventAfterADeliveredEvictionStartsTheNextInstance) {
  const ActorHandle actor = running(1);
  ASSERT_TRUE(system_.evictNow(actor));
  turn();
  EXPECT_EQ(system_.post(actor, call(2), 0), PostResult::kQueued);
  EXPECT_FALSE(system_.hasReady());
  EXPECT_TRUE(system_.evicted(actor));
  const std::vector<Delivery> deliveries = turn();
  ASSERT_EQ(deliveries.size(), 1U);
  EXPECT_EQ(deliveries.front().event.kind, EventKind::kStart);
  EXPECT_NE(deliveries.front().actor, actor);
  system_.started(deliveries.front().actor);
  EXPECT_EQ(nextToken(), 2U);
}

TEST_F(ActorSystemTest, S6_15_PinnedActorHibernatesAndKeepsItsName) {
  system_.open(keyOf(1), "room");
  const ActorHandle actor = running(1);
  system_.pin(keyOf(1));
  system_.pin(keyOf(1));
  EXPECT_EQ(system_.pinsAsleep(), 0U);
  system_.evictNow(actor);
  turn();
  system_.evicted(actor);
  EXPECT_EQ(system_.counts().hibernated, 1U);
  EXPECT_EQ(system_.pinsAsleep(), 2U);
  EXPECT_TRUE(system_.unpin(keyOf(1)));
  EXPECT_EQ(system_.pinsAsleep(), 1U);
  EXPECT_EQ(system_.counts().running, 0U);
  system_.tick(1'000'000);
  ASSERT_TRUE(system_.find(keyOf(1)));
  EXPECT_EQ(*system_.nameOf(*system_.find(keyOf(1))), "room");
  EXPECT_TRUE(system_.unpin(keyOf(1)));
  EXPECT_FALSE(system_.find(keyOf(1)));
  EXPECT_FALSE(system_.unpin(keyOf(1)));
}

TEST_F(ActorSystemTest, UnusedRecordIsDropped) {
  const ActorHandle actor = system_.open(keyOf(1), "one");
  ASSERT_TRUE(system_.nextDeadline());
  system_.tick(*system_.nextDeadline());
  EXPECT_EQ(system_.counts().records, 0U);
  EXPECT_EQ(system_.post(actor, call(1), 0), PostResult::kStale);
  EXPECT_EQ(system_.nextDeadline(), std::nullopt);
}

TEST_F(ActorSystemTest, S1_9_9_FullMailboxRefusesCallsButLosesNoContinuation) {
  ActorLimits limits;
  limits.mailboxEventsMax = 2;
  limits.mailboxBytesMax = 10;
  ActorSystem system(limits);
  const ActorHandle a = system.open(keyOf(1), std::nullopt);
  EXPECT_EQ(system.post(a, call(1, "12345"), 0), PostResult::kQueued);
  EXPECT_EQ(system.post(a, call(2, "123456"), 0), PostResult::kOverloaded);
  EXPECT_EQ(system.post(a, call(3), 0), PostResult::kQueued);
  EXPECT_EQ(system.post(a, call(4), 0), PostResult::kOverloaded);
  EXPECT_EQ(system.post(a, task(5), 0), PostResult::kQueued);
  EXPECT_EQ(system.break_(a).size(), 3U);
  // What was taken out counts no more.
  const ActorHandle b = system.open(keyOf(1), std::nullopt);
  EXPECT_EQ(system.post(b, call(6, "1234567890"), 0), PostResult::kQueued);
}

TEST_F(ActorSystemTest, NeverEvictLeavesEvictionToEvictNow) {
  ActorLimits limits;
  limits.idleEvictionMs = kNeverEvict;
  ActorSystem system(limits);
  const ActorHandle actor = system.open(keyOf(1), std::nullopt);
  (void)system.post(actor, task(1), 0);
  std::vector<Delivery> out;
  system.takeTurn(1, out);
  system.started(actor);
  system.takeTurn(1, out);
  system.finished(actor, 0);
  system.tick(1'000'000'000);
  EXPECT_FALSE(system.hasReady());
  EXPECT_EQ(system.nextDeadline(), std::nullopt);
  EXPECT_TRUE(system.evictNow(actor));
}

TEST_F(ActorSystemTest, HundredThousandRecordsAreSmallAndTickCostsWhatItEvicts) {
  constexpr uint32_t kCount = 100'000;
  EXPECT_LE(sizeof(ActorRecord), 168U);
  for (uint32_t number = 0; number < kCount; ++number) {
    (void)system_.post(system_.open(keyOf(number), std::nullopt), task(1), 0);
  }
  std::vector<Delivery> out;
  system_.takeTurn(kCount, out);
  ASSERT_EQ(out.size(), kCount);
  for (const Delivery& start : out) ASSERT_TRUE(system_.started(start.actor));
  out.clear();
  system_.takeTurn(kCount, out);
  ASSERT_EQ(out.size(), kCount);
  for (uint32_t i = 0; i < kCount; ++i) ASSERT_TRUE(system_.finished(out[i].actor, i));
  // A tick that looked at each record would take hours here.
  for (InstantMs now = 0; now < kCount; ++now) system_.tick(now);
  out.clear();
  system_.takeTurn(kCount, out);
  EXPECT_EQ(out.size(), kCount - 10'000);
}

TEST_F(ActorSystemTest, S2_4_1_ARestartKeepsTheMailButForTheOldInstancesOwn) {
  const ActorHandle old = running(1);
  const SectionId section = system_.openSection(old, 0);
  Event message;
  message.kind = EventKind::kSocketMessage;
  message.section = section;
  system_.post(old, task(7, section), 0);
  system_.post(old, call(8), 0);
  system_.post(old, std::move(message), 0);
  EXPECT_TRUE(system_.restart(old));
  EXPECT_FALSE(system_.restart(old));
  EXPECT_FALSE(system_.finished(old, 0));
  EXPECT_EQ(system_.post(old, call(9), 0), PostResult::kStale);

  const std::vector<Delivery> start = turn();
  ASSERT_EQ(start.size(), 1U);
  EXPECT_EQ(start.front().event.kind, EventKind::kStart);
  EXPECT_TRUE(system_.started(start.front().actor));
  EXPECT_EQ(nextToken(), 8U);
  const std::vector<Delivery> last = turn();
  ASSERT_EQ(last.size(), 1U);
  EXPECT_EQ(last.front().event.kind, EventKind::kSocketMessage);
  EXPECT_TRUE(turn().empty());
}

TEST_F(ActorSystemTest, ARestartWithoutMailLeavesNothingBehind) {
  const ActorHandle old = running(1);
  EXPECT_TRUE(system_.restart(old));
  EXPECT_EQ(system_.counts().records, 0U);
  EXPECT_EQ(system_.counts().running, 0U);
  system_.pin(keyOf(2));
  const ActorHandle pinned = running(2);
  EXPECT_TRUE(system_.restart(pinned));
  EXPECT_EQ(system_.counts().hibernated, 1U);
}

}  // namespace
}  // namespace holdfast::core
