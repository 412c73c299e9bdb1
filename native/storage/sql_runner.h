// SqlRunner: runs a user's SQL text (spec S4.2). Internal to storage.
//
// Contract: as Database::exec(). The text is compiled under the SqlPolicy; single statements are
// kept compiled. Thread: the shard's. Owner: the Database.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "storage/database.h"
#include "storage/object_session.h"
#include "storage/sql_cursor.h"
#include "storage/statement_cache.h"

namespace holdfast::storage {

class SqlRunner {
 public:
  explicit SqlRunner(ObjectSession& session);

  Result<std::unique_ptr<SqlCursor>> execShape(uint64_t shape,
                                               const std::vector<SqlValue>& bindings);
  Result<std::unique_ptr<SqlCursor>> exec(std::string_view query,
                                          const std::vector<SqlValue>& bindings);
  // (page_count - freelist_count) * page_size
  Result<uint64_t> databaseSize();
  Status setPageCountMax(uint32_t pages);
  uint64_t newShape() { return ++lastShape_; }
  // Drops the statements; cursors must have been cancelled.
  void close();

 private:
  struct Compiled {
    std::unique_ptr<CompiledStatement> statement;
    std::string_view rest;  // what follows, without leading white space
  };
  Result<Compiled> compile(std::string_view sql);
  Status runToEnd(CompiledStatement& compiled);
  using Origin = SqliteCursor::Origin;
  Result<std::unique_ptr<SqlCursor>> runLast(StatementCache::Lease lease,
                                             const std::vector<SqlValue>& bindings, Origin origin);
  Status bind(sqlite3_stmt* statement, const std::vector<SqlValue>& bindings);

  ObjectSession& session_;
  StatementCache cache_;
  uint64_t lastShape_ = 0;
  Statement size_;
};

}  // namespace holdfast::storage
