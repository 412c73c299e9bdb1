#include "storage/adopt_database.h"

#include <sqlite3.h>

#include <fstream>

#include "storage/engine_fixture.h"

namespace holdfast::storage::testing {
namespace {

namespace fs = std::filesystem;

// Another runtime's connection to a database.
class ForeignDatabase {
 public:
  explicit ForeignDatabase(const std::string& path) {
    EXPECT_EQ(sqlite3_open(path.c_str(), &db_), SQLITE_OK);
  }
  ~ForeignDatabase() { sqlite3_close(db_); }
  ForeignDatabase(const ForeignDatabase&) = delete;
  ForeignDatabase& operator=(const ForeignDatabase&) = delete;

  void run(const std::string& sql) {
    EXPECT_EQ(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(db_);
  }

 private:
  sqlite3* db_ = nullptr;
};

class AdoptDatabaseTest : public EngineTest {
 protected:
  AdoptDatabaseTest() { fs::create_directories(fs::path(pathOf()).parent_path()); }

  [[nodiscard]] std::string foreignPath() const { return directory_.path() + "/foreign.sqlite"; }
  // What a crash of the other process leaves, as the object's files.
  void takeOver() {
    for (const char* suffix : {"", "-wal", "-journal"}) {
      if (fs::exists(foreignPath() + suffix)) fs::copy(foreignPath() + suffix, pathOf() + suffix);
    }
  }
  void expectPlain() {
    EXPECT_FALSE(fs::exists(pathOf() + "-wal"));
    EXPECT_FALSE(fs::exists(pathOf() + "-shm"));
    EXPECT_FALSE(fs::exists(pathOf() + "-journal"));
    const std::string content = files_.readFile(pathOf()).value().value_or("");
    ASSERT_GT(content.size(), 20U);
    EXPECT_EQ(content[18], 1);
    EXPECT_EQ(content[19], 1);
  }
  // A database with a journal that must be rolled back: the transaction wrote into the file.
  void leaveHotJournal(const std::string& before) {
    ForeignDatabase foreign(foreignPath());
    foreign.run("PRAGMA cache_size=1; PRAGMA cache_spill=1; " + before);
    foreign.run(
        "BEGIN; CREATE TABLE big(x); INSERT INTO big SELECT randomblob(3000) FROM "
        "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 50) "
        "SELECT i FROM n)");
    takeOver();
    ASSERT_GT(fs::file_size(pathOf() + "-journal"), 512U);
  }
};

TEST_F(AdoptDatabaseTest, S3_13_1_DataThatIsInTheWriteAheadLogOnly) {
  {
    ForeignDatabase workerd(foreignPath());
    workerd.run("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0");
    workerd.run(
        "CREATE TABLE _cf_KV (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID; "
        "INSERT INTO _cf_KV VALUES('k', CAST('from workerd' AS BLOB))");
    takeOver();
  }
  ASSERT_GT(fs::file_size(pathOf() + "-wal"), 0U);
  open();
  auto db = database();
  EXPECT_EQ(valueOf(*db, "k"), "from workerd");
  expectPlain();
  EXPECT_TRUE(db->put("k", "ours").ok());
  commit(*db);
  db.reset();
  stop();
  expectPlain();
  ForeignDatabase workerd(pathOf());
  workerd.run("INSERT INTO _cf_KV VALUES('l', 'back')");
  open();
  EXPECT_EQ(valueOf(*database(), "k"), "ours");
  EXPECT_EQ(valueOf(*database(), "l"), "back");
}

TEST_F(AdoptDatabaseTest, ACheckpointedWriteAheadLogLeavesOnlyItsMark) {
  {
    ForeignDatabase workerd(foreignPath());
    workerd.run("PRAGMA journal_mode=WAL; CREATE TABLE t(x); INSERT INTO t VALUES(7)");
  }
  takeOver();
  EXPECT_FALSE(fs::exists(pathOf() + "-wal"));
  open();
  EXPECT_EQ(sql(*database(), "SELECT x FROM t"), "7");
  expectPlain();
}

TEST_F(AdoptDatabaseTest, AHotJournalIsRolledBack) {
  leaveHotJournal("CREATE TABLE t(x); INSERT INTO t VALUES(7)");
  open();
  auto db = database();
  EXPECT_EQ(sql(*db, "SELECT x FROM t"), "7");
  EXPECT_EQ(sql(*db, "SELECT count(*) FROM sqlite_schema WHERE name = 'big'"), "0");
  expectPlain();
}

// It would be rolled back later, over what is ours by then.
TEST_F(AdoptDatabaseTest, AJournalBesideAnEmptyFileGoes) {
  leaveHotJournal("SELECT 1");
  std::ofstream(pathOf(), std::ios::trunc).close();
  open();
  auto db = database();
  EXPECT_EQ(valueOf(*db, "k"), "(none)");
  EXPECT_TRUE(db->put("k", "v").ok());
  commit(*db);
  db.reset();
  stop();
  open();
  EXPECT_EQ(valueOf(*database(), "k"), "v");
  EXPECT_FALSE(fs::exists(pathOf() + "-journal"));
}

TEST_F(AdoptDatabaseTest, ADatabaseOfOurFormIsLeftAlone) {
  {
    ForeignDatabase shell(foreignPath());
    shell.run("CREATE TABLE t(x); INSERT INTO t VALUES(7)");
  }
  takeOver();
  const auto before = fs::last_write_time(pathOf());
  open();
  EXPECT_EQ(sql(*database(), "SELECT x FROM t"), "7");
  EXPECT_EQ(fs::last_write_time(pathOf()), before);
}

TEST_F(AdoptDatabaseTest, PagesOfEverySize) {
  for (int bytes = 512; bytes <= 65'536; bytes *= 2) {
    for (const char* mode : {"DELETE", "WAL"}) {
      fs::remove(foreignPath());
      fs::remove(pathOf());
      {
        ForeignDatabase foreign(foreignPath());
        foreign.run("PRAGMA page_size=" + std::to_string(bytes));
        foreign.run(std::string("PRAGMA journal_mode=") + mode);
        foreign.run("CREATE TABLE t(x); INSERT INTO t VALUES(zeroblob(100000))");
      }
      takeOver();
      open();
      auto db = database();
      EXPECT_EQ(sql(*db, "SELECT length(x) FROM t"), "100000") << bytes << mode;
      EXPECT_EQ(sql(*db, "INSERT INTO t VALUES('new'); DELETE FROM t WHERE length(x) > 10"), "");
      EXPECT_TRUE(db->put("k", "v").ok());
      commit(*db);
      db.reset();
      stop();
      ForeignDatabase foreign(pathOf());
      foreign.run("INSERT INTO t SELECT 'and ' || x FROM t");
      open();
      EXPECT_EQ(sql(*database(), "SELECT x FROM t ORDER BY x"), "and new;new") << bytes << mode;
      EXPECT_EQ(valueOf(*database(), "k"), "v");
      stop();
    }
  }
}

TEST_F(AdoptDatabaseTest, NotADatabase) {
  std::ofstream(pathOf()) << std::string(5000, 'x');
  std::ofstream(pathOf() + "-journal") << "something";
  open();
  const auto refused = database()->get("k");
  EXPECT_EQ(refused.status().code(), Code::kCorrupt);
  EXPECT_NE(refused.status().message().find(pathOf()), std::string::npos);
  EXPECT_EQ(fs::file_size(pathOf()), 5000U);
}

TEST_F(AdoptDatabaseTest, ATruncatedDatabaseIsReportedBySqlite) {
  {
    ForeignDatabase foreign(foreignPath());
    foreign.run("CREATE TABLE t(x); INSERT INTO t VALUES(zeroblob(50000))");
  }
  takeOver();
  fs::resize_file(pathOf(), 6000);
  open();
  auto db = database();
  EXPECT_EQ(sql(*db, "SELECT length(x) FROM t").find("error: "), 0U);
}

TEST_F(AdoptDatabaseTest, ADirectoryInItsPlaceIsAnError) {
  fs::create_directory(pathOf());
  EXPECT_EQ(adoptDatabase(pathOf()).code(), Code::kIo);
  open();
  EXPECT_FALSE(database()->get("k").ok());
}

// workerd makes such files when told to by a program; the cut at each commit is the VFS's
// xTruncate.
TEST_F(AdoptDatabaseTest, ADatabaseThatVacuumsItself) {
  for (const char* mode : {"FULL", "INCREMENTAL"}) {
    fs::remove(foreignPath());
    fs::remove(pathOf());
    {
      ForeignDatabase foreign(foreignPath());
      foreign.run(std::string("PRAGMA auto_vacuum=") + mode + "; CREATE TABLE t(i, x)");
    }
    takeOver();
    threads_ = SqliteEngine::Threads::kNone;
    open();
    for (int round = 0; round < 6; ++round) {
      auto db = database();
      for (int i = 0; i < 20; ++i)
        EXPECT_EQ(sql(*db, "INSERT INTO t VALUES(" + std::to_string(i) + ", zeroblob(9000))"), "");
      commit(*db);
      EXPECT_EQ(sql(*db, "DELETE FROM t WHERE i % 2 = " + std::to_string(round % 2)), "");
      commit(*db);
      engine_->flushOnce();
      const bool checkpoints = round % 3 == 0;
      ASSERT_TRUE(!checkpoints || engine_->checkpointOnce(ObjectFiles::Which::kAll).ok());
      EXPECT_EQ(sql(*db, "DELETE FROM t WHERE i > 2"), "");
      commit(*db);
      engine_->flushOnce();
      const std::string left = sql(*db, "SELECT count(*) FROM t");
      db.reset();
      if (round % 2 == 0) killAndOpen();
      EXPECT_EQ(sql(*database(), "SELECT count(*) FROM t"), left);
    }
    stop();
    ForeignDatabase foreign(pathOf());
    foreign.run(
        "SELECT CASE WHEN (SELECT integrity_check FROM pragma_integrity_check) = 'ok' "
        "THEN 1 ELSE abs(-9223372036854775808) END");
  }
}

}  // namespace
}  // namespace holdfast::storage::testing
