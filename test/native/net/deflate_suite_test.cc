// What RFC 7692 asks of a server that compresses, in the manner of Autobahn's sections 12 (payloads
// and sizes) and 13 (negotiation), and what must not happen to it: bombs and garbage.
#include <algorithm>

#include "net/deflate.h"
#include "protocol_client.h"

namespace holdfast::net::protocol {
namespace {

constexpr const char* kOffer =
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

class DeflateTest : public ProtocolTest {
 protected:
  void open() {
    options.compression = true;
    start();
    EXPECT_NE(shake(kOffer).find("permessage-deflate"), std::string::npos);
  }
  // As a client compresses; what does not get smaller travels as it is.
  std::string compressed(uint8_t opcode, const std::string& message, size_t pieceBytes = 0) {
    std::string deflated;
    const bool smaller = codec.deflate(message, 15, deflated);
    const std::string& payload = smaller ? deflated : message;
    if (pieceBytes == 0) pieceBytes = std::max<size_t>(payload.size(), 1);
    std::string out = fragments(opcode, payload, pieceBytes);
    // RSV1 is on the first frame of a message only.
    if (smaller) out[0] = static_cast<char>(static_cast<uint8_t>(out[0]) | kRsv1);
    return out;
  }
  std::string readMessage(uint8_t opcode) {
    ServerFrame frame = readFrame();
    EXPECT_EQ(frame.first & ~kRsv1, kFin | opcode);
    if ((frame.first & kRsv1) == 0) return frame.payload;
    std::string message;
    EXPECT_EQ(codec.inflate(frame.payload, 64U << 20U, message), MessageCodec::Inflated::kOk);
    EXPECT_LT(frame.payload.size(), message.size()) << "compressed for nothing";
    return message;
  }
  unsigned closeCodeOfServer() {
    const ServerFrame frame = readFrame();
    EXPECT_EQ(frame.first, kFin | kClose);
    if (frame.payload.size() < 2) return 0;
    return (static_cast<unsigned>(static_cast<uint8_t>(frame.payload[0])) << 8U) |
           static_cast<uint8_t>(frame.payload[1]);
  }

  MessageCodec codec;
};

std::string prose(size_t size) {
  std::string out;
  while (out.size() < size) {
    out += R"({"user":)" + std::to_string(out.size()) + R"(,"text":"the quick brown fox"},)";
  }
  out.resize(size);
  return out;
}
// Nothing to gain: xorshift, fixed seed.
std::string noise(size_t size) {
  std::string out(size, '\0');
  uint64_t state = 0x9E3779B97F4A7C15ULL;
  for (char& byte : out) {
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    byte = static_cast<char>(state);
  }
  return out;
}

// 12.1 to 12.5: sizes, as text and as bytes that do not compress.
TEST_F(DeflateTest, C12_MessagesOfAllSizesComeBack) {
  open();
  for (const size_t size :
       {0U, 1U, 16U, 64U, 255U, 256U, 1'024U, 4'096U, 8'192U, 32'768U, 65'536U, 131'072U}) {
    for (int i = 0; i < 5; ++i) {
      client->write(compressed(kText, prose(size)));
      EXPECT_TRUE(readMessage(kText) == prose(size)) << size;
      client->write(compressed(kBinary, noise(size)));
      EXPECT_TRUE(readMessage(kBinary) == noise(size)) << size;
    }
  }
}

TEST_F(DeflateTest, C12_ACompressedMessageMayComeInFragmentsAndPieces) {
  open();
  const std::string message = prose(131'072);
  client->write(compressed(kText, message, 128));
  EXPECT_TRUE(readMessage(kText) == message);
  writeChopped(compressed(kText, message, 1'000), 13);
  EXPECT_TRUE(readMessage(kText) == message);
}

TEST_F(DeflateTest, C12_SeveralAreInFlight) {
  open();
  std::string input;
  for (size_t i = 0; i < 100; ++i) input += compressed(kText, prose(200 + 7 * i));
  client->write(input);
  for (size_t i = 0; i < 100; ++i) EXPECT_TRUE(readMessage(kText) == prose(200 + 7 * i)) << i;
}

TEST_F(DeflateTest, AMessageMayBeUncompressedAlthoughItWasNegotiated) {
  open();
  client->write(text("plain") + frame(kFin | kRsv1 | kText, std::string("\0", 1)));
  EXPECT_EQ(readMessage(kText), "plain");
  EXPECT_EQ(readMessage(kText), "");  // RFC 7692 section 7.2.3.6
}

// RFC 7692 sections 7.2.3.1 to 7.2.3.5: the examples.
TEST_F(DeflateTest, TheExamplesOfTheRfc) {
  open();
  client->write(
      frame(kFin | kRsv1 | kText, std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7)) +
      frame(kFin | kRsv1 | kText, std::string("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11)) +
      frame(kFin | kRsv1 | kText, std::string("\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8)) +
      frame(kFin | kRsv1 | kText,
            std::string("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13)));
  for (int i = 0; i < 4; ++i) EXPECT_EQ(readMessage(kText), "Hello") << i;
}

struct Refusal {
  const char* name;
  std::string input;
  unsigned code;
};
class RefusalTest : public DeflateTest, public ::testing::WithParamInterface<Refusal> {};

TEST_P(RefusalTest, EndsTheConnection) {
  options.limits.socketMessageBytesMax = 1U << 20U;
  open();
  client->write(GetParam().input);
  EXPECT_EQ(closeCodeOfServer(), GetParam().code);
  EXPECT_EQ(client->readToEnd(), "");
}

std::string bomb(size_t size) {
  MessageCodec codec;
  std::string out;
  EXPECT_TRUE(codec.deflate(std::string(size, '0'), 15, out));
  return frame(kFin | kRsv1 | kBinary, out);
}
std::string badText() {
  MessageCodec codec;
  std::string out;
  EXPECT_TRUE(codec.deflate(std::string(500, '\xff'), 15, out));
  return frame(kFin | kRsv1 | kText, out);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc7692, RefusalTest,
    ::testing::Values(Refusal{"S6_9_1_Bomb", bomb(32U << 20U), 1009},
                      Refusal{"OneByteTooMany", bomb((1U << 20U) + 1), 1009},
                      Refusal{"Garbage", frame(kFin | kRsv1 | kText, "\xff\xff\xff"), 1007},
                      Refusal{"Truncated", frame(kFin | kRsv1 | kText, "\xf2\x48\xcd"), 1007},
                      Refusal{"NotUtf8", badText(), 1007},
                      Refusal{"Rsv1OnContinuation",
                              frame(kMore | kRsv1 | kText, std::string("\xf2\x48", 2)) +
                                  frame(kFin | kRsv1 | kContinuation, "x"),
                              1002},
                      Refusal{"Rsv1OnPing", frame(kFin | kRsv1 | kPing, "x"), 1002},
                      Refusal{"Rsv2", frame(kFin | 0x20 | kText, "x"), 1002}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(DeflateTest, AMessageThatInflatesToTheLimitPasses) {
  options.limits.socketMessageBytesMax = 1U << 20U;
  open();
  client->write(bomb(1U << 20U));
  EXPECT_EQ(readMessage(kBinary).size(), 1U << 20U);
}

// 13: what is answered to an offer; nullptr: it is not taken.
struct Offer {
  const char* name;
  const char* offer;
  const char* answer;
  uint8_t windowBits;
};
class OfferTest : public DeflateTest, public ::testing::WithParamInterface<Offer> {};

TEST_P(OfferTest, IsAnsweredAndHolds) {
  options.compression = true;
  start();
  const std::string head =
      shake(std::string("Sec-WebSocket-Extensions: ") + GetParam().offer + "\r\n");
  if (GetParam().answer == nullptr) {
    EXPECT_EQ(head.find("Extensions"), std::string::npos) << head;
    client->write(text(prose(2'000)));
    const ServerFrame echo = readFrame();
    EXPECT_EQ(echo.first, kFin | kText) << "nothing was negotiated";
    return;
  }
  EXPECT_NE(head.find("Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; "
                      "client_no_context_takeover" +
                      std::string(GetParam().answer) + "\r\n"),
            std::string::npos)
      << head;
  // The same bytes again further away than the window: only a smaller window makes them longer.
  const std::string far = noise(700);
  const std::string message = far + noise(3'000).substr(700) + far;
  client->write(binary(message));
  const ServerFrame echo = readFrame();
  const bool isSmaller = (1U << GetParam().windowBits) > message.size();
  EXPECT_EQ((echo.first & kRsv1) != 0, isSmaller) << "the window is not the one agreed on";
}

INSTANTIATE_TEST_SUITE_P(
    Rfc7692, OfferTest,
    ::testing::Values(
        Offer{"Plain", "permessage-deflate", "", 15},
        Offer{"Browser", "permessage-deflate; client_max_window_bits", "", 15},
        Offer{"NoTakeover",
              "permessage-deflate; server_no_context_takeover; client_no_context_takeover", "", 15},
        Offer{"ClientBits", "permessage-deflate; client_max_window_bits=10", "", 15},
        Offer{"ServerBits9", "permessage-deflate; server_max_window_bits=9",
              "; server_max_window_bits=9", 9},
        Offer{"ServerBits15", "permessage-deflate; server_max_window_bits=15",
              "; server_max_window_bits=15", 15},
        Offer{"ServerBits8", "permessage-deflate; server_max_window_bits=8", nullptr, 0},
        Offer{"ServerBits16", "permessage-deflate; server_max_window_bits=16", nullptr, 0},
        Offer{"ServerBitsWithZero", "permessage-deflate; server_max_window_bits=09", nullptr, 0},
        Offer{"ServerBitsWithoutValue", "permessage-deflate; server_max_window_bits", nullptr, 0},
        Offer{"ClientBits7", "permessage-deflate; client_max_window_bits=7", nullptr, 0},
        Offer{"TakeoverWithValue", "permessage-deflate; server_no_context_takeover=1", nullptr, 0},
        Offer{"Twice", "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
              nullptr, 0},
        Offer{"Unknown", "permessage-deflate; unknown", nullptr, 0},
        Offer{"Other", "x-webkit-deflate-frame", nullptr, 0},
        Offer{"SecondOfferIsTaken",
              "permessage-deflate; server_max_window_bits=8, permessage-deflate", "", 15},
        Offer{"FirstThatFits",
              "x-other; a=b, permessage-deflate; server_max_window_bits=10, permessage-deflate",
              "; server_max_window_bits=10", 10}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(ProtocolTest, S6_9_2_CompressionIsOffUnlessAsked) {
  start();
  EXPECT_EQ(shake(kOffer).find("Extensions"), std::string::npos);
}

}  // namespace
}  // namespace holdfast::net::protocol
