#include "host/shard.h"

#include <algorithm>
#include <utility>

#include "storage/data_paths.h"
#include "storage/database.h"

namespace holdfast::host {
namespace {

using core::Event;
using core::EventKind;

// A cheap generator is enough: jitter only spreads retries.
double nextJitter(uint64_t& state) {
  state ^= state << 13U;
  state ^= state >> 7U;
  state ^= state << 17U;
  return static_cast<double>(state >> 11U) / 9007199254740992.0;
}

}  // namespace

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
    if (delivery.event.kind == EventKind::kSocketMessage) {
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

size_t Shard::roomForAlarms() const {
  return options_.alarmsRunningMax - std::min(options_.alarmsRunningMax, alarms_.running());
}

void Shard::takeAlarms() {
  std::vector<core::DueAlarm> due;
  alarms_.due(clock_->wallNow(), std::min(options_.alarmsPerTurn, roomForAlarms()), due);
  for (const core::DueAlarm& alarm : due) {
    const ActorHandle actor = actors_.open(alarm.actor, alarm.actorName);
    Event event;
    event.kind = EventKind::kAlarm;
    event.token = alarm.retryCount;
    event.at = alarm.scheduledAt;
    if (actors_.post(actor, std::move(event), clock_->steadyNow()) != core::PostResult::kQueued) {
      alarmCompleted(alarm.actor, core::AlarmOutcome::kUncounted, std::nullopt);
    }
  }
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

std::optional<int64_t> Shard::nextWakeMs() {
  std::optional<int64_t> wake = nextDueMs();
  if (const auto rest = stores_.nextRest()) {
    const int64_t wait = *rest - clock_->steadyNow();
    wake = wake ? std::min(*wake, wait) : wait;
  }
  if (wake) wake = std::max<int64_t>(*wake, 0);
  return wake;
}

std::optional<int64_t> Shard::nextDueMs() {
  std::optional<int64_t> due;
  if (const auto deadline = actors_.nextDeadline()) due = *deadline - clock_->steadyNow();
  // When there is no room, the completion that makes it comes as an event of its own.
  if (const auto alarm = roomForAlarms() == 0 ? std::nullopt : alarms_.nextDue()) {
    const int64_t wait = *alarm - clock_->wallNow();
    due = due ? std::min(*due, wait) : wait;
  }
  return due;
}

ActorHandle Shard::openActor(const ActorKey& key, const std::optional<std::string>& name) {
  return actors_.open(key, name);
}

core::PostResult Shard::post(ActorHandle actor, Event event) {
  return actors_.post(actor, std::move(event), clock_->steadyNow());
}

std::vector<uint32_t> Shard::breakActor(ActorHandle actor) {
  sockets_.settleSends();
  std::vector<uint32_t> tokens;
  const ActorKey* found = actors_.keyOf(actor);
  if (found == nullptr) return tokens;
  const ActorKey key = *found;
  outbox_.drop(actor);
  gate_.gone(actor);
  lost_.erase(actor);
  stores_.close(actor);
  sockets_.terminateAll(key);
  handBack(actors_.break_(actor), key, tokens);
  return tokens;
}

void Shard::restartActor(ActorHandle actor) {
  sockets_.settleSends();
  outbox_.drop(actor);
  gate_.gone(actor);
  lost_.erase(actor);
  stores_.close(actor);
  actors_.restart(actor);
}

void Shard::handBack(std::vector<Event> events, const ActorKey& key,
                     std::vector<uint32_t>& tokens) {
  for (const Event& event : events) {
    if (event.kind == EventKind::kCall) tokens.push_back(event.token);
    if (event.kind == EventKind::kAlarm)
      alarmCompleted(key, core::AlarmOutcome::kUncounted, std::nullopt);
  }
}

void Shard::evicted(ActorHandle actor) {
  sockets_.settleSends();
  stores_.close(actor);
  lost_.erase(actor);
  if (const ActorKey* key = actors_.keyOf(actor)) sockets_.registry().instanceEnded(ActorKey(*key));
  actors_.evicted(actor);
}

Result<storage::Database*> Shard::database(ActorHandle actor) {
  sockets_.settleSends();
  if (lost_.contains(actor)) return Status(Code::kIo, "an earlier write of the actor was lost");
  if (storage::Database* open = stores_.find(actor)) return open;
  const Result<storage::ObjectName> name = objectName(actor);
  if (!name.ok()) return name.status();
  return stores_.open(actor, name.value(), actors_.nameOf(actor));
}

Result<storage::ObjectName> Shard::objectName(ActorHandle actor) {
  const ActorKey* key = actors_.keyOf(actor);
  if (key == nullptr) return Status(Code::kNotFound, "the actor's instance is gone");
  return storage::ObjectName{namespaces_.at(key->ns).uniqueKey,
                             storage::idHexOf(key->id, key->facet)};
}

Result<storage::ObjectName> Shard::rootName(ActorHandle actor) {
  const ActorKey* key = actors_.keyOf(actor);
  if (key == nullptr) return Status(Code::kNotFound, "the actor's instance is gone");
  return storage::ObjectName{namespaces_.at(key->ns).uniqueKey, storage::idHexOf(key->id, 0)};
}

Status Shard::deleteFacets(ActorHandle actor, const std::vector<FacetNumber>& facets) {
  const Result<storage::ObjectName> root = rootName(actor);
  if (!root.ok()) return root.status();
  const Result<storage::Database*> own = database(actor);
  if (!own.ok()) return own.status();
  const ActorId id = actors_.keyOf(actor)->id;
  for (const FacetNumber facet : facets) {
    const Result<Lsn> lsn = deleteDatabase({root.value().uniqueKey, storage::idHexOf(id, facet)});
    if (!lsn.ok()) return lsn.status();
    stores_.dependOn(actor, lsn.value());
  }
  return {};
}

Status Shard::copyFacets(ActorHandle actor,
                         const std::vector<storage::FacetIndexes::Copy>& copies) {
  const Result<storage::ObjectName> root = rootName(actor);
  if (!root.ok()) return root.status();
  const Result<storage::Database*> own = database(actor);
  if (!own.ok()) return own.status();
  const ActorId id = actors_.keyOf(actor)->id;
  const std::string& uniqueKey = root.value().uniqueKey;
  for (const storage::FacetIndexes::Copy& copy : copies) {
    const Result<Lsn> lsn = engine_.copyObject({uniqueKey, storage::idHexOf(id, copy.from)},
                                               {uniqueKey, storage::idHexOf(id, copy.to)});
    if (!lsn.ok()) return lsn.status();
    stores_.dependOn(actor, lsn.value());
  }
  return {};
}

// 0: there is none.
Result<Lsn> Shard::deleteDatabase(const storage::ObjectName& name) {
  const Result<std::unique_ptr<storage::Database>> opened = engine_.openDatabase(name);
  if (!opened.ok()) return opened.status();
  storage::Database& database = *opened.value();
  Status emptied = database.deleteAll(storage::Database::AlarmFate::kDelete);
  if (!emptied.ok()) return emptied;
  return database.commit();
}

Status Shard::dropAlarm(const ActorKey& actor, TimestampMs at) {
  const Result<std::unique_ptr<storage::Database>> opened = engine_.openDatabase(
      {namespaces_.at(actor.ns).uniqueKey, storage::idHexOf(actor.id, actor.facet)});
  if (!opened.ok()) return opened.status();
  storage::Database& database = *opened.value();
  const Result<std::optional<TimestampMs>> stored = database.getAlarm();
  if (!stored.ok()) return stored.status();
  if (stored.value() != at) return {};
  Status dropped = database.setAlarm(std::nullopt);
  if (!dropped.ok()) return dropped;
  return database.commit().status();
}

std::optional<Lsn> Shard::committedLsn(ActorHandle actor) {
  if (stores_.hasUncommitted(actor)) return std::nullopt;
  return stores_.lastLsn(actor);
}

Status Shard::openTransaction(ActorHandle actor) {
  const Result<storage::Database*> opened = database(actor);
  if (!opened.ok()) return opened.status();
  committed_.clear();
  Status status = stores_.openTransaction(actor, committed_);
  settleCommitted();
  if (status.ok()) stores_.noteWrite(actor);
  return status;
}

bool Shard::closeSection(ActorHandle actor, core::SectionId section) {
  if (!actors_.closeSection(actor, section)) return false;
  sockets_.settleSends();
  committed_.clear();
  stores_.commitActor(actor, committed_);
  settleCommitted();
  return true;
}

core::Ticket Shard::gate(ActorHandle actor) {
  return ticket(actor, stores_.holdsOutputs(actor), stores_.confirmedLsn(actor));
}

std::optional<core::Ticket> Shard::firstLost(ActorHandle actor) const {
  if (lost_.contains(actor)) return core::Ticket{1};
  return gate_.firstUncommitted(actor);
}

core::Ticket Shard::syncTicket(ActorHandle actor) {
  return ticket(actor, stores_.hasUncommitted(actor), stores_.lastLsn(actor));
}

// What a lost actor has to say waits for a commit that never comes.
core::Ticket Shard::ticket(ActorHandle actor, bool uncommitted, Lsn lsn) {
  sockets_.settleSends();
  const bool isLost = lost_.contains(actor) || neverDurable(stores_.lastLsn(actor));
  const core::Ticket ticket = gate_.wait(actor, uncommitted || isLost, lsn);
  if (isLost && !uncommitted && !lost_.contains(actor)) lose(actor, *flushFailure_);
  return ticket;
}

core::AlarmVerdict Shard::alarmCompleted(const ActorKey& actor, core::AlarmOutcome outcome,
                                         std::optional<TimestampMs> reschedule) {
  // Before the run is over, so that the schedule keeps what it knows of the actor.
  if (reschedule) alarms_.reschedule(actor, *reschedule);
  const double jitter = held_.isHeld() ? 0 : nextJitter(jitterState_);
  return alarms_.completed(actor, outcome, clock_->wallNow(), jitter);
}

core::AlarmVerdict Shard::alarmOver(ActorHandle actor, core::AlarmOutcome outcome,
                                    std::optional<TimestampMs> reschedule) {
  const ActorKey* key = actors_.keyOf(actor);
  if (key == nullptr) return core::AlarmVerdict::kDone;
  const core::AlarmVerdict verdict = alarmCompleted(ActorKey(*key), outcome, reschedule);
  finished(actor);
  return verdict;
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
