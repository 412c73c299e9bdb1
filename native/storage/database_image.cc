#include "storage/database_image.h"

#include <sqlite3.h>

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
  const std::string all = "PRAGMA page_size=4096;" + sql;
  if (sqlite3_exec(db.get(), all.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return {};
  sqlite3_int64 size = 0;
  const std::unique_ptr<unsigned char, FreeBytes> bytes(
      sqlite3_serialize(db.get(), "main", &size, 0));
  if (bytes == nullptr) return {};
  return {reinterpret_cast<const char*>(bytes.get()), static_cast<size_t>(size)};
}

}  // namespace

const char* const kKvTableSql =
    "CREATE TABLE IF NOT EXISTS _cf_KV (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID";

const std::string& emptyDatabaseImage() {
  // Any write makes the page; VACUUM takes away what it needed.
  static const std::string image = makeImage("CREATE TABLE t(x); DROP TABLE t; VACUUM");
  return image;
}

const std::string& kvDatabaseImage() {
  static const std::string image = makeImage(kKvTableSql);
  return image;
}

}  // namespace holdfast::storage
