// Responses, request bodies, and connections that JavaScript has accepted.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "node/bound_method.h"
#include "node/runtime_object.h"
#include "sys/descriptors.h"

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
  methods.push_back(InstanceMethod("respondBody", &RuntimeObject::respondBody));
  methods.push_back(InstanceMethod("abortResponse", &RuntimeObject::abortResponse));
  methods.push_back(InstanceMethod("readMore", &RuntimeObject::readMore));
  methods.push_back(InstanceMethod("adopt", &RuntimeObject::adopt));
  methods.push_back(InstanceMethod("relay", &RuntimeObject::relay));
}

void RuntimeObject::bindHttp(Napi::Object self) {
  bindMethod<RuntimeObject, &RuntimeObject::respond>(self, "respond", this);
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

namespace {

net::TakenConnection taken(int fd, const Napi::CallbackInfo& info, size_t at) {
  net::TakenConnection out;
  out.fd = fd;
  out.remoteAddress = toUtf8(info[at]);
  out.secure = toBool(info[at + 1]);
  out.input = toBytes(info[at + 2]);
  return out;
}

Status systemError(const char* call) {
  return {Code::kIo, std::string(call) + ": " + std::strerror(errno)};
}

}  // namespace

// (fd, remote address, secure, bytes read from it before). The server gets a descriptor of its own:
// the caller closes `fd`.
void RuntimeObject::adopt(Info info) {
  if (isClosed(info.Env())) return;
  const int fd = sys::duplicateDescriptor(info[0].As<Napi::Number>().Int32Value());
  failed(info.Env(), fd < 0 ? systemError("dup") : host_->server().adopt(taken(fd, info, 1)));
}

// (remote address, secure, bytes read before). Makes a connection inside the process; returns the
// descriptor of its other end, for a stream that has none or whose bytes JavaScript must turn into
// something else (TLS).
Napi::Value RuntimeObject::relay(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    failed(info.Env(), systemError("socketpair"));
    return info.Env().Undefined();
  }
  if (failed(info.Env(), host_->server().adopt(taken(ends[0], info, 0)))) {
    ::close(ends[1]);
    return info.Env().Undefined();
  }
  return Napi::Number::New(info.Env(), ends[1]);
}

}  // namespace holdfast::node
