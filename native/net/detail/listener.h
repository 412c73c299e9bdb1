// Listener: one bound address, accepting for every I/O thread.
//
// While the server has no place for another connection it does not accept: new peers wait in the
// kernel's backlog. When the process has no descriptor left it tries again after a short pause.
// Thread: open() any; everything else thread 0's. Owner: the server.
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <memory>
#include <string>

#include "base/result.h"
#include "net/detail/asio.h"
#include "net/server.h"

namespace holdfast::net {

// The server, as a listener sees it.
class AcceptOwner {
 public:
  virtual bool mayAccept() = 0;  // false: the owner calls resume() later
  virtual boost::asio::io_context& nextContext() = 0;
  virtual void accepted(Stream::socket socket) = 0;

 protected:
  ~AcceptOwner() = default;
};

class Listener {
 public:
  static Result<std::unique_ptr<Listener>> open(boost::asio::io_context& io, AcceptOwner& owner,
                                                const ListenAddress& address);

  [[nodiscard]] uint16_t port() const { return port_; }
  void resume();
  void close();

 private:
  Listener(boost::asio::io_context& io, AcceptOwner& owner)
      : owner_(owner), acceptor_(io), pause_(io) {}

  Status bindTcp(const ListenAddress& address);
  Status bindPath(const std::string& path);
  Status bind(const Stream::endpoint& endpoint, const std::string& name, bool reusePort);
  void retryLater();

  AcceptOwner& owner_;
  boost::asio::basic_socket_acceptor<Stream> acceptor_;
  boost::asio::steady_timer pause_;
  std::string path_;  // to be removed
  uint16_t port_ = 0;
  bool accepting_ = false;
};

}  // namespace holdfast::net
