#include "storage/object_files.h"

#include <atomic>
#include <thread>

#include "storage/store_fixture.h"

namespace holdfast::storage::testing {
namespace {

class ObjectFilesTest : public StoreTest {
 protected:
  static ActorId idOf(char digit) {
    ActorId id;
    id.bytes.fill(static_cast<uint8_t>((digit - 'a' + 10) * 0x11));
    return id;
  }
  // The first page of a new database, or one more.
  Lsn grow(ObjectFile& file, char letter = 'x') {
    const auto pages = static_cast<uint32_t>(file.size() / 4096);
    if (pages == 0) file.write(0, header(4096) + std::string(3996, letter));
    if (pages > 0) write(file, pages + 1, letter);
    return commit(file);
  }
  void again(const std::function<void()>& change) {
    stop();
    change();
    make();
  }
  static std::string digitsOf(const ObjectFiles::Work& work) {
    std::string digits;
    for (const ObjectFile* object : work.objects) digits += object->identity().name.idHex[0];
    return digits;
  }
};

TEST_F(ObjectFilesTest, LendsAnObjectToOne) {
  ObjectFile* file = open('a');
  EXPECT_EQ(objects_->open(objectNamed('a'), idOf('a')), nullptr);
  EXPECT_NE(open('a', "app-Hall"), file) << "another namespace, another object";
  objects_->close(file);
  EXPECT_NE(open('a'), nullptr);
}

TEST_F(ObjectFilesTest, KeepsADirtyObjectThatWasClosed) {
  ObjectFile* file = open('a');
  grow(*file, 'x');
  objects_->close(file);
  EXPECT_EQ(open('a'), file);
  EXPECT_EQ(pagesOf(*file), "x") << "no file holds it yet";
  objects_->close(file);
  checkpoint();
  file = open('a');
  EXPECT_EQ(pagesOf(*file), "x") << "from the file";
}

TEST_F(ObjectFilesTest, NamespacesHaveNumbersOfTheirOwn) {
  EXPECT_EQ(open('a')->identity().ns, 0U);
  EXPECT_EQ(open('a', "app-Hall")->identity().ns, 1U);
  EXPECT_EQ(open('b')->identity().ns, 0U);
}

TEST_F(ObjectFilesTest, ListsWhatExists) {
  ObjectFile* b = open('b');
  ObjectFile* a = open('a');
  open('c');
  ObjectFile* hall = open('d', "app-Hall");
  EXPECT_TRUE(objects_->objectsOf("app-Room").empty());
  grow(*b);
  grow(*a);
  grow(*hall);
  EXPECT_EQ(objects_->objectsOf("app-Room"),
            (std::vector<std::string>{std::string(64, 'a'), std::string(64, 'b')}));
  objects_->close(a);
  EXPECT_EQ(objects_->objectsOf("app-Room").size(), 2U);
}

TEST_F(ObjectFilesTest, TakesTheOldestFirst) {
  ObjectFile* a = open('a');
  ObjectFile* b = open('b');
  ObjectFile* c = open('c');
  for (ObjectFile* file : {c, a, b, c}) grow(*file);
  objects_->close(a);
  const ObjectFiles::Work closed = objects_->take(ObjectFiles::Which::kQuiet, 10);
  EXPECT_EQ(digitsOf(closed), "a");
  objects_->putBack(closed);
  const ObjectFiles::Work some = objects_->take(ObjectFiles::Which::kAll, 2);
  EXPECT_EQ(digitsOf(some), "ca") << "c is dirty the longest";
  const ObjectFiles::Work rest = objects_->take(ObjectFiles::Which::kAll, 2);
  EXPECT_EQ(digitsOf(rest), "b");
}

TEST_F(ObjectFilesTest, AnObjectInTheMiddleOfACommitIsNotTaken) {
  ObjectFile* file = open('a');
  objects_->beginCommit(*file);
  EXPECT_TRUE(objects_->take(ObjectFiles::Which::kAll, 10).objects.empty());
  objects_->endCommit(*file, 1, {});
  EXPECT_EQ(objects_->take(ObjectFiles::Which::kAll, 10).objects.size(), 1U);
}

TEST_F(ObjectFilesTest, RetirableIsBelowTheFirstThatIsMissing) {
  ObjectFile* a = open('a');
  ObjectFile* b = open('b');
  grow(*a);  // 1
  grow(*b);  // 2
  grow(*a);  // 3
  while (flush()) {
  }
  const ObjectFiles::Work first = objects_->take(ObjectFiles::Which::kAll, 1);
  EXPECT_EQ(digitsOf(first), "a");
  objects_->settle(*a, a->snapshot());
  EXPECT_EQ(objects_->done(first), 1U) << "2 is missing";
  grow(*a);  // 4
  const ObjectFiles::Work second = objects_->take(ObjectFiles::Which::kAll, 1);
  EXPECT_EQ(digitsOf(second), "b");
  EXPECT_EQ(objects_->done(second), 3U) << "4 is missing";
  while (flush()) {
  }
  EXPECT_EQ(objects_->done(objects_->take(ObjectFiles::Which::kAll, 1)), 4U);
}

TEST_F(ObjectFilesTest, RetirableIsNeverBeyondWhatIsDurable) {
  ObjectFile* a = open('a');
  grow(*a);
  EXPECT_EQ(objects_->done(objects_->take(ObjectFiles::Which::kAll, 1)), 0U);
}

TEST_F(ObjectFilesTest, ACommitDuringACheckpointLeavesTheObjectDirty) {
  ObjectFile* a = open('a');
  grow(*a);
  while (flush()) {
  }
  const ObjectFiles::Work work = objects_->take(ObjectFiles::Which::kAll, 1);
  const ObjectFile::Snapshot snapshot = a->snapshot();
  grow(*a);
  while (flush()) {
  }
  objects_->settle(*a, snapshot);
  EXPECT_EQ(objects_->done(work), 1U);
  EXPECT_EQ(digitsOf(objects_->take(ObjectFiles::Which::kAll, 1)), "a");
}

TEST_F(ObjectFilesTest, PutBackIsAsDirtyAsBefore) {
  ObjectFile* a = open('a');
  ObjectFile* b = open('b');
  grow(*a);  // 1
  grow(*b);  // 2
  while (flush()) {
  }
  ObjectFiles::Work work = objects_->take(ObjectFiles::Which::kAll, 1);
  grow(*a);  // 3
  while (flush()) {
  }
  objects_->putBack(std::move(work));
  const ObjectFiles::Work second = objects_->take(ObjectFiles::Which::kAll, 10);
  EXPECT_EQ(digitsOf(second), "ab");
  objects_->putBack(second);
  objects_->close(b);
  const ObjectFiles::Work closed = objects_->take(ObjectFiles::Which::kQuiet, 10);
  EXPECT_EQ(digitsOf(closed), "b");
  EXPECT_EQ(objects_->done(closed), 0U) << "1 is missing";
}

TEST_F(ObjectFilesTest, AnObjectThatIsReopenedDuringACheckpointStays) {
  ObjectFile* a = open('a');
  grow(*a);
  objects_->close(a);
  while (flush()) {
  }
  const ObjectFiles::Work work = objects_->take(ObjectFiles::Which::kQuiet, 1);
  const ObjectFile::Snapshot snapshot = a->snapshot();
  EXPECT_EQ(open('a'), a);
  EXPECT_EQ(pagesOf(*a), "x");
  objects_->close(a);
  EXPECT_EQ(open('a'), a) << "closed again before the checkpoint ended";
  objects_->settle(*a, snapshot);
  objects_->done(work);
  EXPECT_EQ(a->size(), 4096U);
}

TEST_F(ObjectFilesTest, AlarmsOfOneObjectAreOne) {
  ObjectFile* a = open('a');
  a->write(0, header(4096) + std::string(3996, 'x'));
  commit(*a, RecordedAlarm{.at = 500, .actorName = "lobby"});
  commit(*a, RecordedAlarm{.at = 700, .actorName = {}});
  grow(*a);
  const ObjectFiles::Work work = objects_->take(ObjectFiles::Which::kAll, 10);
  ASSERT_EQ(work.alarms.size(), 1U);
  EXPECT_EQ(work.alarms[0].alarm.at, 700);
  EXPECT_EQ(work.alarms[0].alarm.actorName, "lobby") << "the name stays known";
  EXPECT_EQ(work.alarms[0].oldest, 1U);
  EXPECT_EQ(work.alarms[0].newest, 2U);
}

TEST_F(ObjectFilesTest, AnAlarmThatIsPutBackKeepsItsRecords) {
  ObjectFile* a = open('a');
  a->write(0, header(4096) + std::string(3996, 'x'));
  commit(*a, RecordedAlarm{.at = 500, .actorName = {}});
  while (flush()) {
  }
  ObjectFiles::Work work = objects_->take(ObjectFiles::Which::kAll, 10);
  commit(*a, RecordedAlarm{.at = 700, .actorName = {}});
  while (flush()) {
  }
  objects_->putBack(std::move(work));
  const ObjectFiles::Work again = objects_->take(ObjectFiles::Which::kAll, 10);
  ASSERT_EQ(again.alarms.size(), 1U);
  EXPECT_EQ(again.alarms[0].alarm.at, 700);
  EXPECT_EQ(again.alarms[0].oldest, 1U);
}

TEST_F(ObjectFilesTest, ForgetAlarmReachesTheIndexWithoutARecord) {
  objects_->settleAlarm(objectNamed('a'), std::nullopt);
  EXPECT_EQ(round().value(), true);
  ASSERT_EQ(alarms_.stored.size(), 1U);
  EXPECT_EQ(alarms_.stored[0].object.idHex, std::string(64, 'a'));
  EXPECT_EQ(alarms_.stored[0].alarm.at, std::nullopt);
  EXPECT_EQ(log_->last(), 0U);
}

TEST_F(ObjectFilesTest, ForgetAlarmAndSetAgain) {
  ObjectFile* a = open('a');
  a->write(0, header(4096) + std::string(3996, 'x'));
  commit(*a, RecordedAlarm{.at = 500, .actorName = "lobby"});
  objects_->settleAlarm(objectNamed('a'), std::nullopt);
  const ObjectFiles::Work forgotten = objects_->take(ObjectFiles::Which::kAll, 10);
  EXPECT_EQ(forgotten.alarms.at(0).alarm.at, std::nullopt);
  EXPECT_EQ(forgotten.alarms.at(0).oldest, 1U);
  objects_->putBack(forgotten);
  commit(*a, RecordedAlarm{.at = 900, .actorName = {}});
  EXPECT_EQ(objects_->take(ObjectFiles::Which::kAll, 10).alarms.at(0).alarm.at, 900);
}

TEST_F(ObjectFilesTest, TooMuchInMemoryRefusesCommits) {
  again([this] { objectOptions_.overlayBytesMax = 4 * 4096; });
  ObjectFile* a = open('a');
  for (int i = 0; i < 4; ++i) grow(*a);
  EXPECT_FALSE(objects_->isOverBound());
  grow(*a);
  EXPECT_TRUE(objects_->isOverBound());
  EXPECT_TRUE(objects_->admit().ok()) << "checkpoints begin first";
  while (a->size() < 17 * 4096) grow(*a);
  const Status refused = objects_->admit();
  EXPECT_EQ(refused.code(), Code::kResourceExhausted);
  EXPECT_NE(refused.message().find("overlayBytesMax"), std::string::npos);
  checkpoint();
  EXPECT_TRUE(objects_->admit().ok());
  EXPECT_FALSE(objects_->isOverBound());
}

TEST_F(ObjectFilesTest, TooMuchLogRefusesCommits) {
  again([this] {
    objectOptions_.logBytesMax = 4 * 4096;
    logOptions_.segmentBytes = 4096;
  });
  ObjectFile* a = open('a');
  for (int i = 0; i < 20; ++i) {
    write(*a, 1, static_cast<char>('a' + i));  // memory stays small
    commit(*a);
    flush();
  }
  EXPECT_TRUE(objects_->isOverBound());
  EXPECT_EQ(objects_->admit().code(), Code::kResourceExhausted);
  checkpoint();
  EXPECT_TRUE(objects_->admit().ok());
}

TEST_F(ObjectFilesTest, PagesThatAreWrittenAgainCountOnce) {
  again([this] { objectOptions_.overlayBytesMax = 2 * 4096; });
  ObjectFile* a = open('a');
  for (int i = 0; i < 50; ++i) {
    write(*a, 1, static_cast<char>('a' + i % 26));
    write(*a, 2, static_cast<char>('a' + i % 26));
    commit(*a);
  }
  EXPECT_FALSE(objects_->isOverBound());
  resize(*a, 1);
  commit(*a);
  write(*a, 2, 'x');
  commit(*a);
  EXPECT_FALSE(objects_->isOverBound()) << "a shrink gives back what it cuts";
}

TEST_F(ObjectFilesTest, WaitForWork) {
  again([this] { objectOptions_.overlayBytesMax = 4096; });
  ObjectFile* a = open('a');
  grow(*a);
  objects_->close(a);
  EXPECT_EQ(objects_->waitForWork(), ObjectFiles::Which::kQuiet);
  a = open('a');
  grow(*a);
  EXPECT_EQ(objects_->waitForWork(), ObjectFiles::Which::kAll);
  objects_->stop();
  EXPECT_EQ(objects_->waitForWork(), std::nullopt);
  objects_->throttle();  // neither waits any more
  objects_->waitBeforeRetry();
}

TEST_F(ObjectFilesTest, AFileIsOpenedForAtMostSoManyObjects) {
  again([this] { objectOptions_.openFilesMax = 2; });
  makeFile("ab", 4096, 'a');
  makeFile("cd", 4096, 'b');
  makeFile("ef", 4096, 'c');
  ObjectFile* a = open('a');
  ObjectFile* b = open('b');
  ObjectFile* c = open('c');
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(pagesOf(*a), "ab");
    EXPECT_EQ(pagesOf(*b), "cd");
    EXPECT_EQ(pagesOf(*c), "ef");
  }
}

// Two shards and a checkpointer at once; ThreadSanitizer looks on.
TEST_F(ObjectFilesTest, TwoShardsCommitWhileACheckpointerWorks) {
  constexpr int kCommits = 300;
  again([this] {
    objectOptions_.overlayBytesMax = 8 * 4096;
    logOptions_.segmentBytes = 16 * 1024;
  });
  std::thread log([this] {
    while (log_->step(CommitLog::Wait::kForWork)) {
    }
  });
  std::thread checkpointer([this] {
    while (const auto which = objects_->waitForWork()) {
      if (!checkpointer_->round(*which).ok()) objects_->waitBeforeRetry();
    }
  });
  const auto shard = [this](char digit) {
    ObjectFile* file = open(digit);
    for (int i = 0; i < kCommits; ++i) {
      const auto page = static_cast<uint32_t>(2 + i % 7);
      const char letter = static_cast<char>('a' + i % 26);
      if (file->size() == 0) file->write(0, header(4096) + std::string(3996, 'h'));
      write(*file, page, letter);
      if (i % 5 == 4) file->rollback();
      if (i % 5 != 4) commit(*file, RecordedAlarm{.at = i, .actorName = {}});
      if (i % 50 == 49) {
        objects_->close(file);
        file = open(digit);
      }
    }
    objects_->close(file);
  };
  std::thread one([&shard] { shard('a'); });
  std::thread two([&shard] { shard('b'); });
  one.join();
  two.join();
  log_->stop();
  log.join();
  objects_->stop();
  checkpointer.join();
  std::string expected = "h0000000";
  for (int i = 0; i < kCommits; ++i) {
    if (i % 5 != 4) expected[1 + i % 7] = static_cast<char>('a' + i % 26);
  }
  for (const char digit : {'a', 'b'}) {
    ObjectFile* file = open(digit);
    EXPECT_EQ(pagesOf(*file), expected);
    objects_->close(file);
  }
  EXPECT_EQ(log_->last(), static_cast<Lsn>(2 * kCommits * 4 / 5));
  killProcess();
  EXPECT_EQ(fileOf('a'), expected);
  EXPECT_EQ(fileOf('b'), expected);
}

}  // namespace
}  // namespace holdfast::storage::testing
