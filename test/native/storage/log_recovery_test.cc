#include "storage/log_recovery.h"

#include "storage/log_fixture.h"
#include "storage/store_fixture.h"

namespace holdfast::storage::testing {
namespace {

constexpr uint32_t kPageBytes = 512;

std::string batch(Lsn retired, Lsn durable) {
  std::string out;
  encodeBatch({.durable = durable, .retired = retired}, out);
  return out;
}

// A commit that sets the whole of `page` to a letter.
std::string put(Lsn lsn, uint32_t page, char letter, uint32_t pages, char object = 'a',
                std::optional<RecordedAlarm> alarm = {}) {
  const std::string bytes(kPageBytes, letter);
  CommitRecord record;
  record.lsn = lsn;
  record.object.bytes.fill(static_cast<uint8_t>((object - 'a' + 10) * 0x11));
  record.sequence = 1;
  record.pageBytes = kPageBytes;
  record.pages = pages;
  record.alarm = std::move(alarm);
  record.ranges = {{page, 0, bytes}};
  return encoded(record);
}

// Segments made by hand, then read as at a start.
class LogRecoveryTest : public ::testing::Test {
 protected:
  LogRecoveryTest() {
    EXPECT_TRUE(disk_.createDirectories(logDirectory("data")).ok());
    EXPECT_TRUE(disk_.createDirectories(namespacesDirectory("data")).ok());
  }

  static std::string pathOf(Lsn first) { return logDirectory("data") + "/" + segmentName(first); }
  static std::string filePath(char object = 'a') {
    return objectPath(namespaceDirectory("data", "app-Room"), std::string(64, object));
  }
  // A segment whose first batch says what was retired, followed by `rest`.
  void segment(Lsn first, Lsn retired, const std::string& rest) {
    disk_.setContent(pathOf(first), encodeSegmentHeader(first) + batch(retired, first - 1) +
                                        encodedNamespace(0, "app-Room") + rest);
  }
  Result<RecoveryReport> recover(Flush flush = Flush::kYes) {
    return recoverLog(disk_, "data", flush, alarms_);
  }
  // Of each page the letter.
  std::string file(char object = 'a') {
    const std::optional<std::string> content = disk_.content(filePath(object));
    if (!content) return "(none)";
    std::string letters;
    for (size_t at = 0; at < content->size(); at += kPageBytes) {
      letters += (*content)[at] == '\0' ? '0' : (*content)[at];
    }
    return letters;
  }

  SimulatedDisk disk_;
  FakeAlarmStore alarms_;
};

TEST_F(LogRecoveryTest, SpaceThatTheLogTookInAdvanceIsFreeForTheFiles) {
  segment(1, 0, put(1, 1, 'a', 1));
  const std::string records = *disk_.content(pathOf(1));
  disk_.setContent(pathOf(1), records + std::string(100'000, '\0'));
  ASSERT_TRUE(recover().ok());
  EXPECT_EQ(*disk_.content(pathOf(1)), records);
  EXPECT_EQ(file(), "a");
}

TEST_F(LogRecoveryTest, NoLog) {
  const Result<RecoveryReport> report = recover();
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report.value().last, 0U);
  EXPECT_EQ(report.value().segments, 0U);
}

TEST_F(LogRecoveryTest, AppliesWhatIsNotRetired) {
  disk_.setContent(filePath(), std::string(kPageBytes, 'f'));
  segment(1, 0, put(1, 1, 'x', 1) + put(2, 1, 'y', 1));
  segment(3, 2, put(3, 2, 'b', 2));
  const Result<RecoveryReport> report = recover();
  ASSERT_TRUE(report.ok()) << report.status().message();
  EXPECT_EQ(file(), "fb") << "the file holds 1 and 2, and perhaps more than they say";
  EXPECT_EQ(report.value().segments, 1U);
  EXPECT_EQ(report.value().commits, 1U);
  EXPECT_EQ(report.value().objects, 1U);
  EXPECT_EQ(report.value().last, 3U);
  EXPECT_FALSE(report.value().torn);
}

TEST_F(LogRecoveryTest, ALaterBatchSaysMoreIsRetired) {
  segment(1, 0, put(1, 1, 'x', 1) + batch(1, 1) + put(2, 2, 'y', 2));
  ASSERT_TRUE(recover().ok());
  EXPECT_EQ(file(), "0y") << "1 is retired: the file was flushed with it, and then lost here";
}

TEST_F(LogRecoveryTest, DoneAgainItGivesTheSame) {
  segment(1, 0, put(1, 1, 'x', 2) + put(2, 2, 'y', 2) + put(3, 1, 'z', 2));
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(recover().ok());
    EXPECT_EQ(file(), "zy");
  }
}

TEST_F(LogRecoveryTest, ATornTailIsCut) {
  const std::string last = put(2, 1, 'y', 1);
  for (size_t cut = 0; cut < last.size(); cut += 7) {
    segment(1, 0, put(1, 1, 'x', 1) + batch(0, 1) + last.substr(0, cut));
    const Result<RecoveryReport> report = recover();
    ASSERT_TRUE(report.ok()) << report.status().message();
    EXPECT_EQ(file(), "x") << cut;
    EXPECT_EQ(report.value().last, 1U);
    EXPECT_EQ(report.value().torn, cut > 0);
  }
}

// A process died while it began a segment, at any byte of it.
TEST_F(LogRecoveryTest, ASegmentThatWasBeingBegunIsNone) {
  const std::string begun = encodeSegmentHeader(4) + batch(0, 3);
  for (size_t cut = 0; cut < begun.size(); ++cut) {
    segment(1, 0, put(1, 1, 'x', 1));
    segment(2, 0, put(2, 2, 'y', 2));
    segment(3, 0, put(3, 3, 'z', 3));
    disk_.setContent(pathOf(4), begun.substr(0, cut));
    const Result<RecoveryReport> report = recover();
    ASSERT_TRUE(report.ok()) << cut << ": " << report.status().message();
    EXPECT_EQ(file(), "xyz");
    EXPECT_EQ(report.value().last, 3U);
  }
}

TEST_F(LogRecoveryTest, OnlyASegmentThatWasBeingBegunStillSaysTheLsn) {
  disk_.setContent(pathOf(9), "");
  const Result<RecoveryReport> report = recover();
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report.value().last, 8U);
}

TEST_F(LogRecoveryTest, DamageIsReportedAndNothingIsWritten) {
  segment(1, 0, put(1, 1, 'x', 1) + batch(0, 1) + put(2, 2, 'y', 2) + batch(0, 2));
  disk_.corrupt(pathOf(1), disk_.content(pathOf(1))->size() - 100, 0xFF);
  const Result<RecoveryReport> report = recover();
  EXPECT_EQ(report.status().code(), Code::kCorrupt);
  EXPECT_NE(report.status().message().find(segmentName(1)), std::string::npos);
  EXPECT_EQ(file(), "(none)");
}

TEST_F(LogRecoveryTest, AMissingSegmentIsDamage) {
  segment(1, 0, put(1, 1, 'x', 1));
  segment(3, 0, put(3, 2, 'y', 2));
  EXPECT_EQ(recover().status().code(), Code::kCorrupt);
  EXPECT_NE(recover().status().message().find("commit 2"), std::string::npos);
  ASSERT_TRUE(disk_.removeFile(pathOf(1)).ok());
  EXPECT_EQ(recover().status().code(), Code::kCorrupt);
  EXPECT_NE(recover().status().message().find("commit 1"), std::string::npos);
  EXPECT_EQ(file(), "(none)");
}

TEST_F(LogRecoveryTest, ARetiredSegmentMayBeMissing) {
  segment(3, 2, put(3, 1, 'z', 1));
  const Result<RecoveryReport> report = recover();
  ASSERT_TRUE(report.ok()) << report.status().message();
  EXPECT_EQ(file(), "z");
}

TEST_F(LogRecoveryTest, AllRetiredGivesTheLastLsn) {
  segment(8, 7, "");
  const Result<RecoveryReport> report = recover();
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report.value().last, 7U);
  EXPECT_EQ(report.value().commits, 0U);
}

TEST_F(LogRecoveryTest, ANamespaceIsNamedAnewInEachSegment) {
  segment(1, 0, put(1, 1, 'x', 1));
  disk_.setContent(pathOf(2), encodeSegmentHeader(2) + batch(0, 1) +
                                  encodedNamespace(0, "app-Hall") + put(2, 1, 'y', 1));
  ASSERT_TRUE(recover().ok());
  EXPECT_EQ(file(), "x");
  EXPECT_TRUE(
      disk_.exists(objectPath(namespaceDirectory("data", "app-Hall"), std::string(64, 'a'))));
}

TEST_F(LogRecoveryTest, ACommitOfANamespaceWithoutANameIsDamage) {
  segment(1, 0, put(1, 1, 'x', 1));
  disk_.setContent(pathOf(2), encodeSegmentHeader(2) + batch(0, 1) + put(2, 1, 'y', 1));
  EXPECT_EQ(recover().status().code(), Code::kCorrupt);
  EXPECT_EQ(file(), "(none)") << "nothing is written";
}

TEST_F(LogRecoveryTest, AlarmsAreStoredOnceTheFilesAreFlushed) {
  segment(1, 0,
          put(1, 1, 'x', 1, 'a', RecordedAlarm{.at = 500, .actorName = "lobby"}) +
              put(2, 1, 'y', 1, 'b', RecordedAlarm{.at = 600, .actorName = {}}) +
              put(3, 1, 'z', 1, 'a', RecordedAlarm{.at = 700, .actorName = {}}) +
              put(4, 1, 'z', 1, 'b', RecordedAlarm{}));
  alarms_.onStore = [this] {
    disk_.crashNow();
    disk_.powerCut(3);
    EXPECT_EQ(file('a'), "z");
    EXPECT_EQ(file('b'), "z");
  };
  ASSERT_TRUE(recover().ok());
  ASSERT_EQ(alarms_.stored.size(), 2U);
  EXPECT_EQ(alarms_.stored[0].object.uniqueKey, "app-Room");
  EXPECT_EQ(alarms_.stored[0].object.idHex, std::string(64, 'a'));
  EXPECT_EQ(alarms_.stored[0].alarm.at, 700);
  EXPECT_EQ(alarms_.stored[0].alarm.actorName, "lobby") << "the name stays known";
  EXPECT_EQ(alarms_.stored[1].alarm.at, std::nullopt);
}

TEST_F(LogRecoveryTest, AFailureIsReported) {
  segment(1, 0, put(1, 1, 'x', 1, 'a', RecordedAlarm{.at = 500, .actorName = {}}));
  alarms_.failure = Status(Code::kIo, "no alarms");
  EXPECT_EQ(recover().status().message(), "no alarms");
  alarms_.failure = Status();
  for (uint64_t k = 1;; ++k) {
    disk_.failAt(k, Fault::kFailedSync);
    const Result<RecoveryReport> report = recover();
    if (disk_.faultsPending() > 0) {
      EXPECT_TRUE(report.ok());
      break;
    }
    EXPECT_EQ(report.status().code(), Code::kIo) << k;
  }
  EXPECT_EQ(file(), "x");
}

TEST_F(LogRecoveryTest, NotFlushedWhenNotAsked) {
  ASSERT_TRUE(disk_.createDirectories(namespaceDirectory("data", "app-Room")).ok());
  segment(1, 0, put(1, 1, 'x', 1));
  const uint64_t before = disk_.operations();
  ASSERT_TRUE(recover(Flush::kNo).ok());
  EXPECT_EQ(disk_.operations() - before, 2U) << "a name and a write";
}

}  // namespace
}  // namespace holdfast::storage::testing
