#include "host/host.h"

#include <utility>

namespace holdfast::host {

Result<std::unique_ptr<Host>> Host::create(HostOptions options, Doorbell doorbell) {
  std::unique_ptr<Host> host(new Host(std::move(options), std::move(doorbell)));
  Result<std::unique_ptr<storage::Engine>> engine =
      storage::Engine::open(host->options_.storage, *host);
  if (!engine.ok()) return engine.status();
  host->engine_ = std::move(engine).value();
  host->server_ = net::Server::create(host->options_.server, *host);
  host->shard_ = std::make_unique<Shard>(host->options_.shard, *host->engine_, *host->server_,
                                         host->namespaces_, sys::systemClock());
  host->ready_.store(host->shard_.get());
  return host;
}

Host::Host(HostOptions options, Doorbell doorbell)
    : options_(std::move(options)), doorbell_(std::move(doorbell)) {}

Host::~Host() {
  silence();
  // Each step ends the threads that call into what the next step destroys: databases before the
  // engine that flushes them, the flusher before the server it announces to, the I/O threads before
  // the shard they push to.
  if (shard_) shard_->closeStores();
  engine_.reset();
  server_.reset();
  ready_.store(nullptr);
  shard_.reset();
}

void Host::push(Inbound event) {
  Shard* shard = ready_.load();
  if (shard == nullptr) return;
  // Rung also when something was there before: its ring may wait for the end of a batch.
  (void)shard->push(std::move(event));
  if (!silent_.load()) doorbell_();
}

// The bell is rung at the end of the batch: JavaScript takes all of it in one turn.
void Host::pushFromServer(Inbound event) {
  Shard* shard = ready_.load();
  if (shard == nullptr) return;
  (void)shard->push(std::move(event));
  bellDue_.store(true, std::memory_order_relaxed);
}

void Host::onBatchEnd() {
  if (!bellDue_.load(std::memory_order_relaxed)) return;
  if (bellDue_.exchange(false) && !silent_.load()) doorbell_();
}

void Host::onRequest(net::RequestHead head) { pushFromServer(std::move(head)); }

void Host::onBody(RequestHandle request, Bytes chunk, bool last, bool failed) {
  pushFromServer(RequestBody{request, std::move(chunk), last, failed});
}

void Host::onWritable(RequestHandle request, uint64_t bytes) {
  pushFromServer(ResponseWritable{request, bytes});
}

void Host::onRequestDone(RequestHandle request, bool complete) {
  pushFromServer(RequestDone{request, complete});
}

void Host::onSocketMessage(SocketHandle socket, Bytes message, bool text) {
  pushFromServer(SocketMessage{socket, std::move(message), text});
}

void Host::onSocketPeerClose(SocketHandle socket, net::SocketEnd end) {
  pushFromServer(SocketEnded{socket, std::move(end), false});
}

void Host::onSocketClosed(SocketHandle socket, net::SocketEnd end) {
  pushFromServer(SocketEnded{socket, std::move(end), true});
}

void Host::onDrained() { pushFromServer(ServerDrained{}); }

void Host::onNotice(std::string text) { pushFromServer(ServerNotice{std::move(text)}); }

void Host::onDurable(Lsn lsn) {
  // The server learns first: responses that waited leave without waking JavaScript.
  if (ready_.load() != nullptr) server_->announceDurable(lsn);
  push(DurableReached{lsn});
}

void Host::onFlushFailed(const Status& why) { push(FlushFailed{why.message()}); }

void Host::onDiskFull(bool isFull) {
  push(ServerNotice{
      isFull ? "the data directory's disk is full: writes are refused until there is space"
             : "there is space on the data directory's disk again: writes are taken"});
}

void Host::onAlarms(storage::AlarmPage page) { push(AlarmsRead{std::move(page)}); }

}  // namespace holdfast::host
