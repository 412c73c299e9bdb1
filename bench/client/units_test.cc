// The client's pure parts.
#include <gtest/gtest.h>

#include <string>

#include "histogram.h"
#include "http_response.h"
#include "path_template.h"
#include "ws_frame.h"

namespace holdfast::bench {
namespace {

TEST(Histogram, PercentilesAreAtMostOneBucketTooHigh) {
  Histogram histogram;
  for (uint64_t value = 1; value <= 100'000; ++value) histogram.add(value);
  EXPECT_EQ(histogram.total(), 100'000U);
  EXPECT_EQ(histogram.max(), 100'000U);
  for (const double fraction : {0.01, 0.5, 0.99}) {
    const double exact = fraction * 100'000;
    const auto shown = static_cast<double>(histogram.percentile(fraction));
    EXPECT_GE(shown, exact);
    EXPECT_LE(shown, exact * 1.017 + 1);
  }
}

TEST(Histogram, TakesTheLargestValue) {
  Histogram histogram;
  histogram.add(~uint64_t{0});
  EXPECT_EQ(histogram.percentile(0.5), ~uint64_t{0});
}

TEST(PathTemplate, CountsWithinBoundsOrWithoutEnd) {
  PathTemplate rotating("/do/obj-{8..10}/x");
  EXPECT_EQ(rotating.next(), "/do/obj-8/x");
  EXPECT_EQ(rotating.next(), "/do/obj-9/x");
  EXPECT_EQ(rotating.next(), "/do/obj-10/x");
  EXPECT_EQ(rotating.next(), "/do/obj-8/x");
  PathTemplate counting("/cold/{n}");
  EXPECT_EQ(counting.next(), "/cold/0");
  EXPECT_EQ(counting.next(), "/cold/1");
  EXPECT_FALSE(PathTemplate("/{2..1}").valid());
  EXPECT_FALSE(PathTemplate("/{m}").valid());
  EXPECT_FALSE(PathTemplate("/{n").valid());
}

void expectComplete(const std::string& text, int status, const std::string& body) {
  for (size_t size = 0; size < text.size(); ++size)
    EXPECT_EQ(readResponse(text.substr(0, size)).state, HttpResponse::State::kIncomplete) << size;
  const HttpResponse response = readResponse(text + "HTTP/1.1 200");
  ASSERT_EQ(response.state, HttpResponse::State::kComplete);
  EXPECT_EQ(response.status, status);
  EXPECT_EQ(response.body, body);
  EXPECT_EQ(response.bytes, text.size());
}

TEST(HttpResponse, ReadsBothFramings) {
  expectComplete("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello", 200, "hello");
  expectComplete("HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n", 500, "");
  expectComplete(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x\r\nlo\r\n0\r\n\r\n",
      200, "hello");
}

TEST(HttpResponse, RefusesWhatItCannotRead) {
  for (const char* text : {"nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n"})
    EXPECT_EQ(readResponse(text).state, HttpResponse::State::kBroken) << text;
}

TEST(WsFrame, ReadsWhatAServerSends) {
  const std::string payload(300, 'x');
  const std::string text = "\x81\x7e\x01\x2c" + payload;
  EXPECT_EQ(readFrame(text.substr(0, text.size() - 1)).state, ServerFrame::State::kIncomplete);
  const std::string more = text + "\x81";  // the payload is a view into it
  const ServerFrame frame = readFrame(more);
  EXPECT_EQ(frame.state, ServerFrame::State::kComplete);
  EXPECT_EQ(frame.payload, payload);
  EXPECT_EQ(frame.bytes, text.size());
  EXPECT_EQ(readFrame("\x01\x01x").state, ServerFrame::State::kBroken);  // a fragment
  EXPECT_EQ(readFrame("\xc1\x01x").state, ServerFrame::State::kBroken);  // compressed
  EXPECT_EQ(readFrame("\x81\x81x").state, ServerFrame::State::kBroken);  // masked
}

TEST(WsFrame, MasksWhatItSends) {
  const std::string frame = maskedFrame(Opcode::kText, "hello");
  ASSERT_EQ(frame.size(), 11U);
  EXPECT_EQ(frame.substr(0, 2), "\x81\x85");
  std::string payload;
  for (size_t i = 0; i < 5; ++i)
    payload.push_back(static_cast<char>(frame[6 + i] ^ frame[2 + i % 4]));
  EXPECT_EQ(payload, "hello");
  EXPECT_NE(frame.substr(6), "hello");
  EXPECT_EQ(static_cast<uint8_t>(maskedFrame(Opcode::kText, std::string(126, 'x'))[1]), 0xfe);
  EXPECT_EQ(static_cast<uint8_t>(maskedFrame(Opcode::kText, std::string(65'536, 'x'))[1]), 0xff);
}

}  // namespace
}  // namespace holdfast::bench
