// ChangeCounter: counts the rows that one run of a statement writes (spec S4.5.7). Internal to
// storage.
//
// Alive around the steps of the statement. Where all changes are of one kind it multiplies SQLite's
// own count; for the rest it looks at each change through the update hook, which tells neither of
// virtual tables nor of tables without rowids: those are what is left of SQLite's counts. Thread:
// the connection's. Owner: the cursor's start.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <vector>

#include "storage/write_costs.h"

namespace holdfast::storage {

class ChangeCounter {
 public:
  // `costs` must outlive it.
  ChangeCounter(sqlite3* db, const WriteCosts& costs);
  ~ChangeCounter();
  ChangeCounter(const ChangeCounter&) = delete;
  ChangeCounter& operator=(const ChangeCounter&) = delete;

  // Rows that the statement changed, those of triggers and hidden tables included.
  [[nodiscard]] uint64_t changed() const;
  // Rows written. The statement has completed.
  [[nodiscard]] uint64_t written() const;

 private:
  struct Seen {
    uint64_t inserts = 0;
    uint64_t updates = 0;
    uint64_t deletes = 0;
  };
  static void onChange(void* counter, int operation, const char* database, const char* table,
                       sqlite3_int64 rowid);
  [[nodiscard]] uint64_t writtenOneByOne(uint64_t direct) const;

  sqlite3* const db_;
  const WriteCosts& costs_;
  const int64_t before_;
  std::vector<Seen> seen_;  // by table of costs_
  uint64_t seenInAll_ = 0;
};

}  // namespace holdfast::storage
