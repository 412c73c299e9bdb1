// TestClient: a plain blocking TCP client. Time-outs bound failure only.
// Thread: the test's.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>

namespace holdfast::net {

class TestClient {
 public:
  explicit TestClient(uint16_t port, int receiveBufferBytes = 0)
      : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receiveBufferBytes > 0) {
      setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receiveBufferBytes, sizeof receiveBufferBytes);
    }
    bound();
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  // Over a Unix-domain socket.
  explicit TestClient(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    bound();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  struct Connected {
    int fd;
  };
  explicit TestClient(Connected socket) : fd_(socket.fd) { bound(); }
  ~TestClient() { close(); }
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  // Closes so that the server sees a reset.
  void reset() {
    const linger now{1, 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
  }
  void endOutput() { ::shutdown(fd_, SHUT_WR); }

  // False when the server would not take it all.
  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t size = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (size <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(size));
    }
    return true;
  }
  // Writes until the kernel takes no more.
  size_t writeUntilFull(std::string_view bytes) {
    size_t written = 0;
    for (;;) {
      const ssize_t size = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (size <= 0) return written;
      written += static_cast<size_t>(size);
    }
  }

  std::string readBytes(size_t size) {
    while (input_.size() < size && fill()) {
    }
    EXPECT_GE(input_.size(), size) << "the connection ended after: " << input_;
    return take(size);
  }
  // Up to and with `mark`.
  std::string readUntil(std::string_view mark) {
    size_t at = 0;
    while ((at = input_.find(mark)) == std::string::npos) {
      if (!fill()) {
        ADD_FAILURE() << "the connection ended after: " << input_;
        return take(input_.size());
      }
    }
    return take(at + mark.size());
  }
  std::string readToEnd() {
    while (fill()) {
    }
    return take(input_.size());
  }
  // What the next read gives; empty: the connection has ended.
  std::string readSome() {
    fill();
    return take(input_.size());
  }
  [[nodiscard]] bool wasReset() const { return reset_; }

 private:
  void bound() const {
    const timeval time{5, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
  }
  bool fill() {
    std::array<char, 65'536> buffer{};
    const ssize_t size = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (size < 0) {
      reset_ = errno == ECONNRESET;
      EXPECT_TRUE(reset_) << "nothing came in time";
    }
    if (size <= 0) return false;
    input_.append(buffer.data(), static_cast<size_t>(size));
    return true;
  }
  std::string take(size_t size) {
    std::string taken = input_.substr(0, size);
    input_.erase(0, size);
    return taken;
  }

  int fd_;
  std::string input_;
  bool reset_ = false;
};

}  // namespace holdfast::net
