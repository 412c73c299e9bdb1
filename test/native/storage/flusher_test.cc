#include "storage/flusher.h"

#include <algorithm>

#include "storage/engine_fixture.h"

namespace holdfast::storage::testing {
namespace {

class FlusherTest : public EngineTest {
 protected:
  // The WAL of object `digit` is about to be flushed.
  static bool isWalOf(const std::string& path, char digit) {
    return path.ends_with(std::string(64, digit) + ".sqlite-wal");
  }
};

TEST_F(FlusherTest, AnnouncesOnlyAfterTheWalIsFlushed) {
  files_.onSync = [&](const std::string& path) {
    if (isWalOf(path, 'a')) turnstile_.pass();
    return Status();
  };
  open();
  auto db = database();
  EXPECT_TRUE(db->put("k", "v").ok());
  const Lsn lsn = commit(*db);
  turnstile_.waitArrived();
  EXPECT_EQ(sink_.durable(), 0U);
  EXPECT_LT(engine_->durableLsn(), lsn);
  turnstile_.open();
  sink_.waitDurable(lsn);
}

TEST_F(FlusherTest, CommitDuringAFlushBelongsToTheNextRound) {
  std::vector<Lsn> announced;
  sink_.onAnnounce = [&](Lsn lsn) { announced.push_back(lsn); };
  files_.onSync = [&](const std::string& path) {
    if (isWalOf(path, 'a')) turnstile_.pass();
    return Status();
  };
  open();
  auto db = database();
  EXPECT_TRUE(db->put("k", "1").ok());
  const Lsn first = commit(*db);
  turnstile_.waitArrived();
  EXPECT_TRUE(db->put("k", "2").ok());
  const Lsn second = commit(*db);
  turnstile_.open();
  sink_.waitDurable(second);
  db.reset();
  stop();
  EXPECT_EQ(announced, (std::vector<Lsn>{first, second}));
}

TEST_F(FlusherTest, OneFlushOfAnObjectServesAllItsCommitsOfARound) {
  int flushesOfB = 0;
  files_.onSync = [&](const std::string& path) {
    if (isWalOf(path, 'a')) turnstile_.pass();
    if (isWalOf(path, 'b')) ++flushesOfB;
    return Status();
  };
  open();
  auto blocker = database('a');
  auto busy = database('b');
  EXPECT_TRUE(blocker->put("k", "1").ok());
  commit(*blocker);
  turnstile_.waitArrived();
  Lsn last = 0;
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(busy->put("k", std::to_string(i)).ok());
    last = commit(*busy);
  }
  turnstile_.open();
  sink_.waitDurable(last);
  EXPECT_EQ(flushesOfB, 1);
}

TEST_F(FlusherTest, NewFileIsNamedInItsDirectoriesBeforeTheAnnouncement) {
  std::vector<std::string> synced;
  sink_.onAnnounce = [&](Lsn) { synced.emplace_back("announced"); };
  files_.onSync = [&](const std::string& path) {
    synced.push_back(path.substr(directory_.path().size()));
    return Status();
  };
  open();
  synced.clear();
  auto db = database();
  EXPECT_TRUE(db->put("k", "1").ok());
  sink_.waitDurable(commit(*db));
  db.reset();
  stop();
  const std::vector<std::string> expected = {
      "/data/do/app-Room/" + std::string(64, 'a') + ".sqlite-wal", "/data/do/app-Room", "/data/do",
      "announced"};
  EXPECT_EQ(synced, expected);
}

TEST_F(FlusherTest, FailedFlushIsFinal) {
  files_.onSync = [&](const std::string& path) {
    return isWalOf(path, 'a') ? Status(Code::kIo, "fdatasync: disk on fire") : Status();
  };
  open();
  auto good = database('b');
  EXPECT_TRUE(good->put("k", "1").ok());
  const Lsn durable = commit(*good);
  sink_.waitDurable(durable);
  auto bad = database('a');
  EXPECT_TRUE(bad->put("k", "1").ok());
  commit(*bad);
  EXPECT_EQ(sink_.waitFailed().message(), "fdatasync: disk on fire");
  EXPECT_TRUE(good->put("k", "2").ok());
  const Result<Lsn> refused = good->commit();
  EXPECT_EQ(refused.status().code(), Code::kIo);
  EXPECT_FALSE(good->hasUncommitted());
  EXPECT_EQ(valueOf(*good, "k"), "1");
  good.reset();
  bad.reset();
  stop();
  EXPECT_EQ(sink_.durable(), durable);
  EXPECT_EQ(sink_.failures(), 1U);
}

TEST_F(FlusherTest, CommitsWaitingForADiskAreBounded) {
  commitQueueMax_ = 3;
  files_.onSync = [&](const std::string& path) {
    if (isWalOf(path, 'a')) turnstile_.pass();
    return Status();
  };
  open();
  auto db = database();
  EXPECT_TRUE(db->put("k", "0").ok());
  commit(*db);
  turnstile_.waitArrived();
  for (int i = 1; i <= 3; ++i) {
    EXPECT_TRUE(db->put("k", std::to_string(i)).ok());
    commit(*db);
  }
  EXPECT_TRUE(db->put("k", "4").ok());
  EXPECT_EQ(db->commit().status().code(), Code::kResourceExhausted);
  EXPECT_EQ(valueOf(*db, "k"), "3");
  turnstile_.open();
  sink_.waitDurable(engine_->committedLsn());
  EXPECT_TRUE(db->put("k", "5").ok());
  EXPECT_GT(commit(*db), 0U);
}

TEST_F(FlusherTest, SystemDurabilityFlushesNothing) {
  int flushes = 0;
  open(Durability::kSystem);
  files_.onSync = [&](const std::string&) {
    ++flushes;
    return Status();
  };
  auto db = database();
  EXPECT_TRUE(db->put("k", "1").ok());
  EXPECT_TRUE(db->setAlarm(5000).ok());
  sink_.waitDurable(commit(*db));
  db.reset();
  stop();
  EXPECT_EQ(flushes, 0);
  open(Durability::kSystem);
  EXPECT_EQ(valueOf(*database(), "k"), "1");
  EXPECT_EQ(engine_->loadAlarms().value().size(), 1U);
}

// S5.6.2: whatever step the process dies after, the index is not later than the object's alarm.
class AlarmOrderTest : public FlusherTest {
 protected:
  std::optional<TimestampMs> indexed() {
    Result<std::unique_ptr<AlarmIndex>> index = AlarmIndex::open(
        directory_.path() + "/data/do/app-Room/metadata.sqlite", Connection::Role::kIndexSystem);
    std::vector<StoredAlarm> all;
    EXPECT_TRUE(index.value()->loadAll("app-Room", all).ok());
    return all.empty() ? std::nullopt : std::optional<TimestampMs>(all.front().at);
  }
};

TEST_F(AlarmOrderTest, S5_6_2_NewAlarmIsInTheIndexBeforeTheCommitIsFlushed) {
  std::optional<TimestampMs> seen;
  files_.onSync = [&](const std::string& path) {
    if (isWalOf(path, 'a')) seen = indexed();
    return Status();
  };
  open();
  auto db = database();
  db->setActorName("lobby");
  EXPECT_TRUE(db->setAlarm(5000).ok());
  sink_.waitDurable(commit(*db));
  EXPECT_EQ(seen, 5000);
  db.reset();
  stop();
  open();
  const std::vector<StoredAlarm> alarms = engine_->loadAlarms().value();
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_EQ(alarms[0].at, 5000);
  EXPECT_EQ(alarms[0].actorName, "lobby");
  EXPECT_TRUE(alarms[0].hasActorName);
  EXPECT_EQ(alarms[0].uniqueKey, "app-Room");
  EXPECT_EQ(alarms[0].idHex, std::string(64, 'a'));
}

TEST_F(AlarmOrderTest, S5_6_2_LaterAndRemovedAlarmsLeaveTheIndexAfterwards) {
  std::vector<std::optional<TimestampMs>> atFlush;
  std::vector<std::optional<TimestampMs>> atAnnounce;
  files_.onSync = [&](const std::string& path) {
    if (isWalOf(path, 'a')) atFlush.push_back(indexed());
    return Status();
  };
  sink_.onAnnounce = [&](Lsn) { atAnnounce.push_back(indexed()); };
  open();
  auto db = database();
  for (const std::optional<TimestampMs> at :
       {std::optional<TimestampMs>(5000), std::optional<TimestampMs>(9000),
        std::optional<TimestampMs>(2000), std::optional<TimestampMs>()}) {
    EXPECT_TRUE(db->setAlarm(at).ok());
    sink_.waitDurable(commit(*db));
  }
  db.reset();
  stop();
  using At = std::optional<TimestampMs>;
  EXPECT_EQ(atFlush, (std::vector<At>{5000, 5000, 2000, 2000}));
  EXPECT_EQ(atAnnounce, (std::vector<At>{5000, 5000, 2000, 2000}));
  EXPECT_EQ(indexed(), std::nullopt);
}

TEST_F(AlarmOrderTest, EarliestOfARoundCounts) {
  std::optional<TimestampMs> atFlush;
  files_.onSync = [&](const std::string& path) {
    if (isWalOf(path, 'b')) turnstile_.pass();
    if (isWalOf(path, 'a')) atFlush = indexed();
    return Status();
  };
  open();
  auto blocker = database('b');
  auto db = database('a');
  EXPECT_TRUE(blocker->put("k", "1").ok());
  commit(*blocker);
  turnstile_.waitArrived();
  for (const TimestampMs at : {5000, 3000, 8000}) {
    EXPECT_TRUE(db->setAlarm(at).ok());
    commit(*db);
  }
  turnstile_.open();
  sink_.waitDurable(engine_->committedLsn());
  db.reset();
  blocker.reset();
  stop();
  EXPECT_EQ(atFlush, 3000);
  EXPECT_EQ(indexed(), 8000);
}

TEST_F(AlarmOrderTest, FailedFlushLeavesTheEarlierOfBothAlarms) {
  open();
  auto db = database();
  EXPECT_TRUE(db->setAlarm(9000).ok());
  sink_.waitDurable(commit(*db));
  db.reset();
  stop();
  files_.onSync = [&](const std::string& path) {
    return isWalOf(path, 'a') ? Status(Code::kIo, "power cut") : Status();
  };
  open();
  db = database();
  EXPECT_TRUE(db->setAlarm(4000).ok());
  commit(*db);
  EXPECT_EQ(sink_.waitFailed().message(), "power cut");
  db.reset();
  stop();
  EXPECT_EQ(indexed(), 4000);
}

TEST_F(AlarmOrderTest, ForgetAlarmRemovesTheEntryOnly) {
  open();
  auto db = database();
  EXPECT_TRUE(db->setAlarm(9000).ok());
  sink_.waitDurable(commit(*db));
  engine_->forgetAlarm(objectNamed('a'));
  engine_->forgetAlarm(objectNamed('f', "app-Never"));
  EXPECT_EQ(db->getAlarm().value(), 9000);
  db.reset();
  stop();
  EXPECT_EQ(indexed(), std::nullopt);
  open();
  EXPECT_EQ(database()->getAlarm().value(), 9000);
}

}  // namespace
}  // namespace holdfast::storage::testing
