// ActorStores: the databases of one shard's live instances, and what their turns leave to commit.
//
// of() opens an actor's database on first use (a file is made by its first write only). After every
// call that may write, the caller says noteWrite(); commitTurn() then commits each touched database
// once. A database with an open savepoint (an async transaction spans turns) stays touched until it
// ends. Thread: the shard's. Failure: a failed open or commit is reported per actor; others go on.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/database.h"
#include "storage/engine.h"

namespace holdfast::host {

class ActorStores {
 public:
  explicit ActorStores(storage::Engine& engine) : engine_(engine) {}

  // Opens when needed. `name`: where it lives and, for the alarm index, what it is called.
  Result<storage::Database*> open(ActorHandle actor, const storage::ObjectName& name,
                                  const std::string* actorName);
  // Already open, else nullptr.
  storage::Database* find(ActorHandle actor);

  void noteWrite(ActorHandle actor);
  // The next commit changes the alarm.
  void noteAlarm(ActorHandle actor);
  [[nodiscard]] bool hasUncommitted(ActorHandle actor);
  [[nodiscard]] Lsn lastLsn(ActorHandle actor);

  struct Committed {
    ActorHandle actor = kNoHandle;
    Lsn lsn = 0;
    Status status;
    bool alarmChanged = false;
    std::optional<TimestampMs> alarm;
  };
  // Appends one entry per database that was touched.
  void commitTurn(std::vector<Committed>& out);

  // The instance is gone. Uncommitted changes are rolled back.
  void close(ActorHandle actor);
  void closeAll();

 private:
  struct Store {
    std::unique_ptr<storage::Database> database;
    Lsn lastLsn = 0;
    bool touched = false;
    bool alarmChanged = false;
  };

  storage::Engine& engine_;
  std::unordered_map<ActorHandle, Store> stores_;
  std::vector<ActorHandle> touched_;
};

}  // namespace holdfast::host
