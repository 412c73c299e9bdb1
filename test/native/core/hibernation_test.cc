#include "core/hibernation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace holdfast::core {
namespace {

using Tags = std::vector<std::string>;
using Sockets = std::vector<SocketHandle>;

ActorKey keyOf(uint8_t number) {
  ActorKey key;
  key.id.bytes[0] = number;
  return key;
}

class SocketRegistryTest : public ::testing::Test {
 protected:
  SocketHandle accepted(const Tags& tags = {}) {
    const SocketHandle socket = registry_.add();
    const Status status = registry_.acceptHibernatable(socket, room_, tags);
    EXPECT_TRUE(status.ok()) << status.message();
    return socket;
  }

  const ActorKey room_ = keyOf(1);
  const ActorKey other_ = keyOf(2);
  SocketRegistry registry_;
};

TEST_F(SocketRegistryTest, S6_11_1_NewestFirstWithoutTagOldestFirstWithOne) {
  const SocketHandle a = accepted({"red"});
  const SocketHandle b = accepted({"blue", "red"});
  const SocketHandle c = accepted();
  EXPECT_EQ(registry_.hibernatable(room_), (Sockets{c, b, a}));
  EXPECT_EQ(registry_.hibernatable(room_, "red"), (Sockets{a, b}));
  EXPECT_EQ(registry_.hibernatable(room_, "blue"), (Sockets{b}));
  EXPECT_EQ(registry_.hibernatable(room_, "green"), Sockets());
  EXPECT_EQ(registry_.hibernatable(other_), Sockets());
  EXPECT_EQ(registry_.hibernatable(other_, "red"), Sockets());
}

TEST_F(SocketRegistryTest, S6_11_1_RemovedSocketDisappearsEverywhere) {
  const SocketHandle a = accepted({"x"});
  const SocketHandle b = accepted({"x", "y"});
  const SocketHandle c = accepted({"x"});
  EXPECT_TRUE(registry_.remove(b));
  EXPECT_FALSE(registry_.remove(b));
  EXPECT_EQ(registry_.hibernatable(room_, "x"), (Sockets{a, c}));
  EXPECT_EQ(registry_.hibernatable(room_, "y"), Sockets());
  EXPECT_EQ(registry_.hibernatable(room_), (Sockets{c, a}));
  EXPECT_EQ(registry_.actorOf(b), nullptr);
  EXPECT_EQ(registry_.tagsOf(b).status().code(), Code::kNotFound);
  EXPECT_EQ(registry_.setAttachment(b, "x").code(), Code::kNotFound);
  EXPECT_FALSE(registry_.setPhase(b, SocketPhase::kClosed));
}

TEST_F(SocketRegistryTest, S6_10_2_AcceptedOnlyOnce) {
  const SocketHandle socket = accepted();
  const Status again = registry_.acceptHibernatable(socket, other_, {});
  EXPECT_EQ(again.code(), Code::kAlreadyExists);
  EXPECT_EQ(again.message(),
            "Cannot call `acceptWebSocket()` if the WebSocket was already accepted via `accept()`");
  const SocketHandle standard = registry_.add();
  ASSERT_TRUE(registry_.bindStandard(standard, room_).ok());
  EXPECT_FALSE(registry_.acceptHibernatable(standard, room_, {}).ok());
  EXPECT_EQ(registry_.modeOf(standard), SocketMode::kStandard);
  EXPECT_EQ(registry_.hibernatable(room_), (Sockets{socket}));
  EXPECT_EQ(registry_.all(room_), (Sockets{socket, standard}));
  EXPECT_EQ(registry_.hibernatable(), 1U);
  EXPECT_EQ(registry_.standard(), 1U);
  registry_.remove(standard);
  EXPECT_EQ(registry_.standard(), 0U);
  registry_.remove(socket);
  EXPECT_EQ(registry_.hibernatable(), 0U);
}

TEST_F(SocketRegistryTest, S6_10_3_TagsAreDistinctInOrderAndLimited) {
  const SocketHandle socket = accepted({"b", "a", "b"});
  EXPECT_EQ(registry_.tagsOf(socket).value(), (Tags{"b", "a"}));

  accepted(Tags(11, "same"));
  Tags tags;
  for (int i = 0; i < 10; ++i) tags.push_back("tag" + std::to_string(i));
  accepted(tags);
  tags.push_back("tag0");
  const SocketHandle eleven = registry_.add();
  EXPECT_EQ(registry_.acceptHibernatable(eleven, room_, tags).message(),
            "a Hibernatable WebSocket cannot have more than 10 tags");
  EXPECT_EQ(registry_.modeOf(eleven), SocketMode::kUnbound);

  accepted({std::string(256, 't')});
  const std::string tooLong(257, 't');
  EXPECT_EQ(registry_.acceptHibernatable(eleven, room_, {tooLong}).message(),
            '"' + tooLong + "\" is longer than the max tag length (256 characters).");
  EXPECT_TRUE(registry_.acceptHibernatable(eleven, room_, {"fits"}).ok());
}

TEST_F(SocketRegistryTest, S6_10_4_AtMost32768SocketsPerObject) {
  for (size_t i = 0; i < kHibernatableSocketsMax; ++i) accepted();
  const SocketHandle socket = registry_.add();
  EXPECT_EQ(registry_.acceptHibernatable(socket, room_, {}).message(),
            "only 32768 websockets can be accepted on a single Durable Object instance");
  EXPECT_TRUE(registry_.bindStandard(registry_.add(), room_).ok());
  EXPECT_TRUE(registry_.acceptHibernatable(socket, other_, {}).ok());
  registry_.remove(registry_.hibernatable(room_).front());
  accepted();
}

TEST_F(SocketRegistryTest, S6_11_3_TagsOfOtherSockets) {
  const SocketHandle socket = registry_.add();
  EXPECT_EQ(registry_.tagsOf(socket).status().message(),
            "you must call 'acceptWebSocket()' before attempting to access the tags of a "
            "WebSocket.");
  ASSERT_TRUE(registry_.bindStandard(socket, room_).ok());
  EXPECT_EQ(registry_.tagsOf(socket).status().message(),
            "only hibernatable websockets can have tags.");
}

TEST_F(SocketRegistryTest, S6_11_4_AttachmentBeforeAndAfterAcceptAndItsLimit) {
  const SocketHandle socket = registry_.add();
  EXPECT_EQ(registry_.attachmentOf(socket), nullptr);
  ASSERT_TRUE(registry_.setAttachment(socket, "before").ok());
  ASSERT_TRUE(registry_.acceptHibernatable(socket, room_, {}).ok());
  EXPECT_EQ(*registry_.attachmentOf(socket), "before");
  ASSERT_TRUE(registry_.setAttachment(socket, std::string(16'384, 'x')).ok());
  EXPECT_EQ(registry_.setAttachment(socket, std::string(16'385, 'y')).message(),
            "A WebSocket 'attachment' cannot be larger than 16384 bytes.'attachment' was 16385 "
            "bytes.");
  EXPECT_EQ(*registry_.attachmentOf(socket), std::string(16'384, 'x'));
}

TEST_F(SocketRegistryTest, S6_11_6_PhaseIsKept) {
  const SocketHandle socket = accepted();
  EXPECT_EQ(registry_.phaseOf(socket), SocketPhase::kOpen);
  EXPECT_TRUE(registry_.setPhase(socket, SocketPhase::kClosing));
  EXPECT_EQ(registry_.phaseOf(socket), SocketPhase::kClosing);
  EXPECT_EQ(registry_.hibernatable(room_), (Sockets{socket}));  // S6.11.1: still there
  ASSERT_NE(registry_.actorOf(socket), nullptr);
  EXPECT_EQ(*registry_.actorOf(socket), room_);
}

TEST_F(SocketRegistryTest, S6_13_1_AutoResponseOfAnObject) {
  const auto pair = std::make_shared<const AutoResponsePair>(AutoResponsePair{"ping", "pong"});
  ASSERT_TRUE(registry_.setAutoResponse(room_, pair).ok());
  EXPECT_EQ(registry_.autoResponseOf(room_), pair);
  EXPECT_EQ(registry_.autoResponseOf(other_), nullptr);
  const SocketHandle socket = accepted();
  registry_.instanceEnded(room_);
  EXPECT_EQ(registry_.autoResponseOf(room_), pair);  // S6.11.6
  registry_.remove(socket);
  registry_.instanceEnded(room_);
  EXPECT_EQ(registry_.autoResponseOf(room_), nullptr);
  ASSERT_TRUE(registry_.setAutoResponse(room_, pair).ok());
  ASSERT_TRUE(registry_.setAutoResponse(room_, nullptr).ok());
  EXPECT_EQ(registry_.autoResponseOf(room_), nullptr);
}

TEST_F(SocketRegistryTest, S6_13_2_AutoResponseLimits) {
  const std::string most(2'048, 'x');
  const auto set = [this](std::string request, std::string response) {
    return registry_.setAutoResponse(
        room_, std::make_shared<const AutoResponsePair>(
                   AutoResponsePair{std::move(request), std::move(response)}));
  };
  EXPECT_TRUE(set(most, most).ok());
  EXPECT_EQ(set(most + "y", most).message(),
            "Request cannot be larger than 2048 bytes. A request of size 2049 was provided.");
  EXPECT_EQ(set(most, most + "y").message(),
            "Response cannot be larger than 2048 bytes. A response of size 2049 was provided.");
}

// Against plain vectors, with many objects, tags and removals.
TEST_F(SocketRegistryTest, AgreesWithVectorsUnderRandomUse) {
  struct Known {
    SocketHandle socket;
    Tags tags;
  };
  std::mt19937 random(6);
  std::map<uint8_t, std::vector<Known>> model;
  for (int step = 0; step < 20'000; ++step) {
    const auto number = static_cast<uint8_t>(random() % 3);
    std::vector<Known>& sockets = model[number];
    if (random() % 5 < 3 || sockets.empty()) {
      Known known{registry_.add(), {}};
      for (int tag = 0; tag < 6; ++tag) {
        if (random() % 2 == 0) known.tags.push_back(std::to_string(tag));
      }
      ASSERT_TRUE(registry_.acceptHibernatable(known.socket, keyOf(number), known.tags).ok());
      sockets.push_back(known);
    } else {
      const auto victim = sockets.begin() + static_cast<ptrdiff_t>(random() % sockets.size());
      ASSERT_TRUE(registry_.remove(victim->socket));
      sockets.erase(victim);
      while (sockets.size() > 40) {
        ASSERT_TRUE(registry_.remove(sockets.back().socket));
        sockets.pop_back();
      }
    }
    const std::string tag = std::to_string(random() % 6);
    Sockets expected;
    Sockets tagged;
    for (const Known& known : sockets) {
      expected.insert(expected.begin(), known.socket);
      if (std::find(known.tags.begin(), known.tags.end(), tag) != known.tags.end()) {
        tagged.push_back(known.socket);
      }
    }
    ASSERT_EQ(registry_.hibernatable(keyOf(number)), expected);
    ASSERT_EQ(registry_.hibernatable(keyOf(number), tag), tagged);
  }
}

}  // namespace
}  // namespace holdfast::core
