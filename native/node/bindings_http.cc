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

}  // namespace

void RuntimeObject::httpMethods(Methods& methods) {
  methods.push_back(InstanceMethod("respond", &RuntimeObject::respond));
  methods.push_back(InstanceMethod("respondBody", &RuntimeObject::respondBody));
  methods.push_back(InstanceMethod("abortResponse", &RuntimeObject::abortResponse));
  methods.push_back(InstanceMethod("readMore", &RuntimeObject::readMore));
}

// (request, status, "Name: value\r\n...", body string | bytes | null, last, reason | undefined)
void RuntimeObject::respond(Info info) {
  if (closing_) return;
  net::Command out = command(net::Command::Kind::kRespond, info[0]);
  out.status = static_cast<uint16_t>(info[1].As<Napi::Number>().Uint32Value());
  out.headers = toUtf8(info[2]);  // as on Workers; one byte per character would cut wide ones
  out.payload = Bytes(toBytes(info[3]));
  out.last = toBool(info[4]);
  if (info[5].IsString()) out.reason = toUtf8(info[5]);
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
