#include "storage/database_image.h"

#include <sqlite3.h>

#include <cstring>
#include <memory>

namespace holdfast::storage {
namespace {

struct CloseDatabase {
  void operator()(sqlite3* db) const { sqlite3_close(db); }
};
struct FreeBytes {
  void operator()(unsigned char* bytes) const { sqlite3_free(bytes); }
};

std::string makeImage(const std::string& sql) {
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2(":memory:", &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  const std::unique_ptr<sqlite3, CloseDatabase> db(opened);
  if (code != SQLITE_OK) return {};
  const std::string all = "PRAGMA page_size=" + std::to_string(kImagePageBytes) + ";" + sql;
  if (sqlite3_exec(db.get(), all.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return {};
  sqlite3_int64 size = 0;
  const std::unique_ptr<unsigned char, FreeBytes> bytes(
      sqlite3_serialize(db.get(), "main", &size, 0));
  if (bytes == nullptr) return {};
  return {reinterpret_cast<const char*>(bytes.get()), static_cast<size_t>(size)};
}

// SQLite file format 1.3: what two databases of one schema differ in, in their headers, is how
// often they changed, how long they are, their free pages, and who wrote them last.
struct Bytes {
  size_t from;
  size_t to;
};
constexpr Bytes kOfTheSchema[] = {{0, 24}, {40, 92}, {100, kImagePageBytes}};

bool hasSchemaOf(const std::string& image, std::string_view firstPage) {
  if (image.size() < kImagePageBytes || firstPage.size() < kImagePageBytes) return false;
  for (const Bytes& part : kOfTheSchema) {
    if (std::memcmp(image.data() + part.from, firstPage.data() + part.from, part.to - part.from) !=
        0) {
      return false;
    }
  }
  return true;
}

}  // namespace

const char* const kKvTableSql =
    "CREATE TABLE IF NOT EXISTS _cf_KV (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID";

const char* const kMetadataTableSql =
    "CREATE TABLE IF NOT EXISTS _cf_METADATA (key INTEGER PRIMARY KEY, value BLOB)";

const char* const kKvGetSql = "SELECT value FROM _cf_KV WHERE key = ?1";

const std::string& emptyDatabaseImage() {
  // Any write makes the page; VACUUM takes away what it needed.
  static const std::string image = makeImage("CREATE TABLE t(x); DROP TABLE t; VACUUM");
  return image;
}

const std::array<OwnSchema, kOwnSchemas>& ownSchemas() {
  static const std::string kv = std::string(kKvTableSql) + ";";
  static const std::string metadata = std::string(kMetadataTableSql) + ";";
  static const std::array<OwnSchema, kOwnSchemas> schemas = {{
      {.image = makeImage(kv), .hasKv = true},
      {.image = makeImage(metadata), .hasMetadata = true},
      {.image = makeImage(kv + metadata), .hasKv = true, .hasMetadata = true},
      {.image = makeImage(metadata + kv), .hasKv = true, .hasMetadata = true},
  }};
  return schemas;
}

const std::string& kvDatabaseImage() { return ownSchemas()[0].image; }

const std::string& metadataDatabaseImage() { return ownSchemas()[1].image; }

const OwnSchema* ownSchemaOf(std::string_view firstPage) {
  for (const OwnSchema& schema : ownSchemas()) {
    if (hasSchemaOf(schema.image, firstPage)) return &schema;
  }
  return nullptr;
}

}  // namespace holdfast::storage
