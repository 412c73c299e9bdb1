// Connection: one SQLite connection, configured, with its policy. Internal to storage.
//
// Contract: an object's connection sees an ObjectFile and touches no other file, and can be moved
// to another one (ConnectionPool); the others are ordinary files. Thread: one at a time. Owner:
// one. Failure: open...() gives kIo (or kCorrupt) naming the path.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "storage/object_file.h"
#include "storage/sql_policy.h"
#include "storage/statement.h"

namespace holdfast::storage {

class Connection {
 public:
  // User SQL runs here. `file` must outlive it.
  static Result<std::unique_ptr<Connection>> openObject(ObjectFile& file, uint32_t cachePages);

  enum class Role {
    kIndex,        // alarm index: every commit is flushed
    kIndexSystem,  // the same, handed to the operating system only
    kRecords,      // engine records: every commit is flushed, there is no write-ahead log
    kUnplaced,     // a new file that nothing reads before the caller has flushed it
    kAdopt,        // an object's file that another runtime left, to bring it into our form; flushed
  };
  static Result<std::unique_ptr<Connection>> open(const std::string& path, Role role,
                                                  uint32_t cachePages);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] sqlite3* db() const { return db_; }
  SqlPolicy& policy() { return policy_; }

  // Statements that stay with the connection when it is moved to another object; each is compiled
  // when it is first needed.
  struct Kept {
    Statement begin;
    Statement commit;
    Statement rollback;
    Statement kvGet;
    Statement kvPut;
    Statement kvRemove;
    Statement metadataRead;
    Statement metadataWrite;
    Statement metadataRemove;
    Statement version;  // reads the database, whatever is in it
  };
  [[nodiscard]] Kept& kept() { return kept_; }
  // The raw result code.
  int prepareKept(Statement& kept, const char* sql);

  // What only this object's connection may know came to it: user SQL, another schema, settings.
  void markOwn() { isOwn_ = true; }
  [[nodiscard]] bool isOwn() const { return isOwn_; }
  [[nodiscard]] bool wasMoved() const { return wasMoved_; }
  // Lets go of the object: its pages and its lock. The connection must be closed or attached next.
  // The raw result code.
  int detach();
  // To another object, whose database has the same schema.
  int attach(ObjectFile& file);

  // Our own SQL, one or several statements without results. The raw result code.
  int run(const char* sql);
  // `persistent`: kept and used again. The raw result code; `out` is empty when it is not
  // SQLITE_OK.
  int prepare(const char* sql, Statement& out);
  // Runs our own statement to its end and resets it.
  int runStatement(sqlite3_stmt* statement);

 private:
  explicit Connection(sqlite3* db) : db_(db) {}
  static Result<std::unique_ptr<Connection>> opened(std::unique_ptr<Connection> connection,
                                                    int code, const std::string& path);
  int configureObject(uint32_t cachePages);
  int configure(Role role, uint32_t cachePages);

  sqlite3* db_;
  SqlPolicy policy_;
  Kept kept_;
  bool isOwn_ = false;
  bool wasMoved_ = false;
};

}  // namespace holdfast::storage
