// CommitLedger: what the shards have committed and the flusher has not seen to yet, in one order;
// and who holds each object's connection.
//
// Contract: append() gives the next Lsn; take() hands the flusher everything so far. A commit
// appended after a take() has a later Lsn than all taken ones, and its bytes were written before it
// was appended. A closed object's connection is parked here until the flusher has checkpointed it;
// reopening before that takes it back. Happy path of a close: park() -> flusher's checkpoint ->
// claimParked() -> the connection closes -> forget(). Reopened before the claim: adopt() returns
// the connection and the flusher's claim fails. Reopened during the closing: adopt() waits for two
// unlinks, never for a flush.
//
// Thread: any; this is one of the four named locks. Owner: the engine. Failure: after fail()
// nothing is accepted.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/checkpoint_gate.h"
#include "storage/connection.h"
#include "storage/engine.h"

namespace holdfast::storage {

// One object that is open or being closed. The address is stable; it is freed when the flusher has
// closed it.
struct ObjectRecord {
  // Constant after construction.
  ObjectName name;
  std::string directory;
  std::string path;  // "" in memory mode

  CheckpointGate gate;  // own synchronisation

  // Guarded by the ledger's lock.
  enum class Holder { kShard, kParked, kFlusher };
  Holder holder = Holder::kShard;
  uint64_t parkings = 0;
  std::unique_ptr<Connection> parked;

  // The flusher's.
  bool namesSynced = false;
  int32_t touchedAt = -1;           // place in the round's list
  std::unique_ptr<Connection> pin;  // keeps the shard from restarting the WAL, see checkpointer.h
};

struct AlarmChange {
  std::optional<TimestampMs> at;
  std::string actorName;
  bool hasActorName = false;
};

// One thing for the flusher to do.
struct LedgerEntry {
  enum class Kind { kCommit, kClose, kForgetAlarm } kind = Kind::kCommit;
  ObjectRecord* record = nullptr;  // not for kForgetAlarm
  Lsn lsn = 0;
  bool created = false;  // the file is new and never was flushed
  std::optional<AlarmChange> alarm;
  uint64_t parking = 0;  // kClose
  ObjectName object;     // kForgetAlarm
};

class CommitLedger {
 public:
  CommitLedger(Lsn last, uint32_t commitsMax) : last_(last), commitsMax_(commitsMax) {}

  // Ok when a commit may be made now: kResourceExhausted when too many wait, kIo after fail().
  Status admit();
  Lsn append(ObjectRecord* record, bool created, std::optional<AlarmChange> alarm);
  void forgetAlarm(const ObjectName& object);

  struct Adopted {
    ObjectRecord* record = nullptr;
    std::unique_ptr<Connection> connection;
  };
  // Of an open object: its record is null (one Database an object).
  Adopted adopt(const ObjectName& name, const std::string& directory, const std::string& path);
  // The shard is done with it. A null connection: it never was needed; a record without commits is
  // dropped at once. `created`: the file is new and no commit has said so.
  void park(ObjectRecord* record, std::unique_ptr<Connection> connection, bool created);

  // Flusher. False when there is nothing; with kForWork: when stopped and nothing is left.
  enum class Wait { kForWork, kNot };
  bool take(std::vector<LedgerEntry>& out, Wait wait);
  // The parked connection, unless it was taken back since.
  std::unique_ptr<Connection> claimParked(ObjectRecord* record, uint64_t parking);
  [[nodiscard]] bool isParked(ObjectRecord* record, uint64_t parking);
  // The claimed record is closed.
  void forget(ObjectRecord* record);
  // Takes nothing more; once. The first reason stays.
  void fail(Status why);
  void stop();

  [[nodiscard]] Lsn last();
  // Ids with a record, sorted (memory mode: every object ever written, plus those open now).
  [[nodiscard]] std::vector<std::string> objectsOf(const std::string& uniqueKey);

 private:
  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable closed_;
  // Guarded by mutex_.
  std::unordered_map<std::string, std::unique_ptr<ObjectRecord>> records_;
  std::vector<LedgerEntry> entries_;
  uint32_t commitsWaiting_ = 0;
  Lsn last_;
  Status failure_;
  bool stopped_ = false;
  // Constant after construction.
  const uint32_t commitsMax_;
};

}  // namespace holdfast::storage
