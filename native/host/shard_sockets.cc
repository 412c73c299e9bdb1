#include "host/shard_sockets.h"

#include <utility>

namespace holdfast::host {
namespace {

using core::Event;
using core::EventKind;
using net::Command;

constexpr const char* kDisconnected = "WebSocket disconnected without sending Close frame.";

Command command(Command::Kind kind, SocketHandle socket) {
  Command out;
  out.kind = kind;
  out.target = socket;
  return out;
}

std::shared_ptr<const net::AutoResponse> toNet(
    const std::shared_ptr<const core::AutoResponsePair>& pair) {
  if (!pair) return nullptr;
  return std::make_shared<const net::AutoResponse>(
      net::AutoResponse{pair->request, pair->response});
}

}  // namespace

Status ShardSockets::acceptHibernatable(SocketHandle socket, const ActorKey& actor,
                                        const std::vector<std::string>& tags) {
  settleSends();
  Status status = registry_.acceptHibernatable(socket, actor, tags);
  if (status.ok()) actors_.pin(actor);
  return status;
}

Status ShardSockets::acceptStandard(SocketHandle socket, const ActorKey& actor) {
  settleSends();
  return registry_.bindStandard(socket, actor);
}

void ShardSockets::bind(SocketHandle socket, RequestHandle request, std::string headers) {
  Connection connection;
  connection.shared = std::make_shared<net::SocketShared>();
  Command out = command(Command::Kind::kAcceptSocket, request);
  out.socket = socket;
  out.headers = std::move(headers);
  out.shared = connection.shared;
  if (registry_.modeOf(socket) == core::SocketMode::kHibernatable) {
    out.autoResponse = toNet(registry_.autoResponseOf(*registry_.actorOf(socket)));
  }
  connections_[socket] = std::move(connection);
  add(std::move(out), socket);
}

ActorHandle ShardSockets::ownerOf(SocketHandle socket) {
  const ActorKey* key = registry_.actorOf(socket);
  if (key == nullptr) return kNoHandle;
  return actors_.find(*key).value_or(kNoHandle);
}

// What leaves an object waits for what it wrote before (S2.6.2).
void ShardSockets::add(Command command, SocketHandle socket) {
  settleSends();
  const ActorHandle owner = ownerOf(socket);
  if (owner != kNoHandle && stores_.holdsOutputs(owner)) {
    outbox_.add(std::move(command), owner);
    return;
  }
  if (owner != kNoHandle) command.after = stores_.confirmedLsn(owner);
  outbox_.add(std::move(command), kNoHandle);
}

void ShardSockets::send(SocketHandle socket, Bytes payload, bool text) {
  if (sends_.isOf(payload, text) && sends_.add(socket)) return;
  settleSends();
  sends_.begin(std::move(payload), text);
  sends_.add(socket);
}

// A command for each stretch of sockets that depend on the same object.
void ShardSockets::settleRun() {
  const SendRun::Taken run = sends_.take();
  for (size_t i = 0; i < run.sockets.size();) {
    const SocketHandle first = run.sockets[i];
    const ActorKey* owner = registry_.actorOf(first);
    Command out = command(Command::Kind::kSocketSend, first);
    out.payload = run.payload;
    out.text = run.text;
    for (++i; i < run.sockets.size() && registry_.actorOf(run.sockets[i]) == owner; ++i) {
      out.others.push_back(run.sockets[i]);
    }
    add(std::move(out), first);
  }
}

void ShardSockets::close(SocketHandle socket, uint16_t code, std::string reason) {
  settleSends();
  Command out = command(Command::Kind::kSocketClose, socket);
  out.status = code;
  out.payload = Bytes(std::move(reason));
  registry_.setPhase(socket, core::SocketPhase::kClosing);
  unanswered_.erase(socket);
  add(std::move(out), socket);
}

void ShardSockets::terminate(SocketHandle socket) {
  settleSends();
  if (connections_.contains(socket))
    outbox_.add(command(Command::Kind::kSocketTerminate, socket), kNoHandle);
}

void ShardSockets::hangUp(SocketHandle socket) {
  settleSends();
  if (!connections_.contains(socket)) return;
  Command out = command(Command::Kind::kSocketTerminate, socket);
  out.last = true;
  outbox_.add(std::move(out), kNoHandle);
}

void ShardSockets::dismiss(SocketHandle socket, uint16_t code) {
  settleSends();
  if (connections_.contains(socket)) {
    Command out = command(Command::Kind::kSocketClose, socket);
    out.status = code;
    const ActorHandle owner = ownerOf(socket);
    if (owner != kNoHandle) out.after = stores_.confirmedLsn(owner);
    outbox_.add(std::move(out), kNoHandle);
  }
  remove(socket);
}

void ShardSockets::forget(SocketHandle socket) {
  const ActorKey* key = registry_.actorOf(socket);
  if (key != nullptr && connections_.contains(socket) &&
      registry_.phaseOf(socket) == core::SocketPhase::kOpen) {
    unanswered_.emplace(socket, *key);
  }
  remove(socket);
}

void ShardSockets::remove(SocketHandle socket) {
  settleSends();
  if (registry_.modeOf(socket) == core::SocketMode::kHibernatable)
    actors_.unpin(*registry_.actorOf(socket));
  registry_.remove(socket);
}

bool ShardSockets::receive(SocketMessage& message, InstantMs now) {
  const ActorKey* key = registry_.actorOf(message.socket);
  if (key == nullptr) {
    consumed(message.socket, message.message.size());
    return !registry_.contains(message.socket);  // forgotten: nobody is told
  }
  Event event;
  event.kind = EventKind::kSocketMessage;
  event.socket = message.socket;
  event.text = message.text;
  event.payload = std::move(message.message);
  post(message.socket, std::move(event), now);
  return true;
}

bool ShardSockets::end(SocketEnded& ended, InstantMs now) {
  const auto connection = connections_.find(ended.socket);
  const bool asked = connection != connections_.end() && connection->second.peerAsked;
  if (connection != connections_.end()) {
    if (ended.last) {
      connections_.erase(connection);
      unanswered_.erase(ended.socket);
    } else {
      connection->second.peerAsked = true;
    }
  }
  const std::optional<core::SocketMode> mode = registry_.modeOf(ended.socket);
  if (!mode) return true;
  if (mode == core::SocketMode::kUnbound) return false;
  if (asked && mode == core::SocketMode::kHibernatable) return true;  // webSocketClose was called
  Event event;
  event.kind = EventKind::kSocketClose;
  event.socket = ended.socket;
  event.code = ended.end.code;
  event.clean = ended.end.clean;
  event.finished = ended.end.finished;
  event.token = ended.last ? kOver : kPeerAsked;
  const bool vanished = !ended.end.clean && ended.end.code == 1006;
  event.payload = Bytes(vanished ? std::string(kDisconnected) : std::move(ended.end.reason));
  post(ended.socket, std::move(event), now);
  return true;
}

void ShardSockets::post(SocketHandle socket, Event event, InstantMs now) {
  const ActorKey* key = registry_.actorOf(socket);
  if (key == nullptr) return;
  event.socket = socket;
  const ActorHandle actor = actors_.open(*key, std::nullopt);
  if (actors_.post(actor, std::move(event), now) == core::PostResult::kOverloaded)
    terminate(socket);
}

void ShardSockets::consumed(SocketHandle socket, size_t bytes) {
  if (!connections_.contains(socket)) return;
  Command out = command(Command::Kind::kSocketConsumed, socket);
  out.count = bytes + net::kSocketMessageCost;
  outbox_.addLast(std::move(out));
}

void ShardSockets::terminateAll(const ActorKey& actor) {
  for (const SocketHandle socket : registry_.all(actor)) {
    terminate(socket);
    remove(socket);
  }
  for (const auto& [socket, owner] : unanswered_) {
    if (owner == actor) terminate(socket);
  }
  registry_.instanceEnded(actor);
}

TimestampMs ShardSockets::autoResponseAt(SocketHandle socket) {
  const auto connection = connections_.find(socket);
  return connection == connections_.end() ? 0 : connection->second.shared->autoResponseAtMs.load();
}

Status ShardSockets::setAutoResponse(const ActorKey& actor,
                                     std::shared_ptr<const core::AutoResponsePair> pair) {
  Status status = registry_.setAutoResponse(actor, pair);
  if (!status.ok()) return status;
  const std::shared_ptr<const net::AutoResponse> shared = toNet(pair);
  for (const SocketHandle socket : registry_.hibernatable(actor)) {
    if (!connections_.contains(socket)) continue;
    Command out = command(Command::Kind::kSocketAutoResponse, socket);
    out.autoResponse = shared;
    add(std::move(out), socket);
  }
  return status;
}

}  // namespace holdfast::host
