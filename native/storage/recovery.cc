#include "storage/recovery.h"

#include <optional>
#include <string_view>
#include <vector>

#include "storage/alarm_index.h"
#include "storage/data_paths.h"
#include "storage/sqlite_error.h"

namespace holdfast::storage {
namespace {

constexpr std::string_view kWalSuffix = ".sqlite-wal";
constexpr size_t kIdHexDigits = 64;
constexpr uint32_t kCachePages = 16;
constexpr int64_t kNsPerMs = 1'000'000;

Result<std::optional<TimestampMs>> alarmOf(const std::string& path) {
  using Alarm = std::optional<TimestampMs>;
  Result<std::unique_ptr<Connection>> opened =
      Connection::open(path, Connection::Role::kShard, kCachePages);
  if (!opened.ok()) return opened.status();
  Connection& connection = *opened.value();
  // A killed flusher may have left a WAL that a close here would copy unflushed.
  sqlite3_db_config(connection.db(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  Statement statement;
  int code = connection.prepare("SELECT value FROM _cf_METADATA WHERE key = 1", statement);
  if (code == SQLITE_ERROR) return Alarm();  // it has no such table
  if (code == SQLITE_OK) code = sqlite3_step(statement.get());
  if (code == SQLITE_DONE) return Alarm();
  if (code == SQLITE_ROW) return Alarm(sqlite3_column_int64(statement.get(), 0) / kNsPerMs);
  return Status(Code::kIo, path + ": " + sqliteMessage(connection.db(), code));
}

// Ids whose WAL holds something.
Result<std::vector<std::string>> objectsWithWal(sys::FileSystem& files,
                                                const std::string& directory) {
  const Result<std::vector<std::string>> names = files.list(directory);
  if (!names.ok()) return names.status();
  std::vector<std::string> ids;
  for (const std::string& name : names.value()) {
    if (!name.ends_with(kWalSuffix) || name.size() != kIdHexDigits + kWalSuffix.size()) continue;
    const Result<uint64_t> size = files.fileSize(directory + "/" + name);
    if (!size.ok()) return size.status();
    if (size.value() > 0) ids.push_back(name.substr(0, kIdHexDigits));
  }
  return ids;
}

Status recoverNamespace(sys::FileSystem& files, const std::string& directory,
                        Connection::Role indexRole) {
  const Result<std::vector<std::string>> ids = objectsWithWal(files, directory);
  if (!ids.ok()) return ids.status();
  std::unique_ptr<AlarmIndex> index;
  for (const std::string& id : ids.value()) {
    const Result<std::optional<TimestampMs>> alarm = alarmOf(objectPath(directory, id));
    if (!alarm.ok()) return alarm.status();
    if (!alarm.value()) continue;
    if (index == nullptr) {
      Result<std::unique_ptr<AlarmIndex>> opened =
          AlarmIndex::open(alarmIndexPath(directory), indexRole);
      if (!opened.ok()) return opened.status();
      index = std::move(opened).value();
      Status begun = index->begin();
      if (!begun.ok()) return begun;
    }
    const Result<bool> noted = index->noteEarliest(id, *alarm.value(), std::nullopt);
    if (!noted.ok()) return noted.status();
  }
  return index == nullptr ? Status() : index->end();
}

}  // namespace

Status recoverAlarms(sys::FileSystem& files, const std::string& dataDir,
                     Connection::Role indexRole) {
  const Result<std::vector<std::string>> namespaces = files.list(namespacesDirectory(dataDir));
  if (!namespaces.ok()) return namespaces.status();
  for (const std::string& uniqueKey : namespaces.value()) {
    Status recovered = recoverNamespace(files, namespaceDirectory(dataDir, uniqueKey), indexRole);
    if (!recovered.ok()) return recovered;
  }
  return {};
}

}  // namespace holdfast::storage
