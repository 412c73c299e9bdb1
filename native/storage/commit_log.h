// CommitLog: one log for all objects of a data directory, one flush for everything that gathered
// since the last one.
//
// Happy path: append() gives a commit its LSN and puts its record into the queue; step() takes the
// queue, writes it to the current segment as one batch, flushes once and announces the last LSN. A
// commit that arrives meanwhile belongs to the next batch. Segments end at batches once they are
// long enough. Those whose records are all in flushed database files go once a flushed batch says
// so: recovery must not take them for lost. Where no commit brings that batch, it is written
// without commits. When there is an archive they are moved there instead (history.h).
//
// The ways it fails:
//   - a write or a flush fails: what is on the disk is unknown and asking again proves nothing.
//   Nothing of the batch is announced,
//     the sink hears why once, admit() refuses from then on.
//   - no space: the batch waits, and so do the outputs that depend on it; admit() refuses meanwhile
//   with SQLite's words for it, so
//     that the object is reset and readers go on. Space is taken in advance, so a batch seldom has
//     to wait. The log's thread asks again and again; when space is back, everything goes on. Only
//     a flush that finds no space is final like any other, and a stop ends the waiting.
//   - the queue is full: admit() refuses.
//
// Threads: append(), admit(): shards. step(): the log's thread (CommitLog starts none; see
// SqliteEngine). The queue has a lock, one of the named ones (docs/architecture.md). Owner: the
// engine.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/engine.h"
#include "storage/log_record.h"
#include "sys/file_system.h"

namespace holdfast::storage {

class CommitLog {
 public:
  struct Options {
    std::string directory;  // of the segments; must exist
    Durability durability = Durability::kFlush;
    uint64_t segmentBytes = 0;
    uint64_t queueBytesMax = 0;
    uint64_t reserveBytes = 0;  // of space taken in advance
    std::string archive = {};   // directory for segments that are no longer needed; "": they go
    // Called before each announcement on the log's thread; may hold it back a little when too much
    // is written.
    std::function<void()> throttle = {};
  };
  // `durable`: the last LSN of the directory; all before it is in the database files.
  CommitLog(Options options, sys::FileSystem& files, DurabilitySink& sink, Lsn durable);
  CommitLog(const CommitLog&) = delete;
  CommitLog& operator=(const CommitLog&) = delete;

  // Begins a segment and retires all others. Nothing may be appended before.
  Status start();
  // After the last step, or on a full disk: space that was taken in advance is free for
  // checkpoints.
  void giveBackReserve();
  // After the last step: leaves one segment without commits, so that the next start has nothing to
  // read.
  Status close();

  // Whether a commit may be appended now.
  Status admit();
  // Fills in the record's LSN. `uniqueKey`: the name of its namespace.
  Lsn append(CommitRecord& record, const std::string& uniqueKey);
  // Between the two, commits are on their way: the log's thread is not woken for the first of them,
  // but for kExpectedMax of them or when all are here, so that they share a flush. Balanced; any
  // thread.
  static constexpr uint64_t kExpectedMax = 32;
  void expectMore();
  void expectNoMore();
  // For a commit that is not logged (kMemory).
  Lsn appendUnlogged();

  [[nodiscard]] Lsn last() const { return last_.load(std::memory_order_acquire); }
  [[nodiscard]] Lsn durable() const { return durable_.load(std::memory_order_acquire); }
  // Returns when it is, or false when it never will be.
  bool waitDurable(Lsn lsn);

  enum class Wait { kForWork, kNot };
  // Writes what is queued, or tries again what found no space. False: there is nothing to do, and
  // with kForWork, stop() was called.
  bool step(Wait wait);
  // What is queued will still be written, if there is space for it.
  void stop();

  // Every record up to `lsn` is in a flushed database file. What that frees goes with a later step.
  void retire(Lsn lsn);
  // A segment that is not deleted yet, up to what was flushed of it. Without commits: last is first
  // - 1.
  struct Span {
    Lsn first = 0;
    Lsn last = 0;
    uint64_t bytes = 0;
  };
  // Oldest first. One that is archived is in its new place before it leaves this list.
  [[nodiscard]] std::vector<Span> spans();
  // Of the segments that are kept.
  [[nodiscard]] uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

  using Counters = LogCounters;
  // Any thread.
  [[nodiscard]] Counters counters() const;

 private:
  struct Queue {
    std::string records;
    std::vector<NamespaceRecord> namespaces;  // that the records name
    Lsn last = 0;
    uint64_t commits = 0;
  };

  [[nodiscard]] static bool isNoSpace(const Status& status) {
    return status.code() == Code::kResourceExhausted;
  }
  [[nodiscard]] bool wakes() const;  // with mutex_ held
  bool takeWork(Wait wait);
  bool work(Wait wait);
  void tellSpace();
  Status beginAnew();
  Status putAway(const std::string& name);
  void giveBackSpace(const Span& segment);
  Status carryOut();
  Status makeRoom(Status status);
  Status writeBatch(const Queue& batch);
  Status beginSegment(Lsn first);
  Status withoutSegment(const std::string& path, Status why);
  Status reserve(uint64_t bytes);
  void reserveAhead();
  Status flush();
  void encodeBatch(const Queue& batch, Lsn retired, std::string& out) const;
  [[nodiscard]] bool isNamed(NamespaceNumber ns) const { return ns < named_.size() && named_[ns]; }
  bool isCurrentLong();
  bool isCurrentRetired();
  [[nodiscard]] bool canDelete() const;  // with mutex_ held
  void deleteRetired();
  void announce(Lsn lsn);
  void fail(Status why);
  [[nodiscard]] bool flushes() const { return options_.durability == Durability::kFlush; }
  [[nodiscard]] bool logs() const { return options_.durability != Durability::kMemory; }

  const Options options_;
  sys::FileSystem& files_;
  DurabilitySink& sink_;
  std::atomic<Lsn> last_;
  std::atomic<Lsn> durable_;
  std::atomic<Lsn> retired_;
  std::atomic<uint64_t> bytes_{0};
  std::atomic<bool> full_{false};

  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable announced_;
  // Guarded by mutex_.
  Queue queue_;
  uint32_t expecting_ = 0;
  Status failed_;
  bool stopped_ = false;
  std::deque<Span> segments_;  // oldest first; the last one is written to
  Counters counters_;

  // The log thread's own.
  Queue batch_;  // without commits: nothing waits
  std::string bytesToWrite_;
  std::unique_ptr<sys::File> file_;
  uint64_t written_ = 0;     // bytes of the current segment
  uint64_t reserved_ = 0;    // its length on the disk
  Lsn stated_ = 0;           // what a flushed batch says is retired
  bool toldFull_ = false;    // what the sink knows of full_
  std::vector<bool> named_;  // namespaces that the current segment names
};

}  // namespace holdfast::storage
