#include "core/router.h"

#include "base/check.h"

namespace holdfast::core {

Partition partitionOf(const ActorKey& actor) {
  // Of the MAC, not of the base: an embedder's "random" bytes need not be random.
  const auto& bytes = actor.id.bytes;
  return (static_cast<Partition>(bytes[30]) << 8U | bytes[31]) % kPartitionCount;
}

Router::Router(ShardIndex shardCount) : shardCount_(shardCount) { DO_CHECK(shardCount_ != 0); }

ShardIndex Router::shardOf(const ActorKey& actor) const { return partitionOf(actor) % shardCount_; }

}  // namespace holdfast::core
