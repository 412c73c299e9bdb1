#include "host/shard.h"

#include <algorithm>
#include <utility>

namespace holdfast::host {

Shard::Shard(ShardOptions options, storage::Engine& engine, net::Server& server,
             const NamespaceTable& namespaces, const sys::Clock& clock)
    : options_(options),
      engine_(engine),
      server_(server),
      namespaces_(namespaces),
      clock_(&clock),
      actors_(options.actors),
      stores_(engine, options.stores),
      alarms_(engine, namespaces, options.alarms),
      sockets_(actors_, outbox_, stores_) {}

Status Shard::start() {
  // What was durable before this process began is durable now: Lsns go on where they stopped.
  std::vector<core::Ticket> none;
  gate_.durable(engine_.durableLsn(), none);
  server_.announceDurable(engine_.durableLsn());
  return alarms_.load();
}

void Shard::collect(Turn& turn) {
  sockets_.settleSends();
  turn.clear();
  stores_.restUnused(clock_->steadyNow());
  // What this thread raised comes without deliveries: an event for an actor whose commit failed
  // would be lost with its instance.
  const bool raised = !local_.empty();
  for (TurnEvent& event : local_) turn.events.push_back(std::move(event));
  local_.clear();
  takeInbound(turn);
  if (raised) return;
  takeAlarms();
  actors_.tick(clock_->steadyNow());
  deliveries_.clear();
  actors_.takeTurn(options_.eventsPerTurn, deliveries_);
  for (core::Delivery& delivery : deliveries_) {
    if (delivery.event.kind == core::EventKind::kSocketMessage) {
      sockets_.consumed(delivery.event.socket, delivery.event.payload.size());
    }
    turn.events.emplace_back(std::move(delivery));
  }
  if (!turn.empty()) ++metrics_.turns;
  metrics_.events += turn.events.size();
}

void Shard::takeInbound(Turn& turn) {
  inbox_.takeAll(taken_);
  const InstantMs now = clock_->steadyNow();  // one look for all
  for (Inbound& event : taken_) dispatch(std::move(event), turn, now);
  clearBurst(taken_);
}

void Shard::dispatch(Inbound event, Turn& turn, InstantMs now) {
  if (auto* reached = std::get_if<DurableReached>(&event)) {
    announceDurable(reached->lsn, turn);
    return;
  }
  if (auto* read = std::get_if<AlarmsRead>(&event)) return alarms_.loaded(std::move(read->page));
  if (auto* failed = std::get_if<FlushFailed>(&event)) flushFailure_ = failed->message;
  if (auto* message = std::get_if<SocketMessage>(&event)) {
    if (sockets_.receive(*message, now)) return;
    turn.events.emplace_back(std::move(*message));
    return;
  }
  if (auto* ended = std::get_if<SocketEnded>(&event)) {
    if (sockets_.end(*ended, now)) return;
    turn.events.emplace_back(std::move(*ended));
    return;
  }
  std::visit(
      [&turn](auto&& value) {
        using Value = std::decay_t<decltype(value)>;
        if constexpr (std::is_constructible_v<TurnEvent, Value>)
          turn.events.emplace_back(std::forward<decltype(value)>(value));
      },
      std::move(event));
}

void Shard::announceDurable(Lsn lsn, Turn& turn) {
  openGate(lsn, turn.events);
  alarms_.durable(lsn);
  noteDurable(lsn);
}

void Shard::noteDurable(Lsn lsn) {
  ++metrics_.flushes;
  const InstantMs now = clock_->steadyNow();
  while (!undurable_.empty() && undurable_.front().first <= lsn) {
    metrics_.commitWaitMs += static_cast<uint64_t>(now - undurable_.front().second);
    ++metrics_.commitWaits;
    undurable_.pop_front();
  }
}

ShardMetrics Shard::metrics() {
  ShardMetrics out = metrics_;
  out.gatesWaiting = gate_.waiting();
  out.alarmsHeld = alarms_.held();
  out.alarmsRunning = alarms_.running();
  out.sockets = sockets_.registry().size();
  out.socketsConnected = sockets_.connected();
  out.socketsStandard = sockets_.registry().standard();
  out.socketsHibernatable = sockets_.registry().hibernatable();
  out.socketsHibernated = actors_.pinsAsleep();
  return out;
}

void Shard::openGate(Lsn lsn, std::vector<TurnEvent>& events) {
  std::vector<core::Ticket> opened;
  gate_.durable(lsn, opened);
  for (const core::Ticket ticket : opened) events.emplace_back(GateOpened{ticket});
}

void Shard::endTurn() {
  sockets_.settleSends();
  committed_.clear();
  stores_.commitTurn(committed_);
  settleCommitted();
  std::vector<net::Command> commands = outbox_.take();
  if (!commands.empty()) server_.post(std::move(commands));
}

void Shard::settleCommitted() {
  Lsn last = 0;
  for (const ActorStores::Committed& committed : committed_) {
    settle(committed);
    metrics_.commitsFailed += committed.status.ok() ? 0 : 1;
    if (!committed.status.ok() || committed.lsn <= gate_.durableLsn()) continue;
    ++metrics_.commits;
    last = std::max(last, committed.lsn);
  }
  if (last > 0) undurable_.emplace_back(last, clock_->steadyNow());
}

void Shard::settle(const ActorStores::Committed& committed) {
  if (!committed.status.ok()) {
    lose(committed.actor, committed.status.message());
    return;
  }
  if (neverDurable(committed.lsn)) {
    lose(committed.actor, *flushFailure_);
    return;
  }
  outbox_.stamp(committed.actor, committed.lsn);
  gate_.committed(committed.actor, committed.lsn);
  if (committed.lsn <= gate_.durableLsn())
    openGate(gate_.durableLsn(), local_);  // it changed nothing: no flush follows
  if (!committed.alarmChanged) return;
  const ActorKey* key = actors_.keyOf(committed.actor);
  if (key == nullptr) return;
  alarms_.committed(*key, actors_.nameOf(committed.actor), committed.alarm, committed.lsn);
}

void Shard::lose(ActorHandle actor, std::string why) {
  outbox_.drop(actor);
  gate_.failed(actor);
  lost_.insert(actor);
  local_.emplace_back(CommitFailed{actor, std::move(why)});
}

void Shard::send(net::Command command, ActorHandle actor) {
  sockets_.settleSends();
  if (lost_.contains(actor)) return;
  if (actor != kNoHandle && stores_.holdsOutputs(actor)) {
    outbox_.add(std::move(command), actor);
    return;
  }
  if (actor != kNoHandle) {
    if (neverDurable(stores_.lastLsn(actor))) {
      lose(actor, *flushFailure_);
      return;
    }
    command.after = stores_.confirmedLsn(actor);
  }
  outbox_.add(std::move(command), kNoHandle);
}

}  // namespace holdfast::host
