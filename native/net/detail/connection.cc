#include "net/detail/connection.h"

#include <algorithm>
#include <array>
#include <utility>

#include "net/detail/io_thread.h"
#include "net/http_session.h"

namespace holdfast::net {

Connection::Connection(IoThread& thread, Peer peer)
    : thread_(thread),
      socket_(std::move(peer.socket)),
      remoteAddress_(std::move(peer.address)),
      input_(std::move(peer.input)),
      secure_(peer.secure) {}

bool Connection::start(Handle self, sys::Poller& poller) {
  self_ = self;
  if (!poller.add(socket_.descriptor(), self).ok()) return false;
  session_ = std::make_unique<HttpSession>(thread_.context(), *this);
  if (const std::string input = std::exchange(input_, {}); !input.empty()) {
    session_->onInput(input);
  }
  if (thread_.context().draining) session_->onDrain();
  settle();
  return true;
}

void Connection::touch() { thread_.touch(*this); }

void Connection::become(std::unique_ptr<Session> session) {
  replaced_ = std::exchange(session_, std::move(session));
}

void Connection::cut(Cut how) {
  if (closed_) return;
  closed_ = true;
  if (how == Cut::kReset) socket_.resetOnClose();
  socket_.close();
  thread_.touch(*this);
}

void Connection::gone() {
  if (closed_) return;
  session_->onGone();
  cut(Cut::kPlain);
}

void Connection::shutDown() {
  gone();
  settle();
}

void Connection::drain() {
  if (!finishing_ && !closed_) session_->onDrain();
  settle();
}

void Connection::settle() {
  flush();
  replaced_.reset();
  if (!closed_ && finishing_ && outputs_.empty() && !lingering_) linger();
  if (closed_) {
    thread_.remove(*this);
    return;
  }
  if (readable_ && mayRead()) thread_.readSoon(*this);
  planDeadline();
}

void Connection::flush() {
  while (!closed_ && !outputs_.empty() && !writeBlocked_) {
    const Written written = written_ ? *std::exchange(written_, std::nullopt) : writeSome();
    if (written == Written::kFailed) gone();
    Output sent;
    while (!closed_ && outputs_.takeSent(thread_.durable(), sent)) session_->onSent(sent);
    if (outputs_.empty()) writePace_.end();
    if (closed_ || outputs_.empty()) return;
    if (written == Written::kBlocked) {
      writeBlocked_ = true;
      writeBlockedAt_ = thread_.context().now;
      writePace_.begin(writeBlockedAt_);
      return;
    }
    const Lsn blocked = outputs_.blockedOn(thread_.durable());
    if (blocked == 0) continue;
    writePace_.end();
    if (waitingForDurable_) return;
    waitingForDurable_ = true;
    // False: it has become durable between the two looks.
    if (thread_.waitForDurable(self_, blocked)) return;
    waitingForDurable_ = false;
  }
}

Connection::Written Connection::writeSome() {
  std::array<std::string_view, sys::StreamSocket::kPiecesMax> pieces;
  const size_t count = outputs_.gather(thread_.durable(), pieces.data(), pieces.size());
  if (count == 0) return Written::kAll;
  return moved(socket_.write(std::span(pieces).first(count)));
}

bool Connection::beginWrite(sys::SocketCalls::Write& write) {
  if (closed_ || !hasOutput()) return false;
  write.socket = &socket_;
  write.count = outputs_.gather(thread_.durable(), write.pieces.data(), write.pieces.size());
  return write.count > 0;
}

Connection::Written Connection::moved(const sys::IoResult& result) {
  outputs_.advance(result.bytes);
  writePace_.moved(result.bytes);
  if (result.outcome == sys::IoOutcome::kBlocked) return Written::kBlocked;
  // What is left is tried again: only a refusal makes the kernel tell when there is room.
  return result.outcome == sys::IoOutcome::kDone ? Written::kAll : Written::kFailed;
}

void Connection::onReady(const sys::Poller::Ready& ready) {
  readable_ = readable_ || ready.readable;
  peerEnded_ = peerEnded_ || ready.ended;
  broken_ = broken_ || ready.broken;
  if (ready.writable && writeBlocked_) {
    writeBlocked_ = false;
    writeBlockedAt_ = kNever;
  }
  // A peer that ends its side may wait for an answer; one that resets the connection then does not,
  // and no read will tell.
  if (broken_ && inputRead_) gone();
}

bool Connection::mayRead() const { return lingering_ || (!finishing_ && session_->wantsInput()); }

bool Connection::beginRead(sys::SocketCalls::Read& read) {
  if (closed_ || !readable_ || !mayRead()) return false;
  read.socket = &socket_;
  return true;
}

void Connection::onRead(const sys::SocketCalls::Read& read) {
  // A read that leaves room has taken all: what comes later is told. The end is no byte.
  readable_ = read.result.bytes == read.into.size() || peerEnded_;
  switch (read.result.outcome) {
    case sys::IoOutcome::kDone:
      if (!lingering_) session_->onInput({read.into.data(), read.result.bytes});
      break;
    case sys::IoOutcome::kBlocked:
      readable_ = false;
      break;
    case sys::IoOutcome::kEnded:
      readable_ = false;
      inputRead_ = true;
      if (lingering_) {
        cut(Cut::kPlain);
      } else {
        session_->onInputEnd();
        if (broken_) gone();
      }
      break;
    case sys::IoOutcome::kFailed:
      gone();
      break;
  }
}

// Ends our side and reads on until the peer has ended its own: closing with unread input would make
// the kernel reset the connection, and the peer might lose the end of our answer (RFC 9112
// section 9.6).
void Connection::linger() {
  lingering_ = true;
  lingerUntil_ = thread_.context().now + thread_.context().options.limits.lingerTimeoutMs;
  if (!socket_.shutDownWriting()) cut(Cut::kPlain);
}

InstantMs Connection::nextDeadline() const {
  if (lingering_) return lingerUntil_;
  return std::min(finishing_ ? kNever : session_->deadline(), writeDeadline());
}

// When a peer that takes too little is dropped.
InstantMs Connection::writeDeadline() const {
  if (writeBlockedAt_ == kNever) return kNever;
  const Limits& limits = thread_.context().options.limits;
  return std::min(writeBlockedAt_ + limits.writeIdleTimeoutMs,
                  writePace_.deadline(limits.writeBytesPerSecondMin, limits.rateGraceMs));
}

void Connection::planDeadline() { thread_.plan(self_, nextDeadline(), plannedAt_); }

// An entry of the deadline queue came up.
void Connection::onDeadline(InstantMs at) {
  if (closed_ || at != plannedAt_) return;
  plannedAt_ = kNever;
  const InstantMs now = thread_.context().now;
  if (nextDeadline() <= now) {
    if (lingering_) {
      cut(Cut::kPlain);
    } else if (writeDeadline() <= now) {
      gone();
    } else {
      session_->onDeadline(now);
    }
  }
  settle();
}

}  // namespace holdfast::net
