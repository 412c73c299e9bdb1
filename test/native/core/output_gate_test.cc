#include "core/output_gate.h"

#include <gtest/gtest.h>

#include <vector>

namespace holdfast::core {
namespace {

constexpr ActorHandle kOne = makeHandle(1, 1);
constexpr ActorHandle kTwo = makeHandle(2, 1);

std::vector<Ticket> durable(OutputGate& gate, Lsn lsn) {
  std::vector<Ticket> opened;
  gate.durable(lsn, opened);
  return opened;
}

TEST(OutputGateTest, S2_6_2_NothingWrittenNeedNotWait) {
  OutputGate gate;
  EXPECT_EQ(gate.wait(kOne, false, 0), 0U);
  durable(gate, 7);
  EXPECT_EQ(gate.wait(kOne, false, 7), 0U);
  EXPECT_NE(gate.wait(kOne, false, 8), 0U);
}

TEST(OutputGateTest, S12_1_CommittedOpensAtItsLsnAndNotBefore) {
  OutputGate gate;
  const Ticket ticket = gate.wait(kOne, false, 5);
  ASSERT_NE(ticket, 0U);
  EXPECT_TRUE(durable(gate, 4).empty());
  EXPECT_EQ(durable(gate, 5), std::vector<Ticket>{ticket});
  EXPECT_TRUE(durable(gate, 6).empty()) << "a ticket opens once";
}

TEST(OutputGateTest, S12_1_UncommittedIsBoundByItsCommit) {
  OutputGate gate;
  const Ticket ticket = gate.wait(kOne, true, 3);
  EXPECT_TRUE(durable(gate, 100).empty()) << "no lsn yet: nothing durable can cover it";
  gate.committed(kOne, 101);
  EXPECT_TRUE(durable(gate, 100).empty());
  EXPECT_EQ(durable(gate, 101), std::vector<Ticket>{ticket});
}

TEST(OutputGateTest, S2_6_4_OneActorsOutputsOpenInTheOrderTheyAsked) {
  OutputGate gate;
  const Ticket first = gate.wait(kOne, false, 5);
  const Ticket second = gate.wait(kOne, true, 5);
  const Ticket third = gate.wait(kOne, true, 5);
  gate.committed(kOne, 9);
  const Ticket fourth = gate.wait(kOne, false, 9);
  EXPECT_EQ(durable(gate, 9), (std::vector<Ticket>{first, second, third, fourth}));
}

TEST(OutputGateTest, CommitsThatBindOutOfOrderOpenByLsn) {
  OutputGate gate;
  const Ticket slow = gate.wait(kOne, true, 0);  // a transaction that spans turns
  const Ticket quick = gate.wait(kTwo, false, 4);
  const Ticket late = gate.wait(kTwo, false, 8);
  gate.committed(kOne, 6);
  EXPECT_EQ(durable(gate, 4), std::vector<Ticket>{quick});
  EXPECT_EQ(durable(gate, 7), std::vector<Ticket>{slow});
  EXPECT_EQ(durable(gate, 8), std::vector<Ticket>{late});
}

TEST(OutputGateTest, CommittedBindsOnlyThatActor) {
  OutputGate gate;
  const Ticket one = gate.wait(kOne, true, 0);
  const Ticket two = gate.wait(kTwo, true, 0);
  gate.committed(kOne, 2);
  EXPECT_EQ(durable(gate, 2), std::vector<Ticket>{one});
  gate.committed(kTwo, 3);
  EXPECT_EQ(durable(gate, 3), std::vector<Ticket>{two});
}

TEST(OutputGateTest, S2_6_6_LostWritesNeverOpenAndOthersDo) {
  OutputGate gate;
  gate.wait(kOne, false, 5);
  gate.wait(kOne, true, 5);
  const Ticket other = gate.wait(kTwo, false, 5);
  gate.failed(kOne);
  gate.committed(kOne, 6);
  EXPECT_EQ(durable(gate, 10), std::vector<Ticket>{other});
}

TEST(OutputGateTest, S1_9_11_WhatAGoneActorHadCommittedOpensStill) {
  OutputGate gate;
  const Ticket committed = gate.wait(kOne, false, 5);
  EXPECT_EQ(gate.firstUncommitted(kOne), std::nullopt);
  const Ticket written = gate.wait(kOne, true, 5);
  gate.wait(kOne, true, 5);
  const Ticket other = gate.wait(kTwo, true, 5);
  EXPECT_EQ(gate.firstUncommitted(kOne), written);
  EXPECT_EQ(gate.firstUncommitted(kTwo), other);
  gate.gone(kOne);
  EXPECT_EQ(gate.firstUncommitted(kOne), std::nullopt);
  gate.committed(kOne, 6);
  gate.committed(kTwo, 6);
  EXPECT_EQ(durable(gate, 10), (std::vector<Ticket>{committed, other}));
}

TEST(OutputGateTest, DurableNeverGoesBack) {
  OutputGate gate;
  durable(gate, 9);
  durable(gate, 4);
  EXPECT_EQ(gate.durableLsn(), 9U);
  EXPECT_EQ(gate.wait(kOne, false, 9), 0U);
}

}  // namespace
}  // namespace holdfast::core
