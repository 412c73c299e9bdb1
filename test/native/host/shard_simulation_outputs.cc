// What leaves the simulated instances of ShardSimulation, and how they and their runs end.
#include <optional>
#include <utility>

#include "host/shard_simulation.h"

namespace holdfast::host {

using core::AlarmOutcome;
using core::Event;
using core::EventKind;

void ShardSimulation::finish(uint32_t number) {
  Run& run = runs_[number];
  const ActorHandle handle = instances_[run.object].handle;
  Shard& shard = shardOf(run.object);
  switch (run.kind) {
    case Run::Kind::kAlarm:  // S5.3.2; another time is stored when somebody set it meanwhile
      if (!run.failed && database(run).getAlarm().value() == run.storedAt &&
          sabotage_ != ShardSabotage::kSettleWithoutDeleting) {
        promises_.expect(database(run).setAlarm(std::nullopt).ok(), "setAlarm() failed");
        shard.noteAlarm(handle);
      }
      return output(run, Way::kJavaScript, number);
    case Run::Kind::kCall:
      return output(run, Way::kJavaScript, number);
    case Run::Kind::kEvent:
      promises_.expect(shard.finished(handle), "finished() was refused");
      break;
    case Run::Kind::kBackground:
      promises_.expect(shard.release(handle), "release() was refused");
      break;
    case Run::Kind::kConstructor:
      break;
  }
  runs_.erase(number);
}

void ShardSimulation::output(Run& run, Way way, uint32_t endOf, const std::optional<Await>& asker) {
  Instance& instance = instances_[run.object];
  Node& node = nodes_[nodeOf(run.object)];
  Output output;
  output.object = run.object;
  output.endOf = endOf;
  output.asker = asker;
  // The end of an alarm's run waits for all that was written in it, and nobody sees its order.
  const bool endsAlarm = endOf != 0 && run.kind == Run::Kind::kAlarm;
  output.sent = {run.instance, way, endsAlarm ? 0 : ++instance.outputs, {}};
  if (endOf != 0) output.sent.stamps = run.written;
  // Within a transaction() it depends on what was committed before (S2.6.2).
  const std::vector<Stamp> seen = run.savepoints.empty() ? stored(run) : run.before;
  if (const auto stamp = promises_.lastConfirmed(seen)) output.sent.stamps.push_back(*stamp);
  if (sabotage_ == ShardSabotage::kIgnoreOutputGate) return left(output);
  if (way == Way::kServer) {
    net::Command command;
    command.payload = Bytes(std::to_string(++tokens_));
    through_[tokens_] = std::move(output);
    node.shard->send(std::move(command), instance.handle);
    return;
  }
  const core::Ticket ticket =
      endsAlarm ? node.shard->syncTicket(instance.handle) : node.shard->gate(instance.handle);
  if (ticket == 0) {
    coverage.unconfirmedOutputs +=
        !seen.empty() && !promises_.isDurable(run.object, seen.back()) ? 1 : 0;
    return left(output);
  }
  ++coverage.heldOutputs;
  node.held[ticket] = std::move(output);
}

void ShardSimulation::left(const Output& output) {
  promises_.left(output.object, output.sent);
  if (output.asker && !isOver()) awaits_.push_back(*output.asker);
  if (output.endOf != 0 && !isOver()) endRun(output.endOf);
}

void ShardSimulation::endRun(uint32_t number) {
  const auto run = runs_.extract(number);
  if (run.empty()) return;
  if (run.mapped().kind == Run::Kind::kAlarm) {
    endAlarm(run.mapped(), run.mapped().failed ? AlarmOutcome::kFailure : AlarmOutcome::kSuccess);
    instances_[run.mapped().object].alarmRun = 0;
  } else {
    ++coverage.answers;
  }
  const ActorHandle handle = instances_[run.mapped().object].handle;
  promises_.expect(shardOf(run.mapped().object).finished(handle), "finished() was refused");
}

void ShardSimulation::endAlarm(const Run& run, AlarmOutcome outcome) {
  const bool failed = outcome == AlarmOutcome::kFailure;
  if (!failed) promises_.alarmDone(run.storedAt);
  promises_.alarmEnded(run.object, run.firedAt, failed, now());
  std::optional<TimestampMs> again;
  if (failed && sabotage_ == ShardSabotage::kRetryAtOnce) again = run.storedAt;
  const core::AlarmVerdict verdict =
      shardOf(run.object).alarmCompleted(keyOf(run.object), outcome, again);
  if (verdict == core::AlarmVerdict::kAbandoned) dropAlarm({run.object, run.storedAt});
}

// S5.4.3: the alarm that was given up is deleted where it is stored.
void ShardSimulation::dropAlarm(const Drop& drop) {
  Event event;
  event.kind = EventKind::kTask;
  event.token = ++tokens_;
  drops_[event.token] = drop;
  Shard& shard = shardOf(drop.object);
  const ActorHandle handle = shard.openActor(keyOf(drop.object), std::nullopt);
  const bool taken = shard.post(handle, std::move(event)) == core::PostResult::kQueued;
  promises_.expect(taken, "a task was refused");
  ++waiting_[drop.object];
}

void ShardSimulation::runTask(uint32_t object, uint32_t token) {
  --waiting_[object];
  const uint32_t instance = instances_[object].number;
  if (const auto drop = drops_.extract(token); !drop.empty()) {
    Run run;
    run.object = object;
    if (database(run).getAlarm().value() == drop.mapped().storedAt) setAlarm(run, std::nullopt);
  } else {
    const auto task = tasks_.extract(token);
    promises_.expect(!task.empty(), "a continuation ran twice");
    if (!task.empty()) go(task.mapped());
  }
  if (isOver() || !promises_.isLive(instance)) return;
  promises_.expect(shardOf(object).finished(instances_[object].handle), "finished() was refused");
}

// The instance breaks: its waiting and running work is rejected (S2.7.2).
void ShardSimulation::break_(size_t node, uint32_t object) {
  ++coverage.breaks;
  const Instance instance = instances_[object];
  const std::optional<core::Ticket> firstLost = nodes_[node].shard->firstLost(instance.handle);
  for (const uint32_t token : nodes_[node].shard->breakActor(instance.handle)) {
    promises_.expect(calls_.erase(token) == 1, "break_() gave a call that did not wait");
  }
  std::vector<Drop> again;
  std::erase_if(drops_, [object, &again](const auto& drop) {
    if (drop.second.object == object) again.push_back(drop.second);
    return drop.second.object == object;
  });
  waiting_[object] = 0;
  inboxed_[object] = 0;
  sockets_.erase(object);
  const auto alarm = runs_.find(instance.alarmRun);
  const std::optional<Run> run =
      alarm == runs_.end() ? std::nullopt : std::optional<Run>(alarm->second);
  reset(node, object, firstLost);
  if (run) endAlarm(*run, AlarmOutcome::kFailure);
  for (const Drop& drop : again) dropAlarm(drop);
}

void ShardSimulation::dropRuns(uint32_t instance) {
  if (sabotage_ == ShardSabotage::kKeepInstanceOnBreak) return;
  std::erase_if(runs_, [instance](const auto& run) { return run.second.instance == instance; });
}

void ShardSimulation::reset(size_t node, uint32_t object, std::optional<core::Ticket> firstLost) {
  const uint32_t number = instances_[object].number;
  promises_.reset(object);
  instances_.erase(object);
  dropRuns(number);
  Node& its = nodes_[node];
  std::erase_if(its.held, [&its, number, firstLost](auto& held) {
    if (held.second.sent.instance != number) return false;
    if (!firstLost || held.first < *firstLost) {
      its.outlived[held.first] = std::move(held.second);
    } else {
      its.dead[held.first] = its.turns;
    }
    return true;
  });
}

void ShardSimulation::postTask(size_t node, ActorHandle handle, uint32_t run,
                               core::SectionId section) {
  Event event;
  event.kind = EventKind::kTask;
  event.token = ++tokens_;
  event.section = section;
  tasks_[event.token] = run;
  const auto found = runs_.find(run);
  const core::PostResult result = nodes_[node].shard->post(handle, std::move(event));
  if (found == runs_.end()) {
    ++coverage.staleContinuations;
    promises_.expect(result == core::PostResult::kStale, "a continuation of an ended instance");
    return;
  }
  promises_.expect(result == core::PostResult::kQueued, "a continuation was refused");
  ++waiting_[found->second.object];
}

}  // namespace holdfast::host
