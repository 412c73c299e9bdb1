// The log on a full disk: nothing is lost, nothing is final, and it goes on by itself.
#include <atomic>

#include "storage/engine_fixture.h"

namespace holdfast::storage::testing {
namespace {

class CommitLogSpaceTest : public EngineTest {
 protected:
  CommitLogSpaceTest() {
    configure_ = [](EngineOptions& options) {
      options.segmentBytes = 64U << 10U;
      options.logReserveBytes = 16U << 10U;
    };
    files_.onSpace = [this](const std::string& path) -> Status {
      if (!full_ || path.find("/log/") == std::string::npos) return {};
      return {Code::kResourceExhausted, "pwrite " + path + ": No space left on device"};
    };
  }
  void TearDown() override {
    full_ = false;
    databases_.clear();
    stop();
  }

  Database& object(char digit) {
    std::unique_ptr<Database>& db = databases_[digit];
    if (db == nullptr) db = database(digit);
    return *db;
  }
  // The commit's status; what it wrote is `value`.
  Status write(char digit, const std::string& value) {
    EXPECT_TRUE(object(digit).put("key", value).ok());
    return object(digit).commit().status();
  }
  // Writes until a commit is refused, and says why.
  Status writeUntilRefused(char digit) {
    for (;;) {
      Status status = write(digit, std::string(900, 'x') + std::to_string(++written_));
      if (!status.ok()) return status;
    }
  }
  // Refusals queue nothing: only the log's own look at the disk can end them.
  void writeUntilAdmitted(char digit, const std::string& value) {
    while (!write(digit, value).ok()) {
    }
  }

  std::atomic<bool> full_{false};
  int written_ = 0;
  std::map<char, std::unique_ptr<Database>> databases_;
};

TEST_F(CommitLogSpaceTest, RefusedCommitsAreAdmittedAgainOnceThereIsSpace) {
  open();
  EXPECT_TRUE(write('a', "kept").ok());
  full_ = true;
  EXPECT_EQ(writeUntilRefused('b').message(), "database or disk is full: SQLITE_FULL");
  EXPECT_EQ(write('a', "refused").code(), Code::kSqlCritical);
  EXPECT_EQ(valueOf(object('a'), "key"), "kept") << "readers go on";
  EXPECT_TRUE(engine_->logCounters().diskFull);
  full_ = false;
  writeUntilAdmitted('a', "again");
  sink_.waitDurable(engine_->committedLsn());
  EXPECT_EQ(sink_.failures(), 0U);
  EXPECT_FALSE(engine_->logCounters().diskFull);
  databases_.clear();
  stop();
  EXPECT_EQ(sink_.fullness(), (std::vector<bool>{true, false}));
}

TEST_F(CommitLogSpaceTest, SegmentThatCannotBeBegunIsBegunLater) {
  open();
  // Until the next batch belongs into a new segment.
  const std::string big(80U << 10U, 'x');
  EXPECT_TRUE(write('a', big).ok());
  sink_.waitDurable(engine_->committedLsn());
  full_ = true;
  const Status first = write('a', "waits for a segment");
  EXPECT_EQ(writeUntilRefused('b').code(), Code::kSqlCritical);
  full_ = false;
  writeUntilAdmitted('b', "last");
  sink_.waitDurable(engine_->committedLsn());
  EXPECT_EQ(sink_.failures(), 0U);
  databases_.clear();
  stop();
  open();
  EXPECT_EQ(valueOf(object('a'), "key"), first.ok() ? "waits for a segment" : big);
  EXPECT_EQ(valueOf(object('b'), "key"), "last");
}

TEST_F(CommitLogSpaceTest, WriteThatFindsNoSpaceInWhatWasReservedWaitsToo) {
  open();
  EXPECT_TRUE(write('a', "first").ok());
  sink_.waitDurable(engine_->committedLsn());
  full_ = true;
  EXPECT_TRUE(write('a', "second").ok()) << "nobody knows yet";
  const Lsn second = engine_->committedLsn();
  EXPECT_EQ(writeUntilRefused('b').code(), Code::kSqlCritical);
  EXPECT_LT(sink_.durable(), second);
  full_ = false;
  sink_.waitDurable(second);
  EXPECT_EQ(sink_.failures(), 0U);
}

TEST_F(CommitLogSpaceTest, StopDoesNotWaitForSpace) {
  open();
  EXPECT_TRUE(write('a', "durable").ok());
  sink_.waitDurable(engine_->committedLsn());
  full_ = true;
  EXPECT_TRUE(write('a', "waits").ok());
  EXPECT_EQ(writeUntilRefused('b').code(), Code::kSqlCritical);
  databases_.clear();
  stop();
  EXPECT_EQ(sink_.failures(), 1U) << "whoever waits for the commit learns that it failed";
  full_ = false;
  open();
  EXPECT_EQ(valueOf(object('a'), "key"), "durable");
}

}  // namespace
}  // namespace holdfast::storage::testing
