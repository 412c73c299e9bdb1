// Server: HTTP/1.1 (RFC 9112) and WebSocket (RFC 6455) on threads of its own.
//
// What comes in is handed to an EventSink as values; what goes out arrives as a batch of Commands.
// The server knows nothing of actors or JavaScript. Requests and sockets are named by handles; a
// command for a handle that is gone is dropped silently (the peer may vanish at any time), and each
// handle's last event tells the host to forget it.
//
// Durability: each output carries the LSN it depends on. An output leaves only when durable(lsn)
// was announced; outputs of one request or socket keep their order, so a later one never passes an
// earlier one (spec S2.6.4). While an output waits, nothing but that one connection waits with it.
//
// Order within a request: onRequest, then onBody* until one is `last`, then onRequestDone exactly
// once (after the response was written, or the peer vanished, or the server gave up). After an
// upgrade the request ends with onRequestDone and the socket's events follow: onSocketMessage*,
// then exactly one onSocketClosed.
//
// Back-pressure: a request body is read only as far as credit allows (Limits::bodyWindowBytes at
// the start, then Command::kReadMore). A streamed response reports onWritable for bytes that left.
// A socket stops reading while more than Limits::socketInboundBytesMax of its messages were not
// acknowledged by Command::kSocketConsumed; its outbound queue is bounded by
// Limits::socketOutboundBytesMax, beyond which the connection is dropped (onSocketClosed 1006).
//
// Threads: methods of Server are called on the host's thread (any, one at a time) except post(),
// which is thread-safe. EventSink methods are called on an I/O thread; they must only queue. Owner:
// host. Failure: listen() reports; a broken connection is an event; nothing throws.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"
#include "sys/socket_calls.h"

namespace holdfast::net {

// Every limit and time-out of the server, in one place (docs/limits.md lists them). Times in
// milliseconds.
struct Limits {
  uint32_t connectionsMax = 65'536;
  uint32_t connectionsPerAddressMax = 0;  // of one peer; a further one is closed. 0 = no limit
  uint32_t headerBytesMax = 65'536;       // request line and headers; else 431
  uint32_t headerFieldsMax = 256;         // headers of a request, and its trailers; else 431
  uint32_t pipelinedRequestsMax = 16;     // parsed ahead of the response being written
  uint64_t bodyBytesMax = 100ULL << 20U;  // request body; else 413
  uint32_t bodyWindowBytes = 262'144;     // unread request body held for one request
  uint32_t inlineBodyBytesMax =
      65'536;  // a body that is complete with its head and no longer travels in onRequest
  uint32_t responseQueueBytesMax =
      1U << 20U;  // streamed response not yet sent: kWritable tells when below
  uint32_t headerTimeoutMs =
      30'000;  // first byte of a request until its head is complete; else 408
  uint32_t bodyIdleTimeoutMs = 60'000;  // between two pieces of a request body while we are reading
  uint32_t bodyBytesPerSecondMin = 0;   // of a request body while we are reading; else 408. 0: none
  uint32_t writeBytesPerSecondMin = 0;  // taken by a peer that keeps us waiting. 0: none
  uint32_t rateGraceMs = 5'000;         // before either rate is asked for
  uint32_t keepAliveTimeoutMs = 75'000;         // idle between requests
  uint32_t writeIdleTimeoutMs = 60'000;         // a peer that takes no byte for so long is dropped
  uint32_t drainTimeoutMs = 10'000;             // graceful stop: then connections are cut
  uint32_t socketMessageBytesMax = 32U << 20U;  // else 1009
  uint32_t socketInboundBytesMax = 1U << 20U;   // unconsumed; at least one message always passes
  uint32_t socketOutboundBytesMax = 64U << 20U;
  uint32_t socketPingIntervalMs =
      30'000;  // an idle peer is pinged; two unanswered pings drop it. 0 = never
  uint32_t tlsHandshakeTimeoutMs = 10'000;  // kept by who takes TLS off (lib/http/tls-listener.js)
  uint32_t lingerTimeoutMs =
      2'000;  // after our last byte, for the peer to end its side; then it is cut
  uint32_t closeHandshakeTimeoutMs =
      10'000;  // after both or one Close until the TCP connection is cut
};

struct RequestHead {
  RequestHandle request = kNoHandle;
  std::string method;  // as sent
  std::string target;  // as sent, e.g. "/a?b"; absolute-form is passed on as it is
  std::string host;    // Host header, may be empty
  // "name\0value\0name\0value\0", names in lower case, order and duplicates as received.
  std::string headers;
  std::string remoteAddress;  // without port; empty: not known (a Unix-domain socket)
  bool secure = false;        // it came through TLS
  Bytes body;                 // the whole body when bodyComplete
  bool bodyComplete = true;
  bool framed = false;  // the head says that there is a body, be it empty (RFC 9112, section 6.3)
  bool upgradeWebSocket =
      false;  // a valid RFC 6455 opening handshake; may be answered with kAcceptSocket
};

// How a socket ended, or what the peer asked for.
struct SocketEnd {
  uint16_t code = 1006;  // 1005 when the Close frame had no code
  std::string reason;
  bool clean = false;  // a Close frame was received
  bool finished =
      false;  // none was, but the peer ended its side in an orderly way (a FIN, no reset)
};

class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void onRequest(RequestHead head) = 0;
  // `failed`: the peer vanished or broke the protocol in the middle of the body; the body ends here
  // with an error.
  virtual void onBody(RequestHandle request, Bytes chunk, bool last, bool failed) = 0;
  // `bytes` of the streamed response left since the last call and the queue is below the limit.
  virtual void onWritable(RequestHandle request, uint64_t bytes) = 0;
  // The handle is dead after this. `complete`: the whole response was written (or the upgrade was).
  virtual void onRequestDone(RequestHandle request, bool complete) = 0;
  virtual void onSocketMessage(SocketHandle socket, Bytes message, bool text) = 0;
  // The peer sent a Close frame first; the socket can still send until kSocketClose answers it
  // (spec S6.6).
  virtual void onSocketPeerClose(SocketHandle socket, SocketEnd end) = 0;
  // The last event of a socket: both Close frames passed, or the connection is gone. When the
  // peer's Close frame answered ours, `end` holds its code and reason.
  virtual void onSocketClosed(SocketHandle socket, SocketEnd end) = 0;
  // All connections are gone after drain().
  virtual void onDrained() = 0;
  // For whoever runs the server: accepting pauses for want of descriptors.
  virtual void onNotice(std::string text) = 0;
  // An I/O thread has told what it had to tell for now: the moment to wake somebody for it.
  virtual void onBatchEnd() = 0;
};

// What the host may read about a socket from its own thread while the I/O thread works on it.
struct SocketShared {
  std::atomic<int64_t> autoResponseAtMs{
      0};  // wall clock of the last automatic answer; 0 = never (S6.13.4)
  std::atomic<uint64_t> outboundBytes{0};  // queued and not yet written
};

struct AutoResponse {  // S6.13
  std::string request;
  std::string response;
};

// What an inbound message counts besides its bytes, so that many tiny ones are bounded, too.
constexpr uint64_t kSocketMessageCost = 64;

struct Command {
  enum class Kind : uint8_t {
    kRespond,  // status, headers, payload; `last`: payload is the whole body (Content-Length is set
               // by the server)
    kBody,     // payload; `last` ends the streamed response
    kAbortResponse,  // the body failed: cut the connection, so that the peer sees it is incomplete
    kReadMore,       // count more bytes of the request body may be read; 0: it is wanted
    kAcceptSocket,   // answer the upgrade with 101 and `headers`; from here `socket` names the
                     // connection
    kSocketSend,     // payload, text
    kSocketClose,    // code (1005: Close frame without a code), reason in payload
    kSocketTerminate,     // cut the connection without a Close frame (S1.14.4); `last`: once what
                          // was sent before has left (S6.7.5)
    kSocketConsumed,      // count: bytes of messages consumed, plus kSocketMessageCost each
    kSocketAutoResponse,  // autoResponse (may be null) applies to `socket` from here on
  };

  Kind kind = Kind::kRespond;
  bool last = false;
  bool text = false;
  uint16_t status = 0;               // HTTP status or close code
  Handle target = kNoHandle;         // request or socket
  SocketHandle socket = kNoHandle;   // kAcceptSocket: the host's name for the new socket
  Lsn after = 0;                     // leave only when durable
  std::vector<SocketHandle> others;  // kSocketSend: they get the message, too
  uint64_t count = 0;
  // "Name: value\r\n..." ready for the wire; the host has validated names and values. The server
  // adds Content-Length or Transfer-Encoding, Connection and Date; for kAcceptSocket the Upgrade,
  // Connection, Sec-WebSocket-Accept and -Extensions, and passes none of these on.
  std::string headers;
  std::string reason;  // kRespond: follows the status; validated like headers; empty: the usual one
  Bytes payload;
  std::shared_ptr<SocketShared> shared;              // kAcceptSocket
  std::shared_ptr<const AutoResponse> autoResponse;  // kAcceptSocket, kSocketAutoResponse
};

struct ServerOptions {
  Limits limits;
  uint32_t threads = 1;      // I/O threads; a connection stays on the thread that accepted it
  bool compression = false;  // negotiate permessage-deflate when the peer offers it (S6.9.2)
  sys::SocketCalls::Mode socketCalls = sys::SocketCalls::Mode::kBatched;
};

// Where to listen: a path, or a host and a port.
struct ListenAddress {
  std::string host;
  uint16_t port = 0;       // 0 picks a free one
  bool reusePort = false;  // SO_REUSEPORT: other processes may listen there, too
  // A Unix-domain socket. One that nobody listens on any more is replaced; the file goes with the
  // server.
  std::string path;
};

// A connection that was accepted elsewhere.
struct TakenConnection {
  int fd = -1;
  std::string remoteAddress;  // may be empty
  bool secure = false;
  std::string input;  // bytes that were read from it already
};

class Server {
 public:
  // Starts the I/O threads; they idle until listen(). `sink` outlives the server.
  static std::unique_ptr<Server> create(ServerOptions options, EventSink& sink);
  virtual ~Server() = default;  // cuts every connection and joins the threads

  // Binds and accepts. Returns the port; 0 for a path. May be called several times.
  virtual Result<uint16_t> listen(const ListenAddress& address) = 0;
  // Takes over a connection that somebody else has accepted; owns its descriptor from here on, also
  // when it fails. The peer speaks HTTP, beginning with `taken.input`.
  virtual Status adopt(TakenConnection taken) = 0;
  // Thread-safe. Wakes each I/O thread concerned at most once per call. Commands of one handle keep
  // their order.
  virtual void post(std::vector<Command>&& commands) = 0;
  // Thread-safe. Everything up to `lsn` is durable: releases what waited for it.
  virtual void announceDurable(Lsn lsn) = 0;
  // Any thread. Connections that are open, and those accepted since the start.
  struct Counts {
    uint64_t connections = 0;
    uint64_t accepted = 0;
  };
  [[nodiscard]] virtual Counts counts() const = 0;
  // Stops accepting, finishes requests under way (Connection: close), closes sockets with 1001 and,
  // after Limits::drainTimeoutMs, cuts what is left; then onDrained.
  virtual void drain() = 0;
};

}  // namespace holdfast::net
