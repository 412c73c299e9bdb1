// SqliteCursor: the rows of one statement that runs (spec S4.5). Internal to storage.
//
// A reading statement is stepped as rows are asked for and may stay open across commits. A
// statement that writes and gives rows (RETURNING) has done all its writing at the first step; its
// rows are gathered at once, because SQLite cannot commit while it is open.
//
// Read ahead (SqlCursor::readAhead), the statement stays lent and the cursor tracked, even when the
// statement is at its end, until the reader is there as well.
//
// Row counters: see RowCounts. Thread: the shard's. Owner: the caller; the session ends it (cancel)
// when it goes first.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/object_session.h"
#include "storage/statement_cache.h"

namespace holdfast::storage {

class SqlRunner;

class SqliteCursor final : public SqlCursor, private OpenCursor {
 public:
  enum class Origin : uint8_t { kCompiled, kCache };  // where the statement came from
  // `lease` is bound. start() makes the first step.
  SqliteCursor(ObjectSession& session, StatementCache::Lease lease, Origin origin);
  ~SqliteCursor() override;
  SqliteCursor(const SqliteCursor&) = delete;
  SqliteCursor& operator=(const SqliteCursor&) = delete;

  // `runner` is the one that made it.
  Status start(SqlRunner& runner);

  [[nodiscard]] const std::vector<std::string>& columnNames() const override { return *names_; }
  [[nodiscard]] uint64_t shape() const override { return shape_; }
  [[nodiscard]] bool hasRow() const override { return hasRow_; }
  [[nodiscard]] Column column(size_t index) const override;
  Status advance() override;
  [[nodiscard]] const Status& cancelled() const override { return cancelled_; }
  [[nodiscard]] uint64_t rowsRead() const override;
  [[nodiscard]] uint64_t rowsWritten() const override;
  [[nodiscard]] bool reusedStatement() const override { return origin_ == Origin::kCache; }
  [[nodiscard]] bool canReadAhead() const override;
  void readAhead(uint32_t* taken) override;
  void settle() override;
  void beforeChange() override;

 private:
  using Row = std::vector<SqlValue>;

  Status startWriting(SqlRunner& runner);
  int step();
  Status gather(int code);
  // Also of a statement that SQLite compiled again after a schema change.
  void takeNames(SqlRunner& runner);
  void finish();
  void goBack(uint64_t rows);
  void endAhead();
  void cancel(const Status& why) override;

  ObjectSession* session_;
  StatementCache::Lease lease_;
  std::shared_ptr<const std::vector<std::string>> names_;
  uint64_t shape_ = 0;
  std::deque<Row> gathered_;
  Status cancelled_;
  uint64_t rowsSeen_ = 0;
  uint64_t rowsRead_ = 0;  // of a statement that is over, as the next
  uint64_t rowsWritten_ = 0;
  Origin origin_;
  uint32_t* taken_ = nullptr;        // by the reader, of the rows that are read ahead
  uint64_t rowsBefore_ = 0;          // taken before that
  std::vector<uint64_t> readAfter_;  // rowsRead() when so many of them are taken
  bool repeatable_ = true;           // nothing has changed since the first step
  bool hasRow_ = false;
  bool writes_ = false;
  bool tracked_ = false;
};

}  // namespace holdfast::storage
