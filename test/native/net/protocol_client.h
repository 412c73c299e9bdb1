// ProtocolTest: a client that speaks WebSocket byte by byte with an echo server, for the tables of
// protocol_suite_test.cc and deflate_suite_test.cc.
// Thread: the test's.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "echo_sink.h"
#include "net/server.h"
#include "test_client.h"

namespace holdfast::net::protocol {

constexpr uint8_t kFin = 0x80;
constexpr uint8_t kMore = 0x00;
constexpr uint8_t kRsv1 = 0x40;
constexpr uint8_t kContinuation = 0x0;
constexpr uint8_t kText = 0x1;
constexpr uint8_t kBinary = 0x2;
constexpr uint8_t kClose = 0x8;
constexpr uint8_t kPing = 0x9;
constexpr uint8_t kPong = 0xA;

// A masked frame; `first`: FIN, RSV and opcode.
inline std::string frame(uint8_t first, std::string_view payload) {
  std::string out(1, static_cast<char>(first));
  const size_t size = payload.size();
  const unsigned extended = size < 126 ? 0 : size < 65'536 ? 2 : 8;
  out.push_back(static_cast<char>(0x80U | (extended == 0 ? size : extended == 2 ? 126U : 127U)));
  for (unsigned i = extended; i > 0; --i) {
    out.push_back(static_cast<char>((size >> (8 * (i - 1))) & 0xFFU));
  }
  const std::string mask = "\x37\xfa\x21\x3d";
  out += mask;
  for (size_t i = 0; i < size; ++i) out.push_back(static_cast<char>(payload[i] ^ mask[i % 4]));
  return out;
}
inline std::string text(std::string_view payload) { return frame(kFin | kText, payload); }
inline std::string binary(std::string_view payload) { return frame(kFin | kBinary, payload); }
inline std::string closeCode(unsigned code, std::string_view reason = {}) {
  std::string payload;
  payload.push_back(static_cast<char>(code >> 8U));
  payload.push_back(static_cast<char>(code & 0xFFU));
  payload.append(reason);
  return frame(kFin | kClose, payload);
}
// A message in frames of `pieceBytes`.
inline std::string fragments(uint8_t opcode, std::string_view payload, size_t pieceBytes) {
  std::string out;
  for (size_t at = 0; at == 0 || at < payload.size(); at += pieceBytes) {
    const bool last = at + pieceBytes >= payload.size();
    const uint8_t name = at == 0 ? opcode : kContinuation;
    out += frame((last ? kFin : kMore) | name, payload.substr(at, pieceBytes));
  }
  return out;
}

struct Case {
  std::string name;       // section and number
  std::string input;      // what the client sends
  size_t chop = 0;        // in writes of so many bytes; 0: at once
  unsigned close = 1000;  // the code of the server's Close frame; 0: a Close without one
  std::vector<std::string> messages = {};  // what comes back
  std::vector<std::string> pongs = {};
  // The server ends the connection by itself; else the client says Close 1000 at the end. What it
  // echoes before is not certain then.
  bool refused = false;
};
inline void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

struct ServerFrame {
  uint8_t first = 0;
  std::string payload;
};

class ProtocolTest : public ::testing::Test {
 protected:
  void start() {
    server = Server::create(options, sink);
    sink.attach(*server);
    const Result<uint16_t> bound = server->listen({"127.0.0.1", 0, false, {}});
    ASSERT_TRUE(bound.ok()) << bound.status().message();
    client = std::make_unique<TestClient>(bound.value());
  }
  // Returns the head of the 101.
  std::string shake(const std::string& headers = {}) {
    client->write(
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
        headers + "\r\n");
    return client->readUntil("\r\n\r\n");
  }
  void writeChopped(std::string_view bytes, size_t chop) {
    if (chop == 0) chop = bytes.size();
    for (; !bytes.empty(); bytes.remove_prefix(std::min(chop, bytes.size()))) {
      if (!client->write(bytes.substr(0, chop))) return;  // refused meanwhile
    }
  }
  ServerFrame readFrame() {
    ServerFrame out;
    const std::string start = client->readBytes(2);
    if (start.size() < 2) return out;
    out.first = static_cast<uint8_t>(start[0]);
    uint64_t size = static_cast<uint8_t>(start[1]);
    EXPECT_LT(size, 128U) << "a server's frame is not masked";
    if (size >= 126) {
      const std::string extended = client->readBytes(size == 126 ? 2 : 8);
      size = 0;
      for (const char byte : extended) size = (size << 8U) | static_cast<uint8_t>(byte);
    }
    out.payload = client->readBytes(size);
    return out;
  }

  EchoSink sink;
  ServerOptions options;
  std::unique_ptr<Server> server;
  std::unique_ptr<TestClient> client;
};

}  // namespace holdfast::net::protocol
