#include "core/router.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/actor_id.h"

namespace holdfast::core {
namespace {

TEST(RouterTest, OneShardHasEverything) {
  const NamespaceKey key("worker-Counter");
  const Router router(1);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(router.shardOf({0, key.fromName(std::to_string(i))}), 0U);
  }
}

TEST(RouterTest, ShardsShareTheActorsEvenlyAndForEver) {
  constexpr ShardIndex kShards = 4;
  constexpr int kActors = 8'000;
  const NamespaceKey key("worker-Counter");
  const Router router(kShards);
  const Router again(kShards);
  std::vector<int> actors(kShards);
  for (int i = 0; i < kActors; ++i) {
    const ActorKey actor{0, key.fromName(std::to_string(i))};
    const ShardIndex shard = router.shardOf(actor);
    ASSERT_LT(shard, kShards);
    ASSERT_EQ(again.shardOf(actor), shard);
    ++actors[shard];
  }
  for (const int count : actors) EXPECT_NEAR(count, kActors / kShards, 200);
}

// Written into records: may never change.
TEST(RouterTest, PartitionOfAKnownId) {
  const ActorId id = NamespaceKey("worker-Counter").fromName("foo");
  EXPECT_EQ(partitionOf({0, id}), 0xa3e1U % 4'096U);
}

TEST(RouterDeathTest, NoShardsIsAProgrammersError) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(Router(0), "check failed: shardCount_ != 0");
}

}  // namespace
}  // namespace holdfast::core
