// ShardSockets: the WebSockets of one shard: which connection belongs to which object, and where
// its events go.
//
// A socket of an object is in core::SocketRegistry (tags, attachment, auto-response), outlives the
// object's instances and reaches it through its mailbox. A socket of a Worker goes straight to
// JavaScript. A socket exists from open() on; the network connection is bound to it later, by
// bind(), when the handshake is answered; a socket whose other end is in this process is never
// bound: post() brings what that end sends.
//
// Closing: the peer's Close frame is one event (token kPeerAsked), the end of the connection
// another (kOver). A hibernatable socket gets one webSocketClose only: by the first of the two
// (spec S6.12.3-5). Back-pressure: inbound bytes are acknowledged to the server when they are
// delivered to JavaScript, not when they are queued. Thread: the shard's. Failure: a handle that is
// gone is ignored; an object too busy to take a message loses that connection.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "core/actor_system.h"
#include "core/hibernation.h"
#include "host/actor_stores.h"
#include "host/inbound.h"
#include "host/outbox.h"
#include "host/send_run.h"
#include "net/server.h"

namespace holdfast::host {

// Event::token of kSocketClose.
enum SocketCloseToken : uint32_t { kPeerAsked = 0, kOver = 1 };

class ShardSockets {
 public:
  ShardSockets(core::ActorSystem& actors, Outbox& outbox, ActorStores& stores)
      : actors_(actors), outbox_(outbox), stores_(stores) {}

  SocketHandle open() { return registry_.add(); }
  // The texts of S6.10.3 and S6.10.4.
  Status acceptHibernatable(SocketHandle socket, const ActorKey& actor,
                            const std::vector<std::string>& tags);
  Status acceptStandard(SocketHandle socket, const ActorKey& actor);
  // Answers the handshake: from here on the connection of `request` is this socket's other end.
  void bind(SocketHandle socket, RequestHandle request, std::string headers);

  // The message waits in sends() for others of its kind.
  void send(SocketHandle socket, Bytes payload, bool text);
  // Called before anything that comes after the sends: another output, a write or a commit of an
  // object, the end of one. Here and in Shard.
  void settleSends() {
    if (!sends_.empty()) settleRun();
  }
  SendRun& sends() { return sends_; }
  void close(SocketHandle socket, uint16_t code, std::string reason);
  // Cuts the connection: the peer sees 1006.
  void terminate(SocketHandle socket);
  // As terminate(), once what was sent before has left (spec S6.7.5).
  void hangUp(SocketHandle socket);
  // A Close frame with `code`, and nobody here knows the socket any more. It waits for no write
  // that is not committed yet: its object's instance is about to go.
  void dismiss(SocketHandle socket, uint16_t code);
  // The object has seen the socket's last event: it leaves getWebSockets() (S6.11.1). A connection
  // whose Close frame the object has not answered is cut when the instance breaks.
  void forget(SocketHandle socket);

  // Events of the network. True: taken care of; false: JavaScript must be told directly (a Worker's
  // socket).
  bool receive(SocketMessage& message, InstantMs now);
  bool end(SocketEnded& ended, InstantMs now);
  // The message was delivered to JavaScript.
  void consumed(SocketHandle socket, size_t bytes);

  // The object's instance is broken: its sockets are cut and forgotten (S6.15).
  void terminateAll(const ActorKey& actor);

  // 0: never (S6.13.4).
  TimestampMs autoResponseAt(SocketHandle socket);
  Status setAutoResponse(const ActorKey& actor, std::shared_ptr<const core::AutoResponsePair> pair);
  core::SocketRegistry& registry() { return registry_; }
  [[nodiscard]] size_t connected() const { return connections_.size(); }

 private:
  // A bound socket, from bind() until the server's last event.
  struct Connection {
    std::shared_ptr<net::SocketShared> shared;
    bool peerAsked = false;
  };

  // The object's current incarnation; kNoHandle for a Worker's socket.
  ActorHandle ownerOf(SocketHandle socket);
  void add(net::Command command, SocketHandle socket);
  void settleRun();
  void remove(SocketHandle socket);
  void post(SocketHandle socket, core::Event event, InstantMs now);

  core::ActorSystem& actors_;
  Outbox& outbox_;
  ActorStores& stores_;
  core::SocketRegistry registry_;
  SendRun sends_;
  std::unordered_map<SocketHandle, Connection> connections_;
  // Forgotten, not answered and not over: few, for the close time-out ends them.
  std::unordered_map<SocketHandle, ActorKey> unanswered_;
};

}  // namespace holdfast::host
