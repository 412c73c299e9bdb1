#include "storage/database_check.h"

#include <string_view>
#include <utility>

#include "storage/replay_vfs.h"
#include "storage/sqlite_error.h"
#include "storage/statement.h"

namespace holdfast::storage {
namespace {

constexpr int kFlags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
constexpr const char* kVfs = "unix-none";  // takes no locks: the data directory's is held
constexpr int64_t kNsPerMs = 1'000'000;

// https://sqlite.org/uri.html
std::string immutableUri(std::string_view path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kPlain =
      "/._-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::string uri = "file:";
  for (const char c : path) {
    if (kPlain.find(c) != std::string_view::npos) {
      uri += c;
      continue;
    }
    const auto byte = static_cast<uint8_t>(c);
    uri += '%';
    uri += kDigits[byte >> 4U];
    uri += kDigits[byte & 0xFU];
  }
  return uri + "?immutable=1";
}

int prepare(sqlite3* db, const char* sql, Statement& out) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(db, sql, -1, &statement, nullptr);
  out.reset(statement);
  return code;
}

}  // namespace

Result<DatabaseCheck> DatabaseCheck::open(sys::FileSystem& files, const std::string& path) {
  if (files.exists(path + "-journal")) {
    return Status(
        Code::kUnsupported,
        "another program ended in the middle of a transaction, which the next use undoes");
  }
  const Result<uint64_t> walBytes = files.fileSize(path + "-wal");
  if (!walBytes.ok()) return walBytes.status();
  sqlite3* db = nullptr;
  // SQLite makes the files of a write-ahead log that are not there, unless the database is
  // immutable; but then it does not look at one that is there.
  if (walBytes.value() == 0) {
    const int code =
        sqlite3_open_v2(immutableUri(path).c_str(), &db, kFlags | SQLITE_OPEN_URI, kVfs);
    return opened(db, code);
  }
  int code = sqlite3_open_v2(path.c_str(), &db, kFlags, kVfs);
  if (code == SQLITE_OK) {
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    // The index of the write-ahead log stays in memory.
    code = sqlite3_exec(db, "PRAGMA locking_mode=EXCLUSIVE", nullptr, nullptr, nullptr);
  }
  return opened(db, code);
}

Result<DatabaseCheck> DatabaseCheck::openReplayed(sys::FileSystem& files,
                                                  const LogReplay::Object& object) {
  sqlite3* db = nullptr;
  const int code = storage::openReplayed(files, object, &db);
  return opened(db, code);
}

Result<DatabaseCheck> DatabaseCheck::opened(sqlite3* db, int code) {
  DatabaseCheck check(db);
  if (db == nullptr) return Status(Code::kIo, "out of memory");
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  if (code == SQLITE_OK) {
    code = sqlite3_exec(db, "PRAGMA cell_size_check=ON", nullptr, nullptr, nullptr);
  }
  if (code != SQLITE_OK) return check.failed(code);
  return check;
}

Status DatabaseCheck::failed(int code) const {
  return {Code::kCorrupt, sqliteMessage(db_.get(), code)};
}

Status DatabaseCheck::integrity() {
  Statement statement;
  int code = prepare(db_.get(), "PRAGMA integrity_check(3)", statement);
  if (code != SQLITE_OK) return failed(code);
  std::string found;
  while ((code = sqlite3_step(statement.get())) == SQLITE_ROW) {
    if (!found.empty()) found += "; ";
    found += columnBytes(statement.get(), 0);
  }
  if (code != SQLITE_DONE) return failed(code);
  if (found == "ok") return {};
  for (char& c : found) {
    if (c == '\n') c = ' ';
  }
  return {Code::kCorrupt, found};
}

Result<bool> DatabaseCheck::hasTable(const char* name) {
  Statement statement;
  int code = prepare(db_.get(), "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1",
                     statement);
  if (code != SQLITE_OK) return failed(code);
  bindText(statement.get(), 1, name);
  code = sqlite3_step(statement.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return failed(code);
}

Result<std::optional<TimestampMs>> DatabaseCheck::alarm() {
  std::optional<TimestampMs> at;
  const Result<bool> has = hasTable("_cf_METADATA");
  if (!has.ok()) return has.status();
  if (!has.value()) return at;
  Statement statement;
  int code = prepare(db_.get(), "SELECT value FROM _cf_METADATA WHERE key = 1", statement);
  if (code == SQLITE_OK) code = sqlite3_step(statement.get());
  if (code == SQLITE_ROW) {
    if (sqlite3_column_type(statement.get(), 0) != SQLITE_NULL) {
      at = sqlite3_column_int64(statement.get(), 0) / kNsPerMs;
    }
    return at;
  }
  if (code == SQLITE_DONE) return at;
  return failed(code);
}

Result<std::vector<StoredAlarm>> DatabaseCheck::alarms() {
  std::vector<StoredAlarm> all;
  const Result<bool> has = hasTable("_cf_ALARM");
  if (!has.ok()) return has.status();
  if (!has.value()) return all;
  Statement statement;
  int code = prepare(db_.get(), "SELECT actor_id, scheduled_time FROM _cf_ALARM", statement);
  if (code != SQLITE_OK) return failed(code);
  while ((code = sqlite3_step(statement.get())) == SQLITE_ROW) {
    StoredAlarm alarm;
    alarm.idHex = columnBytes(statement.get(), 0);
    alarm.at = sqlite3_column_int64(statement.get(), 1) / kNsPerMs;
    all.push_back(std::move(alarm));
  }
  if (code != SQLITE_DONE) return failed(code);
  return all;
}

}  // namespace holdfast::storage
