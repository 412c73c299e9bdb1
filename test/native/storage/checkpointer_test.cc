#include "storage/checkpointer.h"

#include "storage/engine_fixture.h"

namespace holdfast::storage::testing {
namespace {

class CheckpointerTest : public EngineTest {
 protected:
  void SetUp() override {
    walCheckpointBytes_ = 256U << 10U;
    open();
  }
  // SQLite does not write a page that stays as it is.
  static std::string valueFor(int i) {
    return std::string(8000, static_cast<char>('a' + i % 26)) + std::to_string(i);
  }
  uint64_t walSize() { return files_.fileSize(pathOf() + "-wal").value(); }
};

TEST_F(CheckpointerTest, WalStaysBoundedUnderSteadyWrites) {
  auto db = database();
  uint64_t largest = 0;
  for (int i = 0; i < 600; ++i) {
    EXPECT_TRUE(db->put("k" + std::to_string(i % 20), valueFor(i)).ok());
    sink_.waitDurable(commit(*db));
    largest = std::max(largest, walSize());
  }
  EXPECT_LT(largest, 4 * walCheckpointBytes_) << "600 commits of 16 KiB wrote 10 MiB";
  EXPECT_EQ(sink_.failures(), 0U);
  db.reset();
  stop();
  open();
  EXPECT_EQ(sql(*database(), "PRAGMA quick_check"), "ok");
}

TEST_F(CheckpointerTest, WriterThatNeverPausesIsHeldBelowTheHardBound) {
  auto db = database();
  uint64_t largest = 0;
  for (int i = 0; i < 4000; ++i) {
    EXPECT_TRUE(db->put("k" + std::to_string(i % 20), valueFor(i % 2000)).ok());
    commit(*db);
    largest = std::max(largest, walSize());
  }
  EXPECT_LT(largest, 40 * walCheckpointBytes_) << "48 MiB were written";
  sink_.waitDurable(engine_->committedLsn());
  EXPECT_EQ(valueOf(*db, "k0"), valueFor(1980));
  EXPECT_EQ(sink_.failures(), 0U);
}

TEST_F(CheckpointerTest, OpenCursorDelaysTheCutAndSeesItsRows) {
  auto db = database();
  sql(*db, "CREATE TABLE t(x INTEGER PRIMARY KEY); INSERT INTO t VALUES(1),(2),(3)");
  commit(*db);
  auto cursor = db->exec("SELECT x FROM t", {});
  for (int i = 0; i < 200; ++i) {
    EXPECT_TRUE(db->put("k", valueFor(i)).ok());
    sink_.waitDurable(commit(*db));
  }
  EXPECT_GT(walSize(), walCheckpointBytes_);
  EXPECT_EQ(rowsOf(std::move(cursor)), "1;2;3");
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(db->put("k", valueFor(i)).ok());
    sink_.waitDurable(commit(*db));
  }
  db.reset();
  stop();
  EXPECT_FALSE(files_.exists(pathOf() + "-wal"));
  open();
  EXPECT_EQ(sql(*database(), "PRAGMA quick_check"), "ok");
}

// The claim of decision 0003: no write ever lands at the start of a WAL that still has a length.
TEST_F(CheckpointerTest, PassiveCheckpointAloneLeavesThePinSoTheShardAppends) {
  CommitLedger ledger(0, 100);
  CommitLedger::Adopted adopted =
      ledger.adopt(objectNamed('c'), directory_.path(), directory_.path() + "/c.sqlite");
  ObjectRecord& record = *adopted.record;
  auto shard = Connection::open(record.path, Connection::Role::kShard, 16);
  ASSERT_EQ(shard.value()->run("CREATE TABLE t(x); INSERT INTO t VALUES(1)"), SQLITE_OK);
  Checkpointer checkpointer(files_, {});
  record.gate.enter();  // the shard is in a transaction or has a cursor
  EXPECT_EQ(checkpointer.checkpoint(record).value(), Checkpointer::Outcome::kLater);
  ASSERT_NE(record.pin, nullptr);
  const uint64_t before = files_.fileSize(record.path + "-wal").value();
  ASSERT_EQ(shard.value()->run("INSERT INTO t VALUES(2)"), SQLITE_OK);
  EXPECT_GT(files_.fileSize(record.path + "-wal").value(), before);
  record.gate.leave();
  EXPECT_EQ(checkpointer.checkpoint(record).value(), Checkpointer::Outcome::kCut);
  EXPECT_EQ(record.pin, nullptr);
  EXPECT_EQ(files_.fileSize(record.path + "-wal").value(), 0U);
  ASSERT_EQ(shard.value()->run("INSERT INTO t VALUES(3)"), SQLITE_OK);
  shard.value().reset();
  ledger.park(&record, nullptr, false);
}

}  // namespace
}  // namespace holdfast::storage::testing
