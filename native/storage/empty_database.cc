#include "storage/empty_database.h"

#include <sqlite3.h>

#include <memory>

namespace holdfast::storage {
namespace {

// Bytes 18 and 19 of the header: write and read version, 2 for WAL (SQLite file format, 1.3.3).
constexpr size_t kWriteVersionAt = 18;
constexpr size_t kReadVersionAt = 19;
constexpr char kWalVersion = 2;

struct CloseDatabase {
  void operator()(sqlite3* db) const { sqlite3_close(db); }
};
struct FreeBytes {
  void operator()(unsigned char* bytes) const { sqlite3_free(bytes); }
};

std::string makeImage() {
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2(":memory:", &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  const std::unique_ptr<sqlite3, CloseDatabase> db(opened);
  if (code != SQLITE_OK) return {};
  // Any write makes the page; VACUUM takes away what it needed.
  const char* sql = "PRAGMA page_size=4096; CREATE TABLE t(x); DROP TABLE t; VACUUM";
  if (sqlite3_exec(db.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return {};
  sqlite3_int64 size = 0;
  const std::unique_ptr<unsigned char, FreeBytes> bytes(
      sqlite3_serialize(db.get(), "main", &size, 0));
  if (bytes == nullptr) return {};
  std::string image(reinterpret_cast<const char*>(bytes.get()), static_cast<size_t>(size));
  image[kWriteVersionAt] = kWalVersion;
  image[kReadVersionAt] = kWalVersion;
  return image;
}

}  // namespace

const std::string& emptyDatabaseImage() {
  static const std::string image = makeImage();
  return image;
}

}  // namespace holdfast::storage
