// Poller: epoll, edge-triggered, one number for each stream. One thread.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstddef>
#include <span>

#include "clock.h"

namespace holdfast::bench {

class Poller {
 public:
  Poller();
  ~Poller();
  Poller(Poller&&) = delete;
  Poller& operator=(Poller&&) = delete;

  [[nodiscard]] bool valid() const { return fd_ >= 0; }
  // Watches `fd` until it is closed. False: the kernel refuses.
  bool add(int fd, size_t number);
  // Waits until something is ready or `until` has come; the events are valid until the next call.
  std::span<const epoll_event> wait(Nanoseconds until);

 private:
  static constexpr size_t kEventsMax = 512;
  int fd_;
  std::array<epoll_event, kEventsMax> events_{};
};

}  // namespace holdfast::bench
