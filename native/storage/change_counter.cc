#include "storage/change_counter.h"

#include <algorithm>
#include <string_view>

namespace holdfast::storage {

ChangeCounter::ChangeCounter(sqlite3* db, const WriteCosts& costs)
    : db_(db), costs_(costs), before_(sqlite3_total_changes64(db)) {
  if (!costs.mixed) return;
  seen_.resize(costs.tables.size());
  sqlite3_update_hook(db, onChange, this);
}

ChangeCounter::~ChangeCounter() {
  if (!seen_.empty()) sqlite3_update_hook(db_, nullptr, nullptr);
}

void ChangeCounter::onChange(void* counter, int operation, const char* /*database*/,
                             const char* table, sqlite3_int64 /*rowid*/) {
  auto* self = static_cast<ChangeCounter*>(counter);
  ++self->seenInAll_;
  const auto& tables = self->costs_.tables;
  const auto found =
      std::find_if(tables.begin(), tables.end(),
                   [table](const WriteCosts::Table& known) { return known.name == table; });
  if (found == tables.end()) return;  // of a virtual table's own tables
  Seen& seen = self->seen_[static_cast<size_t>(found - tables.begin())];
  if (operation == SQLITE_INSERT) ++seen.inserts;
  if (operation == SQLITE_UPDATE) ++seen.updates;
  if (operation == SQLITE_DELETE) ++seen.deletes;
}

uint64_t ChangeCounter::changed() const {
  return static_cast<uint64_t>(sqlite3_total_changes64(db_) - before_);
}

uint64_t ChangeCounter::written() const {
  const uint64_t changes = changed();
  if (changes == 0) return 0;
  if (costs_.tables.empty()) return changes;
  if (costs_.mixed) return writtenOneByOne(static_cast<uint64_t>(sqlite3_changes64(db_)));
  const WriteCosts::Table& own = costs_.tables.front();
  // The rest are rows of the virtual table's own tables.
  if (own.kind == TableShape::Kind::kVirtual) return static_cast<uint64_t>(sqlite3_changes64(db_));
  // The table of sequences is written once by a statement.
  return changes * costs_.perChange + (own.autoincrements ? 1 : 0);
}

// `direct`: changes by the statement itself, of its own table.
uint64_t ChangeCounter::writtenOneByOne(uint64_t direct) const {
  using Kind = TableShape::Kind;
  uint64_t rows = 0;
  uint64_t unseen = changed() - seenInAll_;
  uint64_t perUnseen = 1;
  bool hasVirtual = false;
  for (size_t i = 0; i < seen_.size(); ++i) {
    const WriteCosts::Table& table = costs_.tables[i];
    const Seen& seen = seen_[i];
    if (table.kind == Kind::kVirtual) {
      hasVirtual = true;
      // A trigger's statement is taken to write one row for each that set it off.
      rows += i == 0 ? direct : direct * table.statements;
    } else if (table.kind == Kind::kWithoutRowid && i == 0) {
      rows += direct * costs_.perChange;
      unseen -= std::min(unseen, direct);
    } else if (table.kind == Kind::kWithoutRowid) {
      perUnseen = std::max<uint64_t>(perUnseen, table.perInsert);
    } else {
      rows += seen.inserts * table.perInsert + seen.updates * table.perUpdate + seen.deletes;
      if (table.autoincrements && seen.inserts > 0) ++rows;
    }
  }
  return hasVirtual ? rows : rows + unseen * perUnseen;
}

}  // namespace holdfast::storage
