#include "storage/restore_commit.h"

#include <memory>
#include <optional>

#include "storage/connection.h"
#include "storage/image_file.h"
#include "storage/object_metadata.h"
#include "storage/sqlite_error.h"

namespace holdfast::storage {
namespace {

constexpr const char* kRead = "SELECT value FROM _cf_METADATA WHERE key = ?1";
constexpr const char* kDelete = "DELETE FROM _cf_METADATA WHERE key = ?1";
constexpr const char* kWrite =
    "INSERT INTO _cf_METADATA(key, value) VALUES(?1, ?2) "
    "ON CONFLICT(key) DO UPDATE SET value = excluded.value";

// The stored value; nullopt: there is no alarm.
using AlarmRow = std::optional<int64_t>;

Status failed(Connection& connection, int code) {
  return {Code::kSqlCritical, sqliteMessage(connection.db(), code)};
}

Result<AlarmRow> readAlarm(Connection& connection) {
  Statement statement;
  int code = connection.prepare(kRead, statement);
  if ((code & 0xff) == SQLITE_ERROR) return AlarmRow();  // no such table
  if (code != SQLITE_OK) return failed(connection, code);
  sqlite3_bind_int64(statement.get(), 1, kAlarmKey);
  code = sqlite3_step(statement.get());
  if (code == SQLITE_DONE) return AlarmRow();
  if (code != SQLITE_ROW) return failed(connection, code);
  if (sqlite3_column_type(statement.get(), 0) == SQLITE_NULL) return AlarmRow();
  return AlarmRow(sqlite3_column_int64(statement.get(), 0));
}

int writeAlarm(Connection& connection, const AlarmRow& alarm) {
  int code = connection.run("BEGIN IMMEDIATE");
  if (code == SQLITE_OK) code = connection.run(kMetadataTableSql);
  Statement statement;
  if (code == SQLITE_OK) code = connection.prepare(alarm ? kWrite : kDelete, statement);
  if (code != SQLITE_OK) return code;
  sqlite3_bind_int64(statement.get(), 1, kAlarmKey);
  if (alarm) sqlite3_bind_int64(statement.get(), 2, *alarm);
  code = connection.runStatement(statement.get());
  return code == SQLITE_OK ? connection.run("COMMIT") : code;
}

Result<AlarmRow> alarmOf(ObjectFile& file, uint32_t cachePages) {
  if (!file.exists()) return AlarmRow();
  const Result<std::unique_ptr<Connection>> connection = Connection::openObject(file, cachePages);
  if (!connection.ok()) return connection.status();
  return readAlarm(*connection.value());
}

Status keepAlarm(ObjectFile& file, const AlarmRow& present, uint32_t cachePages) {
  const Result<std::unique_ptr<Connection>> connection = Connection::openObject(file, cachePages);
  if (!connection.ok()) return connection.status();
  const Result<AlarmRow> restored = readAlarm(*connection.value());
  if (!restored.ok()) return restored.status();
  if (restored.value() == present) return {};
  const int code = writeAlarm(*connection.value(), present);
  return code == SQLITE_OK ? Status() : failed(*connection.value(), code);
}

Status stage(ObjectFile& file, const RestoreSource& source, uint32_t cachePages) {
  Status status = file.load();
  if (!status.ok()) return status;
  const Result<AlarmRow> alarm = alarmOf(file, cachePages);
  if (!alarm.ok()) return alarm.status();
  Result<std::unique_ptr<sys::File>> image = source.files.open(source.path, sys::OpenMode::kRead);
  // Of whatever code: nothing of it says that there is no such object.
  if (!image.ok()) return {Code::kIo, image.status().message()};
  const Result<ImageHeader> header = readImageHeader(*image.value(), source.path);
  if (!header.ok()) return header.status();
  status = file.stageRestore(*image.value(), kImageHeaderBytes);
  return status.ok() ? keepAlarm(file, alarm.value(), cachePages) : status;
}

}  // namespace

Status commitRestore(ObjectFiles& objects, ObjectFile& file, const RestoreSource& source,
                     uint32_t cachePages, TimestampMs now) {
  Status status = objects.admit();
  if (status.ok()) status = stage(file, source, cachePages);
  if (status.ok()) status = file.commit(objects, std::nullopt, now).status();
  if (!status.ok()) file.abandon();
  return status;
}

}  // namespace holdfast::storage
