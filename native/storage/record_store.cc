#include "storage/record_store.h"

#include "storage/connection.h"
#include "storage/sqlite_error.h"

namespace holdfast::storage {
namespace {

constexpr uint32_t kCachePages = 16;

Status failed(Connection& connection, const std::string& path, int code) {
  return {Code::kIo, path + ": " + sqliteMessage(connection.db(), code)};
}

// In one transaction.
Status put(const std::string& path, Connection::Role role, const std::string& key,
           const std::string& value) {
  Result<std::unique_ptr<Connection>> opened = Connection::open(path, role, kCachePages);
  if (!opened.ok()) return opened.status();
  Connection& connection = *opened.value();
  int code = connection.run(
      "BEGIN; CREATE TABLE IF NOT EXISTS records (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID");
  Statement statement;
  if (code == SQLITE_OK) {
    code =
        connection.prepare("INSERT OR REPLACE INTO records(key, value) VALUES(?1, ?2)", statement);
  }
  if (code != SQLITE_OK) return failed(connection, path, code);
  bindText(statement.get(), 1, key);
  bindBlob(statement.get(), 2, value);
  code = connection.runStatement(statement.get());
  if (code == SQLITE_OK) code = connection.run("COMMIT");
  return code == SQLITE_OK ? Status() : failed(connection, path, code);
}

}  // namespace

Result<std::optional<std::string>> RecordStore::read(const std::string& key) {
  if (!files_.exists(path_)) return std::optional<std::string>();
  Result<std::unique_ptr<Connection>> opened =
      Connection::open(path_, Connection::Role::kRecords, kCachePages);
  if (!opened.ok()) return opened.status();
  Connection& connection = *opened.value();
  Statement statement;
  int code = connection.prepare("SELECT value FROM records WHERE key = ?1", statement);
  if (code == SQLITE_ERROR) return std::optional<std::string>();  // died before the table was made
  if (code != SQLITE_OK) return failed(connection, path_, code);
  bindText(statement.get(), 1, key);
  code = sqlite3_step(statement.get());
  if (code == SQLITE_DONE) return std::optional<std::string>();
  if (code != SQLITE_ROW) return failed(connection, path_, code);
  return std::optional<std::string>(std::in_place, columnBytes(statement.get(), 0));
}

Status RecordStore::write(const std::string& key, const std::string& value) {
  if (files_.exists(path_)) return put(path_, Connection::Role::kRecords, key, value);
  const std::string made = path_ + ".new";
  // What another file of that name left would be taken for this one's.
  Status status;
  for (const std::string& old : {made, path_ + "-journal", path_ + "-wal"}) {
    if (status.ok()) status = files_.removeFile(old);
  }
  if (status.ok()) status = put(made, Connection::Role::kUnplaced, key, value);
  if (status.ok()) status = files_.syncFile(made);
  if (status.ok()) status = files_.rename(made, path_);
  return status.ok() ? files_.syncDirectory(path_.substr(0, path_.rfind('/'))) : status;
}

}  // namespace holdfast::storage
