// IoRing: several calls on sockets for one system call (io_uring), where the kernel has it.
//
// Contract: add*() describe calls that must not wait: the sockets are non-blocking. run() makes
// them all and returns when each is over, so buffers are borrowed until then and nothing is under
// way between two runs. At most `entries` a run. Thread: one at a time. Owner: SocketCalls.
// Failure: open() gives null when the kernel has no io_uring, is too old (before 5.7), or does not
// let this process use it; a call that the kernel did not take has the result kNotRun.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string_view>

struct io_uring_cqe;
struct io_uring_sqe;

namespace holdfast::sys {

class IoRing {
 public:
  static constexpr int32_t kNotRun = std::numeric_limits<int32_t>::min();

  static std::unique_ptr<IoRing> open(uint32_t entries);
  ~IoRing();
  IoRing(const IoRing&) = delete;
  IoRing& operator=(const IoRing&) = delete;

  void addReceive(int fd, std::span<char> into);
  void addSend(int fd, std::string_view bytes);
  void addSendMessage(int fd, const msghdr& message);
  // One for each call in the order of add*(): the number of bytes, or -errno.
  void run(std::span<int32_t> results);

 private:
  // What the kernel and this process share, mapped.
  struct Mapping {
    void* at = nullptr;
    size_t bytes = 0;
  };

  explicit IoRing(int fd) : fd_(fd) {}
  bool map(Mapping& mapping, size_t bytes, uint64_t what) const;
  io_uring_sqe& next(int fd, uint8_t operation);
  void takeBack(uint32_t count);
  void takeCompleted(std::span<int32_t> results);

  int fd_ = -1;
  Mapping rings_;
  Mapping entries_;
  uint32_t* submitHead_ = nullptr;  // the kernel's
  uint32_t* submitTail_ = nullptr;
  uint32_t* submitArray_ = nullptr;
  uint32_t* completeHead_ = nullptr;
  uint32_t* completeTail_ = nullptr;  // the kernel's
  io_uring_sqe* submitted_ = nullptr;
  const io_uring_cqe* completed_ = nullptr;
  uint32_t submitMask_ = 0;
  uint32_t completeMask_ = 0;
  uint32_t added_ = 0;  // since the last run
  uint32_t done_ = 0;   // of this run
};

}  // namespace holdfast::sys
