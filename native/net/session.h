// Session and Transport: the two halves of a connection, so that the protocols know nothing of
// Asio.
//
// A Connection (detail/connection.h) reads, writes, keeps the gate and the clock; its Session
// (HttpSession first, SocketSession after an upgrade) gives meaning to the bytes. After every call
// into a session the connection settles: it writes what may leave, asks wantsInput() and
// deadline(), and acts on finish() or cut().
//
// Thread: all of one connection on one I/O thread. Owner: the IoThread owns connections, a
// connection its session.
#pragma once

#include <memory>
#include <string_view>
#include <unordered_map>

#include "base/slot_map.h"
#include "net/deadline_queue.h"
#include "net/deflate.h"
#include "net/output_queue.h"
#include "net/server.h"

namespace holdfast::net {

class Session;
class SocketSession;

// What a session may ask of its connection.
class Transport {
 public:
  enum class Cut : uint8_t {
    kPlain,
    kReset
  };  // kReset: the peer sees an error, not an orderly end

  virtual void send(Output output) = 0;
  // Asks to be settled soon: called by whoever enters a session from outside (a command).
  virtual void touch() = 0;
  // Once everything queued has left: end our side, wait a little for the peer's, close. Input is
  // dropped from here on.
  virtual void finish() = 0;
  // Closes now; the session hears nothing more.
  virtual void cut(Cut how) = 0;
  // Replaces the session (an upgrade). The old one lives until the connection settles.
  virtual void become(std::unique_ptr<Session> session) = 0;
  [[nodiscard]] virtual const std::string& remoteAddress() const = 0;
  [[nodiscard]] virtual bool secure() const = 0;

 protected:
  ~Transport() = default;
};

class Session {
 public:
  virtual ~Session() = default;

  virtual void onCommand(Command&& command) = 0;
  virtual void onInput(std::string_view bytes) = 0;  // keeps what it cannot use yet
  virtual void onInputEnd() = 0;                     // the peer ended its side
  virtual void onSent(const Output& output) = 0;
  virtual void onGone() = 0;  // the connection broke; the last call
  virtual void onDeadline(InstantMs now) = 0;
  virtual void onDrain() = 0;
  [[nodiscard]] virtual bool wantsInput() const = 0;
  [[nodiscard]] virtual InstantMs deadline() const = 0;
};

// What the sessions of one I/O thread share.
struct SessionContext {
  SessionContext(const ServerOptions& serverOptions, EventSink& eventSink, uint32_t index)
      : options(serverOptions), sink(eventSink), thread(index) {}

  const ServerOptions& options;
  EventSink& sink;
  const uint32_t thread;

  InstantMs now = 0;  // read once per wake-up
  bool draining = false;
  MessageCodec codec;

  SlotMap<Session*> requests;
  std::unordered_map<SocketHandle, SocketSession*> sockets;

  // Request handles carry their thread in the index, so that post() finds it without a table.
  [[nodiscard]] RequestHandle openRequest(Session* session) {
    const Handle local = requests.insert(session);
    return makeHandle(handleIndex(local) * options.threads + thread, handleGeneration(local));
  }
  [[nodiscard]] Handle localRequest(RequestHandle request) const {
    return makeHandle(handleIndex(request) / options.threads, handleGeneration(request));
  }
  void closeRequest(RequestHandle request) { requests.erase(localRequest(request)); }

  // Forgets a socket; set by the server, which keeps the way to each.
  virtual void closeSocket(SocketHandle socket) { sockets.erase(socket); }
  [[nodiscard]] virtual std::string_view httpDate() = 0;  // cached per second
  [[nodiscard]] virtual TimestampMs wallNow() const = 0;

 protected:
  ~SessionContext() = default;
};

}  // namespace holdfast::net
