// SQL cursors. Rows cross in a RowBatch; lib/storage shapes them with a factory per statement.
#include "node/bound_method.h"
#include "node/runtime_object.h"
#include "storage/sql_ingest.h"

namespace holdfast::node {

namespace {

Napi::Value namesOf(Napi::Env env, const storage::SqlCursor& cursor) {
  const std::vector<std::string>& names = cursor.columnNames();
  Napi::Array out = Napi::Array::New(env, names.size());
  for (uint32_t i = 0; i < names.size(); ++i) out.Set(i, names[i]);
  return out;
}

}  // namespace

void RuntimeObject::sqlMethods(Methods& methods) {
  methods.push_back(InstanceMethod("sqlReused", &RuntimeObject::sqlReused));
  methods.push_back(InstanceMethod("sqlIngest", &RuntimeObject::sqlIngest));
  methods.push_back(InstanceMethod("setPageCountMax", &RuntimeObject::setPageCountMax));
  methods.push_back(InstanceMethod("cursorClose", &RuntimeObject::cursorClose));
}

void RuntimeObject::bindSql(Napi::Object self) {
  bindMethod<RuntimeObject, &RuntimeObject::sqlExec>(self, "sqlExec", this);
  bindMethod<RuntimeObject, &RuntimeObject::sqlNext>(self, "sqlNext", this);
  bindMethod<RuntimeObject, &RuntimeObject::sqlBatch>(self, "sqlBatch", this);
  bindMethod<RuntimeObject, &RuntimeObject::sqlAhead>(self, "sqlAhead", this);
  bindMethod<RuntimeObject, &RuntimeObject::sqlCounts>(self, "sqlCounts", this);
}

// (actor, query, how many bindings are in sqlCells, the shape that the caller knows or 0) -> column
// names, or undefined when that shape is the cursor's. The rest: sqlState.
Napi::Value RuntimeObject::sqlExec(Info info) {
  Napi::Env env = info.Env();
  storage::Database* database = this->database(info);
  if (database == nullptr) return env.Undefined();
  const std::vector<storage::SqlValue> bindings =
      rows_->bindings(info[2].As<Napi::Number>().Uint32Value());
  const double known = info[3].As<Napi::Number>().DoubleValue();
  Result<std::unique_ptr<storage::SqlCursor>> result(nullptr);
  if (known != 0) result = database->execShape(static_cast<uint64_t>(known), bindings);
  if (result.ok() && result.value() == nullptr) result = database->exec(toWtf8(info[1]), bindings);
  host_->shard().noteWrite(toHandle(info[0]));
  if (failed(env, result.status())) return env.Undefined();
  const storage::SqlCursor& cursor = *result.value();
  sqlReused_ = cursor.reusedStatement();
  noteCounts(cursor);
  const auto shape = static_cast<double>(cursor.shape());
  sqlState_[5] = shape;
  Napi::Value names = env.Undefined();
  if (known != shape) names = namesOf(env, cursor);
  Handle handle = kNoHandle;
  if (cursor.hasRow()) handle = cursors_.add(toHandle(info[0]), std::move(result).value());
  sqlState_[4] = static_cast<double>(handle);
  return names;
}

// sqlState[0..2]: rows read, rows written, 1 while there is a row. [3]: rows that were sent. [4],
// [5]: of the cursor that sqlExec() made, its handle, or 0 when it has no row, and its shape. [6]:
// how many cells of the rows lie in `others`.
void RuntimeObject::noteCounts(const storage::SqlCursor& cursor) {
  sqlState_[0] = static_cast<double>(cursor.rowsRead());
  sqlState_[1] = static_cast<double>(cursor.rowsWritten());
  sqlState_[2] = cursor.hasRow() ? 1 : 0;
}

// The rows that were gathered, as their texts; the rest: sqlCells, sqlState. A cursor that has come
// to its end is given back at once.
Napi::Value RuntimeObject::sendRows(Napi::Env env, Handle handle,
                                    const storage::SqlCursor& cursor) {
  noteCounts(cursor);
  sqlState_[3] = rows_->rows();
  sqlState_[6] = rows_->others();
  if (!cursor.hasRow()) cursors_.close(handle);
  return rows_->text(env);
}

// () -> whether the latest sqlExec() found its statement compiled
Napi::Value RuntimeObject::sqlReused(Info info) {
  return Napi::Boolean::New(info.Env(), sqlReused_);
}

// (actor, text) -> [remainder, statements, rows read, rows written]
Napi::Value RuntimeObject::sqlIngest(Info info) {
  Napi::Env env = info.Env();
  storage::Database* database = this->database(info);
  if (database == nullptr) return env.Undefined();
  const std::string text = toUtf8(info[1]);
  const Result<storage::Ingested> result = storage::ingest(*database, text);
  host_->shard().noteWrite(toHandle(info[0]));
  if (failed(env, result.status())) return env.Undefined();
  const storage::Ingested& done = result.value();
  Napi::Array out = Napi::Array::New(env, 4);
  out.Set(0U, text.substr(done.bytes));
  out.Set(1U, static_cast<double>(done.statements));
  out.Set(2U, static_cast<double>(done.rowsRead));
  out.Set(3U, static_cast<double>(done.rowsWritten));
  return out;
}

// (actor, pages)
void RuntimeObject::setPageCountMax(Info info) {
  storage::Database* database = this->database(info);
  if (database == nullptr) return;
  failed(info.Env(), database->setPageCountMax(info[1].As<Napi::Number>().Uint32Value()));
}

// (cursor) -> the texts of the current row, after which the cursor moves on, and closes when there
// is none; undefined when the cursor is gone.
Napi::Value RuntimeObject::sqlNext(Info info) {
  Napi::Env env = info.Env();
  const Handle handle = toHandle(info[0]);
  CursorTable::Entry* entry = cursors_.find(handle);
  if (entry == nullptr || !entry->sql) return env.Undefined();
  entry->sql->settle();
  if (!entry->sql->hasRow()) return env.Undefined();
  rows_->begin();
  rows_->add(env, *entry->sql);
  if (failed(env, entry->sql->advance())) rows_->begin();
  return sendRows(env, handle, *entry->sql);
}

// (cursor) -> as sqlNext(), for as many of the rows that remain as there is room for.
Napi::Value RuntimeObject::sqlBatch(Info info) {
  Napi::Env env = info.Env();
  const Handle handle = toHandle(info[0]);
  CursorTable::Entry* entry = cursors_.find(handle);
  if (entry == nullptr || !entry->sql) return env.Undefined();
  storage::SqlCursor& cursor = *entry->sql;
  cursor.settle();
  const size_t columns = cursor.columnNames().size();
  rows_->begin();
  while (cursor.hasRow() && rows_->hasRoomFor(columns)) {
    rows_->add(env, cursor);
    if (failed(env, cursor.advance())) return env.Undefined();
  }
  return sendRows(env, handle, cursor);
}

// (cursor, rows at most) -> as sqlNext(), for rows that the reader has not asked for yet. sqlState
// [7]: where in `sqlAhead` he counts those that he has taken, where kWentBack tells him to forget
// the others; or -1: there is one row, the current one, as sqlNext() gives it. The cursor stays.
Napi::Value RuntimeObject::sqlAhead(Info info) {
  Napi::Env env = info.Env();
  CursorTable::Entry* entry = cursors_.find(toHandle(info[0]));
  if (entry == nullptr || !entry->sql) return env.Undefined();
  storage::SqlCursor& cursor = *entry->sql;
  cursor.settle();
  if (!cursor.hasRow()) return env.Undefined();
  sqlState_[7] = -1;
  if (!cursor.canReadAhead()) return sqlNext(info);
  if (!entry->ahead) entry->ahead = ahead_->lease();
  if (!entry->ahead) return sqlNext(info);
  cursor.readAhead(entry->ahead.count());
  const size_t columns = cursor.columnNames().size();
  const uint32_t rowsMax = info[1].As<Napi::Number>().Uint32Value();
  rows_->begin();
  while (cursor.hasRow() && rows_->rows() < rowsMax && rows_->hasRoomFor(columns)) {
    rows_->add(env, cursor);
    const Status moved = cursor.advance();
    if (moved.ok()) continue;
    if (rows_->rows() > 1 && moved.code() != Code::kSqlCritical) {
      cursor.settle();
      return sqlNext(info);
    }
    failed(env, moved);
    rows_->begin();
    return sendRows(env, toHandle(info[0]), cursor);
  }
  sqlState_[2] = cursor.hasRow() ? 1 : 0;
  sqlState_[3] = rows_->rows();
  sqlState_[6] = rows_->others();
  sqlState_[7] = entry->ahead.index();
  return rows_->text(env);
}

// (cursor) -> whether it is open; its counts: sqlState. Throws when it was cancelled.
Napi::Value RuntimeObject::sqlCounts(Info info) {
  const CursorTable::Entry* entry = cursors_.find(toHandle(info[0]));
  const bool isOpen = entry != nullptr && entry->sql != nullptr;
  if (isOpen && failed(info.Env(), entry->sql->cancelled())) return info.Env().Undefined();
  if (isOpen) noteCounts(*entry->sql);
  return Napi::Boolean::New(info.Env(), isOpen);
}

void RuntimeObject::cursorClose(Info info) { cursors_.close(toHandle(info[0])); }

}  // namespace holdfast::node
