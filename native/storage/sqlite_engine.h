// SqliteEngine: the Engine over SQLite databases and one commit log; wires the parts and runs their
// threads. Internal to storage; tests bring a FileSystem and a clock of their own, and may drive
// the log and the checkpointer by hand.
//
// Threads and failure: as Engine. Databases must be destroyed before it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "storage/alarm_indexes.h"
#include "storage/base_images.h"
#include "storage/checkpointer.h"
#include "storage/commit_log.h"
#include "storage/connection_pool.h"
#include "storage/engine.h"
#include "storage/facet_indexes.h"
#include "storage/history.h"
#include "storage/levels.h"
#include "storage/log_recovery.h"
#include "storage/object_files.h"
#include "storage/record_store.h"
#include "storage/restore_files.h"
#include "sys/clock.h"
#include "sys/file_system.h"
#include "sys/thread.h"

namespace holdfast::storage {

class SqliteEngine final : public Engine {
 public:
  enum class Threads {
    kOwn,
    kNone,  // the caller steps: flushOnce(), checkpointOnce(), answerAlarms()
  };
  struct World {
    sys::FileSystem& files;
    const sys::Clock& clock;
    Threads threads = Threads::kOwn;
  };
  static Result<std::unique_ptr<SqliteEngine>> open(EngineOptions options, DurabilitySink& sink,
                                                    World world);
  ~SqliteEngine() override;
  SqliteEngine(const SqliteEngine&) = delete;
  SqliteEngine& operator=(const SqliteEngine&) = delete;

  Result<std::unique_ptr<Database>> openDatabase(const ObjectName& object) override;
  Result<Lsn> copyObject(const ObjectName& from, const ObjectName& to) override;
  void beginCommits() override { log_.expectMore(); }
  void endCommits() override { log_.expectNoMore(); }
  [[nodiscard]] Lsn committedLsn() const override { return log_.last(); }
  [[nodiscard]] Lsn durableLsn() const override { return log_.durable(); }
  [[nodiscard]] LogCounters logCounters() const override { return log_.counters(); }
  std::shared_ptr<History> history() override { return history_; }
  std::shared_ptr<FacetIndexes> facets() override { return facets_; }
  Levels* levels() override { return memory() ? &levels_ : nullptr; }
  [[nodiscard]] bool indexesAlarms() const override { return !memory(); }
  Result<AlarmPage> readAlarms(const AlarmPosition& after, size_t most) override;
  void requestAlarms(const AlarmPosition& after, size_t most) override;
  void settleAlarm(const ObjectName& object, std::optional<TimestampMs> at) override;
  Status renameNamespace(const std::string& fromUniqueKey, const std::string& toUniqueKey) override;
  Status deleteNamespace(const std::string& uniqueKey) override;
  Result<bool> namespaceExists(const std::string& uniqueKey) override;
  Result<std::vector<std::string>> listObjects(const std::string& uniqueKey) override;
  Result<std::optional<std::string>> readMeta(const std::string& key) override;
  Status writeMeta(const std::string& key, const std::string& value) override;

  // Threads::kNone. False: there was nothing to do.
  bool flushOnce() { return log_.step(CommitLog::Wait::kNot); }
  Result<bool> checkpointOnce(ObjectFiles::Which which) { return checkpointer_.round(which); }
  // A request for alarms, if there is one. The checkpointer's thread.
  Status answerAlarms();
  Result<bool> trimOnce() { return history_->trim(clock_.wallNow()); }

  [[nodiscard]] const RecoveryReport& recovery() const { return recovery_; }
  [[nodiscard]] CommitLog& log() { return log_; }
  [[nodiscard]] ObjectFiles& objects() { return objects_; }

 private:
  // What is there before the log begins anew.
  struct Opened {
    std::unique_ptr<sys::FileLock> lock;
    RecoveryReport recovery;
    std::unique_ptr<BaseImages> bases;
    std::unique_ptr<RestoreFiles> restores;
  };
  static Status openDirectory(const EngineOptions& options, World world, Opened& opened);
  static Status recover(const EngineOptions& options, World world, Opened& opened);
  SqliteEngine(EngineOptions options, DurabilitySink& sink, World world, Opened opened);
  Status start();
  Status beginNamespaceAnew(const std::string& uniqueKey);
  Status restoreIfAsked(const ObjectName& object, ObjectFile& file);
  void runLog();
  void runCheckpointer();
  void checkpointEverything();
  void trimHistory();
  [[nodiscard]] bool memory() const { return options_.durability == Durability::kMemory; }
  [[nodiscard]] bool retains() const { return !memory() && options_.retentionMs > 0; }

  const EngineOptions options_;
  sys::FileSystem& files_;
  const sys::Clock& clock_;
  DurabilitySink& sink_;
  const Threads threads_;
  std::unique_ptr<sys::FileLock> lock_;
  const RecoveryReport recovery_;
  const std::unique_ptr<BaseImages> bases_;
  const std::unique_ptr<RestoreFiles> restores_;
  RecordStore records_;
  std::map<std::string, std::string> memoryRecords_;
  CommitLog log_;
  ObjectFiles objects_;
  ConnectionPool connections_;
  AlarmIndexes alarms_;
  Checkpointer checkpointer_;
  const std::shared_ptr<History> history_;
  const std::shared_ptr<FacetIndexes> facets_;
  Levels levels_;
  bool started_ = false;
  // Last: they end first.
  std::unique_ptr<sys::Thread> checkpointThread_;
  std::unique_ptr<sys::Thread> logThread_;
};

}  // namespace holdfast::storage
