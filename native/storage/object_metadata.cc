#include "storage/object_metadata.h"

#include <cinttypes>
#include <cstdio>

namespace holdfast::storage {
namespace {

constexpr const char* kRead = "SELECT value FROM _cf_METADATA WHERE key = ?1";
constexpr const char* kWrite =
    "INSERT INTO _cf_METADATA(key, value) VALUES(?1, ?2) "
    "ON CONFLICT(key) DO UPDATE SET value = excluded.value";
constexpr const char* kRemove = "DELETE FROM _cf_METADATA WHERE key = ?1";
constexpr int64_t kBookmarkKey = 2;
constexpr int64_t kNsPerMs = 1'000'000;

}  // namespace

ObjectMetadata::ObjectMetadata(ObjectSession& session)
    : session_(session),
      table_(kMetadataTableSql, kRead, metadataDatabaseImage(), &OwnSchema::hasMetadata) {}

Result<std::optional<int64_t>> ObjectMetadata::read(int64_t key) {
  const Result<bool> exists = table_.exists(session_);
  if (!exists.ok()) return exists.status();
  if (!exists.value()) return std::optional<int64_t>();
  const Result<sqlite3_stmt*> kept = session_.kept(&Connection::Kept::metadataRead, kRead);
  if (!kept.ok()) return kept.status();
  sqlite3_stmt* statement = kept.value();
  const ResetOnExit reset(statement);
  sqlite3_bind_int64(statement, 1, key);
  const int code = sqlite3_step(statement);
  if (code == SQLITE_DONE) return std::optional<int64_t>();
  if (code != SQLITE_ROW) return session_.failed(code);
  if (sqlite3_column_type(statement, 0) == SQLITE_NULL) return std::optional<int64_t>();
  return std::optional<int64_t>(sqlite3_column_int64(statement, 0));
}

Status ObjectMetadata::write(int64_t key, int64_t value) {
  Status ready = table_.ensure(session_);
  if (!ready.ok()) return ready;
  const Result<sqlite3_stmt*> kept = session_.kept(&Connection::Kept::metadataWrite, kWrite);
  if (!kept.ok()) return kept.status();
  sqlite3_bind_int64(kept.value(), 1, key);
  sqlite3_bind_int64(kept.value(), 2, value);
  return run(kept.value());
}

Status ObjectMetadata::remove(int64_t key) {
  Status begun = session_.begin();
  if (!begun.ok()) return begun;
  const Result<sqlite3_stmt*> kept = session_.kept(&Connection::Kept::metadataRemove, kRemove);
  if (!kept.ok()) return kept.status();
  sqlite3_bind_int64(kept.value(), 1, key);
  return run(kept.value());
}

Status ObjectMetadata::run(sqlite3_stmt* statement) {
  const int code = session_.connection().runStatement(statement);
  if (code != SQLITE_OK) return session_.failed(code);
  session_.wrote();
  return {};
}

Result<std::optional<TimestampMs>> ObjectMetadata::getAlarm() {
  if (cachedEpoch_ == session_.epoch()) return alarm_;
  const Result<std::optional<int64_t>> stored = read(kAlarmKey);
  if (!stored.ok()) return stored.status();
  alarm_.reset();
  if (stored.value()) alarm_ = *stored.value() / kNsPerMs;
  cachedEpoch_ = session_.epoch();
  return alarm_;
}

Status ObjectMetadata::setAlarm(std::optional<TimestampMs> at) {
  const Result<std::optional<TimestampMs>> before = getAlarm();
  if (!before.ok()) return before.status();
  if (!at && !before.value()) return {};
  Status stored = at ? write(kAlarmKey, *at * kNsPerMs) : remove(kAlarmKey);
  if (!stored.ok()) return stored;
  alarm_ = at;
  touched_ = true;
  return {};
}

Result<std::optional<RecordedAlarm>> ObjectMetadata::takeAlarmChange() {
  if (!touched_) return std::optional<RecordedAlarm>();
  const Result<std::optional<TimestampMs>> now = getAlarm();
  if (!now.ok()) return now.status();
  touched_ = false;
  RecordedAlarm change;
  change.at = now.value();
  change.actorName = actorName_;
  return std::optional<RecordedAlarm>(std::move(change));
}

Result<std::string> ObjectMetadata::bookmark() {
  const Result<std::optional<int64_t>> stored = read(kBookmarkKey);
  if (!stored.ok()) return stored.status();
  const auto count = static_cast<uint64_t>(stored.value().value_or(0));
  Status counted = write(kBookmarkKey, static_cast<int64_t>(count + 1));
  if (!counted.ok()) return counted;
  char text[80];
  std::snprintf(text, sizeof text, "%08" PRIx64 "-%08" PRIx64 "-%08x-%032x", count >> 32U,
                count & 0xffffffffU, 0U, 0U);
  return std::string(text);
}

}  // namespace holdfast::storage
