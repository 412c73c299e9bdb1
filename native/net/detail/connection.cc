#include "net/detail/connection.h"

#include <algorithm>
#include <array>
#include <utility>

#include "net/detail/io_thread.h"
#include "net/http_session.h"

namespace holdfast::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Error = boost::system::error_code;

constexpr size_t kPiecesMax = 64;  // buffers of one writev

}  // namespace

Connection::Connection(IoThread& thread, Peer peer)
    : thread_(thread),
      socket_(std::move(peer.socket)),
      remoteAddress_(std::move(peer.address)),
      input_(std::move(peer.input)),
      secure_(peer.secure) {
  Error error;
  socket_.set_option(tcp::no_delay(true), error);
  socket_.non_blocking(true, error);
}

void Connection::start(Handle self) {
  self_ = self;
  session_ = std::make_unique<HttpSession>(thread_.context(), *this);
  if (const std::string input = std::exchange(input_, {}); !input.empty()) {
    session_->onInput(input);
  }
  if (thread_.context().draining) session_->onDrain();
  settle();
}

void Connection::touch() { thread_.touch(*this); }

void Connection::become(std::unique_ptr<Session> session) {
  replaced_ = std::exchange(session_, std::move(session));
}

void Connection::cut(Cut how) {
  if (closed_) return;
  closed_ = true;
  Error error;
  if (how == Cut::kReset) socket_.set_option(asio::socket_base::linger(true, 0), error);
  socket_.close(error);
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
  if (lingering_ || (!finishing_ && session_->wantsInput())) waitReadable();
  planDeadline();
}

void Connection::flush() {
  while (!closed_ && !outputs_.empty() && !writePending_) {
    const Written written = writeSome();
    if (written == Written::kFailed) gone();
    Output sent;
    while (!closed_ && outputs_.takeSent(thread_.durable(), sent)) session_->onSent(sent);
    if (closed_ || outputs_.empty()) return;
    if (written == Written::kBlocked) {
      waitWritable();
      return;
    }
    const Lsn blocked = outputs_.blockedOn(thread_.durable());
    if (blocked == 0) continue;
    if (waitingForDurable_) return;
    waitingForDurable_ = true;
    // False: it has become durable between the two looks.
    if (thread_.waitForDurable(self_, blocked)) return;
    waitingForDurable_ = false;
  }
}

Connection::Written Connection::writeSome() {
  std::array<std::string_view, kPiecesMax> pieces;
  const size_t count = outputs_.gather(thread_.durable(), pieces.data(), pieces.size());
  if (count == 0) return Written::kAll;
  std::array<asio::const_buffer, kPiecesMax> buffers;
  size_t bytes = 0;
  for (size_t i = 0; i < count; ++i) {
    buffers[i] = asio::buffer(pieces[i].data(), pieces[i].size());
    bytes += pieces[i].size();
  }
  Error error;
  size_t written = 0;
  if (count == 1) {
    written = socket_.write_some(std::array<asio::const_buffer, 1>{buffers[0]}, error);
  } else {
    written = socket_.write_some(buffers, error);
  }
  outputs_.advance(written);
  if (error == asio::error::would_block || error == asio::error::try_again) {
    return Written::kBlocked;
  }
  if (error) return Written::kFailed;
  return written == bytes ? Written::kAll : Written::kBlocked;
}

void Connection::waitReadable() {
  if (readPending_) return;
  readPending_ = true;
  socket_.async_wait(Stream::socket::wait_read, [self = shared_from_this()](const Error& error) {
    self->readPending_ = false;
    self->thread_.beginWakeUp();
    if (!error && !self->closed_) self->onReadable();
    self->thread_.endWakeUp();
  });
}

void Connection::waitWritable() {
  writePending_ = true;
  writeBlockedAt_ = thread_.context().now;
  socket_.async_wait(Stream::socket::wait_write, [self = shared_from_this()](const Error& error) {
    self->writePending_ = false;
    self->writeBlockedAt_ = kNever;
    self->thread_.beginWakeUp();
    if (!error && !self->closed_) self->settle();
    self->thread_.endWakeUp();
  });
}

void Connection::onReadable() {
  if (lingering_) {
    discardInput();
  } else if (!finishing_ && session_->wantsInput()) {
    const auto buffer = thread_.readBuffer();
    Error error;
    const size_t size = socket_.read_some(asio::buffer(buffer.data(), buffer.size()), error);
    if (size > 0) {
      session_->onInput({buffer.data(), size});
    } else if (error == asio::error::eof) {
      session_->onInputEnd();
    } else if (error && error != asio::error::would_block && error != asio::error::try_again) {
      gone();
    }
  }
  settle();
}

// Ends our side and reads on until the peer has ended its own: closing with unread input would make
// the kernel reset the connection, and the peer might lose the end of our answer (RFC 9112
// section 9.6).
void Connection::linger() {
  lingering_ = true;
  lingerUntil_ = thread_.context().now + thread_.context().options.limits.lingerTimeoutMs;
  Error error;
  socket_.shutdown(Stream::socket::shutdown_send, error);
  if (error) cut(Cut::kPlain);
}

void Connection::discardInput() {
  const auto buffer = thread_.readBuffer();
  Error error;
  const size_t size = socket_.read_some(asio::buffer(buffer.data(), buffer.size()), error);
  if (size == 0 && error != asio::error::would_block && error != asio::error::try_again) {
    cut(Cut::kPlain);
  }
}

InstantMs Connection::nextDeadline() const {
  if (lingering_) return lingerUntil_;
  const InstantMs own = finishing_ ? kNever : session_->deadline();
  if (writeBlockedAt_ == kNever) return own;
  return std::min(own, writeBlockedAt_ + thread_.context().options.limits.writeIdleTimeoutMs);
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
    } else if (writeBlockedAt_ != kNever &&
               writeBlockedAt_ + thread_.context().options.limits.writeIdleTimeoutMs <= now) {
      gone();
    } else {
      session_->onDeadline(now);
    }
  }
  settle();
}

}  // namespace holdfast::net
