#include "storage/sql_ingest.h"

#include <sqlite3.h>

#include <string>

namespace holdfast::storage {
namespace {

// Past the literal, the quoted name or the comment that begins at `at`; `at` itself when none does.
size_t skipQuoted(std::string_view sql, size_t at) {
  const auto past = [sql](std::string_view end, size_t from) {
    const size_t found = sql.find(end, from);
    return found == std::string_view::npos ? sql.size() : found + end.size();
  };
  switch (sql[at]) {
    case '\'':
    case '"':
    case '`':
      return past(sql.substr(at, 1), at + 1);
    case '[':
      return past("]", at + 1);
    case '-':
      return sql.substr(at, 2) == "--" ? past("\n", at + 2) : at;
    case '/':
      return sql.substr(at, 2) == "/*" ? past("*/", at + 2) : at;
    default:
      return at;
  }
}

}  // namespace

size_t completeStatementSize(std::string_view sql) {
  sql = sql.substr(0, sql.find('\0'));  // SQLite's text ends there
  for (size_t at = 0; at < sql.size();) {
    const size_t next = skipQuoted(sql, at);
    if (next > at) {
      at = next;
      continue;
    }
    ++at;
    // Semicolons inside a trigger do not end it: SQLite says which one does.
    if (sql[at - 1] == ';' && sqlite3_complete(std::string(sql.substr(0, at)).c_str()) == 1) {
      return at;
    }
  }
  return 0;
}

Result<Ingested> ingest(Database& database, std::string_view sql) {
  Ingested done;
  for (;;) {
    const std::string_view rest = sql.substr(done.bytes);
    const size_t size = completeStatementSize(rest);
    if (size == 0) return done;
    Result<std::unique_ptr<SqlCursor>> run = database.exec(rest.substr(0, size), {});
    if (!run.ok()) return run.status();
    const SqlCursor& cursor = *run.value();
    done.bytes += size;
    ++done.statements;
    done.rowsRead += cursor.rowsRead();
    done.rowsWritten += cursor.rowsWritten();
  }
}

}  // namespace holdfast::storage
