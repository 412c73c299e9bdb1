// ActorStores: the databases of one shard's live instances, and what their turns leave to commit.
//
// of() opens an actor's database on first use (a file is made by its first write only). After every
// call that may write, the caller says noteWrite(); commitTurn() then commits each touched database
// once. Databases that are not used rest (storage/database.h), a few each turn. Of those that one
// turn used and no other, as when thousands of objects are made, only kUsedOnceMax stay awake: the
// next one takes over the connection, which costs a third of opening one. A database with an open
// savepoint (an async transaction spans turns) stays touched until it ends. What an actor says
// while its transaction is open does not wait for that transaction's commit, as in workerd: it may
// be what the transaction itself waits for. Nor does it wait for writes that are allowed to stay
// unconfirmed (S2.6.5): of each actor there are two positions in the log, that of its last commit,
// and that of the last one which its outputs wait for. Thread: the shard's. Failure: a failed open
// or commit is reported per actor; others go on.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/database.h"
#include "storage/engine.h"

namespace holdfast::host {

struct StoreLimits {
  size_t openDatabasesMax = 2048;  // beyond, those that were used the longest ago rest
  int64_t restAfterMs = 2'000;     // a database that was not used for so long rests
  size_t restedAtOnceMax = 16;  // so that nobody waits long for it: the others a millisecond later
};

class ActorStores {
 public:
  // Of databases that were used in one turn only.
  static constexpr size_t kUsedOnceMax = 32;

  ActorStores(storage::Engine& engine, StoreLimits limits) : engine_(engine), limits_(limits) {}

  // Opens when needed. `name`: where it lives and, for the alarm index, what it is called.
  Result<storage::Database*> open(ActorHandle actor, const storage::ObjectName& name,
                                  const std::string* actorName);
  // Already open, else nullptr.
  storage::Database* find(ActorHandle actor);

  void noteWrite(ActorHandle actor);
  // S2.6.5: outputs do not wait for what the open store's actor writes between these two.
  void beginUnconfirmed(ActorHandle actor);
  void endUnconfirmed(ActorHandle actor);
  // The next commit changes the alarm, unless that is rolled back before.
  void noteAlarm(ActorHandle actor);
  // The innermost savepoint, perhaps a transaction's, was rolled back: its changes are none.
  void noteRollback(ActorHandle actor);
  // In the implicit transaction; what an open transaction() has written does not count.
  [[nodiscard]] bool hasUncommitted(ActorHandle actor);
  // Of its last commit.
  [[nodiscard]] Lsn lastLsn(ActorHandle actor);
  // As these two, of what outputs wait for.
  [[nodiscard]] bool holdsOutputs(ActorHandle actor);
  [[nodiscard]] Lsn confirmedLsn(ActorHandle actor);
  // What the open store's actor has to say depends on this commit of another database, too.
  void dependOn(ActorHandle actor, Lsn lsn);

  struct Committed {
    ActorHandle actor = kNoHandle;
    Lsn lsn = 0;
    Status status;
    bool alarmChanged = false;
    std::optional<TimestampMs> alarm;
  };
  // Appends one entry per database that was touched.
  void commitTurn(std::vector<Committed>& out);
  // What the actor has written is committed now and appended to `out`, unless a savepoint is open.
  void commitActor(ActorHandle actor, std::vector<Committed>& out);
  // The open store's actor begins a transaction() (S3.10.1). When it is the outermost, what was
  // written before it is committed now and appended to `out`: it is not part of it.
  Status openTransaction(ActorHandle actor, std::vector<Committed>& out);
  // The innermost savepoint was released; that of the outermost transaction() is its commit.
  void noteRelease(ActorHandle actor, std::vector<Committed>& out);

  // `now` is the time of what follows; what was not used for long rests.
  void restUnused(InstantMs now);
  // When restUnused() has something to do next; nullopt: never.
  [[nodiscard]] std::optional<InstantMs> nextRest() const;

  // The instance is gone. Uncommitted changes are rolled back.
  void close(ActorHandle actor);
  void closeAll();

 private:
  struct Store {
    std::unique_ptr<storage::Database> database;
    Lsn lastLsn = 0;
    Lsn confirmedLsn = 0;  // at most lastLsn
    bool touched = false;
    bool isInTransaction = false;
    bool isUnconfirmed = false;  // what is written now
    uint64_t writesNoted = 0;
    std::optional<uint32_t> confirmedDepth;  // of the outermost savepoint with a confirmed write
    std::optional<uint32_t> alarmDepth;      // or with a change of the alarm
    bool isAwake = false;
    bool isUsedOnce = false;  // in one turn only since it woke
    InstantMs usedAt = 0;
    uint64_t usedInTurn = 0;
    std::list<ActorHandle>::iterator awakeAt = {};  // when it is
  };
  void use(Store& store, ActorHandle actor);
  static void noteConfirmed(Store& store);
  static bool hasUncommitted(const Store& store);
  static void forgetAbove(std::optional<uint32_t>& noted, uint32_t depth);
  void wakeUp(Store& store, ActorHandle actor);
  [[nodiscard]] std::list<ActorHandle>& listOf(const Store& store) {
    return store.isUsedOnce ? usedOnce_ : usedAgain_;
  }
  [[nodiscard]] bool isUsedOnceNext() const;
  [[nodiscard]] size_t awake() const { return usedOnce_.size() + usedAgain_.size(); }
  bool rest(Store& store);
  static Committed commit(ActorHandle actor, Store& store);
  void forgetAwake(Store& store);
  Store* storeOf(ActorHandle actor);

  storage::Engine& engine_;
  const StoreLimits limits_;
  // Those that are awake; used last comes first.
  std::list<ActorHandle> usedOnce_;
  std::list<ActorHandle> usedAgain_;
  InstantMs now_ = 0;
  uint64_t turn_ = 1;
  std::unordered_map<ActorHandle, Store> stores_;
  ActorHandle latest_ = kNoHandle;  // asked for; a handler asks for its own again and again
  Store* latestStore_ = nullptr;
  std::vector<ActorHandle> touched_;
};

}  // namespace holdfast::host
