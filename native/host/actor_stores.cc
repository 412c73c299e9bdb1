#include "host/actor_stores.h"

#include <algorithm>
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
    store.confirmedLsn = store.lastLsn;
    if (actorName != nullptr) store.database->setActorName(*actorName);
  }
  use(store, actor);
  return store.database.get();
}

// At most one move a turn for each actor.
void ActorStores::use(Store& store, ActorHandle actor) {
  if (store.usedInTurn == turn_) return;
  if (store.isAwake) {
    usedAgain_.splice(usedAgain_.begin(), listOf(store), store.awakeAt);
    store.isUsedOnce = false;
  } else {
    wakeUp(store, actor);
  }
  store.usedInTurn = turn_;
  store.usedAt = now_;
}

// One that is back so soon was made to rest too early.
void ActorStores::wakeUp(Store& store, ActorHandle actor) {
  const bool isBack = store.usedInTurn != 0 && now_ - store.usedAt < limits_.restAfterMs;
  store.isUsedOnce = !isBack;
  if (store.isUsedOnce && usedOnce_.size() >= kUsedOnceMax) {
    const ActorHandle oldest = usedOnce_.back();
    Store& last = stores_.at(oldest);
    if (last.usedInTurn != turn_ && !rest(last)) use(last, oldest);
  }
  store.isAwake = true;
  std::list<ActorHandle>& list = listOf(store);
  store.awakeAt = list.insert(list.begin(), actor);
}

void ActorStores::forgetAwake(Store& store) {
  if (store.isAwake) listOf(store).erase(store.awakeAt);
  store.isAwake = false;
}

// False: it cannot now.
bool ActorStores::rest(Store& store) {
  if (store.touched || !store.database->rest()) return false;
  forgetAwake(store);
  return true;
}

// Of the two that were not used for the longest.
bool ActorStores::isUsedOnceNext() const {
  if (usedOnce_.empty() || usedAgain_.empty()) return usedAgain_.empty();
  return stores_.at(usedOnce_.back()).usedAt <= stores_.at(usedAgain_.back()).usedAt;
}

void ActorStores::restUnused(InstantMs now) {
  const bool mayRest = now != now_;  // turns may follow each other many times in a millisecond
  now_ = now;
  ++turn_;
  for (size_t i = 0; i < limits_.restedAtOnceMax && awake() > 0; ++i) {
    const ActorHandle actor = isUsedOnceNext() ? usedOnce_.back() : usedAgain_.back();
    Store& last = stores_.at(actor);
    const bool isUnused = mayRest && now - last.usedAt >= limits_.restAfterMs;
    if (!isUnused && awake() <= limits_.openDatabasesMax) return;
    if (!rest(last)) use(last, actor);
  }
}

std::optional<InstantMs> ActorStores::nextRest() const {
  if (awake() == 0) return std::nullopt;
  const ActorHandle actor = isUsedOnceNext() ? usedOnce_.back() : usedAgain_.back();
  return std::max(stores_.at(actor).usedAt + limits_.restAfterMs, now_ + 1);
}

ActorStores::Store* ActorStores::storeOf(ActorHandle actor) {
  if (actor == latest_) return latestStore_;
  const auto found = stores_.find(actor);
  if (found == stores_.end()) return nullptr;
  latest_ = actor;
  latestStore_ = &found->second;
  return latestStore_;
}

storage::Database* ActorStores::find(ActorHandle actor) {
  Store* store = storeOf(actor);
  if (store == nullptr) return nullptr;
  use(*store, actor);
  return store->database.get();
}

void ActorStores::noteWrite(ActorHandle actor) {
  Store* store = storeOf(actor);
  if (store == nullptr || (store->touched && store->confirmedDepth == 0)) return;
  if (!store->database->hasUncommitted()) return;
  noteConfirmed(*store);
  if (store->touched) return;
  store->touched = true;
  touched_.push_back(actor);
}

// A call that only reads after an unconfirmed write confirms nothing.
void ActorStores::noteConfirmed(Store& store) {
  const uint64_t writes = store.database->writesBegun();
  if (std::exchange(store.writesNoted, writes) == writes || store.isUnconfirmed) return;
  const uint32_t depth = store.database->savepointDepth();
  store.confirmedDepth = std::min(depth, store.confirmedDepth.value_or(depth));
}

void ActorStores::beginUnconfirmed(ActorHandle actor) {
  if (Store* store = storeOf(actor)) store->isUnconfirmed = true;
}

void ActorStores::endUnconfirmed(ActorHandle actor) {
  if (Store* store = storeOf(actor)) store->isUnconfirmed = false;
}

void ActorStores::noteAlarm(ActorHandle actor) {
  Store* store = storeOf(actor);
  if (store == nullptr) return;
  const uint32_t depth = store->database->savepointDepth();
  store->alarmDepth = std::min(depth, store->alarmDepth.value_or(depth));
  noteWrite(actor);
}

void ActorStores::noteRelease(ActorHandle actor, std::vector<Committed>& out) {
  Store* store = storeOf(actor);
  if (store == nullptr) return;
  const uint32_t depth = store->database->savepointDepth();
  if (store->alarmDepth) store->alarmDepth = std::min(depth, *store->alarmDepth);
  if (store->confirmedDepth) store->confirmedDepth = std::min(depth, *store->confirmedDepth);
  if (depth == 0 && std::exchange(store->isInTransaction, false)) commitActor(actor, out);
}

void ActorStores::forgetAbove(std::optional<uint32_t>& noted, uint32_t depth) {
  if (noted > depth) noted.reset();
}

void ActorStores::noteRollback(ActorHandle actor) {
  Store* store = storeOf(actor);
  if (store == nullptr) return;
  const uint32_t depth = store->database->savepointDepth();
  if (depth == 0) store->isInTransaction = false;
  forgetAbove(store->alarmDepth, depth);
  forgetAbove(store->confirmedDepth, depth);
  noteWrite(actor);
}

// A critical error ends a transaction without a release or a rollback of ours.
bool ActorStores::hasUncommitted(const Store& store) {
  return store.touched && (!store.isInTransaction || store.database->savepointDepth() == 0);
}

bool ActorStores::hasUncommitted(ActorHandle actor) {
  const Store* store = storeOf(actor);
  return store != nullptr && hasUncommitted(*store);
}

bool ActorStores::holdsOutputs(ActorHandle actor) {
  const Store* store = storeOf(actor);
  if (store == nullptr || !hasUncommitted(*store)) return false;
  return store->confirmedDepth || store->isInTransaction;
}

Lsn ActorStores::lastLsn(ActorHandle actor) {
  const Store* store = storeOf(actor);
  return store == nullptr ? 0 : store->lastLsn;
}

Lsn ActorStores::confirmedLsn(ActorHandle actor) {
  const Store* store = storeOf(actor);
  return store == nullptr ? 0 : store->confirmedLsn;
}

void ActorStores::dependOn(ActorHandle actor, Lsn lsn) {
  Store* store = storeOf(actor);
  if (store == nullptr) return;
  store->lastLsn = std::max(store->lastLsn, lsn);
  store->confirmedLsn = std::max(store->confirmedLsn, lsn);
}

void ActorStores::commitTurn(std::vector<Committed>& out) {
  if (touched_.empty()) return;
  std::vector<ActorHandle> spanning;
  engine_.beginCommits();
  for (const ActorHandle actor : touched_) {
    const auto found = stores_.find(actor);
    if (found == stores_.end() || !found->second.touched) continue;
    Store& store = found->second;
    if (store.database->savepointDepth() > 0) {
      spanning.push_back(actor);
      continue;
    }
    out.push_back(commit(actor, store));
  }
  engine_.endCommits();
  touched_ = std::move(spanning);
}

ActorStores::Committed ActorStores::commit(ActorHandle actor, Store& store) {
  store.touched = false;
  const bool isConfirmed = std::exchange(store.confirmedDepth, std::nullopt).has_value();
  Committed entry;
  entry.actor = actor;
  if (std::exchange(store.alarmDepth, std::nullopt)) {
    Result<std::optional<TimestampMs>> alarm = store.database->getAlarm();
    if (alarm.ok()) {
      entry.alarmChanged = true;
      entry.alarm = alarm.value();
    }
  }
  const Result<Lsn> lsn = store.database->commit();
  if (lsn.ok()) {
    if (lsn.value() != 0) {
      store.lastLsn = lsn.value();
      if (isConfirmed) store.confirmedLsn = lsn.value();
    }
    entry.lsn = store.lastLsn;
  } else {
    entry.status = lsn.status();
  }
  return entry;
}

void ActorStores::commitActor(ActorHandle actor, std::vector<Committed>& out) {
  Store* store = storeOf(actor);
  if (store == nullptr || !store->touched || store->database->savepointDepth() > 0) return;
  std::erase(touched_, actor);
  out.push_back(commit(actor, *store));
}

Status ActorStores::openTransaction(ActorHandle actor, std::vector<Committed>& out) {
  Store* store = storeOf(actor);
  if (store == nullptr) return {Code::kNotFound, "the actor has no open database"};
  if (store->database->savepointDepth() == 0) {
    commitActor(actor, out);
    if (!out.empty() && !out.back().status.ok()) return out.back().status;
    store->isInTransaction = true;
  }
  return store->database->savepoint();
}

void ActorStores::close(ActorHandle actor) {
  const auto found = stores_.find(actor);
  if (found == stores_.end()) return;
  if (found->second.database->hasUncommitted()) found->second.database->rollback();
  forgetAwake(found->second);
  latest_ = kNoHandle;
  latestStore_ = nullptr;
  stores_.erase(found);
}

void ActorStores::closeAll() {
  while (!stores_.empty()) close(stores_.begin()->first);
}

}  // namespace holdfast::host
