// The JavaScript side of ShardSimulation: what instances do with the events they are given.
#include <algorithm>
#include <utility>

#include "core/actor_id.h"
#include "host/shard_simulation.h"

namespace holdfast::host {

using core::AlarmOutcome;
using core::Event;
using core::EventKind;

void ShardSimulation::deliver(size_t node, const core::Delivery& delivery) {
  Shard& shard = *nodes_[node].shard;
  const ActorKey* key = shard.keyOf(delivery.actor);
  promises_.expect(key != nullptr, "delivered to an instance that is gone");
  if (key == nullptr) return;
  const uint32_t object = key->id.bytes[31];
  if (delivery.event.kind == EventKind::kStart) return construct(node, object, delivery.actor);
  const Instance& instance = instances_[object];
  promises_.expect(instance.handle == delivery.actor, "delivered to another incarnation");
  promises_.ran(object, instance.number);
  if (isOver()) return;
  if (!shard.database(delivery.actor).ok()) return;  // only when its failed commit was ignored
  Run run;
  run.object = object;
  run.instance = instance.number;
  switch (delivery.event.kind) {
    case EventKind::kEvict:
      ++coverage.evictions;
      dropRuns(instance.number);
      instances_.erase(object);
      promises_.evicted(object);
      shard.evicted(delivery.actor);
      return;
    case EventKind::kAlarm:
      return runAlarm(node, object, delivery.event);
    case EventKind::kTask:
      return runTask(object, delivery.event.token);
    case EventKind::kSocketMessage:
      receive(object, delivery.event);
      run.kind = Run::Kind::kEvent;
      break;
    default: {
      --waiting_[object];
      const auto call = calls_.extract(delivery.event.token);
      promises_.expect(!call.empty(), "a call was delivered twice");
      if (call.empty()) return;
      promises_.delivered(object, call.mapped().sender, call.mapped().sequence);
    }
  }
  run.script = ScriptWriter(choices_, settling_ ? Mood::kCalm : Mood::kWild).handler();
  startRun(node, std::move(run));
}

void ShardSimulation::construct(size_t node, uint32_t object, ActorHandle handle) {
  const uint32_t number = promises_.started(object);
  if (isOver()) return;
  Instance& instance = instances_[object];
  instance = {};
  instance.handle = handle;
  instance.node = node;
  instance.number = number;
  if (!settling_ && choices_.chance(3)) return break_(node, object);
  Run run;
  run.kind = Run::Kind::kConstructor;
  run.object = object;
  run.instance = number;
  run.script = ScriptWriter(choices_, Mood::kCalm).constructor();
  startRun(node, std::move(run));
  promises_.expect(nodes_[node].shard->started(handle), "started() was refused");
}

void ShardSimulation::runAlarm(size_t node, uint32_t object, const Event& event) {
  ++coverage.alarms;
  coverage.retries += event.token != 0 ? 1 : 0;
  promises_.alarmFired(object, event.at, latest_);
  Run run;
  run.kind = Run::Kind::kAlarm;
  run.object = object;
  run.instance = instances_[object].number;
  run.firedAt = event.at;
  const std::optional<TimestampMs> stored = database(run).getAlarm().value();
  if (!stored || *stored > now()) {  // S5.3.6
    ++coverage.cancelledAlarms;
    if (stored) promises_.alarmTold(*stored);
    promises_.alarmEnded(object, run.firedAt, false, now());
    Shard& shard = *nodes_[node].shard;
    shard.alarmCompleted(keyOf(object), AlarmOutcome::kCancelled, stored);
    promises_.expect(shard.finished(instances_[object].handle), "finished() was refused");
    return;
  }
  run.storedAt = *stored;
  promises_.alarmRan(*stored);
  run.script = ScriptWriter(choices_, settling_ ? Mood::kCalm : Mood::kWild).handler();
  if (!settling_ && choices_.chance(25)) run.script.push_back(Step::kThrow);
  startRun(node, std::move(run));
}

void ShardSimulation::startRun(size_t /*node*/, Run run) {
  const uint32_t number = ++tokens_;
  if (run.kind == Run::Kind::kAlarm) instances_[run.object].alarmRun = number;
  runs_[number] = std::move(run);
  go(number);
}

void ShardSimulation::go(uint32_t number) {
  auto found = runs_.find(number);
  if (found == runs_.end()) return;
  promises_.ran(found->second.object, found->second.instance);
  if (std::exchange(found->second.beginsTransaction, false)) {
    if (!beginTransaction(found->second)) return;
  }
  while (!isOver()) {
    Run& run = found->second;
    // Storage refuses an instance whose write is lost; it is ended next.
    if (!shardOf(run.object).database(instances_[run.object].handle).ok()) return;
    if (run.at == run.script.size()) return finish(number);
    const Step step = run.script[run.at++];
    if (!take(number, run, step)) return;
    found = runs_.find(number);
    if (found == runs_.end()) return;
  }
}

// False: the run goes on later, or never.
bool ShardSimulation::take(uint32_t number, Run& run, Step step) {
  const core::SectionId section = run.sections.empty() ? 0 : run.sections.back();
  const Await await{number, instances_[run.object].handle, nodeOf(run.object), section};
  switch (step) {
    case Step::kAwait:
      awaits_.push_back(await);
      return false;
    case Step::kAsk:
      output(run, Way::kJavaScript, 0, await);
      return false;
    case Step::kIncrement:
      write(run, stored(run));
      return true;
    case Step::kUnconfirmed:
      write(run, stored(run), true);
      return true;
    case Step::kRead:
      run.read = stored(run);
      return true;
    case Step::kWrite:
      write(run, std::move(run.read));
      return true;
    case Step::kEnter:
    case Step::kBegin:
      enter(number, run, step == Step::kBegin);
      return false;
    case Step::kCommit:
    case Step::kRollback:
      endTransaction(run, step);
      leave(number, run);
      return false;
    case Step::kLeave:
      leave(number, run);
      return false;
    case Step::kSend:
    case Step::kSendThrough:
      output(run, step == Step::kSend ? Way::kJavaScript : Way::kServer, 0);
      return true;
    case Step::kSetAlarm: {
      TimestampMs at = now() + choices_.between(0, 3'000);
      while (!alarmTimes_.insert(at).second) ++at;
      setAlarm(run, at);
      return true;
    }
    case Step::kDeleteAlarm:
      setAlarm(run, std::nullopt);
      return true;
    case Step::kBackground:
      background(run);
      return true;
    case Step::kAccept:
      accept(run);
      return true;
    case Step::kThrow:
      run.failed = true;
      return true;
    case Step::kAbort:
      break_(nodeOf(run.object), run.object);
      return false;
  }
  return false;
}

void ShardSimulation::enter(uint32_t number, Run& run, bool transaction) {
  const core::SectionId outer = run.sections.empty() ? 0 : run.sections.back();
  const ActorHandle handle = instances_[run.object].handle;
  const core::SectionId section = sabotage_ == ShardSabotage::kNoSection
                                      ? outer
                                      : shardOf(run.object).openSection(handle, outer);
  if (section == 0 && sabotage_ != ShardSabotage::kNoSection) {  // too deep: the callback throws
    ++coverage.deepest;
    return break_(nodeOf(run.object), run.object);
  }
  ++coverage.sections;
  run.sections.push_back(section);
  run.beginsTransaction = transaction;
  postTask(nodeOf(run.object), handle, number, section);
}

void ShardSimulation::leave(uint32_t number, Run& run) {
  const ActorHandle handle = instances_[run.object].handle;
  const core::SectionId section = run.sections.back();
  run.sections.pop_back();
  if (sabotage_ != ShardSabotage::kNoSection) {
    const bool closed = shardOf(run.object).closeSection(handle, section);
    promises_.expect(closed, "an open section could not be closed");
  }
  postTask(nodeOf(run.object), handle, number, run.sections.empty() ? 0 : run.sections.back());
}

// False: what was written before it is lost (S3.10.1), and the instance is ended next.
bool ShardSimulation::beginTransaction(Run& run) {
  const ActorHandle handle = instances_[run.object].handle;
  Shard& shard = shardOf(run.object);
  if (run.savepoints.empty()) run.before = stored(run);
  if (sabotage_ == ShardSabotage::kHoldInTransaction) {
    promises_.expect(database(run).savepoint().ok(), "no savepoint");
  } else if (!shard.openTransaction(handle).ok()) {
    promises_.expect(!shard.database(handle).ok(), "no transaction");
    return false;
  }
  run.savepoints.push_back(run.written.size());
  return true;
}

void ShardSimulation::endTransaction(Run& run, Step step) {
  const size_t from = run.savepoints.back();
  run.savepoints.pop_back();
  if (step == Step::kCommit) {
    promises_.expect(database(run).releaseSavepoint().ok(), "no savepoint");
    shardOf(run.object).noteRelease(instances_[run.object].handle);
    return;
  }
  ++coverage.rollbacks;
  promises_.expect(database(run).rollbackToSavepoint().ok(), "no savepoint");
  shardOf(run.object).noteRollback(instances_[run.object].handle);
  const auto first = run.written.begin() + static_cast<ptrdiff_t>(from);
  promises_.rolledBack({first, run.written.end()});
  run.written.erase(first, run.written.end());
}

storage::Database& ShardSimulation::database(const Run& run) {
  return *shardOf(run.object).database(instances_[run.object].handle).value();
}

std::vector<Stamp> ShardSimulation::stored(const Run& run) {
  return decodeStamps(*database(run).get("").value());
}

void ShardSimulation::write(Run& run, std::vector<Stamp> stored, bool unconfirmed) {
  stored.push_back(++stamps_);
  run.written.push_back(stamps_);
  if (unconfirmed) promises_.unconfirmed(stamps_);
  Shard& shard = shardOf(run.object);
  const ActorHandle handle = instances_[run.object].handle;
  storage::Database& db = database(run);
  if (unconfirmed || sabotage_ == ShardSabotage::kConfirmNothing) shard.beginUnconfirmed(handle);
  promises_.expect(db.put("", encodeStamps(stored)).ok(), "put() failed");
  shard.noteWrite(handle);
  shard.endUnconfirmed(handle);
}

void ShardSimulation::setAlarm(Run& run, std::optional<TimestampMs> at) {
  storage::Database& db = database(run);
  if (const auto before = db.getAlarm().value()) promises_.alarmReplaced(*before);
  Shard& shard = shardOf(run.object);
  const ActorHandle handle = instances_[run.object].handle;
  if (choices_.chance(20)) shard.beginUnconfirmed(handle);
  promises_.expect(db.setAlarm(at).ok(), "setAlarm() failed");
  shard.noteAlarm(handle);
  shard.endUnconfirmed(handle);
}

void ShardSimulation::background(Run& run) {
  promises_.expect(shardOf(run.object).hold(instances_[run.object].handle), "hold() was refused");
  Run work;
  work.kind = Run::Kind::kBackground;
  work.object = run.object;
  work.instance = run.instance;
  work.script = ScriptWriter(choices_, Mood::kCalm).background();
  startRun(nodeOf(run.object), std::move(work));
}

void ShardSimulation::accept(const Run& run) {
  std::vector<Socket>& sockets = sockets_[run.object];
  if (sockets.size() == 3) return;
  ShardSockets& registry = shardOf(run.object).sockets();
  const SocketHandle socket = registry.open();
  promises_.expect(registry.acceptHibernatable(socket, keyOf(run.object), {}).ok(), "no socket");
  sockets.push_back({socket, 0, 0});
}

void ShardSimulation::receive(uint32_t object, const Event& event) {
  ++coverage.socketMessages;
  --inboxed_[object];
  std::vector<Socket>& sockets = sockets_[object];
  const auto found = std::find_if(sockets.begin(), sockets.end(), [&event](const Socket& socket) {
    return socket.handle == event.socket;
  });
  promises_.expect(found != sockets.end(), "a message of a socket that was cut");
  if (found == sockets.end()) return;
  const auto number = static_cast<uint32_t>(std::stoul(std::string(event.payload.view())));
  promises_.expect(number > found->received, "messages of one socket out of order");
  found->received = number;
}

}  // namespace holdfast::host
