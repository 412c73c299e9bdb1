#include "host/actor_stores.h"

#include <utility>

namespace holdfast::host {

Result<storage::Database*> ActorStores::open(ActorHandle actor, const storage::ObjectName& name,
                                             const std::string* actorName) {
  Store& store = stores_[actor];
  if (!store.database) {
    Result<std::unique_ptr<storage::Database>> opened = engine_.openDatabase(name);
    if (!opened.ok()) {
      stores_.erase(actor);
      return opened.status();
    }
    store.database = std::move(opened).value();
    // An earlier instance may have committed what is not durable yet: this one's outputs wait for
    // it too.
    store.lastLsn = engine_.committedLsn();
    if (actorName != nullptr) store.database->setActorName(*actorName);
  }
  return store.database.get();
}

storage::Database* ActorStores::find(ActorHandle actor) {
  const auto found = stores_.find(actor);
  return found == stores_.end() ? nullptr : found->second.database.get();
}

void ActorStores::noteWrite(ActorHandle actor) {
  const auto found = stores_.find(actor);
  if (found == stores_.end() || found->second.touched) return;
  if (!found->second.database->hasUncommitted()) return;
  found->second.touched = true;
  touched_.push_back(actor);
}

void ActorStores::noteAlarm(ActorHandle actor) {
  const auto found = stores_.find(actor);
  if (found == stores_.end()) return;
  found->second.alarmChanged = true;
  noteWrite(actor);
}

bool ActorStores::hasUncommitted(ActorHandle actor) {
  const auto found = stores_.find(actor);
  return found != stores_.end() && found->second.touched;
}

Lsn ActorStores::lastLsn(ActorHandle actor) {
  const auto found = stores_.find(actor);
  return found == stores_.end() ? 0 : found->second.lastLsn;
}

void ActorStores::commitTurn(std::vector<Committed>& out) {
  std::vector<ActorHandle> spanning;
  for (const ActorHandle actor : touched_) {
    const auto found = stores_.find(actor);
    if (found == stores_.end() || !found->second.touched) continue;
    Store& store = found->second;
    if (store.database->savepointDepth() > 0) {
      spanning.push_back(actor);
      continue;
    }
    store.touched = false;
    Committed entry;
    entry.actor = actor;
    if (store.alarmChanged) {
      Result<std::optional<TimestampMs>> alarm = store.database->getAlarm();
      if (alarm.ok()) {
        entry.alarmChanged = true;
        entry.alarm = alarm.value();
      }
      store.alarmChanged = false;
    }
    const Result<Lsn> lsn = store.database->commit();
    if (lsn.ok()) {
      if (lsn.value() != 0) store.lastLsn = lsn.value();
      entry.lsn = store.lastLsn;
    } else {
      entry.status = lsn.status();
    }
    out.push_back(std::move(entry));
  }
  touched_ = std::move(spanning);
}

void ActorStores::close(ActorHandle actor) {
  const auto found = stores_.find(actor);
  if (found == stores_.end()) return;
  if (found->second.database->hasUncommitted()) found->second.database->rollback();
  stores_.erase(found);
}

void ActorStores::closeAll() {
  while (!stores_.empty()) close(stores_.begin()->first);
}

}  // namespace holdfast::host
