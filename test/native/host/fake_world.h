// A shard's surroundings without disk, network and threads: every effect is written to one trace,
// in order.
//
// FakeDatabase keeps no rows: it knows only whether something was written, its savepoints and its
// alarm. FakeEngine gives out Lsns; nothing becomes durable by itself: a test says
// Shard::push(DurableReached{n}).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "core/actor_id.h"
#include "host/alarm_pages.h"
#include "host/shard.h"
#include "net/server.h"
#include "storage/database.h"
#include "storage/engine.h"
#include "sys/clock.h"

namespace holdfast::host {

using Trace = std::vector<std::string>;

class FakeEngine;

class FakeDatabase final : public storage::Database {
 public:
  FakeDatabase(FakeEngine& engine, std::string id, std::optional<TimestampMs> alarm)
      : engine_(engine), id_(std::move(id)), alarm_(alarm) {}
  ~FakeDatabase() override;

  Result<std::optional<std::string>> get(std::string_view) override {
    return std::optional<std::string>();
  }
  Status put(std::string_view, std::string_view) override {
    ++writes_;
    dirty_ = true;
    open_ = true;
    return {};
  }
  // A delete of nothing: opens the transaction and changes nothing.
  Result<bool> remove(std::string_view) override {
    ++writes_;
    open_ = true;
    return false;
  }
  Result<std::unique_ptr<storage::KvCursor>> list(const storage::ListOptions&) override {
    return unsupported();
  }
  Result<std::unique_ptr<storage::SqlCursor>> exec(std::string_view,
                                                   const std::vector<storage::SqlValue>&) override {
    return unsupported();
  }
  Result<uint64_t> databaseSize() override { return uint64_t{4096}; }
  Status setPageCountMax(uint32_t) override { return unsupported(); }
  Result<std::optional<TimestampMs>> getAlarm() override { return alarm_; }
  Status setAlarm(std::optional<TimestampMs> at) override {
    alarm_ = at;
    return put("", "");
  }
  void setActorName(std::string name) override { name_ = std::move(name); }

  bool hasUncommitted() const override { return open_; }
  uint64_t writesBegun() const override { return writes_; }
  bool rest() override {
    if (open_ || hasCursor) return false;
    ++rested;
    return true;
  }
  Result<Lsn> commit() override;
  void rollback() override;
  Status savepoint() override {
    ++depth_;
    return {};
  }
  Status releaseSavepoint() override {
    --depth_;
    return {};
  }
  Status rollbackToSavepoint() override { return releaseSavepoint(); }
  uint32_t savepointDepth() const override { return depth_; }
  Status deleteAll(AlarmFate) override { return put("", ""); }
  Result<std::string> bookmark() override { return std::string("bookmark"); }

  [[nodiscard]] const std::optional<std::string>& name() const { return name_; }

  int rested = 0;
  bool hasCursor = false;

 private:
  static Status unsupported() { return {Code::kUnsupported, "the fake has no rows"}; }

  FakeEngine& engine_;
  std::string id_;
  bool dirty_ = false;
  bool open_ = false;
  uint64_t writes_ = 0;
  uint32_t depth_ = 0;
  std::optional<TimestampMs> alarm_;
  std::optional<std::string> name_;
};

class FakeEngine final : public storage::Engine {
 public:
  explicit FakeEngine(Trace& trace) : trace_(trace) {}

  Result<std::unique_ptr<storage::Database>> openDatabase(
      const storage::ObjectName& object) override {
    if (!openError.ok()) return openError;
    const std::string id = object.idHex.substr(0, 2);
    trace_.push_back("open " + id);
    auto database = std::make_unique<FakeDatabase>(*this, id, alarmsCommitted[id]);
    open[id] = database.get();
    return std::unique_ptr<storage::Database>(std::move(database));
  }
  Lsn committedLsn() const override { return committed; }
  Lsn durableLsn() const override { return 0; }
  std::shared_ptr<storage::History> history() override { return nullptr; }
  std::shared_ptr<storage::FacetIndexes> facets() override { return nullptr; }
  Result<Lsn> copyObject(const storage::ObjectName&, const storage::ObjectName&) override {
    return Status(Code::kUnsupported, "the fake has no rows");
  }
  bool indexesAlarms() const override { return indexed; }
  Result<storage::AlarmPage> readAlarms(const storage::AlarmPosition& after, size_t most) override {
    if (!loadError.ok()) return loadError;
    return pageOf(alarms, after, most);
  }
  void requestAlarms(const storage::AlarmPosition& after, size_t most) override {
    trace_.push_back("read alarms after " + std::to_string(after.at));
    request = {after, most};
  }
  // What a request is answered with.
  [[nodiscard]] storage::AlarmPage answer() const {
    return pageOf(alarms, request.first, request.second);
  }
  void settleAlarm(const storage::ObjectName& object, std::optional<TimestampMs> at) override {
    const std::string id = object.idHex.substr(0, 2);
    trace_.push_back(at ? "settle alarm " + id + " at " + std::to_string(*at)
                        : "forget alarm " + id);
  }
  Status renameNamespace(const std::string&, const std::string&) override { return {}; }
  Status deleteNamespace(const std::string&) override { return {}; }
  Result<bool> namespaceExists(const std::string&) override { return true; }
  Result<std::vector<std::string>> listObjects(const std::string&) override {
    return std::vector<std::string>();
  }
  Result<std::optional<std::string>> readMeta(const std::string&) override {
    return std::optional<std::string>();
  }
  Status writeMeta(const std::string&, const std::string&) override { return {}; }

  void trace(std::string line) { trace_.push_back(std::move(line)); }

  Lsn committed = 0;
  Status commitError;
  Status openError;
  Status loadError;
  bool indexed = true;
  std::vector<storage::StoredAlarm> alarms;
  std::pair<storage::AlarmPosition, size_t> request;
  std::map<std::string, FakeDatabase*> open;  // by the first two digits of the id
  std::map<std::string, std::optional<TimestampMs>> alarmsCommitted;  // by the same

 private:
  Trace& trace_;
};

inline FakeDatabase::~FakeDatabase() {
  engine_.trace("close " + id_);
  engine_.open.erase(id_);
}

inline Result<Lsn> FakeDatabase::commit() {
  const bool changed = std::exchange(dirty_, false);
  open_ = false;
  if (!engine_.commitError.ok()) return engine_.commitError;
  if (!changed) return Lsn{0};
  ++engine_.committed;
  engine_.alarmsCommitted[id_] = alarm_;
  engine_.trace("commit " + id_ + " lsn " + std::to_string(engine_.committed));
  return engine_.committed;
}

inline void FakeDatabase::rollback() {
  engine_.trace("rollback " + id_);
  dirty_ = false;
  open_ = false;
  depth_ = 0;
}

inline const char* nameOf(net::Command::Kind kind) {
  using Kind = net::Command::Kind;
  switch (kind) {
    case Kind::kRespond:
      return "respond";
    case Kind::kBody:
      return "body";
    case Kind::kAbortResponse:
      return "abort";
    case Kind::kReadMore:
      return "read more";
    case Kind::kAcceptSocket:
      return "accept";
    case Kind::kSocketSend:
      return "send";
    case Kind::kSocketClose:
      return "close socket";
    case Kind::kSocketTerminate:
      return "terminate";
    case Kind::kSocketConsumed:
      return "consumed";
    case Kind::kSocketAutoResponse:
      return "auto-response";
  }
  return "?";
}

// "respond 1 'text' after 3"; a target is shown by its index.
inline std::string describe(const net::Command& command) {
  std::ostringstream out;
  out << nameOf(command.kind) << ' ' << handleIndex(command.target);
  if (command.kind == net::Command::Kind::kAcceptSocket)
    out << " as " << handleIndex(command.socket);
  if (command.count != 0) out << ' ' << command.count;
  if (command.autoResponse)
    out << ' ' << command.autoResponse->request << "->" << command.autoResponse->response;
  if (!command.payload.empty()) out << " '" << command.payload.view() << '\'';
  if (command.after != 0) out << " after " << command.after;
  return out.str();
}

class FakeServer final : public net::Server {
 public:
  explicit FakeServer(Trace& trace) : trace_(trace) {}
  Result<uint16_t> listen(const net::ListenAddress&) override { return uint16_t{1}; }
  Status adopt(net::TakenConnection) override { return {}; }
  void post(std::vector<net::Command>&& commands) override {
    ++posts;
    for (net::Command& command : commands) {
      trace_.push_back(describe(command));
      for (const SocketHandle other : command.others) {
        command.target = other;
        trace_.push_back(describe(command));
      }
    }
  }
  void announceDurable(Lsn) override {}
  [[nodiscard]] Counts counts() const override { return {}; }
  void drain() override {}

  int posts = 0;

 private:
  Trace& trace_;
};

inline const char* nameOf(core::EventKind kind) {
  using Kind = core::EventKind;
  switch (kind) {
    case Kind::kStart:
      return "start";
    case Kind::kCall:
      return "call";
    case Kind::kAlarm:
      return "alarm";
    case Kind::kSocketMessage:
      return "message";
    case Kind::kSocketClose:
      return "closed";
    case Kind::kSocketError:
      return "error";
    case Kind::kTask:
      return "task";
    case Kind::kEvict:
      return "evict";
  }
  return "?";
}

// One shard over the fakes, with one namespace and the actors 0x01.., 0x02.. named by their first
// byte.
class FakeWorld {
 public:
  explicit FakeWorld(ShardOptions options = {})
      : engine(trace),
        server(trace),
        ns(namespaces.add({"app-Room", StorageKind::kSqlite})),
        shard(options, engine, server, namespaces, clock) {}

  static ActorId id(uint8_t first) {
    ActorId out;
    out.bytes.fill(first);
    return out;
  }
  [[nodiscard]] ActorKey key(uint8_t first) const { return {ns, id(first)}; }
  ActorHandle actor(uint8_t first, const std::optional<std::string>& name = std::nullopt) {
    return shard.openActor({ns, id(first)}, name);
  }
  static storage::StoredAlarm stored(uint8_t first, TimestampMs at) {
    storage::StoredAlarm alarm;
    alarm.uniqueKey = "app-Room";
    alarm.idHex = core::idToHex(id(first));
    alarm.at = at;
    return alarm;
  }

  // What the trace gained since the last call.
  Trace take() { return std::exchange(trace, {}); }

  // One turn: what JavaScript is told, in words. "start 01", "call 01 #5".
  Trace collect() {
    shard.collect(turn);
    Trace out;
    for (const TurnEvent& event : turn.events) out.push_back(describeEvent(event));
    return out;
  }
  // As collect(), and ends the turn, with kStart answered as JavaScript would.
  Trace run() {
    Trace out = collect();
    for (const TurnEvent& event : turn.events) {
      const auto* delivery = std::get_if<core::Delivery>(&event);
      if (delivery != nullptr && delivery->event.kind == core::EventKind::kStart)
        shard.started(delivery->actor);
    }
    shard.endTurn();
    return out;
  }
  void push(Inbound event) { static_cast<void>(shard.push(std::move(event))); }
  void call(ActorHandle to, uint32_t token) {
    core::Event event;
    event.token = token;
    static_cast<void>(shard.post(to, std::move(event)));
  }
  // An instance of the actor, started, with nothing in flight.
  ActorHandle started(uint8_t first) {
    const ActorHandle handle = actor(first);
    call(handle, 1);
    run();
    run();
    shard.finished(handle);
    take();
    return handle;
  }
  storage::Database& write(ActorHandle to) {
    storage::Database& database = *shard.database(to).value();
    static_cast<void>(database.put("key", "value"));
    shard.noteWrite(to);
    return database;
  }
  // S2.6.5
  void writeUnconfirmed(ActorHandle to) {
    static_cast<void>(shard.database(to));
    shard.beginUnconfirmed(to);
    write(to);
    shard.endUnconfirmed(to);
  }
  void releaseSavepoint(ActorHandle to) {
    static_cast<void>(shard.database(to).value()->releaseSavepoint());
    shard.noteRelease(to);
  }
  void setAlarm(ActorHandle to, std::optional<TimestampMs> at) {
    static_cast<void>(shard.database(to).value()->setAlarm(at));
    shard.noteAlarm(to);
  }
  void respond(uint32_t request, const std::string& text, ActorHandle of) {
    net::Command command;
    command.target = makeHandle(request, 1);
    command.payload = Bytes(text);
    command.last = true;
    shard.send(std::move(command), of);
  }

  Trace trace;
  FakeEngine engine;
  FakeServer server;
  NamespaceTable namespaces;
  NamespaceIndex ns;
  sys::ManualClock clock;
  Shard shard;
  Turn turn;

 private:
  std::string describeEvent(const TurnEvent& event) {
    std::ostringstream out;
    if (const auto* delivery = std::get_if<core::Delivery>(&event)) {
      out << nameOf(delivery->event.kind) << ' ' << who(delivery->actor);
      if (delivery->event.token != 0) out << " #" << delivery->event.token;
      if (delivery->event.socket != kNoHandle) out << " on " << handleIndex(delivery->event.socket);
      if (delivery->event.code != 0) out << " code " << delivery->event.code;
      if (!delivery->event.payload.empty()) out << " '" << delivery->event.payload.view() << '\'';
    } else if (const auto* opened = std::get_if<GateOpened>(&event)) {
      out << "gate " << opened->ticket;
    } else if (const auto* failed = std::get_if<CommitFailed>(&event)) {
      out << "commit failed " << who(failed->actor) << ": " << failed->message;
    } else if (const auto* request = std::get_if<net::RequestHead>(&event)) {
      out << "request " << handleIndex(request->request);
    } else if (const auto* message = std::get_if<SocketMessage>(&event)) {
      out << "worker message on " << handleIndex(message->socket);
    } else if (const auto* ended = std::get_if<SocketEnded>(&event)) {
      out << "worker socket " << handleIndex(ended->socket) << (ended->last ? " over" : " closing");
    } else if (const auto* flush = std::get_if<FlushFailed>(&event)) {
      out << "flush failed: " << flush->message;
    } else {
      out << "event " << event.index();
    }
    return out.str();
  }
  std::string who(ActorHandle handle) {
    const ActorKey* found = shard.keyOf(handle);
    return found == nullptr ? "gone" : core::idToHex(found->id).substr(0, 2);
  }
};

}  // namespace holdfast::host
