// Host: the composition root. Builds the storage engine, the server and the shard, and carries
// values between their threads.
//
// Contract: create() opens the data directory and loads the alarms; the doorbell is rung (on any
// thread) when collect() has something to fetch. stop() drains the server; the destructor cuts what
// is left, flushes and closes. Threads: methods on the shard's thread. Owner: the bridge's Runtime
// object.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "base/ids.h"
#include "base/result.h"
#include "host/namespaces.h"
#include "host/shard.h"
#include "net/server.h"
#include "storage/engine.h"

namespace holdfast::host {

struct HostOptions {
  storage::EngineOptions storage;
  net::ServerOptions server;
  ShardOptions shard;
};

class Host final : private net::EventSink, private storage::DurabilitySink {
 public:
  using Doorbell = std::function<void()>;

  // Opens the data directory. Namespaces are added next, then start().
  static Result<std::unique_ptr<Host>> create(HostOptions options, Doorbell doorbell);
  ~Host() override;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  NamespaceTable& namespaces() { return namespaces_; }
  storage::Engine& engine() { return *engine_; }
  net::Server& server() { return *server_; }
  Shard& shard() { return *shard_; }

  Status start() { return shard_->start(); }
  // No bell is rung any more; called before the environment goes away.
  void silence() { silent_.store(true); }

 private:
  Host(HostOptions options, Doorbell doorbell);
  void push(Inbound event);
  void pushFromServer(Inbound event);

  // net::EventSink, I/O threads.
  void onRequest(net::RequestHead head) override;
  void onBody(RequestHandle request, Bytes chunk, bool last, bool failed) override;
  void onWritable(RequestHandle request, uint64_t bytes) override;
  void onRequestDone(RequestHandle request, bool complete) override;
  void onSocketMessage(SocketHandle socket, Bytes message, bool text) override;
  void onSocketPeerClose(SocketHandle socket, net::SocketEnd end) override;
  void onSocketClosed(SocketHandle socket, net::SocketEnd end) override;
  void onDrained() override;
  void onNotice(std::string text) override;
  void onBatchEnd() override;
  // storage::DurabilitySink, threads of the engine.
  void onDurable(Lsn lsn) override;
  void onFlushFailed(const Status& why) override;
  void onDiskFull(bool isFull) override;
  void onAlarms(storage::AlarmPage page) override;

  HostOptions options_;
  Doorbell doorbell_;
  std::atomic<bool> silent_{false};
  std::atomic<bool> bellDue_{false};  // the server has told something since the last ring
  NamespaceTable namespaces_;
  std::unique_ptr<storage::Engine> engine_;
  std::unique_ptr<Shard> shard_;
  std::unique_ptr<net::Server> server_;
  std::atomic<Shard*> ready_{nullptr};  // the shard, once threads may push to it
};

}  // namespace holdfast::host
