#include "storage/database_image.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "storage/engine_fixture.h"

namespace holdfast::storage::testing {
namespace {

// The image opened as an ordinary file by an ordinary SQLite.
std::string ask(const std::string& image, const char* query) {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/image.sqlite";
  EXPECT_TRUE(sys::systemFileSystem().createFile(path, image).ok());
  sqlite3* db = nullptr;
  EXPECT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  std::string out;
  const auto add = [](void* to, int columns, char** values, char**) {
    auto& text = *static_cast<std::string*>(to);
    for (int i = 0; i < columns; ++i) text += std::string(values[i] ? values[i] : "NULL") + ";";
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(db, query, add, &out, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
  sqlite3_close(db);
  return out;
}

TEST(DatabaseImageTest, EmptyHasNoTables) {
  const std::string& image = emptyDatabaseImage();
  EXPECT_EQ(image.size(), 4096U) << "its first commit logs what is not zero";
  EXPECT_EQ(ask(image, "SELECT count(*) FROM sqlite_schema"), "0;");
  EXPECT_EQ(ask(image, "PRAGMA integrity_check"), "ok;");
  EXPECT_EQ(ask(image, "PRAGMA freelist_count"), "0;");
}

TEST(DatabaseImageTest, S3_13_2_KeyValueTableIsAsWorkerdMakesIt) {
  const std::string& image = kvDatabaseImage();
  EXPECT_EQ(image.size(), 8192U);
  EXPECT_EQ(ask(image, "SELECT name, sql FROM sqlite_schema"),
            "_cf_KV;CREATE TABLE _cf_KV (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;");
  EXPECT_EQ(ask(image, "SELECT count(*) FROM _cf_KV"), "0;");
  EXPECT_EQ(ask(image, "PRAGMA integrity_check"), "ok;");
}

TEST(DatabaseImageTest, S3_13_2_MetadataIsAsWorkerdMakesIt) {
  const std::string& image = metadataDatabaseImage();
  EXPECT_EQ(image.size(), 8192U);
  EXPECT_EQ(ask(image, "SELECT name, sql FROM sqlite_schema"),
            "_cf_METADATA;CREATE TABLE _cf_METADATA (key INTEGER PRIMARY KEY, value BLOB);");
  EXPECT_EQ(ask(image, "PRAGMA integrity_check"), "ok;");
}

TEST(DatabaseImageTest, EachOwnSchemaIsKnownByItsFirstPage) {
  for (const OwnSchema& schema : ownSchemas()) {
    EXPECT_EQ(ownSchemaOf(schema.image), &schema);
    EXPECT_EQ(ask(schema.image, "SELECT count(*) FROM sqlite_schema WHERE name = '_cf_KV'"),
              schema.hasKv ? "1;" : "0;");
    EXPECT_EQ(ask(schema.image, "SELECT count(*) FROM sqlite_schema WHERE name = '_cf_METADATA'"),
              schema.hasMetadata ? "1;" : "0;");
  }
  EXPECT_EQ(ownSchemaOf(emptyDatabaseImage()), nullptr);
  EXPECT_EQ(ownSchemaOf({}), nullptr);
}

TEST(DatabaseImageTest, NeedsNoWriteAheadLogAndNoJournal) {
  for (const std::string* image :
       {&emptyDatabaseImage(), &kvDatabaseImage(), &metadataDatabaseImage()}) {
    EXPECT_EQ(ask(*image, "PRAGMA journal_mode"), "delete;");
    EXPECT_EQ((*image)[18], 1);
    EXPECT_EQ((*image)[19], 1);
  }
}

TEST(DatabaseImageTest, IsMadeOnce) {
  EXPECT_EQ(&emptyDatabaseImage(), &emptyDatabaseImage());
  EXPECT_EQ(&kvDatabaseImage(), &kvDatabaseImage());
  EXPECT_EQ(&metadataDatabaseImage(), &metadataDatabaseImage());
}

}  // namespace
}  // namespace holdfast::storage::testing
