#include "storage/commit_log.h"

#include <thread>

#include "storage/store_fixture.h"
#include "support/forwarding_file_system.h"
#include "sys/clock.h"

namespace holdfast::storage::testing {
namespace {

class CommitLogTest : public StoreTest {
 protected:
  // A commit of `bytes` bytes of changes.
  Lsn append(size_t bytes = 10, NamespaceNumber ns = 0, const std::string& uniqueKey = "app-Room") {
    const std::string text(bytes, 'x');
    CommitRecord record;
    record.ns = ns;
    record.sequence = 1;
    record.pageBytes = 65'536;
    record.pages = 100;
    for (size_t at = 0; at < bytes; at += 60'000) {
      record.ranges.push_back(
          {static_cast<uint32_t>(at / 60'000) + 1, 0, std::string_view(text).substr(at, 60'000)});
    }
    return log_->append(record, uniqueKey);
  }
  static CommitRecord oneByte() {
    CommitRecord record;
    record.sequence = 1;
    record.pageBytes = 65'536;
    record.pages = 1;
    record.ranges.push_back({1, 0, "x"});
    return record;
  }
  void again(const std::function<void(CommitLog::Options&)>& change) {
    const Lsn last = log_->last();
    stop();
    change(logOptions_);
    make(last);
  }
  uint64_t operations(const std::function<void()>& run) {
    const uint64_t before = disk_.operations();
    run();
    return disk_.operations() - before;
  }
  std::string pathOf(Lsn first) { return logDirectory(kDataDir) + "/" + segmentName(first); }
  std::vector<std::string> named(const std::vector<Lsn>& firsts) {
    std::vector<std::string> names;
    names.reserve(firsts.size());
    for (const Lsn first : firsts) names.push_back(segmentName(first));
    return names;
  }
};

TEST_F(CommitLogTest, WhatWasTakenInAdvanceCanBeGivenBack) {
  again([](CommitLog::Options& options) { options.reserveBytes = 100'000; });
  append();
  flush();
  EXPECT_GE(disk_.fileSize(pathOf(1)).value(), 100'000U);
  log_->giveBackReserve();
  EXPECT_EQ(disk_.fileSize(pathOf(1)).value(), log_->bytes());
  append();
  flush();
  EXPECT_EQ(log_->durable(), 2U) << "and is taken again";
}

TEST_F(CommitLogTest, ABatchIsOneWriteAndOneFlush) {
  again([](CommitLog::Options& options) { options.reserveBytes = 100'000; });
  for (Lsn lsn = 1; lsn <= 5; ++lsn) EXPECT_EQ(append(), lsn);
  EXPECT_EQ(log_->last(), 5U);
  EXPECT_EQ(log_->durable(), 0U);
  EXPECT_EQ(operations([this] { flush(); }), 2U) << "a write, a flush";
  EXPECT_EQ(log_->durable(), 5U);
  EXPECT_EQ(sink_->durable(), 5U);
  EXPECT_FALSE(flush()) << "nothing is left";
  EXPECT_EQ(log_->counters().batches, 1U);
  EXPECT_EQ(log_->counters().commits, 5U);
  EXPECT_EQ(records(1),
            "batch(retired 0, durable 0) batch(retired 0, durable 0) ns(0 app-Room) commit(1) "
            "commit(2) commit(3) commit(4) commit(5)");
}

// A device whose flush is not done before the clock has moved on.
class SlowDevice final : public holdfast::testing::ForwardingFileSystem {
 public:
  using ForwardingFileSystem::ForwardingFileSystem;

 private:
  Status syncOpen(sys::File& file, const std::string& path) override {
    const InstantMs done = sys::systemClock().steadyNow() + 2;
    while (sys::systemClock().steadyNow() < done) std::this_thread::yield();
    return ForwardingFileSystem::syncOpen(file, path);
  }
};

TEST_F(CommitLogTest, CountsWhatTheFlushesTook) {
  stop();
  SlowDevice device(disk_);
  RecordingSink sink;
  CommitLog log(logOptions_, device, sink, 0);
  ASSERT_TRUE(log.start().ok());
  for (uint64_t batch = 1; batch <= 2; ++batch) {
    CommitRecord record = oneByte();
    log.append(record, "app-Room");
    EXPECT_TRUE(log.step(CommitLog::Wait::kNot));
    EXPECT_EQ(log.counters().batches, batch);
    EXPECT_GE(log.counters().flushMs, 2 * batch);
  }
}

TEST_F(CommitLogTest, EachBatchSaysWhatWasDurableBefore) {
  append();
  flush();
  append();
  append();
  flush();
  EXPECT_EQ(records(1),
            "batch(retired 0, durable 0) batch(retired 0, durable 0) ns(0 app-Room) commit(1) "
            "batch(retired 0, durable 1) commit(2) commit(3)");
}

TEST_F(CommitLogTest, WhatWasAnnouncedSurvivesLossOfPower) {
  append();
  append();
  flush();
  append();
  for (uint64_t seed = 0; seed < 20; ++seed) {
    powerCut(seed);
    EXPECT_EQ(log_->last(), 2U) << "the third never reached the disk";
  }
}

TEST_F(CommitLogTest, NothingIsAnnouncedBeforeItsFlush) {
  append();
  disk_.crashAt(2);  // the flush: the write was carried out
  EXPECT_TRUE(flush());
  EXPECT_EQ(log_->durable(), 0U);
  EXPECT_EQ(sink_->durable(), 0U);
  EXPECT_EQ(sink_->failures(), 1U);
}

TEST_F(CommitLogTest, CountersAndBytesAgreeWithTheFile) {
  const uint64_t before = log_->bytes();
  append(1000);
  append(2000);
  flush();
  append(500);
  flush();
  EXPECT_EQ(log_->bytes() - before, log_->counters().bytes);
  EXPECT_EQ(log_->bytes(), disk_.content(pathOf(1)).value().size());
}

TEST_F(CommitLogTest, HandedToTheSystemOnlyIsNotFlushed) {
  again([](CommitLog::Options& options) {
    options.durability = Durability::kSystem;
    options.reserveBytes = 100'000;
  });
  append();
  EXPECT_EQ(operations([this] { flush(); }), 1U) << "the write";
  EXPECT_EQ(sink_->durable(), 1U);
  killProcess();
  EXPECT_EQ(log_->last(), 1U);
}

TEST_F(CommitLogTest, InMemoryNothingIsWritten) {
  again([](CommitLog::Options& options) { options.durability = Durability::kMemory; });
  EXPECT_EQ(operations([this] {
              EXPECT_EQ(log_->appendUnlogged(), 1U);
              EXPECT_EQ(log_->appendUnlogged(), 2U);
              EXPECT_TRUE(flush());
              EXPECT_FALSE(flush());
              EXPECT_TRUE(log_->close().ok());
            }),
            0U);
  EXPECT_EQ(sink_->durable(), 2U);
}

TEST_F(CommitLogTest, SegmentsEndAtBatchesOnceTheyAreLongEnough) {
  again([](CommitLog::Options& options) { options.segmentBytes = 1000; });
  append(400);
  append(400);
  append(400);
  flush();  // the header is shorter than that: the batch goes here whole
  append();
  append();
  flush();
  append();
  flush();
  EXPECT_EQ(segments(), named({1, 4}));
  EXPECT_EQ(records(4),
            "batch(retired 0, durable 3) batch(retired 0, durable 3) ns(0 app-Room) commit(4) "
            "commit(5) batch(retired 0, durable 5) commit(6)");
  powerCut();
  EXPECT_EQ(log_->last(), 6U);
}

TEST_F(CommitLogTest, ARecordLongerThanASegmentIsWhole) {
  again([](CommitLog::Options& options) { options.segmentBytes = 1000; });
  append(200'000);
  flush();
  append(300'000);
  flush();
  EXPECT_EQ(segments(), named({1, 2}));
  powerCut();
  EXPECT_EQ(log_->last(), 2U);
  EXPECT_EQ(recovery_.commits, 2U);
}

TEST_F(CommitLogTest, ASegmentShorterThanItsHeaderIsNotBegunTwice) {
  again([](CommitLog::Options& options) { options.segmentBytes = 1; });
  for (int i = 0; i < 3; ++i) {
    append();
    flush();
  }
  EXPECT_EQ(segments(), named({1, 2, 3}));
  log_->retire(2);
  append();
  flush();
  EXPECT_EQ(segments(), named({3, 4}));
  powerCut();
  EXPECT_EQ(log_->last(), 4U);
}

TEST_F(CommitLogTest, NamespacesAreNamedOnceInEachSegmentThatNeedsThem) {
  again([](CommitLog::Options& options) { options.segmentBytes = 1000; });
  append(10, 0, "app-Room");
  append(10, 3, "app-Hall");
  flush();
  append(1000, 3, "app-Hall");
  flush();
  append(10, 3, "app-Hall");
  append(10, 3, "app-Hall");
  flush();
  EXPECT_EQ(records(1),
            "batch(retired 0, durable 0) batch(retired 0, durable 0) ns(0 app-Room) ns(3 app-Hall) "
            "commit(1) commit(2) batch(retired 0, durable 2) commit(3)");
  EXPECT_EQ(records(4),
            "batch(retired 0, durable 3) batch(retired 0, durable 3) ns(3 app-Hall) commit(4) "
            "commit(5)");
}

TEST_F(CommitLogTest, RetireDeletesWholeSegmentsOnly) {
  again([](CommitLog::Options& options) { options.segmentBytes = 100; });
  for (int i = 0; i < 6; ++i) {
    append(60);
    append(60);
    flush();
  }
  EXPECT_EQ(segments(), named({1, 3, 5, 7, 9, 11}));
  const uint64_t bytes = log_->bytes();
  log_->retire(5);
  flush();
  // The last one is long, so another was begun with what is retired.
  EXPECT_EQ(segments(), named({5, 7, 9, 11, 13})) << "6 is in the segment of 5";
  EXPECT_LT(log_->bytes(), bytes);
  log_->retire(3);
  flush();
  EXPECT_EQ(segments(), named({5, 7, 9, 11, 13})) << "never backwards";
  log_->retire(6);
  flush();
  EXPECT_EQ(segments(), named({7, 9, 11, 13}));
}

// The other half of the promise: a segment may go only when something durable says that it may.
TEST_F(CommitLogTest, AfterRetireTheLogOpensAtAnyCrash) {
  again([](CommitLog::Options& options) { options.segmentBytes = 100; });
  for (int i = 0; i < 6; ++i) {
    append(60);
    append(60);
    flush();
  }
  log_->retire(8);
  flush();
  killProcess();
  EXPECT_EQ(log_->last(), 12U);
  EXPECT_EQ(recovery_.commits, 4U) << "9 to 12 are not in files yet";
}

TEST_F(CommitLogTest, PowerIsCutAtEveryMomentOfARetirement) {
  logOptions_.segmentBytes = 100;
  uint64_t k = 0;
  for (bool ended = false; !ended; ++k) {
    for (uint64_t seed = 0; seed < 10; ++seed) {
      stop();
      disk_.killProcess();
      ASSERT_TRUE(disk_.removeTree(kDataDir).ok());
      make();
      for (int i = 0; i < 4; ++i) {
        append(120);
        flush();
      }
      disk_.crashAt(k + 1);
      log_->retire(3);
      flush();
      ended = !disk_.isPowerOff();
      powerCut(seed);
      ASSERT_EQ(log_->last(), 4U) << "cut at " << k + 1 << ", seed " << seed;
      ASSERT_GE(recovery_.commits, 1U);
    }
  }
  EXPECT_GT(k, 3U);
}

// A transaction of hundreds of MiB is one batch and one segment: without another one it would count
// against logBytesMax for ever, and nothing more would be admitted.
TEST_F(CommitLogTest, ALongSegmentIsRetiredThoughItIsTheLast) {
  append(3U << 20U);
  flush();
  log_->retire(1);
  flush();
  EXPECT_EQ(segments(), named({2}));
  EXPECT_LT(log_->bytes(), 100U);
  append();
  flush();
  killProcess();
  EXPECT_EQ(log_->last(), 2U);
}

TEST_F(CommitLogTest, TheLastSegmentStaysWhileItIsShort) {
  append();
  flush();
  log_->retire(1);
  EXPECT_FALSE(flush());
  EXPECT_EQ(segments(), named({1}));
}

TEST_F(CommitLogTest, CloseLeavesOneSegmentWithoutCommits) {
  again([](CommitLog::Options& options) { options.segmentBytes = 100; });
  for (int i = 0; i < 3; ++i) {
    append(120);
    flush();
  }
  log_->retire(3);
  ASSERT_TRUE(log_->close().ok());
  EXPECT_EQ(segments(), named({4}));
  EXPECT_EQ(records(4), "batch(retired 3, durable 3)");
  killProcess();
  EXPECT_EQ(recovery_.commits, 0U);
  EXPECT_EQ(log_->last(), 3U) << "Lsns go on";
}

TEST_F(CommitLogTest, CloseKeepsWhatNoFileHolds) {
  append();
  append();
  flush();
  log_->retire(1);
  ASSERT_TRUE(log_->close().ok());
  EXPECT_EQ(segments(), named({1}));
  killProcess();
  EXPECT_EQ(log_->last(), 2U);
}

TEST_F(CommitLogTest, AdmitRefusesWhileTheQueueIsFull) {
  again([](CommitLog::Options& options) { options.queueBytesMax = 1000; });
  EXPECT_TRUE(log_->admit().ok());
  append(2000);  // one more than the bound always passes: the bound was not reached before
  const Status refused = log_->admit();
  EXPECT_EQ(refused.code(), Code::kResourceExhausted);
  EXPECT_NE(refused.message().find("queueBytesMax"), std::string::npos);
  flush();
  EXPECT_TRUE(log_->admit().ok());
}

TEST_F(CommitLogTest, AFailedFlushIsFinal) {
  append();
  flush();
  disk_.failAt(1, Fault::kFailedSync);
  append();
  flush();
  EXPECT_EQ(log_->durable(), 1U);
  EXPECT_EQ(sink_->failures(), 1U);
  const Status refused = log_->admit();
  EXPECT_EQ(refused.code(), Code::kIo);
  EXPECT_NE(refused.message().find(".log"), std::string::npos) << refused.message();
  EXPECT_FALSE(log_->waitDurable(2)) << "never will be";
  EXPECT_TRUE(log_->waitDurable(1));
  append();  // of a shard that asked before
  EXPECT_EQ(operations([this] { flush(); }), 0U) << "nothing is written any more";
  EXPECT_EQ(log_->durable(), 1U);
  EXPECT_EQ(sink_->failures(), 1U) << "once";
}

TEST_F(CommitLogTest, AFailedWriteIsFinal) {
  again([](CommitLog::Options& options) { options.reserveBytes = 100'000; });
  append();
  disk_.failAt(1, Fault::kFailedWrite);
  flush();
  EXPECT_EQ(sink_->failures(), 1U);
  EXPECT_EQ(log_->admit().code(), Code::kIo);
  killProcess();
  EXPECT_EQ(log_->last(), 0U) << "a torn tail";
}

TEST_F(CommitLogTest, TakesSpaceInAdvance) {
  again([](CommitLog::Options& options) { options.reserveBytes = 100'000; });
  EXPECT_EQ(disk_.fileSize(pathOf(1)).value(), 100'000U);
  disk_.setCapacityBytes(disk_.fileSize(pathOf(1)).value());
  append(40'000);
  flush();
  EXPECT_EQ(sink_->durable(), 1U) << "its space was taken";
  EXPECT_EQ(sink_->failures(), 0U);
}

TEST_F(CommitLogTest, DiskFullRefusesAndGoesOnWhenThereIsSpace) {
  again([](CommitLog::Options& options) { options.reserveBytes = 100'000; });
  disk_.setCapacityBytes(100'000);
  append(60'000);
  flush();  // written; what should be taken in advance for the next ones is not there
  EXPECT_EQ(sink_->durable(), 1U);
  const Status refused = log_->admit();
  EXPECT_EQ(refused.code(), Code::kSqlCritical);
  EXPECT_NE(refused.message().find("SQLITE_FULL"), std::string::npos);
  // Nothing is queued, for nothing is admitted. It must be looked for all the same.
  EXPECT_TRUE(flush());
  EXPECT_FALSE(log_->admit().ok());
  disk_.setCapacityBytes(SimulatedDisk::kUnlimited);
  EXPECT_TRUE(flush());
  EXPECT_TRUE(log_->admit().ok());
  EXPECT_FALSE(flush()) << "nothing is left to do";
  append();
  flush();
  EXPECT_EQ(sink_->durable(), 2U);
  EXPECT_EQ(sink_->failures(), 0U);
}

TEST_F(CommitLogTest, ABatchWaitsForSpaceAndNothingIsLost) {
  disk_.setCapacityBytes(1000);
  append(5000);
  flush();
  EXPECT_EQ(log_->admit().code(), Code::kSqlCritical);
  EXPECT_EQ(log_->durable(), 0U);
  disk_.setCapacityBytes(SimulatedDisk::kUnlimited);
  flush();
  EXPECT_EQ(log_->durable(), 1U);
  EXPECT_TRUE(log_->admit().ok());
  EXPECT_EQ(sink_->failures(), 0U);
}

TEST_F(CommitLogTest, ANewSegmentWaitsForSpaceToo) {
  again([](CommitLog::Options& options) { options.segmentBytes = 1000; });
  append(2000);
  flush();
  disk_.setCapacityBytes(disk_.fileSize(pathOf(1)).value() + 10);
  append();
  flush();
  EXPECT_FALSE(log_->admit().ok());
  EXPECT_EQ(log_->durable(), 1U);
  disk_.setCapacityBytes(SimulatedDisk::kUnlimited);
  flush();
  EXPECT_EQ(log_->durable(), 2U);
  EXPECT_EQ(sink_->failures(), 0U);
  EXPECT_EQ(segments(), named({1, 2}));
  killProcess();
  EXPECT_EQ(log_->last(), 2U);
}

// What the checkpointer brought into files gives its space back although the disk is full.
TEST_F(CommitLogTest, RetiredSegmentsMakeRoomOnAFullDisk) {
  again([](CommitLog::Options& options) {
    options.segmentBytes = 10'000;
    options.reserveBytes = 4000;
  });
  append(20'000);
  flush();
  append(1000);
  flush();
  EXPECT_EQ(segments(), named({1, 2}));
  disk_.setCapacityBytes(disk_.fileSize(pathOf(1)).value() + disk_.fileSize(pathOf(2)).value());
  append(8000);
  flush();
  EXPECT_EQ(log_->durable(), 2U);
  log_->retire(1);
  flush();  // says what is retired, which frees space
  flush();
  EXPECT_EQ(log_->durable(), 3U);
  EXPECT_EQ(segments(), named({2}));
  disk_.setCapacityBytes(SimulatedDisk::kUnlimited);
  killProcess();
  EXPECT_EQ(log_->last(), 3U);
}

// A disk smaller than a segment: nothing else would ever give its space back.
TEST_F(CommitLogTest, AShortSegmentThatNoFileNeedsGoesOnAFullDisk) {
  again([](CommitLog::Options& options) { options.reserveBytes = 4000; });
  append(9000);
  flush();
  disk_.setCapacityBytes(disk_.fileSize(pathOf(1)).value());
  append(2500);
  flush();  // in what was taken in advance
  EXPECT_EQ(log_->durable(), 2U);
  EXPECT_FALSE(log_->admit().ok());
  flush();
  EXPECT_EQ(disk_.fileSize(pathOf(1)).value(), log_->bytes()) << "the files may have the rest";
  EXPECT_FALSE(log_->admit().ok());
  log_->retire(1);
  flush();
  EXPECT_EQ(segments(), named({1})) << "the second record is in no file";
  log_->retire(2);
  flush();
  EXPECT_EQ(segments(), named({3}));
  EXPECT_TRUE(log_->admit().ok());
  append(1000);
  flush();
  EXPECT_EQ(sink_->durable(), 3U);
  EXPECT_EQ(sink_->failures(), 0U);
  disk_.setCapacityBytes(SimulatedDisk::kUnlimited);
  killProcess();
  EXPECT_EQ(log_->last(), 3U);
}

TEST_F(CommitLogTest, ABatchThatWaitsForSpaceGetsThatOfARetiredSegment) {
  append(9000);
  flush();
  log_->retire(1);
  disk_.setCapacityBytes(disk_.fileSize(pathOf(1)).value() + 1000);
  append(5000);
  flush();
  EXPECT_EQ(log_->durable(), 2U);
  EXPECT_EQ(segments(), named({2}));
  EXPECT_EQ(sink_->failures(), 0U);
  disk_.setCapacityBytes(SimulatedDisk::kUnlimited);
  killProcess();
  EXPECT_EQ(log_->last(), 2U);
}

TEST_F(CommitLogTest, PowerIsCutAtEveryMomentOfMakingRoom) {
  logOptions_.reserveBytes = 4000;
  uint64_t k = 0;
  for (bool ended = false; !ended; ++k) {
    for (uint64_t seed = 0; seed < 10; ++seed) {
      stop();
      disk_.killProcess();
      disk_.setCapacityBytes(SimulatedDisk::kUnlimited);
      ASSERT_TRUE(disk_.removeTree(kDataDir).ok());
      make();
      append(9000);
      flush();
      disk_.setCapacityBytes(disk_.fileSize(pathOf(1)).value());
      append(2500);
      flush();
      log_->retire(2);
      disk_.crashAt(k + 1);
      flush();
      ended = !disk_.isPowerOff();
      if (ended) {
        EXPECT_EQ(segments(), named({3}));
      }
      disk_.setCapacityBytes(SimulatedDisk::kUnlimited);
      powerCut(seed);
      ASSERT_EQ(log_->last(), 2U) << "cut at " << k + 1 << ", seed " << seed;
    }
  }
  EXPECT_GT(k, 3U);
}

TEST_F(CommitLogTest, StopEndsAWaitForSpace) {
  disk_.setCapacityBytes(1000);
  append(5000);
  std::thread log([this] {
    while (log_->step(CommitLog::Wait::kForWork)) {
    }
  });
  while (log_->admit().ok()) std::this_thread::yield();
  log_->stop();
  log.join();
  EXPECT_EQ(log_->durable(), 0U);
  EXPECT_EQ(sink_->failures(), 1U) << "what waits for it is told";
  EXPECT_FALSE(log_->waitDurable(1));
}

TEST_F(CommitLogTest, StopWritesWhatIsQueuedFirst) {
  append();
  log_->stop();
  EXPECT_TRUE(log_->step(CommitLog::Wait::kForWork));
  EXPECT_FALSE(log_->step(CommitLog::Wait::kForWork));
  EXPECT_EQ(log_->durable(), 1U);
}

TEST_F(CommitLogTest, ThrottleIsAskedBeforeEachAnnouncement) {
  std::vector<Lsn> seen;
  again([this, &seen](CommitLog::Options& options) {
    options.throttle = [this, &seen] { seen.push_back(sink_->durable()); };
  });
  append();
  flush();
  append();
  flush();
  EXPECT_EQ(seen, (std::vector<Lsn>{0, 1}));
}

TEST_F(CommitLogTest, CommitsThatAreExpectedAreWrittenWhenAllOrManyAreHere) {
  std::thread log([this] {
    while (log_->step(CommitLog::Wait::kForWork)) {
    }
  });
  log_->expectMore();
  log_->expectMore();
  for (uint64_t i = 0; i < CommitLog::kExpectedMax; ++i) append(20);
  EXPECT_TRUE(log_->waitDurable(1)) << "fewer than that many wait";
  log_->expectNoMore();
  append(20);
  log_->expectNoMore();
  EXPECT_TRUE(log_->waitDurable(CommitLog::kExpectedMax + 1)) << "all";
  append(20);
  EXPECT_TRUE(log_->waitDurable(CommitLog::kExpectedMax + 2)) << "none is expected";
  log_->stop();
  log.join();
}

TEST_F(CommitLogTest, ManyShardsGetEachLsnOnce) {
  std::thread log([this] {
    while (log_->step(CommitLog::Wait::kForWork)) {
    }
  });
  std::vector<std::thread> shards;
  std::vector<std::vector<Lsn>> given(4);
  for (size_t shard = 0; shard < given.size(); ++shard) {
    shards.emplace_back([this, &given, shard] {
      for (int i = 0; i < 200; ++i)
        given[shard].push_back(
            append(20, static_cast<NamespaceNumber>(shard), "app-Room" + std::to_string(shard)));
    });
  }
  for (std::thread& shard : shards) shard.join();
  EXPECT_TRUE(log_->waitDurable(800));
  log_->stop();
  log.join();
  std::vector<Lsn> all;
  for (const std::vector<Lsn>& lsns : given) {
    EXPECT_TRUE(std::is_sorted(lsns.begin(), lsns.end()));
    all.insert(all.end(), lsns.begin(), lsns.end());
  }
  std::sort(all.begin(), all.end());
  for (Lsn lsn = 1; lsn <= 800; ++lsn) EXPECT_EQ(all[lsn - 1], lsn);
  EXPECT_LE(log_->counters().batches, 800U);
  EXPECT_EQ(log_->counters().commits, 800U);
  killProcess();
  EXPECT_EQ(recovery_.commits, 800U);
}

TEST_F(CommitLogTest, StartRemovesWhatRecoveryBroughtIntoFiles) {
  again([](CommitLog::Options& options) { options.segmentBytes = 100; });
  for (int i = 0; i < 3; ++i) {
    append(120);
    flush();
  }
  disk_.setContent(logDirectory(kDataDir) + "/notes.txt", "not ours");
  killProcess();
  EXPECT_EQ(segments(), (std::vector<std::string>{segmentName(4), "notes.txt"}));
  EXPECT_EQ(records(4), "batch(retired 3, durable 3)");
}

}  // namespace
}  // namespace holdfast::storage::testing
