// The disk fails at every single operation of a fixed scenario of the engine: writes, flushes, no
// space. What was announced is there after the next start, and what can go on goes on.
#include <gtest/gtest.h>

#include "storage/engine_script.h"
#include "support/forwarding_file_system.h"

namespace holdfast::storage::testing {
namespace {

using holdfast::testing::Fault;
using holdfast::testing::ForwardingFileSystem;
using holdfast::testing::SimulatedDisk;

void putSome(EngineScript& script, const std::string& objects, int values, char fill) {
  for (int i = 0; i < values; ++i) {
    for (const char object : objects) {
      script.put(object, "k" + std::to_string(i), std::string(700, fill));
    }
    script.flush();
  }
}

// Growth, shrinking, a checkpoint of new files and one of old ones, several segments.
void scenario(EngineScript& script) {
  putSome(script, "ab5", 3, 'x');
  script.close('a');
  script.checkpoint(ObjectFiles::Which::kQuiet);
  putSome(script, "abcdef0123", 1, 'y');
  script.put('5', "k1", "");
  script.checkpoint();
  putSome(script, "a5", 2, 'z');
  script.checkpoint();
}

// Runs the scenario with the fault at operation 1, 2, ... until it no longer strikes; `judge` looks
// at each, and then the process ends and another one starts.
uint64_t sweepFaults(Fault fault, bool powerFails,
                     const std::function<void(EngineScript&, SimulatedDisk&)>& judge) {
  for (uint64_t k = 1;; ++k) {
    SimulatedDisk disk;
    EngineScript script(disk, disk);
    script.options.segmentBytes = 4000;
    script.options.logReserveBytes = k % 2 == 0 ? 0 : 3000;
    script.placeShrinking('5');
    script.open();
    disk.failAt(k, fault);
    scenario(script);
    const bool ended = disk.faultsPending() > 0;
    judge(script, disk);
    script.kill();
    disk.freeSpace();
    if (powerFails) {
      disk.powerCut(k);
    } else {
      disk.killProcess();
    }
    script.restart();
    EXPECT_EQ(script.breaches, std::vector<std::string>()) << "the fault struck operation " << k;
    if (ended) return k - 1;
  }
}

// A failed log is told once and final; a failed checkpoint is tried again.
void expectFinalOrHealed(EngineScript& script) {
  const AnnouncedSink& sink = script.sink();
  if (sink.failures == 0) {
    script.checkpoint();
    EXPECT_EQ(sink.announced, script.engine().committedLsn());
    return;
  }
  EXPECT_EQ(sink.failures, 1);
  const Lsn announced = sink.announced;
  script.put('a', "after", "x");
  EXPECT_EQ(script.refused().code(), Code::kIo);
  EXPECT_EQ(script.refused().message(), sink.failure.message());
  script.flush();
  EXPECT_EQ(sink.announced, announced);
}

TEST(EngineFaultTest, FailedWrites) {
  for (const bool powerFails : {false, true}) {
    int failedLogs = 0;
    const uint64_t operations =
        sweepFaults(Fault::kFailedWrite, powerFails, [&](EngineScript& script, SimulatedDisk&) {
          expectFinalOrHealed(script);
          failedLogs += script.sink().failures;
        });
    EXPECT_GE(operations, 55U);
    EXPECT_GE(failedLogs, 10);
  }
}

TEST(EngineFaultTest, FailedFlushes) {
  for (const bool powerFails : {false, true}) {
    int failedLogs = 0;
    const uint64_t operations =
        sweepFaults(Fault::kFailedSync, powerFails, [&](EngineScript& script, SimulatedDisk&) {
          expectFinalOrHealed(script);
          failedLogs += script.sink().failures;
        });
    EXPECT_GE(operations, 55U);
    EXPECT_GE(failedLogs, 10);
  }
}

// Nothing is final: once there is space everything that was committed becomes durable, and more.
TEST(EngineFaultTest, NoSpace) {
  for (const Fault fault : {Fault::kNoSpace, Fault::kNoSpaceOnce}) {
    int refused = 0;
    const auto judge = [&](EngineScript& script, SimulatedDisk& disk) {
      EXPECT_EQ(script.sink().failures, 0) << script.sink().failure.message();
      if (!script.refused().ok()) {
        ++refused;
        EXPECT_EQ(script.refused().message(), "database or disk is full: SQLITE_FULL");
      }
      disk.freeSpace();
      script.flush();
      script.checkpoint();
      script.put('a', "after", "x");
      script.flush();
      script.checkpoint();
      EXPECT_EQ(script.sink().announced, script.engine().committedLsn());
      EXPECT_EQ(script.engine().objects().take(ObjectFiles::Which::kAll, 1).objects.size(), 0U);
    };
    EXPECT_GE(sweepFaults(fault, true, judge), 55U);
    if (fault == Fault::kNoSpace) {
      EXPECT_GE(refused, 10);
    }
  }
}

TEST(EngineFaultTest, AStopWhileTheDiskIsFullEndsAndLosesNothingAnnounced) {
  for (uint64_t k = 1; k <= 40; ++k) {
    SimulatedDisk disk;
    EngineScript script(disk, disk);
    script.options.segmentBytes = 4000;
    script.open();
    disk.failAt(k, Fault::kNoSpace);
    scenario(script);
    script.stop();
    disk.powerCut(k);
    disk.freeSpace();
    script.restart();
    EXPECT_EQ(script.breaches, std::vector<std::string>()) << k;
  }
}

// The same with the engine's own threads, which wait: the log for space, the checkpointer for the
// log, the stop for both.
TEST(EngineFaultTest, AStopEndsTheWaitForSpaceOfTheThreads) {
  SimulatedDisk disk;
  AnnouncedSink sink;
  EngineOptions options;
  options.dataDir = "data";
  options.logReserveBytes = 0;
  Result<std::unique_ptr<SqliteEngine>> engine =
      SqliteEngine::open(options, sink, {.files = disk, .clock = sys::systemClock()});
  ASSERT_TRUE(engine.ok());
  disk.setCapacityBytes(0);
  auto db = engine.value()->openDatabase({"app-Room", std::string(64, 'a')}).value();
  ASSERT_TRUE(db->put("k", "v").ok());
  ASSERT_TRUE(db->commit().ok());
  db.reset();
  engine.value().reset();
  EXPECT_EQ(sink.announced, 0U);
}

// Not even the few bytes that say what can be deleted: that alone keeps no log from ending.
TEST(EngineFaultTest, AStoppedLogEndsWhenNothingFits) {
  SimulatedDisk disk;
  EngineScript script(disk, disk);
  script.options.segmentBytes = 200;
  script.open();
  putSome(script, "a", 1, 'x');
  script.checkpoint();
  putSome(script, "a", 1, 'y');
  disk.setCapacityBytes(0);
  script.checkpoint();
  EXPECT_TRUE(script.engine().flushOnce()) << "there is something to delete";
  script.put('a', "k", "z");
  EXPECT_EQ(script.refused().message(), "database or disk is full: SQLITE_FULL");
  script.engine().log().stop();
  EXPECT_FALSE(script.engine().flushOnce());
}

// Fails the writes and flushes of the paths that end so.
class FailingFiles final : public ForwardingFileSystem {
 public:
  explicit FailingFiles(sys::FileSystem& real) : ForwardingFileSystem(real) {}
  std::string failing;

  Status syncFile(const std::string& path) override {
    if (!failing.empty() && path.ends_with(failing)) return {Code::kIo, "fdatasync " + path};
    return ForwardingFileSystem::syncFile(path);
  }
};

// What was dirty before the objects of a failed round keeps the log.
TEST(EngineFaultTest, AFailedCheckpointDoesNotRetireWhatOthersMiss) {
  SimulatedDisk disk;
  FailingFiles files(disk);
  EngineScript script(disk, files);
  script.open();
  script.put('b', "k", "missing in its file all the time");
  script.put('a', "k", "1");
  script.close('a');
  files.failing = std::string(64, 'a') + ".sqlite";
  script.checkpoint(ObjectFiles::Which::kQuiet);
  files.failing = "";
  script.put('a', "k", "2");  // open again: the next round does not take it
  script.put('c', "k", "1");
  script.close('c');
  script.checkpoint(ObjectFiles::Which::kQuiet);
  script.put('c', "k", "2");
  script.flush();
  script.kill();
  disk.powerCut(0);
  script.restart();
  EXPECT_EQ(script.breaches, std::vector<std::string>());
}

// A batch larger than all bounds of the log does not hold it above them.
TEST(EngineFaultTest, AHugeBatchIsRetiredLikeAnother) {
  SimulatedDisk disk;
  EngineScript script(disk, disk);
  script.options.segmentBytes = 4096;
  script.options.logBytesMax = 8192;
  script.open();
  script.put('a', "k", std::string(100'000, 'x'));
  script.checkpoint();
  script.flush();
  script.put('a', "k2", "y");
  EXPECT_TRUE(script.refused().ok()) << script.refused().message();
  EXPECT_LT(script.engine().log().bytes(), 8192U);
}

// Counts the files that are open at once.
class CountingFiles final : public ForwardingFileSystem {
 public:
  explicit CountingFiles(sys::FileSystem& real) : ForwardingFileSystem(real) {}

  Result<std::unique_ptr<sys::File>> open(const std::string& path, sys::OpenMode mode) override {
    Result<std::unique_ptr<sys::File>> file = ForwardingFileSystem::open(path, mode);
    if (file.ok()) most = std::max(most, ++openNow_);
    return file;
  }
  int most = 0;

 protected:
  void closedOpen(const std::string& /*path*/) override { --openNow_; }

 private:
  int openNow_ = 0;
};

// A log may name more objects than a process may have files open.
TEST(EngineFaultTest, RecoveryNeedsFewFiles) {
  SimulatedDisk disk;
  CountingFiles files(disk);
  EngineScript script(disk, files);
  script.options.openFilesMax = 2;
  script.open();
  putSome(script, "0123456789abcdef", 1, 'x');
  script.checkpoint();
  for (const char object : std::string("0123456789abcdef")) script.close(object);
  putSome(script, "0123456789abcdef", 2, 'y');
  script.kill();
  disk.killProcess();
  files.most = 0;
  script.restart();
  EXPECT_EQ(script.engine().recovery().objects, 16U);
  EXPECT_EQ(script.breaches, std::vector<std::string>());
  EXPECT_LE(files.most, 3);
}

}  // namespace
}  // namespace holdfast::storage::testing
