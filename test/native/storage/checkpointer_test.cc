#include "storage/checkpointer.h"

#include <thread>

#include "storage/store_fixture.h"
#include "support/power_cuts.h"

namespace holdfast::storage::testing {
namespace {

class CheckpointerTest : public StoreTest {
 protected:
  // One more page for each object, closed again.
  void commitTo(const std::string& digits, char letter, std::optional<RecordedAlarm> alarm = {}) {
    for (const char digit : digits) {
      ObjectFile* file = open(digit);
      const auto pages = static_cast<uint32_t>(file->size() / 4096);
      if (pages == 0) file->write(0, header(4096) + std::string(3996, letter));
      if (pages > 0) write(*file, pages + 1, letter);
      commit(*file, alarm);
      objects_->close(file);
    }
  }
  void flushAll() {
    while (flush()) {
    }
  }
  bool roundDone(ObjectFiles::Which which = ObjectFiles::Which::kAll) {
    const Result<bool> done = round(which);
    EXPECT_TRUE(done.ok()) << done.status().message();
    return done.ok() && done.value();
  }
};

TEST_F(CheckpointerTest, NothingToDo) {
  const uint64_t before = disk_.operations();
  EXPECT_FALSE(roundDone());
  EXPECT_EQ(disk_.operations(), before);
}

TEST_F(CheckpointerTest, BringsPagesIntoTheFileAndRetiresTheLog) {
  commitTo("a", 'x');
  commitTo("a", 'y');
  flushAll();
  EXPECT_TRUE(roundDone());
  EXPECT_EQ(fileOf('a'), "xy");
  commitTo("a", 'z');
  flushAll();
  EXPECT_EQ(records(1),
            "batch(retired 0, durable 0) batch(retired 0, durable 0) ns(0 app-Room) commit(1) "
            "commit(2) batch(retired 2, durable 2) commit(3)");
  EXPECT_TRUE(roundDone());
  EXPECT_EQ(fileOf('a'), "xyz");
  EXPECT_FALSE(roundDone());
}

TEST_F(CheckpointerTest, WaitsUntilTheLogIsDurable) {
  commitTo("a", 'x');
  std::thread checkpointer([this] { roundDone(); });
  flushAll();
  checkpointer.join();
  EXPECT_EQ(fileOf('a'), "x");
}

TEST_F(CheckpointerTest, NothingIsWrittenThatTheLogDoesNotHold) {
  commitTo("a", 'x');
  disk_.failAt(1, Fault::kFailedSync);
  flush();
  ASSERT_EQ(sink_->failures(), 1U);
  EXPECT_EQ(round().status().code(), Code::kUnavailable);
  EXPECT_EQ(fileOf('a'), "(none)");
}

TEST_F(CheckpointerTest, ClosedObjectsOnly) {
  makeFile("a", 4096, 'b');
  ObjectFile* file = open('b');
  write(*file, 2, 'x');
  commit(*file);
  commitTo("a", 'x');
  flushAll();
  EXPECT_TRUE(roundDone(ObjectFiles::Which::kQuiet));
  EXPECT_EQ(fileOf('a'), "x");
  EXPECT_EQ(fileOf('b'), "a");
  EXPECT_FALSE(roundDone(ObjectFiles::Which::kQuiet));
  EXPECT_TRUE(roundDone(ObjectFiles::Which::kAll));
  EXPECT_EQ(fileOf('b'), "ax");
  EXPECT_EQ(pagesOf(*file), "ax");
}

TEST_F(CheckpointerTest, ARoundOfQuietObjectsGivesWayToOtherWork) {
  int pauses = 0;
  stop();
  checkpointerOptions_.pace = [&pauses] { ++pauses; };
  make();
  for (const ObjectFiles::Which which : {ObjectFiles::Which::kQuiet, ObjectFiles::Which::kAll}) {
    for (int i = 0; i < 40; ++i) {
      ObjectFile* file = open('a', "app-Room" + std::to_string(i));
      file->write(0,
                  header(4096) + std::string(3996, which == ObjectFiles::Which::kAll ? 'y' : 'x'));
      commit(*file);
      objects_->close(file);
    }
    flushAll();
    EXPECT_TRUE(roundDone(which));
    EXPECT_EQ(pauses, 2) << "after each 16 files, and not when a bound is passed";
  }
}

TEST_F(CheckpointerTest, ARoundTakesSoManyObjects) {
  stop();
  checkpointerOptions_.objectsPerRound = 2;
  make();
  commitTo("abcde", 'x');
  flushAll();
  EXPECT_TRUE(roundDone());
  EXPECT_TRUE(roundDone());
  EXPECT_EQ(fileOf('d'), "x");
  EXPECT_EQ(fileOf('e'), "(none)") << "the oldest first";
  EXPECT_TRUE(roundDone());
  EXPECT_FALSE(roundDone());
  EXPECT_EQ(fileOf('e'), "x");
}

TEST_F(CheckpointerTest, ManyFilesAreFlushedWithOneCall) {
  commitTo("abcdefghi", 'x');
  flushAll();
  roundDone();
  const auto operationsOf = [this](const std::string& digits) {
    commitTo(digits, 'y');
    flushAll();
    const uint64_t before = disk_.operations();
    roundDone();
    return disk_.operations() - before;
  };
  EXPECT_EQ(operationsOf("a"), 2U) << "a write, a flush";
  EXPECT_EQ(operationsOf("abcdefgh"), 16U);
  EXPECT_EQ(operationsOf("abcdefghi"), 10U) << "one flush for all";
  powerCut(5);
  EXPECT_EQ(fileOf('i'), "xy");
}

TEST_F(CheckpointerTest, HandedToTheSystemOnlyIsNotFlushed) {
  stop();
  logOptions_.durability = Durability::kSystem;
  checkpointerOptions_.flush = false;
  make();
  commitTo("a", 'x');
  flushAll();
  roundDone();
  commitTo("a", 'y');
  flushAll();
  const uint64_t before = disk_.operations();
  roundDone();
  EXPECT_EQ(disk_.operations() - before, 1U) << "a write";
}

TEST_F(CheckpointerTest, AlarmsAreStoredOnceTheFilesAreFlushedAndBeforeTheLogIsRetired) {
  commitTo("a", 'x', RecordedAlarm{.at = 500, .actorName = "lobby"});
  flushAll();
  const Lsn before = log_->durable();
  alarms_.onStore = [this, before] {
    EXPECT_EQ(fileOf('a'), "x");
    commitTo("b", 'y');
    flushAll();
    EXPECT_EQ(log_->durable(), before + 1);
    EXPECT_EQ(records(1).find("retired 1"), std::string::npos);
  };
  roundDone();
  alarms_.onStore = nullptr;
  ASSERT_EQ(alarms_.stored.size(), 1U);
  EXPECT_EQ(alarms_.stored[0].object.idHex, std::string(64, 'a'));
  EXPECT_EQ(alarms_.stored[0].alarm.at, 500);
  commitTo("c", 'z');
  flushAll();
  EXPECT_NE(records(1).find("retired 1, durable 2) commit(3)"), std::string::npos) << records(1);
}

TEST_F(CheckpointerTest, AlarmsOfOpenObjectsComeAlong) {
  ObjectFile* file = open('a');
  file->write(0, header(4096) + std::string(3996, 'x'));
  commit(*file, RecordedAlarm{.at = 500, .actorName = {}});
  flushAll();
  EXPECT_TRUE(roundDone(ObjectFiles::Which::kQuiet));
  EXPECT_EQ(alarms_.stored.size(), 1U);
  EXPECT_EQ(fileOf('a'), "(none)");
  killProcess();
  EXPECT_EQ(recovery_.commits, 1U) << "its page is still in the log only";
}

TEST_F(CheckpointerTest, AlarmsThatCannotBeStoredKeepTheLog) {
  stop();
  logOptions_.segmentBytes = 100;
  make();
  commitTo("a", 'x', RecordedAlarm{.at = 500, .actorName = {}});
  flushAll();
  alarms_.failure = Status(Code::kIo, "no alarms");
  EXPECT_EQ(round().status().message(), "no alarms");
  commitTo("b", 'y');
  flushAll();
  EXPECT_EQ(segments().size(), 2U);
  alarms_.failure = Status();
  EXPECT_TRUE(roundDone());
  EXPECT_EQ(alarms_.stored.size(), 1U);
  flushAll();
  EXPECT_EQ(segments().size(), 1U);
  EXPECT_FALSE(roundDone());
}

TEST_F(CheckpointerTest, ANewerAlarmWinsOverOneThatIsPutBack) {
  commitTo("a", 'x', RecordedAlarm{.at = 500, .actorName = {}});
  flushAll();
  alarms_.failure = Status(Code::kIo, "no alarms");
  alarms_.onStore = [this] {
    commitTo("a", 'y', RecordedAlarm{.at = 900, .actorName = {}});
    flushAll();
  };
  EXPECT_FALSE(round().ok());
  alarms_.failure = Status();
  alarms_.onStore = nullptr;
  roundDone();
  ASSERT_EQ(alarms_.stored.size(), 1U);
  EXPECT_EQ(alarms_.stored[0].alarm.at, 900);
}

// Each flush of a round fails in turn. The log still holds everything, and the next round makes
// good whatever is missing.
TEST_F(CheckpointerTest, AFailedRoundLosesNothing) {
  for (const std::string& digits : {std::string("abc"), std::string("abcdefghij")}) {
    for (const Fault fault : {Fault::kFailedSync, Fault::kFailedWrite, Fault::kNoSpaceOnce}) {
      for (uint64_t k = 1;; ++k) {
        stop();
        disk_.killProcess();
        ASSERT_TRUE(disk_.removeTree(kDataDir).ok());
        make();
        commitTo(digits, 'x');
        flushAll();
        disk_.failAt(k, fault);
        const bool failed = !round().ok();
        const bool ended = disk_.faultsPending() > 0;
        EXPECT_EQ(failed, !ended) << k;
        EXPECT_EQ(roundDone(), failed);
        flushAll();
        // Without a look at the log: nothing of it is needed any more.
        stop();
        disk_.powerCut(k);
        for (const char digit : digits) ASSERT_EQ(fileOf(digit), "x") << k;
        if (ended) break;
      }
    }
  }
}

TEST_F(CheckpointerTest, PowerIsCutAtEveryMomentOfARound) {
  for (uint64_t k = 1;; ++k) {
    bool ended = false;
    for (uint64_t seed = 0; seed < 10; ++seed) {
      stop();
      disk_.killProcess();
      ASSERT_TRUE(disk_.removeTree(kDataDir).ok());
      make();
      commitTo("ab", 'x');
      checkpoint();
      commitTo("abc", 'y');
      flushAll();
      disk_.crashAt(k);
      (void)round().ok();
      flushAll();
      ended = !disk_.isPowerOff();
      powerCut(seed);
      ASSERT_EQ(fileOf('a') + " " + fileOf('b') + " " + fileOf('c'), "xy xy y") << k << " " << seed;
    }
    if (ended) break;
  }
}

TEST_F(CheckpointerTest, CommitsGoOnWhileARoundIsUnderWay) {
  ObjectFile* file = open('a');
  file->write(0, header(4096) + std::string(3996, 'a'));
  commit(*file, RecordedAlarm{.at = 1, .actorName = {}});
  flushAll();
  alarms_.onStore = [this, file] {
    write(*file, 2, 'x');
    commit(*file);
    flushAll();
  };
  EXPECT_TRUE(roundDone());
  alarms_.onStore = nullptr;
  EXPECT_EQ(pagesOf(*file), "ax");
  EXPECT_EQ(fileOf('a'), "a");
  killProcess();
  EXPECT_EQ(fileOf('a'), "ax");
}

TEST_F(CheckpointerTest, WritePagesPutsEachPageInItsPlace) {
  disk_.setContent("file", std::string(size_t{6} * 512, '.'));
  const auto file = disk_.open("file", sys::OpenMode::kWrite);
  ObjectFile::Snapshot snapshot;
  snapshot.pageBytes = 512;
  snapshot.fileLimit = snapshot.size = 6;
  snapshot.pages = {{1, 0}, {3, 0}, {4, 0}, {6, 0}};
  std::string expected;
  for (const char page : {'a', 'c', 'd', 'f'}) snapshot.bytes += std::string(512, page);
  for (const char page : {'a', '.', 'c', 'd', '.', 'f'}) expected += std::string(512, page);
  ASSERT_TRUE(writePages(*file.value(), snapshot).ok());
  EXPECT_EQ(disk_.content("file").value(), expected);
}

TEST_F(CheckpointerTest, WritePagesGivesTheFileTheDatabasesSize) {
  disk_.setContent("file", std::string(512, 'a') + std::string(512, 'b') + std::string(512, 'c'));
  const auto file = disk_.open("file", sys::OpenMode::kWrite);
  ObjectFile::Snapshot snapshot;
  snapshot.pageBytes = 512;
  snapshot.fileLimit = 2;
  snapshot.size = 4;
  snapshot.pages = {{1, 0}};
  snapshot.bytes = std::string(512, 'x');
  ASSERT_TRUE(writePages(*file.value(), snapshot).ok());
  EXPECT_EQ(disk_.content("file").value(),
            std::string(512, 'x') + std::string(512, 'b') + std::string(1024, '\0'));
  snapshot.fileLimit = snapshot.size = 1;
  ASSERT_TRUE(writePages(*file.value(), snapshot).ok());
  EXPECT_EQ(disk_.content("file").value(), std::string(512, 'x'));
}

}  // namespace
}  // namespace holdfast::storage::testing
