#include "storage/empty_database.h"

#include "storage/engine_fixture.h"

namespace holdfast::storage::testing {
namespace {

TEST(EmptyDatabaseTest, S3_13_1_IsOnePageInWalModeAndSound) {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/x.sqlite";
  EXPECT_EQ(emptyDatabaseImage().size(), 4096U);
  ASSERT_TRUE(sys::systemFileSystem().createFile(path, emptyDatabaseImage()).ok());
  auto connection = Connection::open(path, Connection::Role::kCheckpoint, 8);
  ASSERT_TRUE(connection.ok());
  for (const auto& [query, answer] :
       {std::pair("PRAGMA journal_mode", "wal"), std::pair("PRAGMA integrity_check", "ok"),
        std::pair("SELECT count(*) FROM sqlite_master", "0"),
        std::pair("PRAGMA encoding", "UTF-8")}) {
    Statement statement;
    ASSERT_EQ(connection.value()->prepare(query, statement), SQLITE_OK);
    ASSERT_EQ(sqlite3_step(statement.get()), SQLITE_ROW);
    EXPECT_EQ(columnBytes(statement.get(), 0), answer) << query;
  }
}

}  // namespace
}  // namespace holdfast::storage::testing
