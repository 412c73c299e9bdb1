#include "net/detail/io_thread.h"

#include <algorithm>
#include <utility>

#include "net/response_head.h"
#include "net/socket_session.h"
#include "sys/clock.h"

namespace holdfast::net {
namespace {

constexpr size_t kReadBytesAlone = 65'536;
constexpr size_t kReadBytesTogether = 16'384;  // of each connection
constexpr size_t kReadBufferBytes =
    std::max(kReadBytesAlone, kReadBytesTogether* sys::SocketCalls::kMax);
constexpr size_t kReadyPerBatch = 32;       // then the host may begin while we read on
constexpr uint64_t kWatcher = 1ULL << 63U;  // of an id: names one of watchers_, not a connection

}  // namespace

bool isForSocket(Command::Kind kind) {
  switch (kind) {
    case Command::Kind::kSocketSend:
    case Command::Kind::kSocketClose:
    case Command::Kind::kSocketTerminate:
    case Command::Kind::kSocketConsumed:
    case Command::Kind::kSocketAutoResponse:
      return true;
    default:
      return false;
  }
}

void IoThread::Context::closeSocket(SocketHandle socket) {
  SessionContext::closeSocket(socket);
  owner_.socketClosed(socket);
}

std::string_view IoThread::Context::httpDate() {
  const int64_t second = wallNow() / 1'000;
  if (second != dateSecond_) {
    dateSecond_ = second;
    date_ = formatHttpDate(second);
  }
  return date_;
}

TimestampMs IoThread::Context::wallNow() const { return sys::systemClock().wallNow(); }

IoThread::IoThread(const ServerOptions& options, EventSink& sink, IoOwner& owner, uint32_t index)
    : owner_(owner),
      context_(options, sink, owner, index),
      readBuffer_(std::make_unique_for_overwrite<char[]>(kReadBufferBytes)) {}

void IoThread::start() {
  thread_.emplace("hf-io", [this] { loop(); });
}

IoThread::~IoThread() { DO_CHECK(!thread_); }

void IoThread::stop() {
  run([this] {
    cutAll();
    stopped_ = true;
  });
  thread_.reset();
}

void IoThread::run(std::function<void()> task) {
  if (tasks_.push(std::move(task))) poller_.wake();
}

void IoThread::post(std::vector<Command>&& commands) {
  if (queue_.pushAll(std::move(commands))) poller_.wake();
}

void IoThread::loop() {
  calls_.emplace(context_.options.socketCalls);
  context_.now = sys::systemClock().steadyNow();
  while (!stopped_) {
    poller_.announceWait();
    const auto ready = poller_.wait(timeout());
    context_.now = sys::systemClock().steadyNow();
    takeReady(ready);
    readAgain();
    runTasks();
    takeCommands();
    if (announced_.exchange(false)) releaseDurable();
    takeDeadlines();
    settleTouched();
    removed_.clear();
    context_.sink.onBatchEnd();
  }
  calls_.reset();
}

// Milliseconds until the next thing to do, -1: only when told.
int64_t IoThread::timeout() const {
  if (!unread_.empty() || !tasks_.empty() || !queue_.empty() || announced_.load()) return 0;
  InstantMs at = deadlines_.earliest();
  if (!timers_.empty()) at = std::min(at, timers_.begin()->first);
  return at == kNever ? -1 : std::max<int64_t>(0, at - context_.now);
}

void IoThread::takeReady(std::span<const sys::Poller::Ready> ready) {
  size_t inBatch = 0;
  for (const sys::Poller::Ready& one : ready) {
    if ((one.id & kWatcher) != 0) {
      watchers_[one.id & ~kWatcher]();
    } else if (const auto* connection = connections_.find(one.id)) {
      (*connection)->onReady(one);
      read(**connection);
    }
    if (++inBatch % kReadyPerBatch == 0) {
      readTogether();
      context_.sink.onBatchEnd();
    }
  }
  readTogether();
}

void IoThread::read(Connection& connection) {
  if (!connection.beginRead(reads_[readsCount_])) {
    connection.settle();
    return;
  }
  readers_[readsCount_++] = &connection;
  if (readsCount_ == readers_.size()) readTogether();
}

void IoThread::readTogether() {
  const size_t count = std::exchange(readsCount_, 0);
  const size_t bytes = count > 1 ? kReadBytesTogether : kReadBytesAlone;
  const auto reads = std::span(reads_).first(count);
  for (size_t i = 0; i < count; ++i) reads[i].into = {readBuffer_.get() + (i * bytes), bytes};
  calls_->read(reads);
  for (size_t i = 0; i < count; ++i) {
    readers_[i]->onRead(reads[i]);
    // An answer that is there already leaves with those of others.
    if (readers_[i]->hasOutput()) {
      touch(*readers_[i]);
    } else {
      readers_[i]->settle();
    }
  }
}

void IoThread::readSoon(Connection& connection) {
  if (std::exchange(connection.rereading, true)) return;
  unread_.push_back(connection.self());
}

void IoThread::readAgain() {
  rereading_.swap(unread_);
  for (const Handle handle : rereading_) {
    const auto* connection = connections_.find(handle);
    if (connection == nullptr) continue;
    (*connection)->rereading = false;
    read(**connection);
  }
  readTogether();
  rereading_.clear();
}

void IoThread::runTasks() {
  tasks_.takeAll(runningTasks_);
  for (const auto& task : runningTasks_) task();
  runningTasks_.clear();
}

void IoThread::takeCommands() {
  queue_.takeAll(batch_);
  for (Command& command : batch_) execute(std::move(command));
  clearBurst(batch_);
}

// One message to many sockets.
void IoThread::broadcast(Command&& command) {
  SharedMessage message(std::move(command.payload), command.text);
  command.others.push_back(command.target);
  std::swap(command.others.front(), command.others.back());
  for (const SocketHandle socket : command.others) {
    const auto found = context_.sockets.find(socket);
    if (found != context_.sockets.end()) found->second->onBroadcast(command.after, message);
  }
}

void IoThread::execute(Command&& command) {
  if (!command.others.empty()) return broadcast(std::move(command));
  Session* session = nullptr;
  if (isForSocket(command.kind)) {
    const auto found = context_.sockets.find(command.target);
    if (found != context_.sockets.end()) session = found->second;
  } else if (Session** found = context_.requests.find(context_.localRequest(command.target))) {
    session = *found;
  }
  if (session != nullptr) {
    session->onCommand(std::move(command));
  } else if (command.kind == Command::Kind::kAcceptSocket) {
    // The peer went before the answer: the host must hear that its socket is over.
    context_.closeSocket(command.socket);
    context_.sink.onSocketClosed(command.socket, {});
  }
}

void IoThread::settleTouched() {
  while (!touched_.empty()) {
    settling_.swap(touched_);
    writeTouched();
    for (Connection* connection : settling_) {
      connection->touched = false;
      connection->settle();
    }
    settling_.clear();
  }
}

void IoThread::writeTouched() {
  for (Connection* connection : settling_) {
    if (!connection->beginWrite(writes_[writesCount_])) continue;
    writers_[writesCount_++] = connection;
    if (writesCount_ == writers_.size()) writeTogether();
  }
  writeTogether();
}

void IoThread::writeTogether() {
  const size_t count = std::exchange(writesCount_, 0);
  calls_->write(std::span(writes_).first(count));
  for (size_t i = 0; i < count; ++i) writers_[i]->onWritten(writes_[i].result);
}

void IoThread::touch(Connection& connection) {
  if (std::exchange(connection.touched, true)) return;
  touched_.push_back(&connection);
}

void IoThread::adopt(Peer peer) {
  auto connection = std::make_unique<Connection>(*this, std::move(peer));
  Connection& added = *connection;
  const Handle self = connections_.insert(std::move(connection));
  if (!added.start(self, poller_)) remove(added);
}

void IoThread::remove(Connection& connection) {
  auto* found = connections_.find(connection.self());
  if (found == nullptr) return;
  removed_.push_back(std::move(*found));
  connections_.erase(connection.self());
  owner_.connectionClosed(connection.remoteAddress());
}

Status IoThread::watch(int fd, std::function<void()> onReady) {
  watchers_.push_back(std::move(onReady));
  return poller_.add(fd, kWatcher | (watchers_.size() - 1));
}

void IoThread::after(int64_t delayMs, std::function<void()> task) {
  timers_.emplace(context_.now + delayMs, std::move(task));
}

void IoThread::drain() {
  context_.draining = true;
  std::vector<Connection*> all;
  connections_.forEach([&](Handle, std::unique_ptr<Connection>& one) { all.push_back(one.get()); });
  for (Connection* connection : all) connection->drain();
}

void IoThread::cutAll() {
  std::vector<Connection*> all;
  connections_.forEach([&](Handle, std::unique_ptr<Connection>& one) { all.push_back(one.get()); });
  for (Connection* connection : all) connection->shutDown();
}

bool IoThread::waitForDurable(Handle connection, Lsn lsn) {
  const auto entry = waiting_.emplace(lsn, connection);
  // Counted before the second look at durable(), announce() stores before it looks at the count:
  // one of the two sees.
  waitingCount_.fetch_add(1);
  if (durable() < lsn) return true;
  waiting_.erase(entry);
  waitingCount_.fetch_sub(1);
  return false;
}

void IoThread::announce() {
  if (waitingCount_.load() == 0 || announced_.exchange(true)) return;
  poller_.wake();
}

void IoThread::releaseDurable() {
  const auto end = waiting_.upper_bound(durable());
  for (auto entry = waiting_.begin(); entry != end; entry = waiting_.erase(entry)) {
    waitingCount_.fetch_sub(1);
    if (const auto* connection = connections_.find(entry->second)) {
      (*connection)->onDurable();
      touch(**connection);
    }
  }
}

void IoThread::plan(Handle connection, InstantMs deadline, InstantMs& planned) {
  deadlines_.plan(connection, deadline, planned);
}

void IoThread::takeDeadlines() {
  while (!timers_.empty() && timers_.begin()->first <= context_.now) {
    const auto timer = timers_.extract(timers_.begin());
    timer.mapped()();
  }
  InstantMs at = 0;
  for (Handle due = deadlines_.takeDue(context_.now, at); due != kNoHandle;
       due = deadlines_.takeDue(context_.now, at)) {
    if (const auto* connection = connections_.find(due)) (*connection)->onDeadline(at);
  }
}

}  // namespace holdfast::net
