#include "net/detail/listener.h"

#include <algorithm>
#include <utility>

namespace holdfast::net {
namespace {

using boost::asio::ip::tcp;
using Error = boost::system::error_code;

constexpr int kAcceptedPerCall = 64;
// Left free for files: so many, of a low limit a part.
constexpr uint64_t kDescriptorsReserved = 64;
constexpr uint64_t kReservedPart = 8;

Status ioError(const char* call, const std::string& host, uint16_t port, const Error& error) {
  return {Code::kIo,
          std::string(call) + " " + host + ":" + std::to_string(port) + ": " + error.message()};
}

}  // namespace

Result<std::unique_ptr<Listener>> Listener::open(boost::asio::io_context& io, AcceptOwner& owner,
                                                 const std::string& host, uint16_t port) {
  Error error;
  tcp::resolver resolver(io);
  const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, error);
  if (error || found.empty()) return ioError("resolve", host, port, error);
  std::unique_ptr<Listener> listener(new Listener(io, owner));
  Status status = listener->bind(found.begin()->endpoint());
  if (!status.ok()) return status;
  return listener;
}

Status Listener::bind(const tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  const auto failed = [&](const char* call, const Error& error) {
    return ioError(call, host, endpoint.port(), error);
  };
  Error error;
  acceptor_.open(endpoint.protocol(), error);
  if (error) return failed("socket", error);
  acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (error) return failed("setsockopt", error);
  acceptor_.bind(endpoint, error);
  if (error) return failed("bind", error);
  acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
  if (error) return failed("listen", error);
  acceptor_.native_non_blocking(true, error);
  if (error) return failed("fcntl", error);
  port_ = acceptor_.local_endpoint(error).port();
  if (error) return failed("getsockname", error);
  return {};
}

void Listener::resume() {
  for (int i = 0; i < kAcceptedPerCall; ++i) {
    if (!acceptor_.is_open() || !owner_.mayAccept()) return;
    // One by one, each arrival and each retry would use up what is left for files.
    if (isNearLimit_ && isNearLimit(sys::lowestFreeDescriptor())) {
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
        isNearLimit_ = isNearLimit_ || isNearLimit(next.socket.descriptor());
        owner_.accepted(std::move(next));
        break;
      }
    }
  }
  owner_.moreWait();
}

// The kernel gives the lowest number that is free, so a high one says how many are in use.
bool Listener::isNearLimit(int descriptor) {
  const uint64_t limit = sys::descriptorLimit();
  const uint64_t reserved = std::min(kDescriptorsReserved, limit / kReservedPart);
  return static_cast<uint64_t>(descriptor) + reserved >= limit;
}

void Listener::close() {
  Error error;
  acceptor_.close(error);
}

}  // namespace holdfast::net
