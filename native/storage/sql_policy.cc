#include "storage/sql_policy.h"

#include <sqlite3.h>

#include <algorithm>
#include <optional>

#include "storage/sql_names.h"

namespace holdfast::storage {
namespace {

std::string_view view(const char* text) { return text == nullptr ? std::string_view() : text; }

int allowIf(bool allowed) { return allowed ? SQLITE_OK : SQLITE_DENY; }

bool isSchemaTable(std::string_view name) {
  return equalsIgnoringCase(name, "sqlite_master") || equalsIgnoringCase(name, "sqlite_schema") ||
         equalsIgnoringCase(name, "sqlite_temp_master") ||
         equalsIgnoringCase(name, "sqlite_temp_schema");
}

int authorizeForward(void* policy, int action, const char* first, const char* second,
                     const char* database, const char* /*trigger*/) {
  return static_cast<SqlPolicy*>(policy)->authorize(action, first, second, database);
}

}  // namespace

void SqlPolicy::install(sqlite3* db) { sqlite3_set_authorizer(db, authorizeForward, this); }

void SqlPolicy::note(int action, std::string_view table, std::string_view column) {
  if (facts_ == nullptr) return;
  if (action == SQLITE_READ) {
    facts_->readsTable = true;
    return;
  }
  if (isSchemaTable(table)) return;
  using Write = StatementFacts::Write;
  const Write write = action == SQLITE_INSERT   ? Write::kInsert
                      : action == SQLITE_UPDATE ? Write::kUpdate
                                                : Write::kDelete;
  if (facts_->write == Write::kNone) facts_->write = write;
  auto& writes = facts_->writes;
  auto known = std::find_if(writes.begin(), writes.end(),
                            [table](const auto& other) { return other.table == table; });
  if (known == writes.end()) {
    known = writes.emplace(writes.end());
    known->table = table;
  }
  if (write == Write::kInsert) ++known->inserts;
  if (write == Write::kDelete) ++known->deletes;
  if (write != Write::kUpdate) return;
  known->updates = true;
  known->columns.emplace_back(column);
}

void SqlPolicy::noteSchemaChange() {
  if (facts_ != nullptr) facts_->changesSchema = true;
}

int SqlPolicy::authorize(int action, const char* first, const char* second, const char* database) {
  if (!watching_) return SQLITE_OK;
  const std::string_view a = view(first);
  const std::string_view b = view(second);
  if (action == SQLITE_ALTER_TABLE) {
    // Its arguments are the database, the table and, where others have the database, the column.
    if (facts_ != nullptr) facts_->altersTable = facts_->changesSchema = true;
    return allowIf(a == "main" && !isReservedName(b));
  }
  const std::string_view where = view(database);
  if (where == "temp") {  // ALTER TABLE looks at the temp schema; nothing else may
    return allowIf((action == SQLITE_READ || action == SQLITE_UPDATE) && isSchemaTable(a));
  }
  if (!where.empty() && where != "main") return SQLITE_DENY;
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_READ:
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
      if (isReservedName(a)) return SQLITE_DENY;
      note(action, a, b);
      return SQLITE_OK;
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_VIEW:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_VIEW:
      noteSchemaChange();
      return allowIf(!isReservedName(a));
    case SQLITE_REINDEX:
      return allowIf(!isReservedName(a));
    case SQLITE_ANALYZE:  // all tables, the hidden ones too (S4.8.3)
      return SQLITE_OK;
    case SQLITE_CREATE_INDEX:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_DROP_INDEX:
    case SQLITE_DROP_TRIGGER:
      noteSchemaChange();
      return allowIf(!isReservedName(a) && !isReservedName(b));
    case SQLITE_CREATE_VTABLE:
    case SQLITE_DROP_VTABLE:
      noteSchemaChange();
      return allowIf(!isReservedName(a) && isAllowedModule(b));
    case SQLITE_FUNCTION:
      return allowIf(isAllowedFunction(b));
    case SQLITE_PRAGMA:
      if (facts_ != nullptr) facts_->isPragma = true;
      return allowIf(isAllowedPragma(
          a, second == nullptr ? std::nullopt : std::optional<std::string_view>(b)));
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
      transactionRefused_ = true;
      return SQLITE_DENY;
    default:  // ATTACH, DETACH, temporary things, what SQLite adds later
      return SQLITE_DENY;
  }
}

bool renamesToReservedName(std::string_view sql) {
  std::string_view before;  // the two words before the one at hand, newest first
  std::string_view twoBefore;
  size_t at = 0;
  while (at < sql.size()) {
    const size_t start = sql.find_first_not_of(" \t\r\n\f\"'`[](),;", at);
    if (start == std::string_view::npos) return false;
    size_t end = sql.find_first_of(" \t\r\n\f\"'`[](),;", start);
    if (end == std::string_view::npos) end = sql.size();
    const std::string_view word = sql.substr(start, end - start);
    if (isReservedName(word) && equalsIgnoringCase(before, "to") &&
        equalsIgnoringCase(twoBefore, "rename")) {
      return true;
    }
    twoBefore = before;
    before = word;
    at = end;
  }
  return false;
}

}  // namespace holdfast::storage
