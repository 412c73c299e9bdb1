// FrameParser and the frame writer without I/O.
#include "net/frame_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/frame_writer.h"

namespace holdfast::net {
namespace {

// Masked with "abcd": a client's frames.
std::string masked(uint8_t first, std::string_view payload) {
  std::string out(1, static_cast<char>(first));
  if (payload.size() < 126) {
    out.push_back(static_cast<char>(0x80U | payload.size()));
  } else {
    out.push_back(static_cast<char>(0xFE));
    out.push_back(static_cast<char>(payload.size() >> 8U));
    out.push_back(static_cast<char>(payload.size() & 0xFFU));
  }
  out += "abcd";
  for (size_t i = 0; i < payload.size(); ++i) {
    out.push_back(static_cast<char>(payload[i] ^ "abcd"[i % 4]));
  }
  return out;
}

using Events = std::vector<std::pair<FrameParser::Event, std::string>>;

void feed(FrameParser& parser, std::string_view input, Events& events) {
  while (!input.empty()) {
    const FrameParser::Event event = parser.next(input);
    if (event == FrameParser::Event::kNeedMore) return;
    events.emplace_back(event, parser.takePayload());
    if (event == FrameParser::Event::kError) return;
  }
}

TEST(FrameParserTest, FindsTheSameEventsWhereverTheInputIsCut) {
  const std::string input = masked(0x01, "frag") + masked(0x89, "ping") + masked(0x80, "ments") +
                            masked(0x82, std::string(300, 'b')) + masked(0x81, "") +
                            masked(0x8A, "pong") + masked(0x88, std::string("\x03\xe8ok", 4));
  const Events expected = {{FrameParser::Event::kPing, "ping"},
                           {FrameParser::Event::kText, "fragments"},
                           {FrameParser::Event::kBinary, std::string(300, 'b')},
                           {FrameParser::Event::kText, ""},
                           {FrameParser::Event::kPong, "pong"},
                           {FrameParser::Event::kClose, std::string("\x03\xe8ok", 4)}};
  for (size_t cut = 0; cut <= input.size(); ++cut) {
    FrameParser parser(1'000, Compression::kNone);
    Events events;
    feed(parser, std::string_view(input).substr(0, cut), events);
    feed(parser, std::string_view(input).substr(cut), events);
    EXPECT_EQ(events, expected) << cut;
  }
  FrameParser parser(1'000, Compression::kNone);
  Events events;
  for (const char& byte : input) feed(parser, {&byte, 1}, events);
  EXPECT_EQ(events, expected);
}

TEST(FrameParserTest, RefusesALengthThatIsNotMinimalOrNegative) {
  for (const std::string& header :
       {std::string("\x82\xfe\x00\x7d", 4) + "abcd",
        std::string("\x82\xff\x00\x00\x00\x00\x00\x00\xff\xff", 10) + "abcd",
        std::string("\x82\xff\x80\x00\x00\x00\x00\x00\x00\x00", 10) + "abcd"}) {
    FrameParser parser(~0ULL, Compression::kNone);
    std::string_view input = header;
    EXPECT_EQ(parser.next(input), FrameParser::Event::kError);
    EXPECT_EQ(parser.errorCode(), 1002);
  }
}

TEST(FrameParserTest, ARsv1BitNeedsNegotiationAndTheFirstFrame) {
  FrameParser parser(1'000, Compression::kDeflate);
  Events events;
  feed(parser, masked(0x41, "x") + masked(0x80, "y"), events);
  EXPECT_TRUE(parser.compressed());
  feed(parser, masked(0x81, "z"), events);
  EXPECT_FALSE(parser.compressed());
  feed(parser, masked(0x01, "a") + masked(0xC0, "b"), events);
  EXPECT_EQ(events.back().first, FrameParser::Event::kError);
}

TEST(FrameParserTest, ChecksTheCodeOfAClose) {
  const auto code = [](uint16_t value) {
    const std::string payload{static_cast<char>(value >> 8U), static_cast<char>(value & 0xFFU)};
    return parseClosePayload(payload).valid;
  };
  for (const uint16_t good : {1000, 1001, 1003, 1007, 1014, 3000, 4999}) EXPECT_TRUE(code(good));
  for (const uint16_t bad : {0, 999, 1004, 1005, 1006, 1015, 2999, 5000}) EXPECT_FALSE(code(bad));
  EXPECT_EQ(parseClosePayload("").code, 1005);
}

TEST(FrameWriterTest, CutsACloseReasonAtACharacter) {
  const std::string frame = closeFrame(1000, std::string(122, 'x') + "\xc3\xa9");
  EXPECT_EQ(frame.size(), 2U + 2U + 122U);
  EXPECT_EQ(closeFrame(1005, "ignored"), std::string("\x88\x00", 2));
}

}  // namespace
}  // namespace holdfast::net
