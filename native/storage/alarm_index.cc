#include "storage/alarm_index.h"

#include <algorithm>
#include <utility>

#include "storage/sqlite_error.h"

namespace holdfast::storage {
namespace {

constexpr int64_t kNsPerMs = 1'000'000;
constexpr uint32_t kCachePages = 64;

constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS _cf_ALARM (actor_id TEXT PRIMARY KEY, scheduled_time INTEGER, "
    "actor_name TEXT) WITHOUT ROWID";
// Times are whole milliseconds here, so that their order is that of AlarmPosition.
constexpr const char* kOrder =
    "BEGIN IMMEDIATE; "
    "UPDATE _cf_ALARM SET scheduled_time = scheduled_time / 1000000 * 1000000 "
    "WHERE scheduled_time % 1000000 <> 0; "
    "CREATE INDEX _cf_ALARM_ORDER ON _cf_ALARM(scheduled_time, actor_id, actor_name); COMMIT";
constexpr const char* kSet =
    "INSERT INTO _cf_ALARM(actor_id, scheduled_time, actor_name) VALUES(?1, ?2, ?3) "
    "ON CONFLICT(actor_id) DO UPDATE SET scheduled_time = excluded.scheduled_time, "
    "actor_name = coalesce(excluded.actor_name, actor_name)";

void bindAlarm(sqlite3_stmt* statement, const std::string& idHex, TimestampMs at,
               const std::optional<std::string>& actorName) {
  bindText(statement, 1, idHex);
  sqlite3_bind_int64(statement, 2, at * kNsPerMs);
  if (actorName) {
    bindText(statement, 3, *actorName);
  } else {
    sqlite3_bind_null(statement, 3);
  }
}

}  // namespace

Result<std::unique_ptr<AlarmIndex>> AlarmIndex::open(const std::string& path,
                                                     Connection::Role role) {
  Result<std::unique_ptr<Connection>> connection = Connection::open(path, role, kCachePages);
  if (!connection.ok()) return connection.status();
  std::unique_ptr<AlarmIndex> index(new AlarmIndex(std::move(connection).value()));
  Status prepared = index->prepare();
  if (!prepared.ok()) return prepared;
  return index;
}

Status AlarmIndex::prepare() {
  int code = connection_->run(kSchema);
  if (code != SQLITE_OK) return failed(code);
  // workerd before 2026-08 made the table without names.
  Statement probe;
  if (connection_->prepare("SELECT actor_name FROM _cf_ALARM", probe) != SQLITE_OK) {
    code = connection_->run("ALTER TABLE _cf_ALARM ADD COLUMN actor_name TEXT");
    if (code != SQLITE_OK) return failed(code);
  }
  code = prepareOrder();
  if (code == SQLITE_OK) code = connection_->prepare(kSet, set_);
  if (code == SQLITE_OK) {
    code = connection_->prepare("DELETE FROM _cf_ALARM WHERE actor_id = ?1", remove_);
  }
  if (code == SQLITE_OK) code = connection_->prepare(kReadAfter, readAfter_);
  return code == SQLITE_OK ? Status() : failed(code);
}

int AlarmIndex::prepareOrder() {
  Statement probe;
  int code = connection_->prepare(
      "SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = '_cf_ALARM_ORDER'", probe);
  if (code != SQLITE_OK) return code;
  code = sqlite3_step(probe.get());
  if (code == SQLITE_ROW) return SQLITE_OK;
  probe.reset();
  if (code == SQLITE_DONE) code = connection_->run(kOrder);
  if (code != SQLITE_OK) abandon();
  return code;
}

Status AlarmIndex::failed(int code) {
  const char* path = sqlite3_db_filename(connection_->db(), "main");
  return {Code::kIo,
          std::string("alarm index ") + path + ": " + sqliteMessage(connection_->db(), code)};
}

Status AlarmIndex::begin() {
  const int code = connection_->run("BEGIN IMMEDIATE");
  return code == SQLITE_OK ? Status() : failed(code);
}

Status AlarmIndex::end() {
  const int code = connection_->run("COMMIT");
  if (code == SQLITE_OK) return {};
  Status why = failed(code);
  abandon();
  return why;
}

void AlarmIndex::abandon() {
  if (sqlite3_get_autocommit(connection_->db()) == 0) connection_->run("ROLLBACK");
}

Status AlarmIndex::settle(const std::string& idHex, std::optional<TimestampMs> at,
                          const std::optional<std::string>& actorName) {
  sqlite3_stmt* statement = at ? set_.get() : remove_.get();
  if (at) {
    bindAlarm(statement, idHex, *at, actorName);
  } else {
    bindText(statement, 1, idHex);
  }
  const int code = connection_->runStatement(statement);
  return code == SQLITE_OK ? Status() : failed(code);
}

Status AlarmIndex::readAfter(const AlarmPosition& after, size_t most, const std::string& uniqueKey,
                             std::vector<StoredAlarm>& out) {
  sqlite3_stmt* statement = readAfter_.get();
  constexpr int64_t kFirst = std::numeric_limits<int64_t>::min() / kNsPerMs;
  sqlite3_bind_int64(statement, 1, std::max(after.at, kFirst) * kNsPerMs);
  bindText(statement, 2, after.idHex);
  sqlite3_bind_int64(statement, 3, static_cast<int64_t>(most));
  int step = sqlite3_step(statement);
  for (; step == SQLITE_ROW; step = sqlite3_step(statement)) {
    StoredAlarm alarm;
    alarm.uniqueKey = uniqueKey;
    alarm.idHex = columnBytes(statement, 0);
    alarm.at = sqlite3_column_int64(statement, 1) / kNsPerMs;
    alarm.hasActorName = sqlite3_column_type(statement, 2) != SQLITE_NULL;
    alarm.actorName = columnBytes(statement, 2);
    out.push_back(std::move(alarm));
  }
  sqlite3_reset(statement);
  return step == SQLITE_DONE ? Status() : failed(step);
}

}  // namespace holdfast::storage
