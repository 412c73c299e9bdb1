#include "storage/sqlite_engine.h"

#include <string_view>
#include <utility>

#include "storage/alarm_index.h"
#include "storage/data_paths.h"
#include "storage/recovery.h"
#include "storage/sqlite_database.h"

namespace holdfast::storage {
namespace {

constexpr std::string_view kFormat = "1";

Status checkFormat(sys::FileSystem& files, const std::string& path) {
  const Result<std::optional<std::string>> content = files.readFile(path);
  if (!content.ok()) return content.status();
  if (!content.value()) return files.replaceFile(path, std::string(kFormat) + "\n");
  std::string found = *content.value();
  while (!found.empty() && found.back() == '\n') found.pop_back();
  if (found == kFormat) return {};
  return {Code::kUnsupported, path + " says version \"" + found +
                                  "\"; this version of holdfast reads version " +
                                  std::string(kFormat)};
}

Status recover(sys::FileSystem& files, const std::string& directory, Durability durability) {
  const bool flushes = durability == Durability::kFlush;
  if (flushes) {
    // A killed process leaves commits in the page cache that no flush covered. They will be read,
    // so they must be durable first.
    Status synced = files.syncAll(directory);
    if (!synced.ok()) return synced;
  }
  return recoverAlarms(files, directory,
                       flushes ? Connection::Role::kIndex : Connection::Role::kIndexSystem);
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::open(EngineOptions options, DurabilitySink& sink) {
  return SqliteEngine::open(std::move(options), sink, sys::systemFileSystem());
}

Result<std::unique_ptr<Engine>> SqliteEngine::open(EngineOptions options, DurabilitySink& sink,
                                                   sys::FileSystem& files) {
  if (options.durability == Durability::kMemory) {
    return std::unique_ptr<Engine>(
        new SqliteEngine(std::move(options), sink, files, nullptr, nullptr, 0));
  }
  const std::string directory = options.dataDir;
  Status made = createDirectoriesDurably(files, directory);
  if (!made.ok()) return made;
  Result<std::unique_ptr<sys::FileLock>> lock = files.lock(directory + "/lock");
  if (!lock.ok()) {
    if (lock.status().code() != Code::kUnavailable) return lock.status();
    return Status(Code::kUnavailable, "The data directory is in use: " + lock.status().message() +
                                          ". Stop that process or choose another directory.");
  }
  Status format = checkFormat(files, directory + "/format");
  if (!format.ok()) return format;
  auto lsns = std::make_unique<LsnReserve>(files, directory + "/lsn");
  Status reserved = lsns->open();
  if (!reserved.ok()) return reserved;
  made = createDirectoriesDurably(files, namespacesDirectory(directory));
  if (!made.ok()) return made;
  if (!lsns->lastStopWasClean()) {
    Status recovered = recover(files, directory, options.durability);
    if (!recovered.ok()) return recovered;
  }
  const Lsn first = lsns->first();
  return std::unique_ptr<Engine>(new SqliteEngine(std::move(options), sink, files,
                                                  std::move(lock).value(), std::move(lsns), first));
}

SqliteEngine::SqliteEngine(EngineOptions options, DurabilitySink& sink, sys::FileSystem& files,
                           std::unique_ptr<sys::FileLock> lock, std::unique_ptr<LsnReserve> lsns,
                           Lsn first)
    : options_(std::move(options)),
      files_(files),
      lock_(std::move(lock)),
      records_(files, options_.dataDir + "/records.sqlite"),
      ledger_(first, options_.commitQueueMax),
      flusher_(std::make_unique<Flusher>(
          Flusher::Options{.dataDir = memory() ? "" : options_.dataDir,
                           .durability = options_.durability,
                           .walCheckpointBytes = options_.walCheckpointBytes},
          ledger_, sink, files, std::move(lsns), first)) {}

Result<std::unique_ptr<Database>> SqliteEngine::openDatabase(const ObjectName& object) {
  Status named = checkObjectName(object);
  if (!named.ok()) return named;
  const std::string directory =
      memory() ? "" : namespaceDirectory(options_.dataDir, object.uniqueKey);
  CommitLedger::Adopted adopted =
      ledger_.adopt(object, directory, memory() ? "" : objectPath(directory, object.idHex));
  if (adopted.record == nullptr) {
    return Status(Code::kAlreadyExists,
                  "object " + object.uniqueKey + "/" + object.idHex + " is open already");
  }
  return std::unique_ptr<Database>(std::make_unique<SqliteDatabase>(
      ledger_, files_, std::move(adopted),
      ObjectSession::Options{.memory = memory(), .cachePages = options_.cachePagesPerObject}));
}

Result<std::vector<StoredAlarm>> SqliteEngine::loadAlarms() {
  std::vector<StoredAlarm> alarms;
  if (memory()) return alarms;
  const Result<std::vector<std::string>> namespaces =
      files_.list(namespacesDirectory(options_.dataDir));
  if (!namespaces.ok()) return namespaces.status();
  for (const std::string& uniqueKey : namespaces.value()) {
    const std::string path = alarmIndexPath(namespaceDirectory(options_.dataDir, uniqueKey));
    if (!files_.exists(path)) continue;
    Result<std::unique_ptr<AlarmIndex>> index = AlarmIndex::open(path, Connection::Role::kIndex);
    if (!index.ok()) return index.status();
    Status loaded = index.value()->loadAll(uniqueKey, alarms);
    if (!loaded.ok()) return loaded;
  }
  return alarms;
}

void SqliteEngine::forgetAlarm(const ObjectName& object) {
  if (!memory()) ledger_.forgetAlarm(object);
}

Status SqliteEngine::renameNamespace(const std::string& fromUniqueKey,
                                     const std::string& toUniqueKey) {
  Status named = checkUniqueKey(fromUniqueKey);
  if (named.ok()) named = checkUniqueKey(toUniqueKey);
  if (!named.ok() || memory()) return named;
  const std::string from = namespaceDirectory(options_.dataDir, fromUniqueKey);
  const std::string to = namespaceDirectory(options_.dataDir, toUniqueKey);
  if (!files_.exists(from)) return {Code::kNotFound, "no namespace " + fromUniqueKey};
  if (files_.exists(to)) return {Code::kAlreadyExists, "namespace " + toUniqueKey + " exists"};
  Status renamed = files_.rename(from, to);
  return renamed.ok() ? files_.syncDirectory(namespacesDirectory(options_.dataDir)) : renamed;
}

Status SqliteEngine::deleteNamespace(const std::string& uniqueKey) {
  Status named = checkUniqueKey(uniqueKey);
  if (!named.ok() || memory()) return named;
  // Its alarms lie in the same directory.
  Status removed = files_.removeTree(namespaceDirectory(options_.dataDir, uniqueKey));
  return removed.ok() ? files_.syncDirectory(namespacesDirectory(options_.dataDir)) : removed;
}

Result<bool> SqliteEngine::namespaceExists(const std::string& uniqueKey) {
  Status named = checkUniqueKey(uniqueKey);
  if (!named.ok()) return named;
  return !memory() && files_.exists(namespaceDirectory(options_.dataDir, uniqueKey));
}

Result<std::vector<std::string>> SqliteEngine::listObjects(const std::string& uniqueKey) {
  Status named = checkUniqueKey(uniqueKey);
  if (!named.ok()) return named;
  if (memory()) return ledger_.objectsOf(uniqueKey);
  const Result<std::vector<std::string>> names =
      files_.list(namespaceDirectory(options_.dataDir, uniqueKey));
  if (!names.ok()) return names.status();
  std::vector<std::string> objects;
  for (const std::string& name : names.value()) {
    if (!name.ends_with(kSqliteSuffix) || name == kAlarmIndexName) continue;
    objects.push_back(name.substr(0, name.size() - kSqliteSuffix.size()));
  }
  return objects;
}

Result<std::optional<std::string>> SqliteEngine::readMeta(const std::string& key) {
  if (!memory()) return records_.read(key);
  const auto found = memoryRecords_.find(key);
  if (found == memoryRecords_.end()) return std::optional<std::string>();
  return std::optional<std::string>(found->second);
}

Status SqliteEngine::writeMeta(const std::string& key, const std::string& value) {
  if (!memory()) return records_.write(key, value);
  memoryRecords_[key] = value;
  return {};
}

}  // namespace holdfast::storage
