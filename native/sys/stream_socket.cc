#include "sys/stream_socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <utility>

namespace holdfast::sys {
namespace {

constexpr size_t kMappedAt = 12;  // where an IPv6 address holds one of IPv4

// `move` again after a signal: kBlocked promises that the kernel tells when it may go on.
template <typename Move>
IoResult outcomeOf(Move move) {
  ssize_t moved = 0;
  do {
    moved = move();
  } while (moved < 0 && errno == EINTR);
  if (moved >= 0) return {IoOutcome::kDone, static_cast<size_t>(moved)};
  if (errno == EAGAIN || errno == EWOULDBLOCK) return {IoOutcome::kBlocked, 0};
  return {IoOutcome::kFailed, 0};
}

std::string addressOf(const sockaddr_storage& peer) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* address = nullptr;
  int family = peer.ss_family;
  if (peer.ss_family == AF_INET) {
    address = &reinterpret_cast<const sockaddr_in&>(peer).sin_addr;
  } else if (peer.ss_family == AF_INET6) {
    const in6_addr& six = reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr;
    address = &six;
    if (IN6_IS_ADDR_V4MAPPED(&six)) {
      family = AF_INET;
      address = &six.s6_addr[kMappedAt];
    }
  } else {
    return {};
  }
  return inet_ntop(family, address, text.data(), text.size()) == nullptr ? "" : text.data();
}

Accepted::Outcome failedAccept(int error) {
  switch (error) {
    case EAGAIN:
    case EBADF:  // the listener is closed
    case EINVAL:
      return Accepted::Outcome::kNone;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      return Accepted::Outcome::kNoResources;
    default:
      return Accepted::Outcome::kPeerGone;
  }
}

}  // namespace

StreamSocket::StreamSocket(StreamSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

IoResult StreamSocket::read(std::span<char> into) {
  const IoResult result = outcomeOf([&] { return recv(fd_, into.data(), into.size(), 0); });
  if (result.outcome == IoOutcome::kDone && result.bytes == 0) return {IoOutcome::kEnded, 0};
  return result;
}

IoResult StreamSocket::write(std::span<const std::string_view> pieces) {
  if (pieces.size() == 1) {
    return outcomeOf([&] { return send(fd_, pieces[0].data(), pieces[0].size(), MSG_NOSIGNAL); });
  }
  std::array<iovec, kPiecesMax> vectors{};
  const size_t count = std::min(pieces.size(), kPiecesMax);
  for (size_t i = 0; i < count; ++i) {
    vectors[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
  }
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = count;
  return outcomeOf([&] { return sendmsg(fd_, &message, MSG_NOSIGNAL); });
}

bool StreamSocket::shutDownWriting() { return shutdown(fd_, SHUT_WR) == 0; }

void StreamSocket::resetOnClose() {
  const linger now{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

void StreamSocket::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

StreamSocket StreamSocket::take(int fd) {
  StreamSocket taken(fd);
  sockaddr_storage own{};
  socklen_t size = sizeof(own);
  const int flags = fcntl(fd, F_GETFL);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size) != 0 || flags < 0 ||
      fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0) {
    taken.close();
  } else {
    sendAtOnce(fd);
  }
  return taken;
}

Accepted acceptFrom(int listener) {
  sockaddr_storage peer{};
  socklen_t size = sizeof(peer);
  const int fd =
      accept4(listener, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return {failedAccept(errno), StreamSocket(), {}};
  return {Accepted::Outcome::kConnection, StreamSocket(fd), addressOf(peer)};
}

void sendAtOnce(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));  // refused for Unix-domain sockets
}

int lowestFreeDescriptor() {
  const int fd = eventfd(0, EFD_CLOEXEC);
  if (fd < 0) return std::numeric_limits<int>::max();
  ::close(fd);
  return fd;
}

uint64_t descriptorLimit() {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

}  // namespace holdfast::sys
