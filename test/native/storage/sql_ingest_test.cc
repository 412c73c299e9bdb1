#include "storage/sql_ingest.h"

#include "storage/engine_fixture.h"

namespace holdfast::storage::testing {
namespace {

TEST(CompleteStatementSize, S4_14_2_EndsAtTheSemicolonOutsideOfQuotesCommentsAndTriggers) {
  const auto first = [](std::string_view sql) { return sql.substr(0, completeStatementSize(sql)); };
  EXPECT_EQ(first("SELECT 1; SELECT 2;"), "SELECT 1;");
  EXPECT_EQ(first("SELECT 'a;b'; x"), "SELECT 'a;b';");
  EXPECT_EQ(first("SELECT \"a;\", `b;`, [c;]; x"), "SELECT \"a;\", `b;`, [c;];");
  EXPECT_EQ(first("-- a;\n/* b; */ SELECT 1 - 2 / 3; x"), "-- a;\n/* b; */ SELECT 1 - 2 / 3;");
  EXPECT_EQ(first("CREATE TRIGGER t AFTER INSERT ON x BEGIN SELECT 1; END; y"),
            "CREATE TRIGGER t AFTER INSERT ON x BEGIN SELECT 1; END;");
  EXPECT_EQ(first("; SELECT 1;"), ";") << "an empty statement is complete";
}

TEST(CompleteStatementSize, NothingWithoutItsSemicolon) {
  const std::string_view texts[] = {"",
                                    "SELECT 1",
                                    "SELECT ';",
                                    "-- a;",
                                    "/* a;",
                                    "CREATE TRIGGER t AFTER INSERT ON x BEGIN SELECT 1;",
                                    std::string_view("\0 SELECT 1;", 11)};
  for (const std::string_view text : texts) EXPECT_EQ(completeStatementSize(text), 0U) << text;
}

class SqlIngestTest : public EngineTest {
 protected:
  void SetUp() override {
    open(Durability::kMemory);
    db_ = database();
    sql(*db_, "CREATE TABLE t(x)");
  }
  void TearDown() override {
    db_.reset();
    stop();
  }
  std::unique_ptr<Database> db_;
};

TEST_F(SqlIngestTest, S4_14_2_RunsWhatIsCompleteAndCounts) {
  const std::string_view text = "INSERT INTO t VALUES (1), (2); SELECT x FROM t; INSERT INTO t VAL";
  const Result<Ingested> done = ingest(*db_, text);
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(text.substr(done.value().bytes), " INSERT INTO t VAL");
  EXPECT_EQ(done.value().statements, 2U);
  EXPECT_EQ(done.value().rowsRead, 1U) << "nobody reads the second row";
  EXPECT_EQ(done.value().rowsWritten, 2U);
}

TEST_F(SqlIngestTest, S4_14_2_TheStatementsBeforeOneThatFailsHaveRun) {
  const Result<Ingested> done =
      ingest(*db_, "INSERT INTO t VALUES (5); SELECT * nowhere; SELECT 1;");
  EXPECT_EQ(done.status().message(), "near \"nowhere\": syntax error at offset 10: SQLITE_ERROR");
  EXPECT_EQ(sql(*db_, "SELECT x FROM t"), "5");
}

}  // namespace
}  // namespace holdfast::storage::testing
