// SqliteEngine: the Engine over one SQLite file per object. Internal to storage; tests bring a
// FileSystem of their own.
//
// Threads and failure: as Engine. Databases must be destroyed before it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "storage/commit_ledger.h"
#include "storage/engine.h"
#include "storage/flusher.h"
#include "storage/record_store.h"
#include "sys/file_system.h"

namespace holdfast::storage {

class SqliteEngine final : public Engine {
 public:
  static Result<std::unique_ptr<Engine>> open(EngineOptions options, DurabilitySink& sink,
                                              sys::FileSystem& files);

  Result<std::unique_ptr<Database>> openDatabase(const ObjectName& object) override;
  [[nodiscard]] Lsn committedLsn() const override { return ledger_.last(); }
  [[nodiscard]] Lsn durableLsn() const override { return flusher_->durable(); }
  Result<std::vector<StoredAlarm>> loadAlarms() override;
  void forgetAlarm(const ObjectName& object) override;
  Status renameNamespace(const std::string& fromUniqueKey, const std::string& toUniqueKey) override;
  Status deleteNamespace(const std::string& uniqueKey) override;
  Result<bool> namespaceExists(const std::string& uniqueKey) override;
  Result<std::vector<std::string>> listObjects(const std::string& uniqueKey) override;
  Result<std::optional<std::string>> readMeta(const std::string& key) override;
  Status writeMeta(const std::string& key, const std::string& value) override;

 private:
  SqliteEngine(EngineOptions options, DurabilitySink& sink, sys::FileSystem& files,
               std::unique_ptr<sys::FileLock> lock, std::unique_ptr<LsnReserve> lsns, Lsn first);
  [[nodiscard]] bool memory() const { return options_.durability == Durability::kMemory; }

  const EngineOptions options_;
  sys::FileSystem& files_;
  std::unique_ptr<sys::FileLock> lock_;
  RecordStore records_;
  std::map<std::string, std::string> memoryRecords_;
  mutable CommitLedger ledger_;
  std::unique_ptr<Flusher> flusher_;  // stops first
};

}  // namespace holdfast::storage
