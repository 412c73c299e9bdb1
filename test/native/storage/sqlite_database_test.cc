#include "storage/sqlite_database.h"

#include "storage/engine_fixture.h"

namespace holdfast::storage::testing {
namespace {

class DatabaseTest : public EngineTest {
 protected:
  void SetUp() override {
    open();
    db_ = database();
  }
  void TearDown() override {
    db_.reset();
    stop();
  }
  void reopen() {
    db_.reset();
    db_ = database();
  }
  std::unique_ptr<Database> db_;
};

TEST_F(DatabaseTest, S3_13_1_ReadsMakeNoFile) {
  EXPECT_EQ(valueOf(*db_, "k"), "(none)");
  EXPECT_FALSE(db_->remove("k").value());
  EXPECT_FALSE(db_->list({}).value()->next().value());
  EXPECT_EQ(db_->getAlarm().value(), std::nullopt);
  EXPECT_TRUE(db_->setAlarm(std::nullopt).ok());
  EXPECT_FALSE(db_->hasUncommitted());
  EXPECT_EQ(commit(*db_), 0U);
  EXPECT_FALSE(files_.exists(pathOf()));
  EXPECT_TRUE(engine_->listObjects("app-Room").value().empty());
}

TEST_F(DatabaseTest, S3_6_1_FirstWriteOpensOneTransactionForAllKindsOfWrites) {
  EXPECT_TRUE(db_->put("a", "1").ok());
  EXPECT_TRUE(db_->hasUncommitted());
  EXPECT_EQ(sql(*db_, "CREATE TABLE t(x)"), "");
  EXPECT_TRUE(db_->setAlarm(5000).ok());
  db_->rollback();
  EXPECT_FALSE(db_->hasUncommitted());
  EXPECT_EQ(valueOf(*db_, "a"), "(none)");
  EXPECT_EQ(db_->getAlarm().value(), std::nullopt);
  EXPECT_EQ(sql(*db_, "SELECT x FROM t"), "error: no such table: t: SQLITE_ERROR");
}

TEST_F(DatabaseTest, S4_6_2_WhatAStatementDidBeforeItFailedIsCommitted) {
  sql(*db_, "CREATE TABLE t(x UNIQUE); INSERT INTO t VALUES(2)");
  commit(*db_);
  for (const char* text : {"INSERT OR FAIL INTO t VALUES(1),(2),(3)",
                           "INSERT OR FAIL INTO t VALUES(4),(2),(5); SELECT 1"}) {
    EXPECT_TRUE(sql(*db_, text).starts_with("error: UNIQUE constraint failed")) << text;
    EXPECT_GT(commit(*db_), 0U) << text;
  }
  reopen();
  EXPECT_EQ(sql(*db_, "SELECT x FROM t ORDER BY x"), "1;2;4");
  EXPECT_TRUE(sql(*db_, "INSERT INTO t VALUES(2)").starts_with("error"));
  EXPECT_EQ(commit(*db_), 0U) << "nothing is left of it";
}

TEST_F(DatabaseTest, CommitGivesRisingLsnsAndZeroWhenNothingWasWritten) {
  EXPECT_TRUE(db_->put("a", "1").ok());
  const Lsn first = commit(*db_);
  EXPECT_TRUE(db_->put("a", "2").ok());
  const Lsn second = commit(*db_);
  EXPECT_GT(first, 0U);
  EXPECT_GT(second, first);
  EXPECT_EQ(commit(*db_), 0U);
  EXPECT_EQ(engine_->committedLsn(), second);
  sink_.waitDurable(second);
  EXPECT_EQ(engine_->durableLsn(), second);
}

TEST_F(DatabaseTest, ValuesAreBytesAndKeysMayBeEmptyOrHoldNul) {
  const std::string bytes("\0\xff\x01", 3);
  EXPECT_TRUE(db_->put("", bytes).ok());
  EXPECT_TRUE(db_->put(std::string_view("a\0b", 3), "").ok());
  EXPECT_TRUE(db_->put("a", "plain").ok());
  EXPECT_EQ(valueOf(*db_, ""), bytes);
  EXPECT_EQ(valueOf(*db_, std::string_view("a\0b", 3)), "");
  EXPECT_EQ(valueOf(*db_, "a"), "plain");
}

TEST_F(DatabaseTest, S3_13_2_TablesAreThoseOfWorkerd) {
  EXPECT_TRUE(db_->put("k", "v").ok());
  EXPECT_TRUE(db_->setAlarm(1795487803384).ok());
  commit(*db_);
  db_.reset();
  stop();
  Result<std::unique_ptr<Connection>> plain =
      Connection::open(pathOf(), Connection::Role::kIndex, 8);
  ASSERT_TRUE(plain.ok());
  Statement kv;
  ASSERT_EQ(plain.value()->prepare("SELECT typeof(key), typeof(value) FROM _cf_KV", kv), SQLITE_OK);
  ASSERT_EQ(sqlite3_step(kv.get()), SQLITE_ROW);
  EXPECT_EQ(columnBytes(kv.get(), 0), "text");
  EXPECT_EQ(columnBytes(kv.get(), 1), "blob");
  Statement alarm;
  ASSERT_EQ(plain.value()->prepare("SELECT value FROM _cf_METADATA WHERE key=1", alarm), SQLITE_OK);
  ASSERT_EQ(sqlite3_step(alarm.get()), SQLITE_ROW);
  EXPECT_EQ(sqlite3_column_int64(alarm.get(), 0), 1795487803384000000);
  kv.reset();
  alarm.reset();
  open();
}

TEST_F(DatabaseTest, S3_10_3_SavepointsNestAndCoverKvSqlAndAlarm) {
  EXPECT_TRUE(db_->put("a", "1").ok());
  EXPECT_EQ(sql(*db_, "CREATE TABLE t(x); INSERT INTO t VALUES(1)"), "");
  EXPECT_TRUE(db_->setAlarm(1000).ok());
  EXPECT_TRUE(db_->savepoint().ok());
  EXPECT_TRUE(db_->put("a", "2").ok());
  EXPECT_TRUE(db_->savepoint().ok());
  EXPECT_EQ(db_->savepointDepth(), 2U);
  EXPECT_EQ(sql(*db_, "INSERT INTO t VALUES(2)"), "");
  EXPECT_TRUE(db_->setAlarm(2000).ok());
  EXPECT_TRUE(db_->rollbackToSavepoint().ok());
  EXPECT_EQ(sql(*db_, "SELECT x FROM t"), "1");
  EXPECT_EQ(db_->getAlarm().value(), 1000);
  EXPECT_EQ(valueOf(*db_, "a"), "2");
  EXPECT_TRUE(db_->releaseSavepoint().ok());
  EXPECT_EQ(db_->savepointDepth(), 0U);
  commit(*db_);
  reopen();
  EXPECT_EQ(valueOf(*db_, "a"), "2");
}

TEST_F(DatabaseTest, SavepointBeforeTheFirstWriteMakesNoFileAndStillUndoes) {
  EXPECT_TRUE(db_->savepoint().ok());
  EXPECT_FALSE(db_->hasUncommitted());
  EXPECT_FALSE(files_.exists(pathOf()));
  EXPECT_TRUE(db_->put("a", "1").ok());
  EXPECT_TRUE(db_->rollbackToSavepoint().ok());
  EXPECT_EQ(valueOf(*db_, "a"), "(none)");
  EXPECT_TRUE(db_->put("a", "2").ok());
  commit(*db_);
  EXPECT_EQ(valueOf(*db_, "a"), "2");
}

TEST_F(DatabaseTest, CommitInsideASavepointIsRefused) {
  EXPECT_TRUE(db_->savepoint().ok());
  EXPECT_TRUE(db_->put("a", "1").ok());
  EXPECT_EQ(db_->commit().status().code(), Code::kInvalidArgument);
}

TEST_F(DatabaseTest, S3_9_1_DeleteAllLeavesNothingAndKeepsTheAlarm) {
  EXPECT_TRUE(db_->put("a", "1").ok());
  EXPECT_TRUE(db_->setAlarm(7000).ok());
  sql(*db_,
      "CREATE TABLE p(id INTEGER PRIMARY KEY AUTOINCREMENT, n); CREATE INDEX pn ON p(n);"
      "CREATE TABLE c(pid REFERENCES p(id)); CREATE VIEW v AS SELECT * FROM p;"
      "CREATE TRIGGER tr AFTER INSERT ON p BEGIN INSERT INTO c VALUES(new.id); END;"
      "CREATE VIRTUAL TABLE f USING fts5(x); INSERT INTO p(n) VALUES(1),(2);"
      "CREATE TABLE \"we\"\"ird\"(x); ANALYZE");
  commit(*db_);
  EXPECT_TRUE(db_->put("uncommitted", "x").ok());
  ASSERT_TRUE(db_->deleteAll(Database::AlarmFate::kKeep).ok());
  EXPECT_EQ(valueOf(*db_, "a"), "(none)");
  EXPECT_EQ(db_->getAlarm().value(), 7000);
  EXPECT_EQ(sql(*db_, "SELECT name FROM sqlite_master"), "_cf_METADATA");
  const Lsn lsn = commit(*db_);
  EXPECT_GT(lsn, 0U);
  reopen();
  EXPECT_EQ(sql(*db_, "SELECT name FROM sqlite_master"), "_cf_METADATA");
  EXPECT_EQ(sql(*db_, "PRAGMA quick_check"), "ok");
  EXPECT_TRUE(db_->put("b", "2").ok());
  EXPECT_EQ(valueOf(*db_, "b"), "2");
}

TEST_F(DatabaseTest, S3_9_2_DeleteAllCanTakeTheAlarmToo) {
  EXPECT_TRUE(db_->setAlarm(7000).ok());
  commit(*db_);
  ASSERT_TRUE(db_->deleteAll(Database::AlarmFate::kDelete).ok());
  EXPECT_EQ(db_->getAlarm().value(), std::nullopt);
  sink_.waitDurable(commit(*db_));
  EXPECT_EQ(sql(*db_, "SELECT count(*) FROM sqlite_master"), "0");
  db_.reset();
  stop();
  open();
  EXPECT_TRUE(engine_->readAlarms({}, kAllAlarms).value().alarms.empty());
}

TEST_F(DatabaseTest, DeleteAllIsPartOfTheTransactionAndCanBeRolledBack) {
  EXPECT_TRUE(db_->put("a", "1").ok());
  sql(*db_, "CREATE TABLE p(id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO p VALUES(9)");
  commit(*db_);
  ASSERT_TRUE(db_->deleteAll(Database::AlarmFate::kKeep).ok());
  db_->rollback();
  EXPECT_EQ(valueOf(*db_, "a"), "1");
  EXPECT_EQ(sql(*db_, "SELECT seq FROM sqlite_sequence"), "9");
  EXPECT_EQ(sql(*db_, "PRAGMA quick_check"), "ok");
}

TEST_F(DatabaseTest, S3_9_3_DeleteAllCancelsCursors) {
  for (const char* key : {"a", "b", "c"}) EXPECT_TRUE(db_->put(key, "1").ok());
  sql(*db_, "CREATE TABLE t(x); INSERT INTO t VALUES(1),(2),(3)");
  commit(*db_);
  auto rows = db_->exec("SELECT x FROM t", {});
  auto keys = db_->list({});
  EXPECT_TRUE(keys.value()->next().value());
  ASSERT_TRUE(db_->deleteAll(Database::AlarmFate::kKeep).ok());
  const char* text = "SQLite query was canceled because the database was deleted.";
  EXPECT_EQ(rows.value()->advance().message(), text);
  EXPECT_EQ(rows.value()->advance().code(), Code::kSql);
  EXPECT_EQ(keys.value()->next().status().message(), text);
}

TEST_F(DatabaseTest, S3_9_4_DeleteAllInsideASavepointIsRefused) {
  EXPECT_TRUE(db_->savepoint().ok());
  EXPECT_EQ(db_->deleteAll(Database::AlarmFate::kKeep).message(),
            "Cannot call deleteAll() within a transaction");
}

TEST_F(DatabaseTest, S4_13_8_BookmarksStartAtZeroAndRiseAcrossReopening) {
  EXPECT_EQ(db_->bookmark().value(), "00000000-00000000-00000000-00000000000000000000000000000000");
  EXPECT_EQ(db_->bookmark().value(), "00000000-00000001-00000000-00000000000000000000000000000000");
  commit(*db_);
  reopen();
  EXPECT_EQ(db_->bookmark().value(), "00000000-00000002-00000000-00000000000000000000000000000000");
}

TEST_F(DatabaseTest, S4_11_2_ViolatedConstraintAtCommitBreaksTheObject) {
  EXPECT_TRUE(db_->put("kept", "1").ok());
  sql(*db_, "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(pid REFERENCES p(id))");
  commit(*db_);
  EXPECT_EQ(sql(*db_, "PRAGMA defer_foreign_keys = on"), "");
  EXPECT_EQ(sql(*db_, "INSERT INTO c VALUES(9)"), "");
  EXPECT_TRUE(db_->put("lost", "1").ok());
  const Result<Lsn> lsn = db_->commit();
  ASSERT_FALSE(lsn.ok());
  EXPECT_EQ(lsn.status().message(),
            "Durable Object was reset and rolled back to its last known good state because the "
            "application left the database in a state where constraints were violated: FOREIGN "
            "KEY constraint failed: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_FOREIGNKEY)");
  EXPECT_EQ(db_->get("kept").status().message(), lsn.status().message()) << "it sticks";
  reopen();
  EXPECT_EQ(valueOf(*db_, "kept"), "1");
  EXPECT_EQ(valueOf(*db_, "lost"), "(none)");
  EXPECT_EQ(sql(*db_, "SELECT count(*) FROM c"), "0");
}

TEST_F(DatabaseTest, S4_10_4_AutomaticRollbackBreaksTheObject) {
  sql(*db_, "CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES(1)");
  commit(*db_);
  EXPECT_TRUE(db_->put("lost", "1").ok());
  const auto refused = db_->exec("INSERT OR ROLLBACK INTO t VALUES(1)", {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.status().code(), Code::kSqlCritical);
  EXPECT_FALSE(db_->hasUncommitted());
  EXPECT_EQ(db_->put("x", "1").message(), refused.status().message());
  EXPECT_EQ(db_->getAlarm().status().code(), Code::kSqlCritical);
  EXPECT_EQ(db_->commit().status().code(), Code::kSqlCritical);
  reopen();
  EXPECT_EQ(valueOf(*db_, "lost"), "(none)");
}

TEST_F(DatabaseTest, S3_7_4_TooLargeAValueIsAnErrorAndNotCritical) {
  const Status refused = db_->put("k", std::string((8U << 20U) + 1, 'x'));
  EXPECT_EQ(refused.message(), "string or blob too big: SQLITE_TOOBIG");
  EXPECT_TRUE(db_->put("k", std::string(4U << 20U, 'x')).ok());
  commit(*db_);
}

TEST_F(DatabaseTest, S3_13_1_DataSurvivesClosingAndRestarting) {
  const auto check = [this] {
    EXPECT_EQ(sql(*db_, "SELECT id, name FROM people ORDER BY name"), "321|Alice;123|Bob");
    EXPECT_EQ(sql(*db_, "SELECT name FROM people WHERE id = ?", {int64_t{123}}), "Bob");
    EXPECT_EQ(sql(*db_, "SELECT id FROM people WHERE name = ?", {std::string("Alice")}), "321");
    EXPECT_EQ(valueOf(*db_, "k"), "v");
  };
  EXPECT_EQ(sql(*db_,
                "CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
                "INSERT INTO people VALUES(?, ?), (?, ?)",
                {int64_t{123}, std::string("Bob"), int64_t{321}, std::string("Alice")}),
            "");
  EXPECT_TRUE(db_->put("k", "v").ok());
  check();
  sink_.waitDurable(commit(*db_));
  reopen();
  check();
  db_.reset();
  stop();
  open();
  db_ = database();
  check();
}

TEST_F(DatabaseTest, S3_9_3_StatementsCompiledBeforeDeleteAllWorkAfterIt) {
  sql(*db_, "CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES(123), (321)");
  commit(*db_);
  EXPECT_EQ(sql(*db_, "SELECT * FROM t"), "123;321");
  ASSERT_TRUE(db_->deleteAll(Database::AlarmFate::kKeep).ok());
  EXPECT_EQ(sql(*db_, "SELECT * FROM t"), "error: no such table: t: SQLITE_ERROR");
  EXPECT_EQ(sql(*db_, "CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES(456)"), "");
  EXPECT_EQ(sql(*db_, "SELECT * FROM t"), "456");
  EXPECT_TRUE(db_->put("k", "v").ok());
  EXPECT_EQ(valueOf(*db_, "k"), "v");
}

TEST_F(DatabaseTest, S3_9_6_DeleteAllTakesSequencesStatisticsAndPragmasAlong) {
  sql(*db_,
      "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, x); CREATE INDEX i ON t(x);"
      "INSERT INTO t(x) VALUES(1), (2); ANALYZE");
  commit(*db_);
  EXPECT_NE(sql(*db_, "SELECT tbl FROM sqlite_stat1"), "");
  const uint64_t before = db_->databaseSize().value();
  ASSERT_TRUE(db_->deleteAll(Database::AlarmFate::kDelete).ok());
  commit(*db_);
  for (const char* table : {"sqlite_stat1", "sqlite_sequence"}) {
    EXPECT_EQ(sql(*db_, std::string("SELECT * FROM ") + table),
              std::string("error: no such table: ") + table + ": SQLITE_ERROR");
  }
  EXPECT_LT(db_->databaseSize().value(), before);
  EXPECT_EQ(sql(*db_, "PRAGMA foreign_keys"), "1") << "of the connection, which stays";
}

TEST_F(DatabaseTest, S3_9_1_DeleteAllOfNothingAndTwice) {
  EXPECT_TRUE(db_->deleteAll(Database::AlarmFate::kDelete).ok());
  EXPECT_EQ(commit(*db_), 0U);
  EXPECT_FALSE(files_.exists(pathOf()));
  EXPECT_TRUE(db_->put("a", "1").ok());
  EXPECT_TRUE(db_->deleteAll(Database::AlarmFate::kDelete).ok());
  EXPECT_TRUE(db_->deleteAll(Database::AlarmFate::kDelete).ok());
  EXPECT_TRUE(db_->put("b", "2").ok());
  commit(*db_);
  EXPECT_EQ(valueOf(*db_, "a"), "(none)");
  EXPECT_EQ(valueOf(*db_, "b"), "2");
}

TEST_F(DatabaseTest, S3_10_7_ReleasedSavepointsFallWithTheOuterOne) {
  EXPECT_TRUE(db_->put("a", "before").ok());
  EXPECT_TRUE(db_->savepoint().ok());
  EXPECT_TRUE(db_->savepoint().ok());
  EXPECT_TRUE(db_->put("a", "inner").ok());
  EXPECT_TRUE(db_->setAlarm(1000).ok());
  EXPECT_TRUE(db_->releaseSavepoint().ok());
  EXPECT_TRUE(db_->savepoint().ok());
  EXPECT_TRUE(db_->put("a", "undone").ok());
  EXPECT_TRUE(db_->rollbackToSavepoint().ok());
  EXPECT_EQ(valueOf(*db_, "a"), "inner") << "only the innermost is undone";
  EXPECT_EQ(db_->getAlarm().value(), 1000);
  EXPECT_TRUE(db_->rollbackToSavepoint().ok());
  EXPECT_EQ(valueOf(*db_, "a"), "before");
  EXPECT_EQ(db_->getAlarm().value(), std::nullopt);
  commit(*db_);
  reopen();
  EXPECT_EQ(valueOf(*db_, "a"), "before");
}

TEST_F(DatabaseTest, S3_10_11_DeferredForeignKeysOutliveAReleasedSavepoint) {
  sql(*db_, "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(pid REFERENCES p(id))");
  commit(*db_);
  EXPECT_TRUE(db_->savepoint().ok());
  EXPECT_EQ(sql(*db_, "PRAGMA defer_foreign_keys = on"), "");
  EXPECT_EQ(sql(*db_, "INSERT INTO c VALUES(9)"), "");
  EXPECT_TRUE(db_->releaseSavepoint().ok()) << "it checks nothing";
  EXPECT_EQ(sql(*db_, "PRAGMA defer_foreign_keys"), "1");
  EXPECT_EQ(sql(*db_, "INSERT INTO p VALUES(9)"), "");
  EXPECT_GT(commit(*db_), 0U);
  EXPECT_EQ(sql(*db_, "PRAGMA defer_foreign_keys"), "0");
}

TEST_F(DatabaseTest, S5_3_1_AlarmIsOverwrittenClearedAndZeroIsATime) {
  EXPECT_EQ(db_->getAlarm().value(), std::nullopt);
  EXPECT_TRUE(db_->setAlarm(1734099316987).ok());
  EXPECT_TRUE(db_->setAlarm(1734099316988).ok());
  EXPECT_EQ(db_->getAlarm().value(), 1734099316988);
  EXPECT_TRUE(db_->setAlarm(std::nullopt).ok());
  EXPECT_EQ(db_->getAlarm().value(), std::nullopt);
  EXPECT_TRUE(db_->setAlarm(0).ok());
  EXPECT_EQ(db_->getAlarm().value(), 0);
  commit(*db_);
  EXPECT_TRUE(db_->setAlarm(5).ok());
  db_->rollback();
  EXPECT_EQ(db_->getAlarm().value(), 0);
  ASSERT_TRUE(db_->deleteAll(Database::AlarmFate::kDelete).ok());
  EXPECT_EQ(db_->getAlarm().value(), std::nullopt);
  EXPECT_TRUE(db_->setAlarm(6).ok());
  commit(*db_);
  reopen();
  EXPECT_EQ(db_->getAlarm().value(), 6);
}

TEST_F(DatabaseTest, S4_10_4_AnErrorOfTheDiskBreaksTheObjectAndNotItsData) {
  sql(*db_, "CREATE TABLE t(x); INSERT INTO t VALUES(zeroblob(1000000))");
  EXPECT_TRUE(db_->put("kept", "1").ok());
  sink_.waitDurable(commit(*db_));
  db_.reset();
  stop();
  open();
  db_ = database();
  EXPECT_EQ(valueOf(*db_, "kept"), "1");
  EXPECT_TRUE(db_->put("lost", "1").ok());
  files_.onRead = [](const std::string& path) {
    return path.ends_with(".sqlite") ? Status(Code::kIo, "read") : Status();
  };
  const auto refused = db_->exec("SELECT hex(x) FROM t", {});
  EXPECT_EQ(refused.status().code(), Code::kSqlCritical);
  EXPECT_TRUE(refused.status().message().starts_with("disk I/O error: SQLITE_IOERR"))
      << refused.status().message();
  files_.onRead = nullptr;
  EXPECT_EQ(db_->get("kept").status().message(), refused.status().message()) << "it sticks";
  EXPECT_EQ(db_->commit().status().code(), Code::kSqlCritical);
  reopen();
  EXPECT_EQ(valueOf(*db_, "kept"), "1");
  EXPECT_EQ(valueOf(*db_, "lost"), "(none)");
  EXPECT_EQ(sql(*db_, "SELECT length(x) FROM t"), "1000000");
}

TEST_F(DatabaseTest, S3_6_5_WritesAfterACommitFormTheNextTransaction) {
  EXPECT_TRUE(db_->put("a", "1").ok());
  EXPECT_TRUE(db_->setAlarm(1000).ok());
  const Lsn first = commit(*db_);
  EXPECT_TRUE(db_->put("a", "2").ok());
  EXPECT_TRUE(db_->setAlarm(2000).ok());
  db_->rollback();
  EXPECT_EQ(valueOf(*db_, "a"), "1");
  EXPECT_EQ(db_->getAlarm().value(), 1000) << "S3.6.6: the alarm is part of it";
  EXPECT_TRUE(db_->put("b", "1").ok());
  EXPECT_GT(commit(*db_), first) << "S3.6.4: in program order";
}

TEST_F(DatabaseTest, S3_9_5_AnEmptiedObjectIsStillListed) {
  EXPECT_TRUE(db_->put("a", "1").ok());
  commit(*db_);
  ASSERT_TRUE(db_->deleteAll(Database::AlarmFate::kDelete).ok());
  sink_.waitDurable(commit(*db_));
  db_.reset();
  EXPECT_EQ(engine_->listObjects("app-Room").value().size(), 1U);
}

TEST_F(DatabaseTest, RestingKeepsWhatWasCommitted) {
  const auto& db = db_;
  EXPECT_TRUE(db->rest()) << "nothing is open";
  EXPECT_TRUE(db->put("k", "v").ok());
  EXPECT_EQ(sql(*db, "CREATE TABLE t(x); INSERT INTO t VALUES(7)"), "");
  EXPECT_TRUE(db->setAlarm(9000).ok());
  EXPECT_FALSE(db->rest()) << "in a transaction";
  const Lsn first = commit(*db);
  EXPECT_TRUE(db->rest());
  EXPECT_TRUE(db->rest()) << "resting already";
  EXPECT_EQ(db->getAlarm().value(), 9000);
  EXPECT_EQ(valueOf(*db, "k"), "v");
  EXPECT_EQ(sql(*db, "SELECT x, last_insert_rowid() FROM t"), "7|1");
  EXPECT_TRUE(db->rest());
  EXPECT_TRUE(db->put("k", "w").ok());
  sink_.waitDurable(commit(*db));
  EXPECT_GT(engine_->committedLsn(), first);
  EXPECT_TRUE(db->rest());
  EXPECT_EQ(valueOf(*db, "k"), "w");
}

TEST_F(DatabaseTest, RestingForgetsTheTablesOfADatabaseThatNeverWas) {
  EXPECT_TRUE(db_->put("k", "v").ok());
  db_->rollback();
  EXPECT_EQ(valueOf(*db_, "k"), "(none)");
  EXPECT_TRUE(db_->rest());
  EXPECT_EQ(sql(*db_, "CREATE TABLE t(x)"), "");
  EXPECT_EQ(valueOf(*db_, "k"), "(none)");
  const Status put = db_->put("k", "v");
  EXPECT_TRUE(put.ok()) << put.message();
  commit(*db_);
  EXPECT_EQ(valueOf(*db_, "k"), "v");
}

TEST_F(DatabaseTest, RestingForgetsADatabaseThatNothingWasWrittenTo) {
  const auto& db = db_;
  EXPECT_EQ(sql(*db, "SELECT 1"), "1");
  EXPECT_TRUE(db->rest());
  EXPECT_EQ(valueOf(*db, "k"), "(none)");
  EXPECT_TRUE(db->put("k", "v").ok());
  commit(*db);
  EXPECT_EQ(valueOf(*db, "k"), "v");
}

TEST_F(DatabaseTest, NoRestWhileACursorIsOpenOrSettingsWereMade) {
  const auto& db = db_;
  EXPECT_TRUE(db->put("k", "v").ok());
  commit(*db);
  {
    auto cursor = db->list({});
    EXPECT_FALSE(db->rest());
  }
  EXPECT_TRUE(db->rest());
  EXPECT_EQ(sql(*db, "PRAGMA recursive_triggers"), "0");
  EXPECT_EQ(sql(*db, "PRAGMA table_info('none')"), "");
  EXPECT_TRUE(db->rest()) << "nothing was set";
  EXPECT_EQ(sql(*db, "PRAGMA recursive_triggers=ON"), "");
  EXPECT_FALSE(db->rest());
}

}  // namespace
}  // namespace holdfast::storage::testing
