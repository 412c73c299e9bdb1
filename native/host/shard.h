// Shard: one JavaScript environment's side of the runtime: its actors, their stores, alarms and
// sockets.
//
// The bridge drives it: collect() gathers what must be told to JavaScript now, JavaScript runs,
// endTurn() commits what the turn wrote, stamps its outputs and sends them to the server in one
// batch. In between, JavaScript calls the methods below. Happy path of a request: collect() gives
// the RequestHead; JavaScript answers with respond(); endTurn() hands it over. Ways it fails: a
// store that cannot commit gives CommitFailed in the next turn, and the actor's outputs of the lost
// turn are dropped; a failed flush gives FlushFailed once, every gate stays shut, and whoever asks
// at one later gets CommitFailed.
//
// Thread: the shard's (push() alone is called by others). Owner: Host.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/batch_queue.h"
#include "base/ids.h"
#include "core/actor_system.h"
#include "core/output_gate.h"
#include "host/actor_stores.h"
#include "host/alarm_clock.h"
#include "host/inbound.h"
#include "host/namespaces.h"
#include "host/outbox.h"
#include "host/shard_sockets.h"
#include "host/turn.h"
#include "net/server.h"
#include "storage/engine.h"
#include "storage/facet_indexes.h"
#include "storage/levels.h"
#include "sys/clock.h"

namespace holdfast::host {

struct ShardOptions {
  core::ActorLimits actors;
  StoreLimits stores;
  size_t eventsPerTurn = 256;
  size_t alarmsPerTurn = 64;        // a start with many overdue alarms is spread over turns
  size_t alarmsRunningMax = 1'000;  // more that are due wait until one of these has completed
  core::AlarmWindowLimits alarms;   // held in memory
};

// What a shard has done since it began, and what it holds. Plain numbers of its thread: counting
// costs an addition.
struct ShardMetrics {
  uint64_t turns = 0;
  uint64_t events = 0;   // handed to JavaScript
  uint64_t commits = 0;  // of objects, those that wait for a flush
  uint64_t commitsFailed = 0;
  uint64_t flushes = 0;  // announcements of the log: each made one or more commits durable
  uint64_t commitWaitMs =
      0;  // summed over turns: from the commits of a turn until they were durable
  uint64_t commitWaits = 0;  // those turns
  size_t gatesWaiting = 0;   // outputs that JavaScript holds back until a commit is durable
  size_t alarmsHeld = 0;     // in memory, of all that are set
  size_t alarmsRunning = 0;
  size_t sockets = 0;           // all that exist, both ends in this process included
  size_t socketsConnected = 0;  // to a peer of the network
  // Accepted by objects: by accept(), by acceptWebSocket(), and of these without an instance.
  size_t socketsStandard = 0;
  size_t socketsHibernatable = 0;
  size_t socketsHibernated = 0;
};

class Shard {
 public:
  Shard(ShardOptions options, storage::Engine& engine, net::Server& server,
        const NamespaceTable& namespaces, const sys::Clock& clock);

  // Other threads. True: ring the doorbell.
  [[nodiscard]] bool push(Inbound event) { return inbox_.push(std::move(event)); }

  Status start();
  // Before the engine goes: every database is closed, uncommitted changes are rolled back.
  void closeStores() { stores_.closeAll(); }

  // Fills `turn` with at most one event per actor. Empty: nothing to do now.
  void collect(Turn& turn);
  // JavaScript is back at the event loop: commit, stamp, send.
  void endTurn();
  [[nodiscard]] bool hasReady() const { return actors_.hasReady() || !local_.empty(); }
  // When collect() must be called again without a doorbell; nullopt: never. Milliseconds from now,
  // at least 0.
  std::optional<int64_t> nextWakeMs();

  // Actors.
  ActorHandle openActor(const ActorKey& key, const std::optional<std::string>& name);
  core::PostResult post(ActorHandle actor, core::Event event);
  bool started(ActorHandle actor) { return actors_.started(actor); }
  bool finished(ActorHandle actor) { return actors_.finished(actor, clock_->steadyNow()); }
  bool hold(ActorHandle actor) { return actors_.hold(actor); }
  bool release(ActorHandle actor) { return actors_.release(actor, clock_->steadyNow()); }
  core::SectionId openSection(ActorHandle actor, core::SectionId parent) {
    return actors_.openSection(actor, parent);
  }
  // What was written until now is committed: what follows the section may end the actor (S1.14.2).
  bool closeSection(ActorHandle actor, core::SectionId section);
  bool isOpenFor(ActorHandle actor, core::SectionId section) {
    return !lost_.contains(actor) && actors_.isOpenFor(actor, section);
  }
  bool hasMail(ActorHandle actor) { return actors_.hasMail(actor); }
  bool evictNow(ActorHandle actor) { return actors_.evictNow(actor); }
  const ActorKey* keyOf(ActorHandle actor) { return actors_.keyOf(actor); }
  const std::string* nameOf(ActorHandle actor) { return actors_.nameOf(actor); }

  // The instance is broken: its uncommitted writes are rolled back, its sockets cut, its waiting
  // calls handed back.
  std::vector<uint32_t> breakActor(ActorHandle actor);
  // As breakActor() for an instance whose code was replaced: its hibernatable sockets stay, and
  // what waits for it is delivered to the next instance.
  void restartActor(ActorHandle actor);
  // kEvict was carried out by JavaScript: the store is closed, hibernatable sockets stay.
  void evicted(ActorHandle actor);

  // Storage of a live instance. kNotFound: the handle is stale. kIo: a commit failed, of which
  // JavaScript is told next.
  Result<storage::Database*> database(ActorHandle actor);
  Result<storage::ObjectName> objectName(ActorHandle actor);
  // Of the object that the actor is a facet of; its own when it is none.
  Result<storage::ObjectName> rootName(ActorHandle actor);
  // The databases of these facets of the actor's object become empty, at once; none of them may
  // have an instance. What the actor has to say waits for it. A commit each: a crash may leave
  // some.
  Status deleteFacets(ActorHandle actor, const std::vector<FacetNumber>& facets);
  // The same for copies of facets' databases, which replace what is there (S1.15.3).
  Status copyFacets(ActorHandle actor, const std::vector<storage::FacetIndexes::Copy>& copies);
  // Of its last commit; nullopt: it has written since. An open transaction() does not count.
  std::optional<Lsn> committedLsn(ActorHandle actor);
  // storage.transaction() begins (S3.10.1); ended by releasing or rolling back to the savepoint.
  // What was written before is committed: an error of that commit comes back and breaks the actor.
  Status openTransaction(ActorHandle actor);
  void noteRelease(ActorHandle actor) {
    sockets_.settleSends();
    committed_.clear();
    stores_.noteRelease(actor, committed_);
    settleCommitted();
  }
  void noteRollback(ActorHandle actor) {
    sockets_.settleSends();
    stores_.noteRollback(actor);
  }
  void noteWrite(ActorHandle actor) {
    sockets_.settleSends();
    stores_.noteWrite(actor);
  }
  void noteAlarm(ActorHandle actor) {
    sockets_.settleSends();
    stores_.noteAlarm(actor);
  }
  // S2.6.5: outputs do not wait for what the actor, whose database is open, writes between these
  // two. All of it is lost, and the instance with it, when its commit fails.
  void beginUnconfirmed(ActorHandle actor) { stores_.beginUnconfirmed(actor); }
  void endUnconfirmed(ActorHandle actor) { stores_.endUnconfirmed(actor); }
  // 0: what the actor has to say depends on nothing undurable. Within a transaction() that is what
  // was committed before it (S2.6.2).
  core::Ticket gate(ActorHandle actor);
  // As gate(), for who waits for unconfirmed writes, too (S3.12).
  core::Ticket syncTicket(ActorHandle actor);
  // The first of the actor's tickets that would not open if it broke now: what they wait for is not
  // committed. nullopt: there is none.
  [[nodiscard]] std::optional<core::Ticket> firstLost(ActorHandle actor) const;

  // The run of a delivered kAlarm is over. `reschedule`: kCancelled found this time in the store
  // (S5.3.6).
  core::AlarmVerdict alarmCompleted(const ActorKey& actor, core::AlarmOutcome outcome,
                                    std::optional<TimestampMs> reschedule);

  // The alarm `at` of an actor without an instance leaves its store, unless it has another one by
  // now.
  Status dropAlarm(const ActorKey& actor, TimestampMs at);

  // As alarmCompleted(), of an actor whose instance is live, and finished(). kDone: it is gone.
  core::AlarmVerdict alarmOver(ActorHandle actor, core::AlarmOutcome outcome,
                               std::optional<TimestampMs> reschedule);

  // Server outputs. `actor`: whose writes the output depends on, or kNoHandle.
  void send(net::Command command, ActorHandle actor);

  // Test controls (storage/levels.h), in memory mode: alarms go back with the storage. Before the
  // latter two every actor must have been broken. kInvalidArgument: not in memory mode, or there is
  // no level.
  Status pushLevel();
  Status popLevel(storage::Levels::Fate fate);
  Status clearStorage();
  std::vector<ActorHandle> actors() { return actors_.handles(); }
  // Null: not in memory mode.
  storage::CommitFaults* faults() {
    storage::Levels* levels = engine_.levels();
    return levels == nullptr ? nullptr : &levels->faults();
  }

  // Test controls: alarms, their retries and evictions live by a clock that the test moves. Retries
  // have no jitter while it is held.
  void holdTime(TimestampMs wall);
  void moveTime(int64_t ms) { held_.move(ms); }
  void setTime(TimestampMs wall) { held_.setWall(wall); }
  void releaseTime() { held_.release(); }
  // Of alarms and actors; nullopt: never. Milliseconds from now, perhaps in the past.
  std::optional<int64_t> nextDueMs();
  // Nothing is under way here: no event waits that could be delivered, all commits are durable, and
  // nothing is due.
  bool isQuiet();

  ShardSockets& sockets() { return sockets_; }
  [[nodiscard]] core::ActorSystem::Counts counts() const { return actors_.counts(); }
  [[nodiscard]] ShardMetrics metrics();

 private:
  void takeInbound(Turn& turn);
  [[nodiscard]] size_t roomForAlarms() const;
  void takeAlarms();
  void dispatch(Inbound event, Turn& turn, InstantMs now);
  void announceDurable(Lsn lsn, Turn& turn);
  void openGate(Lsn lsn, std::vector<TurnEvent>& events);
  void settleCommitted();  // committed_
  void settle(const ActorStores::Committed& committed);
  void noteDurable(Lsn lsn);
  void lose(ActorHandle actor, std::string why);
  core::Ticket ticket(ActorHandle actor, bool uncommitted, Lsn lsn);
  [[nodiscard]] bool neverDurable(Lsn lsn) const {
    return flushFailure_ && lsn > gate_.durableLsn();
  }
  Result<Lsn> deleteDatabase(const storage::ObjectName& name);
  void handBack(std::vector<core::Event> events, const ActorKey& key,
                std::vector<uint32_t>& tokens);

  ShardOptions options_;
  storage::Engine& engine_;
  net::Server& server_;
  const NamespaceTable& namespaces_;
  const sys::Clock* clock_;
  sys::HeldClock held_;  // takes its place from holdTime() on
  BatchQueue<Inbound> inbox_;
  core::ActorSystem actors_;
  core::OutputGate gate_;
  ActorStores stores_;
  AlarmClock alarms_;
  Outbox outbox_;
  ShardSockets sockets_;
  std::vector<Inbound> taken_;
  std::vector<TurnEvent> local_;  // raised on this thread, for the next turn
  // Their commit failed and JavaScript does not know yet: nothing of them runs or leaves.
  std::unordered_set<ActorHandle> lost_;
  std::vector<core::Delivery> deliveries_;
  std::vector<ActorStores::Committed> committed_;
  std::optional<std::string> flushFailure_;
  ShardMetrics metrics_;
  std::deque<std::pair<Lsn, InstantMs>> undurable_;  // the last commit of each turn, and when
  std::vector<AlarmClock::Saved> savedAlarms_;       // a level each
  uint64_t jitterState_ = 0x9E3779B97F4A7C15ULL;
};

}  // namespace holdfast::host
