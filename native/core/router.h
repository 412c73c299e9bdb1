// Router: the Placement of one process: partitions dealt out to its shards in turn.
//
// Contract: see core/placement.h. With one shard every actor is on shard 0.
// Thread: immutable; any thread. Failure: no shards is a programmer's error.
#pragma once

#include "base/ids.h"
#include "core/placement.h"

namespace holdfast::core {

class Router final : public Placement {
 public:
  explicit Router(ShardIndex shardCount);

  [[nodiscard]] ShardIndex shardOf(const ActorKey& actor) const override;

 private:
  ShardIndex shardCount_;
};

}  // namespace holdfast::core
