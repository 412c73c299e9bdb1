#include "net/server.h"

#include <unistd.h>

#include <chrono>
#include <mutex>
#include <unordered_map>

#include "base/check.h"
#include "net/detail/address_counts.h"
#include "net/detail/io_thread.h"
#include "net/detail/listener.h"

namespace holdfast::net {
namespace {

class AsioServer final : public Server, public IoOwner, public AcceptOwner {
 public:
  AsioServer(ServerOptions options, EventSink& sink);
  ~AsioServer() override;

  Result<uint16_t> listen(const ListenAddress& address) override;
  Status adopt(TakenConnection taken) override;
  void post(std::vector<Command>&& commands) override;
  void announceDurable(Lsn lsn) override;
  void drain() override;

  // IoOwner: on any I/O thread.
  void connectionClosed(const std::string& address) override;
  void socketClosed(SocketHandle socket) override;
  [[nodiscard]] Lsn durable() const override { return durable_.load(); }

  // AcceptOwner: on thread 0.
  bool mayAccept() override;
  boost::asio::io_context& nextContext() override { return threads_[nextThread_]->io(); }
  void accepted(Stream::socket socket) override;

 private:
  void beginDrain();
  void start(Peer peer);
  void route(std::vector<std::vector<Command>>& perThread, Command&& command);

  const ServerOptions options_;
  EventSink& sink_;
  std::vector<std::unique_ptr<IoThread>> threads_;

  std::atomic<Lsn> durable_{0};
  std::atomic<uint32_t> connections_{0};  // plus one while drain() has not reached every thread
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
  std::unique_ptr<boost::asio::steady_timer> drainTimer_;
};

AsioServer::AsioServer(ServerOptions options, EventSink& sink)
    : options_(options), sink_(sink), addresses_(options.limits.connectionsPerAddressMax) {
  DO_CHECK(options_.threads > 0);
  for (uint32_t i = 0; i < options_.threads; ++i) {
    threads_.push_back(std::make_unique<IoThread>(options_, sink_, *this, i));
  }
  drainTimer_ = std::make_unique<boost::asio::steady_timer>(threads_[0]->io());
  for (const auto& thread : threads_) thread->start();
}

AsioServer::~AsioServer() {
  threads_[0]->run([this] {
    for (const auto& listener : listeners_) listener->close();
    drainTimer_->cancel();
  });
  for (const auto& thread : threads_) thread->stop();
}

Result<uint16_t> AsioServer::listen(const ListenAddress& address) {
  if (draining_) return Status(Code::kUnavailable, "the server is shutting down");
  Result<std::unique_ptr<Listener>> opened = Listener::open(threads_[0]->io(), *this, address);
  if (!opened.ok()) return opened.status();
  const std::shared_ptr<Listener> listener = std::move(opened).value();
  const uint16_t bound = listener->port();
  threads_[0]->run([this, listener] {
    listeners_.push_back(listener);
    listener->resume();
  });
  return bound;
}

bool AsioServer::mayAccept() {
  if (connections_ < options_.limits.connectionsMax) return true;
  acceptPaused_ = true;
  // A connection may have closed before it could see the flag.
  return connections_ < options_.limits.connectionsMax && acceptPaused_.exchange(false);
}

void AsioServer::accepted(Stream::socket socket) {
  boost::system::error_code error;
  std::string address = addressOf(socket.remote_endpoint(error));
  // One too many of this peer: closed without a word, as its peer may speak anything.
  if (!addresses_.add(address)) return;
  start({std::move(socket), std::move(address), false, {}});
}

void AsioServer::start(Peer peer) {
  IoThread& thread = *threads_[nextThread_];
  nextThread_ = (nextThread_ + 1) % threads_.size();
  ++connections_;
  if (threads_.size() == 1) {
    thread.beginWakeUp();
    thread.adopt(std::move(peer));
    thread.endWakeUp();
    return;
  }
  const auto shared = std::make_shared<Peer>(std::move(peer));
  thread.run([&thread, shared] { thread.adopt(std::move(*shared)); });
}

Status AsioServer::adopt(TakenConnection taken) {
  const int family = familyOf(taken.fd);
  if (draining_ || family < 0) {
    ::close(taken.fd);
    if (draining_) return {Code::kUnavailable, "the server is shutting down"};
    return {Code::kInvalidArgument, "not the descriptor of a socket"};
  }
  const auto shared = std::make_shared<TakenConnection>(std::move(taken));
  threads_[0]->run([this, shared, family] {
    Stream::socket socket(nextContext());
    boost::system::error_code error;
    socket.assign(Stream(family, 0), shared->fd, error);
    if (error) {
      ::close(shared->fd);
      return;
    }
    // Counted, so that its end can be; whoever accepted it decides how many there may be.
    addresses_.force(shared->remoteAddress);
    start({std::move(socket), std::move(shared->remoteAddress), shared->secure,
           std::move(shared->input)});
  });
  return {};
}

void AsioServer::connectionClosed(const std::string& address) {
  addresses_.remove(address);
  const bool last = connections_.fetch_sub(1) == 1;
  if (last && draining_) sink_.onDrained();
  if (acceptPaused_.exchange(false)) {
    threads_[0]->run([this] {
      for (const auto& listener : listeners_) listener->resume();
    });
  }
}

void AsioServer::post(std::vector<Command>&& commands) {
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
void AsioServer::route(std::vector<std::vector<Command>>& perThread, Command&& command) {
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

void AsioServer::socketClosed(SocketHandle socket) {
  if (threads_.size() == 1) return;
  const std::lock_guard<std::mutex> lock(routesMutex_);
  routes_.erase(socket);
}

void AsioServer::announceDurable(Lsn lsn) {
  if (lsn <= durable_.load()) return;
  durable_.store(lsn);
  for (const auto& thread : threads_) thread->announce();
}

void AsioServer::drain() {
  if (draining_) return;
  threadsToDrain_ = options_.threads;
  ++connections_;
  draining_ = true;
  threads_[0]->run([this] { beginDrain(); });
}

void AsioServer::beginDrain() {
  for (const auto& listener : listeners_) listener->close();
  drainTimer_->expires_after(std::chrono::milliseconds(options_.limits.drainTimeoutMs));
  drainTimer_->async_wait([this](const boost::system::error_code& error) {
    if (error) return;
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
  return std::make_unique<AsioServer>(options, sink);
}

}  // namespace holdfast::net
