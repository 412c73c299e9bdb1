// Listener: one bound address, accepting for every I/O thread.
//
// While the server has no place for another connection it does not accept: new peers wait in the
// kernel's backlog. The same when the descriptors of the process are nearly used up: some are left
// for the files of objects that open connections need; accepting goes on when a connection has
// closed, or after a short pause.
// Thread: open() any; everything else thread 0's. Owner: the server.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "net/detail/asio.h"
#include "net/server.h"
#include "sys/stream_socket.h"

namespace holdfast::net {

// The server, as a listener sees it.
class AcceptOwner {
 public:
  virtual bool mayAccept() = 0;  // false: the owner calls resume() later
  virtual void accepted(sys::Accepted connection) = 0;
  // No descriptor is left, or another resource of the kernel: the owner calls resume() later.
  virtual void outOfDescriptors() = 0;
  // There were more peers than one call takes: the owner calls resume() soon.
  virtual void moreWait() = 0;

 protected:
  ~AcceptOwner() = default;
};

class Listener {
 public:
  // `io` is never run: it stands behind Asio's sockets.
  static Result<std::unique_ptr<Listener>> open(boost::asio::io_context& io, AcceptOwner& owner,
                                                const ListenAddress& address);

  [[nodiscard]] uint16_t port() const { return port_; }  // 0: a path
  [[nodiscard]] int descriptor() { return acceptor_.native_handle(); }
  // Accepts who waits: when the descriptor is ready, and whenever accepting may go on.
  void resume();
  void close();

 private:
  Listener(boost::asio::io_context& io, AcceptOwner& owner) : owner_(owner), acceptor_(io) {}

  using Stream = boost::asio::generic::stream_protocol;  // TCP or a Unix-domain socket

  Status bindTcp(const ListenAddress& address);
  Status bindPath(const std::string& path);
  Status bind(const Stream::endpoint& endpoint, const std::string& name, bool reusePort);

  AcceptOwner& owner_;
  boost::asio::basic_socket_acceptor<Stream> acceptor_;
  std::string path_;  // to be removed
  uint16_t port_ = 0;
  bool isNearLimit_ = false;  // then it looks before it accepts; until nobody waits
};

}  // namespace holdfast::net
