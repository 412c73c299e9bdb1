// EchoSink: a host that accepts every WebSocket, sends each message back and answers a Close with
// the same code.
//
// Contract: attach() before the server listens. Thread: onX on I/O threads.
#pragma once

#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "net/server.h"

namespace holdfast::net {

class EchoSink final : public EventSink {
 public:
  void attach(Server& server) { server_ = &server; }

  void onRequest(RequestHead head) override {
    Command accept = to(Command::Kind::kAcceptSocket, head.request);
    accept.socket = ++sockets_;
    post({std::move(accept)});
  }
  void onSocketMessage(SocketHandle socket, Bytes message, bool text) override {
    Command taken = to(Command::Kind::kSocketConsumed, socket);
    taken.count = message.size() + kSocketMessageCost;
    Command echo = to(Command::Kind::kSocketSend, socket);
    echo.payload = std::move(message);
    echo.text = text;
    post({std::move(taken), std::move(echo)});
  }
  void onSocketPeerClose(SocketHandle socket, SocketEnd end) override {
    Command close = to(Command::Kind::kSocketClose, socket);
    close.status = end.code;
    close.payload = Bytes(end.reason);
    post({std::move(close)});
  }
  void onSocketClosed(SocketHandle /*socket*/, SocketEnd /*end*/) override {}
  void onBody(RequestHandle /*request*/, Bytes /*chunk*/, bool /*last*/, bool /*failed*/) override {
  }
  void onWritable(RequestHandle /*request*/, uint64_t /*bytes*/) override {}
  void onRequestDone(RequestHandle /*request*/, bool /*complete*/) override {}
  void onDrained() override {}
  void onNotice(std::string /*text*/) override {}
  void onBatchEnd() override {}

 private:
  static Command to(Command::Kind kind, Handle target) {
    Command command;
    command.kind = kind;
    command.target = target;
    return command;
  }
  template <size_t kCount>
  void post(Command (&&commands)[kCount]) {
    std::vector<Command> batch;
    for (Command& command : commands) batch.push_back(std::move(command));
    server_->post(std::move(batch));
  }

  Server* server_ = nullptr;
  std::atomic<SocketHandle> sockets_{0};
};

}  // namespace holdfast::net
