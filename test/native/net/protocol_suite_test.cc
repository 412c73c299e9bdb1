// What RFC 6455 asks of a server, in the manner of Autobahn's sections 1 to 7, 9 and 10: each case
// sends bytes to the real server, which echoes messages, and looks at all that comes back. Names
// are section and number; where Autobahn has hundreds of values, each class of them is here.
#include <algorithm>

#include "protocol_client.h"

namespace holdfast::net::protocol {
namespace {

using Cases = std::vector<Case>;

std::string pattern(size_t size) {
  std::string out(size, '\0');
  for (size_t i = 0; i < size; ++i) out[i] = static_cast<char>('!' + (i * 31 + i / 97) % 90);
  return out;
}

Case refused(std::string name, std::string input, unsigned code) {
  Case test{std::move(name), std::move(input)};
  test.refused = true;
  test.close = code;
  return test;
}
Case echoed(std::string name, std::string input, std::vector<std::string> messages,
            size_t chop = 0) {
  return {std::move(name), std::move(input), chop, 1000, std::move(messages)};
}

// 1: messages of one frame, at the borders of the three lengths.
Cases framing() {
  Cases cases;
  int number = 1;
  for (const size_t size : {0U, 125U, 126U, 127U, 128U, 65'535U, 65'536U}) {
    const std::string payload = pattern(size);
    cases.push_back(echoed("1_1_" + std::to_string(number), text(payload), {payload}));
    cases.push_back(echoed("1_2_" + std::to_string(number), binary(payload), {payload}));
    ++number;
  }
  cases.push_back(echoed("1_1_8", text(pattern(65'536)), {pattern(65'536)}, 997));
  cases.push_back(echoed("1_2_8", binary(pattern(65'536)), {pattern(65'536)}, 997));
  return cases;
}

// 2: pings and pongs.
Cases pings() {
  const std::string bytes("\x00\xff\xfe\xfd\xfc\xfb\x00\xff", 8);
  const auto ping = [](std::string_view payload) { return frame(kFin | kPing, payload); };
  const auto pong = [](std::string_view payload) { return frame(kFin | kPong, payload); };
  std::string ten;
  std::vector<std::string> answers;
  for (int i = 0; i < 10; ++i) {
    answers.push_back("payload-" + std::to_string(i));
    ten += ping(answers.back());
  }
  const auto answered = [](std::string name, std::string input, std::vector<std::string> pongs,
                           size_t chop = 0) {
    return Case{std::move(name), std::move(input), chop, 1000, {}, std::move(pongs)};
  };
  return {
      answered("2_1", ping(""), {""}),
      answered("2_2", ping("hello"), {"hello"}),
      answered("2_3", ping(bytes), {bytes}),
      answered("2_4", ping(std::string(125, '\xfe')), {std::string(125, '\xfe')}),
      refused("2_5", ping(std::string(126, '\xfe')), 1002),
      answered("2_6", ping(std::string(125, '\xfe')), {std::string(125, '\xfe')}, 1),
      answered("2_7", pong(""), {}),
      answered("2_8", pong("unasked"), {}),
      answered("2_9", pong("unasked") + ping("asked"), {"asked"}),
      answered("2_10", ten, answers),
      answered("2_11", ten, answers, 1),
  };
}

// 3: reserved bits; 4: reserved opcodes.
Cases reserved() {
  Cases cases;
  for (const unsigned bits : {1U, 2U, 3U, 4U, 5U, 6U, 7U}) {
    const auto first =
        static_cast<uint8_t>(kFin | (bits << 4U) | (bits % 2 == 0 ? kText : kBinary));
    cases.push_back(refused("3_" + std::to_string(bits), frame(first, "hi"), 1002));
    const auto control = static_cast<uint8_t>(kFin | (bits << 4U) | kPing);
    cases.push_back(
        refused("3_" + std::to_string(bits) + "_ping", text("a") + frame(control, ""), 1002));
  }
  for (const unsigned opcode : {3U, 4U, 5U, 6U, 7U, 11U, 12U, 13U, 14U, 15U}) {
    const std::string section = opcode < 8 ? "4_1_" : "4_2_";
    cases.push_back(refused(section + std::to_string(opcode),
                            frame(static_cast<uint8_t>(kFin | opcode), ""), 1002));
    cases.push_back(
        refused(section + std::to_string(opcode) + "_in_message",
                frame(kMore | kText, "a") + frame(static_cast<uint8_t>(kFin | opcode), "b"), 1002));
  }
  return cases;
}

// 5: fragments, and control frames between them.
Cases fragmentation() {
  const std::string ping = frame(kFin | kPing, "ping");
  const std::string first = frame(kMore | kText, "fragment1");
  const std::string middle = frame(kMore | kContinuation, "fragment2");
  const std::string last = frame(kFin | kContinuation, "fragment3");
  const std::string whole = "fragment1fragment2fragment3";
  const auto between = [&](std::string name, size_t chop) {
    return Case{std::move(name), first + ping + middle + ping + last, chop, 1000, {whole},
                {"ping", "ping"}};
  };
  return {
      refused("5_1", frame(kMore | kPing, "a") + frame(kFin | kContinuation, "b"), 1002),
      refused("5_2", frame(kMore | kPong, "a") + frame(kFin | kContinuation, "b"), 1002),
      refused("5_2_close", frame(kMore | kClose, ""), 1002),
      echoed("5_3", first + last, {"fragment1fragment3"}),
      echoed("5_4", first + last, {"fragment1fragment3"}, 9),
      echoed("5_5", first + last, {"fragment1fragment3"}, 1),
      between("5_6", 0),
      between("5_7", 9),
      between("5_8", 1),
      refused("5_9", frame(kFin | kContinuation, "lost") + text("hi"), 1002),
      refused("5_10", frame(kFin | kContinuation, "lost"), 1002),
      refused("5_12", frame(kMore | kContinuation, "lost") + text("hi"), 1002),
      refused("5_15", first + last + frame(kMore | kContinuation, "x") + text("y"), 1002),
      refused("5_16", frame(kMore | kContinuation, "x") + frame(kMore | kText, "y"), 1002),
      refused("5_18", first + text("second"), 1002),
      refused("5_18_binary", frame(kMore | kBinary, "a") + frame(kFin | kBinary, "b"), 1002),
      {"5_19",
       first + middle + ping + middle + ping + last,
       0,
       1000,
       {"fragment1fragment2fragment2fragment3"},
       {"ping", "ping"}},
      echoed("5_20",
             frame(kMore | kText, "") + frame(kMore | kContinuation, "") +
                 frame(kFin | kContinuation, ""),
             {""}),
  };
}

// 6: text is UTF-8, wherever it is cut.
Cases utf8() {
  const std::string greek = "Hello-µ@ßöäüàá-UTF-8!!κόσμε";
  Cases cases = {
      echoed("6_1_1", text(""), {""}),
      echoed("6_1_3",
             frame(kMore | kText, "") + frame(kMore | kContinuation, "middle") +
                 frame(kFin | kContinuation, ""),
             {"middle"}),
      echoed("6_2_1", text(greek), {greek}),
      echoed("6_2_2", fragments(kText, greek, 7), {greek}),
      echoed("6_2_3", fragments(kText, greek, 1), {greek}),
      refused("6_3_1",
              text("κόσμε\xed\xa0\x80"
                   "edited"),
              1007),
      refused("6_3_2",
              fragments(kText,
                        "κόσμε\xed\xa0\x80"
                        "edited",
                        1),
              1007),
      refused("6_4_1",
              fragments(kText,
                        "κόσμε\xf4\x90\x80\x80"
                        "edited",
                        6),
              1007),
      echoed("6_5_binary", binary("\xed\xa0\x80\xff"), {"\xed\xa0\x80\xff"}),
  };
  const std::vector<std::pair<const char*, std::string>> valid = {
      {"6_7_1", std::string("\0", 1)},
      {"6_7_2", "\xc2\x80"},
      {"6_7_3", "\xe0\xa0\x80"},
      {"6_7_4", "\xf0\x90\x80\x80"},
      {"6_9_1", "\x7f"},
      {"6_9_2", "\xdf\xbf"},
      {"6_9_3", "\xef\xbf\xbf"},
      {"6_9_4", "\xf4\x8f\xbf\xbf"},
      {"6_11_1", "\xed\x9f\xbf"},
      {"6_11_2", "\xee\x80\x80"},
      {"6_11_3", "\xef\xbf\xbd"},
      {"6_22_1", "\xef\xbf\xbe"},
      {"6_22_34", "\xf4\x8f\xbf\xbe"},
      {"6_23_1", "\xef\xbf\xb9"},
  };
  for (const auto& [name, bytes] : valid) {
    cases.push_back(echoed(name, text(bytes), {bytes}));
    cases.push_back(echoed(std::string(name) + "_cut", fragments(kText, bytes, 1), {bytes}));
  }
  const std::vector<std::pair<const char*, std::string>> invalid = {
      {"6_8_1", "\xf8\x88\x80\x80\x80"},
      {"6_8_2", "\xfc\x84\x80\x80\x80\x80"},
      {"6_10_1", "\xf7\xbf\xbf\xbf"},
      {"6_10_2", "\xfb\xbf\xbf\xbf\xbf"},
      {"6_11_5", "\xf4\x90\x80\x80"},
      {"6_12_1", "\x80"},
      {"6_12_2", "\xbf"},
      {"6_12_8", "\x80\xbf\x80\xbf\x80\xbf\xbe"},
      {"6_13_1", "\xc0 \xc1 \xc2 "},
      {"6_13_5", "\xfc \xfd "},
      {"6_14_1", "\xc0"},
      {"6_14_2", "\xe0\x80"},
      {"6_14_4", "\xf8\x80\x80\x80"},
      {"6_14_8", "\xdf"},
      {"6_14_9", "\xef\xbf"},
      {"6_15_1", "\xc0\xe0\x80\xf0\x80\x80"},
      {"6_16_1", "\xfe"},
      {"6_16_2", "\xff"},
      {"6_17_1", "\xc0\xaf"},
      {"6_17_2", "\xe0\x80\xaf"},
      {"6_18_1", "\xc1\xbf"},
      {"6_18_2", "\xe0\x9f\xbf"},
      {"6_18_3", "\xf0\x8f\xbf\xbf"},
      {"6_19_1", "\xc0\x80"},
      {"6_20_1", "\xed\xa0\x80"},
      {"6_20_7", "\xed\xbf\xbf"},
      {"6_21_1", "\xed\xa0\x80\xed\xb0\x80"},
  };
  for (const auto& [name, bytes] : invalid) {
    cases.push_back(refused(name, text(bytes), 1007));
    cases.push_back(refused(std::string(name) + "_cut", fragments(kText, bytes, 1), 1007));
  }
  return cases;
}

// 7: closing.
Cases closing() {
  const auto closed = [](std::string name, std::string input, unsigned code,
                         std::vector<std::string> messages = {}) {
    Case test{std::move(name), std::move(input), 0, code, std::move(messages)};
    test.refused = true;  // the connection ends without another Close of ours
    return test;
  };
  Cases cases = {
      closed("7_1_1", text("hello") + closeCode(1000), 1000, {"hello"}),
      closed("7_1_2", closeCode(1000) + closeCode(1000), 1000),
      closed("7_1_3", closeCode(1000) + frame(kFin | kPing, "late"), 1000),
      closed("7_1_4", closeCode(1000) + text("late"), 1000),
      closed("7_1_5", frame(kMore | kText, "half") + closeCode(1000), 1000),
      closed("7_1_6", binary(pattern(262'144)) + closeCode(1000), 1000, {pattern(262'144)}),
      closed("7_3_1", frame(kFin | kClose, ""), 0),
      refused("7_3_2", frame(kFin | kClose, "a"), 1002),
      closed("7_3_3", closeCode(1000), 1000),
      closed("7_3_4", closeCode(1000, "Hello World!"), 1000),
      closed("7_3_5", closeCode(1000, std::string(123, '*')), 1000),
      refused("7_3_6", closeCode(1000, std::string(124, '*')), 1002),
      refused("7_5_1",
              closeCode(1000,
                        "\xce\xba\xed\xa0\x80"
                        "edited"),
              1007),
  };
  for (const unsigned code : {1000U, 1001U, 1002U, 1003U, 1007U, 1008U, 1009U, 1010U, 1011U, 3000U,
                              3999U, 4000U, 4999U}) {
    cases.push_back(closed("7_7_" + std::to_string(code), closeCode(code), code));
  }
  for (const unsigned code :
       {0U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 1100U, 2000U, 2999U, 5000U, 65'535U}) {
    cases.push_back(refused("7_9_" + std::to_string(code), closeCode(code), 1002));
  }
  return cases;
}

// 9: large messages, in one frame, in fragments and in small writes; 10: fragments as a client
// makes them.
Cases large() {
  const std::string mega = pattern(1U << 20U);
  const std::string four = pattern(4U << 20U);
  const std::string quarter = pattern(262'144);
  return {
      echoed("9_1_1", text(pattern(65'536)), {pattern(65'536)}),
      echoed("9_1_3", text(mega), {mega}),
      echoed("9_1_4", text(four), {four}),
      echoed("9_2_4", binary(four), {four}),
      echoed("9_3_1", fragments(kText, quarter, 64), {quarter}),
      echoed("9_3_5", fragments(kText, mega, 16'384), {mega}),
      echoed("9_4_1", fragments(kBinary, quarter, 64), {quarter}),
      echoed("9_4_9", fragments(kBinary, mega, 1U << 20U), {mega}),
      echoed("9_5_1", text(quarter), {quarter}, 64),
      echoed("9_6_6", binary(mega), {mega}, 2'048),
      echoed("10_1_1", fragments(kText, pattern(65'536), 1'300), {pattern(65'536)}),
  };
}

Cases all() {
  Cases cases;
  for (const Cases& section :
       {framing(), pings(), reserved(), fragmentation(), utf8(), closing(), large()}) {
    cases.insert(cases.end(), section.begin(), section.end());
  }
  return cases;
}

class SuiteTest : public ProtocolTest, public ::testing::WithParamInterface<Case> {};

TEST_P(SuiteTest, AnswersAsTheRfcAsks) {
  const Case& test = GetParam();
  start();
  shake();
  writeChopped(test.input, test.chop);
  std::vector<std::string> messages;
  std::vector<std::string> pongs;
  ServerFrame frame;
  const bool weClose = !test.refused;
  bool asked = false;
  for (;;) {
    // The Close comes after all answers, whose order among each other is the server's.
    if (weClose && !asked &&
        messages.size() + pongs.size() == test.messages.size() + test.pongs.size()) {
      client->write(closeCode(1000));
      asked = true;
    }
    frame = readFrame();
    ASSERT_NE(frame.first & kFin, 0) << "the server does not fragment";
    const uint8_t opcode = frame.first & 0x0FU;
    if (opcode == kClose || opcode == 0) break;
    (opcode == kPong ? pongs : messages).push_back(std::move(frame.payload));
  }
  EXPECT_EQ(frame.first, kFin | kClose);
  EXPECT_TRUE(pongs == test.pongs) << pongs.size();
  if (!test.refused || !test.messages.empty()) {
    EXPECT_TRUE(messages == test.messages) << messages.size();
  }
  if (test.close == 0) {
    EXPECT_EQ(frame.payload, "");
  } else {
    ASSERT_GE(frame.payload.size(), 2U);
    EXPECT_EQ(
        (static_cast<uint8_t>(frame.payload[0]) << 8) | static_cast<uint8_t>(frame.payload[1]),
        test.close);
  }
  EXPECT_EQ(client->readToEnd(), "") << "nothing follows a Close";
}

INSTANTIATE_TEST_SUITE_P(Rfc6455, SuiteTest, ::testing::ValuesIn(all()),
                         [](const auto& info) { return info.param.name; });

// 9.7 and 9.8: many small messages keep their order.
TEST_F(ProtocolTest, C9_7_AThousandMessagesComeBackInOrder) {
  start();
  shake();
  std::string input;
  for (int i = 0; i < 1'000; ++i) input += text(std::to_string(i));
  client->write(input);
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(readFrame().payload, std::to_string(i));
}

}  // namespace
}  // namespace holdfast::net::protocol
