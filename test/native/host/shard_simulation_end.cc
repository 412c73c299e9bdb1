// The end of a ShardSimulation: nothing new comes, everything is left to settle, and then nothing
// may be left over.
#include <algorithm>

#include "host/shard_simulation.h"
#include "storage/data_paths.h"

namespace holdfast::host {

void ShardSimulation::settle() {
  settling_ = true;
  // What a failed flush took with it comes back with the next process only.
  for (const Node& node : nodes_) {
    if (node.flushFailed) {
      crash();
      break;
    }
  }
  // The delays of seven failures, at most 17 minutes each.
  for (int round = 0; round < 60 && !isOver(); ++round) settleOnce();
  if (!isOver()) checkSettled();
}

void ShardSimulation::settleOnce() {
  clock_.advance(200'000);
  latest_ = std::max(latest_, now());
  for (int again = 0; again < 4; ++again) {
    while (!awaits_.empty() && !isOver()) endAwait(awaits_.size() - 1);
    for (size_t node = 0; node < kShards && !isOver(); ++node) {
      flush(node);
      nodes_[node].engine->flush(nodes_[node].engine->committedLsn());
      announce(node);
      answerAlarms(node);
      do {
        turn(node);
      } while (!isOver() && nodes_[node].shard->hasReady());
    }
  }
}

void ShardSimulation::checkSettled() {
  for (auto& [object, sockets] : sockets_) {
    for (const Socket& socket : sockets) shardOf(object).sockets().forget(socket.handle);
  }
  clock_.advance(10'000);
  for (size_t number = 0; number < kShards; ++number) {
    Node& node = nodes_[number];
    turn(number);
    promises_.expect(node.held.empty() && node.outlived.empty() && node.server.waiting.empty(),
                     "an output never left");
    promises_.expect(node.shard->counts().queuedEvents == 0, "an event was never delivered");
    promises_.expect(node.shard->counts().running == 0, "an instance was left over");
    promises_.expect(node.shard->counts().records == 0, "a record was left over");
  }
  promises_.expect(calls_.empty(), "a call was never delivered");
  promises_.expect(runs_.empty(), "a handler never ended");
  for (uint32_t object = 0; object < kObjects; ++object) {
    ModelEngine& engine = *nodes_[nodeOf(object)].engine;
    promises_.settled(object, engine.durable(storage::idHexOf(keyOf(object).id, 0)));
  }
}

}  // namespace holdfast::host
