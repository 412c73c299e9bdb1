// Ids, and what lib/actors tells the ActorSystem.
#include <algorithm>
#include <array>

#include "core/actor_id.h"
#include "node/bound_method.h"
#include "node/runtime_object.h"

namespace holdfast::node {
namespace {

core::Jurisdiction jurisdictionFrom(const Napi::Value& value) {
  if (!value.IsString()) return core::Jurisdiction::kNone;
  return core::jurisdictionOf(toUtf8(value)).value_or(core::Jurisdiction::kNone);
}

uint32_t toUint32(const Napi::Value& value) { return value.As<Napi::Number>().Uint32Value(); }

Napi::Value hex(Napi::Env env, const ActorId& id) {
  return Napi::String::New(env, core::idToHex(id));
}

}  // namespace

void RuntimeObject::actorMethods(Methods& methods) {
  methods.push_back(InstanceMethod("idFromName", &RuntimeObject::idFromName));
  methods.push_back(InstanceMethod("newUniqueId", &RuntimeObject::newUniqueId));
  methods.push_back(InstanceMethod("parseId", &RuntimeObject::parseId));
  methods.push_back(InstanceMethod("actorId", &RuntimeObject::actorId));
  methods.push_back(InstanceMethod("openSection", &RuntimeObject::openSection));
  methods.push_back(InstanceMethod("closeSection", &RuntimeObject::closeSection));
  methods.push_back(InstanceMethod("evicted", &RuntimeObject::evicted));
  methods.push_back(InstanceMethod("firstLost", &RuntimeObject::firstLost));
  methods.push_back(InstanceMethod("breakActor", &RuntimeObject::breakActor));
  methods.push_back(InstanceMethod("restartActor", &RuntimeObject::restartActor));
  methods.push_back(InstanceMethod("alarmCompleted", &RuntimeObject::alarmCompleted));
  methods.push_back(InstanceMethod("dropAlarm", &RuntimeObject::dropAlarm));
}

void RuntimeObject::bindActors(Napi::Object self) {
  bindMethod<RuntimeObject, &RuntimeObject::openActor>(self, "openActor", this);
  bindMethod<RuntimeObject, &RuntimeObject::post>(self, "post", this);
  bindMethod<RuntimeObject, &RuntimeObject::postTask>(self, "postTask", this);
  bindMethod<RuntimeObject, &RuntimeObject::started>(self, "started", this);
  bindMethod<RuntimeObject, &RuntimeObject::finished>(self, "finished", this);
  bindMethod<RuntimeObject, &RuntimeObject::hold>(self, "hold", this);
  bindMethod<RuntimeObject, &RuntimeObject::release>(self, "release", this);
  bindMethod<RuntimeObject, &RuntimeObject::isOpenFor>(self, "isOpenFor", this);
  bindMethod<RuntimeObject, &RuntimeObject::hasMail>(self, "hasMail", this);
  bindMethod<RuntimeObject, &RuntimeObject::gate>(self, "gate", this);
  bindMethod<RuntimeObject, &RuntimeObject::syncTicket>(self, "syncTicket", this);
  bindMethod<RuntimeObject, &RuntimeObject::alarmOver>(self, "alarmOver", this);
}

// (namespace, name: string or its bytes, jurisdiction | undefined) -> hex
Napi::Value RuntimeObject::idFromName(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  const host::Namespace& ns = host_->namespaces().at(toUint32(info[0]));
  const std::string name = info[1].IsString() ? toUtf8(info[1]) : toBytes(info[1]);
  return hex(info.Env(), ns.key.fromName(name, jurisdictionFrom(info[2])));
}

// (namespace, 16 random bytes, jurisdiction | undefined) -> hex
Napi::Value RuntimeObject::newUniqueId(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  const host::Namespace& ns = host_->namespaces().at(toUint32(info[0]));
  std::array<uint8_t, 16> random{};
  const std::string bytes = toBytes(info[1]);
  std::copy_n(bytes.begin(), std::min(bytes.size(), random.size()), random.begin());
  return hex(info.Env(), ns.key.fromRandom(random, jurisdictionFrom(info[2])));
}

// (namespace, text) -> [hex, jurisdiction | undefined]
Napi::Value RuntimeObject::parseId(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  const host::Namespace& ns = host_->namespaces().at(toUint32(info[0]));
  const Result<core::ParsedId> parsed = ns.key.parse(toUtf8(info[1]));
  if (failed(info.Env(), parsed.status())) return info.Env().Undefined();
  Napi::Array out = Napi::Array::New(info.Env(), 2);
  out.Set(0U, hex(info.Env(), parsed.value().id));
  const std::string_view jurisdiction = core::jurisdictionName(parsed.value().jurisdiction);
  if (!jurisdiction.empty()) out.Set(1U, std::string(jurisdiction));
  return out;
}

// (namespace, hex, name | undefined) -> handle
Napi::Value RuntimeObject::openActor(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  const std::optional<ActorId> id = core::idFromHex(toUtf8(info[1]));
  if (!id) {
    throwStatus(info.Env(), Status(Code::kInvalidArgument, "this is not an id"));
    return info.Env().Undefined();
  }
  std::optional<std::string> name;
  if (info[2].IsString()) name = toUtf8(info[2]);
  return fromHandle(info.Env(), host_->shard().openActor({toUint32(info[0]), *id}, name));
}

// (handle) -> [namespace, hex, name | undefined]; undefined when stale
Napi::Value RuntimeObject::actorId(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  const ActorKey* key = host_->shard().keyOf(toHandle(info[0]));
  if (key == nullptr) return info.Env().Undefined();
  Napi::Array out = Napi::Array::New(info.Env(), 3);
  out.Set(0U, static_cast<double>(key->ns));
  out.Set(1U, hex(info.Env(), key->id));
  if (const std::string* name = host_->shard().nameOf(toHandle(info[0]))) out.Set(2U, *name);
  return out;
}

// (handle, token) -> PostResult
Napi::Value RuntimeObject::post(Info info) {
  if (closing_) return Napi::Number::New(info.Env(), static_cast<double>(core::PostResult::kStale));
  core::Event event;
  event.kind = core::EventKind::kCall;
  event.token = toUint32(info[1]);
  const core::PostResult result = host_->shard().post(toHandle(info[0]), std::move(event));
  return Napi::Number::New(info.Env(), static_cast<double>(result));
}

// (handle, token, section) -> PostResult
Napi::Value RuntimeObject::postTask(Info info) {
  if (closing_) return Napi::Number::New(info.Env(), static_cast<double>(core::PostResult::kStale));
  core::Event event;
  event.kind = core::EventKind::kTask;
  event.token = toUint32(info[1]);
  event.section = toUint32(info[2]);
  const core::PostResult result = host_->shard().post(toHandle(info[0]), std::move(event));
  return Napi::Number::New(info.Env(), static_cast<double>(result));
}

Napi::Value RuntimeObject::started(Info info) {
  return Napi::Boolean::New(info.Env(), !closing_ && host_->shard().started(toHandle(info[0])));
}

Napi::Value RuntimeObject::finished(Info info) {
  return Napi::Boolean::New(info.Env(), !closing_ && host_->shard().finished(toHandle(info[0])));
}

Napi::Value RuntimeObject::hold(Info info) {
  return Napi::Boolean::New(info.Env(), !closing_ && host_->shard().hold(toHandle(info[0])));
}

Napi::Value RuntimeObject::release(Info info) {
  return Napi::Boolean::New(info.Env(), !closing_ && host_->shard().release(toHandle(info[0])));
}

// (handle, parent) -> section, 0: refused
Napi::Value RuntimeObject::openSection(Info info) {
  const core::SectionId section =
      closing_ ? 0 : host_->shard().openSection(toHandle(info[0]), toUint32(info[1]));
  return Napi::Number::New(info.Env(), section);
}

Napi::Value RuntimeObject::closeSection(Info info) {
  return Napi::Boolean::New(
      info.Env(), !closing_ && host_->shard().closeSection(toHandle(info[0]), toUint32(info[1])));
}

// (handle, section) -> may an event of that section run now?
Napi::Value RuntimeObject::isOpenFor(Info info) {
  return Napi::Boolean::New(
      info.Env(), !closing_ && host_->shard().isOpenFor(toHandle(info[0]), toUint32(info[1])));
}

// (handle) -> does an event wait for the actor?
Napi::Value RuntimeObject::hasMail(Info info) {
  return Napi::Boolean::New(info.Env(), !closing_ && host_->shard().hasMail(toHandle(info[0])));
}

void RuntimeObject::evicted(Info info) {
  if (closing_) return;
  cursors_.closeOf(toHandle(info[0]));
  host_->shard().evicted(toHandle(info[0]));
}

// (handle) -> tokens of the calls that waited
Napi::Value RuntimeObject::breakActor(Info info) {
  Napi::Array out = Napi::Array::New(info.Env());
  if (closing_) return out;
  cursors_.closeOf(toHandle(info[0]));
  uint32_t at = 0;
  for (const uint32_t token : host_->shard().breakActor(toHandle(info[0])))
    out.Set(at++, static_cast<double>(token));
  return out;
}

// (handle)
void RuntimeObject::restartActor(Info info) {
  if (closing_) return;
  cursors_.closeOf(toHandle(info[0]));
  host_->shard().restartActor(toHandle(info[0]));
}

// (handle) -> ticket, 0: nothing to wait for
Napi::Value RuntimeObject::gate(Info info) {
  return Napi::Number::New(
      info.Env(), closing_ ? 0 : static_cast<double>(host_->shard().gate(toHandle(info[0]))));
}

// (handle) -> as gate(), for what waits for unconfirmed writes, too
Napi::Value RuntimeObject::syncTicket(Info info) {
  return Napi::Number::New(
      info.Env(), closing_ ? 0 : static_cast<double>(host_->shard().syncTicket(toHandle(info[0]))));
}

// (handle) -> the first ticket that is lost when the actor breaks now, 0: none
Napi::Value RuntimeObject::firstLost(Info info) {
  if (closing_) return Napi::Number::New(info.Env(), 0);
  const auto ticket = host_->shard().firstLost(toHandle(info[0]));
  return Napi::Number::New(info.Env(), static_cast<double>(ticket.value_or(0)));
}

// (actor, AlarmOutcome, stored time | null) -> AlarmVerdict; the event has finished, too
Napi::Value RuntimeObject::alarmOver(Info info) {
  if (closing_) return info.Env().Undefined();
  std::optional<TimestampMs> stored;
  if (info[2].IsNumber()) stored = info[2].As<Napi::Number>().Int64Value();
  const core::AlarmVerdict verdict = host_->shard().alarmOver(
      toHandle(info[0]), static_cast<core::AlarmOutcome>(toUint32(info[1])), stored);
  return Napi::Number::New(info.Env(), static_cast<double>(verdict));
}

// Of an actor whose instance is gone.
// (namespace, hex, AlarmOutcome, stored time | null) -> AlarmVerdict
Napi::Value RuntimeObject::alarmCompleted(Info info) {
  const std::optional<ActorId> id = core::idFromHex(toUtf8(info[1]));
  if (closing_ || !id) return info.Env().Undefined();
  std::optional<TimestampMs> stored;
  if (info[3].IsNumber()) stored = info[3].As<Napi::Number>().Int64Value();
  const core::AlarmVerdict verdict = host_->shard().alarmCompleted(
      {toUint32(info[0]), *id}, static_cast<core::AlarmOutcome>(toUint32(info[2])), stored);
  return Napi::Number::New(info.Env(), static_cast<double>(verdict));
}

// Of an actor without an instance.
// (namespace, hex, time of the alarm)
void RuntimeObject::dropAlarm(Info info) {
  const std::optional<ActorId> id = core::idFromHex(toUtf8(info[1]));
  if (closing_ || !id) return;
  failed(info.Env(), host_->shard().dropAlarm({toUint32(info[0]), *id},
                                              info[2].As<Napi::Number>().Int64Value()));
}

}  // namespace holdfast::node
