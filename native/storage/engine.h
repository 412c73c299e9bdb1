// Engine: the durable side of all objects of one data directory (design: storage engine).
//
// commit() of a Database hands over one atomic set of changes and returns an Lsn at once, without
// waiting for the disk. DurabilitySink::onDurable(lsn) fires when everything up to that Lsn
// survives loss of power. After any crash an object's database is exactly its state at some commit,
// and no commit whose onDurable fired is missing.
//
// This engine: one ordinary SQLite file per object, and one log for all of them. SQLite's changes
// become one record of changed bytes a commit (object_file.h); the log's thread writes what
// gathered as one batch and flushes once (commit_log.h); in the background the pages reach their
// files and the log is retired (checkpointer.h); the next start applies what is left
// (log_recovery.h). The file layout is the one of spec S3.13: after a clean stop `sqlite3` and
// workerd open the files.
//
// Alarms: the time an object asks for is stored in its own database and in the record of the same
// commit. The alarm index (one small database per namespace, S3.13.3) learns of it before the
// record leaves the log (S5.6.2).
//
// Threads: an Engine is used on one thread; a Database on the shard's that opened it; the log and
// the checkpointer have a thread each, and the sink is called on the log's. Nothing here assumes
// that all objects live on one thread. Failure: a failed write or flush of the log is final:
// onFlushFailed fires once, no Lsn after the last durable one is ever announced, and every later
// commit() returns kIo.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"

namespace holdfast::storage {

class Database;
class FacetIndexes;
class History;
class Levels;

enum class Durability {
  kFlush,   // acknowledged = flushed to the device (default)
  kSystem,  // acknowledged = handed to the operating system: survives a killed process, not a power
            // cut
  kMemory,  // nothing on disk; gone with the process
};

// The words of SQLITE_FULL: the object is reset by it as by SQLite's own (spec S4.10.4).
inline constexpr const char* kDiskFull = "database or disk is full: SQLITE_FULL";

// Where an object lives on disk. `uniqueKey` names the namespace's folder (spec S1.1.1); ids are 64
// hex digits, those of a facet followed by "." and its number (S1.15.5).
struct ObjectName {
  std::string uniqueKey;
  std::string idHex;
};

struct StoredAlarm {
  std::string uniqueKey;
  std::string idHex;
  std::string actorName;  // "" when the object was never addressed by name (S1.2.4)
  bool hasActorName = false;
  TimestampMs at = 0;
};

// The order of the alarms of all indexes: by time, then by id. The first value comes before all.
struct AlarmPosition {
  TimestampMs at = std::numeric_limits<TimestampMs>::min();
  std::string idHex;
};

// Alarms that follow each other in that order.
struct AlarmPage {
  std::vector<StoredAlarm> alarms;
  bool isLast = false;  // none comes after these
};

class DurabilitySink {
 public:
  virtual ~DurabilitySink() = default;
  virtual void onDurable(Lsn lsn) = 0;                // log thread; only rises
  virtual void onFlushFailed(const Status& why) = 0;  // log thread; at most once
  // Log thread; each time it changes: the disk is full and commits are refused, or it is not any
  // more.
  virtual void onDiskFull(bool /*isFull*/) {}
  // Checkpointer's thread: the answer to requestAlarms().
  virtual void onAlarms(AlarmPage /*page*/) {}
};

struct EngineOptions {
  std::string dataDir;  // ignored for kMemory
  Durability durability = Durability::kFlush;
  // What happens at each of these: docs/limits.md.
  uint32_t cachePagesPerObject = 64;           // SQLite's page cache of one open object
  uint32_t openFilesMax = 512;                 // database files kept open for reading
  uint64_t segmentBytes = 16U << 20U;          // of one file of the log
  uint64_t logReserveBytes = 4U << 20U;        // of disk space that the log takes in advance
  uint64_t logBytesMax = 64U << 20U;           // of log that no file holds yet
  int64_t overlayBytesMax = 64U << 20U;        // of pages in memory that no file holds yet
  uint64_t commitQueueBytesMax = 64U << 20U;   // of records that wait for a flush
  uint64_t transactionBytesMax = 512U << 20U;  // of pages that one commit changes
  int64_t retentionMs = 0;  // for how long earlier states can be restored; 0: not at all
};

// What the commit log has written since the start.
struct LogCounters {
  uint64_t batches = 0;  // each one write and one flush
  uint64_t commits = 0;
  uint64_t bytes = 0;
  // What the flushes took. Each is off by less than one, their sum by nothing that grows with it.
  uint64_t flushMs = 0;
  bool diskFull = false;  // commits are refused until there is space
};

class Engine {
 public:
  // Creates the directory when missing and locks it: kUnavailable names the process that holds it.
  static Result<std::unique_ptr<Engine>> open(EngineOptions options, DurabilitySink& sink);
  // Flushes what is pending, checkpoints and closes.
  virtual ~Engine() = default;

  // One open Database per object at a time. Opening is lazy: no file is made before the first
  // write.
  virtual Result<std::unique_ptr<Database>> openDatabase(const ObjectName& object) = 0;

  // `to`, which is not open and has no data, gets what `from` has committed, in a commit of its
  // own; `from` may be open. 0: it has nothing. One commit carries it all, within
  // transactionBytesMax.
  virtual Result<Lsn> copyObject(const ObjectName& from, const ObjectName& to) = 0;

  // Frame the commits of several databases that follow each other, so that they share a flush.
  // Never while something waits for one of them.
  virtual void beginCommits() {}
  virtual void endCommits() {}

  virtual Lsn committedLsn() const = 0;
  virtual Lsn durableLsn() const = 0;  // any thread
  // Any thread. All 0 where no log is written (kMemory).
  virtual LogCounters logCounters() const { return {}; }

  // Point-in-time recovery; null when nothing is retained. Whoever holds it need not hold the
  // engine.
  virtual std::shared_ptr<History> history() = 0;

  // The numbers of objects' facets. Whoever holds it need not hold the engine.
  virtual std::shared_ptr<FacetIndexes> facets() = 0;

  // Null unless all is in memory (kMemory).
  virtual Levels* levels() { return nullptr; }

  // False: alarms are kept nowhere but in their objects (kMemory), and those below do nothing.
  virtual bool indexesAlarms() const { return true; }
  // Start-up: the first alarms of the index after that position, at most `most`; more where several
  // namespaces have the id of the last one at its time. They are the first of all that recovery
  // found.
  virtual Result<AlarmPage> readAlarms(const AlarmPosition& after, size_t most) = 0;
  // The same at any time, without waiting for the disk: the answer is the sink's onAlarms(). It
  // knows of every commit made before this call, and perhaps of later ones. One request at a time.
  // One that cannot be read is tried again.
  virtual void requestAlarms(const AlarmPosition& after, size_t most) = 0;
  // What the index says of an object turned out to be wrong; `at` is right.
  virtual void settleAlarm(const ObjectName& object, std::optional<TimestampMs> at) = 0;

  // Migrations (spec S8.4); called before any object is opened.
  virtual Status renameNamespace(const std::string& fromUniqueKey,
                                 const std::string& toUniqueKey) = 0;
  virtual Status deleteNamespace(const std::string& uniqueKey) = 0;
  virtual Result<bool> namespaceExists(const std::string& uniqueKey) = 0;
  virtual Result<std::vector<std::string>> listObjects(
      const std::string& uniqueKey) = 0;  // hex ids, sorted: they or a facet have a file
  // A small durable key-value record next to the data (last applied migration tag, format
  // version...).
  virtual Result<std::optional<std::string>> readMeta(const std::string& key) = 0;
  virtual Status writeMeta(const std::string& key,
                           const std::string& value) = 0;  // durable on return; start-up only
};

}  // namespace holdfast::storage
