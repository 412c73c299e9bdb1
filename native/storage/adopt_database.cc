#include "storage/adopt_database.h"

#include "storage/connection.h"
#include "storage/sqlite_error.h"

namespace holdfast::storage {

Status adoptDatabase(const std::string& path) {
  constexpr uint32_t kCachePages = 16;
  Result<std::unique_ptr<Connection>> opened =
      Connection::open(path, Connection::Role::kAdopt, kCachePages);
  if (!opened.ok()) return opened.status();
  // The first read rolls back a journal that was left.
  const int code = opened.value()->run("SELECT count(*) FROM sqlite_schema");
  if (code == SQLITE_OK) return {};
  const std::string why = sqliteMessage(opened.value()->db(), code);
  if (isDamageCode(code)) return {Code::kCorrupt, damageMessage(path, why)};
  return {Code::kIo, path + ": " + why};
}

}  // namespace holdfast::storage
