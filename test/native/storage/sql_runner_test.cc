#include "storage/sql_runner.h"

#include "storage/engine_fixture.h"

namespace holdfast::storage::testing {
namespace {

class SqlRunnerTest : public EngineTest {
 protected:
  void SetUp() override {
    open(Durability::kMemory);
    db_ = database();
  }
  void TearDown() override {
    db_.reset();
    stop();
  }
  std::string run(std::string_view query, const std::vector<SqlValue>& bindings = {}) {
    return sql(*db_, query, bindings);
  }
  std::unique_ptr<Database> db_;
};

TEST_F(SqlRunnerTest, S4_2_1_SeveralStatementsTheLastGivesTheRows) {
  EXPECT_EQ(run("CREATE TABLE t(x); INSERT INTO t VALUES(1),(2); SELECT x FROM t; \n"), "1;2");
  EXPECT_EQ(run("SELECT 1; SELECT 2, 3"), "2|3");
}

TEST_F(SqlRunnerTest, S4_2_2_OnlyTheLastMayHaveParametersAndEarlierOnesHaveRun) {
  EXPECT_EQ(run("CREATE TABLE t(x); INSERT INTO t VALUES(?); SELECT 1", {1.0}),
            "error: When executing multiple SQL statements in a single call, only the last "
            "statement can have parameters.");
  EXPECT_EQ(run("SELECT count(*) FROM t"), "0");
  EXPECT_EQ(run("INSERT INTO t VALUES(5); SELEC"),
            "error: near \"SELEC\": syntax error at offset 0: SQLITE_ERROR");
  EXPECT_EQ(run("SELECT x FROM t"), "5");
}

TEST_F(SqlRunnerTest, AStatementThatFailsAndKeepsSomeRowsHasWrittenThem) {
  EXPECT_EQ(run("CREATE TABLE t(x INTEGER PRIMARY KEY); INSERT INTO t VALUES(1)"), "");
  commit(*db_);
  for (const char* query :
       {"INSERT OR FAIL INTO t VALUES(2),(1)", "INSERT OR FAIL INTO t VALUES(3),(1); SELECT 1"}) {
    EXPECT_EQ(run(query).substr(0, 6), "error:");
    EXPECT_GT(commit(*db_), 0U) << query;
  }
  EXPECT_EQ(run("INSERT INTO t VALUES(4),(1)").substr(0, 6), "error:");
  EXPECT_EQ(commit(*db_), 0U) << "undone by SQLite";
  EXPECT_EQ(run("SELECT x FROM t"), "1;2;3");
}

TEST_F(SqlRunnerTest, S4_2_3_NoStatement) {
  for (const char* text : {"", ";", "  ", "-- hi", "SELECT 1; -- x", "/* */"}) {
    EXPECT_EQ(run(text), "error: SQL code did not contain a statement.") << text;
  }
}

TEST_F(SqlRunnerTest, S4_2_4_BindingCountMustMatch) {
  const char* text = "error: Wrong number of parameter bindings for SQL query.";
  EXPECT_EQ(run("SELECT ?", {1.0, 2.0}), text);
  EXPECT_EQ(run("SELECT ?, ?", {1.0}), text);
  EXPECT_EQ(run("SELECT ?10", {1.0}), text);
  EXPECT_EQ(run("SELECT :a, @b, $c", {int64_t{1}, int64_t{2}, int64_t{3}}), "1|2|3");
}

TEST_F(SqlRunnerTest, BindsEveryKindOfValue) {
  EXPECT_EQ(run("SELECT typeof(?), typeof(?), typeof(?), typeof(?), typeof(?)",
                {Null{}, int64_t{1}, 1.5, std::string(""), Blob{""}}),
            "null|integer|real|text|blob");
  EXPECT_EQ(run("SELECT length(?), ?", {Blob{std::string("\0a\0", 3)}, std::string("é")}), "3|é");
}

TEST_F(SqlRunnerTest, S4_2_6_ReturningDoesAllItsWorkAtTheFirstStepAndDoesNotHinderCommit) {
  run("CREATE TABLE t(id INTEGER PRIMARY KEY, x)");
  auto cursor = db_->exec("INSERT INTO t(x) VALUES('p'),('q') RETURNING id, x", {});
  EXPECT_EQ(run("SELECT count(*) FROM t"), "2");
  EXPECT_GT(commit(*db_), 0U);
  EXPECT_EQ(rowsOf(std::move(cursor)), "1|p;2|q");
}

TEST_F(SqlRunnerTest, S4_2_7_SameTextTwiceAtOnceGivesTwoCursors) {
  run("CREATE TABLE t(x); INSERT INTO t VALUES(1),(2),(3)");
  auto first = db_->exec("SELECT x FROM t WHERE x > ?", {0.0});
  auto second = db_->exec("SELECT x FROM t WHERE x > ?", {1.0});
  EXPECT_TRUE(first.value()->advance().ok());
  EXPECT_EQ(rowsOf(std::move(second)), "2;3");
  EXPECT_EQ(rowsOf(std::move(first)), "2;3");
}

TEST_F(SqlRunnerTest, S4_2_8_DoubleQuotedText) { EXPECT_EQ(run("SELECT \"dqs\""), "dqs"); }

TEST_F(SqlRunnerTest, S4_9_2_ForeignKeysCannotBeTurnedOffInsideASavepoint) {
  ASSERT_TRUE(db_->savepoint().ok());
  EXPECT_EQ(run("PRAGMA foreign_keys = off"), "");
  ASSERT_TRUE(db_->releaseSavepoint().ok());
  EXPECT_EQ(run("PRAGMA foreign_keys"), "1");
}

TEST_F(SqlRunnerTest, S4_5_9_CursorsSurviveCommitsAndSeeLaterRows) {
  run("CREATE TABLE t(x INTEGER PRIMARY KEY); INSERT INTO t VALUES(1),(2)");
  commit(*db_);
  auto cursor = db_->exec("SELECT x FROM t", {});
  EXPECT_EQ(run("INSERT INTO t VALUES(3)"), "");
  EXPECT_GT(commit(*db_), 0U);
  EXPECT_EQ(rowsOf(std::move(cursor)), "1;2;3");
}

TEST_F(SqlRunnerTest, ColumnNamesFollowTheSchema) {
  run("CREATE TABLE t(x); INSERT INTO t VALUES(1)");
  EXPECT_EQ(db_->exec("SELECT * FROM t", {}).value()->columnNames(),
            (std::vector<std::string>{"x"}));
  run("ALTER TABLE t ADD COLUMN y DEFAULT 2");
  EXPECT_EQ(db_->exec("SELECT * FROM t", {}).value()->columnNames(),
            (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(run("SELECT * FROM t"), "1|2");
  EXPECT_EQ(db_->exec("SELECT count(*) FROM t WHERE 0", {}).value()->columnNames(),
            (std::vector<std::string>{"count(*)"}));
  EXPECT_TRUE(db_->exec("INSERT INTO t(x) VALUES(1)", {}).value()->columnNames().empty());
}

TEST_F(SqlRunnerTest, S4_5_7_RowCounters) {
  run("CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT); CREATE INDEX ti ON t(a)");
  auto insert = db_->exec("INSERT INTO t(a) VALUES('x'),('y'),('z')", {});
  EXPECT_EQ(insert.value()->rowsWritten(), 6U);
  EXPECT_EQ(insert.value()->rowsRead(), 0U);
  EXPECT_EQ(db_->exec("UPDATE t SET a='q' WHERE id=2", {}).value()->rowsWritten(), 2U);
  EXPECT_EQ(db_->exec("DELETE FROM t WHERE id=3", {}).value()->rowsWritten(), 1U);
  EXPECT_EQ(db_->exec("SELECT 1", {}).value()->rowsRead(), 0U);
  EXPECT_EQ(db_->exec("SELECT * FROM t WHERE id=2", {}).value()->rowsRead(), 1U);
}

TEST_F(SqlRunnerTest, S4_5_8_ReadsOneRowAhead) {
  run("CREATE TABLE t(x); INSERT INTO t VALUES(1),(2),(3)");
  auto cursor = db_->exec("SELECT x FROM t", {});
  EXPECT_EQ(cursor.value()->rowsRead(), 1U);
  EXPECT_TRUE(cursor.value()->advance().ok());
  EXPECT_EQ(cursor.value()->rowsRead(), 2U);
  EXPECT_TRUE(cursor.value()->advance().ok());
  EXPECT_TRUE(cursor.value()->advance().ok());
  EXPECT_FALSE(cursor.value()->hasRow());
  EXPECT_EQ(cursor.value()->rowsRead(), 3U);
  EXPECT_TRUE(cursor.value()->advance().ok()) << "past the end nothing happens";
}

TEST_F(SqlRunnerTest, S4_6_1_ErrorTexts) {
  run("CREATE TABLE t(id INTEGER PRIMARY KEY, u UNIQUE)");
  run("INSERT INTO t VALUES(1, 1)");
  EXPECT_EQ(run("SELEC 1"), "error: near \"SELEC\": syntax error at offset 0: SQLITE_ERROR");
  EXPECT_EQ(run("SELECT * FROM nope"), "error: no such table: nope: SQLITE_ERROR");
  EXPECT_EQ(run("SELECT nope FROM t"), "error: no such column: nope at offset 7: SQLITE_ERROR");
  EXPECT_EQ(run("INSERT INTO t VALUES(1, 2)"),
            "error: UNIQUE constraint failed: t.id: SQLITE_CONSTRAINT (extended: "
            "SQLITE_CONSTRAINT_PRIMARYKEY)");
  EXPECT_EQ(run("INSERT INTO t VALUES(2, 1)"),
            "error: UNIQUE constraint failed: t.u: SQLITE_CONSTRAINT (extended: "
            "SQLITE_CONSTRAINT_UNIQUE)");
  EXPECT_EQ(run("INSERT INTO t VALUES('x', 2)"), "error: datatype mismatch: SQLITE_MISMATCH");
  EXPECT_EQ(run("SELECT abs(-9223372036854775807 - 1)"), "error: integer overflow: SQLITE_ERROR");
  EXPECT_EQ(run("SELECT 1 FROM t WHERE"), "error: incomplete input: SQLITE_ERROR");
  EXPECT_EQ(run("SELECT count(*) FROM t"), "1") << "S4.6.2: only the statement is undone";
}

TEST_F(SqlRunnerTest, S4_7_1_TransactionStatementsAreRefused) {
  for (const char* text : {"BEGIN", "BEGIN IMMEDIATE", "COMMIT", "END", "ROLLBACK", "SAVEPOINT a",
                           "RELEASE a", "ROLLBACK TO a", "SELECT 1; BEGIN", "EXPLAIN BEGIN"}) {
    EXPECT_TRUE(run(text).starts_with(
        "error: To execute a transaction, please use the state.storage.transaction() or "))
        << text;
  }
}

TEST_F(SqlRunnerTest, S4_10_Limits) {
  std::string columns = "CREATE TABLE t(c0";
  for (int i = 1; i <= 100; ++i) columns += ",c" + std::to_string(i);
  EXPECT_EQ(run(columns + ")"), "error: too many columns on t: SQLITE_ERROR");
  EXPECT_EQ(
      run("SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6"),
      "error: too many terms in compound SELECT: SQLITE_ERROR");
  EXPECT_EQ(run("SELECT 'a' LIKE '" + std::string(51, 'x') + "'"),
            "error: LIKE or GLOB pattern too complex: SQLITE_ERROR");
  EXPECT_EQ(run("SELECT length(zeroblob(9000000))"),
            "error: string or blob too big: SQLITE_TOOBIG");
  EXPECT_EQ(run("SELECT length(zeroblob(8000000))"), "8000000");
  EXPECT_EQ(run("SELECT 1 -- " + std::string(100'001, 'x')),
            "error: statement too long: SQLITE_TOOBIG");
  EXPECT_TRUE(
      run("SELECT ?101", {}).starts_with("error: variable number must be between ?1 and ?100"));
}

TEST_F(SqlRunnerTest, S4_8_3_VacuumFailsAsInATransaction) {
  EXPECT_EQ(run("VACUUM"), "error: cannot VACUUM from within a transaction: SQLITE_ERROR");
}

TEST_F(SqlRunnerTest, S4_8_2_HiddenTablesAreOutOfReach) {
  EXPECT_TRUE(db_->put("k", "v").ok());
  EXPECT_EQ(run("SELECT * FROM _cf_KV"), "error: access to _cf_KV.key is prohibited: SQLITE_AUTH");
  for (const char* text :
       {"CREATE TABLE _cf_x(a)", "CREATE TABLE _CF_x(a)", "DROP TABLE _cf_KV",
        "INSERT INTO _cf_KV VALUES(1,2)", "PRAGMA table_info(_cf_KV)",
        "CREATE TABLE t(a); ALTER TABLE t RENAME TO _cf_t", "ALTER TABLE t RENAME TO \"_cf_t\"",
        "CREATE INDEX i ON _cf_KV(value)", "CREATE VIEW _cf_v AS SELECT 1"}) {
    EXPECT_EQ(run(text), "error: not authorized: SQLITE_AUTH") << text;
  }
  EXPECT_EQ(run("SELECT name FROM sqlite_master"), "_cf_KV;t");
  EXPECT_EQ(valueOf(*db_, "k"), "v");
}

TEST_F(SqlRunnerTest, InternalTextsDoNotReachUsersThroughTheCache) {
  EXPECT_TRUE(db_->put("k", "v").ok());
  EXPECT_EQ(valueOf(*db_, "k"), "v");
  EXPECT_EQ(run("SELECT value FROM _cf_KV WHERE key = ?1", {std::string("k")}),
            "error: access to _cf_KV.value is prohibited: SQLITE_AUTH");
}

TEST_F(SqlRunnerTest, S4_8_5_VirtualTables) {
  EXPECT_EQ(run("CREATE VIRTUAL TABLE f USING fts5(x); INSERT INTO f VALUES('hello world');"
                "SELECT highlight(f, 0, '[', ']') FROM f WHERE f MATCH 'hello' ORDER BY rank"),
            "[hello] world");
  EXPECT_EQ(run("CREATE VIRTUAL TABLE r USING rtree(id, a, b); INSERT INTO r VALUES(1, 2, 3);"
                "SELECT id FROM r WHERE a > 1"),
            "1");
  EXPECT_EQ(run("CREATE VIRTUAL TABLE v USING FTS5vocab(f, row); SELECT term FROM v"),
            "hello;world");
  EXPECT_EQ(run("SELECT value FROM json_each('[1,2]')"), "1;2");
  EXPECT_EQ(run("SELECT name FROM pragma_table_info('r')"), "id;a;b");
  EXPECT_EQ(run("CREATE VIRTUAL TABLE d USING dbstat"), "error: not authorized: SQLITE_AUTH");
  EXPECT_EQ(run("SELECT * FROM generate_series(1,3)"),
            "error: no such table: generate_series: SQLITE_ERROR");
  EXPECT_EQ(run("DROP TABLE f; DROP TABLE r"), "");
}

TEST_F(SqlRunnerTest, S4_8_1_Denials) {
  EXPECT_EQ(run("SELECT sqlite_version()"),
            "error: not authorized to use function: sqlite_version at offset 7: SQLITE_ERROR");
  EXPECT_EQ(run("ATTACH 'x' AS y"), "error: not authorized: SQLITE_AUTH");
  EXPECT_EQ(run("CREATE TEMP TABLE tt(a)"), "error: not authorized: SQLITE_AUTH");
  EXPECT_EQ(run("SELECT load_extension('x')"), "error: not authorized: SQLITE_ERROR");
  EXPECT_EQ(run("PRAGMA journal_mode"), "error: not authorized: SQLITE_AUTH");
  EXPECT_EQ(run("INSERT INTO sqlite_master VALUES(1,2,3,4,5)"),
            "error: table sqlite_master may not be modified: SQLITE_ERROR");
}

TEST_F(SqlRunnerTest, S4_8_3_AllowedStatements) {
  EXPECT_EQ(run("CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a); "
                "CREATE INDEX i ON t(a); CREATE VIEW v AS SELECT a FROM t; "
                "CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = a || '!' WHERE id = "
                "new.id; END; "
                "INSERT INTO t(a) VALUES('x') ON CONFLICT DO NOTHING; SELECT a FROM v"),
            "x!");
  EXPECT_EQ(run("ALTER TABLE t RENAME COLUMN a TO b; ALTER TABLE t ADD COLUMN c; "
                "ALTER TABLE t DROP COLUMN c; REINDEX; ANALYZE; DROP TRIGGER g; DROP VIEW v; "
                "SELECT seq FROM sqlite_sequence"),
            "1");
  EXPECT_EQ(run("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c LIMIT 3) "
                "SELECT sum(x) OVER (ORDER BY x) FROM c"),
            "1;3;6");
  EXPECT_EQ(run("DELETE FROM t LIMIT 1"), "");
  EXPECT_EQ(run("EXPLAIN QUERY PLAN SELECT * FROM t").find("error"), std::string::npos);
}

TEST_F(SqlRunnerTest, S4_9_2_ForeignKeysAreOnAndDeferrable) {
  EXPECT_EQ(run("PRAGMA foreign_keys"), "1");
  run("CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(pid REFERENCES p(id))");
  commit(*db_);
  EXPECT_EQ(run("INSERT INTO c VALUES(9)"),
            "error: FOREIGN KEY constraint failed: SQLITE_CONSTRAINT (extended: "
            "SQLITE_CONSTRAINT_FOREIGNKEY)");
  EXPECT_EQ(run("PRAGMA defer_foreign_keys = on"), "");
  EXPECT_EQ(run("INSERT INTO c VALUES(9); INSERT INTO p VALUES(9)"), "");
  EXPECT_GT(commit(*db_), 0U);
  EXPECT_FALSE(db_->exec("INSERT INTO c VALUES(8)", {}).ok()) << "it ends with the commit";
  EXPECT_EQ(run("PRAGMA defer_foreign_keys = on"), "");
  EXPECT_EQ(run("INSERT INTO c VALUES(8)"), "") << "and works a second time";
  db_->rollback();
}

TEST_F(SqlRunnerTest, S4_1_4_DatabaseSize) {
  EXPECT_EQ(db_->databaseSize().value(), 4096U);
  run("CREATE TABLE t(x); INSERT INTO t VALUES(zeroblob(100000))");
  const uint64_t full = db_->databaseSize().value();
  EXPECT_GT(full, 100'000U);
  EXPECT_EQ(full % 4096, 0U);
  run("DELETE FROM t");
  EXPECT_LT(db_->databaseSize().value(), 20'000U);
}

TEST_F(SqlRunnerTest, S4_10_4_AWriteBeyondThePageCountMaxIsCritical) {
  run("CREATE TABLE t(x)");
  commit(*db_);
  ASSERT_TRUE(db_->setPageCountMax(10).ok());
  EXPECT_EQ(run("INSERT INTO t VALUES(1)"), "");
  const auto full = db_->exec("INSERT INTO t VALUES(zeroblob(1000000))", {});
  EXPECT_EQ(full.status().code(), Code::kSqlCritical);
  EXPECT_EQ(full.status().message(), "database or disk is full: SQLITE_FULL");
}

TEST_F(SqlRunnerTest, S4_2_7_ACursorSaysWhetherItsStatementWasCompiledBefore) {
  const auto reused = [this] { return db_->exec("SELECT 1", {}).value()->reusedStatement(); };
  EXPECT_FALSE(reused());
  EXPECT_TRUE(reused());
}

TEST_F(SqlRunnerTest, S4_5_7_AnUpdateReadsItsRowsAlsoWhenItUsesNoColumn) {
  run("CREATE TABLE t(x); INSERT INTO t VALUES(1),(2)");
  EXPECT_EQ(db_->exec("UPDATE t SET x = 5", {}).value()->rowsRead(), 2U);
}

TEST_F(SqlRunnerTest, S4_1_3_AWriteBeforeTheLastStatementBeginsTheTransactionAndReadsDoNot) {
  run("CREATE TABLE t(x); INSERT INTO t VALUES(1)");
  commit(*db_);
  EXPECT_EQ(run("SELECT x FROM t; SELECT count(*) FROM t"), "1");
  EXPECT_FALSE(db_->hasUncommitted());
  EXPECT_EQ(run("INSERT INTO t VALUES(2); SELECT count(*) FROM t"), "2");
  EXPECT_TRUE(db_->hasUncommitted());
  EXPECT_GT(commit(*db_), 0U);
}

TEST_F(SqlRunnerTest, S4_2_1_TheSameSeveralStatementsAgain) {
  const char* text =
      "CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY AUTOINCREMENT, v);"
      "INSERT INTO t(v) VALUES(12); INSERT INTO t(v) VALUES(34); SELECT id, v FROM t";
  EXPECT_EQ(run(text), "1|12;2|34");
  EXPECT_EQ(run(text), "1|12;2|34;3|12;4|34");
  commit(*db_);
  ASSERT_TRUE(db_->deleteAll(Database::AlarmFate::kKeep).ok());
  EXPECT_EQ(run(text), "1|12;2|34") << "the sequence starts anew (S3.9.6)";
}

TEST_F(SqlRunnerTest, S4_2_2_AFailureLeavesWhatRanBeforeItOnceEachTime) {
  const char* text =
      "CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY AUTOINCREMENT, v);"
      "INSERT INTO t(v) VALUES(12); INSERT INTO t(id, v) VALUES(1, 34)";
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(run(text).find("SQLITE_CONSTRAINT") != std::string::npos);
  EXPECT_EQ(run("SELECT id, v FROM t"), "1|12;2|12;3|12");
}

TEST_F(SqlRunnerTest, S4_2_7_AStatementThatFailedCanRunAgain) {
  run("CREATE TABLE t(id INTEGER PRIMARY KEY)");
  const char* insert = "INSERT INTO t VALUES(?)";
  EXPECT_EQ(run(insert, {int64_t{1}}), "");
  EXPECT_TRUE(run(insert, {int64_t{1}}).starts_with("error: UNIQUE constraint failed: t.id: "));
  EXPECT_EQ(run(insert, {int64_t{2}}), "");
  EXPECT_EQ(run("SELECT ?", {int64_t{1}, int64_t{2}}),
            "error: Wrong number of parameter bindings for SQL query.");
  EXPECT_EQ(run("SELECT id FROM t"), "1;2");
}

TEST_F(SqlRunnerTest, S4_6_1_ExtendedCodesAreNamedWhereTheyDiffer) {
  run("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT NOT NULL CHECK(name <> '')) STRICT");
  run("CREATE TRIGGER g BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'kept'); END");
  run("INSERT INTO t VALUES(1, 'a')");
  const auto ends = [this](const char* query, const char* text) {
    EXPECT_TRUE(run(query).ends_with(text)) << run(query);
  };
  ends("INSERT INTO t VALUES(1, 'b')", "(extended: SQLITE_CONSTRAINT_PRIMARYKEY)");
  ends("INSERT INTO t VALUES(2, NULL)", "(extended: SQLITE_CONSTRAINT_NOTNULL)");
  ends("INSERT INTO t VALUES(2, '')", "(extended: SQLITE_CONSTRAINT_CHECK)");
  ends("INSERT INTO t VALUES(2, x'00')",
       ": SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_DATATYPE)");
  ends("DELETE FROM t", "kept: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_TRIGGER)");
  ends("SELECT * FROM none", "no such table: none: SQLITE_ERROR");
}

TEST_F(SqlRunnerTest, S4_8_1_AKeptStatementIsJudgedAgainWhenTheSchemaChanges) {
  ASSERT_TRUE(db_->put("k", "v").ok());
  run("CREATE TABLE t(x); INSERT INTO t VALUES(1); CREATE VIEW v AS SELECT x FROM t");
  EXPECT_EQ(run("SELECT x FROM v"), "1");
  run("CREATE TABLE other(y)");
  EXPECT_EQ(run("SELECT x FROM v"), "1");
  run("DROP VIEW v; CREATE VIEW v AS SELECT value AS x FROM _cf_KV");
  EXPECT_TRUE(run("SELECT x FROM v").ends_with(" is prohibited: SQLITE_AUTH"))
      << run("SELECT x FROM v");
  run("CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM _cf_KV; END");
  EXPECT_EQ(run("INSERT INTO t VALUES(1)"), "error: not authorized: SQLITE_AUTH");
  EXPECT_EQ(valueOf(*db_, "k"), "v");
}

TEST_F(SqlRunnerTest, S4_8_2_ARefusedRenameChangesNothing) {
  run("CREATE TABLE t(k TEXT PRIMARY KEY, v BLOB); INSERT INTO t VALUES('k', x'01020304')");
  EXPECT_EQ(run("ALTER TABLE t RENAME TO u"), "");
  for (const char* to : {"_cf_KV", "\"_cf_KV\"", "'_cf_x'", "[_CF_x]", "`_cf_x`", "/**/ _cf_x",
                         "--\n_cf_x", " \v_cf_x", " \xef\xbb\xbf_cf_x"}) {
    EXPECT_EQ(run(std::string("ALTER TABLE u RENAME TO ") + to),
              "error: not authorized: SQLITE_AUTH")
        << to;
  }
  EXPECT_EQ(run("SELECT length(v) FROM u"), "4");
}

TEST_F(SqlRunnerTest, S4_8_3_DeleteWithALimit) {
  run("CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES(1),(2),(3),(4),(5)");
  EXPECT_EQ(run("DELETE FROM t LIMIT 2"), "");
  EXPECT_EQ(run("UPDATE t SET id = 100 ORDER BY id DESC LIMIT 1"), "");
  EXPECT_EQ(run("SELECT id FROM t"), "3;4;100");
}

TEST_F(SqlRunnerTest, S4_8_5_RTreeFindsWhatOverlapsAndChecksItself) {
  run("CREATE VIRTUAL TABLE r USING rtree(id, x0, x1, y0, y1)");
  run("INSERT INTO r VALUES(1, -1, 1, -1, 1), (2, 10, 12, 10, 12), (3, -5, -3, -5, -3)");
  EXPECT_EQ(run("SELECT id FROM r WHERE x0 <= 2 AND x1 >= -2 AND y0 <= 2 AND y1 >= -2"), "1");
  EXPECT_EQ(run("SELECT rtreecheck('r')"), "ok");
  EXPECT_EQ(run("CREATE VIRTUAL TABLE i USING rtree_i32(id, a, b); INSERT INTO i VALUES(1, 2, 3);"
                "SELECT a FROM i"),
            "2");
}

TEST_F(SqlRunnerTest, S4_9_DataVersionIsOfTheConnection) {
  EXPECT_EQ(run("PRAGMA data_version"), "2");
  run("CREATE TABLE t(x)");
  commit(*db_);
  EXPECT_EQ(run("PRAGMA data_version"), "2");
}

TEST_F(SqlRunnerTest, CursorThatOutlivesItsDatabaseSaysSo) {
  run("CREATE TABLE t(x); INSERT INTO t VALUES(1),(2)");
  auto cursor = db_->exec("SELECT x FROM t", {});
  db_.reset();
  EXPECT_EQ(cursor.value()->advance().code(), Code::kUnavailable);
  EXPECT_EQ(cursor.value()->column(0).type, SqlCursor::Column::Type::kNull);
}

}  // namespace
}  // namespace holdfast::storage::testing
