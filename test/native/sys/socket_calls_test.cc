// The same calls with the kernel's ring and without: nobody can tell the difference.
#include "sys/socket_calls.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <string>
#include <vector>

namespace holdfast::sys {
namespace {

constexpr size_t kPairs = 3;

class SocketCallsTest : public ::testing::TestWithParam<SocketCalls::Mode> {
 protected:
  void SetUp() override {
    for (size_t i = 0; i < kPairs; ++i) {
      std::array<int, 2> ends{};
      ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
      near_.emplace_back(ends[0]);
      far_.emplace_back(ends[1]);
    }
  }

  std::vector<SocketCalls::Write> writeAll(const std::vector<std::string_view>& pieces) {
    std::vector<SocketCalls::Write> writes(kPairs);
    for (size_t i = 0; i < kPairs; ++i) {
      writes[i].socket = &near_[i];
      for (const std::string_view piece : pieces) writes[i].pieces[writes[i].count++] = piece;
    }
    calls_.write(writes);
    return writes;
  }

  std::vector<SocketCalls::Read> readAll() {
    std::vector<SocketCalls::Read> reads(kPairs);
    for (size_t i = 0; i < kPairs; ++i) {
      reads[i].socket = &far_[i];
      reads[i].into = buffers_[i];
    }
    calls_.read(reads);
    return reads;
  }

  static std::string text(const SocketCalls::Read& read) {
    return {read.into.data(), read.result.bytes};
  }

  SocketCalls calls_{GetParam()};
  std::vector<StreamSocket> near_;
  std::vector<StreamSocket> far_;
  std::array<std::array<char, 64>, kPairs> buffers_{};
};

TEST_P(SocketCallsTest, MoveTheBytesOfEachSocketInOrder) {
  for (int round = 0; round < 100; ++round) {
    const std::string number = std::to_string(round);
    for (const auto& write : writeAll({"a", number, "-", "end"})) {
      ASSERT_EQ(write.result.outcome, IoOutcome::kDone);
      ASSERT_EQ(write.result.bytes, 5 + number.size());
    }
    for (const auto& read : readAll()) {
      ASSERT_EQ(read.result.outcome, IoOutcome::kDone);
      ASSERT_EQ(text(read), "a" + number + "-end");
    }
  }
}

TEST_P(SocketCallsTest, SayWhichSocketWouldWait) {
  EXPECT_EQ(near_[1].write(std::vector<std::string_view>{"one"}).bytes, 3U);
  const auto reads = readAll();
  EXPECT_EQ(reads[0].result.outcome, IoOutcome::kBlocked);
  EXPECT_EQ(text(reads[1]), "one");
  EXPECT_EQ(reads[2].result.outcome, IoOutcome::kBlocked);
}

TEST_P(SocketCallsTest, ReadNoMoreThanThereIsRoomFor) {
  writeAll({std::string(100, 'x')});
  for (const auto& read : readAll()) EXPECT_EQ(read.result.bytes, 64U);
  for (const auto& read : readAll()) EXPECT_EQ(read.result.bytes, 36U);
}

TEST_P(SocketCallsTest, SayWhoHasEndedAndWhoIsGone) {
  near_[0].shutDownWriting();
  near_[1].close();
  const auto reads = readAll();
  EXPECT_EQ(reads[0].result.outcome, IoOutcome::kEnded);
  EXPECT_EQ(reads[1].result.outcome, IoOutcome::kEnded);
  EXPECT_EQ(reads[2].result.outcome, IoOutcome::kBlocked);
  far_[2].close();
  const auto writes = writeAll({"x"});  // raises no signal
  EXPECT_EQ(writes[0].result.outcome, IoOutcome::kFailed);
  EXPECT_EQ(writes[1].result.outcome, IoOutcome::kFailed);
  EXPECT_EQ(writes[2].result.outcome, IoOutcome::kFailed);
}

TEST_P(SocketCallsTest, WriteWhatFitsAndThenSayThatItWouldWait) {
  const std::string much(8U << 20U, 'y');
  for (const auto& write : writeAll({much})) {
    EXPECT_EQ(write.result.outcome, IoOutcome::kDone);
    EXPECT_GT(write.result.bytes, 0U);
    EXPECT_LT(write.result.bytes, much.size());
  }
  for (const auto& write : writeAll({much, much}))
    EXPECT_EQ(write.result.outcome, IoOutcome::kBlocked);
}

std::string nameOf(const ::testing::TestParamInfo<SocketCalls::Mode>& mode) {
  return mode.param == SocketCalls::Mode::kBatched ? "Batched" : "Single";
}

INSTANTIATE_TEST_SUITE_P(Modes, SocketCallsTest,
                         ::testing::Values(SocketCalls::Mode::kBatched, SocketCalls::Mode::kSingle),
                         nameOf);

}  // namespace
}  // namespace holdfast::sys
