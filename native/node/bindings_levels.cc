// What only the test controls call (lib/testing): levels of storage, all actors there are, the
// time.
#include "node/runtime_object.h"

namespace holdfast::node {

void RuntimeObject::levelMethods(Methods& methods) {
  methods.push_back(InstanceMethod("pushLevel", &RuntimeObject::pushLevel));
  methods.push_back(InstanceMethod("popLevel", &RuntimeObject::popLevel));
  methods.push_back(InstanceMethod("clearStorage", &RuntimeObject::clearStorage));
  methods.push_back(InstanceMethod("actors", &RuntimeObject::actors));
  methods.push_back(InstanceMethod("storedObjects", &RuntimeObject::storedObjects));
  methods.push_back(InstanceMethod("evictNow", &RuntimeObject::evictNow));
  methods.push_back(InstanceMethod("failCommit", &RuntimeObject::failCommit));
  methods.push_back(InstanceMethod("setDiskFull", &RuntimeObject::setDiskFull));
  methods.push_back(InstanceMethod("clearFaults", &RuntimeObject::clearFaults));
  methods.push_back(InstanceMethod("holdTime", &RuntimeObject::holdTime));
  methods.push_back(InstanceMethod("moveTime", &RuntimeObject::moveTime));
  methods.push_back(InstanceMethod("setTime", &RuntimeObject::setTime));
  methods.push_back(InstanceMethod("releaseTime", &RuntimeObject::releaseTime));
  methods.push_back(InstanceMethod("nextDueMs", &RuntimeObject::nextDueMs));
  methods.push_back(InstanceMethod("isQuiet", &RuntimeObject::isQuiet));
}

void RuntimeObject::pushLevel(Info info) {
  if (!isClosed(info.Env())) failed(info.Env(), host_->shard().pushLevel());
}

// (keep): what came after the level stays
void RuntimeObject::popLevel(Info info) {
  if (isClosed(info.Env())) return;
  const auto fate = toBool(info[0]) ? storage::Levels::Fate::kKeep : storage::Levels::Fate::kUndo;
  failed(info.Env(), host_->shard().popLevel(fate));
}

void RuntimeObject::clearStorage(Info info) {
  if (!isClosed(info.Env())) failed(info.Env(), host_->shard().clearStorage());
}

// -> handles of all actors that anybody knows, with an instance or without
Napi::Value RuntimeObject::actors(Info info) {
  Napi::Array out = Napi::Array::New(info.Env());
  if (closing_) return out;
  uint32_t at = 0;
  for (const ActorHandle actor : host_->shard().actors())
    out.Set(at++, fromHandle(info.Env(), actor));
  return out;
}

// (uniqueKey) -> hex ids of the objects that have stored something, ascending
Napi::Value RuntimeObject::storedObjects(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  const Result<std::vector<std::string>> ids = host_->engine().listObjects(toUtf8(info[0]));
  if (failed(info.Env(), ids.status())) return info.Env().Undefined();
  Napi::Array out = Napi::Array::New(info.Env());
  uint32_t at = 0;
  for (const std::string& id : ids.value()) out.Set(at++, id);
  return out;
}

// (handle) -> it is evicted next, unless something comes for it; false: it is busy, or not there
Napi::Value RuntimeObject::evictNow(Info info) {
  return Napi::Boolean::New(info.Env(), !closing_ && host_->shard().evictNow(toHandle(info[0])));
}

// (message, handle | undefined): the next commit of that actor, or of any, fails
void RuntimeObject::failCommit(Info info) {
  if (closing_) return;
  std::optional<storage::ObjectName> object;
  if (info[1].IsNumber()) {
    Result<storage::ObjectName> name = host_->shard().objectName(toHandle(info[1]));
    if (failed(info.Env(), name.status())) return;
    object = std::move(name).value();
  }
  if (storage::CommitFaults* faults = host_->shard().faults())
    faults->failNext(std::move(object), toUtf8(info[0]));
}

// (full): commits fail
void RuntimeObject::setDiskFull(Info info) {
  if (closing_) return;
  if (storage::CommitFaults* faults = host_->shard().faults()) faults->setFull(toBool(info[0]));
}

void RuntimeObject::clearFaults(Info /*info*/) {
  if (closing_) return;
  if (storage::CommitFaults* faults = host_->shard().faults()) faults->clear();
}

// (milliseconds of the epoch): it stands still from now on
void RuntimeObject::holdTime(Info info) {
  if (!closing_) host_->shard().holdTime(info[0].As<Napi::Number>().Int64Value());
}

// (milliseconds); what is due then comes with the next turn, as after the other two
void RuntimeObject::moveTime(Info info) {
  if (closing_) return;
  host_->shard().moveTime(info[0].As<Napi::Number>().Int64Value());
  doorbell_->ring();
}

// (milliseconds of the epoch): of the wall; what waits for a length of time is as far away as
// before
void RuntimeObject::setTime(Info info) {
  if (closing_) return;
  host_->shard().setTime(info[0].As<Napi::Number>().Int64Value());
  doorbell_->ring();
}

void RuntimeObject::releaseTime(Info /*info*/) {
  if (closing_) return;
  host_->shard().releaseTime();
  doorbell_->ring();
}

// -> milliseconds until an alarm, a retry or an eviction is due; null: never
Napi::Value RuntimeObject::nextDueMs(Info info) {
  if (closing_) return info.Env().Null();
  const std::optional<int64_t> due = host_->shard().nextDueMs();
  if (!due) return info.Env().Null();
  return Napi::Number::New(info.Env(), static_cast<double>(*due));
}

// -> nothing is under way in the core, or will be before time goes on
Napi::Value RuntimeObject::isQuiet(Info info) {
  return Napi::Boolean::New(info.Env(), closing_ || host_->shard().isQuiet());
}

}  // namespace holdfast::node
