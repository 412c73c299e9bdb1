// WebSockets as lib/sockets sees them: handles, bytes and tags.
#include <algorithm>

#include "node/bound_method.h"
#include "node/runtime_object.h"

namespace holdfast::node {

void RuntimeObject::socketMethods(Methods& methods) {
  methods.push_back(InstanceMethod("socketOpen", &RuntimeObject::socketOpen));
  methods.push_back(InstanceMethod("socketAccept", &RuntimeObject::socketAccept));
  methods.push_back(InstanceMethod("socketBind", &RuntimeObject::socketBind));
  methods.push_back(InstanceMethod("socketClose", &RuntimeObject::socketClose));
  methods.push_back(InstanceMethod("socketTerminate", &RuntimeObject::socketTerminate));
  methods.push_back(InstanceMethod("socketDismiss", &RuntimeObject::socketDismiss));
  methods.push_back(InstanceMethod("socketForget", &RuntimeObject::socketForget));
  methods.push_back(InstanceMethod("socketsOf", &RuntimeObject::socketsOf));
  methods.push_back(InstanceMethod("socketTags", &RuntimeObject::socketTags));
  methods.push_back(InstanceMethod("socketPhase", &RuntimeObject::socketPhase));
  methods.push_back(InstanceMethod("socketAttachment", &RuntimeObject::socketAttachment));
  methods.push_back(InstanceMethod("setSocketAttachment", &RuntimeObject::setSocketAttachment));
  methods.push_back(InstanceMethod("setAutoResponse", &RuntimeObject::setAutoResponse));
  methods.push_back(InstanceMethod("autoResponse", &RuntimeObject::autoResponse));
  methods.push_back(InstanceMethod("autoResponseTimestamp", &RuntimeObject::autoResponseTimestamp));
}

void RuntimeObject::bindSockets(Napi::Object self) {
  bindMethod<RuntimeObject, &RuntimeObject::socketSend>(self, "socketSend", this);
}

// () -> socket
Napi::Value RuntimeObject::socketOpen(Info info) {
  return fromHandle(info.Env(), closing_ ? kNoHandle : host_->shard().sockets().open());
}

// (socket, actor, hibernatable, tags)
void RuntimeObject::socketAccept(Info info) {
  if (closing_) return;
  const ActorKey* key = host_->shard().keyOf(toHandle(info[1]));
  if (key == nullptr) {
    throwStatus(info.Env(), Status(Code::kNotFound, "the actor's instance is gone"));
    return;
  }
  const ActorKey actor = *key;
  const SocketHandle socket = toHandle(info[0]);
  if (!toBool(info[2])) {
    failed(info.Env(), host_->shard().sockets().acceptStandard(socket, actor));
    return;
  }
  std::vector<std::string> tags;
  const auto given = info[3].As<Napi::Array>();
  for (uint32_t i = 0; i < given.Length(); ++i) tags.push_back(toUtf8(given.Get(i)));
  const Status status = host_->shard().sockets().acceptHibernatable(socket, actor, tags);
  // S6.10.3 and S6.10.4 are plain Errors.
  if (!status.ok()) throwStatus(info.Env(), Status(Code::kUnavailable, status.message()));
}

// (socket, request, "Name: value\r\n...")
void RuntimeObject::socketBind(Info info) {
  if (!closing_)
    host_->shard().sockets().bind(toHandle(info[0]), toHandle(info[1]), toUtf8(info[2]));
}

// (socket, string | bytes)
void RuntimeObject::socketSend(Info info) {
  if (closing_) return;
  host_->shard().sockets().send(toHandle(info[0]), Bytes(toBytes(info[1])), info[1].IsString());
}

// (socket, code, reason)
void RuntimeObject::socketClose(Info info) {
  if (closing_) return;
  host_->shard().sockets().close(toHandle(info[0]),
                                 static_cast<uint16_t>(info[1].As<Napi::Number>().Uint32Value()),
                                 toUtf8(info[2]));
}

// (socket, after what was sent before)
void RuntimeObject::socketTerminate(Info info) {
  if (closing_) return;
  host::ShardSockets& sockets = host_->shard().sockets();
  if (toBool(info[1])) {
    sockets.hangUp(toHandle(info[0]));
  } else {
    sockets.terminate(toHandle(info[0]));
  }
}

// (socket, code)
void RuntimeObject::socketDismiss(Info info) {
  if (closing_) return;
  host_->shard().sockets().dismiss(toHandle(info[0]),
                                   static_cast<uint16_t>(info[1].As<Napi::Number>().Uint32Value()));
}

void RuntimeObject::socketForget(Info info) {
  if (!closing_) host_->shard().sockets().forget(toHandle(info[0]));
}

// (actor, tag | undefined) -> sockets (Float64Array), in the order of S6.11.1
Napi::Value RuntimeObject::socketsOf(Info info) {
  const ActorKey* key = closing_ ? nullptr : host_->shard().keyOf(toHandle(info[0]));
  if (key == nullptr) return Napi::Float64Array::New(info.Env(), 0);
  const core::SocketRegistry& registry = host_->shard().sockets().registry();
  const std::vector<SocketHandle> sockets = info[1].IsString()
                                                ? registry.hibernatable(*key, toUtf8(info[1]))
                                                : registry.hibernatable(*key);
  auto out = Napi::Float64Array::New(info.Env(), sockets.size());
  std::transform(sockets.begin(), sockets.end(), out.Data(),
                 [](SocketHandle socket) { return static_cast<double>(socket); });
  return out;
}

// (socket) -> tags; undefined: not a hibernatable socket
Napi::Value RuntimeObject::socketTags(Info info) {
  if (closing_) return info.Env().Undefined();
  const Result<std::vector<std::string>> tags =
      host_->shard().sockets().registry().tagsOf(toHandle(info[0]));
  if (!tags.ok()) return info.Env().Undefined();
  Napi::Array out = Napi::Array::New(info.Env());
  uint32_t at = 0;
  for (const std::string& tag : tags.value()) out.Set(at++, tag);
  return out;
}

// (socket) -> SocketPhase; undefined: gone
Napi::Value RuntimeObject::socketPhase(Info info) {
  if (closing_) return info.Env().Undefined();
  const auto phase = host_->shard().sockets().registry().phaseOf(toHandle(info[0]));
  if (!phase) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), static_cast<double>(*phase));
}

// (socket) -> bytes | undefined
Napi::Value RuntimeObject::socketAttachment(Info info) {
  const std::string* attachment =
      closing_ ? nullptr : host_->shard().sockets().registry().attachmentOf(toHandle(info[0]));
  if (attachment == nullptr) return info.Env().Undefined();
  return copyToUint8Array(info.Env(), *attachment);
}

// (socket, bytes)
void RuntimeObject::setSocketAttachment(Info info) {
  if (closing_) return;
  const Status status =
      host_->shard().sockets().registry().setAttachment(toHandle(info[0]), toBytes(info[1]));
  if (!status.ok()) throwStatus(info.Env(), Status(Code::kUnavailable, status.message()));
}

// (actor, request | undefined, response)
void RuntimeObject::setAutoResponse(Info info) {
  const ActorKey* key = closing_ ? nullptr : host_->shard().keyOf(toHandle(info[0]));
  if (key == nullptr) return;
  std::shared_ptr<const core::AutoResponsePair> pair;
  if (info[1].IsString()) {
    pair = std::make_shared<const core::AutoResponsePair>(
        core::AutoResponsePair{toUtf8(info[1]), toUtf8(info[2])});
  }
  const ActorKey actor = *key;
  failed(info.Env(), host_->shard().sockets().setAutoResponse(actor, std::move(pair)));
}

// (actor) -> [request, response] | undefined
Napi::Value RuntimeObject::autoResponse(Info info) {
  const ActorKey* key = closing_ ? nullptr : host_->shard().keyOf(toHandle(info[0]));
  if (key == nullptr) return info.Env().Undefined();
  const auto pair = host_->shard().sockets().registry().autoResponseOf(*key);
  if (!pair) return info.Env().Undefined();
  Napi::Array out = Napi::Array::New(info.Env(), 2);
  out.Set(0U, pair->request);
  out.Set(1U, pair->response);
  return out;
}

// (socket) -> milliseconds, 0: never
Napi::Value RuntimeObject::autoResponseTimestamp(Info info) {
  const TimestampMs at = closing_ ? 0 : host_->shard().sockets().autoResponseAt(toHandle(info[0]));
  return Napi::Number::New(info.Env(), static_cast<double>(at));
}

}  // namespace holdfast::node
