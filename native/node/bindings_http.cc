// Responses and request bodies.
#include "node/runtime_object.h"

namespace holdfast::node {
namespace {

net::Command command(net::Command::Kind kind, const Napi::Value& target) {
  net::Command out;
  out.kind = kind;
  out.target = toHandle(target);
  return out;
}

// Header fields are Latin-1 on the wire (RFC 9110, 5.5).
std::string toLatin1(const Napi::Value& value) {
  size_t length = 0;
  std::string text;
  if (napi_get_value_string_latin1(value.Env(), value, nullptr, 0, &length) != napi_ok) return text;
  text.resize(length);
  napi_get_value_string_latin1(value.Env(), value, text.data(), length + 1, &length);
  return text;
}

}  // namespace

void RuntimeObject::httpMethods(Methods& methods) {
  methods.push_back(InstanceMethod("respond", &RuntimeObject::respond));
  methods.push_back(InstanceMethod("respondBody", &RuntimeObject::respondBody));
  methods.push_back(InstanceMethod("abortResponse", &RuntimeObject::abortResponse));
  methods.push_back(InstanceMethod("readMore", &RuntimeObject::readMore));
}

// (request, status, "Name: value\r\n...", body string | bytes | null, last)
void RuntimeObject::respond(Info info) {
  if (closing_) return;
  net::Command out = command(net::Command::Kind::kRespond, info[0]);
  out.status = static_cast<uint16_t>(info[1].As<Napi::Number>().Uint32Value());
  out.headers = toLatin1(info[2]);
  out.payload = Bytes(toBytes(info[3]));
  out.last = toBool(info[4]);
  host_->shard().send(std::move(out), kNoHandle);
}

// (request, bytes | string | null, last)
void RuntimeObject::respondBody(Info info) {
  if (closing_) return;
  net::Command out = command(net::Command::Kind::kBody, info[0]);
  out.payload = Bytes(toBytes(info[1]));
  out.last = toBool(info[2]);
  host_->shard().send(std::move(out), kNoHandle);
}

void RuntimeObject::abortResponse(Info info) {
  if (closing_) return;
  host_->shard().send(command(net::Command::Kind::kAbortResponse, info[0]), kNoHandle);
}

// (request, bytes)
void RuntimeObject::readMore(Info info) {
  if (closing_) return;
  net::Command out = command(net::Command::Kind::kReadMore, info[0]);
  out.count = static_cast<uint64_t>(info[1].As<Napi::Number>().Int64Value());
  host_->shard().send(std::move(out), kNoHandle);
}

}  // namespace holdfast::node
