#include "net/server.h"

#include <mutex>
#include <unordered_map>

#include "base/check.h"
#include "net/detail/address_counts.h"
#include "net/detail/io_thread.h"
#include "net/detail/listener.h"

namespace holdfast::net {
namespace {

constexpr int64_t kAcceptRetryMs =
    100;  // when descriptors were used up: files may have closed, too
// The limit is reported again when it was not met for so long.
constexpr int64_t kLimitForgottenMs = 60'000;

class ThreadedServer final : public Server, public IoOwner, public AcceptOwner {
 public:
  ThreadedServer(ServerOptions options, EventSink& sink);
  ~ThreadedServer() override;

  Result<uint16_t> listen(const ListenAddress& address) override;
  Status adopt(TakenConnection taken) override;
  void post(std::vector<Command>&& commands) override;
  void announceDurable(Lsn lsn) override;
  [[nodiscard]] Counts counts() const override {
    return {connections_.load(std::memory_order_relaxed),
            accepted_.load(std::memory_order_relaxed)};
  }
  void drain() override;

  // IoOwner: on any I/O thread.
  void connectionClosed(const std::string& address) override;
  void socketClosed(SocketHandle socket) override;
  [[nodiscard]] Lsn durable() const override { return durable_.load(); }

  // AcceptOwner: on thread 0.
  bool mayAccept() override;
  void accepted(sys::Accepted connection) override;
  void outOfDescriptors() override;
  void moreWait() override;

 private:
  void resumeAccepting();
  void beginDrain();
  void start(Peer peer);  // on thread 0
  void route(std::vector<std::vector<Command>>& perThread, Command&& command);
  void routeBroadcast(std::vector<std::vector<Command>>& perThread, Command&& command);

  const ServerOptions options_;
  EventSink& sink_;
  boost::asio::io_context io_;  // never run; the threads keep listeners
  std::vector<std::unique_ptr<IoThread>> threads_;

  std::atomic<Lsn> durable_{0};
  std::atomic<uint32_t> connections_{0};  // plus one while drain() has not reached every thread
  std::atomic<uint64_t> accepted_{0};
  std::atomic<bool> acceptPaused_{false};
  std::atomic<bool> draining_{false};
  std::atomic<uint32_t> threadsToDrain_{0};

  std::mutex routesMutex_;
  std::unordered_map<SocketHandle, uint32_t>
      routes_;  // guarded by routesMutex_; only with several threads

  AddressCounts addresses_;

  // Thread 0's.
  std::vector<std::shared_ptr<Listener>> listeners_;
  size_t nextThread_ = 0;
  bool retryPlanned_ = false;
  InstantMs limitMetAt_ = -kLimitForgottenMs;
};

ThreadedServer::ThreadedServer(ServerOptions options, EventSink& sink)
    : options_(options), sink_(sink), addresses_(options.limits.connectionsPerAddressMax) {
  DO_CHECK(options_.threads > 0);
  for (uint32_t i = 0; i < options_.threads; ++i) {
    threads_.push_back(std::make_unique<IoThread>(options_, sink_, *this, i));
  }
  for (const auto& thread : threads_) thread->start();
}

ThreadedServer::~ThreadedServer() {
  threads_[0]->run([this] {
    for (const auto& listener : listeners_) listener->close();
  });
  for (const auto& thread : threads_) thread->stop();
}

Result<uint16_t> ThreadedServer::listen(const ListenAddress& address) {
  if (draining_) return Status(Code::kUnavailable, "the server is shutting down");
  Result<std::unique_ptr<Listener>> opened = Listener::open(io_, *this, address);
  if (!opened.ok()) return opened.status();
  const std::shared_ptr<Listener> listener = std::move(opened).value();
  const uint16_t bound = listener->port();
  threads_[0]->run([this, listener] {
    listeners_.push_back(listener);
    const Status watched =
        threads_[0]->watch(listener->descriptor(), [listener] { listener->resume(); });
    DO_CHECK(watched.ok(), watched.message());
  });
  return bound;
}

bool ThreadedServer::mayAccept() {
  if (connections_ < options_.limits.connectionsMax) return true;
  acceptPaused_ = true;
  // A connection may have closed before it could see the flag.
  return connections_ < options_.limits.connectionsMax && acceptPaused_.exchange(false);
}

void ThreadedServer::accepted(sys::Accepted connection) {
  // One too many of this peer: closed without a word, as its peer may speak anything.
  if (!addresses_.add(connection.address)) return;
  start({std::move(connection.socket), std::move(connection.address), false, {}});
}

void ThreadedServer::start(Peer peer) {
  IoThread& thread = *threads_[nextThread_];
  nextThread_ = (nextThread_ + 1) % threads_.size();
  ++connections_;
  accepted_.fetch_add(1, std::memory_order_relaxed);
  if (threads_.size() == 1) {
    thread.adopt(std::move(peer));
    return;
  }
  const auto shared = std::make_shared<Peer>(std::move(peer));
  thread.run([&thread, shared] { thread.adopt(std::move(*shared)); });
}

Status ThreadedServer::adopt(TakenConnection taken) {
  const auto peer =
      std::make_shared<Peer>(Peer{sys::StreamSocket::take(taken.fd), std::move(taken.remoteAddress),
                                  taken.secure, std::move(taken.input)});
  if (draining_) return {Code::kUnavailable, "the server is shutting down"};
  if (peer->socket.descriptor() < 0) {
    return {Code::kInvalidArgument, "not the descriptor of a socket"};
  }
  threads_[0]->run([this, peer] {
    if (draining_) return;
    // Counted, so that its end can be; whoever accepted it decides how many there may be.
    addresses_.force(peer->address);
    start(std::move(*peer));
  });
  return {};
}

void ThreadedServer::outOfDescriptors() {
  const InstantMs now = threads_[0]->context().now;
  if (now - std::exchange(limitMetAt_, now) >= kLimitForgottenMs) {
    sink_.onNotice(
        "The process has as many open descriptors as it may have (ulimit -n). New connections wait "
        "until others close; those that are open go on.");
  }
  acceptPaused_ = true;
  if (std::exchange(retryPlanned_, true)) return;
  threads_[0]->after(kAcceptRetryMs, [this] {
    retryPlanned_ = false;
    resumeAccepting();
  });
}

void ThreadedServer::moreWait() {
  threads_[0]->run([this] { resumeAccepting(); });
}

void ThreadedServer::resumeAccepting() {
  for (const auto& listener : listeners_) listener->resume();
}

void ThreadedServer::connectionClosed(const std::string& address) {
  addresses_.remove(address);
  const bool last = connections_.fetch_sub(1) == 1;
  if (last && draining_) sink_.onDrained();
  if (acceptPaused_.exchange(false)) {
    threads_[0]->run([this] { resumeAccepting(); });
  }
}

void ThreadedServer::post(std::vector<Command>&& commands) {
  if (threads_.size() == 1) {
    threads_[0]->post(std::move(commands));
    return;
  }
  std::vector<std::vector<Command>> perThread(threads_.size());
  {
    const std::lock_guard<std::mutex> lock(routesMutex_);
    for (Command& command : commands) route(perThread, std::move(command));
  }
  for (size_t i = 0; i < threads_.size(); ++i) threads_[i]->post(std::move(perThread[i]));
}

// Request handles name their thread; sockets are looked up. Called with routesMutex_ held.
void ThreadedServer::route(std::vector<std::vector<Command>>& perThread, Command&& command) {
  if (!command.others.empty()) return routeBroadcast(perThread, std::move(command));
  uint32_t thread = handleIndex(command.target) % static_cast<uint32_t>(threads_.size());
  if (command.kind == Command::Kind::kAcceptSocket) {
    routes_[command.socket] = thread;
  } else if (isForSocket(command.kind)) {
    const auto found = routes_.find(command.target);
    if (found == routes_.end()) return;
    thread = found->second;
  }
  perThread[thread].push_back(std::move(command));
}

// To each thread the part of its sockets.
void ThreadedServer::routeBroadcast(std::vector<std::vector<Command>>& perThread,
                                    Command&& command) {
  std::vector<std::vector<SocketHandle>> sockets(threads_.size());
  command.others.push_back(command.target);
  std::swap(command.others.front(), command.others.back());
  for (const SocketHandle socket : command.others) {
    const auto found = routes_.find(socket);
    if (found != routes_.end()) sockets[found->second].push_back(socket);
  }
  for (size_t i = 0; i < sockets.size(); ++i) {
    if (sockets[i].empty()) continue;
    Command part = command;
    part.target = sockets[i].back();
    sockets[i].pop_back();
    part.others = std::move(sockets[i]);
    perThread[i].push_back(std::move(part));
  }
}

void ThreadedServer::socketClosed(SocketHandle socket) {
  if (threads_.size() == 1) return;
  const std::lock_guard<std::mutex> lock(routesMutex_);
  routes_.erase(socket);
}

void ThreadedServer::announceDurable(Lsn lsn) {
  if (lsn <= durable_.load()) return;
  durable_.store(lsn);
  for (const auto& thread : threads_) thread->announce();
}

void ThreadedServer::drain() {
  if (draining_) return;
  threadsToDrain_ = options_.threads;
  ++connections_;
  draining_ = true;
  threads_[0]->run([this] { beginDrain(); });
}

void ThreadedServer::beginDrain() {
  for (const auto& listener : listeners_) listener->close();
  threads_[0]->after(options_.limits.drainTimeoutMs, [this] {
    for (const auto& thread : threads_) thread->run([one = thread.get()] { one->cutAll(); });
  });
  for (const auto& thread : threads_) {
    thread->run([this, one = thread.get()] {
      one->drain();
      if (threadsToDrain_.fetch_sub(1) == 1) connectionClosed({});
    });
  }
}

}  // namespace

std::unique_ptr<Server> Server::create(ServerOptions options, EventSink& sink) {
  return std::make_unique<ThreadedServer>(options, sink);
}

}  // namespace holdfast::net
