#include "storage/row_counts.h"

#include "storage/engine_fixture.h"

namespace holdfast::storage::testing {
namespace {

struct Rows {
  uint64_t found = 0;
  uint64_t read = 0;
  uint64_t written = 0;
  bool operator==(const Rows&) const = default;
};

void PrintTo(const Rows& rows, std::ostream* out) {
  *out << rows.found << " found, " << rows.read << " read, " << rows.written << " written";
}

class RowCountsTest : public EngineTest {
 protected:
  void SetUp() override {
    open(Durability::kMemory);
    db_ = database();
  }
  void TearDown() override {
    db_.reset();
    stop();
  }
  Rows run(std::string_view query, const std::vector<SqlValue>& bindings = {}) {
    auto cursor = db_->exec(query, bindings);
    EXPECT_TRUE(cursor.ok()) << query << ": " << cursor.status().message();
    Rows rows;
    if (!cursor.ok()) return rows;
    for (; cursor.value()->hasRow(); ++rows.found) {
      EXPECT_TRUE(cursor.value()->advance().ok());
    }
    rows.read = cursor.value()->rowsRead();
    rows.written = cursor.value()->rowsWritten();
    return rows;
  }
  uint64_t written(std::string_view query, const std::vector<SqlValue>& bindings = {}) {
    return run(query, bindings).written;
  }
  void thousandThings() {
    run("CREATE TABLE things(id INTEGER PRIMARY KEY, number INTEGER, value TEXT)");
    for (int64_t i = 0; i < 1000; ++i) {
      run("INSERT INTO things(id, number, value) VALUES(?, ?, 'v')", {i, i * 1000});
    }
  }
  std::unique_ptr<Database> db_;
};

TEST_F(RowCountsTest, S4_5_7_ReadsWhatIsScannedNotWhatIsReturned) {
  thousandThings();
  EXPECT_EQ(run("SELECT * FROM things"), (Rows{1000, 1000, 0}));
  EXPECT_EQ(run("SELECT * FROM things WHERE id = ?", {int64_t{5}}), (Rows{1, 1, 0}));
  EXPECT_EQ(run("SELECT * FROM things WHERE id = ?", {int64_t{500}}), (Rows{1, 1, 0}));
  EXPECT_EQ(run("SELECT * FROM things WHERE number = ?", {int64_t{5000}}), (Rows{1, 1000, 0}));
  EXPECT_EQ(run("SELECT max(number) FROM things"), (Rows{1, 1000, 0}));
  EXPECT_EQ(run("SELECT min(id) FROM things"), (Rows{1, 1, 0}));
  EXPECT_EQ(run("SELECT * FROM things LIMIT 5"), (Rows{5, 5, 0}));
  EXPECT_EQ(run("SELECT * FROM things ORDER BY number DESC"), (Rows{1000, 2000, 0}));
}

TEST_F(RowCountsTest, S4_5_7_ReadsThroughAnIndex) {
  run("CREATE TABLE t(a, b); CREATE INDEX i ON t(a)");
  run("INSERT INTO t VALUES(1, 1), (2, 2), (2, 3), (3, 4)");
  EXPECT_EQ(run("SELECT b FROM t WHERE a = 2"), (Rows{2, 3, 0})) << "and where it ends";
  EXPECT_EQ(run("SELECT a FROM t ORDER BY a"), (Rows{4, 4, 0}));
}

TEST_F(RowCountsTest, S4_5_7_InsertsUpdatesAndDeletesOfOneTable) {
  run("CREATE TABLE keyed(id INTEGER PRIMARY KEY); CREATE TABLE plain(id INTEGER)");
  EXPECT_EQ(run("INSERT INTO plain(id) VALUES(?)", {int64_t{1}}), (Rows{0, 0, 1}));
  EXPECT_EQ(written("INSERT INTO keyed(id) VALUES(123)"), 1U);
  EXPECT_EQ(run("DELETE FROM keyed WHERE id = 123"), (Rows{0, 1, 1}));
  EXPECT_EQ(written("DELETE FROM keyed WHERE id = 998877112233"), 0U);
  EXPECT_EQ(written("INSERT INTO keyed VALUES(1), (3), (5)"), 3U);
  EXPECT_EQ(run("INSERT INTO plain(id) SELECT id FROM keyed"), (Rows{0, 3, 3}));
  EXPECT_EQ(written("UPDATE plain SET id = id * 10 WHERE id >= 3"), 2U);
  const Rows moved = run("UPDATE keyed SET id = id * 10 WHERE id >= 3");
  EXPECT_GE(moved.read, 2U) << "one for each that moves";
  EXPECT_EQ(moved.written, 2U);
  EXPECT_EQ(run("DELETE FROM plain"), (Rows{0, 0, 4})) << "a table is emptied unread";
}

TEST_F(RowCountsTest, S4_5_7_ALargeRowIsOneRow) {
  run("CREATE TABLE large(id INTEGER PRIMARY KEY, value TEXT)");
  EXPECT_EQ(written("INSERT INTO large VALUES(1, ?)", {std::string(100'000, 'A')}), 1U);
  EXPECT_EQ(run("SELECT * FROM large WHERE id = 1"), (Rows{1, 1, 0}));
}

TEST_F(RowCountsTest, S4_5_7_TriggersCountTheirOwnTables) {
  run("CREATE TABLE things(id INTEGER PRIMARY KEY, x UNIQUE); CREATE TABLE log(id, verb);"
      "CREATE TRIGGER i AFTER INSERT ON things BEGIN INSERT INTO log VALUES(new.id, 'i'); END;"
      "CREATE TRIGGER d AFTER DELETE ON things BEGIN INSERT INTO log VALUES(old.id, 'd'); END");
  EXPECT_EQ(written("INSERT INTO things VALUES(1, 1)"), 3U);
  EXPECT_EQ(written("INSERT INTO things VALUES(2, 2), (3, 3)"), 6U);
  EXPECT_EQ(written("DELETE FROM things"), 6U);
}

TEST_F(RowCountsTest, S4_5_7_ATriggerMadeAfterTheStatementWasKept) {
  run("CREATE TABLE t(x); CREATE TABLE log(y)");
  EXPECT_EQ(written("INSERT INTO t VALUES(1)"), 1U);
  run("CREATE TRIGGER i AFTER INSERT ON t BEGIN INSERT INTO log VALUES(new.x); END");
  EXPECT_EQ(written("INSERT INTO t VALUES(1)"), 2U);
}

TEST_F(RowCountsTest, S4_5_7_AnIndexMadeOrDroppedAfterTheStatementWasKept) {
  run("CREATE TABLE t(x)");
  EXPECT_EQ(written("INSERT INTO t VALUES(1)"), 1U);
  run("CREATE INDEX i ON t(x)");
  EXPECT_EQ(written("INSERT INTO t VALUES(1)"), 2U);
  EXPECT_EQ(written("INSERT INTO t VALUES(2), (3)"), 4U);
  ASSERT_TRUE(db_->savepoint().ok());
  run("DROP INDEX i");
  EXPECT_EQ(written("INSERT INTO t VALUES(1)"), 1U);
  ASSERT_TRUE(db_->rollbackToSavepoint().ok());
  EXPECT_EQ(written("INSERT INTO t VALUES(1)"), 2U);
}

TEST_F(RowCountsTest, S4_5_7_ReplaceAndUpsert) {
  run("CREATE TABLE n(k TEXT PRIMARY KEY, v); CREATE INDEX nv ON n(v)");
  const char* upsert = "INSERT INTO n VALUES(?, 1) ON CONFLICT(k) DO UPDATE SET v = v + 1";
  EXPECT_EQ(written(upsert, {std::string("a")}), 3U);
  EXPECT_EQ(written(upsert, {std::string("a")}), 2U) << "the index of the key is not written";
  EXPECT_EQ(written("INSERT INTO n VALUES('a', 1) ON CONFLICT DO NOTHING"), 0U);
  EXPECT_EQ(written("REPLACE INTO n VALUES('a', 9)"), 3U);
}

TEST_F(RowCountsTest, S4_5_7_UpdatesWriteTheIndexesTheyTouch) {
  run("CREATE TABLE d(id INTEGER PRIMARY KEY, a, b, c); CREATE INDEX da ON d(a);"
      "CREATE INDEX db ON d(b); CREATE INDEX dab ON d(lower(a), b) WHERE c > 0;"
      "INSERT INTO d VALUES(1, 1, 1, 1)");
  EXPECT_EQ(written("UPDATE d SET a = 2"), 3U);
  EXPECT_EQ(written("UPDATE d SET A = 3, \"b\" = 3"), 4U);
  EXPECT_EQ(written("UPDATE d SET c = 2"), 2U) << "the condition of an index";
  EXPECT_EQ(written("UPDATE d SET id = 7"), 4U) << "entries hold the rowid";
  EXPECT_EQ(written("UPDATE d SET rowid = 8"), 4U);
}

TEST_F(RowCountsTest, S4_5_7_TablesWithoutRowids) {
  run("CREATE TABLE w(k PRIMARY KEY, v) WITHOUT ROWID; CREATE INDEX wv ON w(v)");
  EXPECT_EQ(written("INSERT INTO w VALUES(1, 1), (2, 2)"), 4U);
  EXPECT_EQ(written("UPDATE w SET v = 5 WHERE k = 1"), 2U);
  EXPECT_EQ(written("UPDATE w SET k = 5 WHERE k = 1"), 2U);
  EXPECT_EQ(written("DELETE FROM w WHERE k = 5"), 1U);
  run("CREATE TABLE t(x); CREATE TRIGGER i AFTER INSERT ON t BEGIN INSERT INTO w VALUES(new.x, 0);"
      "END");
  EXPECT_EQ(written("INSERT INTO t VALUES(77)"), 3U) << "the hook does not tell of them";
  run("CREATE TRIGGER u AFTER INSERT ON w BEGIN INSERT INTO t SELECT new.k + 1 WHERE new.k < 0; "
      "END");
  EXPECT_EQ(written("INSERT INTO w VALUES(500, 5)"), 2U);
}

TEST_F(RowCountsTest, S4_5_7_VirtualTablesCountTheirRowsNotTheirHiddenTables) {
  run("CREATE VIRTUAL TABLE f USING fts5(body)");
  EXPECT_EQ(written("INSERT INTO f VALUES('one'), ('two')"), 2U);
  EXPECT_EQ(written("UPDATE f SET body = 'three' WHERE rowid = 1"), 1U);
  EXPECT_EQ(written("DELETE FROM f WHERE rowid = 1"), 1U);
  run("CREATE TABLE t(x); CREATE TRIGGER i AFTER INSERT ON t BEGIN "
      "INSERT INTO f VALUES(new.x); END");
  EXPECT_EQ(written("INSERT INTO t VALUES('four'), ('five')"), 4U);
}

TEST_F(RowCountsTest, S4_5_7_ASequenceIsWrittenOnce) {
  run("CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT, v)");
  EXPECT_EQ(written("INSERT INTO a(v) VALUES(1), (2)"), 3U);
  run("CREATE TABLE t(x); CREATE TRIGGER i AFTER INSERT ON t BEGIN "
      "INSERT INTO a(v) VALUES(new.x); END");
  EXPECT_EQ(written("INSERT INTO t VALUES(1)"), 3U);
}

TEST_F(RowCountsTest, S4_5_7_AnExternalNameIsQuotedOnlyInSql) {
  run("CREATE TABLE \"odd 'name\"(\"the \"\"col\"); "
      "CREATE INDEX \"i(\" ON \"odd 'name\"(\"the \"\"col\")");
  EXPECT_EQ(written("INSERT INTO \"odd 'name\" VALUES(1)"), 2U);
}

TEST_F(RowCountsTest, S4_5_7_AViewIsNotWritten) {
  run("CREATE TABLE t(x); CREATE VIEW v AS SELECT x FROM t;"
      "CREATE TRIGGER i INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES(new.x); END");
  EXPECT_EQ(written("INSERT INTO v VALUES(1), (2)"), 2U);
}

TEST_F(RowCountsTest, S4_5_7_AFailedStatementLeavesTheNextCountAlone) {
  run("CREATE TABLE t(x UNIQUE); CREATE TABLE log(y); "
      "CREATE TRIGGER i AFTER INSERT ON t BEGIN INSERT INTO log VALUES(new.x); END");
  EXPECT_EQ(written("INSERT INTO t VALUES(1)"), 3U);
  EXPECT_FALSE(db_->exec("INSERT INTO t VALUES(5), (1)", {}).ok());
  EXPECT_EQ(written("INSERT INTO t VALUES(2)"), 3U);
}

}  // namespace
}  // namespace holdfast::storage::testing
