#include "stream.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace holdfast::bench {
namespace {

constexpr size_t kReadBytes = 65'536;
constexpr int kBlockingSecondsMax = 20;  // a connect or handshake that takes longer has failed

}  // namespace

Stream::~Stream() { close(); }

bool Stream::fail(const char* what) {
  failure_ = std::string(what) + ": " + std::strerror(errno);
  return false;
}

bool Stream::connect(const std::string& address, uint16_t port) {
  close();
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return fail("socket");
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const timeval limit{kBlockingSecondsMax, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(port);
  if (::inet_pton(AF_INET, address.c_str(), &peer.sin_addr) != 1) {
    failure_ = "not an IPv4 address: " + address;
    return false;
  }
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) != 0)
    return fail("connect");
  return true;
}

bool Stream::makeNonBlocking() {
  const int flags = ::fcntl(fd_, F_GETFL);
  if (flags < 0 || ::fcntl(fd_, F_SETFL, flags | O_NONBLOCK) != 0) return fail("fcntl");
  return true;
}

void Stream::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  in_.clear();
  inConsumed_ = 0;
  out_.clear();
  outWritten_ = 0;
}

bool Stream::read() { return take(false); }
bool Stream::readMore() { return take(true); }

bool Stream::take(bool once) {
  std::array<char, kReadBytes> chunk;
  for (;;) {
    const ssize_t got = ::recv(fd_, chunk.data(), chunk.size(), 0);
    if (got > 0) {
      in_.append(chunk.data(), static_cast<size_t>(got));
      // A short read has emptied the socket: what comes later is a new edge.
      if (once || static_cast<size_t>(got) < chunk.size()) return true;
      continue;
    }
    if (got == 0) {
      failure_ = "the server closed the connection";
      return false;
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN && !once) return true;
    return fail("recv");
  }
}

void Stream::consume(size_t bytes) {
  inConsumed_ += bytes;
  if (inConsumed_ == in_.size()) {
    in_.clear();
    inConsumed_ = 0;
  } else if (inConsumed_ > kReadBytes) {
    in_.erase(0, inConsumed_);
    inConsumed_ = 0;
  }
}

bool Stream::flush() {
  while (outWritten_ < out_.size()) {
    const ssize_t sent =
        ::send(fd_, out_.data() + outWritten_, out_.size() - outWritten_, MSG_NOSIGNAL);
    if (sent >= 0) {
      outWritten_ += static_cast<size_t>(sent);
    } else if (errno == EAGAIN) {
      return true;
    } else if (errno != EINTR) {
      return fail("send");
    }
  }
  out_.clear();
  outWritten_ = 0;
  return true;
}

}  // namespace holdfast::bench
