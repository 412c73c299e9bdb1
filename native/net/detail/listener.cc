#include "net/detail/listener.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "sys/descriptors.h"

namespace holdfast::net {
namespace {

using boost::asio::ip::tcp;
using local = boost::asio::local::stream_protocol;
using ReusePort = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
using Error = boost::system::error_code;

constexpr int kAcceptedPerCall = 64;
// Left free for files: so many, of a low limit a part.
constexpr uint64_t kDescriptorsReserved = 64;
constexpr uint64_t kReservedPart = 8;

Status ioError(const char* call, const std::string& name, const Error& error) {
  return {Code::kIo, std::string(call) + " " + name + ": " + error.message()};
}

// Whether somebody accepts connections at the path, as far as can be told.
bool isServed(boost::asio::io_context& io, const local::endpoint& endpoint) {
  Error error;
  local::socket probe(io);
  probe.connect(endpoint, error);
  return error != boost::asio::error::connection_refused;
}

// The kernel gives the lowest number that is free, so a high one says how many are in use.
bool isNear(uint64_t limit, int descriptor) {
  const uint64_t reserved = std::min(kDescriptorsReserved, limit / kReservedPart);
  return static_cast<uint64_t>(descriptor) + reserved >= limit;
}

}  // namespace

Result<std::unique_ptr<Listener>> Listener::open(boost::asio::io_context& io, AcceptOwner& owner,
                                                 const ListenAddress& address) {
  std::unique_ptr<Listener> listener(new Listener(io, owner));
  Status status =
      address.path.empty() ? listener->bindTcp(address) : listener->bindPath(address.path);
  if (!status.ok()) return status;
  return listener;
}

Status Listener::bindTcp(const ListenAddress& address) {
  const std::string name = address.host + ":" + std::to_string(address.port);
  Error error;
  tcp::resolver resolver(acceptor_.get_executor());
  const auto found =
      resolver.resolve(address.host, std::to_string(address.port), tcp::resolver::passive, error);
  if (error || found.empty()) return ioError("resolve", name, error);
  Status status = bind(found.begin()->endpoint(), name, address.reusePort);
  if (!status.ok()) return status;
  const Stream::endpoint bound = acceptor_.local_endpoint(error);
  if (error) return ioError("getsockname", name, error);
  tcp::endpoint local;
  local.resize(bound.size());
  std::memcpy(local.data(), bound.data(), bound.size());
  port_ = local.port();
  return {};
}

Status Listener::bindPath(const std::string& path) {
  if (path.size() >= sizeof(sockaddr_un::sun_path)) {
    return {Code::kInvalidArgument, "the path of the socket is too long: " + path};
  }
  const local::endpoint endpoint(path);
  auto& io = static_cast<boost::asio::io_context&>(acceptor_.get_executor().context());
  Status status = bind(endpoint, path, false);
  // A server that was killed leaves its file behind.
  if (!status.ok() && sys::isSocketFile(path) && !isServed(io, endpoint)) {
    Error error;
    acceptor_.close(error);
    sys::removeSocketFile(path);
    status = bind(endpoint, path, false);
  }
  if (status.ok()) path_ = path;
  return status;
}

Status Listener::bind(const Stream::endpoint& endpoint, const std::string& name, bool reusePort) {
  Error error;
  acceptor_.open(endpoint.protocol(), error);
  if (error) return ioError("socket", name, error);
  if (endpoint.protocol().family() != AF_UNIX) {
    acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (error) return ioError("setsockopt", name, error);
  }
  if (reusePort) {
    acceptor_.set_option(ReusePort(true), error);
    if (error) return ioError("setsockopt", name, error);
  }
  acceptor_.bind(endpoint, error);
  if (error) return ioError("bind", name, error);
  acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
  if (error) return ioError("listen", name, error);
  acceptor_.native_non_blocking(true, error);
  if (error) return ioError("fcntl", name, error);
  sys::sendAtOnce(acceptor_.native_handle());
  return {};
}

void Listener::resume() {
  const uint64_t limit = sys::descriptorLimit();
  for (int i = 0; i < kAcceptedPerCall; ++i) {
    if (!acceptor_.is_open() || !owner_.mayAccept()) return;
    // One by one, each arrival and each retry would use up what is left for files.
    if (isNearLimit_ && isNear(limit, sys::lowestFreeDescriptor())) {
      owner_.outOfDescriptors();
      return;
    }
    sys::Accepted next = sys::acceptFrom(acceptor_.native_handle());
    switch (next.outcome) {
      case sys::Accepted::Outcome::kNone:
        isNearLimit_ = false;
        return;
      case sys::Accepted::Outcome::kPeerGone:
        break;
      case sys::Accepted::Outcome::kNoResources:
        owner_.outOfDescriptors();
        return;
      case sys::Accepted::Outcome::kConnection: {
        isNearLimit_ = isNearLimit_ || isNear(limit, next.socket.descriptor());
        owner_.accepted(std::move(next));
        break;
      }
    }
  }
  owner_.moreWait();
}

void Listener::close() {
  Error error;
  if (const std::string path = std::exchange(path_, {}); !path.empty()) sys::removeSocketFile(path);
  acceptor_.close(error);
}

}  // namespace holdfast::net
