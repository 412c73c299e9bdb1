// Traces of one shard: what JavaScript is told, what reaches the engine and the server, in which
// order.
#include "host/shard.h"

#include <gtest/gtest.h>

#include "host/fake_world.h"

namespace holdfast::host {
namespace {

constexpr TimestampMs kNow = 1'700'000'000'000;  // where ManualClock starts

class ShardTest : public ::testing::Test {
 protected:
  FakeWorld world_;
};

TEST_F(ShardTest, S2_1_2_AnInstanceIsStartedAloneThenItsEventsCome) {
  const ActorHandle one = world_.actor(1);
  world_.call(one, 5);
  world_.call(one, 6);
  EXPECT_EQ(world_.run(), Trace{"start 01"});
  EXPECT_EQ(world_.run(), Trace{"call 01 #5"});
  EXPECT_EQ(world_.run(), Trace{"call 01 #6"});
  EXPECT_TRUE(world_.run().empty());
  EXPECT_TRUE(world_.take().empty()) << "an object that stores nothing opens nothing (S1.1.4)";
}

TEST_F(ShardTest, RequestsOfTheNetworkGoStraightToJavaScript) {
  net::RequestHead head;
  head.request = makeHandle(7, 1);
  world_.push(std::move(head));
  EXPECT_EQ(world_.collect(), Trace{"request 7"});
}

TEST_F(ShardTest, S12_1_AResponseAfterAWriteLeavesOnlyStamped) {
  const ActorHandle one = world_.started(1);
  world_.write(one);
  world_.respond(1, "saved", one);
  EXPECT_EQ(world_.take(), Trace{"open 01"}) << "nothing leaves before the turn ends";
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), (Trace{"commit 01 lsn 1", "respond 1 'saved' after 1"}));
}

TEST_F(ShardTest, S12_1_AResponseBeforeTheWriteInTheSameTurnIsNotHeldByIt) {
  const ActorHandle one = world_.started(1);
  world_.respond(1, "before", one);
  world_.write(one);
  world_.respond(2, "after", one);
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), (Trace{"open 01", "commit 01 lsn 1", "respond 1 'before'",
                                  "respond 2 'after' after 1"}));
}

TEST_F(ShardTest, S2_6_2_AReadOnlyTurnWaitsForTheWriteBeforeIt) {
  const ActorHandle one = world_.started(1);
  world_.write(one);
  world_.shard.endTurn();
  world_.take();
  world_.respond(1, "read", one);
  world_.respond(2, "stateless", kNoHandle);
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), (Trace{"respond 1 'read' after 1", "respond 2 'stateless'"}));
}

TEST_F(ShardTest, S1_15_1_AFacetIsAnActorOfItsOwn) {
  const ActorHandle parent = world_.started(1);
  const ActorHandle facet = world_.shard.openActor({world_.ns, FakeWorld::id(1), 7}, std::nullopt);
  EXPECT_NE(facet, parent);
  EXPECT_EQ(world_.shard.objectName(parent).value().idHex, core::idToHex(FakeWorld::id(1)));
  EXPECT_EQ(world_.shard.objectName(facet).value().idHex, core::idToHex(FakeWorld::id(1)) + ".7");
  EXPECT_EQ(world_.shard.rootName(facet).value().idHex, core::idToHex(FakeWorld::id(1)));
  EXPECT_EQ(world_.shard.openActor({world_.ns, FakeWorld::id(1), 7}, std::nullopt), facet);
  EXPECT_NE(world_.shard.openActor({world_.ns, FakeWorld::id(1), 8}, std::nullopt), facet);
}

TEST_F(ShardTest, S1_15_3_WhatAParentSaysWaitsForTheEndOfItsFacets) {
  const ActorHandle parent = world_.started(1);
  ASSERT_TRUE(world_.shard.deleteFacets(parent, {1, 2}).ok());
  EXPECT_EQ(world_.take(), (Trace{"open 01", "open 01", "commit 01 lsn 1", "close 01", "open 01",
                                  "commit 01 lsn 2", "close 01"}));
  world_.respond(1, "deleted", parent);
  EXPECT_NE(world_.shard.gate(parent), 0U);
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), Trace{"respond 1 'deleted' after 2"});
}

TEST_F(ShardTest, ATurnPostsToTheServerOnceAndNotAtAllWithoutOutputs) {
  const ActorHandle one = world_.started(1);
  world_.shard.endTurn();
  EXPECT_EQ(world_.server.posts, 0);
  world_.respond(1, "a", one);
  world_.respond(2, "b", kNoHandle);
  world_.shard.endTurn();
  EXPECT_EQ(world_.server.posts, 1);
}

TEST_F(ShardTest, S3_10_1_OutputsWithinATransactionWaitForWhatWasCommittedBeforeItAlone) {
  const ActorHandle one = world_.started(1);
  world_.write(one);
  world_.respond(1, "before", one);
  ASSERT_TRUE(world_.shard.openTransaction(one).ok());
  world_.write(one);
  world_.respond(2, "inside", one);
  const core::Ticket inside = world_.shard.gate(one);
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), (Trace{"open 01", "commit 01 lsn 1", "respond 1 'before' after 1",
                                  "respond 2 'inside' after 1"}));
  world_.push(DurableReached{1});
  EXPECT_EQ(world_.collect(), Trace{"gate " + std::to_string(inside)});
  EXPECT_EQ(world_.shard.gate(one), 0U) << "else a transaction that awaits its own call hangs";
  world_.respond(3, "still inside", one);
  world_.releaseSavepoint(one);
  world_.respond(4, "after", one);
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), (Trace{"commit 01 lsn 2", "respond 3 'still inside' after 1",
                                  "respond 4 'after' after 2"}));
}

TEST_F(ShardTest, S2_6_2_AGateTicketOpensWhenItsCommitIsDurable) {
  const ActorHandle one = world_.started(1);
  EXPECT_EQ(world_.shard.gate(one), 0U) << "nothing written";
  world_.write(one);
  const core::Ticket ticket = world_.shard.gate(one);
  ASSERT_NE(ticket, 0U);
  world_.shard.endTurn();
  EXPECT_TRUE(world_.collect().empty());
  world_.push(DurableReached{1});
  EXPECT_EQ(world_.collect(), Trace{"gate " + std::to_string(ticket)});
  EXPECT_EQ(world_.shard.gate(one), 0U);
}

TEST_F(ShardTest, S2_6_5_NothingWaitsForAnUnconfirmedWriteAlone) {
  const ActorHandle one = world_.started(1);
  world_.writeUnconfirmed(one);
  EXPECT_EQ(world_.shard.gate(one), 0U);
  world_.respond(1, "in the turn", one);
  world_.shard.endTurn();
  world_.take();
  EXPECT_EQ(world_.shard.gate(one), 0U);
  world_.respond(2, "in a later one", one);
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), Trace{"respond 2 'in a later one'"});
  world_.writeUnconfirmed(one);
  world_.write(one);
  world_.writeUnconfirmed(one);
  EXPECT_NE(world_.shard.gate(one), 0U) << "one confirmed write of the turn is enough";
  world_.shard.endTurn();
  world_.push(DurableReached{2});
  world_.run();
  world_.writeUnconfirmed(one);
  world_.shard.endTurn();
  world_.take();
  world_.respond(3, "the confirmed one is durable", one);
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), Trace{"respond 3 'the confirmed one is durable' after 2"});
}

TEST_F(ShardTest, S3_12_SyncWaitsForUnconfirmedWrites) {
  const ActorHandle one = world_.started(1);
  EXPECT_EQ(world_.shard.syncTicket(one), 0U);
  world_.writeUnconfirmed(one);
  const core::Ticket inTurn = world_.shard.syncTicket(one);
  world_.shard.endTurn();
  const core::Ticket after = world_.shard.syncTicket(one);
  ASSERT_NE(inTurn, 0U);
  ASSERT_NE(after, 0U);
  EXPECT_TRUE(world_.collect().empty());
  world_.push(DurableReached{1});
  EXPECT_EQ(world_.collect(),
            (Trace{"gate " + std::to_string(inTurn), "gate " + std::to_string(after)}));
  EXPECT_EQ(world_.shard.syncTicket(one), 0U);
}

TEST_F(ShardTest, S2_6_5_AnUnconfirmedWriteThatIsLostTakesTheActorWithIt) {
  const ActorHandle one = world_.started(1);
  world_.writeUnconfirmed(one);
  world_.respond(1, "left before", one);
  world_.engine.commitError = Status(Code::kIo, "disk full");
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), (Trace{"open 01", "respond 1 'left before'"}));
  EXPECT_NE(world_.shard.gate(one), 0U);
  world_.respond(2, "never", one);
  EXPECT_EQ(world_.collect(), Trace{"commit failed 01: disk full"});
  world_.shard.endTurn();
  EXPECT_TRUE(world_.take().empty());
}

TEST_F(ShardTest, S2_6_5_AfterAFlushFailureUnconfirmedWritesAreLostToo) {
  const ActorHandle one = world_.started(1);
  world_.writeUnconfirmed(one);
  world_.shard.endTurn();
  world_.push(FlushFailed{"fsync: Input/output error"});
  world_.run();
  world_.respond(1, "never", one);
  EXPECT_NE(world_.shard.gate(one), 0U);
  EXPECT_EQ(world_.collect(), Trace{"commit failed 01: fsync: Input/output error"});
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), (Trace{"open 01", "commit 01 lsn 1"}));
}

TEST_F(ShardTest, S2_6_2_ATicketOfACommitThatChangedNothingOpensWithoutAnotherFlush) {
  const ActorHandle one = world_.started(1);
  static_cast<void>(world_.shard.database(one).value()->remove("no such key"));
  world_.shard.noteWrite(one);
  const core::Ticket ticket = world_.shard.gate(one);
  ASSERT_NE(ticket, 0U) << "the transaction is open: nobody knows yet that it changes nothing";
  world_.shard.endTurn();
  EXPECT_TRUE(world_.shard.hasReady());
  EXPECT_EQ(world_.collect(), Trace{"gate " + std::to_string(ticket)});
}

TEST_F(ShardTest, S2_6_6_AFailedCommitDropsItsOutputsAndTellsJavaScript) {
  const ActorHandle one = world_.started(1);
  const ActorHandle two = world_.started(2);
  world_.engine.commitError = Status(Code::kIo, "disk full");
  world_.write(one);
  world_.respond(1, "never", one);
  world_.respond(2, "unconcerned", two);
  ASSERT_NE(world_.shard.gate(one), 0U);
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), (Trace{"open 01", "respond 2 'unconcerned'"}));
  EXPECT_TRUE(world_.shard.hasReady())
      << "the turn that tells JavaScript must come without a doorbell";
  EXPECT_EQ(world_.collect(), Trace{"commit failed 01: disk full"});
  world_.shard.breakActor(one);
  world_.push(DurableReached{100});
  EXPECT_TRUE(world_.collect().empty()) << "a lost ticket never opens";
}

TEST_F(ShardTest, S2_6_6_NothingOfAnActorRunsOrLeavesBetweenItsFailedCommitAndItsEnd) {
  const ActorHandle one = world_.started(1);
  world_.engine.commitError = Status(Code::kIo, "disk full");
  world_.write(one);
  world_.shard.endTurn();
  world_.engine.commitError = {};
  EXPECT_FALSE(world_.shard.isOpenFor(one, 0));
  EXPECT_FALSE(world_.shard.database(one).ok());
  world_.respond(1, "never", one);
  const core::Ticket ticket = world_.shard.gate(one);
  EXPECT_NE(ticket, 0U);
  world_.shard.endTurn();
  world_.push(DurableReached{100});
  EXPECT_EQ(world_.run(), Trace{"commit failed 01: disk full"});
  EXPECT_EQ(world_.take(), Trace{"open 01"});
  world_.shard.breakActor(one);
  EXPECT_TRUE(world_.shard.database(world_.actor(1)).ok());
}

TEST_F(ShardTest, S2_7_3_NoEventReachesAnInstanceInTheTurnThatBreaksIt) {
  const ActorHandle one = world_.started(1);
  world_.engine.commitError = Status(Code::kIo, "disk full");
  world_.write(one);
  world_.call(one, 9);
  world_.shard.endTurn();
  EXPECT_EQ(world_.collect(), Trace{"commit failed 01: disk full"})
      << "the call would be lost with the instance";
  EXPECT_EQ(world_.shard.breakActor(one), std::vector<uint32_t>{9});
}

TEST_F(ShardTest, S2_7_BreakingHandsBackCallsRollsBackAndLeavesOthersAlone) {
  const ActorHandle one = world_.started(1);
  const ActorHandle two = world_.started(2);
  world_.write(one);
  world_.respond(1, "never", one);
  world_.call(one, 7);
  world_.call(one, 8);
  world_.call(two, 9);
  EXPECT_EQ(world_.shard.breakActor(one), (std::vector<uint32_t>{7, 8}));
  EXPECT_TRUE(world_.shard.breakActor(one).empty()) << "stale";
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), (Trace{"open 01", "rollback 01", "close 01"}));
  EXPECT_EQ(world_.run(), Trace{"call 02 #9"});
  const ActorHandle again = world_.actor(1);
  EXPECT_NE(again, one);
  world_.call(again, 10);
  EXPECT_EQ(world_.run(), Trace{"start 01"});
}

TEST_F(ShardTest, S1_9_4_AStaleHandleIsRefusedEverywhere) {
  const ActorHandle one = world_.started(1);
  world_.shard.breakActor(one);
  EXPECT_EQ(world_.shard.database(one).status().code(), Code::kNotFound);
  EXPECT_EQ(world_.shard.post(one, {}), core::PostResult::kStale);
  EXPECT_EQ(world_.shard.keyOf(one), nullptr);
  EXPECT_EQ(world_.shard.gate(one), 0U);
  EXPECT_FALSE(world_.shard.finished(one));
  world_.shard.evicted(one);
  world_.shard.noteWrite(one);
  world_.shard.endTurn();
  EXPECT_TRUE(world_.take().empty());
}

TEST_F(ShardTest, S2_2_3_EvictionAfterIdlenessClosesTheStore) {
  const ActorHandle one = world_.started(1);
  static_cast<void>(world_.shard.database(one));
  world_.clock.advance(9'999);
  EXPECT_TRUE(world_.run().empty());
  EXPECT_EQ(world_.shard.nextWakeMs(), 1);
  world_.clock.advance(1);
  EXPECT_EQ(world_.run(), Trace{"evict 01"});
  world_.shard.evicted(one);
  EXPECT_EQ(world_.take(), (Trace{"open 01", "close 01"}));
  EXPECT_EQ(world_.shard.counts().running, 0U);
}

TEST_F(ShardTest, AFlushFailureIsTold) {
  world_.push(FlushFailed{"fsync: Input/output error"});
  EXPECT_EQ(world_.collect(), Trace{"flush failed: fsync: Input/output error"});
}

TEST_F(ShardTest, AfterAFlushFailureWhatWouldWaitForEverIsLost) {
  const ActorHandle one = world_.started(1);
  world_.write(one);
  world_.shard.endTurn();
  world_.push(FlushFailed{"fsync: Input/output error"});
  world_.run();
  world_.shard.breakActor(one);
  // Another instance reads what no log holds.
  const ActorHandle again = world_.started(1);
  static_cast<void>(world_.shard.database(again));
  EXPECT_NE(world_.shard.gate(again), 0U);
  EXPECT_EQ(world_.collect(), Trace{"commit failed 01: fsync: Input/output error"});
  world_.shard.breakActor(again);
  // What depends on nothing undurable goes on.
  const ActorHandle two = world_.started(2);
  EXPECT_EQ(world_.shard.gate(two), 0U);
  EXPECT_TRUE(world_.collect().empty());
}

TEST_F(ShardTest, TheDoorbellIsRungOncePerBatch) {
  EXPECT_TRUE(world_.shard.push(RequestDone{1, true}));
  EXPECT_FALSE(world_.shard.push(RequestDone{2, true}));
  world_.collect();
  EXPECT_TRUE(world_.shard.push(RequestDone{3, true}));
}

// Alarms.

class ShardAlarmTest : public ShardTest {
 protected:
  // Runs turns until nothing is ready; alarms delivered are answered by `outcome`.
  Trace runAll(core::AlarmOutcome outcome) {
    Trace all;
    for (;;) {
      const Trace turn = world_.run();
      if (turn.empty()) return all;
      all.insert(all.end(), turn.begin(), turn.end());
      for (const TurnEvent& event : world_.turn.events) {
        const auto* delivery = std::get_if<core::Delivery>(&event);
        if (delivery == nullptr || delivery->event.kind != core::EventKind::kAlarm) continue;
        world_.shard.alarmOver(delivery->actor, outcome, std::nullopt);
      }
    }
  }
};

TEST_F(ShardAlarmTest, S12_7_AnAlarmRunsOnlyWhenItsRecordIsDurable) {
  const ActorHandle one = world_.started(1);
  world_.setAlarm(one, kNow + 50);
  world_.shard.endTurn();
  world_.clock.advance(100);
  EXPECT_TRUE(world_.run().empty()) << "committed, not durable";
  world_.push(DurableReached{1});
  EXPECT_EQ(world_.run(), Trace{"alarm 01"});
  EXPECT_EQ(std::get<core::Delivery>(world_.turn.events[0]).event.at, kNow + 50);
}

TEST_F(ShardAlarmTest, TheRunOfALiveInstanceEndsWithItsEvent) {
  const ActorHandle one = world_.started(1);
  world_.setAlarm(one, kNow);
  world_.shard.endTurn();
  world_.push(DurableReached{1});
  EXPECT_EQ(world_.run(), Trace{"alarm 01"});
  EXPECT_FALSE(world_.shard.evictNow(one)) << "its event is under way";
  EXPECT_EQ(world_.shard.alarmOver(one, core::AlarmOutcome::kFailure, std::nullopt),
            core::AlarmVerdict::kRetry);
  EXPECT_TRUE(world_.shard.evictNow(one));
  world_.shard.breakActor(one);
  EXPECT_EQ(world_.shard.alarmOver(one, core::AlarmOutcome::kFailure, std::nullopt),
            core::AlarmVerdict::kDone)
      << "a stale handle";
}

TEST_F(ShardAlarmTest, S5_4_5_AnAlarmThatIsGivenUpLeavesTheStoreWithoutAnInstance) {
  const ActorKey key = world_.key(1);
  const auto stored = [this](ActorHandle actor) {
    return world_.shard.database(actor).value()->getAlarm().value();
  };
  ActorHandle one = world_.started(1);
  world_.setAlarm(one, kNow);
  world_.shard.endTurn();
  world_.shard.breakActor(one);
  EXPECT_TRUE(world_.shard.dropAlarm(key, kNow + 1).ok());
  one = world_.started(1);
  EXPECT_EQ(stored(one), kNow) << "it has another one";
  world_.shard.breakActor(one);
  EXPECT_TRUE(world_.shard.dropAlarm(key, kNow).ok());
  one = world_.started(1);
  EXPECT_EQ(stored(one), std::nullopt);
}

TEST_F(ShardAlarmTest, S5_2_3_NeverEarly) {
  const ActorHandle one = world_.started(1);
  world_.setAlarm(one, kNow + 50);
  world_.shard.endTurn();
  world_.push(DurableReached{1});
  EXPECT_TRUE(world_.run().empty());
  EXPECT_EQ(world_.shard.nextWakeMs(), 50);
  world_.clock.advance(49);
  EXPECT_TRUE(world_.run().empty());
  world_.clock.advance(1);
  EXPECT_EQ(world_.run(), Trace{"alarm 01"});
}

TEST_F(ShardAlarmTest, S5_6_1_AnAlarmOfALostCommitIsNotScheduled) {
  const ActorHandle one = world_.started(1);
  world_.engine.commitError = Status(Code::kIo, "disk full");
  world_.setAlarm(one, kNow);
  world_.shard.endTurn();
  world_.push(DurableReached{10});
  EXPECT_EQ(world_.collect(), Trace{"commit failed 01: disk full"});
}

TEST_F(ShardAlarmTest, S5_2_4_OneRunAtATimeAndAgainAfterAFailure) {
  const ActorHandle one = world_.started(1);
  world_.setAlarm(one, kNow);
  world_.shard.endTurn();
  world_.push(DurableReached{1});
  EXPECT_EQ(world_.run(), Trace{"alarm 01"});
  EXPECT_TRUE(world_.run().empty());
  EXPECT_EQ(world_.shard.alarmCompleted(world_.key(1), core::AlarmOutcome::kFailure, std::nullopt),
            core::AlarmVerdict::kRetry);
  world_.shard.finished(one);
  // S5.4.2: two seconds and up to a quarter.
  world_.clock.advance(1'999);
  EXPECT_TRUE(world_.run().empty());
  world_.clock.advance(501);
  EXPECT_EQ(world_.run(), Trace{"alarm 01 #1"});
}

TEST_F(ShardAlarmTest, S5_4_4_AnAlarmThatWaitedInABrokenObjectIsTriedAgainUncounted) {
  const ActorHandle one = world_.actor(1);
  world_.call(one, 5);
  EXPECT_EQ(world_.collect(), Trace{"start 01"});  // the constructor does not return
  world_.engine.alarms = {FakeWorld::stored(1, kNow)};
  ASSERT_TRUE(world_.shard.start().ok());
  EXPECT_TRUE(world_.collect().empty()) << "it waits behind the start";
  EXPECT_EQ(world_.shard.breakActor(one), std::vector<uint32_t>{5});
  const std::optional<int64_t> wait = world_.shard.nextWakeMs();
  ASSERT_TRUE(wait);
  world_.clock.advance(*wait + 1'000);
  EXPECT_EQ(runAll(core::AlarmOutcome::kSuccess), (Trace{"start 01", "alarm 01"}));
}

TEST_F(ShardAlarmTest, S5_6_4_OverdueAlarmsOfAStartAreSpreadOverTurns) {
  ShardOptions options;
  options.alarmsPerTurn = 2;
  FakeWorld world(options);
  for (const uint8_t first : {1, 2, 3, 4, 5})
    world.engine.alarms.push_back(FakeWorld::stored(first, kNow - first));
  ASSERT_TRUE(world.shard.start().ok());
  EXPECT_EQ(world.shard.nextWakeMs(), 0);
  EXPECT_EQ(world.run(), (Trace{"start 05", "start 04"}));
  EXPECT_EQ(world.run(), (Trace{"alarm 05", "alarm 04", "start 03", "start 02"}));
  EXPECT_EQ(world.run(), (Trace{"alarm 03", "alarm 02", "start 01"}));
  EXPECT_EQ(world.run(), Trace{"alarm 01"});
  EXPECT_TRUE(world.run().empty());
}

TEST_F(ShardAlarmTest, S5_2_3_DueAlarmsWaitWhileAsManyRunAsMay) {
  ShardOptions options;
  options.alarmsRunningMax = 2;
  FakeWorld world(options);
  for (const uint8_t first : {1, 2, 3})
    world.engine.alarms.push_back(FakeWorld::stored(first, kNow - first));
  ASSERT_TRUE(world.shard.start().ok());
  EXPECT_EQ(world.run(), (Trace{"start 03", "start 02"}));
  EXPECT_EQ(world.run(), (Trace{"alarm 03", "alarm 02"}));
  EXPECT_TRUE(world.run().empty()) << "both still run";
  EXPECT_NE(world.shard.nextWakeMs(), 0) << "nothing to wake for";
  world.shard.alarmCompleted(world.key(3), core::AlarmOutcome::kSuccess, std::nullopt);
  EXPECT_EQ(world.shard.nextWakeMs(), 0);
  EXPECT_EQ(world.run(), Trace{"start 01"});
  EXPECT_EQ(world.run(), Trace{"alarm 01"});
}

TEST_F(ShardAlarmTest, S1_2_4_AnAlarmThatWakesAnObjectKnowsItsName) {
  world_.engine.alarms = {FakeWorld::stored(1, kNow)};
  world_.engine.alarms[0].hasActorName = true;
  world_.engine.alarms[0].actorName = "lobby";
  ASSERT_TRUE(world_.shard.start().ok());
  EXPECT_EQ(world_.run(), Trace{"start 01"});
  const std::string* name = world_.shard.nameOf(world_.actor(1));
  ASSERT_NE(name, nullptr);
  EXPECT_EQ(*name, "lobby");
}

TEST_F(ShardAlarmTest, S5_3_6_ACancelledRunGoesBackToTheStoredTimeAndKeepsTheName) {
  world_.engine.alarms = {FakeWorld::stored(1, kNow)};
  world_.engine.alarms[0].hasActorName = true;
  world_.engine.alarms[0].actorName = "lobby";
  ASSERT_TRUE(world_.shard.start().ok());
  world_.run();
  EXPECT_EQ(world_.run(), Trace{"alarm 01"});
  world_.shard.alarmCompleted(world_.key(1), core::AlarmOutcome::kCancelled, kNow + 20'000);
  world_.shard.finished(world_.actor(1));
  world_.clock.advance(10'000);
  EXPECT_EQ(world_.run(), Trace{"evict 01"});
  world_.shard.evicted(world_.actor(1));
  world_.clock.advance(10'000);
  EXPECT_EQ(world_.run(), Trace{"start 01"});
  const std::string* name = world_.shard.nameOf(world_.actor(1));
  ASSERT_NE(name, nullptr) << "S1.2.4";
  EXPECT_EQ(*name, "lobby");
}

TEST_F(ShardAlarmTest, S5_3_6_ASpuriousEntryOfTheIndexIsForgotten) {
  world_.engine.alarms = {FakeWorld::stored(1, kNow)};
  ASSERT_TRUE(world_.shard.start().ok());
  world_.run();
  EXPECT_EQ(world_.run(), Trace{"alarm 01"});
  world_.take();
  world_.shard.alarmCompleted(world_.key(1), core::AlarmOutcome::kCancelled, std::nullopt);
  EXPECT_EQ(world_.take(), Trace{"forget alarm 01"}) << "else every start fires it again";
  EXPECT_TRUE(world_.run().empty());
}

TEST_F(ShardAlarmTest, NextWakeIsTheSoonestOfIdlenessAndAlarms) {
  EXPECT_EQ(world_.shard.nextWakeMs(), std::nullopt);
  const ActorHandle one = world_.started(1);
  EXPECT_EQ(world_.shard.nextWakeMs(), 10'000);
  world_.setAlarm(one, kNow + 300);
  world_.shard.endTurn();
  world_.push(DurableReached{1});
  world_.run();
  EXPECT_EQ(world_.shard.nextWakeMs(), 300);
  world_.clock.advance(400);
  EXPECT_EQ(world_.shard.nextWakeMs(), 0) << "never negative";
}

}  // namespace
}  // namespace holdfast::host
