// Key-value rows, the alarm time and transactions of one object, as calls that answer at once.
// First argument everywhere: the actor's handle. Policy about arguments lives in lib/storage.
#include "node/bound_method.h"
#include "node/runtime_object.h"
#include "node/value_codec.h"

namespace holdfast::node {
namespace {

std::optional<std::string> optionalText(const Napi::Value& value) {
  if (value.IsUndefined()) return std::nullopt;
  return toWtf8(value);
}

// start, startAfter, end, prefix, limit, reverse from argument 1 on.
storage::ListOptions listOptions(const Napi::CallbackInfo& info) {
  storage::ListOptions options;
  options.start = optionalText(info[1]);
  options.startAfter = optionalText(info[2]);
  options.end = optionalText(info[3]);
  options.prefix = optionalText(info[4]);
  if (info[5].IsNumber())
    options.limit = static_cast<uint64_t>(info[5].As<Napi::Number>().Int64Value());
  options.reverse = toBool(info[6]);
  return options;
}

}  // namespace

void RuntimeObject::storageMethods(Methods& methods) {
  methods.push_back(InstanceMethod("kvList", &RuntimeObject::kvList));
  methods.push_back(InstanceMethod("kvOpen", &RuntimeObject::kvOpen));
  methods.push_back(InstanceMethod("beginUnconfirmed", &RuntimeObject::beginUnconfirmed));
  methods.push_back(InstanceMethod("endUnconfirmed", &RuntimeObject::endUnconfirmed));
  methods.push_back(InstanceMethod("openTransaction", &RuntimeObject::openTransaction));
  methods.push_back(InstanceMethod("savepoint", &RuntimeObject::savepoint));
  methods.push_back(InstanceMethod("releaseSavepoint", &RuntimeObject::releaseSavepoint));
  methods.push_back(InstanceMethod("rollbackToSavepoint", &RuntimeObject::rollbackToSavepoint));
  methods.push_back(InstanceMethod("deleteAll", &RuntimeObject::deleteAll));
  methods.push_back(InstanceMethod("databaseSize", &RuntimeObject::databaseSize));
}

void RuntimeObject::bindStorage(Napi::Object self) {
  bindMethod<RuntimeObject, &RuntimeObject::kvGet>(self, "kvGet", this);
  bindMethod<RuntimeObject, &RuntimeObject::kvPut>(self, "kvPut", this);
  bindMethod<RuntimeObject, &RuntimeObject::kvPutPrimitive>(self, "kvPutPrimitive", this);
  bindMethod<RuntimeObject, &RuntimeObject::kvDelete>(self, "kvDelete", this);
  bindMethod<RuntimeObject, &RuntimeObject::kvNext>(self, "kvNext", this);
  bindMethod<RuntimeObject, &RuntimeObject::alarmGet>(self, "alarmGet", this);
  bindMethod<RuntimeObject, &RuntimeObject::alarmSet>(self, "alarmSet", this);
}

// (actor, key) -> the value when it is a primitive, else its bytes as a Uint8Array; undefined: no
// such row
Napi::Value RuntimeObject::kvGet(Info info) {
  storage::Database* database = this->database(info);
  if (database == nullptr) return info.Env().Undefined();
  const Result<std::optional<std::string>> value = database->get(toWtf8(info[1]));
  if (failed(info.Env(), value.status()) || !value.value()) return info.Env().Undefined();
  if (const auto primitive = decodePrimitive(info.Env(), *value.value())) return *primitive;
  return copyToUint8Array(info.Env(), *value.value());
}

// (actor, key, value) -> whether it was one that is encoded here; else nothing was done
Napi::Value RuntimeObject::kvPutPrimitive(Info info) {
  storage::Database* database = this->database(info);
  if (database == nullptr) return info.Env().Undefined();
  if (!encodePrimitive(info[2], scratch_)) return Napi::Boolean::New(info.Env(), false);
  if (failed(info.Env(), database->put(toWtf8(info[1]), scratch_))) return info.Env().Undefined();
  host_->shard().noteWrite(toHandle(info[0]));
  return Napi::Boolean::New(info.Env(), true);
}

// (actor, key, bytes)
void RuntimeObject::kvPut(Info info) {
  storage::Database* database = this->database(info);
  if (database == nullptr) return;
  if (failed(info.Env(), database->put(toWtf8(info[1]), toBytes(info[2])))) return;
  host_->shard().noteWrite(toHandle(info[0]));
}

// (actor, key) -> existed
Napi::Value RuntimeObject::kvDelete(Info info) {
  storage::Database* database = this->database(info);
  if (database == nullptr) return info.Env().Undefined();
  const Result<bool> existed = database->remove(toWtf8(info[1]));
  if (failed(info.Env(), existed.status())) return info.Env().Undefined();
  host_->shard().noteWrite(toHandle(info[0]));
  return Napi::Boolean::New(info.Env(), existed.value());
}

// (actor, start, startAfter, end, prefix, limit, reverse) -> [key, bytes, key, bytes, ...]
Napi::Value RuntimeObject::kvList(Info info) {
  storage::Database* database = this->database(info);
  if (database == nullptr) return info.Env().Undefined();
  Result<std::unique_ptr<storage::KvCursor>> cursor = database->list(listOptions(info));
  if (failed(info.Env(), cursor.status())) return info.Env().Undefined();
  Napi::Array out = Napi::Array::New(info.Env());
  for (uint32_t at = 0;;) {
    const Result<bool> more = cursor.value()->next();
    if (failed(info.Env(), more.status())) return info.Env().Undefined();
    if (!more.value()) return out;
    const std::string_view key = cursor.value()->key();
    const Napi::HandleScope scope(info.Env());
    if (!out.Set(at++, Napi::String::New(info.Env(), key.data(), key.size())) ||
        !out.Set(at++, copyToUint8Array(info.Env(), cursor.value()->value()))) {
      return info.Env().Undefined();
    }
  }
}

// As kvList -> cursor
Napi::Value RuntimeObject::kvOpen(Info info) {
  storage::Database* database = this->database(info);
  if (database == nullptr) return info.Env().Undefined();
  Result<std::unique_ptr<storage::KvCursor>> cursor = database->list(listOptions(info));
  if (failed(info.Env(), cursor.status())) return info.Env().Undefined();
  return fromHandle(info.Env(), cursors_.add(toHandle(info[0]), std::move(cursor).value()));
}

// (cursor) -> [key, bytes], or undefined at the end or when the cursor is gone
Napi::Value RuntimeObject::kvNext(Info info) {
  CursorTable::Entry* entry = cursors_.find(toHandle(info[0]));
  if (entry == nullptr || !entry->kv) return info.Env().Undefined();
  const Result<bool> more = entry->kv->next();
  if (!more.ok() || !more.value()) {
    const Status& status = more.status();
    cursors_.close(toHandle(info[0]));
    failed(info.Env(), status);
    return info.Env().Undefined();
  }
  Napi::Array out = Napi::Array::New(info.Env(), 2);
  const std::string_view key = entry->kv->key();
  out.Set(0U, Napi::String::New(info.Env(), key.data(), key.size()));
  out.Set(1U, copyToUint8Array(info.Env(), entry->kv->value()));
  return out;
}

// (actor) -> milliseconds or null
Napi::Value RuntimeObject::alarmGet(Info info) {
  storage::Database* database = this->database(info);
  if (database == nullptr) return info.Env().Undefined();
  const Result<std::optional<TimestampMs>> at = database->getAlarm();
  if (failed(info.Env(), at.status())) return info.Env().Undefined();
  if (!at.value()) return info.Env().Null();
  return Napi::Number::New(info.Env(), static_cast<double>(*at.value()));
}

// (actor, milliseconds or null)
void RuntimeObject::alarmSet(Info info) {
  storage::Database* database = this->database(info);
  if (database == nullptr) return;
  std::optional<TimestampMs> at;
  if (info[1].IsNumber()) at = info[1].As<Napi::Number>().Int64Value();
  if (failed(info.Env(), database->setAlarm(at))) return;
  host_->shard().noteAlarm(toHandle(info[0]));
}

// (actor): outputs do not wait for what is written until endUnconfirmed()
void RuntimeObject::beginUnconfirmed(Info info) {
  if (database(info) == nullptr) return;
  host_->shard().beginUnconfirmed(toHandle(info[0]));
}

void RuntimeObject::endUnconfirmed(Info info) {
  if (!closing_) host_->shard().endUnconfirmed(toHandle(info[0]));
}

void RuntimeObject::openTransaction(Info info) {
  if (isClosed(info.Env())) return;
  failed(info.Env(), host_->shard().openTransaction(toHandle(info[0])));
}

void RuntimeObject::savepoint(Info info) {
  storage::Database* database = this->database(info);
  if (database == nullptr || failed(info.Env(), database->savepoint())) return;
  host_->shard().noteWrite(toHandle(info[0]));
}

void RuntimeObject::releaseSavepoint(Info info) {
  storage::Database* database = this->database(info);
  if (database == nullptr || failed(info.Env(), database->releaseSavepoint())) return;
  host_->shard().noteRelease(toHandle(info[0]));
}

void RuntimeObject::rollbackToSavepoint(Info info) {
  storage::Database* database = this->database(info);
  if (database == nullptr || failed(info.Env(), database->rollbackToSavepoint())) return;
  host_->shard().noteRollback(toHandle(info[0]));
}

// (actor, deleteAlarm)
void RuntimeObject::deleteAll(Info info) {
  storage::Database* database = this->database(info);
  if (database == nullptr) return;
  const bool alarmToo = toBool(info[1]);
  if (failed(info.Env(), database->deleteAll(alarmToo ? storage::Database::AlarmFate::kDelete
                                                      : storage::Database::AlarmFate::kKeep))) {
    return;
  }
  if (alarmToo) return host_->shard().noteAlarm(toHandle(info[0]));
  host_->shard().noteWrite(toHandle(info[0]));
}

Napi::Value RuntimeObject::databaseSize(Info info) {
  storage::Database* database = this->database(info);
  if (database == nullptr) return info.Env().Undefined();
  const Result<uint64_t> size = database->databaseSize();
  if (failed(info.Env(), size.status())) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), static_cast<double>(size.value()));
}

}  // namespace holdfast::node
