#include "sys/socket_calls.h"

#include <sys/uio.h>

#include <algorithm>
#include <cerrno>

#include "base/check.h"

namespace holdfast::sys {
namespace {

// What a call of the ring gave; `again` makes one that it did not run, or that a signal ended.
template <typename Again>
IoResult resultOf(int32_t result, Again again) {
  if (result >= 0) return {IoOutcome::kDone, static_cast<size_t>(result)};
  if (result == IoRing::kNotRun || result == -EINTR) return again();
  if (result == -EAGAIN || result == -EWOULDBLOCK) return {IoOutcome::kBlocked, 0};
  return {IoOutcome::kFailed, 0};
}

IoResult readAlone(const SocketCalls::Read& one) { return one.socket->read(one.into); }

IoResult writeAlone(const SocketCalls::Write& one) {
  return one.socket->write(std::span(one.pieces).first(one.count));
}

}  // namespace

SocketCalls::SocketCalls(Mode mode) {
  if (mode == Mode::kBatched) ring_ = IoRing::open(kMax);
  if (ring_) messages_ = std::make_unique<std::array<Message, kMax>>();
}

void SocketCalls::read(std::span<Read> reads) {
  DO_CHECK(reads.size() <= kMax, reads.size());
  if (!ring_ || reads.size() < 2) {
    for (Read& one : reads) one.result = readAlone(one);
    return;
  }
  for (const Read& one : reads) ring_->addReceive(one.socket->descriptor(), one.into);
  ring_->run(std::span(results_).first(reads.size()));
  for (size_t i = 0; i < reads.size(); ++i) {
    Read& one = reads[i];
    one.result = results_[i] == 0 ? IoResult{IoOutcome::kEnded, 0}
                                  : resultOf(results_[i], [&one] { return readAlone(one); });
  }
}

void SocketCalls::write(std::span<Write> writes) {
  DO_CHECK(writes.size() <= kMax, writes.size());
  if (!ring_ || writes.size() < 2) {
    for (Write& one : writes) one.result = writeAlone(one);
    return;
  }
  for (size_t i = 0; i < writes.size(); ++i) addWrite(writes[i], (*messages_)[i]);
  ring_->run(std::span(results_).first(writes.size()));
  for (size_t i = 0; i < writes.size(); ++i) {
    Write& one = writes[i];
    one.result = resultOf(results_[i], [&one] { return writeAlone(one); });
  }
}

void SocketCalls::addWrite(const Write& write, Message& message) {
  const int fd = write.socket->descriptor();
  if (write.count == 1) {
    ring_->addSend(fd, write.pieces[0]);
    return;
  }
  std::transform(write.pieces.begin(), write.pieces.begin() + static_cast<ptrdiff_t>(write.count),
                 message.pieces.begin(), [](std::string_view piece) {
                   return iovec{const_cast<char*>(piece.data()), piece.size()};
                 });
  message.header.msg_iov = message.pieces.data();
  message.header.msg_iovlen = write.count;
  ring_->addSendMessage(fd, message.header);
}

}  // namespace holdfast::sys
