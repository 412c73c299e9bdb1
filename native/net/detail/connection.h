// Connection: one stream socket, the session on it, and what it still has to write.
//
// Reading waits for readiness and then reads into a buffer of the thread, so that an idle
// connection owns none. Readiness is told once (sys::Poller): a read that fills the buffer, or that
// the session has no use for yet, is made up for later. Writing is one writev of everything that
// may leave; only when the kernel takes less does it wait. The thread makes the first read and the
// first write of a round for many connections at once (sys::SocketCalls). The durability gate is in
// OutputQueue; what is held registers with the thread and is settled again when enough is durable.
//
// Thread: its I/O thread's. Owner: IoThread's table. Failure: a socket error ends the session with
// onGone(); nothing throws.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "net/pace.h"
#include "net/session.h"
#include "sys/poller.h"
#include "sys/socket_calls.h"
#include "sys/stream_socket.h"

namespace holdfast::net {

class IoThread;

// A connection before it has a thread.
struct Peer {
  sys::StreamSocket socket;
  std::string address;  // without port; empty: not known
  bool secure = false;  // TLS was taken off before
  std::string input;    // bytes that were read from it already
};

class Connection final : public Transport {
 public:
  // `thread` outlives the connection.
  Connection(IoThread& thread, Peer peer);

  // False: the socket cannot be watched.
  bool start(Handle self, sys::Poller& poller);
  void onReady(const sys::Poller::Ready& ready);
  // Reads and writes are made for several connections at once: the thread asks each what it wants,
  // makes the calls, and says what came of them. False: this one has no use for a call now. After
  // beginRead() and onRead(), as after beginWrite() and onWritten(), settle() follows.
  bool beginRead(sys::SocketCalls::Read& read);
  void onRead(const sys::SocketCalls::Read& read);
  bool beginWrite(sys::SocketCalls::Write& write);
  void onWritten(const sys::IoResult& result) { written_ = moved(result); }
  // Whether settle() would write.
  [[nodiscard]] bool hasOutput() const { return !outputs_.empty() && !writeBlocked_; }
  // Writes, waits, plans: called after every call into the session.
  void settle();
  void onDurable() { waitingForDurable_ = false; }
  void onDeadline(InstantMs at);
  void drain();
  void shutDown();  // the server ends: cuts, telling the host

  [[nodiscard]] Handle self() const { return self_; }
  // Set while the connection is on the thread's list of those to settle.
  bool touched = false;
  // Set while it is on the list of those to read again.
  bool rereading = false;

  // Transport
  void send(Output output) override { outputs_.push(std::move(output)); }
  void touch() override;
  void finish() override { finishing_ = true; }
  void cut(Cut how) override;
  void become(std::unique_ptr<Session> session) override;
  [[nodiscard]] const std::string& remoteAddress() const override { return remoteAddress_; }
  [[nodiscard]] bool secure() const override { return secure_; }

 private:
  enum class Written : uint8_t { kAll, kBlocked, kFailed };

  void flush();
  Written writeSome();
  Written moved(const sys::IoResult& result);
  void linger();
  void gone();
  void planDeadline();
  [[nodiscard]] InstantMs nextDeadline() const;
  [[nodiscard]] InstantMs writeDeadline() const;

  [[nodiscard]] bool mayRead() const;

  IoThread& thread_;
  sys::StreamSocket socket_;
  std::string remoteAddress_;
  std::string input_;  // until start()
  const bool secure_;
  Handle self_ = kNoHandle;
  std::unique_ptr<Session> session_;
  std::unique_ptr<Session> replaced_;
  OutputQueue outputs_;
  std::optional<Written> written_;  // by a call that settle() has not seen
  InstantMs plannedAt_ = kNever;
  InstantMs writeBlockedAt_ = kNever;
  Pace writePace_;  // from the first refusal of the kernel until all has left, or must wait for us
  InstantMs lingerUntil_ = kNever;
  bool readable_ = false;   // since the last read that found less than it asked for
  bool peerEnded_ = false;  // the end of the input is here, behind what is readable
  bool inputRead_ = false;  // up to that end
  bool broken_ = false;     // nothing can be sent any more
  bool writeBlocked_ = false;
  bool waitingForDurable_ = false;
  bool finishing_ = false;
  bool lingering_ = false;
  bool closed_ = false;
};

}  // namespace holdfast::net
