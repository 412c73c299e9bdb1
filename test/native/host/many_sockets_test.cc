// 100,000 hibernatable sockets of one shard: what must not depend on how many there are, counted.
#include <algorithm>
#include <array>
#include <set>

#include <gtest/gtest.h>

#include "host/fake_world.h"

namespace holdfast::host {
namespace {

constexpr uint8_t kObjects = 20;
constexpr size_t kSocketsEach = 5'000;
constexpr size_t kSockets = kObjects * kSocketsEach;

class ManySocketsTest : public ::testing::Test {
 protected:
  ManySocketsTest() {
    for (size_t i = 0; i < kSocketsEach; ++i) {
      for (uint8_t object = 1; object <= kObjects; ++object) accept(object, i);
    }
    world_.shard.endTurn();
    world_.take();
  }

  void accept(uint8_t object, size_t i) {
    const SocketHandle socket = sockets().open();
    const Status accepted = sockets().acceptHibernatable(
        socket, world_.key(object), {i % 2 == 0 ? "even" : "odd", std::to_string(i)});
    ASSERT_TRUE(accepted.ok());
    ASSERT_TRUE(registry().setAttachment(socket, std::to_string(i)).ok());
    sockets().bind(socket, makeHandle(static_cast<uint32_t>(handles_[object].size()), object), "");
    handles_[object].push_back(socket);
  }
  void message(SocketHandle socket) { world_.push(SocketMessage{socket, Bytes("hi"), true}); }
  void over(SocketHandle socket) { world_.push(SocketEnded{socket, {1000, "bye", true}, true}); }

  // Turns until there is nothing more to tell; how many events there were, but for those that start
  // objects.
  size_t settle() {
    size_t events = 0;
    for (Trace turn = world_.run(); !turn.empty(); turn = world_.run()) {
      EXPECT_LE(turn.size(), size_t{kObjects}) << "one event of an object in each turn";
      for (const TurnEvent& event : world_.turn.events) {
        const auto& delivery = std::get<core::Delivery>(event);
        if (delivery.event.kind == core::EventKind::kStart) continue;
        ++events;
        finish(delivery);
      }
    }
    world_.take();
    return events;
  }

  // As JavaScript does when the handler has returned.
  void finish(const core::Delivery& delivery) {
    if (delivery.event.kind == core::EventKind::kEvict) {
      world_.shard.evicted(delivery.actor);
    } else {
      if (delivery.event.kind == core::EventKind::kSocketClose)
        sockets().forget(delivery.event.socket);
      world_.shard.finished(delivery.actor);
    }
  }

  ShardSockets& sockets() { return world_.shard.sockets(); }
  core::SocketRegistry& registry() { return sockets().registry(); }

  FakeWorld world_;
  std::array<std::vector<SocketHandle>, kObjects + 1> handles_;
};

TEST_F(ManySocketsTest, S6_11_AllSleepAndNoneHasAnInstance) {
  EXPECT_EQ(registry().hibernatable(), kSockets);
  EXPECT_EQ(sockets().connected(), kSockets);
  const core::ActorSystem::Counts counts = world_.shard.counts();
  EXPECT_EQ(counts.hibernated, size_t{kObjects});
  EXPECT_EQ(counts.records, size_t{kObjects});
  EXPECT_EQ(counts.running, 0U);
  EXPECT_EQ(counts.queuedEvents, 0U);
}

TEST_F(ManySocketsTest, S6_11_1_AnObjectFindsItsOwnByTagAndInOrder) {
  for (uint8_t object = 1; object <= kObjects; ++object) {
    const ActorKey key = world_.key(object);
    std::vector<SocketHandle> newestFirst = handles_[object];
    std::reverse(newestFirst.begin(), newestFirst.end());
    EXPECT_EQ(registry().hibernatable(key), newestFirst);
    EXPECT_EQ(registry().hibernatable(key, "even").size(), kSocketsEach / 2);
    EXPECT_EQ(registry().hibernatable(key, "4321"),
              std::vector<SocketHandle>{handles_[object][4321]});
    EXPECT_EQ(*registry().attachmentOf(handles_[object][4321]), "4321");
  }
}

TEST_F(ManySocketsTest, S6_12_OneOfThemWakesOneObject) {
  message(handles_[7][kSocketsEach - 1]);
  EXPECT_EQ(world_.run(), Trace{"start 07"});
  EXPECT_EQ(world_.shard.counts().running, 1U);
  EXPECT_EQ(settle(), 1U);
  world_.clock.advance(10'000);
  EXPECT_EQ(settle(), 1U) << "it is evicted";
  EXPECT_EQ(world_.shard.counts().hibernated, size_t{kObjects});
  EXPECT_EQ(registry().hibernatable(), kSockets);
}

TEST_F(ManySocketsTest, S6_4_ABroadcastIsOneBatchAndReachesEachOnce) {
  for (uint8_t object = 1; object <= kObjects; ++object) {
    for (const SocketHandle socket : registry().hibernatable(world_.key(object)))
      sockets().send(socket, Bytes("news"), true);
  }
  const int before = world_.server.posts;
  world_.shard.endTurn();
  EXPECT_EQ(world_.server.posts, before + 1);
  const Trace sent = world_.take();
  EXPECT_EQ(sent.size(), kSockets);
  EXPECT_EQ(std::set<std::string>(sent.begin(), sent.end()).size(), kSockets);
}

TEST_F(ManySocketsTest, S6_12_AllSpeakAtOnceAndAreHeardInTurn) {
  for (const auto& ofOne : handles_)
    for (const SocketHandle socket : ofOne) message(socket);
  EXPECT_EQ(settle(), kSockets);
}

TEST_F(ManySocketsTest, S6_11_1_NothingIsKeptWhenAllHaveGone) {
  for (const auto& ofOne : handles_)
    for (const SocketHandle socket : ofOne) over(socket);
  EXPECT_EQ(settle(), kSockets);
  EXPECT_EQ(registry().size(), 0U);
  EXPECT_EQ(sockets().connected(), 0U);
  world_.clock.advance(10'000);
  EXPECT_EQ(settle(), size_t{kObjects}) << "they are evicted";
  world_.clock.advance(60'000);
  settle();
  const core::ActorSystem::Counts counts = world_.shard.counts();
  EXPECT_EQ(counts.running + counts.hibernated + counts.queuedEvents, 0U);
}

}  // namespace
}  // namespace holdfast::host
