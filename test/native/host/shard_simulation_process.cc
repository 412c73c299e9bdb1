// The processes of ShardSimulation: how they start and how they end.
#include <algorithm>
#include <utility>

#include "core/actor_id.h"
#include "host/shard_simulation.h"

namespace holdfast::host {

namespace {

constexpr InstantMs kIdleMs = 50;
constexpr uint32_t kMailboxEvents = 6;
constexpr uint32_t kEventsPerTurn = 2;
constexpr uint32_t kStepsMost = 400;

}  // namespace

ShardSimulation::ShardSimulation(uint64_t seed, ShardSabotage sabotage)
    : choices_(seed),
      alarmChoices_(seed + 1),
      sabotage_(sabotage),
      steps_(choices_.between(kStepsMost / 4, kStepsMost)),
      alarmsRunningMax_(choices_.between(1, 2)),
      alarmsHeldMax_(alarmChoices_.between(0, 2)),
      promises_({kMailboxEvents, kEventsPerTurn, alarmsRunningMax_ * kShards}) {
  namespaces_.add({"app-Room", StorageKind::kSqlite});
  if (sabotage == ShardSabotage::kAlarmEarly) skew_ = 5'000;
  latest_ = now();
  for (Node& node : nodes_) {
    const auto onDurable = [this, &node](const std::string& idHex, const ModelState& state) {
      const uint32_t object = core::idFromHex(idHex)->bytes[31];
      promises_.durable(object, state.stamps);
      const bool isTold = std::exchange(durableAlarms_[object], state.alarm) != state.alarm;
      if (!state.alarm || !isTold) return;
      promises_.alarmDurable(*state.alarm);
      node.flushedAlarms.push_back(*state.alarm);
    };
    node.engine = std::make_unique<ModelEngine>("app-Room", onDurable);
    node.engine->dropTailAtCrash = sabotage == ShardSabotage::kForgetTail;
    node.engine->dropAlarmsAtLoad = sabotage == ShardSabotage::kForgetAlarmsAtStart;
  }
  start();
}

ShardSimulation::~ShardSimulation() = default;

void ShardSimulation::start() {
  ShardOptions options;
  options.actors = actorLimits();
  const bool loose = sabotage_ == ShardSabotage::kLooseTurns;
  options.eventsPerTurn = loose ? kObjects : kEventsPerTurn;
  const bool many = sabotage_ == ShardSabotage::kLooseAlarms;
  options.alarmsRunningMax = many ? kObjects : alarmsRunningMax_;
  // Most alarms are in the index only.
  if (alarmsHeldMax_ > 0) {
    options.alarms = {.heldMax = alarmsHeldMax_, .readAtOnce = 1, .readBelow = 1};
  }
  for (Node& node : nodes_) {
    node.shard = std::make_unique<Shard>(options, *node.engine, node.server, namespaces_, clock_);
    node.announced = node.engine->durableLsn();
    promises_.expect(node.shard->start().ok(), "start() failed");
  }
}

core::ActorLimits ShardSimulation::actorLimits() const {
  core::ActorLimits limits;
  limits.idleEvictionMs = sabotage_ == ShardSabotage::kNeverEvict ? core::kNeverEvict : kIdleMs;
  limits.mailboxEventsMax = kMailboxEvents;
  if (sabotage_ == ShardSabotage::kLooseMailbox) ++limits.mailboxEventsMax;
  if (sabotage_ == ShardSabotage::kTightMailbox) limits.mailboxEventsMax /= 2;
  limits.sectionDepthMax = 3;
  return limits;
}

void ShardSimulation::failFlush(size_t number) {
  Node& node = nodes_[number];
  if (std::exchange(node.flushFailed, true)) return;
  ++coverage.failedFlushes;
  static_cast<void>(node.shard->push(FlushFailed{"the disk is gone"}));
}

// The process ends and the next one starts on what is durable.
void ShardSimulation::crash() {
  ++coverage.crashes;
  promises_.restarted();
  instances_.clear();
  runs_.clear();
  calls_.clear();
  tasks_.clear();
  drops_.clear();
  awaits_.clear();
  sockets_.clear();
  through_.clear();
  waiting_.fill(0);
  inboxed_.fill(0);
  for (Node& node : nodes_) {
    node.shard.reset();
    node.engine->crash();
    node.server.waiting.clear();
    node.held.clear();
    node.outlived.clear();
    node.dead.clear();
    node.flushFailed = false;
    node.flushedAlarms.clear();
    node.announcedAlarms.clear();
  }
  start();
}

}  // namespace holdfast::host
