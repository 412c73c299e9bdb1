#include "net/detail/io_thread.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "net/response_head.h"
#include "sys/clock.h"

namespace holdfast::net {
namespace {

namespace asio = boost::asio;

constexpr size_t kReadBufferBytes = 65'536;

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
      work_(asio::make_work_guard(io_)),
      readBuffer_(kReadBufferBytes) {}

void IoThread::start() {
  thread_.emplace("hf-io", [this] { io_.run(); });
}

IoThread::~IoThread() { DO_CHECK(!thread_); }

void IoThread::stop() {
  asio::post(io_, [this] {
    stopping_ = true;  // no timer may keep the loop alive
    cutAll();
    timer_.cancel();
    work_.reset();
  });
  thread_.reset();
}

void IoThread::run(std::function<void()> task) {
  asio::post(io_, [this, task = std::move(task)] {
    beginWakeUp();
    task();
    endWakeUp();
  });
}

void IoThread::post(std::vector<Command>&& commands) {
  if (queue_.pushAll(std::move(commands))) asio::post(io_, [this] { drainCommands(); });
}

void IoThread::drainCommands() {
  beginWakeUp();
  queue_.takeAll(batch_);
  for (Command& command : batch_) execute(std::move(command));
  batch_.clear();
  endWakeUp();
}

void IoThread::execute(Command&& command) {
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

void IoThread::beginWakeUp() { context_.now = sys::systemClock().steadyNow(); }

void IoThread::endWakeUp() {
  while (!touched_.empty()) {
    settling_.swap(touched_);
    for (const auto& connection : settling_) {
      connection->touched = false;
      connection->settle();
    }
    settling_.clear();
  }
  armTimer();
}

void IoThread::touch(Connection& connection) {
  if (std::exchange(connection.touched, true)) return;
  touched_.push_back(connection.shared_from_this());
}

void IoThread::adopt(Peer peer) {
  const auto connection = std::make_shared<Connection>(*this, std::move(peer));
  connection->start(connections_.insert(connection));
}

void IoThread::remove(Connection& connection) {
  const auto kept = connection.shared_from_this();  // the table may be its last owner
  if (connections_.erase(connection.self())) owner_.connectionClosed(kept->remoteAddress());
}

void IoThread::drain() {
  context_.draining = true;
  std::vector<std::shared_ptr<Connection>> all;
  connections_.forEach([&](Handle, std::shared_ptr<Connection>& one) { all.push_back(one); });
  for (const auto& connection : all) connection->drain();
}

void IoThread::cutAll() {
  beginWakeUp();
  std::vector<std::shared_ptr<Connection>> all;
  connections_.forEach([&](Handle, std::shared_ptr<Connection>& one) { all.push_back(one); });
  for (const auto& connection : all) connection->shutDown();
  endWakeUp();
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
  if (waitingCount_.load() == 0) return;
  asio::post(io_, [this] {
    beginWakeUp();
    releaseDurable();
    endWakeUp();
  });
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

void IoThread::armTimer() {
  const InstantMs earliest = deadlines_.earliest();
  if (earliest >= timerAt_ || stopping_) return;
  timerAt_ = earliest;
  timer_.expires_after(std::chrono::milliseconds(std::max<int64_t>(0, earliest - context_.now)));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) onTimer();
  });
}

void IoThread::onTimer() {
  beginWakeUp();
  timerAt_ = kNever;
  InstantMs at = 0;
  for (Handle due = deadlines_.takeDue(context_.now, at); due != kNoHandle;
       due = deadlines_.takeDue(context_.now, at)) {
    const auto* found = connections_.find(due);
    if (found == nullptr) continue;
    const std::shared_ptr<Connection> connection = *found;
    connection->onDeadline(at);
  }
  endWakeUp();
}

}  // namespace holdfast::net
