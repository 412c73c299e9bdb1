// What the kernel alone costs: one epoll loop that takes whatever arrives for a whole request or
// frame, parses nothing, and answers with the bytes of bench/servers/node-http.js, or of an upgrade
// or an echo for the load client's one key and message. No server can do with less. Prints
// `Ready on URL`.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: 13\r\n\r\nHello, "
    "World!";
constexpr std::string_view kObjectAnswer =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: 2\r\n\r\nok";
// To the key of bench/client/ws_handshake.cc, the example of RFC 6455 section 1.3.
constexpr std::string_view kUpgrade =
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
// Of the 32 bytes that bench/client/socket_load.cc sends.
constexpr std::string_view kEcho =
    "\x81\x20"
    "abcdefghijklmnopqrstuvwxyzabcdef";
constexpr int kBacklog = 1024;

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

int listenAnywhere() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (listener < 0 || bind(listener, generic, size) != 0 || listen(listener, kBacklog) != 0)
    fail("listen");
  if (getsockname(listener, generic, &size) != 0) fail("getsockname");
  std::printf("Ready on http://127.0.0.1:%d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return listener;
}

void watch(int poller, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
}

void acceptAll(int poller, int listener) {
  for (int fd; (fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(poller, fd);
  }
}

std::string_view answerTo(std::string_view request) {
  if (!request.starts_with("GET ")) return kEcho;
  if (request.starts_with("GET /ws/")) return kUpgrade;
  return request.starts_with("GET /hello") ? kAnswer : kObjectAnswer;
}

void answer(int fd) {
  std::array<char, 8192> request;
  const ssize_t length = read(fd, request.data(), request.size());
  if (length <= 0) {
    close(fd);
    return;
  }
  const std::string_view answer = answerTo({request.data(), static_cast<size_t>(length)});
  if (write(fd, answer.data(), answer.size()) != static_cast<ssize_t>(answer.size())) close(fd);
}

}  // namespace

int main() {
  const int listener = listenAnywhere();
  const int poller = epoll_create1(EPOLL_CLOEXEC);
  if (poller < 0) fail("epoll_create1");
  watch(poller, listener);
  std::array<epoll_event, 256> events;
  for (;;) {
    const int count = epoll_wait(poller, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; i++) {
      const int fd = events[static_cast<size_t>(i)].data.fd;
      if (fd == listener)
        acceptAll(poller, listener);
      else
        answer(fd);
    }
  }
}
