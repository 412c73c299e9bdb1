// ServerTest: a server on a free port of the loopback, its recorded events, and short words for its
// commands. Thread: the test's.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "net/server.h"
#include "recording_sink.h"
#include "test_client.h"

namespace holdfast::net {

class ServerTest : public ::testing::Test {
 protected:
  using Kind = Event::Kind;

  void start() {
    server = Server::create(options, sink);
    const Result<uint16_t> bound = server->listen({"127.0.0.1", 0, false, {}});
    ASSERT_TRUE(bound.ok()) << bound.status().message();
    port = bound.value();
  }

  void post(Command command) {
    std::vector<Command> batch;
    batch.push_back(std::move(command));
    server->post(std::move(batch));
  }

  static Command respond(RequestHandle request, std::string body, uint16_t status = 200) {
    Command command;
    command.kind = Command::Kind::kRespond;
    command.target = request;
    command.status = status;
    command.last = true;
    command.payload = Bytes(std::move(body));
    return command;
  }
  static Command begin(RequestHandle request, std::string headers = {}) {
    Command command = respond(request, {});
    command.last = false;
    command.headers = std::move(headers);
    return command;
  }
  static Command body(RequestHandle request, std::string piece, bool last) {
    Command command;
    command.kind = Command::Kind::kBody;
    command.target = request;
    command.payload = Bytes(std::move(piece));
    command.last = last;
    return command;
  }
  static Command simple(Command::Kind kind, Handle target, uint64_t count = 0) {
    Command command;
    command.kind = kind;
    command.target = target;
    command.count = count;
    return command;
  }
  // The host has taken one message of so many bytes.
  static Command consumed(SocketHandle socket, uint64_t bytes) {
    return simple(Command::Kind::kSocketConsumed, socket, bytes + kSocketMessageCost);
  }
  static Command sendText(SocketHandle socket, std::string message) {
    Command command = simple(Command::Kind::kSocketSend, socket);
    command.payload = Bytes(std::move(message));
    command.text = true;
    return command;
  }
  static Command closeSocket(SocketHandle socket, uint16_t code, std::string reason) {
    Command command = simple(Command::Kind::kSocketClose, socket);
    command.status = code;
    command.payload = Bytes(std::move(reason));
    return command;
  }
  static Command afterLsn(Lsn lsn, Command command) {
    command.after = lsn;
    return command;
  }

  static constexpr const char* kHandshake =
      "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

  // Opens a WebSocket; the host's name for it is `socket`. Returns the head of the 101.
  std::string openSocket(TestClient& client, SocketHandle socket, const std::string& more = {},
                         std::shared_ptr<SocketShared> shared = nullptr,
                         std::shared_ptr<const AutoResponse> autoResponse = nullptr) {
    client.write(std::string(kHandshake) + more + "\r\n");
    const Event request = sink.next(Kind::kRequest);
    EXPECT_TRUE(request.head.upgradeWebSocket);
    Command accept = simple(Command::Kind::kAcceptSocket, request.handle);
    accept.socket = socket;
    accept.shared = std::move(shared);
    accept.autoResponse = std::move(autoResponse);
    post(std::move(accept));
    EXPECT_TRUE(sink.next(Kind::kDone).flag);
    return client.readUntil("\r\n\r\n");
  }

  // A client's frame. `first`: FIN, RSV and opcode.
  static std::string frame(uint8_t first, std::string_view payload) {
    std::string out(1, static_cast<char>(first));
    if (payload.size() < 126) {
      out.push_back(static_cast<char>(0x80U | payload.size()));
    } else if (payload.size() < 65'536) {
      out.push_back(static_cast<char>(0x80U | 126U));
      out.push_back(static_cast<char>(payload.size() >> 8U));
      out.push_back(static_cast<char>(payload.size() & 0xFFU));
    } else {
      out.push_back(static_cast<char>(0x80U | 127U));
      for (int shift = 56; shift >= 0; shift -= 8) {
        out.push_back(static_cast<char>((payload.size() >> static_cast<unsigned>(shift)) & 0xFFU));
      }
    }
    const std::string mask = "\x11\x22\x33\x44";
    out += mask;
    for (size_t i = 0; i < payload.size(); ++i) {
      out.push_back(static_cast<char>(payload[i] ^ mask[i % 4]));
    }
    return out;
  }

  RecordingSink sink;
  ServerOptions options;
  std::unique_ptr<Server> server;
  uint16_t port = 0;
};

}  // namespace holdfast::net
