// Engine: the durable side of all objects of one data directory (design: storage engine).
//
// commit() of a Database hands over one atomic set of changes and returns an Lsn at once, without
// waiting for the disk. DurabilitySink::onDurable(lsn) fires when everything up to that Lsn
// survives loss of power. After any crash an object's database is exactly its state at some commit,
// and no commit whose onDurable fired is missing.
//
// This engine: one ordinary SQLite file per object in WAL mode; a commit writes the WAL without
// flushing; one flusher thread gathers what was committed since its last round, flushes each WAL
// once and announces the new durable Lsn. The file layout is the one of spec S3.13, so that
// `sqlite3` and workerd open the files.
//
// Alarms: the time an object asks for is stored in its own database, in the same commit as its
// data. The alarm index (one small database per namespace, S3.13.3) is told of an earlier or new
// alarm before that commit is durable, and of a later or removed one afterwards, so a crash leaves
// at most a spurious entry, never a lost alarm (S5.6.2).
//
// Threads: an Engine and its Databases are used on the shard's thread; the flusher has its own
// thread and calls the sink there. Nothing here assumes that all objects live on one thread: commit
// order is decided under one named lock. Failure: a failed flush is final: onFlushFailed fires
// once, no Lsn after the last durable one is ever announced, and every later commit() returns kIo.
#pragma once

#include <cstdint>
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

enum class Durability {
  kFlush,   // acknowledged = flushed to the device (default)
  kSystem,  // acknowledged = handed to the operating system: survives a killed process, not a power
            // cut
  kMemory,  // nothing on disk; gone with the process
};

class DurabilitySink {
 public:
  virtual ~DurabilitySink() = default;
  virtual void onDurable(Lsn lsn) = 0;                // flusher thread; only rises
  virtual void onFlushFailed(const Status& why) = 0;  // flusher thread; at most once
};

// Where an object lives on disk. `uniqueKey` names the namespace's folder (spec S1.1.1); ids are 64
// hex digits.
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

struct EngineOptions {
  std::string dataDir;  // ignored for kMemory
  Durability durability = Durability::kFlush;
  uint32_t cachePagesPerObject = 64;        // SQLite page cache of one open object, pages of 4 KiB
  uint32_t walCheckpointBytes = 4U << 20U;  // a WAL above this is checkpointed by the flusher
  uint32_t commitQueueMax = 65'536;  // commits waiting for a flush; beyond, commit() blocks no one
                                     // but reports kResourceExhausted
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

  virtual Lsn committedLsn() const = 0;
  virtual Lsn durableLsn() const = 0;  // any thread

  // Start-up: all alarms of the index, in no order.
  virtual Result<std::vector<StoredAlarm>> loadAlarms() = 0;
  // A cancelled or abandoned alarm leaves the index (not the object's database).
  virtual void forgetAlarm(const ObjectName& object) = 0;

  // Migrations (spec S8.4); called before any object is opened.
  virtual Status renameNamespace(const std::string& fromUniqueKey,
                                 const std::string& toUniqueKey) = 0;
  virtual Status deleteNamespace(const std::string& uniqueKey) = 0;
  virtual Result<bool> namespaceExists(const std::string& uniqueKey) = 0;
  virtual Result<std::vector<std::string>> listObjects(
      const std::string& uniqueKey) = 0;  // hex ids with a file, sorted
  // A small durable key-value record next to the data (last applied migration tag, format
  // version...).
  virtual Result<std::optional<std::string>> readMeta(const std::string& key) = 0;
  virtual Status writeMeta(const std::string& key,
                           const std::string& value) = 0;  // durable on return; start-up only
};

}  // namespace holdfast::storage
