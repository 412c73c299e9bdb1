// The numbers and keys that name things across rooms and threads.
//
// Contract: plain values, no pointers: an event or a reply may travel to another shard or, later,
// to another node. Thread: values; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace holdfast {

// A position in the process-wide order of commits. Never goes backwards in a data directory. 0 =
// depends on nothing.
using Lsn = uint64_t;

// Which holder of a partition wrote a record; always 0 until several nodes share the work (design:
// scale-out).
using Epoch = uint32_t;

// A fixed slice of the id space; chosen by hash of the id.
using Partition = uint32_t;

constexpr Partition kPartitions = 1024;

// A JavaScript environment of this process: the main thread or one worker thread.
using ShardIndex = uint32_t;

// Index of a namespace in this runtime's table; stable for the life of the runtime, never written
// to disk.
using NamespaceIndex = uint32_t;

// Milliseconds since the Unix epoch (wall clock).
using TimestampMs = int64_t;
// Milliseconds on a clock that never goes backwards; only differences mean something.
using InstantMs = int64_t;

// Index plus generation: a number JavaScript and other threads may hold after its owner is gone.
// The owner checks the generation, so a stale handle is an error and never somebody else's object.
// 0 is no handle. Index takes the low 32 bits; the generation takes the 20 bits above, so the whole
// fits a JavaScript number.
using Handle = uint64_t;

constexpr Handle kNoHandle = 0;
constexpr uint32_t kGenerationMax = (1U << 20U) - 1;

constexpr Handle makeHandle(uint32_t index, uint32_t generation) {
  return (static_cast<Handle>(generation) << 32U) | index;
}
constexpr uint32_t handleIndex(Handle handle) { return static_cast<uint32_t>(handle); }
constexpr uint32_t handleGeneration(Handle handle) { return static_cast<uint32_t>(handle >> 32U); }

using ActorHandle = Handle;
using RequestHandle = Handle;
using SocketHandle = Handle;

// The 32 bytes of spec S1.3.3.
struct ActorId {
  std::array<uint8_t, 32> bytes{};

  bool operator==(const ActorId&) const = default;
  // clang-tidy takes the 0 that std::pair compares it with for a pointer.
  auto operator<=>(const ActorId&) const = default;  // NOLINT(modernize-use-nullptr)
};

// The first bytes of an id are those of a MAC or random: as good as a hash.
constexpr Partition partitionOf(const ActorId& id) {
  return ((static_cast<Partition>(id.bytes[0]) << 8U) | id.bytes[1]) % kPartitions;
}

// Which facet of an object (spec S1.15); 0 is the object itself.
using FacetNumber = uint16_t;

// An object or one of its facets, process-wide.
struct ActorKey {
  NamespaceIndex ns = 0;
  ActorId id;
  FacetNumber facet = 0;

  bool operator==(const ActorKey&) const = default;
};

// Ids end in a MAC, so any eight bytes of them are as good as a hash. Facets share their object's.
struct ActorKeyHash {
  size_t operator()(const ActorKey& key) const {
    uint64_t head = 0;
    std::memcpy(&head, key.id.bytes.data(), sizeof head);
    const uint64_t rest = (static_cast<uint64_t>(key.facet) << 32U) | key.ns;
    return static_cast<size_t>(head ^ (rest * 0x9E3779B97F4A7C15ULL));
  }
};

}  // namespace holdfast
