// SQL cursors. Rows cross as arrays of values; lib/storage shapes them into objects with a factory
// per statement.
#include "node/runtime_object.h"
#include "storage/sql_ingest.h"

namespace holdfast::node {
namespace {

using Column = storage::SqlCursor::Column;

// null, number, string, or bytes: lib/storage has converted everything else (spec S4.3).
storage::SqlValue bindingFrom(const Napi::Value& value) {
  if (value.IsNumber()) return value.As<Napi::Number>().DoubleValue();
  if (value.IsString()) return toWtf8(value);  // as workerd: lone surrogates too
  if (value.IsArrayBuffer() || value.IsTypedArray() || value.IsDataView())
    return storage::Blob{toBytes(value)};
  return storage::Null{};
}

Napi::Value toJs(Napi::Env env, const Column& column) {
  switch (column.type) {
    case Column::Type::kInteger:
      return Napi::Number::New(env, static_cast<double>(column.integer));
    case Column::Type::kReal:
      return Napi::Number::New(env, column.real);
    case Column::Type::kText:
      return Napi::String::New(env, column.bytes.data() == nullptr ? "" : column.bytes.data(),
                               column.bytes.size());
    case Column::Type::kBlob:
      return copyToArrayBuffer(env, column.bytes);
    case Column::Type::kNull:
      break;
  }
  return env.Null();
}

Napi::Value currentRow(Napi::Env env, const storage::SqlCursor& cursor) {
  if (!cursor.hasRow()) return env.Undefined();
  const size_t columns = cursor.columnNames().size();
  Napi::Array row = Napi::Array::New(env, columns);
  for (uint32_t i = 0; i < columns; ++i) row.Set(i, toJs(env, cursor.column(i)));
  return row;
}

}  // namespace

void RuntimeObject::sqlMethods(Methods& methods) {
  methods.push_back(InstanceMethod("sqlExec", &RuntimeObject::sqlExec));
  methods.push_back(InstanceMethod("sqlReused", &RuntimeObject::sqlReused));
  methods.push_back(InstanceMethod("sqlIngest", &RuntimeObject::sqlIngest));
  methods.push_back(InstanceMethod("setPageCountMax", &RuntimeObject::setPageCountMax));
  methods.push_back(InstanceMethod("sqlNext", &RuntimeObject::sqlNext));
  methods.push_back(InstanceMethod("sqlAll", &RuntimeObject::sqlAll));
  methods.push_back(InstanceMethod("sqlCounts", &RuntimeObject::sqlCounts));
  methods.push_back(InstanceMethod("cursorClose", &RuntimeObject::cursorClose));
}

// (actor, query, bindings, the shape that the caller knows or 0) -> [cursor or 0 when it has no
// row, shape, column names unless that shape is known]. Counts: sqlState.
Napi::Value RuntimeObject::sqlExec(Info info) {
  Napi::Env env = info.Env();
  storage::Database* database = this->database(info);
  if (database == nullptr) return env.Undefined();
  const auto given = info[2].As<Napi::Array>();
  const uint32_t count = given.Length();
  std::vector<storage::SqlValue> bindings;
  bindings.reserve(count);
  for (uint32_t i = 0; i < count; ++i) bindings.push_back(bindingFrom(given.Get(i)));
  Result<std::unique_ptr<storage::SqlCursor>> result = database->exec(toWtf8(info[1]), bindings);
  host_->shard().noteWrite(toHandle(info[0]));
  if (failed(env, result.status())) return env.Undefined();
  storage::SqlCursor& cursor = *result.value();
  sqlReused_ = cursor.reusedStatement();
  noteCounts(cursor);
  const auto shape = static_cast<double>(cursor.shape());
  Napi::Array out = Napi::Array::New(env, 3);
  out.Set(1U, shape);
  if (info[3].As<Napi::Number>().DoubleValue() != shape) {
    const std::vector<std::string>& names = cursor.columnNames();
    Napi::Array columns = Napi::Array::New(env, names.size());
    for (uint32_t i = 0; i < names.size(); ++i) columns.Set(i, names[i]);
    out.Set(2U, columns);
  }
  Handle handle = kNoHandle;
  if (cursor.hasRow()) handle = cursors_.add(toHandle(info[0]), std::move(result).value());
  out.Set(0U, fromHandle(env, handle));
  return out;
}

// sqlState[0..2]: rows read, rows written, 1 while there is a row.
void RuntimeObject::noteCounts(const storage::SqlCursor& cursor) {
  sqlState_[0] = static_cast<double>(cursor.rowsRead());
  sqlState_[1] = static_cast<double>(cursor.rowsWritten());
  sqlState_[2] = cursor.hasRow() ? 1 : 0;
}

// A cursor that has come to its end is given back at once.
void RuntimeObject::settleCursor(Handle handle, const storage::SqlCursor& cursor) {
  noteCounts(cursor);
  if (!cursor.hasRow()) cursors_.close(handle);
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

// (cursor) -> the current row, after which the cursor moves on, and closes when there is none;
// undefined when the cursor is gone. Counts: sqlState.
Napi::Value RuntimeObject::sqlNext(Info info) {
  const Handle handle = toHandle(info[0]);
  CursorTable::Entry* entry = cursors_.find(handle);
  if (entry == nullptr || !entry->sql) return info.Env().Undefined();
  const Napi::Value row = currentRow(info.Env(), *entry->sql);
  failed(info.Env(), entry->sql->advance());
  settleCursor(handle, *entry->sql);
  return row;
}

// (cursor) -> all rows that remain; the cursor closes. Counts: sqlState.
Napi::Value RuntimeObject::sqlAll(Info info) {
  Napi::Array rows = Napi::Array::New(info.Env());
  const Handle handle = toHandle(info[0]);
  CursorTable::Entry* entry = cursors_.find(handle);
  if (entry == nullptr || !entry->sql) return rows;
  for (uint32_t at = 0; entry->sql->hasRow(); ++at) {
    const Napi::HandleScope scope(info.Env());
    if (!rows.Set(at, currentRow(info.Env(), *entry->sql))) return info.Env().Undefined();
    if (failed(info.Env(), entry->sql->advance())) return info.Env().Undefined();
  }
  settleCursor(handle, *entry->sql);
  return rows;
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
