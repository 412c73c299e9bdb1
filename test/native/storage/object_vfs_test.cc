#include "storage/object_vfs.h"

#include <thread>

#include "storage/engine_fixture.h"

namespace holdfast::storage::testing {
namespace {

// Objects as users of the engine see them, with the log stepped by hand so that its bytes can be
// counted.
class ObjectVfsTest : public EngineTest {
 protected:
  ObjectVfsTest() { threads_ = SqliteEngine::Threads::kNone; }

  void flush() {
    while (engine_->flushOnce()) {
    }
  }
  // What the log grows by when `db` is committed now.
  uint64_t logged(Database& db) {
    flush();
    const uint64_t before = engine_->log().counters().bytes;
    commit(db);
    flush();
    return engine_->log().counters().bytes - before;
  }
  // Rows enough that a cache of four pages spills many times.
  static void insertMany(Database& db, char letter, int rows = 400) {
    const std::string value(500, letter);
    for (int i = 0; i < rows; ++i) {
      ASSERT_EQ(sql(db, "INSERT INTO t(x) VALUES(?)", {value}), "");
    }
  }
  void openTiny() {
    configure_ = [](EngineOptions& options) { options.cachePagesPerObject = 4; };
    open();
  }
};

TEST_F(ObjectVfsTest, ASmallPutIntoAnExistingObjectLogsAtMost128Bytes) {
  open();
  auto db = database();
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(db->put("key" + std::to_string(i), "value").ok());
  commit(*db);
  uint64_t most = 0;
  for (int i = 0; i < 200; ++i) {
    EXPECT_TRUE(db->put("counter", std::to_string(1000 + i)).ok());
    const uint64_t bytes = logged(*db);
    if (i > 0) most = std::max(most, bytes);  // the first one is a new key
  }
  RecordProperty("bytes", static_cast<int>(most));
  EXPECT_LE(most, 128U) << "with the batch that it has for itself";
  EXPECT_GT(most, 60U);
}

TEST_F(ObjectVfsTest, ANewObjectWithOneKeyLogsAtMost512Bytes) {
  open();
  auto first = database('b');
  EXPECT_TRUE(first->put("k", "v").ok());
  commit(*first);  // names the namespace
  auto db = database();
  EXPECT_TRUE(db->put("counter", "1").ok());
  const uint64_t bytes = logged(*db);
  RecordProperty("bytes", static_cast<int>(bytes));
  EXPECT_LE(bytes, 512U);
  EXPECT_GT(bytes, 200U);
}

TEST_F(ObjectVfsTest, ATransactionThatChangedNothingIsNotLogged) {
  open();
  auto db = database();
  EXPECT_TRUE(db->put("k", "v").ok());
  commit(*db);
  EXPECT_EQ(sql(*db, "SELECT count(*) FROM sqlite_schema"), "1");
  EXPECT_EQ(logged(*db), 0U);
}

TEST_F(ObjectVfsTest, AFirstTransactionThatRollsBackLeavesNothing) {
  open();
  auto db = database();
  EXPECT_TRUE(db->put("k", "v").ok());
  db->rollback();
  EXPECT_EQ(valueOf(*db, "k"), "(none)");
  EXPECT_EQ(logged(*db), 0U);
  EXPECT_TRUE(engine_->listObjects("app-Room").value().empty());
  db.reset();
  EXPECT_EQ(valueOf(*database(), "k"), "(none)");
  stop();
  EXPECT_FALSE(files_.exists(pathOf()));
}

TEST_F(ObjectVfsTest, AFirstTransactionAgainAfterARollback) {
  open();
  auto db = database();
  EXPECT_TRUE(db->put("k", "lost").ok());
  db->rollback();
  EXPECT_EQ(sql(*db, "CREATE TABLE t(x); INSERT INTO t VALUES(1)"), "");
  EXPECT_TRUE(db->put("k", "kept").ok());
  EXPECT_TRUE(db->setAlarm(500).ok());
  commit(*db);
  flush();
  db.reset();
  killAndOpen();
  db = database();
  EXPECT_EQ(valueOf(*db, "k"), "kept");
  EXPECT_EQ(sql(*db, "SELECT x FROM t"), "1");
  EXPECT_EQ(db->getAlarm().value(), 500);
}

TEST_F(ObjectVfsTest, ARollbackAfterTheCacheSpilledLeavesNothingInTheLog) {
  openTiny();
  auto db = database();
  EXPECT_EQ(sql(*db, "CREATE TABLE t(id INTEGER PRIMARY KEY, x); CREATE TABLE other(y)"), "");
  insertMany(*db, 'a', 50);
  commit(*db);
  flush();
  EXPECT_EQ(sql(*db, "UPDATE t SET x = upper(x)"), "");
  insertMany(*db, 'b');
  db->rollback();
  EXPECT_EQ(sql(*db, "SELECT count(*), min(x) = max(x), substr(min(x), 1, 1) FROM t"), "50|1|a");
  EXPECT_EQ(sql(*db, "INSERT INTO other VALUES(7)"), "");
  EXPECT_LE(logged(*db), 200U) << "of the rolled back pages nothing";
  db.reset();
  killAndOpen();
  db = database();
  EXPECT_EQ(sql(*db, "SELECT count(*), min(x) = max(x), substr(min(x), 1, 1) FROM t"), "50|1|a");
  EXPECT_EQ(sql(*db, "SELECT y FROM other"), "7");
  EXPECT_EQ(sql(*db, "PRAGMA quick_check"), "ok");
}

TEST_F(ObjectVfsTest, ATransactionLargerThanTheCacheIsCommittedWhole) {
  openTiny();
  auto db = database();
  EXPECT_EQ(sql(*db, "CREATE TABLE t(id INTEGER PRIMARY KEY, x)"), "");
  insertMany(*db, 'a');
  EXPECT_EQ(sql(*db, "SELECT count(*) FROM t"), "400");
  commit(*db);
  flush();
  db.reset();
  killAndOpen();
  db = database();
  EXPECT_EQ(sql(*db, "SELECT count(*), min(x) = max(x) FROM t"), "400|1");
  EXPECT_EQ(sql(*db, "PRAGMA quick_check"), "ok");
}

TEST_F(ObjectVfsTest, ASavepointIsRolledBackAfterTheCacheSpilled) {
  openTiny();
  auto db = database();
  EXPECT_EQ(sql(*db, "CREATE TABLE t(id INTEGER PRIMARY KEY, x)"), "");
  commit(*db);
  insertMany(*db, 'a', 30);
  EXPECT_TRUE(db->savepoint().ok());
  EXPECT_EQ(sql(*db, "DELETE FROM t WHERE id % 2 = 0"), "");
  insertMany(*db, 'b');
  EXPECT_TRUE(db->rollbackToSavepoint().ok());
  EXPECT_EQ(sql(*db, "SELECT count(*), min(x) = max(x) FROM t"), "30|1");
  EXPECT_LE(logged(*db), 6U * 4096U) << "the 30 rows, and no page of the 400";
  db.reset();
  killAndOpen();
  db = database();
  EXPECT_EQ(sql(*db, "SELECT count(*), min(x) = max(x) FROM t"), "30|1");
  EXPECT_EQ(sql(*db, "PRAGMA quick_check"), "ok");
}

TEST_F(ObjectVfsTest, ASavepointBeforeTheFirstWriteOfANewObject) {
  open();
  auto db = database();
  EXPECT_TRUE(db->savepoint().ok());
  EXPECT_TRUE(db->put("k", "lost").ok());
  EXPECT_TRUE(db->rollbackToSavepoint().ok());
  EXPECT_TRUE(db->put("l", "kept").ok());
  commit(*db);
  flush();
  db.reset();
  killAndOpen();
  EXPECT_EQ(valueOf(*database(), "k"), "(none)");
  EXPECT_EQ(valueOf(*database(), "l"), "kept");
}

TEST_F(ObjectVfsTest, S3_9_DeleteAllAndWhatComesAfterwards) {
  openTiny();
  auto db = database();
  EXPECT_EQ(sql(*db, "CREATE TABLE t(id INTEGER PRIMARY KEY, x)"), "");
  insertMany(*db, 'a');
  commit(*db);
  flush();
  ASSERT_TRUE(engine_->checkpointOnce(ObjectFiles::Which::kAll).ok());
  ASSERT_TRUE(db->deleteAll(Database::AlarmFate::kDelete).ok());
  commit(*db);
  EXPECT_EQ(sql(*db, "CREATE TABLE t(id INTEGER PRIMARY KEY, x)"), "");
  insertMany(*db, 'b', 100);
  commit(*db);
  flush();
  db.reset();
  killAndOpen();
  db = database();
  EXPECT_EQ(sql(*db, "SELECT count(*), substr(max(x), 1, 1) FROM t"), "100|b");
  EXPECT_EQ(sql(*db, "PRAGMA quick_check"), "ok");
}

TEST_F(ObjectVfsTest, ATransactionThatIsTooLargeResetsTheObject) {
  configure_ = [](EngineOptions& options) {
    options.cachePagesPerObject = 4;
    options.transactionBytesMax = 20 * 4096;
  };
  open();
  auto db = database();
  EXPECT_EQ(sql(*db, "CREATE TABLE t(id INTEGER PRIMARY KEY, x)"), "");
  insertMany(*db, 'a', 50);
  commit(*db);
  std::string refused;
  for (int i = 0; i < 400 && refused.empty(); ++i) {
    refused = sql(*db, "INSERT INTO t(x) VALUES(?)", {std::string(500, 'b')});
  }
  EXPECT_NE(refused.find("SQLITE_FULL"), std::string::npos) << refused;
  EXPECT_EQ(db->put("k", "v").code(), Code::kSqlCritical) << "until it is opened anew";
  EXPECT_FALSE(db->commit().ok());
  db = nullptr;
  db = database();
  EXPECT_EQ(sql(*db, "SELECT count(*), max(x) = min(x) FROM t"), "50|1");
  EXPECT_EQ(sql(*db, "PRAGMA quick_check"), "ok");
  EXPECT_TRUE(db->put("k", "v").ok());
  EXPECT_GT(commit(*db), 0U);
}

TEST_F(ObjectVfsTest, NoOtherFilesAreMade) {
  openTiny();
  auto db = database();
  EXPECT_EQ(sql(*db, "CREATE TABLE t(id INTEGER PRIMARY KEY, x)"), "");
  insertMany(*db, 'a');
  // Sorting more than the cache holds, with a transaction open.
  EXPECT_EQ(sql(*db, "SELECT count(*) FROM (SELECT x, id FROM t ORDER BY x, id DESC LIMIT 1000)"),
            "400");
  EXPECT_EQ(sql(*db, "CREATE INDEX byX ON t(x, id)"), "");
  commit(*db);
  EXPECT_FALSE(files_.exists(directory_.path() + "/data/do/app-Room"));
  flush();
  ASSERT_TRUE(engine_->checkpointOnce(ObjectFiles::Which::kAll).ok());
  EXPECT_EQ(files_.list(directory_.path() + "/data/do/app-Room").value(),
            (std::vector<std::string>{std::string(64, 'a') + ".sqlite"}));
}

TEST_F(ObjectVfsTest, ReadsThatFailAreIoErrors) {
  openTiny();
  auto db = database();
  EXPECT_EQ(sql(*db, "CREATE TABLE t(id INTEGER PRIMARY KEY, x)"), "");
  insertMany(*db, 'a');
  commit(*db);
  flush();
  ASSERT_TRUE(engine_->checkpointOnce(ObjectFiles::Which::kAll).ok());
  db.reset();
  db = database();
  EXPECT_EQ(sql(*db, "SELECT x IS NULL FROM t WHERE id = 1"), "0");
  std::filesystem::resize_file(pathOf(), 4096);
  EXPECT_EQ(sql(*db, "SELECT count(*) FROM t WHERE x <> 'x'").find("error: "), 0U);
}

// ThreadSanitizer looks on.
TEST_F(ObjectVfsTest, TwoShardsCommitAtOnce) {
  threads_ = SqliteEngine::Threads::kOwn;
  configure_ = [](EngineOptions& options) {
    options.cachePagesPerObject = 8;
    options.overlayBytesMax = 64 << 10U;
    options.segmentBytes = 64U << 10U;
  };
  open();
  const auto shard = [this](std::unique_ptr<Database> db, char digit) {
    for (int i = 0; i < 100; ++i) {
      EXPECT_TRUE(db->put("n", std::to_string(i)).ok());
      EXPECT_TRUE(db->put("fill" + std::to_string(i % 20), std::string(2000, digit)).ok());
      EXPECT_TRUE(i % 10 != 0 || db->setAlarm(1000 + i).ok());
      sink_.waitDurable(commit(*db));
      EXPECT_EQ(valueOf(*db, "n"), std::to_string(i));
    }
  };
  // openDatabase() is the engine's own thread's; the databases are the shards'.
  auto a = database('a');
  auto b = database('b');
  std::thread one([&shard, &a] { shard(std::move(a), 'a'); });
  std::thread two([&shard, &b] { shard(std::move(b), 'b'); });
  one.join();
  two.join();
  stop();
  open();
  for (const char digit : {'a', 'b'}) {
    auto db = database(digit);
    EXPECT_EQ(valueOf(*db, "n"), "99");
    EXPECT_EQ(valueOf(*db, "fill19"), std::string(2000, digit));
    EXPECT_EQ(db->getAlarm().value(), 1090);
  }
  EXPECT_EQ(engine_->readAlarms({}, kAllAlarms).value().alarms.size(), 2U);
}

}  // namespace
}  // namespace holdfast::storage::testing
