// Placement: on which shard an actor is (design: scale-out). The one place that knows; everything
// else asks.
//
// Contract: the same key gives the same shard for the life of the Placement. An event for an actor
// of another shard travels there as a value. Thread: immutable; any thread. Never fails.
#pragma once

#include "base/ids.h"

namespace holdfast::core {

// The id space is cut into this many slices; records on disk carry the slice, so the number never
// changes.
constexpr Partition kPartitionCount = 4'096;

// Ids end in a MAC; any two bytes of it spread evenly.
Partition partitionOf(const ActorKey& actor);

class Placement {
 public:
  virtual ~Placement() = default;
  [[nodiscard]] virtual ShardIndex shardOf(const ActorKey& actor) const = 0;
};

}  // namespace holdfast::core
