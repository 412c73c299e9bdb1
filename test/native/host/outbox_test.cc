#include "host/outbox.h"

#include <gtest/gtest.h>

#include "host/fake_world.h"

namespace holdfast::host {
namespace {

constexpr ActorHandle kOne = makeHandle(1, 1);
constexpr ActorHandle kTwo = makeHandle(2, 1);

net::Command numbered(uint32_t number, Lsn after = 0) {
  net::Command command;
  command.kind = net::Command::Kind::kSocketSend;
  command.target = makeHandle(number, 1);
  command.after = after;
  return command;
}

Trace take(Outbox& outbox) {
  Trace out;
  for (const net::Command& command : outbox.take()) out.push_back(describe(command));
  return out;
}

TEST(OutboxTest, WhatDependsOnNothingLeavesAsItIs) {
  Outbox outbox;
  outbox.add(numbered(1), kNoHandle);
  outbox.add(numbered(2, 5), kNoHandle);
  EXPECT_EQ(take(outbox), (Trace{"send 1", "send 2 after 5"}));
  EXPECT_TRUE(take(outbox).empty());
}

TEST(OutboxTest, S12_1_MarkedCommandsStayUntilStamped) {
  Outbox outbox;
  outbox.add(numbered(1), kOne);
  outbox.add(numbered(2), kNoHandle);
  EXPECT_EQ(take(outbox), Trace{"send 2"});
  outbox.stamp(kOne, 7);
  EXPECT_EQ(take(outbox), Trace{"send 1 after 7"});
}

TEST(OutboxTest, S2_6_4_StampingKeepsTheOrder) {
  Outbox outbox;
  outbox.add(numbered(1), kOne);
  outbox.add(numbered(2), kTwo);
  outbox.add(numbered(3), kNoHandle);
  outbox.add(numbered(4), kOne);
  outbox.stamp(kTwo, 8);
  outbox.stamp(kOne, 9);
  EXPECT_EQ(take(outbox), (Trace{"send 1 after 9", "send 2 after 8", "send 3", "send 4 after 9"}));
}

TEST(OutboxTest, S2_6_4_ATransactionThatSpansTurnsHoldsAllLaterOnesOfItsActor) {
  Outbox outbox;
  outbox.add(numbered(1), kOne);
  EXPECT_TRUE(take(outbox).empty());
  outbox.add(numbered(2), kOne);
  outbox.add(numbered(3), kTwo);
  outbox.stamp(kTwo, 4);
  EXPECT_EQ(take(outbox), Trace{"send 3 after 4"});
  outbox.stamp(kOne, 6);
  outbox.add(numbered(4, 6), kNoHandle);
  EXPECT_EQ(take(outbox), (Trace{"send 1 after 6", "send 2 after 6", "send 4 after 6"}));
}

TEST(OutboxTest, AStampNeverLowersWhatACommandWaitsFor) {
  Outbox outbox;
  outbox.add(numbered(1, 9), kOne);
  outbox.stamp(kOne, 3);
  EXPECT_EQ(take(outbox), Trace{"send 1 after 9"});
}

TEST(OutboxTest, S2_6_6_ALostTransactionDropsItsOwnCommandsOnly) {
  Outbox outbox;
  outbox.add(numbered(1), kOne);
  outbox.add(numbered(2), kTwo);
  outbox.add(numbered(3), kNoHandle);
  outbox.drop(kOne);
  outbox.stamp(kTwo, 2);
  outbox.stamp(kOne, 3);
  EXPECT_EQ(take(outbox), (Trace{"send 2 after 2", "send 3"}));
}

TEST(OutboxTest, AMarkIsOverOnceStamped) {
  Outbox outbox;
  outbox.add(numbered(1), kOne);
  outbox.stamp(kOne, 2);
  outbox.drop(kOne);
  EXPECT_EQ(take(outbox), Trace{"send 1 after 2"});
}

}  // namespace
}  // namespace holdfast::host
