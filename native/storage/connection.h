// Connection: one SQLite connection, configured, with its policy. Internal to storage.
//
// Contract: kShard connections never flush and never checkpoint; kCheckpoint ones flush what they
// checkpoint (decision 0003). Thread: one at a time; may be handed over when no statement of it
// is active. Owner: one. Failure: open() gives kIo (or kCorrupt) naming the path.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "storage/sql_policy.h"
#include "storage/statement.h"

namespace holdfast::storage {

class Connection {
 public:
  enum class Role {
    kShard,        // writes without flushing; user SQL runs here
    kCheckpoint,   // the flusher's second connection to an object's file
    kMemory,       // a shard connection without a file
    kIndex,        // alarm index and engine records: every commit is flushed
    kIndexSystem,  // the same, handed to the operating system only
  };

  static Result<std::unique_ptr<Connection>> open(const std::string& path, Role role,
                                                  uint32_t cachePages);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] sqlite3* db() const { return db_; }
  SqlPolicy& policy() { return policy_; }

  // Our own SQL, one or several statements without results. The raw result code.
  int run(const char* sql);
  // `persistent`: kept and used again. The raw result code; `out` is empty when it is not
  // SQLITE_OK.
  int prepare(const char* sql, Statement& out);
  // Runs our own statement to its end and resets it.
  int runStatement(sqlite3_stmt* statement);

 private:
  explicit Connection(sqlite3* db) : db_(db) {}
  int configure(Role role, uint32_t cachePages);

  sqlite3* db_;
  SqlPolicy policy_;
};

}  // namespace holdfast::storage
