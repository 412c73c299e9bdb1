#include "net/detail/listener.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <chrono>
#include <cstring>
#include <utility>

#include "sys/descriptors.h"

namespace holdfast::net {
namespace {

using boost::asio::ip::tcp;
using local = boost::asio::local::stream_protocol;
using ReusePort = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
using Error = boost::system::error_code;

constexpr std::chrono::milliseconds kRetryAfter{100};

Status ioError(const char* call, const std::string& name, const Error& error) {
  return {Code::kIo, std::string(call) + " " + name + ": " + error.message()};
}

// Whether somebody accepts connections at the path.
bool isServed(boost::asio::io_context& io, const local::endpoint& endpoint) {
  Error error;
  local::socket probe(io);
  probe.connect(endpoint, error);
  return !error;
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
  const tcp::endpoint endpoint = found.begin()->endpoint();
  Status status = bind(endpoint, name, address.reusePort);
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
  return {};
}

void Listener::resume() {
  if (accepting_ || !acceptor_.is_open() || !owner_.mayAccept()) return;
  accepting_ = true;
  acceptor_.async_accept(owner_.nextContext(), [this](const Error& error, Stream::socket socket) {
    if (error == boost::asio::error::operation_aborted) return;
    accepting_ = false;
    if (!error) {
      owner_.accepted(std::move(socket));
    } else if (error == boost::system::errc::too_many_files_open ||
               error == boost::system::errc::too_many_files_open_in_system ||
               error == boost::system::errc::no_buffer_space ||
               error == boost::system::errc::not_enough_memory) {
      retryLater();
      return;
    }
    resume();  // any other error is of that one peer
  });
}

void Listener::retryLater() {
  pause_.expires_after(kRetryAfter);
  pause_.async_wait([this](const Error& error) {
    if (!error) resume();
  });
}

void Listener::close() {
  Error error;
  if (const std::string path = std::exchange(path_, {}); !path.empty()) sys::removeSocketFile(path);
  acceptor_.close(error);
  pause_.cancel();
}

}  // namespace holdfast::net
