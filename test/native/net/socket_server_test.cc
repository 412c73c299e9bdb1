// The WebSocket half of the server over real connections.
#include "net/deflate.h"
#include "server_fixture.h"

namespace holdfast::net {
namespace {

using SocketServerTest = ServerTest;

constexpr SocketHandle kSocket = 77;
constexpr uint8_t kFin = 0x80;
constexpr uint8_t kText = 0x81;
constexpr uint8_t kBinary = 0x82;
constexpr uint8_t kClose = 0x88;
constexpr uint8_t kPing = 0x89;

const std::string kCloseBye(
    "\x88\x05\x03\xe8"
    "bye",
    7);
const std::string kPeerBye(
    "\x03\xe8"
    "bye",
    5);

TEST_F(SocketServerTest, CompletesTheHandshake) {
  start();
  TestClient client(port);
  const std::string head = openSocket(client, kSocket);
  EXPECT_EQ(head.find("HTTP/1.1 101 "), 0U);
  EXPECT_NE(head.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), std::string::npos);
  EXPECT_EQ(head.find("Extensions"), std::string::npos);
}

TEST_F(SocketServerTest, S6_2_3_FieldsOfTheApplicationPassButThoseOfTheHandshake) {
  start();
  TestClient client(port);
  client.write(std::string(kHandshake) + "\r\n");
  Command accept = simple(Command::Kind::kAcceptSocket, sink.next(Kind::kRequest).handle);
  accept.socket = kSocket;
  accept.headers =
      "Sec-WebSocket-Protocol: chat\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: theirs\r\n"
      "connection: Upgrade\r\nSec-WebSocket-Extensions: permessage-deflate\r\nX-Own: 1\r\n"
      "Content-Length: 0\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=1\r\n";
  post(std::move(accept));
  EXPECT_EQ(client.readUntil("\r\n\r\n"),
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            "Sec-WebSocket-Protocol: chat\r\nX-Own: 1\r\nSet-Cookie: a=1\r\n\r\n");
}

TEST_F(SocketServerTest, CarriesMessagesBothWays) {
  start();
  TestClient client(port);
  openSocket(client, kSocket);
  for (const size_t size : {0U, 1U, 125U, 126U, 65'535U, 65'536U, 300'000U}) {
    const std::string payload(size, 'm');
    client.write(frame(kBinary, payload));
    const Event message = sink.next(Kind::kMessage);
    EXPECT_EQ(message.handle, kSocket);
    EXPECT_TRUE(message.text == payload) << size;
    EXPECT_FALSE(message.flag);
    post(consumed(kSocket, size));
    post(sendText(kSocket, payload));
    const size_t header = size < 126 ? 2 : size < 65'536 ? 4 : 10;
    const std::string echoed = client.readBytes(header + size);
    EXPECT_EQ(static_cast<uint8_t>(echoed[0]), kText);
    EXPECT_TRUE(echoed.substr(header) == payload) << size;
  }
}

TEST_F(SocketServerTest, JoinsFragmentsAroundAPing) {
  start();
  TestClient client(port);
  openSocket(client, kSocket);
  client.write(frame(0x01, "he") + frame(kPing, "p") + frame(0x00, "l") + frame(kFin, "lo"));
  const Event message = sink.next(Kind::kMessage);
  EXPECT_EQ(message.text, "hello");
  EXPECT_TRUE(message.flag);
  EXPECT_EQ(client.readBytes(3), "\x8a\x01p");
}

TEST_F(SocketServerTest, FramesThatComeWithTheHandshakeAreNotLost) {
  start();
  TestClient client(port);
  openSocket(client, kSocket, {});
  TestClient eager(port);
  eager.write(std::string(kHandshake) + "\r\n" + frame(kText, "early"));
  Command accept = simple(Command::Kind::kAcceptSocket, sink.next(Kind::kRequest).handle);
  accept.socket = 78;
  post(std::move(accept));
  sink.next(Kind::kDone);
  EXPECT_EQ(sink.next(Kind::kMessage).text, "early");
}

TEST_F(SocketServerTest, S6_6_1_ThePeersCloseWaitsForTheApplication) {
  start();
  TestClient client(port);
  openSocket(client, kSocket);
  client.write(frame(kClose, kPeerBye));
  const Event close = sink.next(Kind::kPeerClose);
  EXPECT_EQ(close.count, 1000U);
  EXPECT_EQ(close.text, "bye");
  EXPECT_TRUE(close.flag);
  post(sendText(kSocket, "still"));  // half-open
  EXPECT_EQ(client.readBytes(7), "\x81\x05still");
  post(closeSocket(kSocket, 1000, "bye"));
  EXPECT_EQ(client.readToEnd(), kCloseBye);
  const Event closed = sink.next(Kind::kClosed);
  EXPECT_EQ(closed.count, 1000U);
  EXPECT_TRUE(closed.flag);
}

TEST_F(SocketServerTest, OurCloseEndsWithThePeersAnswer) {
  start();
  TestClient client(port);
  openSocket(client, kSocket);
  post(sendText(kSocket, "last"));
  post(closeSocket(kSocket, 1000, "bye"));
  EXPECT_EQ(client.readBytes(13), "\x81\x04last" + kCloseBye);
  client.write(frame(kText, "crossing") + frame(kClose, std::string("\x0f\xa0own", 5)));
  EXPECT_EQ(sink.next(Kind::kMessage).text, "crossing");
  const Event closed = sink.next(Kind::kClosed);
  EXPECT_EQ(closed.count, 4000U);
  EXPECT_EQ(closed.text, "own");
  EXPECT_TRUE(closed.flag);
  EXPECT_EQ(client.readToEnd(), "");
}

TEST_F(SocketServerTest, S6_5_4_ACloseWithoutACodeHasNoBody) {
  start();
  TestClient client(port);
  openSocket(client, kSocket);
  client.write(frame(kClose, ""));
  EXPECT_EQ(sink.next(Kind::kPeerClose).count, 1005U);
  post(closeSocket(kSocket, 1005, ""));
  EXPECT_EQ(client.readToEnd(), std::string("\x88\x00", 2));
}

TEST_F(SocketServerTest, AMutePeerIsCutAfterTheCloseTimeOut) {
  options.limits.closeHandshakeTimeoutMs = 20;
  start();
  TestClient client(port);
  openSocket(client, kSocket);
  post(closeSocket(kSocket, 1000, "bye"));
  const Event closed = sink.next(Kind::kClosed);
  EXPECT_EQ(closed.count, 1006U);
  EXPECT_FALSE(closed.flag);
}

TEST_F(SocketServerTest, S6_6_4_AVanishedPeerIs1006) {
  start();
  TestClient client(port);
  openSocket(client, kSocket);
  client.close();
  const Event closed = sink.next(Kind::kClosed);
  EXPECT_EQ(closed.count, 1006U);
  EXPECT_FALSE(closed.flag);
  EXPECT_FALSE(closed.failed);
}

TEST_F(SocketServerTest, S6_6_4_AResetIs1006) {
  start();
  TestClient client(port);
  openSocket(client, kSocket);
  client.reset();
  const Event closed = sink.next(Kind::kClosed);
  EXPECT_EQ(closed.count, 1006U);
  EXPECT_FALSE(closed.flag);
  EXPECT_TRUE(closed.failed);
}

TEST_F(SocketServerTest, TerminateCutsWithoutACloseFrame) {
  start();
  TestClient client(port);
  openSocket(client, kSocket);
  post(simple(Command::Kind::kSocketTerminate, kSocket));
  EXPECT_EQ(client.readToEnd(), "");
  EXPECT_EQ(sink.next(Kind::kClosed).count, 1006U);
}

struct BadFrame {
  const char* name;
  std::string bytes;
  uint16_t code;
};

class BadFrameTest : public ServerTest, public ::testing::WithParamInterface<BadFrame> {
 public:
  static std::string make(uint8_t first, std::string_view payload) { return frame(first, payload); }
};

TEST_P(BadFrameTest, EndsTheSocketWithItsCode) {
  options.limits.socketMessageBytesMax = 1'000;
  start();
  TestClient client(port);
  openSocket(client, kSocket);
  client.write(GetParam().bytes);
  const std::string close = client.readToEnd();
  ASSERT_GE(close.size(), 4U);
  EXPECT_EQ(static_cast<uint8_t>(close[0]), kClose);
  EXPECT_EQ((static_cast<uint8_t>(close[2]) << 8) | static_cast<uint8_t>(close[3]),
            GetParam().code);
  const Event closed = sink.next(Kind::kClosed);
  EXPECT_EQ(closed.count, GetParam().code);
  EXPECT_FALSE(closed.flag);
}

INSTANTIATE_TEST_SUITE_P(
    Socket, BadFrameTest,
    ::testing::Values(
        BadFrame{"Unmasked", std::string("\x81\x01x", 3), 1002},
        BadFrame{"ReservedBit", BadFrameTest::make(0xC1, "x"), 1002},
        BadFrame{"Opcode", BadFrameTest::make(0x83, "x"), 1002},
        BadFrame{"ControlOpcode", BadFrameTest::make(0x8B, "x"), 1002},
        BadFrame{"FragmentedPing", BadFrameTest::make(0x09, "x"), 1002},
        BadFrame{"LongPing", BadFrameTest::make(0x89, std::string(126, 'x')), 1002},
        BadFrame{"LoneContinuation", BadFrameTest::make(0x80, "x"), 1002},
        BadFrame{"Nested", BadFrameTest::make(0x01, "x") + BadFrameTest::make(0x81, "y"), 1002},
        BadFrame{"CloseOfOneByte", BadFrameTest::make(0x88, "x"), 1002},
        BadFrame{"CloseCode", BadFrameTest::make(0x88, std::string("\x03\xed", 2)), 1002},
        BadFrame{"CloseReason", BadFrameTest::make(0x88, std::string("\x03\xe8\xff", 3)), 1007},
        BadFrame{"S6_7_6_Utf8", BadFrameTest::make(0x81, "\xc3("), 1007},
        BadFrame{"S6_9_1_TooBig", BadFrameTest::make(0x82, std::string(1'001, 'x')), 1009},
        BadFrame{"TooBigInParts",
                 BadFrameTest::make(0x02, std::string(600, 'x')) +
                     BadFrameTest::make(0x80, std::string(600, 'x')),
                 1009}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(SocketServerTest, S6_13_3_AnswersAutomaticallyInOrder) {
  start();
  TestClient client(port);
  const auto shared = std::make_shared<SocketShared>();
  const auto pair = std::make_shared<const AutoResponse>(AutoResponse{"ping", "pong"});
  openSocket(client, kSocket, {}, shared, pair);
  post(afterLsn(5, sendText(kSocket, "held")));
  client.write(frame(kBinary, "ping") + frame(kText, "pinG") + frame(kText, "ping"));
  EXPECT_EQ(sink.next(Kind::kMessage).text, "ping");
  EXPECT_EQ(sink.next(Kind::kMessage).text, "pinG");
  server->announceDurable(5);
  EXPECT_EQ(client.readBytes(6), "\x81\x04held");
  post(consumed(kSocket, 4));
  post(sendText(kSocket, "pinG"));
  post(consumed(kSocket, 4));
  EXPECT_EQ(client.readBytes(12), "\x81\x04pinG\x81\x04pong");
  EXPECT_GT(shared->autoResponseAtMs.load(), 0);
  EXPECT_TRUE(sink.empty());
  post(simple(Command::Kind::kSocketAutoResponse, kSocket));
  post(sendText(kSocket, "off"));
  client.readBytes(5);
  client.write(frame(kText, "ping"));
  EXPECT_EQ(sink.next(Kind::kMessage).text, "ping");
}

TEST_F(SocketServerTest, S6_13_5_EachAnswerFollowsTheMessagesBeforeIt) {
  start();
  TestClient client(port);
  openSocket(client, kSocket, {}, nullptr,
             std::make_shared<const AutoResponse>(AutoResponse{"ping", "pong"}));
  client.write(frame(kText, "a") + frame(kText, "ping") + frame(kText, "b") + frame(kText, "ping") +
               frame(kText, "ping"));
  EXPECT_EQ(sink.next(Kind::kMessage).text, "a");
  EXPECT_EQ(sink.next(Kind::kMessage).text, "b");
  post(sendText(kSocket, "A"));
  post(consumed(kSocket, 1));
  EXPECT_EQ(client.readBytes(9),
            "\x81\x01"
            "A"
            "\x81\x04pong");
  post(sendText(kSocket, "B"));
  post(consumed(kSocket, 1));
  EXPECT_EQ(client.readBytes(15),
            "\x81\x01"
            "B"
            "\x81\x04pong\x81\x04pong");
}

TEST_F(SocketServerTest, S6_4_5_ABroadcastTakesItsPlaceOnEachSocket) {
  options.compression = true;
  start();
  TestClient plain(port);
  TestClient deflating(port);
  openSocket(plain, 101);
  openSocket(deflating, 102, "Sec-WebSocket-Extensions: permessage-deflate\r\n");
  const std::string message(1'000, 'z');
  post(sendText(101, "first"));
  Command broadcast = afterLsn(3, sendText(102, message));
  broadcast.others = {101, 999};
  post(std::move(broadcast));
  post(sendText(101, "last"));
  EXPECT_EQ(plain.readBytes(7),
            "\x81\x05"
            "first");
  server->announceDurable(3);
  EXPECT_EQ(plain.readBytes(4 + message.size()), std::string("\x81\x7e\x03\xe8") + message);
  EXPECT_EQ(plain.readBytes(6), "\x81\x04last");
  const std::string header = deflating.readBytes(2);
  EXPECT_EQ(static_cast<uint8_t>(header[0]), 0xC1);
  MessageCodec codec;
  std::string inflated;
  EXPECT_EQ(codec.inflate(deflating.readBytes(static_cast<uint8_t>(header[1])), 1'000, inflated),
            MessageCodec::Inflated::kOk);
  EXPECT_EQ(inflated, message);
}

TEST_F(SocketServerTest, ABroadcastReachesSocketsOfSeveralThreads) {
  options.threads = 2;
  start();
  TestClient one(port);
  TestClient two(port);
  openSocket(one, 101);
  openSocket(two, 102);
  Command broadcast = sendText(101, "x");
  broadcast.others = {102, 101};
  post(std::move(broadcast));
  EXPECT_EQ(one.readBytes(6), "\x81\x01x\x81\x01x");
  EXPECT_EQ(two.readBytes(3), "\x81\x01x");
}

TEST_F(SocketServerTest, S2_6_4_LaterMessagesDoNotPassAHeldOne) {
  start();
  TestClient client(port);
  openSocket(client, kSocket);
  post(afterLsn(3, sendText(kSocket, "a")));
  post(sendText(kSocket, "b"));
  post(afterLsn(4, sendText(kSocket, "c")));
  server->announceDurable(3);
  EXPECT_EQ(client.readBytes(6),
            "\x81\x01"
            "a\x81\x01"
            "b");
  server->announceDurable(4);
  EXPECT_EQ(client.readBytes(3),
            "\x81\x01"
            "c");
}

TEST_F(SocketServerTest, StopsReadingUntilMessagesAreConsumed) {
  options.limits.socketInboundBytesMax = 10;
  start();
  TestClient client(port);
  openSocket(client, kSocket);
  client.write(frame(kText, "0123456789a") + frame(kText, "next"));
  EXPECT_EQ(sink.next(Kind::kMessage).text, "0123456789a");
  TestClient other(port);
  openSocket(other, 78);
  EXPECT_TRUE(sink.empty());
  post(consumed(kSocket, 11));
  EXPECT_EQ(sink.next(Kind::kMessage).text, "next");
}

TEST_F(SocketServerTest, APeerThatReadsNothingIsDroppedAtTheOutboundLimit) {
  options.limits.socketOutboundBytesMax = 1U << 20U;
  start();
  TestClient client(port, 4'096);
  const auto shared = std::make_shared<SocketShared>();
  openSocket(client, kSocket, {}, shared);
  for (int i = 0; i < 64; ++i) post(sendText(kSocket, std::string(600'000, 'x')));
  EXPECT_EQ(sink.next(Kind::kClosed).count, 1006U);
}

TEST_F(SocketServerTest, ASilentPeerIsPingedAndDropped) {
  options.limits.socketPingIntervalMs = 20;
  start();
  TestClient client(port);
  openSocket(client, kSocket);
  EXPECT_EQ(client.readToEnd(), std::string("\x89\x00\x89\x00", 4));
  EXPECT_EQ(sink.next(Kind::kClosed).count, 1006U);
}

TEST_F(SocketServerTest, S6_9_2_NegotiatesDeflateAndCarriesIt) {
  options.compression = true;
  start();
  TestClient client(port);
  const std::string head = openSocket(
      client, kSocket, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n");
  EXPECT_NE(head.find("Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; "
                      "client_no_context_takeover\r\n"),
            std::string::npos);
  // RFC 7692 section 7.2.3.1: "Hello".
  client.write(frame(0xC1, std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7)));
  EXPECT_EQ(sink.next(Kind::kMessage).text, "Hello");
  post(sendText(kSocket, std::string(1'000, 'z')));
  const std::string header = client.readBytes(2);
  EXPECT_EQ(static_cast<uint8_t>(header[0]), 0xC1);
  const std::string payload = client.readBytes(static_cast<uint8_t>(header[1]));
  MessageCodec codec;
  std::string inflated;
  EXPECT_EQ(codec.inflate(payload, 1'000, inflated), MessageCodec::Inflated::kOk);
  EXPECT_EQ(inflated, std::string(1'000, 'z'));
  EXPECT_EQ(codec.inflate(payload, 999, inflated), MessageCodec::Inflated::kTooBig);
  client.write(frame(0xC1, "\xff\xff\xff"));
  EXPECT_EQ(sink.next(Kind::kClosed).count, 1007U);
}

TEST_F(SocketServerTest, DrainClosesSocketsWith1001) {
  start();
  TestClient client(port);
  openSocket(client, kSocket);
  server->drain();
  EXPECT_EQ(client.readBytes(4), "\x88\x02\x03\xe9");
  client.write(frame(kClose, "\x03\xe9"));
  EXPECT_TRUE(sink.next(Kind::kClosed).flag);
  client.close();
  sink.next(Kind::kDrained);
}

TEST_F(SocketServerTest, AcceptingARequestThatIsGoneClosesTheSocket) {
  start();
  Command accept = simple(Command::Kind::kAcceptSocket, makeHandle(9, 9));
  accept.socket = kSocket;
  post(std::move(accept));
  const Event closed = sink.next(Kind::kClosed);
  EXPECT_EQ(closed.handle, kSocket);
  EXPECT_EQ(closed.count, 1006U);
}

TEST_F(SocketServerTest, SocketsOfSeveralThreadsAreFound) {
  options.threads = 2;
  start();
  TestClient one(port);
  TestClient two(port);
  openSocket(one, 101);
  openSocket(two, 102);
  std::vector<Command> batch;
  batch.push_back(sendText(101, "1"));
  batch.push_back(sendText(102, "2"));
  server->post(std::move(batch));
  EXPECT_EQ(one.readBytes(3),
            "\x81\x01"
            "1");
  EXPECT_EQ(two.readBytes(3),
            "\x81\x01"
            "2");
}

}  // namespace
}  // namespace holdfast::net
