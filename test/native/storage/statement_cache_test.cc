#include "storage/statement_cache.h"

#include <gtest/gtest.h>

#include "storage/connection.h"
#include "storage/database_image.h"

namespace holdfast::storage {
namespace {

class StatementCacheTest : public ::testing::Test {
 protected:
  std::unique_ptr<CompiledStatement> compile(const char* sql) {
    auto compiled = std::make_unique<CompiledStatement>();
    EXPECT_EQ(connection_->prepare(sql, compiled->statement), SQLITE_OK);
    return compiled;
  }
  static ObjectFile& created(ObjectFile& file) {
    file.create(emptyDatabaseImage());
    return file;
  }
  ObjectFile file_{{}, nullptr};
  std::unique_ptr<Connection> connection_ =
      std::move(Connection::openObject(created(file_), 8)).value();
};

TEST_F(StatementCacheTest, S4_2_7_LendsToOneAtATime) {
  StatementCache cache(1000);
  {
    StatementCache::Lease lease = cache.keep("SELECT 1", compile("SELECT 1"));
    EXPECT_TRUE(lease);
    EXPECT_FALSE(cache.take("SELECT 1")) << "lent";
    StatementCache::Lease other = cache.keep("SELECT 1", compile("SELECT 1"));
    EXPECT_NE(other.statement(), lease.statement()) << "a one-off";
  }
  EXPECT_TRUE(cache.take("SELECT 1"));
  EXPECT_FALSE(cache.take("SELECT 2"));
}

TEST_F(StatementCacheTest, S4_2_7_ForgetsTheLeastRecentlyUsed) {
  StatementCache cache(24);  // three texts of eight bytes
  for (const char* sql : {"SELECT 1", "SELECT 2", "SELECT 3"}) cache.keep(sql, compile(sql));
  EXPECT_TRUE(cache.take("SELECT 1"));
  cache.keep("SELECT 4", compile("SELECT 4"));
  EXPECT_FALSE(cache.take("SELECT 2"));
  EXPECT_TRUE(cache.take("SELECT 1"));
  EXPECT_TRUE(cache.take("SELECT 3"));
  EXPECT_EQ(cache.textBytes(), 24U);
}

TEST_F(StatementCacheTest, LendsByTheShapeThatAStatementHadLast) {
  StatementCache cache(16);  // two texts of eight bytes
  cache.keep("SELECT 1", compile("SELECT 1"))->shape = 7;
  EXPECT_FALSE(cache.takeShape(8));
  {
    StatementCache::Lease lease = cache.takeShape(7);
    ASSERT_TRUE(lease);
    EXPECT_FALSE(cache.takeShape(7)) << "lent";
    EXPECT_FALSE(cache.take("SELECT 1"));
    lease->shape = 8;  // it was compiled again
  }
  EXPECT_FALSE(cache.takeShape(7));
  EXPECT_TRUE(cache.takeShape(8));
  cache.keep("SELECT 2", compile("SELECT 2"));
  EXPECT_TRUE(cache.takeShape(8)) << "used after SELECT 2";
  cache.keep("SELECT 3", compile("SELECT 3"));
  EXPECT_TRUE(cache.takeShape(8));
  cache.keep("SELECT 4", compile("SELECT 4"));
  cache.keep("SELECT 5", compile("SELECT 5"));
  EXPECT_FALSE(cache.takeShape(8)) << "forgotten";
  cache.keep("SELECT 6", compile("SELECT 6"))->shape = 9;
  cache.clear();
  EXPECT_FALSE(cache.takeShape(9));
}

TEST_F(StatementCacheTest, DoesNotForgetWhatIsLent) {
  StatementCache cache(16);
  StatementCache::Lease first = cache.keep("SELECT 1", compile("SELECT 1"));
  StatementCache::Lease second = cache.keep("SELECT 2", compile("SELECT 2"));
  StatementCache::Lease third = cache.keep("SELECT 3", compile("SELECT 3"));
  EXPECT_EQ(sqlite3_step(first.statement()), SQLITE_ROW);
}

TEST_F(StatementCacheTest, GivesBackReset) {
  StatementCache cache(1000);
  {
    StatementCache::Lease lease = cache.keep("SELECT ?", compile("SELECT ?"));
    sqlite3_bind_int(lease.statement(), 1, 7);
    EXPECT_EQ(sqlite3_step(lease.statement()), SQLITE_ROW);
  }
  StatementCache::Lease lease = cache.take("SELECT ?");
  EXPECT_EQ(sqlite3_step(lease.statement()), SQLITE_ROW);
  EXPECT_EQ(sqlite3_column_type(lease.statement(), 0), SQLITE_NULL);
}

}  // namespace
}  // namespace holdfast::storage
