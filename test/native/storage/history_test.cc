// Point-in-time recovery (spec S4.13): restores to any commit, trimming, power cuts.
#include "storage/history.h"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <set>

#include "storage/bookmark.h"
#include "storage/history_fixture.h"
#include "support/power_cuts.h"
#include "sys/thread.h"

namespace holdfast::storage::testing {
namespace {

using holdfast::testing::SimulatedDisk;

TEST(BookmarkTest, S4_13_2_AreLsnsInTheirOrder) {
  EXPECT_EQ(bookmarkText(0), "00000000-00000000-00000000-" + std::string(32, '0'));
  EXPECT_EQ(bookmarkText(0x7b0000b26eULL), "0000007b-0000b26e-00000000-" + std::string(32, '0'));
  EXPECT_LT(bookmarkText(255), bookmarkText(256));
  for (const Lsn lsn : {Lsn{0}, Lsn{1}, Lsn{0xffffffff}, Lsn{1} << 40U, ~Lsn{0}})
    EXPECT_EQ(parseBookmark(bookmarkText(lsn)), lsn);
}

TEST(BookmarkTest, OtherTextsAreNone) {
  const std::string zeros(32, '0');
  for (const std::string& text :
       {std::string(), std::string("1"), "0000000g-00000000-00000000-" + zeros,
        "00000000-0000000A-00000000-" + zeros, "00000000-00000000-00000001-" + zeros,
        "00000000_00000000-00000000-" + zeros, "00000000-00000000-00000000-" + zeros + "0",
        "0x000001-00000000-00000000-" + zeros, "-0000001-00000000-00000000-" + zeros}) {
    EXPECT_EQ(parseBookmark(text), std::nullopt) << text;
  }
}

TEST(HistoryTest, S4_13_6_AnObjectTakesOnTheStateOfAnother) {
  SimulatedDisk disk;
  HistoryWorld world(disk);
  ASSERT_TRUE(world.open().ok());
  ASSERT_TRUE(world.put('a', "k", "one").ok());
  const Lsn one = world.engine->committedLsn();
  ASSERT_TRUE(world.put('b', "own", "x").ok());
  const Lsn own = world.engine->committedLsn();
  ASSERT_TRUE(world.put('a', "k", "two").ok());
  ASSERT_TRUE(world.checkpoint().ok());
  const auto restoreFrom = [&world](char source, char target, Lsn lsn) {
    EXPECT_TRUE(world.flush());
    return world.engine->history()->prepareRestore(objectNamed(target), {objectNamed(source), lsn});
  };
  ASSERT_TRUE(restoreFrom('a', 'b', one).ok());
  world.leave('b');
  EXPECT_EQ(dumpOf(*world.db('b')), "k=one;");
  EXPECT_EQ(dumpOf(*world.db('a')), "k=two;") << "the other one goes on";
  // Into one that never was, and after a power cut.
  ASSERT_TRUE(restoreFrom('a', 'c', one).ok());
  disk.crashNow();
  world.close();
  disk.powerCut(3);
  ASSERT_TRUE(world.open().ok());
  EXPECT_EQ(dumpOf(*world.db('c')), "k=one;");
  EXPECT_EQ(dumpOf(*world.db('b')), "k=one;");
  ASSERT_TRUE(world.restore('b', own).ok());
  world.leave('b');
  EXPECT_EQ(dumpOf(*world.db('b')), "own=x;") << "undone";
  EXPECT_EQ(restoreFrom('a', 'b', world.engine->committedLsn() + 1).code(), Code::kNotFound);
  EXPECT_FALSE(world.engine->history()->prepareRestore(objectNamed('a'), {{"app", "x"}, one}).ok());
}

TEST(HistoryTest, ARestoreBringsBackAnEarlierStateAndCanBeUndone) {
  SimulatedDisk disk;
  HistoryWorld world(disk);
  ASSERT_TRUE(world.open().ok());
  ASSERT_TRUE(world.put('a', "k", "one").ok());
  const Lsn one = world.engine->committedLsn();
  ASSERT_TRUE(world.put('a', "k", "two").ok());
  ASSERT_TRUE(world.put('a', "more", "x").ok());
  const Lsn three = world.engine->committedLsn();
  ASSERT_TRUE(world.restore('a', one).ok());
  EXPECT_EQ(dumpOf(*world.db('a')), "k=two;more=x;") << "at the next start, not before";
  world.leave('a');
  EXPECT_EQ(dumpOf(*world.db('a')), "k=one;");
  EXPECT_EQ(world.engine->committedLsn(), three + 1) << "one commit";
  EXPECT_FALSE(world.engine->openDatabase(objectNamed('a')).ok());
  world.leave('a');
  EXPECT_EQ(dumpOf(*world.db('a')), "k=one;") << "once";
  EXPECT_EQ(world.engine->committedLsn(), three + 1);
  ASSERT_TRUE(world.restore('a', three).ok());
  world.leave('a');
  EXPECT_EQ(dumpOf(*world.db('a')), "k=two;more=x;") << "undone";
}

TEST(HistoryTest, BeforeItsFirstCommitAnObjectIsEmpty) {
  SimulatedDisk disk;
  HistoryWorld world(disk);
  ASSERT_TRUE(world.open().ok());
  ASSERT_TRUE(world.put('a', "k", "one").ok());
  ASSERT_TRUE(world.restore('a', 0).ok());
  world.leave('a');
  EXPECT_EQ(dumpOf(*world.db('a')), "");
  ASSERT_TRUE(world.put('a', "k", "two").ok());
  EXPECT_EQ(dumpOf(*world.db('a')), "k=two;");
}

TEST(HistoryTest, WhatWasThereBeforeRetentionIsTheBeginning) {
  SimulatedDisk disk;
  HistoryWorld world(disk);
  world.options.retentionMs = 0;
  ASSERT_TRUE(world.open().ok());
  EXPECT_EQ(world.engine->history(), nullptr);
  ASSERT_TRUE(world.put('a', "k", "old").ok());
  const Lsn old = world.engine->committedLsn();
  ASSERT_TRUE(world.put('a', "k", "older").ok());
  world.close();
  world.options.retentionMs = 1'000;
  ASSERT_TRUE(world.open().ok());
  const Lsn begin = world.engine->committedLsn();
  ASSERT_TRUE(world.put('a', "k", "new").ok());
  world.leave('a');
  ASSERT_TRUE(world.checkpoint().ok());
  const Status refused = world.restore('a', old);
  EXPECT_EQ(refused.code(), Code::kNotFound);
  EXPECT_NE(refused.message().find(bookmarkText(begin)), std::string::npos) << refused.message();
  EXPECT_EQ(world.restore('a', begin + 100).code(), Code::kNotFound);
  ASSERT_TRUE(world.restore('a', begin).ok());
  EXPECT_EQ(dumpOf(*world.db('a')), "k=older;");
  world.close();
  // Without retention the history goes, and what was promised is still done.
  ASSERT_TRUE(world.open().ok());
  ASSERT_TRUE(world.restore('a', begin + 1).ok());
  world.close();
  world.options.retentionMs = 0;
  ASSERT_TRUE(world.open().ok());
  EXPECT_TRUE(disk.list("data/history/log").value().empty());
  EXPECT_TRUE(disk.list("data/history/do").value().empty());
  EXPECT_EQ(dumpOf(*world.db('a')), "k=new;");
}

TEST(HistoryTest, ADeletedNamespaceHasNoPast) {
  SimulatedDisk disk;
  HistoryWorld world(disk);
  ASSERT_TRUE(world.open().ok());
  ASSERT_TRUE(world.put('a', "k", "one").ok());
  const Lsn one = world.engine->committedLsn();
  world.close();
  ASSERT_TRUE(world.open().ok());
  ASSERT_TRUE(world.restore('a', one).ok());
  ASSERT_TRUE(world.engine->deleteNamespace("app-Room").ok());
  EXPECT_EQ(dumpOf(*world.db('a')), "") << "what waited is gone";
  ASSERT_TRUE(world.put('b', "k", "two").ok());
  const Lsn two = world.engine->committedLsn();
  EXPECT_EQ(world.restore('a', one - 1).code(), Code::kNotFound);
  ASSERT_TRUE(world.restore('a', two).ok());
  world.leave('a');
  EXPECT_EQ(dumpOf(*world.db('a')), "");
  world.clock.advance(5'000);
  world.close();
  ASSERT_TRUE(world.open().ok());
  while (world.engine->trimOnce().value()) {
  }
  EXPECT_EQ(dumpOf(*world.db('b')), "k=two;");
}

TEST(HistoryTest, ByTimeTheLastCommitOfThatAge) {
  SimulatedDisk disk;
  HistoryWorld world(disk);
  ASSERT_TRUE(world.open().ok());
  const TimestampMs begin = world.clock.wall;
  std::vector<Lsn> lsns;
  for (int i = 0; i < 50; ++i) {
    world.clock.advance(10);
    ASSERT_TRUE(world.put('a', "k", std::string(200, static_cast<char>('A' + i))).ok());
    lsns.push_back(world.engine->committedLsn());
    ASSERT_TRUE(world.checkpoint().ok());
  }
  ASSERT_GT(disk.list("data/history/log").value().size(), 3U);
  History& history = *world.engine->history();
  EXPECT_EQ(history.lastBefore(begin - 1).status().code(), Code::kNotFound);
  EXPECT_EQ(history.lastBefore(begin).value(), 0U);
  EXPECT_EQ(history.lastBefore(begin + 9).value(), 0U);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(history.lastBefore(begin + 10 * (i + 1)).value(), lsns[i]);
    EXPECT_EQ(history.lastBefore(begin + 10 * (i + 1) + 9).value(), lsns[i]);
  }
  world.clock.advance(1'000 - 250);
  while (world.engine->trimOnce().value()) {
  }
  EXPECT_EQ(history.lastBefore(begin + 10).status().code(), Code::kNotFound) << "trimmed";
  for (int i = 25; i < 50; ++i)
    EXPECT_EQ(history.lastBefore(begin + 10 * (i + 1)).value(), lsns[i]);
}

TEST(HistoryTest, AClosedOneRefuses) {
  SimulatedDisk disk;
  HistoryWorld world(disk);
  ASSERT_TRUE(world.open().ok());
  const std::shared_ptr<History> history = world.engine->history();
  world.close();
  EXPECT_EQ(history->lastBefore(0).status().code(), Code::kUnavailable);
  EXPECT_EQ(history->prepareRestore(objectNamed('a'), 0).code(), Code::kUnavailable);
}

TEST(HistoryTest, DamageIsReportedAndNothingIsRestored) {
  SimulatedDisk disk;
  HistoryWorld world(disk);
  ASSERT_TRUE(world.open().ok());
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(world.put('a', "k", std::string(500, static_cast<char>('a' + i))).ok());
    ASSERT_TRUE(world.checkpoint().ok());
  }
  const std::vector<std::string> archived = disk.list("data/history/log").value();
  ASSERT_GT(archived.size(), 2U);
  disk.corrupt("data/history/log/" + archived[1], 300, 1);
  EXPECT_EQ(world.restore('a', 15).code(), Code::kCorrupt);
  world.leave('a');
  EXPECT_EQ(dumpOf(*world.db('a')), "k=" + std::string(500, 't') + ";");
}

TEST(HistoryTest, AFullDiskRefusesARestoreAndLosesNothing) {
  for (uint64_t k = 1;; ++k) {
    SimulatedDisk disk;
    HistoryWorld world(disk);
    ASSERT_TRUE(world.open().ok());
    ASSERT_TRUE(world.put('a', "k", "one").ok());
    ASSERT_TRUE(world.put('a', "k", "two").ok());
    ASSERT_TRUE(world.flush());
    disk.failAt(k, holdfast::testing::Fault::kNoSpaceOnce);
    const Status refused = world.restore('a', 1);
    if (disk.faultsPending() > 0) {
      EXPECT_GT(k, 5U);
      return;
    }
    EXPECT_EQ(refused.code(), Code::kResourceExhausted) << k;
    world.leave('a');
    EXPECT_EQ(dumpOf(*world.db('a')), "k=two;");
    ASSERT_TRUE(world.restore('a', 1).ok());
    world.leave('a');
    EXPECT_EQ(dumpOf(*world.db('a')), "k=one;");
  }
}

class HistoryEngineTest : public EngineTest {
 protected:
  HistoryEngineTest() {
    configure_ = [](EngineOptions& options) { options.retentionMs = 3'600'000; };
  }
};

TEST_F(HistoryEngineTest, S4_13_3_TheAlarmStaysThePresentOne) {
  for (const bool hasAlarm : {true, false}) {
    const char digit = hasAlarm ? 'a' : 'b';
    open();
    auto db = database(digit);
    ASSERT_TRUE(db->put("k", "one").ok());
    ASSERT_TRUE(hasAlarm || db->setAlarm(1'800'000'000'000).ok());
    const Lsn one = commit(*db);
    ASSERT_TRUE(db->put("k", "two").ok());
    ASSERT_TRUE(
        db->setAlarm(hasAlarm ? std::optional<TimestampMs>(1'900'000'000'000) : std::nullopt).ok());
    commit(*db);
    ASSERT_TRUE(engine_->history()->prepareRestore(objectNamed(digit), one).ok());
    db.reset();
    stop();
    open();
    db = database(digit);
    EXPECT_EQ(valueOf(*db, "k"), "one");
    EXPECT_EQ(db->getAlarm().value().value_or(0), hasAlarm ? 1'900'000'000'000 : 0);
    const std::vector<StoredAlarm> alarms = engine_->readAlarms({}, kAllAlarms).value().alarms;
    ASSERT_EQ(alarms.size(), 1U);
    EXPECT_EQ(alarms[0].at, 1'900'000'000'000);
    db.reset();
    stop();
  }
}

// The threads: restores are built beside writes, checkpoints and trimming.
TEST_F(HistoryEngineTest, RestoresAreBuiltWhileOthersWrite) {
  configure_ = [](EngineOptions& options) {
    options.retentionMs = 3'600'000;
    options.segmentBytes = 20'000;
    options.logBytesMax = 100'000;
  };
  open();
  auto db = database('a');
  ASSERT_TRUE(db->put("k", "one").ok());
  const Lsn one = commit(*db);
  std::atomic<bool> done{false};
  {
    const sys::Thread builder("builder", [&] {
      for (int i = 0; i < 30; ++i)
        EXPECT_TRUE(engine_->history()->prepareRestore(objectNamed('a'), one).ok());
      done = true;
    });
    auto other = database('b');
    for (int i = 0; !done; ++i) {
      ASSERT_TRUE(db->put("k", std::to_string(i) + std::string(300, 'x')).ok());
      sink_.waitDurable(commit(*db));
      ASSERT_TRUE(other->put("k", std::to_string(i)).ok());
      commit(*other);
    }
  }
  db.reset();
  db = database('a');
  EXPECT_EQ(valueOf(*db, "k"), "one");
}

// Random commits, closings, checkpoints, restarts, losses of power and trims, against a model.
class HistoryModel {
 public:
  explicit HistoryModel(uint32_t seed) : random_(seed), world_(disk_) {}

  void run(int steps) {
    ASSERT_TRUE(world_.open().ok());
    for (int step = 0; step < steps && !::testing::Test::HasFailure(); ++step) stepOnce();
    for (const char digit : {'a', 'b', 'c'}) restoreSomewhere(digit);
  }
  int restored = 0;
  int refused = 0;

 private:
  struct State {
    std::string dump;
    TimestampMs at = 0;
  };
  uint32_t below(uint32_t end) { return static_cast<uint32_t>(random_() % end); }

  void stepOnce() {
    const char digit = static_cast<char>('a' + below(3));
    const uint32_t what = below(100);
    world_.clock.advance(below(20));
    if (what < 60) {
      commit(digit);
    } else if (what < 75) {
      world_.leave(digit);
    } else if (what < 88) {
      EXPECT_TRUE(
          world_.checkpoint(below(2) == 0 ? ObjectFiles::Which::kAll : ObjectFiles::Which::kQuiet)
              .ok());
    } else if (what < 92) {
      const Result<bool> trimmed = world_.engine->trimOnce();
      EXPECT_TRUE(trimmed.ok()) << trimmed.status().message();
    } else if (what < 95) {
      restart();
    } else {
      restoreSomewhere(digit);
    }
  }

  void restart() {
    EXPECT_TRUE(world_.flush());
    if (below(2) == 0) {
      world_.close();
    } else {
      disk_.crashNow();
      world_.close();
      disk_.powerCut(random_());
    }
    const Status opened = world_.open();
    EXPECT_TRUE(opened.ok()) << opened.message();
    for (const auto& [digit, states] : states_)
      EXPECT_EQ(dumpOf(*world_.db(digit)), states.rbegin()->second.dump);
  }

  void commit(char digit) {
    Database& db = *world_.db(digit);
    const uint32_t changes = 1 + below(4);
    for (uint32_t i = 0; i < changes; ++i) change(db);
    const Result<Lsn> lsn = db.commit();
    ASSERT_TRUE(lsn.ok()) << lsn.status().message();
    if (lsn.value() != 0) note(digit, lsn.value());
  }
  void note(char digit, Lsn lsn) {
    states_[digit][lsn] = {dumpOf(*world_.db(digit)), world_.clock.wall};
  }

  void change(Database& db) {
    const uint32_t what = below(20);
    const std::string key = "k" + std::to_string(below(8));
    if (what < 8) {
      EXPECT_TRUE(db.put(key, std::string(below(600), 'v') + std::to_string(random_())).ok());
    } else if (what < 11) {
      EXPECT_TRUE(db.remove(key).ok());
    } else if (what < 17) {
      sql(db, "CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, n, p)");
      sql(db, "INSERT OR REPLACE INTO t VALUES(?, ?, zeroblob(?))",
          {static_cast<int64_t>(below(20)), static_cast<int64_t>(random_()),
           static_cast<int64_t>(below(3000))});
    } else if (what < 18) {
      sql(db, "DELETE FROM t WHERE id > 10");
    } else if (what < 19) {
      sql(db, "DROP TABLE IF EXISTS t");
    } else {
      EXPECT_TRUE(db.deleteAll(Database::AlarmFate::kDelete).ok());
    }
  }

  void restoreSomewhere(char digit) {
    const Lsn last = world_.engine->committedLsn();
    const Lsn lsn = last - std::min<Lsn>(last, below(400));
    const TimestampMs retained = world_.clock.wall - world_.options.retentionMs;
    const Status asked = world_.restore(digit, lsn);
    if (asked.code() == Code::kNotFound) {
      ++refused;
      for (const auto& [name, states] : states_) {
        const auto newest = states.upper_bound(lsn);
        if (newest == states.begin()) continue;
        EXPECT_LE(std::prev(newest)->second.at, retained) << "it is younger than the retention";
      }
      return;
    }
    ASSERT_TRUE(asked.ok()) << asked.message();
    ++restored;
    const std::map<Lsn, State>& states = states_[digit];
    const auto next = states.upper_bound(lsn);
    const std::string expected = next == states.begin() ? "" : std::prev(next)->second.dump;
    // Also over a restart.
    if (below(3) == 0) {
      world_.close();
      ASSERT_TRUE(world_.open().ok());
    }
    world_.leave(digit);
    Database* db = world_.db(digit);
    ASSERT_NE(db, nullptr);
    EXPECT_EQ(dumpOf(*db), expected) << digit << " at " << lsn << " of " << last;
    EXPECT_EQ(sql(*db, "PRAGMA quick_check"), "ok");
    note(digit, world_.engine->committedLsn());
  }

  std::mt19937 random_;
  SimulatedDisk disk_;
  HistoryWorld world_;
  std::map<char, std::map<Lsn, State>> states_;
};

TEST(HistoryPropertyTest, ARestoredDatabaseIsTheStateAtItsLsn) {
  int restored = 0;
  int refused = 0;
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    HistoryModel model(seed);
    model.run(300);
    ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed;
    restored += model.restored;
    refused += model.refused;
  }
  EXPECT_GT(restored, 300);
  EXPECT_GT(refused, 20) << "trimming was put to the test";
}

// A power cut at each operation of: restore, start, write, checkpoint, trim, end.
class RestoreScenario {
 public:
  explicit RestoreScenario(SimulatedDisk& disk) : disk_(disk), world_(disk) {}

  // The state: three commits, some of them checkpointed, some archived.
  void prepare() {
    ASSERT_TRUE(world_.open().ok());
    for (int i = 0; i < 3; ++i) {
      ASSERT_TRUE(world_.put('a', "v", std::to_string(i)).ok());
      if (i == 1) target_ = world_.engine->committedLsn();
      ASSERT_TRUE(world_.put('b', "filler", std::string(1'500, 'x')).ok());
      const bool isKept = i != 1;
      ASSERT_TRUE(!isKept || world_.checkpoint().ok());
    }
    ASSERT_TRUE(world_.flush());
  }
  void run() {
    if (!world_.restore('a', target_).ok()) return end();
    promised_ = true;
    world_.leave('a');
    if (world_.put('a', "after", "1").ok() && world_.flush()) written_ = true;
    world_.leave('a');
    (void)world_.checkpoint().ok();
    (void)world_.put('b', "filler", std::string(2'000, 'y')).ok();
    (void)world_.checkpoint().ok();
    world_.clock.advance(5'000);
    for (int i = 0; i < 4; ++i) (void)world_.engine->trimOnce().ok();
    end();
  }
  // Every start from now on, and power cuts in between.
  void check(uint64_t seed) {
    std::mt19937 random(static_cast<uint32_t>(seed));
    for (int cuts = 0; cuts < 2; ++cuts) {
      disk_.crashAt(1 + random() % 25);
      const bool opened = world_.open().ok();
      if (opened && world_.db('a') != nullptr && world_.put('a', "again", "1").ok())
        isAgain_ |= world_.flush();
      disk_.crashNow();
      end();
      disk_.powerCut(random());
    }
    const Status opened = world_.open();
    ASSERT_TRUE(opened.ok()) << opened.message();
    const std::string found = dumpOf(*world_.db('a'));
    EXPECT_TRUE(allowed().contains(found)) << found;
    ASSERT_TRUE(world_.put('a', "last", "1").ok());
    world_.close();
    ASSERT_TRUE(world_.open().ok());
    EXPECT_NE(dumpOf(*world_.db('a')).find("last=1"), std::string::npos) << "applied twice";
    EXPECT_TRUE(disk_.list("data/history/restore/app-Room").value().empty() || !promised_);
    end();
  }

 private:
  void end() { world_.close(); }
  std::set<std::string> allowed() const {
    std::set<std::string> states;
    for (const char* again : {"again=1;", ""}) {
      if (isAgain_ && *again == '\0') continue;
      for (const char* after : {"after=1;", ""}) {
        if (written_ && *after == '\0') continue;
        states.insert(std::string(after) + again + "v=1;");
      }
      // Not promised: as it was, or all of it. "again" may come before a restore that nobody knows
      // of.
      if (!promised_) states.insert(std::string(again) + "v=2;");
    }
    if (!promised_) states.insert("v=1;");
    return states;
  }

  SimulatedDisk& disk_;
  HistoryWorld world_;
  Lsn target_ = 0;
  bool promised_ = false;
  bool written_ = false;
  bool isAgain_ = false;
};

TEST(HistorySimulationTest, PowerCutAtEachStepOfARestore) {
  uint64_t operations = 0;
  for (bool struck = true; struck;) {
    ++operations;
    for (uint64_t seed = 0; seed < 12; ++seed) {
      SimulatedDisk disk;
      RestoreScenario scenario(disk);
      scenario.prepare();
      disk.crashAt(operations);
      scenario.run();
      struck = disk.isPowerOff();
      disk.powerCut(seed);
      scenario.check(seed);
      ASSERT_FALSE(::testing::Test::HasFailure())
          << "cut at operation " << operations << ", seed " << seed;
    }
  }
  EXPECT_GT(operations, 40U);
}

}  // namespace
}  // namespace holdfast::storage::testing
