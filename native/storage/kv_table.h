// KvTable: the rows of `_cf_KV` (spec S3.2-S3.5, S3.13.2). Internal to storage.
//
// Contract: as the key-value part of Database. The implicit transaction begins with the first put()
// or remove() of a row. Thread: the shard's. Owner: the Database.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "storage/database.h"
#include "storage/hidden_table.h"
#include "storage/object_session.h"
#include "storage/statement_cache.h"

namespace holdfast::storage {

class KvTable {
 public:
  explicit KvTable(ObjectSession& session);

  Result<std::optional<std::string>> get(std::string_view key);
  Status put(std::string_view key, std::string_view value);
  Result<bool> remove(std::string_view key);
  Result<std::unique_ptr<KvCursor>> list(const ListOptions& options);

  // Drops the statements; needed before the connection is given away.
  void close();

 private:
  Result<bool> contains(std::string_view key);

  ObjectSession& session_;
  HiddenTable table_;
  StatementCache lists_;
};

}  // namespace holdfast::storage
