// Connection: one stream socket, the session on it, and what it still has to write.
//
// Reading waits for readiness and then reads into a buffer of the thread, so that an idle
// connection owns none. Writing is one writev of everything that may leave; only when the kernel
// takes less does it wait. The durability gate is in OutputQueue; what is held registers with the
// thread and is settled again when enough is durable.
//
// Thread: its I/O thread's. Owner: IoThread's table and the pending operations (shared_ptr).
// Failure: a socket error ends the session with onGone(); nothing throws.
#pragma once

#include <memory>
#include <string>

#include "net/detail/asio.h"
#include "net/session.h"

namespace holdfast::net {

class IoThread;

class Connection final : public Transport, public std::enable_shared_from_this<Connection> {
 public:
  // `thread` outlives the connection.
  Connection(IoThread& thread, Peer peer);

  void start(Handle self);
  // Writes, waits, plans: called after every call into the session.
  void settle();
  void onDurable() { waitingForDurable_ = false; }
  void onDeadline(InstantMs at);
  void drain();
  void shutDown();  // the server ends: cuts, telling the host

  [[nodiscard]] Handle self() const { return self_; }
  // Set while the connection is on the thread's list of those to settle.
  bool touched = false;

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
  void waitReadable();
  void waitWritable();
  void onReadable();
  void linger();
  void discardInput();
  void gone();
  void planDeadline();
  [[nodiscard]] InstantMs nextDeadline() const;

  IoThread& thread_;
  Stream::socket socket_;
  std::string remoteAddress_;
  std::string input_;  // until start()
  const bool secure_;
  Handle self_ = kNoHandle;
  std::unique_ptr<Session> session_;
  std::unique_ptr<Session> replaced_;
  OutputQueue outputs_;
  InstantMs plannedAt_ = kNever;
  InstantMs writeBlockedAt_ = kNever;
  InstantMs lingerUntil_ = kNever;
  bool readPending_ = false;
  bool writePending_ = false;
  bool waitingForDurable_ = false;
  bool finishing_ = false;
  bool lingering_ = false;
  bool closed_ = false;
};

}  // namespace holdfast::net
