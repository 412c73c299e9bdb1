#include "host/shard_simulation.h"

#include <algorithm>
#include <utility>

#include "core/actor_id.h"

namespace holdfast::host {

namespace {

bool isCall(const TurnEvent& event) {
  const auto* delivery = std::get_if<core::Delivery>(&event);
  return delivery != nullptr && delivery->event.kind == core::EventKind::kCall;
}

}  // namespace

void ShardCoverage::add(const ShardCoverage& other) {
  answers += other.answers;
  heldOutputs += other.heldOutputs;
  unconfirmedOutputs += other.unconfirmedOutputs;
  sections += other.sections;
  deepest += other.deepest;
  rollbacks += other.rollbacks;
  overloads += other.overloads;
  breaks += other.breaks;
  evictions += other.evictions;
  failedCommits += other.failedCommits;
  failedFlushes += other.failedFlushes;
  crashes += other.crashes;
  alarms += other.alarms;
  retries += other.retries;
  cancelledAlarms += other.cancelledAlarms;
  alarmReads += other.alarmReads;
  socketMessages += other.socketMessages;
  staleContinuations += other.staleContinuations;
}

void ShardSimulation::Server::post(std::vector<net::Command>&& commands) {
  for (net::Command& command : commands) {
    const std::vector<SocketHandle> others = std::exchange(command.others, {});
    waiting.push_back(command);
    for (const SocketHandle other : others) {
      command.target = other;
      waiting.push_back(command);
    }
  }
}

std::string ShardSimulation::run() {
  for (uint32_t i = 0; i < steps_ && !isOver(); ++i) {
    step();
    if (alarmChoices_.chance(20)) answerAlarms(alarmChoices_.pick(kShards));
  }
  if (!isOver()) settle();
  return promises_.breach();
}

void ShardSimulation::step() {
  const size_t node = choices_.pick(kShards);
  const uint32_t what = choices_.pick(100);
  if (what < 22) return call();
  if (what < 48) return turn(node);
  if (what < 68 && !awaits_.empty()) {
    return endAwait(choices_.pick(static_cast<uint32_t>(awaits_.size())));
  }
  if (what < 76) return flush(node);
  if (what < 84) return announce(node);
  if (what < 90) return moveClock();
  if (what < 94) return sendMessage();
  if (what < 96) return evictFromOutside();
  if (what < 97) return abortFromOutside();
  if (what < 98) return nodes_[node].engine->failNextCommit();
  if (what < 99 && choices_.chance(20)) return failFlush(node);
  if (what == 99 && choices_.chance(40)) return crash();
  turn(node);
}

size_t ShardSimulation::nodeOf(uint32_t object) const {
  const auto instance = instances_.find(object);
  return instance == instances_.end() ? router_.shardOf(keyOf(object)) : instance->second.node;
}

ActorKey ShardSimulation::keyOf(uint32_t object) const {
  ActorKey key;
  key.id.bytes[0] = static_cast<uint8_t>(object);
  key.id.bytes[31] = static_cast<uint8_t>(object);
  return key;
}

void ShardSimulation::call() {
  // One object is hot: its mailbox comes to its bound.
  const uint32_t object = choices_.chance(40) ? 0 : choices_.pick(kObjects);
  const uint32_t sender = choices_.pick(kSenders);
  size_t node = router_.shardOf(keyOf(object));
  if (sabotage_ == ShardSabotage::kMisrouteCalls && choices_.chance(20)) node = 1 - node;
  Shard& shard = *nodes_[node].shard;
  core::Event event;
  event.token = ++tokens_;
  const Call call{object, sender, ++sequences_[sender]};
  const core::PostResult result =
      shard.post(shard.openActor(keyOf(object), std::nullopt), std::move(event));
  const bool taken = result == core::PostResult::kQueued;
  // An alarm may wait there too.
  promises_.posted(taken, waiting_[object], inboxed_[object] + 1);
  coverage.overloads += taken ? 0 : 1;
  if (!taken) return;
  calls_[tokens_] = call;
  ++waiting_[object];
}

void ShardSimulation::turn(size_t number) {
  Node& node = nodes_[number];
  ++node.turns;
  node.shard->collect(node.turn);
  for (const TimestampMs at : std::exchange(node.announcedAlarms, {})) promises_.alarmTold(at);
  spoil(node);
  const auto isDelivery = [](const TurnEvent& event) {
    return std::holds_alternative<core::Delivery>(event);
  };
  const std::vector<TurnEvent> events = std::move(node.turn.events);
  promises_.turned(static_cast<size_t>(std::count_if(events.begin(), events.end(), isDelivery)));
  for (const TurnEvent& event : events) {
    if (!isOver()) tell(number, event);
  }
  if (isOver()) return;
  node.shard->endTurn();
  release(node);
}

void ShardSimulation::tell(size_t number, const TurnEvent& event) {
  Node& node = nodes_[number];
  if (const auto* delivery = std::get_if<core::Delivery>(&event)) {
    deliver(number, *delivery);
    if (sabotage_ == ShardSabotage::kAlarmTwice &&
        delivery->event.kind == core::EventKind::kAlarm) {
      deliver(number, *delivery);
    }
  } else if (const auto* opened = std::get_if<GateOpened>(&event)) {
    const auto held = node.held.extract(opened->ticket);
    if (!held.empty()) return left(held.mapped());
    const auto outlived = node.outlived.extract(opened->ticket);
    if (!outlived.empty())
      return promises_.leftServer(outlived.mapped().object, outlived.mapped().sent);
    // What opened before the instance ended may be told after it, in the next turn.
    const auto dead = node.dead.find(opened->ticket);
    promises_.expect(dead != node.dead.end() && node.turns <= dead->second + 1,
                     "the gate of an ended instance opened");
  } else if (const auto* failed = std::get_if<CommitFailed>(&event)) {
    ++coverage.failedCommits;
    const ActorKey* key = node.shard->keyOf(failed->actor);
    if (key == nullptr || sabotage_ == ShardSabotage::kIgnoreFailedCommit) return;
    const uint32_t object = key->id.bytes[31];
    if (instances_.contains(object)) break_(number, object);
  }
}

void ShardSimulation::spoil(Node& node) {
  std::vector<TurnEvent>& events = node.turn.events;
  if (sabotage_ == ShardSabotage::kLoseDelivery && choices_.chance(10)) {
    const auto call = std::find_if(events.begin(), events.end(), isCall);
    if (call != events.end()) events.erase(call);
  }
  if (sabotage_ != ShardSabotage::kSwapDeliveries || calls_.size() < 2) return;
  for (auto one = calls_.begin(); std::next(one) != calls_.end(); ++one) {
    Call& other = std::next(one)->second;
    if (one->second.object == other.object && one->second.sender == other.sender) {
      std::swap(one->second, other);
      return;
    }
  }
}

void ShardSimulation::flush(size_t number) {
  Node& node = nodes_[number];
  if (node.flushFailed) return;
  const Lsn from = node.engine->durableLsn();
  const auto waiting = static_cast<uint32_t>(node.engine->committedLsn() - from);
  if (sabotage_ == ShardSabotage::kLoseRecord) node.engine->dropNextFlush = choices_.chance(20);
  node.engine->flush(from + (waiting == 0 ? 0 : choices_.between(1, waiting)));
}

void ShardSimulation::announce(size_t number) {
  Node& node = nodes_[number];
  node.announced = sabotage_ == ShardSabotage::kAnnounceEarly ? node.engine->committedLsn()
                                                              : node.engine->durableLsn();
  static_cast<void>(node.shard->push(DurableReached{node.announced}));
  std::vector<TimestampMs>& onTheirWay = node.announcedAlarms;
  onTheirWay.insert(onTheirWay.end(), node.flushedAlarms.begin(), node.flushedAlarms.end());
  node.flushedAlarms.clear();
  release(node);
}

// The index answers what a shard has asked.
void ShardSimulation::answerAlarms(size_t number) {
  Node& node = nodes_[number];
  node.engine->loseAnAlarm = sabotage_ == ShardSabotage::kLoseAlarmOfRead;
  std::optional<storage::AlarmPage> page = node.engine->answer();
  if (!page) return;
  ++coverage.alarmReads;
  static_cast<void>(node.shard->push(AlarmsRead{std::move(*page)}));
}

// What the server holds leaves in the order in which it came, as far as the device is.
void ShardSimulation::release(Node& node) {
  std::vector<net::Command> kept;
  for (net::Command& command : std::exchange(node.server.waiting, {})) {
    if (command.payload.empty()) continue;  // of a socket: not an output that is followed
    if (command.after > node.announced) {
      kept.push_back(std::move(command));
      continue;
    }
    const auto token = static_cast<uint32_t>(std::stoul(std::string(command.payload.view())));
    const auto output = through_.extract(token);
    promises_.expect(!output.empty(), "an output left twice");
    // It left its instance when it was given to the server, which knows of no reset.
    if (!output.empty()) promises_.leftServer(output.mapped().object, output.mapped().sent);
  }
  node.server.waiting = std::move(kept);
}

void ShardSimulation::moveClock() {
  clock_.advance(choices_.between(0, 40));
  if (choices_.chance(10)) clock_.wall += choices_.between(0, 3'000);  // ahead
  if (choices_.chance(5)) clock_.wall -= choices_.between(0, 500);     // back
  latest_ = std::max(latest_, now());
}

void ShardSimulation::endAwait(size_t place) {
  const Await await = awaits_[place];
  awaits_.erase(awaits_.begin() + static_cast<ptrdiff_t>(place));
  Shard& shard = *nodes_[await.node].shard;
  if (sabotage_ == ShardSabotage::kKeepInstanceOnBreak && !shard.isOpenFor(await.handle, 0)) {
    if (shard.keyOf(await.handle) == nullptr) return go(await.run);
  }
  // A turn that Node starts: at once when the gate lets it, else as an event.
  if (choices_.chance(50) && shard.isOpenFor(await.handle, await.section)) {
    promises_.expect(runs_.contains(await.run), "the gate is open for an ended instance");
    go(await.run);
    if (isOver()) return;
    shard.endTurn();
    return release(nodes_[await.node]);
  }
  postTask(await.node, await.handle, await.run, await.section);
}

void ShardSimulation::sendMessage() {
  if (sockets_.empty()) return;
  auto object = sockets_.begin();
  std::advance(object, choices_.pick(static_cast<uint32_t>(sockets_.size())));
  std::vector<Socket>& sockets = object->second;
  if (sockets.empty()) return;
  Socket& socket = sockets[choices_.pick(static_cast<uint32_t>(sockets.size()))];
  ++inboxed_[object->first];
  const Bytes text(std::to_string(++socket.sent));
  static_cast<void>(shardOf(object->first).push(SocketMessage{socket.handle, text, true}));
}

void ShardSimulation::abortFromOutside() {
  if (instances_.empty()) return;
  auto instance = instances_.begin();
  std::advance(instance, choices_.pick(static_cast<uint32_t>(instances_.size())));
  break_(nodeOf(instance->first), instance->first);
}

void ShardSimulation::evictFromOutside() {
  if (sabotage_ == ShardSabotage::kNeverEvict) return;
  for (const auto& [object, instance] : instances_) shardOf(object).evictNow(instance.handle);
}

}  // namespace holdfast::host
