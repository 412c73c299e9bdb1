// How the actors of a Shard begin and end (shard.h).
#include <utility>

#include "host/shard.h"

namespace holdfast::host {

ActorHandle Shard::openActor(const ActorKey& key, const std::optional<std::string>& name) {
  return actors_.open(key, name);
}

core::PostResult Shard::post(ActorHandle actor, core::Event event) {
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

void Shard::handBack(std::vector<core::Event> events, const ActorKey& key,
                     std::vector<uint32_t>& tokens) {
  for (const core::Event& event : events) {
    if (event.kind == core::EventKind::kCall) tokens.push_back(event.token);
    if (event.kind == core::EventKind::kAlarm)
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

}  // namespace holdfast::host
