#include "sys/stream_socket.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.h"

namespace holdfast::sys {
namespace {

// A listener of this machine, and what has connected to it.
class Listening {
 public:
  Listening() {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    DO_CHECK(::bind(listener_, generic(), size_) == 0);
    DO_CHECK(::listen(listener_, 8) == 0);
    DO_CHECK(::getsockname(listener_, generic(), &size_) == 0);
  }
  ~Listening() {
    ::close(client_);
    ::close(listener_);
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

  Accepted accept() {
    DO_CHECK(::connect(client_, generic(), size_) == 0);
    return acceptFrom(listener_);
  }
  [[nodiscard]] int descriptor() const { return listener_; }

 private:
  sockaddr* generic() { return reinterpret_cast<sockaddr*>(&address_); }

  int listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int client_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address_{};
  socklen_t size_ = sizeof(address_);
};

bool sendsAtOnce(const StreamSocket& socket) {
  int on = 0;
  socklen_t size = sizeof(on);
  DO_CHECK(::getsockopt(socket.descriptor(), IPPROTO_TCP, TCP_NODELAY, &on, &size) == 0);
  return on != 0;
}

TEST(StreamSocket, ConnectionsOfAListenerThatSendsAtOnceDoSoToo) {
  Listening listening;
  sendAtOnce(listening.descriptor());
  const Accepted accepted = listening.accept();
  ASSERT_EQ(accepted.outcome, Accepted::Outcome::kConnection);
  EXPECT_EQ(accepted.address, "127.0.0.1");
  EXPECT_TRUE(sendsAtOnce(accepted.socket));
}

TEST(StreamSocket, OthersDoNot) {
  Listening listening;
  const Accepted accepted = listening.accept();
  ASSERT_EQ(accepted.outcome, Accepted::Outcome::kConnection);
  EXPECT_FALSE(sendsAtOnce(accepted.socket));
}

}  // namespace
}  // namespace holdfast::sys
