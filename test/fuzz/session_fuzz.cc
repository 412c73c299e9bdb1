// libFuzzer target: one connection's bytes through HttpSession and, after an upgrade,
// SocketSession: request heads, chunked bodies, the WebSocket handshake, frames and
// permessage-deflate. Whatever arrives, in whatever pieces, the host hears the end of each request
// and of each socket exactly once and nothing of it afterwards, bodies stay within their credit and
// messages within their limit. The first two bytes of an input say how the host behaves and how
// long the pieces are. Built and run by scripts/fuzz.mjs.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "net/http_session.h"
#include "net/socket_session.h"

namespace {

using namespace holdfast;
using namespace holdfast::net;

constexpr uint64_t kMessageBytesMax = 4'096;

Limits smallLimits() {
  Limits limits;
  limits.headerBytesMax = 1'024;
  limits.bodyBytesMax = 8'192;
  limits.bodyWindowBytes = 512;
  limits.inlineBodyBytesMax = 128;
  limits.pipelinedRequestsMax = 4;
  limits.socketMessageBytesMax = kMessageBytesMax;
  limits.socketInboundBytesMax = 2'048;
  limits.socketOutboundBytesMax = 65'536;
  return limits;
}

// The host: answers everything, in one of several ways.
class Host final : public EventSink {
 public:
  explicit Host(uint8_t behaviour) : behaviour_(behaviour) {}

  void onRequest(RequestHead head) override {
    DO_CHECK(open_.emplace(head.request, 0).second);
    open_[head.request] += head.body.size();
    if (!head.bodyComplete) bodies_.insert(head.request);
    Command command;
    command.target = head.request;
    if (head.upgradeWebSocket && (behaviour_ & 1U) == 0) {
      command.kind = Command::Kind::kAcceptSocket;
      command.socket = nextSocket_++;
      if ((behaviour_ & 8U) != 0) {
        command.autoResponse = std::make_shared<AutoResponse>(AutoResponse{"ping", "pong"});
      }
      sockets_.insert(command.socket);
    } else {
      command.kind = Command::Kind::kRespond;
      command.status = 200;
      command.last = (behaviour_ & 2U) == 0;
      command.payload = Bytes(std::string("answer"));
    }
    const bool streams = command.kind == Command::Kind::kRespond && !command.last;
    commands.push_back(std::move(command));
    if (!streams) return;
    Command end;
    end.kind = Command::Kind::kBody;
    end.target = head.request;
    end.last = true;
    commands.push_back(std::move(end));
  }
  void onBody(RequestHandle request, Bytes chunk, bool last, bool /*failed*/) override {
    DO_CHECK(open_.contains(request) && bodies_.contains(request));
    open_[request] += chunk.size();
    DO_CHECK(open_[request] <= 8'192);
    if (last) bodies_.erase(request);
    if ((behaviour_ & 4U) != 0 || last) return;
    Command more;
    more.kind = Command::Kind::kReadMore;
    more.target = request;
    more.count = chunk.size();
    commands.push_back(std::move(more));
  }
  void onWritable(RequestHandle request, uint64_t /*bytes*/) override {
    DO_CHECK(open_.contains(request));
  }
  void onRequestDone(RequestHandle request, bool /*complete*/) override {
    DO_CHECK(open_.erase(request) == 1);
    bodies_.erase(request);
  }
  void onSocketMessage(SocketHandle socket, Bytes message, bool text) override {
    DO_CHECK(sockets_.contains(socket));
    DO_CHECK(message.size() <= kMessageBytesMax, message.size());
    Command consumed;
    consumed.kind = Command::Kind::kSocketConsumed;
    consumed.target = socket;
    consumed.count = message.size() + kSocketMessageCost;
    Command echo;
    echo.kind = Command::Kind::kSocketSend;
    echo.target = socket;
    echo.text = text;
    echo.payload = std::move(message);
    if ((behaviour_ & 16U) == 0) commands.push_back(std::move(echo));
    commands.push_back(std::move(consumed));
  }
  void onSocketPeerClose(SocketHandle socket, SocketEnd end) override {
    DO_CHECK(sockets_.contains(socket) && end.clean);
    Command close;
    close.kind = Command::Kind::kSocketClose;
    close.target = socket;
    close.status = end.code;
    commands.push_back(std::move(close));
  }
  void onSocketClosed(SocketHandle socket, SocketEnd /*end*/) override {
    DO_CHECK(sockets_.erase(socket) == 1);
  }
  void onDrained() override {}
  void onNotice(std::string /*text*/) override {}
  void onBatchEnd() override {}

  [[nodiscard]] bool knowsNothing() const { return open_.empty() && sockets_.empty(); }

  std::vector<Command> commands;

 private:
  const uint8_t behaviour_;
  std::map<RequestHandle, uint64_t> open_;  // with the bytes of their bodies
  std::set<RequestHandle> bodies_;          // whose end was not told
  std::set<SocketHandle> sockets_;
  SocketHandle nextSocket_ = makeHandle(1, 1);
};

class Context final : public SessionContext {
 public:
  using SessionContext::SessionContext;
  [[nodiscard]] std::string_view httpDate() override { return "Sun, 06 Nov 1994 08:49:37 GMT"; }
  [[nodiscard]] TimestampMs wallNow() const override { return 1; }
};

// A connection whose peer takes everything at once.
class Wire final : public Transport {
 public:
  explicit Wire(Context& context)
      : context_(context), session_(std::make_unique<HttpSession>(context, *this)) {}

  void send(Output output) override { outputs_.push(std::move(output)); }
  void touch() override {}
  void finish() override { finished_ = true; }
  void cut(Cut /*how*/) override { closed_ = true; }
  void become(std::unique_ptr<Session> session) override {
    replaced_ = std::exchange(session_, std::move(session));
  }
  [[nodiscard]] const std::string& remoteAddress() const override { return address_; }
  [[nodiscard]] bool secure() const override { return false; }

  [[nodiscard]] bool takes() const { return !closed_ && !finished_ && session_->wantsInput(); }
  void input(std::string_view bytes) { session_->onInput(bytes); }
  void inputEnd() {
    if (takes()) session_->onInputEnd();
  }
  void gone() {
    if (!closed_) session_->onGone();
  }

  void settle(std::vector<Command>& commands) {
    while (!closed_) {
      std::vector<Command> now = std::exchange(commands, {});
      for (Command& command : now) execute(std::move(command));
      write();
      replaced_.reset();
      if (commands.empty()) return;
    }
    // As IoThread does: a command whose session is gone is dropped, but for this one.
    for (Command& command : std::exchange(commands, {})) {
      if (command.kind == Command::Kind::kAcceptSocket) refuse(command.socket);
    }
  }

 private:
  void execute(Command&& command) {
    Session* session = nullptr;
    const bool forSocket = command.kind == Command::Kind::kSocketSend ||
                           command.kind == Command::Kind::kSocketClose ||
                           command.kind == Command::Kind::kSocketConsumed;
    if (forSocket) {
      const auto found = context_.sockets.find(command.target);
      if (found != context_.sockets.end()) session = found->second;
    } else if (Session** found = context_.requests.find(context_.localRequest(command.target))) {
      session = *found;
    }
    if (session != nullptr) {
      session->onCommand(std::move(command));
    } else if (command.kind == Command::Kind::kAcceptSocket) {
      refuse(command.socket);
    }
  }
  void refuse(SocketHandle socket) {
    context_.closeSocket(socket);
    context_.sink.onSocketClosed(socket, {});
  }
  void write() {
    Output sent;
    while (!closed_ && !outputs_.empty()) {
      outputs_.advance(outputs_.bytes());
      while (!closed_ && outputs_.takeSent(0, sent)) session_->onSent(sent);
    }
  }

  Context& context_;
  const std::string address_ = "127.0.0.1";
  OutputQueue outputs_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<Session> replaced_;
  bool finished_ = false;
  bool closed_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  ServerOptions options;
  options.limits = smallLimits();
  Host host(data[0]);
  Context context(options, host, 0);
  Wire wire(context);
  const size_t piece = data[1] == 0 ? size : data[1];
  std::string_view input(reinterpret_cast<const char*>(data) + 2, size - 2);
  while (!input.empty() && wire.takes()) {
    const std::string_view now = input.substr(0, std::min(piece, input.size()));
    input.remove_prefix(now.size());
    wire.input(now);
    wire.settle(host.commands);
  }
  wire.inputEnd();
  wire.settle(host.commands);
  wire.gone();
  wire.settle(host.commands);
  DO_CHECK(host.knowsNothing());
  DO_CHECK(context.requests.size() == 0 && context.sockets.empty());
  return 0;
}
