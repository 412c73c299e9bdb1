// Poller: tells one thread which of its descriptors became readable or writable (epoll).
//
// Contract: edge-triggered. add() watches both directions from then on, at the cost of one system
// call for the whole life of a descriptor; wait() names a descriptor once when something arrives,
// so the owner remembers that it may read until a read finds less than it asked for. Closing a
// descriptor ends the watch. `id` is the owner's name for it. wake() ends the wait of another
// thread; while nobody waits it costs no system call. Thread: wake() any; everything else the one
// that waits. Owner: one. Failure: add() reports; a kernel that has no epoll or no descriptor left
// for it ends the process.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <span>

#include "base/result.h"

namespace holdfast::sys {

class Poller {
 public:
  struct Ready {
    uint64_t id = 0;
    bool readable = false;
    bool writable = false;
    bool ended = false;   // the peer has ended its side, or the descriptor is broken
    bool broken = false;  // nothing can be sent any more, for it was reset, say
  };

  static constexpr size_t kReadyMax = 256;  // of one wait()

  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  Status add(int fd, uint64_t id);

  // Before the caller looks a last time at what other threads gave it: from here on wake() is not
  // lost.
  void announceWait() { waiting_.store(true); }
  // Until something is ready, wake() was called since announceWait(), or the time is over
  // (milliseconds; below 0: never). Valid until the next call.
  std::span<const Ready> wait(int64_t timeoutMs);
  void wake();

 private:
  int epoll_ = -1;
  int bell_ = -1;  // an eventfd; edge-triggered, so that it need not be read
  std::atomic<bool> waiting_{false};
  std::array<epoll_event, kReadyMax> events_{};
  std::array<Ready, kReadyMax> ready_{};
};

}  // namespace holdfast::sys
