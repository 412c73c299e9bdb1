#include "node/runtime_object.h"

#include <limits>
#include <utility>

#include "node/limits.h"
#include "sys/heap.h"

namespace holdfast::node {
namespace {

constexpr int kRoundsPerRing = 32;  // turns run back to back before the event loop gets a look in

// A number too large for its kind is the largest.
template <typename T>
void take(const Napi::Object& from, const char* key, T& into) {
  const Napi::Value value = from.Get(key);
  if (!value.IsNumber()) return;
  const int64_t number = value.As<Napi::Number>().Int64Value();
  into = std::in_range<T>(number) ? static_cast<T>(number) : std::numeric_limits<T>::max();
}

host::HostOptions optionsFrom(const Napi::Object& from) {
  host::HostOptions options;
  const Napi::Value dataDir = from.Get("dataDir");
  if (dataDir.IsString()) {
    options.storage.dataDir = toUtf8(dataDir);
  } else {
    options.storage.durability = storage::Durability::kMemory;
  }
  if (from.Get("durability").IsString() && toUtf8(from.Get("durability")) == "system") {
    options.storage.durability = storage::Durability::kSystem;
  }
  take(from, "retentionMs", options.storage.retentionMs);
  take(from, "ioThreads", options.server.threads);
  take(from, "idleEvictionMs", options.shard.actors.idleEvictionMs);
  take(from, "mailboxEventsMax", options.shard.actors.mailboxEventsMax);
  take(from, "mailboxBytesMax", options.shard.actors.mailboxBytesMax);
  const Napi::Value compression = from.Get("compression");
  if (compression.IsBoolean()) options.server.compression = compression.As<Napi::Boolean>().Value();
  if (from.Get("limits").IsObject()) {
    const auto limits = from.Get("limits").As<Napi::Object>();
    visitLimits(options.server.limits, options.storage, options.shard.stores,
                [&limits](const char* name, auto& value) { take(limits, name, value); });
  }
  return options;
}

// Joins the native threads and flushes away from the JavaScript thread; then resolves.
class CloseWorker final : public Napi::AsyncWorker {
 public:
  CloseWorker(Napi::Env env, std::unique_ptr<host::Host> host, std::unique_ptr<Doorbell> doorbell)
      : Napi::AsyncWorker(env),
        host_(std::move(host)),
        doorbell_(std::move(doorbell)),
        deferred_(Napi::Promise::Deferred::New(env)) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override { host_.reset(); }
  void OnOK() override {
    doorbell_.reset();
    deferred_.Resolve(Env().Undefined());
  }

 private:
  std::unique_ptr<host::Host> host_;
  std::unique_ptr<Doorbell> doorbell_;
  Napi::Promise::Deferred deferred_;
};

}  // namespace

Napi::Function RuntimeObject::define(Napi::Env env) {
  Methods methods;
  lifecycleMethods(methods);
  actorMethods(methods);
  storageMethods(methods);
  facetMethods(methods);
  historyMethods(methods);
  sqlMethods(methods);
  httpMethods(methods);
  socketMethods(methods);
  levelMethods(methods);
  return DefineClass(env, "Runtime", methods);
}

Napi::Object RuntimeObject::limitDefaults(Napi::Env env) {
  Napi::Object out = Napi::Object::New(env);
  net::Limits server;
  storage::EngineOptions storage;
  host::StoreLimits stores;
  visitLimits(server, storage, stores,
              [&out](const char* name, auto& limit) { out.Set(name, static_cast<double>(limit)); });
  return out;
}

void RuntimeObject::lifecycleMethods(Methods& methods) {
  methods.push_back(InstanceMethod("addNamespace", &RuntimeObject::addNamespace));
  methods.push_back(InstanceMethod("start", &RuntimeObject::start));
  methods.push_back(InstanceMethod("listen", &RuntimeObject::listen));
  methods.push_back(InstanceMethod("drain", &RuntimeObject::drain));
  methods.push_back(InstanceMethod("close", &RuntimeObject::close));
  methods.push_back(InstanceMethod("endTurn", &RuntimeObject::endTurn));
  methods.push_back(InstanceMethod("ring", &RuntimeObject::ring));
  methods.push_back(InstanceMethod("keepAlive", &RuntimeObject::keepAlive));
  methods.push_back(InstanceMethod("counts", &RuntimeObject::counts));
  methods.push_back(InstanceMethod("metrics", &RuntimeObject::metrics));
  methods.push_back(InstanceMethod("trimMemory", &RuntimeObject::trimMemory));
  methods.push_back(InstanceMethod("readMeta", &RuntimeObject::readMeta));
  methods.push_back(InstanceMethod("writeMeta", &RuntimeObject::writeMeta));
  methods.push_back(InstanceMethod("deleteNamespace", &RuntimeObject::deleteNamespace));
  methods.push_back(InstanceMethod("hasObjects", &RuntimeObject::hasObjects));
}

RuntimeObject::RuntimeObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<RuntimeObject>(info) {
  Napi::Env env = info.Env();
  const auto options = info[0].As<Napi::Object>();
  const auto callbacks = info[1].As<Napi::Object>();
  onTurn_ = Napi::Persistent(callbacks.Get("onTurn").As<Napi::Function>());
  onWords_ = Napi::Persistent(callbacks.Get("onWords").As<Napi::Function>());
  onRest_ = Napi::Persistent(callbacks.Get("onRest").As<Napi::Function>());
  context_ = std::make_unique<Napi::AsyncContext>(env, "holdfast");
  Napi::Uint32Array state = Napi::Uint32Array::New(env, 2);
  stateData_ = state.Data();
  state_ = Napi::Persistent(state);
  info.This().As<Napi::Object>().Set("state", state);
  Napi::Float64Array sqlState = Napi::Float64Array::New(env, 8);
  sqlState_ = sqlState.Data();
  sqlStateReference_ = Napi::Persistent(sqlState);
  info.This().As<Napi::Object>().Set("sqlState", sqlState);
  Napi::Uint32Array sqlAhead = Napi::Uint32Array::New(env, AheadCounts::kCount);
  ahead_ = std::make_unique<AheadCounts>(sqlAhead.Data());
  sqlAheadReference_ = Napi::Persistent(sqlAhead);
  info.This().As<Napi::Object>().Set("sqlTaken", sqlAhead);
  Napi::Object sqlCells = Napi::Object::New(env);
  rows_ = std::make_unique<RowBatch>(env, sqlCells);
  info.This().As<Napi::Object>().Set("sqlCells", sqlCells);
  bindActors(info.This().As<Napi::Object>());
  bindHttp(info.This().As<Napi::Object>());
  bindSockets(info.This().As<Napi::Object>());
  bindStorage(info.This().As<Napi::Object>());
  bindSql(info.This().As<Napi::Object>());

  uv_loop_t* loop = nullptr;
  napi_get_uv_event_loop(env, &loop);
  doorbell_ = std::make_unique<Doorbell>(loop, [this]() { onRing(); });
  Doorbell* bell = doorbell_.get();
  Result<std::unique_ptr<host::Host>> host =
      host::Host::create(optionsFrom(options), [bell]() { bell->ring(); });
  if (!host.ok()) {
    doorbell_.reset();
    closing_ = true;
    throwStatus(env, host.status());
    return;
  }
  host_ = std::move(host).value();
  Napi::Uint32Array sends = Napi::Uint32Array::New(env, host::SendRun::kWords);
  host_->shard().sockets().sends().share(sends.Data());
  sends_ = Napi::Persistent(sends);
  info.This().As<Napi::Object>().Set("sends", sends);
  napi_add_env_cleanup_hook(env, cleanUp, this);
}

RuntimeObject::~RuntimeObject() {
  if (!closing_) {
    napi_remove_env_cleanup_hook(Env(), cleanUp, this);
  }
  shutDown();
}

// The environment goes away, or the object was collected without close().
void RuntimeObject::shutDown() {
  closing_ = true;
  cursors_.clear();
  host_.reset();
  doorbell_.reset();
}

void RuntimeObject::onRing() {
  if (closing_) return;
  const Napi::HandleScope scope(Env());
  for (int round = 0; round < kRoundsPerRing; ++round) {
    host_->shard().collect(turn_);
    if (turn_.empty()) break;
    if (!enterJavaScript() || closing_) return;
    host_->shard().endTurn();
  }
  rearm();
}

// One call into JavaScript; its microtasks and ticks are drained when it returns.
bool RuntimeObject::enterJavaScript() {
  Napi::Env env = Env();
  const Napi::HandleScope scope(env);
  const std::optional<TurnCodec::Encoded> encoded = codec_.encode(env, turn_);
  if (!encoded) return false;
  if (encoded->grown) onWords_.Call({codec_.words()});
  stateData_[0] = 1;
  onTurn_.MakeCallback(env.Global(),
                       {Napi::Number::New(env, static_cast<double>(encoded->count)), encoded->text,
                        encoded->payloads},
                       *context_);
  // What an object answered leaves when the code that ran beside it rests. Cleared here: in an
  // environment on its way out nothing runs that could.
  while (stateData_[1] != 0 && !env.IsExceptionPending() && !closing_) {
    stateData_[1] = 0;
    onRest_.MakeCallback(env.Global(), std::initializer_list<napi_value>{}, *context_);
  }
  stateData_[0] = 0;
  if (!env.IsExceptionPending()) return true;
  // JavaScript catches everything it can name; what is left is a defect or an environment on its
  // way out.
  const Napi::Error error = env.GetAndClearPendingException();
  napi_fatal_exception(env, error.Value());
  return false;
}

void RuntimeObject::finishTurn() {
  host_->shard().endTurn();
  rearm();
}

void RuntimeObject::rearm() {
  if (host_->shard().hasReady()) {
    doorbell_->ring();
    return;
  }
  if (const std::optional<int64_t> wake = host_->shard().nextWakeMs()) {
    doorbell_->ringIn(static_cast<uint64_t>(*wake));
  } else {
    doorbell_->cancelTimer();
  }
}

void RuntimeObject::endTurn(Info /*info*/) {
  if (!closing_) finishTurn();
}

void RuntimeObject::ring(Info /*info*/) {
  if (!closing_) doorbell_->ring();
}

void RuntimeObject::keepAlive(Info info) {
  if (!closing_) doorbell_->keepAlive(info[0].As<Napi::Boolean>().Value());
}

Napi::Value RuntimeObject::addNamespace(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  const auto kind =
      toUtf8(info[1]) == "kv" ? host::StorageKind::kKeyValue : host::StorageKind::kSqlite;
  const NamespaceIndex index = host_->namespaces().add({toUtf8(info[0]), kind});
  return Napi::Number::New(info.Env(), index);
}

Napi::Value RuntimeObject::start(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  if (!failed(info.Env(), host_->start())) rearm();
  return info.Env().Undefined();
}

// (host, port, reusePort, path | undefined)
Napi::Value RuntimeObject::listen(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  net::ListenAddress address;
  address.host = toUtf8(info[0]);
  address.port = static_cast<uint16_t>(info[1].As<Napi::Number>().Uint32Value());
  address.reusePort = toBool(info[2]);
  if (info[3].IsString()) address.path = toUtf8(info[3]);
  const Result<uint16_t> port = host_->server().listen(address);
  if (!port.ok()) {
    throwStatus(info.Env(), port.status());
    return info.Env().Undefined();
  }
  return Napi::Number::New(info.Env(), port.value());
}

void RuntimeObject::drain(Info /*info*/) {
  if (!closing_) host_->server().drain();
}

Napi::Value RuntimeObject::close(Info info) {
  if (closing_) {
    const auto done = Napi::Promise::Deferred::New(info.Env());
    done.Resolve(info.Env().Undefined());
    return done.Promise();
  }
  closing_ = true;
  napi_remove_env_cleanup_hook(Env(), cleanUp, this);
  cursors_.clear();
  host_->shard().endTurn();
  // They hold the shard's JavaScript, and that this object: nothing of either would ever be
  // collected.
  onTurn_.Reset();
  onWords_.Reset();
  onRest_.Reset();
  auto* worker = new CloseWorker(info.Env(), std::move(host_), std::move(doorbell_));
  const Napi::Promise promise = worker->promise();
  worker->Queue();
  return promise;
}

// Of the whole process: what malloc holds and nobody uses.
void RuntimeObject::trimMemory(Info /*info*/) { sys::trimHeap(); }

Napi::Value RuntimeObject::counts(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  const core::ActorSystem::Counts counts = host_->shard().counts();
  Napi::Object out = Napi::Object::New(info.Env());
  out.Set("records", static_cast<double>(counts.records));
  out.Set("running", static_cast<double>(counts.running));
  out.Set("hibernated", static_cast<double>(counts.hibernated));
  out.Set("queuedEvents", static_cast<double>(counts.queuedEvents));
  return out;
}

// Read when somebody asks for them; see lib/admin.
Napi::Value RuntimeObject::metrics(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  const host::ShardMetrics metrics = host_->shard().metrics();
  const net::Server::Counts server = host_->server().counts();
  const storage::LogCounters log = host_->engine().logCounters();
  Napi::Object out = counts(info).As<Napi::Object>();
  const auto set = [&out](const char* name, auto value) {
    out.Set(name, static_cast<double>(value));
  };
  set("turns", metrics.turns);
  set("events", metrics.events);
  set("commits", metrics.commits);
  set("commitsFailed", metrics.commitsFailed);
  set("flushes", metrics.flushes);
  set("commitWaitMs", metrics.commitWaitMs);
  set("commitWaits", metrics.commitWaits);
  set("gatesWaiting", metrics.gatesWaiting);
  set("alarmsHeld", metrics.alarmsHeld);
  set("alarmsRunning", metrics.alarmsRunning);
  set("sockets", metrics.sockets);
  set("socketsConnected", metrics.socketsConnected);
  set("socketsStandard", metrics.socketsStandard);
  set("socketsHibernatable", metrics.socketsHibernatable);
  set("socketsHibernated", metrics.socketsHibernated);
  set("diskFull", log.diskFull);
  set("logBatches", log.batches);
  set("logCommits", log.commits);
  set("logBytes", log.bytes);
  set("logFlushMs", log.flushMs);
  set("connections", server.connections);
  set("connectionsAccepted", server.accepted);
  return out;
}

Napi::Value RuntimeObject::readMeta(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  const Result<std::optional<std::string>> value = host_->engine().readMeta(toUtf8(info[0]));
  if (!value.ok()) {
    throwStatus(info.Env(), value.status());
    return info.Env().Undefined();
  }
  if (!value.value()) return info.Env().Undefined();
  return Napi::String::New(info.Env(), *value.value());
}

void RuntimeObject::writeMeta(Info info) {
  if (isClosed(info.Env())) return;
  failed(info.Env(), host_->engine().writeMeta(toUtf8(info[0]), toUtf8(info[1])));
}

void RuntimeObject::deleteNamespace(Info info) {
  if (isClosed(info.Env())) return;
  failed(info.Env(), host_->engine().deleteNamespace(toUtf8(info[0])));
}

Napi::Value RuntimeObject::hasObjects(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  const Result<std::vector<std::string>> ids = host_->engine().listObjects(toUtf8(info[0]));
  if (failed(info.Env(), ids.status())) return info.Env().Undefined();
  return Napi::Boolean::New(info.Env(), !ids.value().empty());
}

bool RuntimeObject::failed(Napi::Env env, const Status& status) {
  if (status.ok()) return false;
  throwStatus(env, status);
  return true;
}

bool RuntimeObject::isClosed(Napi::Env env) {
  return closing_ && failed(env, Status(Code::kUnavailable, "The runtime is closed."));
}

storage::Database* RuntimeObject::database(Info info) {
  if (isClosed(info.Env())) return nullptr;
  Result<storage::Database*> database = host_->shard().database(toHandle(info[0]));
  if (database.ok()) return database.value();
  throwStatus(info.Env(), database.status());
  return nullptr;
}

}  // namespace holdfast::node
