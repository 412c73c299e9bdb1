#include "storage/log_replay.h"

#include "storage/store_fixture.h"

namespace holdfast::storage::testing {
namespace {

struct Change {
  uint32_t page;
  std::string bytes;
  uint32_t offset = 0;
};

class LogReplayTest : public ::testing::Test {
 protected:
  LogReplayTest() { begin(); }

  void begin() {
    replay_ = std::make_unique<LogReplay>(disk_, "data");
    replay_->name({.ns = 2, .uniqueKey = "app-Room"});
  }

  static std::string pathOf() {
    return objectPath(namespaceDirectory("data", "app-Room"), std::string(64, 'a'));
  }
  void file(const std::string& content) { disk_.setContent(pathOf(), content); }

  Status apply(uint32_t pages, const std::vector<Change>& changes, uint32_t pageBytes = 512) {
    CommitRecord record;
    record.lsn = ++lsn_;
    record.ns = 2;
    record.object.bytes.fill(0xaa);
    record.sequence = lsn_;
    record.pageBytes = pageBytes;
    record.pages = pages;
    for (const Change& change : changes)
      record.ranges.push_back({change.page, change.offset, change.bytes});
    return replay_->apply(record);
  }
  // The file once the replay is written.
  std::string written() {
    const Status done = replay_->write();
    EXPECT_TRUE(done.ok()) << done.message();
    return disk_.content(pathOf()).value_or("(none)");
  }
  // "a*500 xyz b*12": runs of one byte are told by their length.
  static std::string shown(const std::string& bytes) {
    std::string out;
    for (size_t at = 0; at < bytes.size();) {
      const size_t end = std::min(bytes.find_first_not_of(bytes[at], at), bytes.size());
      out += bytes[at] == '\0' ? '0' : bytes[at];
      if (end - at > 1) out += "*" + std::to_string(end - at) + " ";
      at = end;
    }
    return out;
  }
  static std::string page(char letter, size_t bytes = 512) { return std::string(bytes, letter); }
  static std::string zeros(size_t bytes = 512) { return std::string(bytes, '\0'); }

  SimulatedDisk disk_;
  std::unique_ptr<LogReplay> replay_;
  Lsn lsn_ = 0;
};

TEST_F(LogReplayTest, ChangesGoOverTheFile) {
  file(page('a') + page('b') + page('c'));
  ASSERT_TRUE(apply(3, {{2, "XX", 10}}).ok());
  ASSERT_TRUE(apply(3, {{2, "Y", 11}, {3, "Z", 511}}).ok());
  EXPECT_EQ(replay_->commits(), 2U);
  EXPECT_EQ(replay_->objects().size(), 1U);
  std::string b = page('b');
  b.replace(10, 2, "XY");
  std::string c = page('c');
  c[511] = 'Z';
  EXPECT_EQ(shown(written()), shown(page('a') + b + c));
}

TEST_F(LogReplayTest, NothingIsWrittenBeforeWrite) {
  ASSERT_TRUE(apply(1, {{1, "x"}}).ok());
  EXPECT_FALSE(disk_.exists(pathOf()));
  EXPECT_EQ(shown(written()), shown("x" + zeros(511)));
}

TEST_F(LogReplayTest, PagesOfEverySize) {
  for (uint32_t bytes = 512; bytes <= 65'536; bytes *= 2) {
    begin();
    file(page('a', bytes) + page('b', bytes));
    ASSERT_TRUE(apply(3, {{2, "B", bytes - 1}, {3, page('c', bytes)}}, bytes).ok());
    EXPECT_EQ(shown(written()),
              shown(page('a', bytes) + page('b', bytes - 1) + "B" + page('c', bytes)));
  }
}

TEST_F(LogReplayTest, PagesBeyondAShrinkCountAsZeros) {
  file(page('a') + page('b') + page('c') + page('d'));
  ASSERT_TRUE(apply(2, {{1, "x"}}).ok());
  ASSERT_TRUE(apply(4, {{3, "y", 100}}).ok());
  // Page 4 came back without being written: a hole.
  EXPECT_EQ(shown(written()),
            shown("x" + page('a', 511) + page('b') + zeros(100) + "y" + zeros(411) + zeros()));
}

TEST_F(LogReplayTest, AShrinkForgetsChanges) {
  file(page('a'));
  ASSERT_TRUE(apply(3, {{2, page('b')}, {3, page('c')}}).ok());
  ASSERT_TRUE(apply(1, {}).ok());
  ASSERT_TRUE(apply(3, {{3, "z"}}).ok());
  EXPECT_EQ(shown(written()), shown(page('a') + zeros() + "z" + zeros(511)));
}

TEST_F(LogReplayTest, AShrinkAtTheEndCutsTheFile) {
  file(page('a') + page('b') + page('c'));
  ASSERT_TRUE(apply(1, {{1, "x"}}).ok());
  EXPECT_EQ(shown(written()), shown("x" + page('a', 511)));
}

TEST_F(LogReplayTest, AFileThatEndsWithinAPage) {
  file(page('a') + page('b', 100));
  ASSERT_TRUE(apply(2, {{2, "x", 200}}).ok());
  EXPECT_EQ(shown(written()), shown(page('a') + page('b', 100) + zeros(100) + "x" + zeros(311)));
}

TEST_F(LogReplayTest, AnyMixtureOfOldAndNewInTheFileGivesTheSame) {
  const std::vector<std::pair<uint32_t, std::vector<Change>>> commits = {
      {4, {{1, "one", 3}, {4, page('d')}}},
      {2, {{2, "two", 30}}},
      {3, {{1, "three", 5}, {3, "three", 7}}},
      {4, {{2, "four", 31}}}};
  const auto replayed = [&](const std::string& before) {
    begin();
    file(before);
    for (const auto& [pages, changes] : commits) EXPECT_TRUE(apply(pages, changes).ok());
    return written();
  };
  const std::string before = page('a') + page('b') + page('c');
  const std::string after = replayed(before);
  // Halves of pages, old or new; the length, old or new.
  for (unsigned mask = 0; mask < 64; ++mask) {
    std::string mixed = before;
    for (size_t half = 0; half < 6; ++half) {
      if ((mask >> half) % 2 != 0) mixed.replace(half * 256, 256, after, half * 256, 256);
    }
    EXPECT_EQ(shown(replayed(mixed)), shown(after)) << mask;
    EXPECT_EQ(shown(replayed(mixed + page('?'))), shown(after)) << mask;
  }
  EXPECT_EQ(shown(replayed(after)), shown(after));
}

TEST_F(LogReplayTest, AnUnknownNamespaceIsDamage) {
  replay_->forgetNames();
  EXPECT_EQ(apply(1, {{1, "x"}}).code(), Code::kCorrupt);
}

TEST_F(LogReplayTest, AFailedWriteIsReported) {
  ASSERT_TRUE(apply(1, {{1, "x"}}).ok());
  disk_.failAt(1, Fault::kNoSpace);
  EXPECT_EQ(replay_->write().code(), Code::kResourceExhausted);
}

TEST_F(LogReplayTest, TheLastAlarmOfAnObjectCounts) {
  CommitRecord record;
  record.lsn = 1;
  record.ns = 2;
  record.sequence = 1;
  record.pageBytes = 512;
  record.pages = 1;
  record.alarm = RecordedAlarm{.at = 5, .actorName = "lobby"};
  ASSERT_TRUE(replay_->apply(record).ok());
  record.lsn = 2;
  record.alarm = RecordedAlarm{.at = 7, .actorName = {}};
  ASSERT_TRUE(replay_->apply(record).ok());
  record.lsn = 3;
  record.alarm.reset();
  ASSERT_TRUE(replay_->apply(record).ok());
  const std::vector<AlarmUpdate> alarms = replay_->alarms();
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_EQ(alarms[0].object.uniqueKey, "app-Room");
  EXPECT_EQ(alarms[0].alarm.at, 7);
  EXPECT_EQ(alarms[0].alarm.actorName, "lobby");
  EXPECT_EQ(alarms[0].newest, 2U);
}

}  // namespace
}  // namespace holdfast::storage::testing
