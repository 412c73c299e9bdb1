#include "sys/io_ring.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>

#include "base/check.h"

// Kernel headers from before io_uring: no ring, as on such a kernel.
#if __has_include(<linux/io_uring.h>) && defined(SYS_io_uring_setup)
#include <linux/io_uring.h>
#ifdef IORING_FEAT_FAST_POLL
#define HOLDFAST_IO_URING 1
#endif
#endif

namespace holdfast::sys {

#ifdef HOLDFAST_IO_URING
namespace {

// A kernel with all of these has every operation used here.
constexpr uint32_t kFeatures = IORING_FEAT_SINGLE_MMAP | IORING_FEAT_NODROP | IORING_FEAT_FAST_POLL;

template <typename T>
T* at(void* base, size_t offset) {
  return reinterpret_cast<T*>(static_cast<char*>(base) + offset);
}

}  // namespace

std::unique_ptr<IoRing> IoRing::open(uint32_t entries) {
  io_uring_params params{};
  const auto fd = static_cast<int>(syscall(SYS_io_uring_setup, entries, &params));
  if (fd < 0) return nullptr;
  std::unique_ptr<IoRing> ring(new IoRing(fd));
  if ((params.features & kFeatures) != kFeatures) return nullptr;
  const size_t ringBytes =
      std::max<size_t>(params.sq_off.array + (params.sq_entries * sizeof(uint32_t)),
                       params.cq_off.cqes + (params.cq_entries * sizeof(io_uring_cqe)));
  if (!ring->map(ring->rings_, ringBytes, IORING_OFF_SQ_RING) ||
      !ring->map(ring->entries_, params.sq_entries * sizeof(io_uring_sqe), IORING_OFF_SQES)) {
    return nullptr;
  }
  void* rings = ring->rings_.at;
  ring->submitHead_ = at<uint32_t>(rings, params.sq_off.head);
  ring->submitTail_ = at<uint32_t>(rings, params.sq_off.tail);
  ring->submitArray_ = at<uint32_t>(rings, params.sq_off.array);
  ring->submitMask_ = *at<uint32_t>(rings, params.sq_off.ring_mask);
  ring->completeHead_ = at<uint32_t>(rings, params.cq_off.head);
  ring->completeTail_ = at<uint32_t>(rings, params.cq_off.tail);
  ring->completeMask_ = *at<uint32_t>(rings, params.cq_off.ring_mask);
  ring->completed_ = at<io_uring_cqe>(rings, params.cq_off.cqes);
  ring->submitted_ = at<io_uring_sqe>(ring->entries_.at, 0);
  return ring;
}

bool IoRing::map(Mapping& mapping, size_t bytes, uint64_t what) const {
  void* mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd_,
                      static_cast<off_t>(what));
  if (mapped == MAP_FAILED) return false;
  mapping = {mapped, bytes};
  return true;
}

io_uring_sqe& IoRing::next(int fd, uint8_t operation) {
  DO_CHECK(added_ <= submitMask_, added_);
  const uint32_t tail = *submitTail_;
  const uint32_t index = tail & submitMask_;
  submitArray_[index] = index;
  io_uring_sqe& entry = submitted_[index];
  entry = {};
  entry.opcode = operation;
  entry.fd = fd;
  entry.msg_flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  entry.user_data = added_++;
  std::atomic_ref(*submitTail_).store(tail + 1, std::memory_order_release);
  return entry;
}

void IoRing::addReceive(int fd, std::span<char> into) {
  io_uring_sqe& entry = next(fd, IORING_OP_RECV);
  entry.addr = reinterpret_cast<uint64_t>(into.data());
  entry.len = static_cast<uint32_t>(into.size());
}

void IoRing::addSend(int fd, std::string_view bytes) {
  io_uring_sqe& entry = next(fd, IORING_OP_SEND);
  entry.addr = reinterpret_cast<uint64_t>(bytes.data());
  entry.len = static_cast<uint32_t>(bytes.size());
}

void IoRing::addSendMessage(int fd, const msghdr& message) {
  io_uring_sqe& entry = next(fd, IORING_OP_SENDMSG);
  entry.addr = reinterpret_cast<uint64_t>(&message);
  entry.len = 1;
}

void IoRing::run(std::span<int32_t> results) {
  DO_CHECK(results.size() == added_, results.size(), added_);
  std::fill(results.begin(), results.end(), kNotRun);
  uint32_t left = added_;  // that the kernel has not taken
  done_ = 0;
  while (done_ < added_) {
    const auto taken =
        syscall(SYS_io_uring_enter, fd_, left, added_ - done_, IORING_ENTER_GETEVENTS, nullptr, 0);
    if (taken >= 0) {
      left -= static_cast<uint32_t>(taken);
    } else if (errno != EINTR) {
      // No memory, as a rule. What it took is over soon; the rest stays undone.
      takeBack(left);
      added_ -= left;
      left = 0;
    }
    takeCompleted(results);
  }
  added_ = 0;
}

void IoRing::takeBack(uint32_t count) {
  std::atomic_ref(*submitTail_).store(*submitTail_ - count, std::memory_order_release);
}

void IoRing::takeCompleted(std::span<int32_t> results) {
  uint32_t head = *completeHead_;
  const uint32_t tail = std::atomic_ref(*completeTail_).load(std::memory_order_acquire);
  for (; head != tail; ++head, ++done_) {
    const io_uring_cqe& one = completed_[head & completeMask_];
    results[one.user_data] = one.res;
  }
  std::atomic_ref(*completeHead_).store(head, std::memory_order_release);
}

IoRing::~IoRing() {
  if (rings_.at != nullptr) munmap(rings_.at, rings_.bytes);
  if (entries_.at != nullptr) munmap(entries_.at, entries_.bytes);
  close(fd_);
}

#else

std::unique_ptr<IoRing> IoRing::open(uint32_t /*entries*/) { return nullptr; }
IoRing::~IoRing() = default;
void IoRing::addReceive(int /*fd*/, std::span<char> /*into*/) {}
void IoRing::addSend(int /*fd*/, std::string_view /*bytes*/) {}
void IoRing::addSendMessage(int /*fd*/, const msghdr& /*message*/) {}
void IoRing::run(std::span<int32_t> /*results*/) {}

#endif

}  // namespace holdfast::sys
