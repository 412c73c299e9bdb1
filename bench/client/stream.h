// Stream: one TCP connection of the client with its two buffers.
//
// Connects and shakes hands blocking (setup, outside the measured part); `makeNonBlocking()` hands
// it over to the Poller, which is edge-triggered: after each event, `flush()` and `read()` until
// they have nothing to do. One thread. Owner: the load. Failure: the functions return false and
// `failure()` says why.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace holdfast::bench {

class Stream {
 public:
  Stream() = default;
  ~Stream();
  Stream(Stream&&) = delete;
  Stream& operator=(Stream&&) = delete;

  bool connect(const std::string& address, uint16_t port);
  bool makeNonBlocking();
  void close();

  // Takes what has arrived. False: the peer is gone.
  bool read();
  // Blocking: waits for at least one byte more.
  bool readMore();

  [[nodiscard]] std::string_view unread() const {
    return std::string_view(in_).substr(inConsumed_);
  }
  void consume(size_t bytes);

  void queue(std::string_view bytes) { out_.append(bytes); }
  // Writes what is queued as far as the socket takes it. False: the peer is gone.
  bool flush();

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  bool fail(const char* what);
  bool take(bool once);

  int fd_ = -1;
  std::string in_;
  size_t inConsumed_ = 0;
  std::string out_;
  size_t outWritten_ = 0;
  std::string failure_;
};

}  // namespace holdfast::bench
