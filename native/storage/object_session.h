// ObjectSession: an open object's connection and its implicit transaction (spec S3.6.1), which the
// key-value table, the SQL runner and the metadata share. Internal to storage.
//
// Contract: begin() opens the database (made on the first write) and the implicit transaction;
// commit() ends it and appends it to the log. Savepoints asked for before the first write cost
// nothing: they are set when the transaction begins. epoch() changes whenever rows may have changed
// behind a cache: at every rollback and wipe. Failure: a critical error (S4.10.4) rolls back and
// stays: every later call returns it. Thread: the shard's. Owner: the Database.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "base/ids.h"
#include "base/result.h"
#include "storage/connection.h"
#include "storage/connection_pool.h"
#include "storage/database_image.h"
#include "storage/object_file.h"
#include "storage/object_files.h"
#include "sys/clock.h"

namespace holdfast::storage {

// A cursor that still has a statement running.
class OpenCursor {
 public:
  virtual ~OpenCursor() = default;
  // Something is about to change that a running statement may notice: it must be where its reader
  // is.
  virtual void beforeChange() = 0;
  // Ends the statement; what is asked of the cursor later gives `why`.
  virtual void cancel(const Status& why) = 0;
};

class ObjectSession {
 public:
  // `file` is open for this session alone, and is given back when it ends.
  ObjectSession(ObjectFiles& files, ObjectFile& file, const sys::Clock& clock,
                ConnectionPool& connections)
      : files_(files), file_(file), clock_(clock), connections_(connections) {}
  ~ObjectSession();
  ObjectSession(const ObjectSession&) = delete;
  ObjectSession& operator=(const ObjectSession&) = delete;

  // False: there is no database yet, and nothing was made.
  Result<bool> openExisting();
  // A new one starts as `image`, which must stay valid.
  Status openOrCreate(const std::string& image = emptyDatabaseImage());
  // Opens or makes the database, and the implicit transaction when there is none.
  // Called for each write.
  Status begin(const std::string& image = emptyDatabaseImage());
  [[nodiscard]] uint64_t begun() const { return begun_; }
  // What the database had when it was opened, if that is known; null also after a wipe and after a
  // rollback. A HiddenTable knows what it has made since.
  [[nodiscard]] const OwnSchema* schema() const { return schema_; }
  void wrote() { wrote_ = true; }

  [[nodiscard]] Connection& connection() { return *connection_; }
  [[nodiscard]] bool inTransaction() const { return inTransaction_; }
  [[nodiscard]] uint64_t epoch() const { return epoch_; }
  void newEpoch() {
    ++epoch_;
    schema_ = nullptr;
  }

  // The connection's last call failed with `code`. Critical errors stick.
  Status failed(int code);

  // 0 when nothing was written.
  Result<Lsn> commit(std::optional<RecordedAlarm> alarm);
  void rollback();
  Status savepoint();
  Status releaseSavepoint();
  Status rollbackToSavepoint();
  [[nodiscard]] uint32_t savepointDepth() const { return depth_; }

  // The connection has settings that a new one would not have.
  void pin() { pinned_ = true; }
  // User SQL sees what a connection counts: it should get one that nobody had before. From now on
  // it does.
  void useSql() { usesSql_ = true; }
  [[nodiscard]] bool usesSql() const { return usesSql_; }
  [[nodiscard]] bool isConnectionMoved() const {
    return connection_ != nullptr && connection_->wasMoved();
  }
  [[nodiscard]] bool canRest() const {
    return !pinned_ && !inTransaction_ && depth_ == 0 && cursors_.empty() && broken_.ok();
  }
  // Closes the connection until it is needed. Statements of others must be gone.
  void rest();

  void track(OpenCursor* cursor);
  void untrack(OpenCursor* cursor);
  // Tells the open cursors. The session calls it itself before each write, savepoint and rollback.
  void beforeChange();
  void cancelCursors(const Status& why);
  // A statement that stays with the connection, compiled.
  Result<sqlite3_stmt*> kept(Statement Connection::Kept::*which, const char* sql);
  // Cursors end, the transaction is undone, the file is given back. Statements of others must be
  // gone.
  void close();

 private:
  Status open();
  int runKept(Statement& kept, const char* sql);
  void giveConnectionBack();
  Status breakWith(Status why);
  void endTransaction();

  ObjectFiles& files_;
  ObjectFile& file_;
  const sys::Clock& clock_;
  ConnectionPool& connections_;
  std::unique_ptr<Connection> connection_;
  std::unordered_set<OpenCursor*> cursors_;
  Status broken_;
  uint64_t epoch_ = 1;
  uint64_t begun_ = 0;
  uint32_t depth_ = 0;
  bool inTransaction_ = false;
  bool wrote_ = false;
  bool pinned_ = false;
  bool usesSql_ = false;
  int64_t lastRowId_ = 0;  // of the connection that rests: last_insert_rowid()
  const OwnSchema* schema_ = nullptr;
};

}  // namespace holdfast::storage
