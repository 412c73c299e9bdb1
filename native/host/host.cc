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
  if (shard->push(std::move(event)) && !silent_.load()) doorbell_();
}

void Host::onRequest(net::RequestHead head) { push(std::move(head)); }

void Host::onBody(RequestHandle request, Bytes chunk, bool last, bool failed) {
  push(RequestBody{request, std::move(chunk), last, failed});
}

void Host::onWritable(RequestHandle request, uint64_t bytes) {
  push(ResponseWritable{request, bytes});
}

void Host::onRequestDone(RequestHandle request, bool complete) {
  push(RequestDone{request, complete});
}

void Host::onSocketMessage(SocketHandle socket, Bytes message, bool text) {
  push(SocketMessage{socket, std::move(message), text});
}

void Host::onSocketPeerClose(SocketHandle socket, net::SocketEnd end) {
  push(SocketEnded{socket, std::move(end), false});
}

void Host::onSocketClosed(SocketHandle socket, net::SocketEnd end) {
  push(SocketEnded{socket, std::move(end), true});
}

void Host::onDrained() { push(ServerDrained{}); }

void Host::onDurable(Lsn lsn) {
  // The server learns first: responses that waited leave without waking JavaScript.
  if (ready_.load() != nullptr) server_->announceDurable(lsn);
  push(DurableReached{lsn});
}

void Host::onFlushFailed(const Status& why) { push(FlushFailed{why.message()}); }

}  // namespace holdfast::host
