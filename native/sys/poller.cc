#include "sys/poller.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include "base/check.h"

namespace holdfast::sys {
namespace {

constexpr uint64_t kBell = std::numeric_limits<uint64_t>::max();

int watch(int epoll, int fd, uint64_t id) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = id;
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

}  // namespace

Poller::Poller()
    : epoll_(epoll_create1(EPOLL_CLOEXEC)), bell_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  DO_CHECK(epoll_ >= 0 && bell_ >= 0, errno);
  DO_CHECK(watch(epoll_, bell_, kBell) == 0, errno);
}

Poller::~Poller() {
  close(bell_);
  close(epoll_);
}

Status Poller::add(int fd, uint64_t id) {
  if (watch(epoll_, fd, id) == 0) return {};
  return {Code::kIo, std::string("epoll_ctl: ") + std::strerror(errno)};
}

std::span<const Poller::Ready> Poller::wait(int64_t timeoutMs) {
  const int timeout =
      static_cast<int>(std::clamp<int64_t>(timeoutMs, -1, std::numeric_limits<int>::max()));
  const int count = epoll_wait(epoll_, events_.data(), static_cast<int>(kReadyMax), timeout);
  waiting_.store(false, std::memory_order_relaxed);
  DO_CHECK(count >= 0 || errno == EINTR, errno);
  size_t used = 0;
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events_[static_cast<size_t>(i)];
    if (event.data.u64 == kBell) continue;
    const bool broken = (event.events & (EPOLLHUP | EPOLLERR)) != 0;
    const bool ended = broken || (event.events & EPOLLRDHUP) != 0;
    ready_[used++] = {event.data.u64, ended || (event.events & EPOLLIN) != 0,
                      ended || (event.events & EPOLLOUT) != 0, ended, broken};
  }
  return std::span(ready_).first(used);
}

void Poller::wake() {
  if (!waiting_.exchange(false)) return;
  const uint64_t one = 1;
  const ssize_t written = write(bell_, &one, sizeof(one));
  DO_CHECK(written == sizeof(one) || errno == EAGAIN, errno);
}

}  // namespace holdfast::sys
