#include "storage/sqlite_database.h"

#include "storage/database_wipe.h"

namespace holdfast::storage {
namespace {

constexpr const char* kCancelledByDeleteAll =
    "SQLite query was canceled because the database was deleted.";

}  // namespace

SqliteDatabase::~SqliteDatabase() {
  session_.cancelCursors({Code::kUnavailable, "The object's storage was closed."});
  sql_.close();
  kv_.close();
}

Result<std::unique_ptr<SqlCursor>> SqliteDatabase::exec(std::string_view query,
                                                        const std::vector<SqlValue>& bindings) {
  if (!session_.usesSql()) {
    // Inside a transaction it cannot: the counts begin where they are.
    if (session_.isConnectionMoved()) rest();
    session_.useSql();
  }
  return sql_.exec(query, bindings);
}

Result<Lsn> SqliteDatabase::commit() {
  Result<std::optional<RecordedAlarm>> alarm = metadata_.takeAlarmChange();
  if (!alarm.ok()) return alarm.status();
  return session_.commit(std::move(alarm).value());
}

void SqliteDatabase::rollback() {
  metadata_.dropAlarmChange();
  session_.rollback();
}

bool SqliteDatabase::rest() {
  if (!session_.canRest()) return false;
  sql_.close();
  kv_.close();
  session_.rest();
  return true;
}

Status SqliteDatabase::deleteAll(AlarmFate fate) {
  if (session_.savepointDepth() > 0) {
    return {Code::kInvalidArgument, "Cannot call deleteAll() within a transaction"};
  }
  const Result<std::optional<TimestampMs>> alarm = metadata_.getAlarm();
  if (!alarm.ok()) return alarm.status();
  rollback();
  const Result<bool> exists = session_.openExisting();
  if (!exists.ok()) return exists.status();
  if (exists.value()) {
    session_.cancelCursors({Code::kSql, kCancelledByDeleteAll});
    const Result<std::optional<TimestampMs>> stored = metadata_.getAlarm();
    if (!stored.ok()) return stored.status();
    // Through setAlarm(), so that the index hears of it.
    Status cleared = metadata_.setAlarm(std::nullopt);
    if (!cleared.ok()) return cleared;
    Status begun = session_.begin();
    if (!begun.ok()) return begun;
    session_.connection().markOwn();
    const int code = wipeDatabase(session_.connection());
    session_.newEpoch();
    if (code != SQLITE_OK) {
      Status why = session_.failed(code);
      rollback();
      return why;
    }
    session_.wrote();
  }
  if (fate == AlarmFate::kDelete || !alarm.value()) return {};
  return metadata_.setAlarm(alarm.value());
}

}  // namespace holdfast::storage
