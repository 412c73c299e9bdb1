#include "storage/object_session.h"

#include <utility>
#include <vector>

#include "base/check.h"
#include "storage/sqlite_error.h"

namespace holdfast::storage {
namespace {

constexpr const char* kConstraintsViolated =
    "Durable Object was reset and rolled back to its last known good state because the application "
    "left the database in a state where constraints were violated: ";

std::string savepointSql(const char* verb, uint32_t depth) {
  return std::string(verb) + " _cf_savepoint_" + std::to_string(depth);
}

}  // namespace

ObjectSession::~ObjectSession() { close(); }

void ObjectSession::close() {
  cancelCursors({Code::kUnavailable, "The object's storage was closed."});
  if (inTransaction_) rollback();
  giveConnectionBack();
  file_.abandon();
  files_.close(&file_);
}

Status ObjectSession::open() {
  schema_ = nullptr;
  if (usesSql_) {
    Result<std::unique_ptr<Connection>> opened = connections_.openNew(file_);
    if (!opened.ok()) return opened.status();
    connection_ = std::move(opened).value();
  } else {
    Result<ConnectionPool::Opened> opened = connections_.open(file_);
    if (!opened.ok()) return opened.status();
    connection_ = std::move(opened.value().connection);
    schema_ = opened.value().schema;
  }
  sqlite3_set_last_insert_rowid(connection_->db(), lastRowId_);
  files_.wake(file_);
  return {};
}

void ObjectSession::rest() {
  if (connection_ != nullptr) lastRowId_ = sqlite3_last_insert_rowid(connection_->db());
  giveConnectionBack();
  file_.abandon();
  // What it was made from went with it, tables included.
  if (!file_.exists()) newEpoch();
  files_.rest(file_);
}

void ObjectSession::giveConnectionBack() {
  if (connection_ == nullptr) return;
  if (!broken_.ok() || pinned_ || usesSql_) connection_->markOwn();
  connections_.giveBack(std::move(connection_), file_);
}

Result<bool> ObjectSession::openExisting() {
  if (!broken_.ok()) return broken_;
  if (connection_ != nullptr) return true;
  Status loaded = file_.load();
  if (!loaded.ok()) return loaded;
  if (!file_.exists()) return false;
  Status opened = open();
  if (!opened.ok()) return opened;
  return true;
}

Status ObjectSession::openOrCreate(const std::string& image) {
  const Result<bool> existing = openExisting();
  if (!existing.ok()) return existing.status();
  if (existing.value()) return {};
  file_.create(image);
  return open();
}

Result<sqlite3_stmt*> ObjectSession::kept(Statement Connection::Kept::*which, const char* sql) {
  Statement& statement = connection_->kept().*which;
  const int code = connection_->prepareKept(statement, sql);
  if (code != SQLITE_OK) return failed(code);
  return statement.get();
}

int ObjectSession::runKept(Statement& kept, const char* sql) {
  const int code = connection_->prepareKept(kept, sql);
  return code == SQLITE_OK ? connection_->runStatement(kept.get()) : code;
}

Status ObjectSession::begin(const std::string& image) {
  ++begun_;
  beforeChange();
  if (inTransaction_) return broken_;
  Status opened = openOrCreate(image);
  if (!opened.ok()) return opened;
  DO_CHECK(sqlite3_get_autocommit(connection_->db()) != 0, file_.identity().path);
  inTransaction_ = true;
  wrote_ = false;
  int code = runKept(connection_->kept().begin, "BEGIN IMMEDIATE");
  for (uint32_t depth = 1; code == SQLITE_OK && depth <= depth_; ++depth) {
    code = connection_->run(savepointSql("SAVEPOINT", depth).c_str());
  }
  return code == SQLITE_OK ? Status() : breakWith(failed(code));
}

void ObjectSession::endTransaction() {
  inTransaction_ = false;
  wrote_ = false;
}

Status ObjectSession::breakWith(Status why) {
  if (broken_.ok()) broken_ = Status(Code::kSqlCritical, why.message());
  if (inTransaction_) rollback();
  return broken_;
}

Status ObjectSession::failed(int code) {
  Status why(Code::kSql, sqliteMessage(connection_->db(), code));
  const std::string& path = file_.identity().path;
  if (isDamageCode(code) && !path.empty()) {
    why = Status(Code::kSql, damageMessage(path, why.message()));
  }
  // SQLite rolled back by itself: INSERT OR ROLLBACK, RAISE(ROLLBACK), a full disk.
  const bool lost = inTransaction_ && sqlite3_get_autocommit(connection_->db()) != 0;
  if (lost || isCriticalCode(code)) return breakWith(std::move(why));
  return why;
}

Result<Lsn> ObjectSession::commit(std::optional<RecordedAlarm> alarm) {
  if (!broken_.ok()) return broken_;
  if (!inTransaction_) return Lsn{0};
  if (depth_ > 0) return Status(Code::kInvalidArgument, "commit() inside a savepoint");
  if (wrote_) {
    Status admitted = files_.admit(file_);
    if (!admitted.ok()) {
      rollback();
      return admitted;
    }
  }
  const int code = runKept(connection_->kept().commit, "COMMIT");
  if (code != SQLITE_OK) {
    Status why = failed(code);
    if ((code & 0xff) == SQLITE_CONSTRAINT) {
      why = Status(Code::kSqlCritical, kConstraintsViolated + why.message());
    }
    return breakWith(std::move(why));
  }
  Result<Lsn> lsn = Lsn{0};
  if (wrote_) lsn = file_.commit(files_, std::move(alarm), clock_.wallNow());
  endTransaction();
  return lsn.ok() ? lsn : breakWith(lsn.status());
}

void ObjectSession::rollback() {
  beforeChange();
  depth_ = 0;
  newEpoch();
  if (!inTransaction_) return;
  // Fails when SQLite has rolled back already.
  if (sqlite3_get_autocommit(connection_->db()) == 0)
    (void)runKept(connection_->kept().rollback, "ROLLBACK");
  file_.rollback();
  endTransaction();
}

Status ObjectSession::savepoint() {
  if (!broken_.ok()) return broken_;
  beforeChange();
  ++depth_;
  if (!inTransaction_) return {};
  const int code = connection_->run(savepointSql("SAVEPOINT", depth_).c_str());
  return code == SQLITE_OK ? Status() : failed(code);
}

Status ObjectSession::releaseSavepoint() {
  if (!broken_.ok()) return broken_;
  if (depth_ == 0) return {Code::kInvalidArgument, "releaseSavepoint() without a savepoint"};
  beforeChange();
  const uint32_t innermost = depth_--;
  if (!inTransaction_) return {};
  const int code = connection_->run(savepointSql("RELEASE", innermost).c_str());
  return code == SQLITE_OK ? Status() : failed(code);
}

Status ObjectSession::rollbackToSavepoint() {
  if (!broken_.ok()) return broken_;
  if (depth_ == 0) return {Code::kInvalidArgument, "rollbackToSavepoint() without a savepoint"};
  beforeChange();
  const uint32_t innermost = depth_--;
  if (!inTransaction_) return {};
  newEpoch();
  const std::string undo =
      savepointSql("ROLLBACK TO", innermost) + ";" + savepointSql("RELEASE", innermost);
  const int code = connection_->run(undo.c_str());
  return code == SQLITE_OK ? Status() : failed(code);
}

void ObjectSession::track(OpenCursor* cursor) { cursors_.insert(cursor); }

void ObjectSession::untrack(OpenCursor* cursor) { cursors_.erase(cursor); }

void ObjectSession::beforeChange() {
  if (cursors_.empty()) return;
  // One that turns out to be at its end leaves.
  const std::vector<OpenCursor*> open(cursors_.begin(), cursors_.end());
  for (OpenCursor* cursor : open) cursor->beforeChange();
}

void ObjectSession::cancelCursors(const Status& why) {
  while (!cursors_.empty()) {
    OpenCursor* cursor = *cursors_.begin();
    untrack(cursor);
    cursor->cancel(why);
  }
}

}  // namespace holdfast::storage
