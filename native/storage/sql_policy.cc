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

bool isNameByte(char c) {
  return c == '_' || c == '$' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

// The length of the white space or comment that `sql` begins with.
size_t gapSize(std::string_view sql) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";  // white space to SQLite
  if (sql.starts_with(kByteOrderMark)) return kByteOrderMark.size();
  if (sql.starts_with("--")) return std::min(sql.find('\n'), sql.size());
  if (sql.starts_with("/*")) {
    const size_t end = sql.find("*/", 2);
    return end == std::string_view::npos ? sql.size() : end + 2;
  }
  return std::min(sql.find_first_not_of(" \t\r\n\f\v"), sql.size());
}

// Takes a name, a quoted text or another character off `sql`; empty at its end.
std::string_view takeWord(std::string_view& sql) {
  for (size_t gap = gapSize(sql); gap > 0; gap = gapSize(sql)) sql.remove_prefix(gap);
  if (sql.empty()) return {};
  size_t end = 1;
  const char first = sql.front();
  if (first == '"' || first == '\'' || first == '`' || first == '[') {
    end = std::min(sql.find(first == '[' ? ']' : first, 1), sql.size() - 1) + 1;
  } else if (isNameByte(first)) {
    while (end < sql.size() && isNameByte(sql[end])) ++end;
  }
  const std::string_view word = sql.substr(0, end);
  sql.remove_prefix(end);
  return word;
}

std::string_view withoutQuote(std::string_view word) {
  return isNameByte(word.front()) ? word : word.substr(1);
}

int authorizeForward(void* policy, int action, const char* first, const char* second,
                     const char* database, const char* /*trigger*/) {
  return static_cast<SqlPolicy*>(policy)->authorize(action, first, second, database);
}

}  // namespace

void SqlPolicy::install(sqlite3* db) { sqlite3_set_authorizer(db, authorizeForward, this); }

int SqlPolicy::pragma(std::string_view name, std::optional<std::string_view> argument) {
  if (facts_ != nullptr) {
    facts_->isPragma = true;
    facts_->changesSettings = isSettingPragma(name, argument);
  }
  return allowIf(isAllowedPragma(name, argument));
}

int SqlPolicy::authorize(int action, const char* first, const char* second, const char* database) {
  if (!watching_) return SQLITE_OK;
  const std::string_view a = view(first);
  const std::string_view b = view(second);
  if (action == SQLITE_ALTER_TABLE) {
    // Its arguments are the database, the table and, where others have the database, the column.
    if (facts_ != nullptr) facts_->altersTable = true;
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
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_VIEW:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_VIEW:
    case SQLITE_REINDEX:
      return allowIf(!isReservedName(a));
    case SQLITE_ANALYZE:  // all tables, the hidden ones too (S4.8.3)
      return SQLITE_OK;
    case SQLITE_CREATE_INDEX:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_DROP_INDEX:
    case SQLITE_DROP_TRIGGER:
      return allowIf(!isReservedName(a) && !isReservedName(b));
    case SQLITE_CREATE_VTABLE:
    case SQLITE_DROP_VTABLE:
      return allowIf(!isReservedName(a) && isAllowedModule(b));
    case SQLITE_FUNCTION:
      if (facts_ != nullptr && isVaryingFunction(b)) facts_->varies = true;
      return allowIf(isAllowedFunction(b));
    case SQLITE_PRAGMA:
      return pragma(a, second == nullptr ? std::nullopt : std::optional<std::string_view>(b));
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
  for (std::string_view word = takeWord(sql); !word.empty(); word = takeWord(sql)) {
    const bool isTarget =
        equalsIgnoringCase(before, "to") && equalsIgnoringCase(twoBefore, "rename");
    if (isTarget && isReservedName(withoutQuote(word))) return true;
    twoBefore = before;
    before = word;
  }
  return false;
}

}  // namespace holdfast::storage
