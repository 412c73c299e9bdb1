// Traces of WebSockets: connection, object, server.
#include "host/shard_sockets.h"

#include <gtest/gtest.h>

#include "host/fake_world.h"

namespace holdfast::host {
namespace {

class ShardSocketsTest : public ::testing::Test {
 protected:
  SocketHandle accepted(uint8_t first, const std::vector<std::string>& tags = {}) {
    const SocketHandle socket = sockets().open();
    EXPECT_TRUE(sockets().acceptHibernatable(socket, world_.key(first), tags).ok());
    sockets().bind(socket, makeHandle(handleIndex(socket) + 100, 1), "");
    world_.shard.endTurn();
    world_.take();
    return socket;
  }
  void message(SocketHandle socket, const std::string& text) {
    world_.push(SocketMessage{socket, Bytes(text), true});
  }
  void ended(SocketHandle socket, uint16_t code, bool last, bool clean = true) {
    world_.push(SocketEnded{socket, {code, "bye", clean}, last});
  }
  ShardSockets& sockets() { return world_.shard.sockets(); }

  FakeWorld world_;
};

TEST_F(ShardSocketsTest, S6_2_TheHandshakeIsAnsweredAfterWhatTheObjectWrote) {
  const ActorHandle one = world_.started(1);
  world_.write(one);
  const SocketHandle socket = sockets().open();
  ASSERT_TRUE(sockets().acceptHibernatable(socket, world_.key(1), {}).ok());
  sockets().bind(socket, makeHandle(50, 1), "");
  sockets().send(socket, Bytes("hello"), true);
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), (Trace{"open 01", "commit 01 lsn 1", "accept 50 as 0 after 1",
                                  "send 0 'hello' after 1"}));
}

TEST_F(ShardSocketsTest, S12_1_ABroadcastAfterAWriteLeavesOnlyStamped) {
  const ActorHandle one = world_.started(1);
  const SocketHandle first = accepted(1);
  const SocketHandle second = accepted(1);
  sockets().send(first, Bytes("before"), true);
  world_.write(one);
  sockets().send(first, Bytes("after"), true);
  sockets().send(second, Bytes("after"), true);
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), (Trace{"open 01", "commit 01 lsn 1", "send 0 'before'",
                                  "send 0 'after' after 1", "send 1 'after' after 1"}));
}

// As JavaScript adds to a run without a call.
class SendRunTest : public ShardSocketsTest {
 protected:
  SendRunTest() { sockets().sends().share(words_.data()); }
  void sendOn(SocketHandle socket) {
    const uint32_t at = words_[0]++;
    words_[2 * at + 1] = handleIndex(socket);
    words_[2 * at + 2] = handleGeneration(socket);
  }

  std::vector<uint32_t> words_ = std::vector<uint32_t>(SendRun::kWords);
};

TEST_F(SendRunTest, S6_4_5_ARunKeepsItsPlaceAmongOtherOutputs) {
  const SocketHandle first = accepted(1);
  const SocketHandle second = accepted(1);
  const SocketHandle third = accepted(1);
  sockets().send(first, Bytes("all"), true);
  sendOn(second);
  sendOn(third);
  sockets().send(second, Bytes("all"), false);
  sockets().close(first, 1000, "bye");
  sockets().send(third, Bytes("last"), true);
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), (Trace{"send 0 'all'", "send 1 'all'", "send 2 'all'", "send 1 'all'",
                                  "close socket 0 'bye'", "send 2 'last'"}));
}

TEST_F(SendRunTest, S2_6_2_ARunDependsOnWhatWasWrittenBeforeIt) {
  const ActorHandle one = world_.started(1);
  const SocketHandle first = accepted(1);
  const SocketHandle second = accepted(1);
  const SocketHandle others = accepted(2);
  sockets().send(first, Bytes("early"), true);
  sendOn(others);
  sendOn(second);
  world_.write(one);
  sockets().send(first, Bytes("late"), true);
  sendOn(others);
  sendOn(second);
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), (Trace{"open 01", "commit 01 lsn 1", "send 0 'early'", "send 2 'early'",
                                  "send 1 'early'", "send 0 'late' after 1", "send 2 'late'",
                                  "send 1 'late' after 1"}));
}

TEST_F(SendRunTest, S2_6_6_ARunOfALostCommitNeverLeaves) {
  const ActorHandle one = world_.started(1);
  const SocketHandle first = accepted(1);
  const SocketHandle second = accepted(1);
  world_.engine.commitError = Status(Code::kIo, "disk full");
  world_.write(one);
  sockets().send(first, Bytes("never"), true);
  sendOn(second);
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), Trace{"open 01"});
}

TEST_F(SendRunTest, S1_14_4_ARunOfAnObjectThatBreaksIsSentBeforeItsSocketsAreCut) {
  const ActorHandle one = world_.started(1);
  const SocketHandle first = accepted(1);
  const SocketHandle second = accepted(1);
  sockets().send(first, Bytes("x"), true);
  sendOn(second);
  world_.shard.breakActor(one);
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), (Trace{"send 0 'x'", "send 1 'x'", "terminate 0", "terminate 1"}));
}

TEST_F(SendRunTest, AFullRunGoesOnInAnother) {
  const SocketHandle socket = accepted(1);
  const size_t count = SendRun::kSocketsMax + 2;
  for (size_t i = 0; i < count; ++i) sockets().send(socket, Bytes("x"), false);
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), Trace(count, "send 0 'x'"));
}

TEST_F(SendRunTest, OneMessageToManySocketsIsOneCommand) {
  const SocketHandle first = accepted(1);
  const SocketHandle second = accepted(1);
  sockets().send(first, Bytes("x"), true);
  sendOn(second);
  sendOn(first);
  const SendRun::Taken run = sockets().sends().take();
  EXPECT_EQ(run.sockets, (std::vector<SocketHandle>{first, second, first}));
  EXPECT_EQ(run.payload.view(), "x");
  EXPECT_TRUE(sockets().sends().empty());
}

TEST_F(ShardSocketsTest, S2_6_6_MessagesOfALostCommitNeverLeave) {
  const ActorHandle one = world_.started(1);
  const SocketHandle socket = accepted(1);
  world_.engine.commitError = Status(Code::kIo, "disk full");
  world_.write(one);
  sockets().send(socket, Bytes("never"), true);
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), Trace{"open 01"});
}

TEST_F(ShardSocketsTest, S6_10_AMessageForAHibernatedObjectStartsItAndIsAcknowledgedOnDelivery) {
  const SocketHandle socket = accepted(1);
  EXPECT_EQ(world_.shard.counts().hibernated, 1U);
  message(socket, "hi");
  EXPECT_EQ(world_.run(), Trace{"start 01"});
  EXPECT_TRUE(world_.take().empty()) << "not delivered yet: the peer gets no more credit";
  EXPECT_EQ(world_.run(), Trace{"message 01 on 0 'hi'"});
  EXPECT_EQ(world_.take(), Trace{"consumed 0 66"});
}

TEST_F(ShardSocketsTest, S12_8_EvictionKeepsHibernatableSocketsWithTagsAndAttachment) {
  const ActorHandle one = world_.started(1);
  const SocketHandle socket = accepted(1, {"blue"});
  ASSERT_TRUE(sockets().registry().setAttachment(socket, "state").ok());
  static_cast<void>(world_.shard.database(one));
  world_.clock.advance(10'000);
  EXPECT_EQ(world_.run(), Trace{"evict 01"});
  world_.shard.evicted(one);
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), (Trace{"open 01", "close 01"})) << "no socket was touched";
  EXPECT_EQ(world_.shard.counts().hibernated, 1U);
  EXPECT_EQ(sockets().registry().tagsOf(socket).value(), std::vector<std::string>{"blue"});
  EXPECT_EQ(*sockets().registry().attachmentOf(socket), "state");
  message(socket, "wake");
  EXPECT_EQ(world_.run(), Trace{"start 01"});
  EXPECT_EQ(world_.run(), Trace{"message 01 on 0 'wake'"});
}

TEST_F(ShardSocketsTest, S6_15_BreakingTheObjectCutsAndForgetsItsSockets) {
  const ActorHandle one = world_.started(1);
  const SocketHandle first = accepted(1);
  const SocketHandle other = accepted(2);
  const SocketHandle standard = sockets().open();
  ASSERT_TRUE(sockets().acceptStandard(standard, world_.key(1)).ok());
  sockets().bind(standard, makeHandle(60, 1), "");
  world_.shard.endTurn();
  world_.take();
  world_.shard.breakActor(one);
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), (Trace{"terminate 0", "terminate 2"}));
  EXPECT_FALSE(sockets().registry().contains(first));
  EXPECT_TRUE(sockets().registry().contains(other));
  message(first, "too late");
  ended(first, 1006, true, false);
  EXPECT_TRUE(world_.collect().empty());
  EXPECT_EQ(world_.shard.counts().hibernated, 1U) << "only the other object is kept by its socket";
}

TEST_F(ShardSocketsTest, S6_12_3_PeerCloseThenTheEndGivesOneCloseEvent) {
  world_.started(1);
  const SocketHandle socket = accepted(1);
  ended(socket, 4000, false);
  ended(socket, 4000, true);
  EXPECT_EQ(world_.run(), Trace{"closed 01 on 0 code 4000 'bye'"});
  EXPECT_TRUE(world_.run().empty());
}

TEST_F(ShardSocketsTest, S6_6_4_APeerThatVanishedIsTold1006) {
  world_.started(1);
  const SocketHandle socket = accepted(1);
  ended(socket, 1006, true, false);
  EXPECT_EQ(
      world_.run(),
      Trace{"closed 01 #1 on 0 code 1006 'WebSocket disconnected without sending Close frame.'"});
}

TEST_F(ShardSocketsTest, S6_12_4_ACloseWakesAHibernatedObject) {
  const SocketHandle socket = accepted(1);
  ended(socket, 1000, false);
  EXPECT_EQ(world_.run(), Trace{"start 01"});
  EXPECT_EQ(world_.run(), Trace{"closed 01 on 0 code 1000 'bye'"});
}

TEST_F(ShardSocketsTest, S6_11_1_AForgottenSocketLetsGoOfItsObject) {
  const SocketHandle socket = accepted(1);
  sockets().forget(socket);
  EXPECT_TRUE(sockets().registry().hibernatable(world_.key(1)).empty());
  EXPECT_EQ(world_.shard.counts().hibernated, 0U);
}

TEST_F(ShardSocketsTest, S6_15_AForgottenSocketWhoseCloseWasNotAnsweredIsCutWithItsObject) {
  const ActorHandle one = world_.started(1);
  const SocketHandle unanswered = accepted(1);
  const SocketHandle over = accepted(1);
  ended(unanswered, 1000, false);
  ended(over, 1000, false);
  ended(over, 1000, true);
  world_.run();
  sockets().forget(unanswered);
  sockets().forget(over);
  world_.shard.endTurn();
  world_.take();
  world_.shard.breakActor(one);
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), Trace{"terminate 0"});
}

TEST_F(ShardSocketsTest, ASocketOfAWorkerGoesStraightToJavaScript) {
  const SocketHandle socket = sockets().open();
  sockets().bind(socket, makeHandle(50, 1), "");
  message(socket, "hi");
  ended(socket, 1000, true);
  EXPECT_EQ(world_.run(), (Trace{"worker message on 0", "worker socket 0 over"}));
  EXPECT_EQ(world_.take(), (Trace{"accept 50 as 0", "consumed 0 66"}));
}

TEST_F(ShardSocketsTest, EventsOfASocketNobodyKnowsAreDropped) {
  message(makeHandle(9, 9), "ghost");
  ended(makeHandle(9, 9), 1000, true);
  EXPECT_TRUE(world_.collect().empty());
}

TEST_F(ShardSocketsTest, S1_9_9_AnObjectTooBusyForAMessageLosesThatConnection) {
  ShardOptions options;
  options.actors.mailboxEventsMax = 1;
  FakeWorld world(options);
  const SocketHandle socket = world.shard.sockets().open();
  ASSERT_TRUE(world.shard.sockets().acceptHibernatable(socket, world.key(1), {}).ok());
  world.shard.sockets().bind(socket, makeHandle(50, 1), "");
  world.shard.endTurn();
  world.take();
  world.push(SocketMessage{socket, Bytes("one"), true});
  world.push(SocketMessage{socket, Bytes("two"), true});
  world.run();
  EXPECT_EQ(world.take(), Trace{"terminate 0"});
}

TEST_F(ShardSocketsTest, S6_13_AnAutoResponseGoesToSocketsOldAndNew) {
  world_.started(1);
  accepted(1);
  const auto pair =
      std::make_shared<core::AutoResponsePair>(core::AutoResponsePair{"ping", "pong"});
  ASSERT_TRUE(sockets().setAutoResponse(world_.key(1), pair).ok());
  const SocketHandle younger = sockets().open();
  ASSERT_TRUE(sockets().acceptHibernatable(younger, world_.key(1), {}).ok());
  sockets().bind(younger, makeHandle(60, 1), "");
  world_.shard.endTurn();
  EXPECT_EQ(world_.take(), (Trace{"auto-response 0 ping->pong", "accept 60 as 1 ping->pong"}));
}

TEST_F(ShardSocketsTest, S6_10_4_ARefusedAcceptPinsNothing) {
  const SocketHandle socket = sockets().open();
  const std::vector<std::string> tags(core::kTagsPerSocketMax + 1, "x");
  std::vector<std::string> distinct;
  for (size_t i = 0; i < tags.size(); ++i) distinct.push_back("tag" + std::to_string(i));
  EXPECT_FALSE(sockets().acceptHibernatable(socket, world_.key(1), distinct).ok());
  EXPECT_EQ(world_.shard.counts().hibernated, 0U);
}

TEST_F(ShardSocketsTest, S2_4_1_ADismissedSocketGetsACloseFrameAndIsForgotten) {
  const ActorHandle one = world_.started(1);
  const SocketHandle socket = accepted(1);
  world_.write(one);
  sockets().dismiss(socket, 1012);
  EXPECT_FALSE(sockets().registry().contains(socket));
  world_.shard.restartActor(one);
  world_.shard.endTurn();
  const Trace trace = world_.take();
  EXPECT_EQ(trace, (Trace{"open 01", "rollback 01", "close 01", "close socket 0"}));
  ended(socket, 1012, true);
  EXPECT_TRUE(world_.collect().empty()) << "nobody is told";
}

}  // namespace
}  // namespace holdfast::host
