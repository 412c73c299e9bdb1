#include "poller.h"

#include <unistd.h>

#include <algorithm>

namespace holdfast::bench {
namespace {

constexpr Nanoseconds kMillisecond = 1'000'000;
constexpr Nanoseconds kWaitMax = 1'000 * kMillisecond;

}  // namespace

Poller::Poller() : fd_(::epoll_create1(EPOLL_CLOEXEC)) {}
Poller::~Poller() { ::close(fd_); }

bool Poller::add(int fd, size_t number) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = number;
  return ::epoll_ctl(fd_, EPOLL_CTL_ADD, fd, &event) == 0;
}

std::span<const epoll_event> Poller::wait(Nanoseconds until) {
  const Nanoseconds left = std::clamp<Nanoseconds>(until - monotonicNow(), 0, kWaitMax);
  const int milliseconds = static_cast<int>((left + kMillisecond - 1) / kMillisecond);
  const int count =
      ::epoll_wait(fd_, events_.data(), static_cast<int>(events_.size()), milliseconds);
  return {events_.data(), static_cast<size_t>(std::max(count, 0))};
}

}  // namespace holdfast::bench
