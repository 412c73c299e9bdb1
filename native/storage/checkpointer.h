// Checkpointer: brings an object's WAL into its database file and starts the WAL anew, while the
// shard goes on writing.
//
// Why it is not just sqlite3_wal_checkpoint: a shard connection never flushes (synchronous=OFF).
// Left to itself SQLite would, after a complete checkpoint, overwrite the WAL in place from its
// start; unflushed, a power cut could leave new frames under the old header, that is a prefix of
// the old WAL on top of a newer database file: corruption. So a WAL is never overwritten in place:
//  1. a second connection `pin` holds a read snapshot in the WAL: while it does, SQLite appends and
//  does not restart;
//  2. a passive checkpoint with flushing: WAL flushed, pages copied, database file flushed; the
//  shard is not held up;
//  3. under the CheckpointGate, if nothing was appended since, the pin is dropped and the WAL is
//  cut to length 0.
// Gate busy, or new frames: the pin stays and the next call goes on from there. Only a WAL above
// cutHoldingBytes (a shard that never pauses for a flush's time) is checkpointed under the gate,
// which holds the shard up for that flush. The whole argument:
// docs/decisions/0003-storage-engine-first-version.md.
//
// Thread: the flusher's. Failure: the WAL stays and nothing is lost. kIo: what reached the disk is
// unknown, the caller stops for good; kResourceExhausted: no space, no descriptors: try again
// later.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "storage/commit_ledger.h"
#include "sys/file_system.h"

namespace holdfast::storage {

class Checkpointer {
 public:
  struct Options {
    bool flush = true;             // false: Durability::kSystem
    uint64_t cutHoldingBytes = 0;  // see above; 0: never
  };
  Checkpointer(sys::FileSystem& files, Options options) : files_(files), options_(options) {}

  // kLater: the object is in use just now, nothing is wrong.
  enum class Outcome { kCut, kLater };
  Result<Outcome> checkpoint(ObjectRecord& record);

 private:
  Result<bool> copyAll(Connection& connection);
  Status movePin(ObjectRecord& record);
  Status cut(Connection& connection);
  Result<std::unique_ptr<Connection>> open(const ObjectRecord& record);

  sys::FileSystem& files_;
  const Options options_;
};

}  // namespace holdfast::storage
