#include "net/detail/listener.h"

#include <chrono>
#include <utility>

namespace holdfast::net {
namespace {

using boost::asio::ip::tcp;
using Error = boost::system::error_code;

constexpr std::chrono::milliseconds kRetryAfter{100};

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
  port_ = acceptor_.local_endpoint(error).port();
  if (error) return failed("getsockname", error);
  return {};
}

void Listener::resume() {
  if (accepting_ || !acceptor_.is_open() || !owner_.mayAccept()) return;
  accepting_ = true;
  acceptor_.async_accept(owner_.nextContext(), [this](const Error& error, tcp::socket socket) {
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
  acceptor_.close(error);
  pause_.cancel();
}

}  // namespace holdfast::net
