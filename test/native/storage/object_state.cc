#include "storage/object_state.h"

#include <sqlite3.h>

#include <memory>
#include <utility>

#include "base/check.h"

namespace holdfast::storage::testing {
namespace {

constexpr const char* kTables =
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 't[0-9]'";

std::string rowsSql(const std::string& table) { return "SELECT id, n, bytes FROM " + table; }

template <typename Map>
std::string differentKey(const char* what, const Map& wanted, const Map& found) {
  const auto text = [](const auto& key) {
    if constexpr (std::is_arithmetic_v<std::decay_t<decltype(key)>>) {
      return std::to_string(key);
    } else {
      return std::string(key);
    }
  };
  for (const auto& [key, value] : wanted) {
    const auto there = found.find(key);
    if (there == found.end()) return std::string(what) + " " + text(key) + " is missing";
    if (!(there->second == value)) return std::string(what) + " " + text(key) + " differs";
  }
  for (const auto& [key, value] : found) {
    if (!wanted.contains(key)) return std::string(what) + " " + text(key) + " is too much";
  }
  return "";
}

// A database of its own, over the bytes of a file.
class ReadDatabase {
 public:
  explicit ReadDatabase(const std::string& file) {
    DO_CHECK(sqlite3_open_v2(":memory:", &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                             nullptr) == SQLITE_OK);
    // SQLite only reads: the bytes may stay where they are.
    auto* bytes = reinterpret_cast<unsigned char*>(const_cast<char*>(file.data()));
    const auto size = static_cast<sqlite3_int64>(file.size());
    sqlite3_deserialize(db_, "main", bytes, size, size, SQLITE_DESERIALIZE_READONLY);
  }
  ~ReadDatabase() {
    sqlite3_finalize(statement_);
    sqlite3_close(db_);
  }
  ReadDatabase(const ReadDatabase&) = delete;
  ReadDatabase& operator=(const ReadDatabase&) = delete;

  Status prepare(const std::string& sql) {
    sqlite3_finalize(std::exchange(statement_, nullptr));
    const int code = sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement_, nullptr);
    return code == SQLITE_OK ? Status() : failed();
  }
  // False: no more rows.
  Result<bool> step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return failed();
  }
  std::string text(int column) {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return {bytes == nullptr ? "" : bytes,
            static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
  }
  int64_t integer(int column) { return sqlite3_column_int64(statement_, column); }

 private:
  Status failed() { return {Code::kCorrupt, sqlite3_errmsg(db_)}; }

  sqlite3* db_ = nullptr;
  sqlite3_stmt* statement_ = nullptr;
};

Status checkIntegrity(ReadDatabase& db) {
  Status status = db.prepare("PRAGMA integrity_check");
  if (!status.ok()) return status;
  const Result<bool> row = db.step();
  if (!row.ok()) return row.status();
  return db.text(0) == "ok" ? Status() : Status(Code::kCorrupt, db.text(0));
}

// Calls `row` for each row of `sql`.
template <typename Row>
Status eachRow(ReadDatabase& db, const std::string& sql, Row&& row) {
  Status status = db.prepare(sql);
  if (!status.ok()) return status;
  for (;;) {
    const Result<bool> more = db.step();
    if (!more.ok()) return more.status();
    if (!more.value()) return {};
    row();
  }
}

template <typename Row>
Status eachRow(Database& db, const std::string& sql, Row&& row) {
  const Result<std::unique_ptr<SqlCursor>> cursor = db.exec(sql, {});
  if (!cursor.ok()) return cursor.status();
  while (cursor.value()->hasRow()) {
    row(*cursor.value());
    Status moved = cursor.value()->advance();
    if (!moved.ok()) return moved;
  }
  return {};
}

}  // namespace

std::string difference(const ObjectState& wanted, const ObjectState& found) {
  std::string text = differentKey("key", wanted.kv, found.kv);
  if (!text.empty()) return text;
  for (const auto& [name, table] : wanted.tables) {
    const auto there = found.tables.find(name);
    if (there == found.tables.end()) continue;
    text = differentKey("row", table, there->second);
    if (!text.empty()) return name + ": " + text;
  }
  return differentKey("table", wanted.tables, found.tables);
}

Result<ObjectState> readState(Database& db) {
  ObjectState state;
  const Result<std::unique_ptr<KvCursor>> listed = db.list({});
  if (!listed.ok()) return listed.status();
  for (;;) {
    const Result<bool> more = listed.value()->next();
    if (!more.ok()) return more.status();
    if (!more.value()) break;
    state.kv.emplace(listed.value()->key(), listed.value()->value());
  }
  Status status = eachRow(
      db, kTables, [&](const SqlCursor& row) { state.tables[std::string(row.column(0).bytes)]; });
  for (auto& table : state.tables) {
    if (!status.ok()) break;
    status = eachRow(db, rowsSql(table.first), [&rows = table.second](const SqlCursor& row) {
      rows[row.column(0).integer] = {row.column(1).integer, std::string(row.column(2).bytes)};
    });
  }
  if (!status.ok()) return status;
  return state;
}

Result<ObjectState> readState(const std::string& file) {
  ObjectState state;
  if (file.empty()) return state;
  ReadDatabase db(file);
  Status status = checkIntegrity(db);
  bool hasKv = false;
  if (status.ok()) {
    status = eachRow(db, "SELECT 1 FROM sqlite_schema WHERE name = '_cf_KV'",
                     [&hasKv] { hasKv = true; });
  }
  if (status.ok() && hasKv) {
    status = eachRow(db, "SELECT key, value FROM _cf_KV",
                     [&] { state.kv.emplace(db.text(0), db.text(1)); });
  }
  if (status.ok()) status = eachRow(db, kTables, [&] { state.tables[db.text(0)]; });
  for (auto& [name, table] : state.tables) {
    if (!status.ok()) break;
    status = eachRow(db, rowsSql(name), [&db, &rows = table] {
      rows[db.integer(0)] = {db.integer(1), db.text(2)};
    });
  }
  if (!status.ok()) return status;
  return state;
}

std::string shrinkingDatabase(uint32_t pageBytes) {
  sqlite3* db = nullptr;
  DO_CHECK(sqlite3_open_v2(":memory:", &db,
                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                           nullptr) == SQLITE_OK);
  const std::string sql = "PRAGMA page_size=" + std::to_string(pageBytes) +
                          "; PRAGMA auto_vacuum=FULL; CREATE TABLE x(y); DROP TABLE x";
  DO_CHECK(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_int64 size = 0;
  unsigned char* bytes = sqlite3_serialize(db, "main", &size, 0);
  std::string file(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
  sqlite3_free(bytes);
  sqlite3_close(db);
  return file;
}

}  // namespace holdfast::storage::testing
