// RequestParser without I/O.
#include "net/request_parser.h"

#include <gtest/gtest.h>

#include <string>

namespace holdfast::net {
namespace {

using Outcome = RequestParser::Outcome;

struct Parsed {
  std::string target;
  std::string body;
  bool done = false;
};

// Offers `input` up to `cut`, then all that was not consumed. `room` bytes of body at a time.
Parsed parseCut(const Limits& limits, std::string_view input, size_t cut, size_t room) {
  RequestParser parser(limits);
  Parsed parsed;
  bool inBody = false;
  size_t from = 0;
  for (const size_t until : {cut, input.size()}) {
    for (;;) {
      const std::string_view rest = input.substr(from, until - from);
      const RequestParser::Step step =
          inBody ? parser.parseBody(rest, room, parsed.body) : parser.parseHead(rest);
      from += step.consumed;
      if (step.outcome == Outcome::kHead) {
        inBody = true;
      } else if (step.outcome != Outcome::kFull) {
        EXPECT_NE(static_cast<int>(step.outcome), static_cast<int>(Outcome::kFailed)) << cut;
        parsed.done = step.outcome == Outcome::kDone;
        break;
      }
    }
    if (parsed.done) break;
  }
  parsed.target = parser.head().target;
  return parsed;
}

TEST(RequestParserTest, FindsTheSameRequestWhereverTheInputIsCut) {
  const Limits limits;
  for (const std::string& input :
       {std::string("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nTrailer: t\r\n\r\n"),
        std::string("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde")}) {
    for (size_t cut = 0; cut <= input.size(); ++cut) {
      for (const size_t room : {1U, 100U}) {
        const Parsed parsed = parseCut(limits, input, cut, room);
        EXPECT_TRUE(parsed.done) << cut;
        EXPECT_EQ(parsed.target, "/x");
        EXPECT_EQ(parsed.body, "abcde") << cut;
      }
    }
  }
}

TEST(RequestParserTest, TrailersNeverBecomeHeaders) {
  const Limits limits;
  RequestParser parser(limits);
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(parser.parseHead(head).outcome, Outcome::kHead);
  const std::string before = parser.head().headers;
  std::string body;
  EXPECT_EQ(parser.parseBody("0\r\nX-Admin: 1\r\n\r\n", 10, body).outcome, Outcome::kDone);
  EXPECT_EQ(parser.head().headers, before);
}

// Found by the fuzzer: Beast asserts when it is asked twice about the first bytes of the end.
TEST(RequestParserTest, TheLastChunkComesByteByByte) {
  for (const std::string end : {"0\r\n\r\n", "0;a\r\n\r\n", "00\r\n\r\n", "0\r\nx: 1\r\n\r\n"}) {
    const Limits limits;
    RequestParser parser(limits);
    parser.parseHead("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    std::string input;
    std::string body;
    for (size_t i = 0; i < end.size(); ++i) {
      input.push_back(end[i]);
      for (int again = 0; again < 2 && !parser.bodyDone(); ++again) {
        const auto step = parser.parseBody(input, 10, body);
        EXPECT_EQ(step.outcome, i + 1 < end.size() ? Outcome::kNeedMore : Outcome::kDone) << end;
        input.erase(0, step.consumed);
      }
    }
    EXPECT_TRUE(parser.bodyDone()) << end;
    EXPECT_EQ(body, "");
  }
}

TEST(RequestParserTest, AChunkLineWithoutEndIsRefused) {
  Limits limits;
  limits.headerBytesMax = 100;
  RequestParser parser(limits);
  parser.parseHead("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  std::string body;
  EXPECT_EQ(parser.parseBody("1;" + std::string(200, 'x'), 10, body).outcome, Outcome::kFailed);
  EXPECT_EQ(parser.failureStatus(), 400);
}

TEST(RequestParserTest, AnUpgradeNeedsEveryPartOfTheHandshake) {
  const Limits limits;
  const auto isUpgrade = [&](const std::string& lines, const std::string& line = "GET / HTTP/1.1") {
    RequestParser parser(limits);
    EXPECT_EQ(parser.parseHead(line + "\r\nHost: a\r\n" + lines + "\r\n").outcome, Outcome::kHead);
    return parser.head().upgradeWebSocket;
  };
  const std::string upgrade = "Upgrade: WebSocket\r\n";
  const std::string connection = "Connection: x, upgrade\r\n";
  const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  const std::string version = "Sec-WebSocket-Version: 13\r\n";
  EXPECT_TRUE(isUpgrade(upgrade + connection + key + version));
  EXPECT_FALSE(isUpgrade(connection + key + version));
  EXPECT_FALSE(isUpgrade(upgrade + key + version));
  EXPECT_FALSE(isUpgrade(upgrade + connection + version));
  EXPECT_FALSE(isUpgrade(upgrade + connection + key));
  EXPECT_FALSE(isUpgrade(upgrade + connection + "Sec-WebSocket-Key: short\r\n" + version));
  EXPECT_FALSE(isUpgrade(upgrade + connection + key + version, "POST / HTTP/1.1"));
  EXPECT_FALSE(isUpgrade(upgrade + connection + key + version, "GET / HTTP/1.0"));
}

}  // namespace
}  // namespace holdfast::net
