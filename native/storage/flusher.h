// Flusher: makes commits durable, in rounds, on a thread of its own.
//
// One round takes everything committed since the last one and, in this order:
//   1. writes new and earlier alarms into the alarm indexes (flushed);
//   2. flushes the WAL of each touched object; for a new file also the file and the directories;
//   3. announces the last Lsn of the round;
//   4. settles later and removed alarms in the indexes;
//   5. checkpoints WALs that have grown large.
// Between rounds, while no commit waits, it checkpoints and closes objects that were closed.
// A commit that arrives during a round belongs to the next one.
//
// The ways it fails: 1 or 2 fails: nothing of the round is announced, the sink hears why, and no
// commit is accepted any more. 4 fails: the entry stays too early, which is harmless (S5.6.2), and
// is settled in a later round. 5 fails in copying: the WAL stays; in flushing: as 2.
//
// Thread: its own; the sink is called there. Owner: the engine. The destructor finishes all work.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/alarm_index.h"
#include "storage/checkpointer.h"
#include "storage/commit_ledger.h"
#include "storage/engine.h"
#include "storage/lsn_reserve.h"
#include "sys/file_system.h"
#include "sys/thread.h"

namespace holdfast::storage {

class Flusher {
 public:
  struct Options {
    std::string dataDir;  // "" in memory mode
    Durability durability = Durability::kFlush;
    uint64_t walCheckpointBytes = 0;
  };
  // `lsns` is null in memory mode.
  Flusher(Options options, CommitLedger& ledger, DurabilitySink& sink, sys::FileSystem& files,
          std::unique_ptr<LsnReserve> lsns, Lsn durable);
  ~Flusher();
  Flusher(const Flusher&) = delete;
  Flusher& operator=(const Flusher&) = delete;

  [[nodiscard]] Lsn durable() const { return durable_.load(std::memory_order_acquire); }

 private:
  // What a round knows of one object's alarm.
  struct PendingAlarm {
    std::optional<TimestampMs> earliest;  // of the commits of this round
    std::optional<TimestampMs> last;
    std::optional<std::string> actorName;
    bool settled = false;
  };
  using PendingAlarms = std::map<std::pair<std::string, std::string>, PendingAlarm>;

  void loop();
  void round();
  void gather();
  void gatherCommit(const LedgerEntry& entry);
  Status makeDurable();
  Status noteEarlyAlarms();
  Status flushObjects();
  Status flushObject(ObjectRecord& record, bool created);
  void announce();
  void settleAlarms();
  Status settleNamespace(const std::string& uniqueKey, PendingAlarms::iterator from,
                         PendingAlarms::iterator to);
  void checkpointLargeWals();
  void closeObject(const LedgerEntry& entry);
  void checkpoint(ObjectRecord& record);
  void fail(Status why);
  Result<AlarmIndex*> indexOf(const std::string& uniqueKey);
  [[nodiscard]] bool flushes() const { return options_.durability == Durability::kFlush; }

  const Options options_;
  CommitLedger& ledger_;
  DurabilitySink& sink_;
  sys::FileSystem& files_;
  std::unique_ptr<LsnReserve> lsns_;
  std::atomic<Lsn> durable_;

  // The thread's own.
  Checkpointer checkpointer_;
  std::vector<LedgerEntry> entries_;
  struct Touched {
    ObjectRecord* record = nullptr;
    bool created = false;
  };
  std::vector<Touched> touched_;    // of this round, each object once
  std::deque<LedgerEntry> closes_;  // done one by one while nothing waits for a flush
  PendingAlarms alarms_;
  std::map<std::string, std::unique_ptr<AlarmIndex>> indexes_;
  bool failed_ = false;

  std::unique_ptr<sys::Thread> thread_;  // last: starts when all else stands
};

}  // namespace holdfast::storage
