// The HTTP half of the server over real connections.
#include <sys/un.h>

#include <array>
#include <filesystem>

#include "server_fixture.h"

namespace holdfast::net {
namespace {

using HttpServerTest = ServerTest;

std::string withoutDate(std::string head) {
  const size_t at = head.find("Date: ");
  if (at != std::string::npos) head.erase(at, head.find("\r\n", at) + 2 - at);
  return head;
}

TEST_F(HttpServerTest, AnswersARequestAndKeepsTheConnection) {
  start();
  TestClient client(port);
  for (int round = 0; round < 3; ++round) {
    client.write("GET /a?b HTTP/1.1\r\nHost: h:1\r\nX-Two: 1\r\nx-two:  2 \r\n\r\n");
    const Event request = sink.next(Kind::kRequest);
    EXPECT_EQ(request.head.method, "GET");
    EXPECT_EQ(request.head.target, "/a?b");
    EXPECT_EQ(request.head.host, "h:1");
    EXPECT_EQ(request.head.headers, std::string("host\0h:1\0x-two\0001\0x-two\0002\0", 25));
    EXPECT_EQ(request.head.remoteAddress, "127.0.0.1");
    EXPECT_TRUE(request.head.bodyComplete);
    Command answer = respond(request.handle, "hello");
    answer.headers = "X-A: b\r\n";
    post(std::move(answer));
    EXPECT_EQ(withoutDate(client.readUntil("hello")),
              "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 5\r\n\r\nhello");
    const Event done = sink.next(Kind::kDone);
    EXPECT_EQ(done.handle, request.handle);
    EXPECT_TRUE(done.flag);
  }
}

TEST_F(HttpServerTest, ARequestCutAtEveryByteIsTheSameRequest) {
  start();
  const std::string request =
      "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nTrailer: t\r\n\r\n";
  TestClient client(port);
  for (size_t cut = 1; cut < request.size(); ++cut) {
    client.write(request.substr(0, cut));
    // Two sends; the kernel may join them (request_parser_test.cc cuts for certain).
    // afterwards.
    client.write(request.substr(cut));
    const Event head = sink.next(Kind::kRequest);
    std::string body = head.text;
    bool done = head.head.bodyComplete;
    while (!done) {
      const Event piece = sink.next(Kind::kBody);
      ASSERT_FALSE(piece.failed) << cut;
      body += piece.text;
      done = piece.flag;
    }
    EXPECT_EQ(body, "abcde") << cut;
    post(respond(head.handle, "ok"));
    client.readUntil("\r\n\r\nok");
    sink.next(Kind::kDone);
  }
}

TEST_F(HttpServerTest, PipelinedResponsesLeaveInTheOrderOfTheRequests) {
  start();
  TestClient client(port);
  client.write(
      "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 "
      "HTTP/1.1\r\nHost: a\r\n\r\n");
  const Event one = sink.next(Kind::kRequest);
  const Event two = sink.next(Kind::kRequest);
  const Event three = sink.next(Kind::kRequest);
  post(respond(three.handle, "third"));
  post(begin(two.handle));
  post(body(two.handle, "second", true));
  post(respond(one.handle, "first"));
  const std::string all = client.readUntil("third");
  EXPECT_LT(all.find("first"), all.find("second"));
  EXPECT_EQ(sink.next(Kind::kDone).handle, one.handle);
  EXPECT_EQ(sink.next(Kind::kDone).handle, two.handle);
  EXPECT_EQ(sink.next(Kind::kDone).handle, three.handle);
}

// RFC 9112 section 9.6.
TEST_F(HttpServerTest, NothingBehindARequestThatEndsTheConnectionIsServed) {
  start();
  for (const std::string head :
       {"GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET /1 HTTP/1.0\r\n\r\n"}) {
    TestClient client(port);
    client.write(head + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
    const Event only = sink.next(Kind::kRequest);
    post(respond(only.handle, "one"));
    const std::string answer = client.readToEnd();
    EXPECT_EQ(answer.rfind("HTTP/1.1 "), 0U) << answer;
    EXPECT_EQ(sink.next(Kind::kDone).handle, only.handle);
    EXPECT_TRUE(sink.empty());
  }
}

TEST_F(HttpServerTest, AnUnsafePipelinedRequestRunsAlone) {
  start();
  TestClient client(port);
  client.write(
      "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nxGET /2 HTTP/1.1\r\nHost: "
      "a\r\n\r\n");
  const Event one = sink.next(Kind::kRequest);
  EXPECT_EQ(one.text, "x");
  post(respond(one.handle, "first"));
  EXPECT_EQ(sink.next(Kind::kDone).handle, one.handle);
  const Event two = sink.next(Kind::kRequest);
  EXPECT_EQ(two.head.target, "/2");
  post(respond(two.handle, "second"));
  client.readUntil("second");
}

TEST_F(HttpServerTest, PipelinedRequestsMaxHoldsTheNextBack) {
  options.limits.pipelinedRequestsMax = 2;
  start();
  TestClient client(port);
  std::string three;
  for (int i = 1; i <= 3; ++i)
    three += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  client.write(three);
  const Event one = sink.next(Kind::kRequest);
  sink.next(Kind::kRequest);
  post(respond(one.handle, "first"));
  EXPECT_EQ(sink.next(Kind::kDone).handle, one.handle);
  EXPECT_EQ(sink.next(Kind::kRequest).head.target, "/3");
}

TEST_F(HttpServerTest, ABodyIsReadOnlyAsFarAsCreditAllows) {
  options.limits.bodyWindowBytes = 1'000;
  options.limits.inlineBodyBytesMax = 10;
  start();
  TestClient client(port);
  client.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000\r\n\r\n" +
               std::string(3'000, 'x'));
  const Event request = sink.next(Kind::kRequest);
  EXPECT_FALSE(request.head.bodyComplete);
  uint64_t read = 0;
  while (read < 1'000) read += sink.next(Kind::kBody).count;
  EXPECT_EQ(read, 1'000U);
  post(simple(Command::Kind::kReadMore, request.handle, 500));
  while (read < 1'500) read += sink.next(Kind::kBody).count;
  EXPECT_EQ(read, 1'500U);
  EXPECT_TRUE(sink.empty());
  post(simple(Command::Kind::kReadMore, request.handle, 5'000));
  bool last = false;
  while (!last) {
    const Event piece = sink.next(Kind::kBody);
    read += piece.count;
    last = piece.flag;
  }
  EXPECT_EQ(read, 3'000U);
}

TEST_F(HttpServerTest, SendsContinueWhenTheBodyIsWanted) {
  start();
  TestClient client(port);
  client.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  const Event request = sink.next(Kind::kRequest);
  post(simple(Command::Kind::kReadMore, request.handle, 0));
  EXPECT_EQ(client.readUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.write("hi");
  const Event piece = sink.next(Kind::kBody);
  EXPECT_EQ(piece.text, "hi");
  EXPECT_TRUE(piece.flag);
  post(respond(request.handle, "ok"));
  client.readUntil("ok");
}

TEST_F(HttpServerTest, ABodyIsAskedForBeforeAStreamThatMayBeMadeOfIt) {
  start();
  TestClient client(port);
  client.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  const Event request = sink.next(Kind::kRequest);
  post(begin(request.handle));
  EXPECT_TRUE(
      client.readUntil("chunked").starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 "));
  client.write("hi");
  EXPECT_EQ(sink.next(Kind::kBody).text, "hi");
  post(body(request.handle, "hi", true));
  client.readUntil("0\r\n\r\n");
}

TEST_F(HttpServerTest, ABodyThatNobodyWantsIsNotAskedFor) {
  start();
  TestClient client(port);
  client.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  const Event request = sink.next(Kind::kRequest);
  post(respond(request.handle, "no need"));
  EXPECT_TRUE(client.readUntil("no need").starts_with("HTTP/1.1 200 "));
  // Who sends it all the same may go on behind it.
  client.write("hiGET / HTTP/1.1\r\nHost: a\r\n\r\n");
  sink.next(Kind::kBody);
  sink.next(Kind::kDone);
  post(respond(sink.next(Kind::kRequest).handle, "next"));
  client.readUntil("next");
}

TEST_F(HttpServerTest, AResponseBeforeTheEndOfTheBodyDropsTheRest) {
  options.limits.bodyWindowBytes = 10;
  options.limits.inlineBodyBytesMax = 10;
  start();
  TestClient client(port);
  client.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n" +
               std::string(5'000, 'x'));
  const Event request = sink.next(Kind::kRequest);
  EXPECT_EQ(sink.next(Kind::kBody).count, 10U);
  post(respond(request.handle, "no"));
  client.readUntil("\r\n\r\nno");
  const Event end = sink.next(Kind::kBody);
  EXPECT_TRUE(end.flag);
  EXPECT_TRUE(end.failed);
  EXPECT_TRUE(sink.next(Kind::kDone).flag);
  client.write("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(sink.next(Kind::kRequest).head.target, "/next");
}

TEST_F(HttpServerTest, StreamsInChunksAndReportsWhatLeft) {
  start();
  TestClient client(port);
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const Event request = sink.next(Kind::kRequest);
  post(begin(request.handle));
  const std::string head = client.readUntil("\r\n\r\n");
  EXPECT_NE(head.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
  post(body(request.handle, std::string(20, 'x'), false));
  EXPECT_EQ(client.readUntil("\r\nx"), "14\r\nx");
  EXPECT_EQ(sink.next(Kind::kWritable).count, 20U);
  post(body(request.handle, "end", true));
  EXPECT_EQ(client.readUntil("0\r\n\r\n"), std::string(19, 'x') + "\r\n3\r\nend\r\n0\r\n\r\n");
  EXPECT_TRUE(sink.next(Kind::kDone).flag);
}

TEST_F(HttpServerTest, ASlowReaderHoldsOnWritableBack) {
  start();
  TestClient client(port, 4'096);
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const Event request = sink.next(Kind::kRequest);
  const size_t size = 32U << 20U;  // more than the kernel holds for a peer that does not read
  post(begin(request.handle, "Content-Length: 33554432\r\n"));
  post(body(request.handle, std::string(size, 'x'), false));
  // Another connection passes: the piece was written as far as it goes, and nothing was reported.
  TestClient other(port);
  other.write("GET /other HTTP/1.1\r\nHost: a\r\n\r\n");
  post(respond(sink.next(Kind::kRequest).handle, "other"));
  other.readUntil("other");
  sink.next(Kind::kDone);
  EXPECT_TRUE(sink.empty());
  client.readUntil("\r\n\r\n");
  EXPECT_EQ(client.readBytes(size).size(), size);
  EXPECT_EQ(sink.next(Kind::kWritable).count, size);
  post(body(request.handle, {}, true));
  EXPECT_TRUE(sink.next(Kind::kDone).flag);
}

TEST_F(HttpServerTest, RespectsTheDeclaredLengthOfAStream) {
  start();
  TestClient client(port);
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const Event request = sink.next(Kind::kRequest);
  post(begin(request.handle, "content-length: 4\r\n"));
  post(body(request.handle, "ab", false));
  post(body(request.handle, "cd", true));
  const std::string all = client.readUntil("abcd");
  EXPECT_NE(all.find("Content-Length: 4\r\n"), std::string::npos);
  EXPECT_EQ(all.find("chunked"), std::string::npos);
}

TEST_F(HttpServerTest, AStreamShorterThanItsLengthIsCut) {
  start();
  TestClient client(port);
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const Event request = sink.next(Kind::kRequest);
  post(begin(request.handle, "Content-Length: 10\r\n"));
  client.readUntil("\r\n\r\n");
  post(body(request.handle, "abc", true));
  client.readToEnd();
  EXPECT_TRUE(client.wasReset());
  EXPECT_FALSE(sink.next(Kind::kDone).flag);
}

TEST_F(HttpServerTest, AnAbortedResponseIsSeenAsIncomplete) {
  start();
  TestClient client(port);
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const Event request = sink.next(Kind::kRequest);
  post(begin(request.handle));
  client.readUntil("\r\n\r\n");
  post(simple(Command::Kind::kAbortResponse, request.handle));
  client.readToEnd();
  EXPECT_TRUE(client.wasReset());
  EXPECT_FALSE(sink.next(Kind::kDone).flag);
}

TEST_F(HttpServerTest, HeadCarriesTheLengthAndNoBody) {
  start();
  TestClient client(port);
  client.write("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const Event head = sink.next(Kind::kRequest);
  const Event get = sink.next(Kind::kRequest);
  post(respond(head.handle, "12345"));
  post(respond(get.handle, "body"));
  EXPECT_NE(client.readUntil("\r\n\r\n").find("Content-Length: 5\r\n"), std::string::npos);
  EXPECT_NE(client.readUntil("\r\n\r\nbody").find("HTTP/1.1 200 OK"), std::string::npos);
}

TEST_F(HttpServerTest, NullBodyStatusesHaveNoBody) {
  start();
  TestClient client(port);
  for (const uint16_t status : {204, 304}) {
    client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    post(respond(sink.next(Kind::kRequest).handle, "ignored", status));
    sink.next(Kind::kDone);
    const std::string head = client.readUntil("\r\n\r\n");
    EXPECT_EQ(head.find("Content-Length"), std::string::npos) << head;
  }
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  post(respond(sink.next(Kind::kRequest).handle, "x"));
  EXPECT_EQ(client.readUntil("\r\n\r\nx").find("HTTP/1.1 200"), 0U);
}

TEST_F(HttpServerTest, Http10EndsAStreamByClosing) {
  start();
  TestClient client(port);
  client.write("GET / HTTP/1.0\r\n\r\n");
  const Event request = sink.next(Kind::kRequest);
  post(begin(request.handle));
  post(body(request.handle, "all", true));
  const std::string all = client.readToEnd();
  EXPECT_NE(all.find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(all.find("chunked"), std::string::npos);
  EXPECT_TRUE(all.ends_with("\r\n\r\nall"));
}

TEST_F(HttpServerTest, Http10KeepAliveAndConnectionCloseAreObeyed) {
  start();
  TestClient client(port);
  client.write("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  post(respond(sink.next(Kind::kRequest).handle, "one"));
  EXPECT_NE(client.readUntil("\r\n\r\none").find("Connection: keep-alive\r\n"), std::string::npos);
  sink.next(Kind::kDone);
  client.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  post(respond(sink.next(Kind::kRequest).handle, "two"));
  const std::string last = client.readToEnd();
  EXPECT_NE(last.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(last.ends_with("two"));
}

TEST_F(HttpServerTest, AHalfClosedPeerStillGetsItsResponse) {
  start();
  TestClient client(port);
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  client.endOutput();
  post(respond(sink.next(Kind::kRequest).handle, "late"));
  EXPECT_TRUE(client.readToEnd().ends_with("late"));
  EXPECT_TRUE(sink.next(Kind::kDone).flag);
}

TEST_F(HttpServerTest, AHalfClosedPeerThatVanishesIsNoticedBeforeAnythingIsWritten) {
  start();
  TestClient client(port);
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  client.endOutput();
  const Event request = sink.next(Kind::kRequest);
  client.reset();
  const Event done = sink.next(Kind::kDone);
  EXPECT_EQ(done.handle, request.handle);
  EXPECT_FALSE(done.flag);
}

TEST_F(HttpServerTest, APeerThatVanishesInItsBodyFailsIt) {
  start();
  TestClient client(port);
  client.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  sink.next(Kind::kRequest);
  EXPECT_EQ(sink.next(Kind::kBody).text, "abc");
  client.reset();
  const Event end = sink.next(Kind::kBody);
  EXPECT_TRUE(end.failed);
  EXPECT_FALSE(sink.next(Kind::kDone).flag);
}

TEST_F(HttpServerTest, OutputsWaitUntilTheirLsnIsDurable) {
  start();
  TestClient client(port);
  client.write("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
  const Event one = sink.next(Kind::kRequest);
  const Event two = sink.next(Kind::kRequest);
  post(afterLsn(7, respond(one.handle, "first")));
  post(respond(two.handle, "second"));
  // Another connection passes: the commands before were executed, and nothing of them has left.
  TestClient other(port);
  other.write("GET /other HTTP/1.1\r\nHost: a\r\n\r\n");
  post(respond(sink.next(Kind::kRequest).handle, "other"));
  other.readUntil("other");
  sink.next(Kind::kDone);
  EXPECT_TRUE(sink.empty());
  server->announceDurable(6);
  server->announceDurable(7);
  const std::string all = client.readUntil("second");
  EXPECT_LT(all.find("first"), all.find("second"));
  EXPECT_EQ(sink.next(Kind::kDone).handle, one.handle);
}

struct BadRequest {
  const char* name;
  std::string bytes;
  const char* status;
};

class BadRequestTest : public ServerTest, public ::testing::WithParamInterface<BadRequest> {};

TEST_P(BadRequestTest, IsAnsweredAndTheConnectionEnds) {
  options.limits.headerBytesMax = 400;
  options.limits.bodyBytesMax = 100;
  start();
  TestClient client(port);
  client.write(GetParam().bytes);
  const std::string answer = client.readToEnd();
  EXPECT_EQ(answer.find(std::string("HTTP/1.1 ") + GetParam().status), 0U) << answer;
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(sink.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Http, BadRequestTest,
    ::testing::Values(
        BadRequest{"Garbage", "\x16\x03\x01 hello\r\n\r\n", "400"},
        BadRequest{"NoHost", "GET / HTTP/1.1\r\n\r\n", "400"},
        BadRequest{"TwoHosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"},
        BadRequest{
            "LengthAndChunked",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
            "400"},
        BadRequest{
            "ChunkedAndLength",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
            "400"},
        BadRequest{"TwoLengths",
                   "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
                   "400"},
        BadRequest{"SignedLength", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\n",
                   "400"},
        BadRequest{"UnknownEncoding",
                   "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "501"},
        BadRequest{"BadChunk",
                   "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"},
        BadRequest{"SpaceBeforeColon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "400"},
        BadRequest{"TooLong", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n", "413"},
        BadRequest{"LongTarget", "GET /" + std::string(500, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n",
                   "414"},
        BadRequest{"LongHeader",
                   "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(500, 'a') + "\r\n\r\n", "431"},
        BadRequest{"ManyHeaders",
                   "GET / HTTP/1.1\r\nHost: a\r\nA: " + std::string(200, 'a') +
                       "\r\nB: " + std::string(200, 'b') + "\r\n\r\n",
                   "431"},
        BadRequest{"Expectation",
                   "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: more\r\n\r\n",
                   "417"},
        BadRequest{"Version", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", "505"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(HttpServerTest, ABadRequestIsAnsweredAfterTheResponsesBeforeIt) {
  start();
  TestClient client(port);
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\nBAD\r\n\r\n");
  post(respond(sink.next(Kind::kRequest).handle, "good"));
  const std::string all = client.readToEnd();
  EXPECT_EQ(all.find("HTTP/1.1 200"), 0U);
  EXPECT_NE(all.find("HTTP/1.1 400"), std::string::npos);
}

TEST_F(HttpServerTest, AChunkedBodyPastTheLimitIsRefused) {
  options.limits.bodyBytesMax = 4;
  start();
  TestClient client(port);
  client.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  sink.next(Kind::kRequest);
  EXPECT_EQ(sink.next(Kind::kBody).text, "abc");
  client.write("3\r\ndef\r\n");
  const Event end = sink.next(Kind::kBody);
  EXPECT_TRUE(end.failed);
  EXPECT_FALSE(sink.next(Kind::kDone).flag);
  EXPECT_EQ(client.readToEnd().find("HTTP/1.1 413"), 0U);
}

TEST_F(HttpServerTest, AnUnfinishedHeadTimesOut) {
  options.limits.headerTimeoutMs = 20;
  start();
  TestClient client(port);
  client.write("GET / HTT");
  EXPECT_EQ(client.readToEnd().find("HTTP/1.1 408"), 0U);
}

TEST_F(HttpServerTest, AnUnfinishedBodyTimesOut) {
  options.limits.bodyIdleTimeoutMs = 20;
  start();
  TestClient client(port);
  client.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n");
  sink.next(Kind::kRequest);
  EXPECT_TRUE(sink.next(Kind::kBody).failed);
  EXPECT_FALSE(sink.next(Kind::kDone).flag);
  EXPECT_EQ(client.readToEnd().find("HTTP/1.1 408"), 0U);
}

TEST_F(HttpServerTest, ABodyThatTricklesIsRefused) {
  options.limits.bodyBytesPerSecondMin = 1'000'000;
  options.limits.rateGraceMs = 30;
  start();
  TestClient client(port);
  client.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
  sink.next(Kind::kRequest);
  // A byte is worth a microsecond, and takes longer to come; the idle time-out would never pass.
  Event event;
  while (!event.failed && client.write("x")) {
    if (!sink.empty()) event = sink.next(Kind::kBody);
  }
  while (!event.failed) event = sink.next(Kind::kBody);
  EXPECT_FALSE(sink.next(Kind::kDone).flag);
  EXPECT_NE(client.readToEnd().find("HTTP/1.1 408"), std::string::npos);
}

TEST_F(HttpServerTest, ABodyThatTheHostDoesNotReadIsNotSlow) {
  options.limits.bodyBytesPerSecondMin = 1'000'000;
  options.limits.rateGraceMs = 1;
  options.limits.bodyWindowBytes = 4;
  start();
  TestClient client(port);
  client.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nabcdefgh");
  const RequestHandle request = sink.next(Kind::kRequest).handle;
  EXPECT_EQ(sink.next(Kind::kBody).text, "abcd");
  // Deadlines run meanwhile on the same thread.
  TestClient other(port);
  other.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n");
  sink.next(Kind::kRequest);
  EXPECT_TRUE(sink.next(Kind::kBody).failed);
  sink.next(Kind::kDone);
  post(simple(Command::Kind::kReadMore, request, 4));
  EXPECT_EQ(sink.next(Kind::kBody).text, "efgh");
}

TEST_F(HttpServerTest, APeerThatTakesTooLittleIsDropped) {
  options.limits.writeBytesPerSecondMin = UINT32_MAX;
  options.limits.rateGraceMs = 1;
  start();
  TestClient client(port, 4'096);
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  post(respond(sink.next(Kind::kRequest).handle, std::string(32U << 20U, 'x')));
  // Not nothing, but less than that. One that reads on might be faster than we write.
  EXPECT_FALSE(client.readSome().empty());
  EXPECT_FALSE(sink.next(Kind::kDone).flag);
}

TEST_F(HttpServerTest, AnIdleConnectionIsClosedQuietly) {
  options.limits.keepAliveTimeoutMs = 20;
  start();
  TestClient client(port);
  EXPECT_EQ(client.readToEnd(), "");
  EXPECT_FALSE(client.wasReset());
}

TEST_F(HttpServerTest, APeerThatTakesNothingIsDropped) {
  options.limits.writeIdleTimeoutMs = 50;
  start();
  TestClient client(port, 4'096);
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  post(respond(sink.next(Kind::kRequest).handle, std::string(32U << 20U, 'x')));
  EXPECT_FALSE(sink.next(Kind::kDone).flag);
}

TEST_F(HttpServerTest, ConnectionsMaxLeavesTheNextInTheBacklog) {
  options.limits.connectionsMax = 1;
  start();
  auto first = std::make_unique<TestClient>(port);
  first->write("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
  post(respond(sink.next(Kind::kRequest).handle, "one"));
  first->readUntil("one");
  sink.next(Kind::kDone);
  TestClient second(port);
  second.write("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(sink.empty());
  first.reset();
  EXPECT_EQ(sink.next(Kind::kRequest).head.target, "/2");
}

TEST_F(HttpServerTest, ConnectionsPerAddressMaxClosesTheNext) {
  options.limits.connectionsPerAddressMax = 1;
  start();
  auto first = std::make_unique<TestClient>(port);
  first->write("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
  post(respond(sink.next(Kind::kRequest).handle, "one"));
  first->readUntil("one");
  sink.next(Kind::kDone);
  TestClient second(port);
  EXPECT_EQ(second.readToEnd(), "");
  // A place is free once the server has seen the first end; an attempt that comes too early is
  // closed again.
  first->write("GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  post(respond(sink.next(Kind::kRequest).handle, "two"));
  first->readToEnd();
  sink.next(Kind::kDone);
  first.reset();
  bool served = false;
  while (!served && !HasFailure()) {
    TestClient third(port);
    third.write("BAD\r\n\r\n");
    served = third.readToEnd().starts_with("HTTP/1.1 400");
  }
  EXPECT_TRUE(served);
}

TEST_F(HttpServerTest, SaysTheDateAndNothingOfItself) {
  start();
  TestClient client(port);
  client.write("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
  post(respond(sink.next(Kind::kRequest).handle, "one"));
  const std::string head = client.readUntil("one");
  EXPECT_EQ(head.find("Server:"), std::string::npos);
  EXPECT_EQ(head.find("Date: "), head.rfind("Date: "));
  EXPECT_NE(head.find(" GMT\r\n"), std::string::npos);
}

TEST_F(HttpServerTest, ListensAtSeveralAddressesAndAtAPath) {
  start();
  const Result<uint16_t> second = server->listen({"127.0.0.1", 0, false, {}});
  ASSERT_TRUE(second.ok());
  EXPECT_NE(second.value(), port);
  const std::filesystem::path directory =
      std::filesystem::temp_directory_path() / ("holdfast-net-" + std::to_string(::getpid()));
  std::filesystem::create_directory(directory);
  const std::string path = directory / "socket";
  {
    // What a server that was killed leaves behind.
    const int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(left, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ::close(left);
  }
  ASSERT_TRUE(server->listen({{}, 0, false, path}).ok());
  EXPECT_FALSE(server->listen({{}, 0, false, path}).ok()) << "somebody listens there";
  TestClient overPort(second.value());
  overPort.write("GET /port HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(sink.next(Kind::kRequest).head.target, "/port");
  TestClient overPath(path);
  overPath.write("GET /path HTTP/1.1\r\nHost: a\r\n\r\n");
  const Event request = sink.next(Kind::kRequest);
  EXPECT_EQ(request.head.target, "/path");
  EXPECT_EQ(request.head.remoteAddress, "");
  post(respond(request.handle, "over a path"));
  overPath.readUntil("over a path");
  server.reset();
  EXPECT_FALSE(std::filesystem::exists(path));
  std::filesystem::remove_all(directory);
}

TEST_F(HttpServerTest, SharesAPortWhenAsked) {
  start();
  const Result<uint16_t> shared = server->listen({"127.0.0.1", 0, true, {}});
  ASSERT_TRUE(shared.ok());
  EXPECT_TRUE(server->listen({"127.0.0.1", shared.value(), true, {}}).ok());
  EXPECT_FALSE(server->listen({"127.0.0.1", port, false, {}}).ok());
}

TEST_F(HttpServerTest, ServesAConnectionThatWasAcceptedElsewhere) {
  start();
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  ASSERT_TRUE(server->adopt({ends[0], "192.0.2.1", true, "GET /a HTTP/1.1\r\nHo"}).ok());
  TestClient client{TestClient::Connected{ends[1]}};
  client.write("st: a\r\n\r\n");
  const Event request = sink.next(Kind::kRequest);
  EXPECT_EQ(request.head.target, "/a");
  EXPECT_EQ(request.head.remoteAddress, "192.0.2.1");
  EXPECT_TRUE(request.head.secure);
  post(respond(request.handle, "adopted"));
  client.readUntil("adopted");
  EXPECT_FALSE(server->adopt({-1, {}, false, {}}).ok());
}

TEST_F(HttpServerTest, DrainFinishesWhatIsUnderWay) {
  start();
  TestClient idle(port);
  TestClient busy(port);
  idle.write("GET /idle HTTP/1.1\r\nHost: a\r\n\r\n");
  post(respond(sink.next(Kind::kRequest).handle, "idle"));
  idle.readUntil("idle");
  sink.next(Kind::kDone);
  busy.write("GET /busy HTTP/1.1\r\nHost: a\r\n\r\n");
  const Event request = sink.next(Kind::kRequest);
  server->drain();
  EXPECT_EQ(idle.readToEnd(), "");
  idle.close();
  post(respond(request.handle, "busy"));
  const std::string answer = busy.readToEnd();
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("busy"));
  busy.close();
  EXPECT_TRUE(sink.next(Kind::kDone).flag);
  sink.next(Kind::kDrained);
}

TEST_F(HttpServerTest, DrainCutsWhatDoesNotEnd) {
  options.limits.drainTimeoutMs = 20;
  start();
  TestClient client(port);
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  sink.next(Kind::kRequest);
  server->drain();
  EXPECT_FALSE(sink.next(Kind::kDone).flag);
  sink.next(Kind::kDrained);
}

TEST_F(HttpServerTest, SeveralThreadsServeEachTheirConnections) {
  options.threads = 3;
  start();
  std::vector<std::unique_ptr<TestClient>> clients;
  clients.reserve(9);
  for (int i = 0; i < 9; ++i) clients.push_back(std::make_unique<TestClient>(port));
  for (int round = 0; round < 3; ++round) {
    for (const auto& client : clients) client->write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    std::vector<Command> batch;
    batch.reserve(9);
    for (int seen = 0; seen < 9; ++seen)
      batch.push_back(respond(sink.next(Kind::kRequest).handle, "ok"));
    server->post(std::move(batch));
    for (const auto& client : clients) client->readUntil("\r\n\r\nok");
    for (int seen = 0; seen < 9; ++seen) EXPECT_TRUE(sink.next(Kind::kDone).flag);
  }
}

TEST_F(HttpServerTest, AStaleHandleIsDropped) {
  start();
  TestClient client(port);
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const Event first = sink.next(Kind::kRequest);
  post(respond(first.handle, "one"));
  sink.next(Kind::kDone);
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const Event second = sink.next(Kind::kRequest);
  post(respond(first.handle, "stale"));
  post(respond(second.handle, "two"));
  EXPECT_EQ(client.readUntil("two").find("stale"), std::string::npos);
}

}  // namespace
}  // namespace holdfast::net
