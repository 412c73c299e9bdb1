// RowCounts: the rows that a statement has read and written (spec S4.5.7). Internal to storage.
//
// SQLite's public interface does not count them; our copy of it does
// (scripts/sqlite-row-counts.js). Thread: the connection's.
#pragma once

#include <sqlite3.h>

#include <cstdint>

// Rows read and rows written since they were last set to 0; they live as long as the statement.
extern "C" sqlite3_uint64* holdfast_statement_rows(sqlite3_stmt* statement);

namespace holdfast::storage {

struct RowCounts {
  uint64_t read = 0;
  uint64_t written = 0;

  static RowCounts of(sqlite3_stmt* statement) {
    const sqlite3_uint64* rows = holdfast_statement_rows(statement);
    return {rows[0], rows[1]};
  }
  // For the next run of the statement.
  static void reset(sqlite3_stmt* statement) {
    sqlite3_uint64* rows = holdfast_statement_rows(statement);
    rows[0] = rows[1] = 0;
  }
};

}  // namespace holdfast::storage
