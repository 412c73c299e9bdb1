// ShardSimulation: shards over ModelEngines with scripted JavaScript, driven by one seed: it picks
// who calls whom, which await ends, when a turn runs, what a commit and a flush do, how clocks
// move, what is aborted and evicted, when the process ends. ShardPromises says what must hold.
//
// Happy path of run(): steps, then everything is left to settle, then nothing may be left over.
// Thread: the caller's; nothing has a thread of its own.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/router.h"
#include "host/handler_script.h"
#include "host/model_store.h"
#include "host/shard.h"
#include "host/shard_promises.h"
#include "net/server.h"
#include "support/seeds.h"
#include "sys/clock.h"

namespace holdfast::host {

// What a simulation may be told to do wrong; each must be noticed.
enum class ShardSabotage : uint8_t {
  kNone,
  kMisrouteCalls,         // two shards think they have the object
  kNoSection,             // a critical section that closes no gate
  kAnnounceEarly,         // durable before the device has it
  kLoseRecord,            // a commit that is acknowledged and lost
  kForgetTail,            // a device that forgets at a crash
  kIgnoreOutputGate,      // outputs leave at once
  kIgnoreFailedCommit,    // the instance lives on
  kConfirmNothing,        // outputs wait for no write
  kHoldInTransaction,     // outputs wait for the commit of the transaction() they leave from
  kKeepInstanceOnBreak,   // what an aborted instance awaits goes on running in it
  kSwapDeliveries,        // two calls of one sender change places
  kLoseDelivery,          // a call that never runs
  kLooseMailbox,          // one event too many
  kTightMailbox,          // one too few
  kLooseTurns,            // turns longer than allowed
  kLooseAlarms,           // more alarms at once than allowed
  kAlarmTwice,            // two runs of one alarm
  kAlarmEarly,            // a clock that is ahead
  kForgetAlarmsAtStart,   // an index of alarms that is empty
  kLoseAlarmOfRead,       // an answer of the index gives one to somebody else
  kRetryAtOnce,           // a failed alarm is set again, without its delay
  kNeverEvict,            // idle instances stay
  kSettleWithoutDeleting  // a successful alarm stays stored
};

// How often a run came to the places that matter: one that never goes there proves nothing.
struct ShardCoverage {
  uint64_t answers = 0;
  uint64_t heldOutputs = 0;
  uint64_t unconfirmedOutputs = 0;  // left ahead of a write that their sender had seen
  uint64_t sections = 0;
  uint64_t deepest = 0;  // sections refused for their depth
  uint64_t rollbacks = 0;
  uint64_t overloads = 0;
  uint64_t breaks = 0;
  uint64_t evictions = 0;
  uint64_t failedCommits = 0;
  uint64_t failedFlushes = 0;
  uint64_t crashes = 0;
  uint64_t alarms = 0;
  uint64_t retries = 0;
  uint64_t cancelledAlarms = 0;
  uint64_t alarmReads = 0;
  uint64_t socketMessages = 0;
  uint64_t staleContinuations = 0;

  void add(const ShardCoverage& other);
};

class ShardSimulation {
 public:
  explicit ShardSimulation(uint64_t seed, ShardSabotage sabotage = ShardSabotage::kNone);
  ~ShardSimulation();
  ShardSimulation(const ShardSimulation&) = delete;
  ShardSimulation& operator=(const ShardSimulation&) = delete;

  // The promise that was broken, or nothing.
  std::string run();

  ShardCoverage coverage;

 private:
  static constexpr uint32_t kShards = 2;
  static constexpr uint32_t kObjects = 5;
  static constexpr uint32_t kSenders = 3;

  // An await whose I/O has not ended.
  struct Await {
    uint32_t run = 0;
    ActorHandle handle = kNoHandle;
    size_t node = 0;
    core::SectionId section = 0;
  };
  struct Output {
    uint32_t object = 0;
    Sent sent;
    uint32_t endOf = 0;          // the run that is over when it leaves; 0: none
    std::optional<Await> asker;  // awaits that it leaves
  };
  // Outputs that left JavaScript: the server lets them go when their commit is durable.
  class Server final : public net::Server {
   public:
    Result<uint16_t> listen(const net::ListenAddress&) override { return uint16_t{1}; }
    Status adopt(net::TakenConnection) override { return {}; }
    void post(std::vector<net::Command>&& commands) override;
    void announceDurable(Lsn) override {}
    [[nodiscard]] Counts counts() const override { return {}; }
    void drain() override {}
    std::vector<net::Command> waiting;
  };
  struct Node {
    std::unique_ptr<ModelEngine> engine;
    Server server;
    std::unique_ptr<Shard> shard;
    std::map<core::Ticket, Output> held;
    std::map<core::Ticket, Output> outlived;  // of ended instances, and committed before
    std::map<core::Ticket, uint64_t> dead;    // of ended instances: the turn in which they ended
    Lsn announced = 0;
    std::vector<TimestampMs> flushedAlarms;    // since then
    std::vector<TimestampMs> announcedAlarms;  // on their way to the shard
    bool flushFailed = false;
    Turn turn;
    uint64_t turns = 0;
  };
  // One event's code, from its delivery to its end.
  struct Run {
    enum class Kind : uint8_t { kCall, kAlarm, kEvent, kBackground, kConstructor };
    Kind kind = Kind::kCall;
    uint32_t object = 0;
    uint32_t instance = 0;
    HandlerScript script;
    size_t at = 0;
    std::vector<core::SectionId> sections;
    std::vector<size_t> savepoints;  // where `written` stood
    std::vector<Stamp> before;       // what was stored when the outermost of them began
    std::vector<Stamp> read;
    std::vector<Stamp> written;
    TimestampMs firedAt = 0;
    TimestampMs storedAt = 0;
    bool beginsTransaction = false;  // when it goes on
    bool failed = false;
  };
  struct Call {
    uint32_t object = 0;
    uint32_t sender = 0;
    uint32_t sequence = 0;
  };
  struct Instance {
    ActorHandle handle = kNoHandle;
    size_t node = 0;
    uint32_t number = 0;
    uint32_t alarmRun = 0;
    uint32_t outputs = 0;  // given out so far
  };
  struct Drop {
    uint32_t object = 0;
    TimestampMs storedAt = 0;
  };
  struct Socket {
    SocketHandle handle = kNoHandle;
    uint32_t sent = 0;
    uint32_t received = 0;
  };

  // The world: shard_simulation.cc, shard_simulation_process.cc, shard_simulation_end.cc.
  void step();
  void call();
  void turn(size_t node);
  void flush(size_t node);
  void announce(size_t node);
  void moveClock();
  void endAwait(size_t place);
  void sendMessage();
  void abortFromOutside();
  void evictFromOutside();
  void failFlush(size_t node);
  void crash();
  void start();
  void settle();
  void settleOnce();
  void checkSettled();
  void spoil(Node& node);
  void tell(size_t node, const TurnEvent& event);
  void release(Node& node);
  [[nodiscard]] bool isOver() const { return !promises_.breach().empty(); }
  [[nodiscard]] core::ActorLimits actorLimits() const;

  // JavaScript: shard_simulation_code.cc, shard_simulation_outputs.cc.
  void deliver(size_t node, const core::Delivery& delivery);
  void construct(size_t node, uint32_t object, ActorHandle handle);
  void runAlarm(size_t node, uint32_t object, const core::Event& event);
  void startRun(size_t node, Run run);
  void go(uint32_t run);
  bool take(uint32_t number, Run& run, Step step);
  void enter(uint32_t number, Run& run, bool transaction);
  void leave(uint32_t number, Run& run);
  void write(Run& run, std::vector<Stamp> stored, bool unconfirmed = false);
  bool beginTransaction(Run& run);
  void endTransaction(Run& run, Step step);
  void accept(const Run& run);
  std::vector<Stamp> stored(const Run& run);
  storage::Database& database(const Run& run);
  void setAlarm(Run& run, std::optional<TimestampMs> at);
  void background(Run& run);
  void finish(uint32_t number);
  void output(Run& run, Way way, uint32_t endOf, const std::optional<Await>& asker = {});
  void left(const Output& output);
  void endRun(uint32_t number);
  void endAlarm(const Run& run, core::AlarmOutcome outcome);
  void runTask(uint32_t object, uint32_t token);
  void dropAlarm(const Drop& drop);
  void break_(size_t node, uint32_t object);
  void reset(size_t node, uint32_t object, std::optional<core::Ticket> firstLost);
  void dropRuns(uint32_t instance);
  void receive(uint32_t object, const core::Event& event);
  [[nodiscard]] TimestampMs now() const { return clock_.wall - skew_; }
  [[nodiscard]] std::string idHexOf(uint32_t object) const;
  void postTask(size_t node, ActorHandle handle, uint32_t run, core::SectionId section);
  [[nodiscard]] size_t nodeOf(uint32_t object) const;
  [[nodiscard]] ActorKey keyOf(uint32_t object) const;
  [[nodiscard]] Shard& shardOf(uint32_t object) { return *nodes_[nodeOf(object)].shard; }

  void answerAlarms(size_t node);

  testing::Choices choices_;
  testing::Choices alarmChoices_;  // of their own: the others stay what they are
  ShardSabotage sabotage_;
  bool settling_ = false;
  uint32_t steps_;
  uint32_t alarmsRunningMax_;  // of each shard
  uint32_t alarmsHeldMax_;     // of each shard; 0: as usual, which is all
  sys::ManualClock clock_;
  NamespaceTable namespaces_;
  core::Router router_{kShards};
  ShardPromises promises_;
  std::array<Node, kShards> nodes_;
  std::map<uint32_t, Instance> instances_;  // by object
  std::map<uint32_t, Run> runs_;
  std::map<uint32_t, Call> calls_;      // posted and not delivered, by token
  std::map<uint32_t, uint32_t> tasks_;  // run of a posted continuation, by token
  std::map<uint32_t, Drop> drops_;      // alarms given up, by token of the task that deletes them
  std::vector<Await> awaits_;
  std::map<uint32_t, std::vector<Socket>> sockets_;  // by object
  std::map<uint32_t, Output> through_;               // given to the server, by token
  std::array<uint32_t, kObjects> waiting_{};         // in mailboxes
  std::array<uint32_t, kObjects> inboxed_{};         // messages on their way to them
  std::array<uint32_t, kSenders> sequences_{};
  uint32_t tokens_ = 0;
  Stamp stamps_ = 0;
  std::set<TimestampMs> alarmTimes_;                              // each is used once
  std::map<uint32_t, std::optional<TimestampMs>> durableAlarms_;  // by object
  TimestampMs latest_ = 0;                                        // the wall clock has been here
  TimestampMs skew_ = 0;
};

}  // namespace holdfast::host
