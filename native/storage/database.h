// Database: one object's SQLite database: key-value rows, SQL, the alarm time, transactions.
//
// Contract: the first write since the last commit() opens the implicit transaction (spec S3.6.1);
// commit() ends it and gives the Lsn that outputs depending on it must carry. Reads see all earlier
// writes. Savepoints nest inside the implicit transaction and never leave SQLite. A critical error
// (kSqlCritical: disk full, I/O error, out of memory) rolls the transaction back; every later call
// returns it and the object must be reset (S4.10.4). Thread: the shard's that opened it. Owner: the
// actor's instance. Nothing throws.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace holdfast::storage {

// A value bound to a statement or read from a row.
struct Null {};
struct Blob {
  std::string bytes;
};
using SqlValue = std::variant<Null, int64_t, double, std::string, Blob>;

// One running SELECT/DML; see spec S4.5. Reads one row ahead (S4.5.8).
class SqlCursor {
 public:
  virtual ~SqlCursor() = default;
  virtual const std::vector<std::string>& columnNames() const = 0;
  // A number for these names: the same for every cursor of one compilation of a statement, never
  // used for other names of the same database. From 1.
  virtual uint64_t shape() const = 0;
  virtual bool hasRow() const = 0;
  // The current row, valid until advance(). Views into SQLite's memory.
  struct Column {
    enum class Type : uint8_t { kNull, kInteger, kReal, kText, kBlob } type = Type::kNull;
    int64_t integer = 0;
    double real = 0;
    std::string_view bytes;  // kText (UTF-8), kBlob
  };
  virtual Column column(size_t index) const = 0;
  virtual Status
  advance() = 0;  // after the last row hasRow() is false; kSql when cancelled (deleteAll)
  virtual const Status& cancelled() const = 0;  // why advance() fails (deleteAll); ok otherwise
  virtual uint64_t rowsRead() const = 0;
  virtual uint64_t rowsWritten() const = 0;
  virtual bool reusedStatement() const = 0;  // it was compiled by an earlier exec()

  // Rows may be read before they are asked for, which saves a crossing for each, as long as nobody
  // can tell: before anything is written the cursor goes back to where its reader is, by running
  // its statement again. So only a statement that then gives the same rows is read ahead, and none
  // once something was written after its first step.
  static constexpr uint32_t kWentBack = UINT32_MAX;
  virtual bool canReadAhead() const = 0;
  // From now on advance() runs ahead of the reader, who is at the current row and counts in
  // `*taken` (0 now) the rows that he has taken. When the first advance() fails that is where he
  // is; when a later one does, settle(), and he comes to it later. rowsRead() is as of those. It
  // ends, and `*taken` is kWentBack, with settle(), which the database calls, too, and when the
  // cursor is cancelled or destroyed; `taken` must live until then.
  virtual void readAhead(uint32_t* taken) = 0;
  // The current row is the one after the last that was taken; rows that were read and not taken
  // are forgotten. Nothing happens when nothing is read ahead.
  virtual void settle() = 0;
};

struct ListOptions {                           // spec S3.5; ranges are comparisons of UTF-8 bytes
  std::optional<std::string> start = {};       // inclusive
  std::optional<std::string> startAfter = {};  // exclusive
  std::optional<std::string> end = {};         // exclusive
  std::optional<std::string> prefix = {};
  std::optional<uint64_t> limit = {};
  bool reverse = false;
};

// Walks KV rows lazily; sees rows inserted ahead of it (S3.11.3).
class KvCursor {
 public:
  virtual ~KvCursor() = default;
  virtual Result<bool> next() = 0;  // false at the end
  virtual std::string_view key() const = 0;
  virtual std::string_view value() const = 0;
};

class Database {
 public:
  virtual ~Database() = default;

  // Key-value (S3.2-S3.5, S3.13.2). Values are opaque bytes.
  virtual Result<std::optional<std::string>> get(std::string_view key) = 0;
  virtual Status put(std::string_view key, std::string_view value) = 0;
  virtual Result<bool> remove(std::string_view key) = 0;
  virtual Result<std::unique_ptr<KvCursor>> list(const ListOptions& options) = 0;

  // SQL (S4). All statements but the last run to completion; the last yields the cursor, already
  // stepped once.
  virtual Result<std::unique_ptr<SqlCursor>> exec(std::string_view query,
                                                  const std::vector<SqlValue>& bindings) = 0;
  // The same by the shape that the statement's cursor had (SqlCursor::shape), without its text;
  // null: it is not compiled any more, or in use.
  virtual Result<std::unique_ptr<SqlCursor>> execShape(uint64_t /*shape*/,
                                                       const std::vector<SqlValue>& /*bindings*/) {
    return std::unique_ptr<SqlCursor>();
  }
  virtual Result<uint64_t> databaseSize() = 0;  // S4.1.4
  // A write that needs more pages fails with SQLITE_FULL. Of this connection; 0 changes nothing.
  virtual Status setPageCountMax(uint32_t pages) = 0;

  // Alarm (S5); milliseconds. Part of the current transaction. `actorName` goes to the alarm index.
  virtual Result<std::optional<TimestampMs>> getAlarm() = 0;
  virtual Status setAlarm(std::optional<TimestampMs> at) = 0;
  virtual void setActorName(std::string name) = 0;

  // Transactions.
  virtual bool hasUncommitted() const = 0;   // the implicit transaction is open
  virtual uint64_t writesBegun() const = 0;  // grows with each call that writes
  virtual Result<Lsn> commit() = 0;          // 0 when nothing was written
  virtual void rollback() = 0;               // drops the implicit transaction and its savepoints
  virtual Status savepoint() = 0;            // pushes one
  virtual Status releaseSavepoint() = 0;     // innermost
  virtual Status rollbackToSavepoint() = 0;  // innermost: undone and popped
  virtual uint32_t savepointDepth() const = 0;

  // Gives back what an open database costs in memory (connection, caches, statements); the next use
  // opens it again. False: not now (a transaction or a cursor is open, or the connection has
  // settings of the user's).
  virtual bool rest() = 0;

  enum class AlarmFate { kKeep, kDelete };
  // S3.9: everything goes; cursors are cancelled. Must not be called inside a savepoint (caller
  // checks; S3.9.4).
  virtual Status deleteAll(AlarmFate alarm) = 0;
  virtual Result<std::string> bookmark() = 0;  // S4.13.8, the current one
};

}  // namespace holdfast::storage
