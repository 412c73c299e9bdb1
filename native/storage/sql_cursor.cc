#include "storage/sql_cursor.h"

#include <algorithm>
#include <utility>

#include "storage/row_counts.h"
#include "storage/sql_runner.h"

namespace holdfast::storage {
namespace {

constexpr const char* kLostRows = "The rows of the query could not be read again.";

SqlValue valueAt(sqlite3_stmt* statement, int index) {
  switch (sqlite3_column_type(statement, index)) {
    case SQLITE_INTEGER:
      return sqlite3_column_int64(statement, index);
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, index);
    case SQLITE_TEXT:
      return std::string(columnBytes(statement, index));
    case SQLITE_BLOB:
      return Blob{std::string(columnBytes(statement, index))};
    default:
      return Null{};
  }
}

SqlCursor::Column columnOf(const SqlValue& value) {
  using Type = SqlCursor::Column::Type;
  SqlCursor::Column column;
  if (const auto* integer = std::get_if<int64_t>(&value)) {
    column.type = Type::kInteger;
    column.integer = *integer;
  } else if (const auto* real = std::get_if<double>(&value)) {
    column.type = Type::kReal;
    column.real = *real;
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    column.type = Type::kText;
    column.bytes = *text;
  } else if (const auto* blob = std::get_if<Blob>(&value)) {
    column.type = Type::kBlob;
    column.bytes = blob->bytes;
  }
  return column;
}

}  // namespace

SqliteCursor::SqliteCursor(ObjectSession& session, StatementCache::Lease lease, Origin origin)
    : session_(&session), lease_(std::move(lease)), origin_(origin) {
  writes_ = sqlite3_stmt_readonly(lease_.statement()) == 0;
}

SqliteCursor::~SqliteCursor() { finish(); }

int SqliteCursor::step() {
  // A schema change makes SQLite compile the statement again, under the policy.
  const SqlPolicy::Scope scope(session_->connection().policy(), nullptr);
  return sqlite3_step(lease_.statement());
}

Status SqliteCursor::start(SqlRunner& runner) {
  if (writes_) return startWriting(runner);
  const int code = step();
  takeNames(runner);
  if (code == SQLITE_ROW) {
    hasRow_ = true;
    rowsSeen_ = 1;
    tracked_ = true;
    session_->track(this);
    return {};
  }
  Status status;
  if (code != SQLITE_DONE) status = session_->failed(code);
  finish();
  return status;
}

Status SqliteCursor::startWriting(SqlRunner& runner) {
  sqlite3* db = session_->connection().db();
  const int64_t before = sqlite3_total_changes64(db);
  const int code = step();
  takeNames(runner);
  Status gathered = gather(code);
  // One that fails may keep what it did before: INSERT OR FAIL, RAISE(FAIL).
  if (gathered.ok() || sqlite3_total_changes64(db) != before) session_->wrote();
  finish();
  return gathered;
}

Status SqliteCursor::gather(int code) {
  const int columns = sqlite3_column_count(lease_.statement());
  for (; code == SQLITE_ROW; code = step()) {
    Row row;
    row.reserve(static_cast<size_t>(columns));
    for (int i = 0; i < columns; ++i) row.push_back(valueAt(lease_.statement(), i));
    gathered_.push_back(std::move(row));
  }
  if (code != SQLITE_DONE) return session_->failed(code);
  hasRow_ = !gathered_.empty();
  return {};
}

void SqliteCursor::takeNames(SqlRunner& runner) {
  const int compilations = sqlite3_stmt_status(lease_.statement(), SQLITE_STMTSTATUS_REPREPARE, 0);
  if (lease_->compilations != compilations) {
    // By a view of now, whose functions are not known.
    if (lease_->compilations >= 0) lease_->facts.varies = true;
    const int count = sqlite3_column_count(lease_.statement());
    std::vector<std::string> names;
    names.reserve(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i) {
      const char* name = sqlite3_column_name(lease_.statement(), i);
      names.emplace_back(name == nullptr ? "" : name);
    }
    lease_->columnNames = std::make_shared<const std::vector<std::string>>(std::move(names));
    lease_->compilations = compilations;
    lease_->shape = runner.newShape();
  }
  names_ = lease_->columnNames;
  shape_ = lease_->shape;
}

SqlCursor::Column SqliteCursor::column(size_t index) const {
  using Type = Column::Type;
  if (!gathered_.empty()) return columnOf(gathered_.front().at(index));
  Column column;
  if (!lease_) return column;
  sqlite3_stmt* statement = lease_.statement();
  const int at = static_cast<int>(index);
  switch (sqlite3_column_type(statement, at)) {
    case SQLITE_INTEGER:
      column.type = Type::kInteger;
      column.integer = sqlite3_column_int64(statement, at);
      break;
    case SQLITE_FLOAT:
      column.type = Type::kReal;
      column.real = sqlite3_column_double(statement, at);
      break;
    case SQLITE_TEXT:
      column.type = Type::kText;
      column.bytes = columnBytes(statement, at);
      break;
    case SQLITE_BLOB:
      column.type = Type::kBlob;
      column.bytes = columnBytes(statement, at);
      break;
    default:
      break;
  }
  return column;
}

Status SqliteCursor::advance() {
  if (!cancelled_.ok()) return cancelled_;
  if (!gathered_.empty()) {
    gathered_.pop_front();
    hasRow_ = !gathered_.empty();
    return {};
  }
  if (!lease_ || !hasRow_) return {};
  const int code = step();
  hasRow_ = code == SQLITE_ROW;
  if (hasRow_) ++rowsSeen_;
  Status status;
  if (!hasRow_ && code != SQLITE_DONE) status = session_->failed(code);
  // The reader is where this failed, and what made it fail may be gone when it runs again.
  if (!status.ok() && readAfter_.size() == 1) endAhead();
  if (taken_ != nullptr) {
    readAfter_.push_back(RowCounts::of(lease_.statement()).read);
  } else if (!hasRow_) {
    finish();
  }
  return status;
}

bool SqliteCursor::canReadAhead() const {
  return lease_ && !writes_ && repeatable_ && !lease_->facts.isPragma && !lease_->facts.varies;
}

void SqliteCursor::readAhead(uint32_t* taken) {
  settle();
  *taken = 0;
  taken_ = taken;
  rowsBefore_ = rowsSeen_ - 1;
  readAfter_.assign(1, RowCounts::of(lease_.statement()).read);
}

void SqliteCursor::settle() {
  if (taken_ == nullptr) return;
  const uint64_t taken = *taken_;
  const bool isThere = taken + 1 == readAfter_.size();
  endAhead();
  if (!isThere) {
    goBack(rowsBefore_ + taken);
  } else if (!hasRow_) {
    finish();
  }
}

void SqliteCursor::beforeChange() {
  settle();
  repeatable_ = false;
}

void SqliteCursor::goBack(uint64_t rows) {
  sqlite3_reset(lease_.statement());
  RowCounts::reset(lease_.statement());
  rowsSeen_ = 0;
  int code = SQLITE_ROW;
  while (code == SQLITE_ROW && rowsSeen_ <= rows) {
    code = step();
    if (code == SQLITE_ROW) ++rowsSeen_;
  }
  hasRow_ = code == SQLITE_ROW;
  if (hasRow_) return;
  // Only when memory or the disk fails: the rows were there before.
  cancelled_ = code == SQLITE_DONE ? Status(Code::kSql, kLostRows) : session_->failed(code);
  finish();
}

void SqliteCursor::endAhead() {
  if (taken_ == nullptr) return;
  *taken_ = kWentBack;
  taken_ = nullptr;
}

uint64_t SqliteCursor::rowsRead() const {
  if (taken_ != nullptr) return readAfter_.at(*taken_);
  return lease_ ? RowCounts::of(lease_.statement()).read : rowsRead_;
}

uint64_t SqliteCursor::rowsWritten() const {
  return lease_ ? RowCounts::of(lease_.statement()).written : rowsWritten_;
}

void SqliteCursor::finish() {
  if (lease_) {
    rowsRead_ = rowsRead();
    rowsWritten_ = rowsWritten();
    RowCounts::reset(lease_.statement());
    lease_.end();
  }
  endAhead();
  if (tracked_) session_->untrack(this);
  tracked_ = false;
}

void SqliteCursor::cancel(const Status& why) {
  tracked_ = false;
  // The reader is not at the end, or he would have let go of it: he is told.
  hasRow_ = hasRow_ || taken_ != nullptr;
  finish();
  cancelled_ = why;
}

}  // namespace holdfast::storage
