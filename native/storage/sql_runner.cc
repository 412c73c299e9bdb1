#include "storage/sql_runner.h"

#include <algorithm>
#include <string>
#include <utility>

#include "storage/sql_names.h"

namespace holdfast::storage {
namespace {

constexpr size_t kCacheTextBytesMax = 1U << 20U;
constexpr uint64_t kEmptyDatabaseBytes = 4096;

constexpr const char* kTransactionRefused =
    "To execute a transaction, please use the state.storage.transaction() or "
    "state.storage.transactionSync() APIs instead of the SQL BEGIN TRANSACTION or SAVEPOINT "
    "statements. The JavaScript API is safer because it will automatically roll back on "
    "exceptions, and because it interacts correctly with Durable Objects' automatic atomic write "
    "coalescing.";
constexpr const char* kNoStatement = "SQL code did not contain a statement.";
constexpr const char* kParametersBeforeLast =
    "When executing multiple SQL statements in a single call, only the last statement can have "
    "parameters.";
constexpr const char* kWrongBindings = "Wrong number of parameter bindings for SQL query.";

bool containsIgnoringCase(std::string_view text, std::string_view word) {
  for (size_t at = 0; at + word.size() <= text.size(); ++at) {
    if (equalsIgnoringCase(text.substr(at, word.size()), word)) return true;
  }
  return false;
}

std::string_view withoutLeadingSpace(std::string_view text) {
  const size_t start = text.find_first_not_of(" \t\r\n\f\v");
  return start == std::string_view::npos ? std::string_view() : text.substr(start);
}

}  // namespace

SqlRunner::SqlRunner(ObjectSession& session) : session_(session), cache_(kCacheTextBytesMax) {}

void SqlRunner::close() {
  cache_.clear();
  size_.reset();
}

Result<std::unique_ptr<SqlCursor>> SqlRunner::exec(std::string_view query,
                                                   const std::vector<SqlValue>& bindings) {
  Status open = session_.openOrCreate();
  if (!open.ok()) return open;
  StatementCache::Lease kept = cache_.take(query);
  if (kept) return runLast(std::move(kept), bindings, Origin::kCache);
  // Pragmas act while they are compiled.
  if (containsIgnoringCase(query, "pragma")) session_.beforeChange();
  // The flag is set while the pragma is compiled and falls with the transaction. S4.9.2: inside of
  // one, a savepoint too, foreign_keys does nothing.
  const bool isInside = session_.savepointDepth() > 0;
  if (containsIgnoringCase(query, isInside ? "foreign_keys" : "defer_foreign_keys")) {
    Status begun = session_.begin();
    if (!begun.ok()) return begun;
  }
  std::string_view rest = query;
  for (bool first = true;; first = false) {
    Result<Compiled> next = compile(rest);
    if (!next.ok()) return next.status();
    Compiled compiled = std::move(next).value();
    rest = compiled.rest;
    if (rest.empty()) {
      // Some pragmas act while they are compiled, so they are compiled each time.
      const bool keep = first && !compiled.statement->facts.isPragma;
      return runLast(keep ? cache_.keep(query, std::move(compiled.statement))
                          : StatementCache::Lease(std::move(compiled.statement)),
                     bindings, Origin::kCompiled);
    }
    Status run = runToEnd(*compiled.statement);
    if (!run.ok()) return run;
  }
}

Result<std::unique_ptr<SqlCursor>> SqlRunner::execShape(uint64_t shape,
                                                        const std::vector<SqlValue>& bindings) {
  Status open = session_.openOrCreate();
  if (!open.ok()) return open;
  StatementCache::Lease kept = cache_.takeShape(shape);
  if (!kept) return std::unique_ptr<SqlCursor>();
  return runLast(std::move(kept), bindings, Origin::kCache);
}

Result<SqlRunner::Compiled> SqlRunner::compile(std::string_view sql) {
  Compiled compiled;
  compiled.statement = std::make_unique<CompiledStatement>();
  Connection& connection = session_.connection();
  sqlite3_stmt* statement = nullptr;
  const char* tail = nullptr;
  int code = SQLITE_OK;
  {
    const SqlPolicy::Scope scope(connection.policy(), &compiled.statement->facts);
    code = sqlite3_prepare_v3(connection.db(), notNull(sql), static_cast<int>(sql.size()),
                              SQLITE_PREPARE_PERSISTENT, &statement, &tail);
  }
  compiled.statement->statement.reset(statement);
  if (code != SQLITE_OK) {
    if (connection.policy().transactionRefused()) return Status(Code::kSql, kTransactionRefused);
    return session_.failed(code);
  }
  if (statement == nullptr) return Status(Code::kSql, kNoStatement);
  if (compiled.statement->facts.changesSettings) session_.pin();
  if (compiled.statement->facts.altersTable && renamesToReservedName(sqlite3_sql(statement))) {
    return Status(Code::kSql, "not authorized: SQLITE_AUTH");
  }
  compiled.rest = withoutLeadingSpace(sql.substr(static_cast<size_t>(tail - sql.data())));
  return compiled;
}

Status SqlRunner::runToEnd(CompiledStatement& compiled) {
  sqlite3_stmt* statement = compiled.statement.get();
  if (sqlite3_bind_parameter_count(statement) > 0) return {Code::kSql, kParametersBeforeLast};
  const bool writes = sqlite3_stmt_readonly(statement) == 0;
  if (writes) {
    Status begun = session_.begin();
    if (!begun.ok()) return begun;
  }
  sqlite3* db = session_.connection().db();
  const int64_t before = sqlite3_total_changes64(db);
  int code = SQLITE_ROW;
  {
    const SqlPolicy::Scope scope(session_.connection().policy(), nullptr);
    while (code == SQLITE_ROW) code = sqlite3_step(statement);
  }
  // One that fails may keep what it did before: INSERT OR FAIL, RAISE(FAIL).
  if (writes && (code == SQLITE_DONE || sqlite3_total_changes64(db) != before)) session_.wrote();
  if (code != SQLITE_DONE) return session_.failed(code);
  return {};
}

Result<std::unique_ptr<SqlCursor>> SqlRunner::runLast(StatementCache::Lease lease,
                                                      const std::vector<SqlValue>& bindings,
                                                      Origin origin) {
  sqlite3_stmt* statement = lease.statement();
  if (static_cast<size_t>(sqlite3_bind_parameter_count(statement)) != bindings.size()) {
    return Status(Code::kSql, kWrongBindings);
  }
  Status bound = bind(statement, bindings);
  if (!bound.ok()) return bound;
  if (sqlite3_stmt_readonly(statement) == 0) {
    Status begun = session_.begin();
    if (!begun.ok()) return begun;
  }
  auto cursor = std::make_unique<SqliteCursor>(session_, std::move(lease), origin);
  Status started = cursor->start(*this);
  if (!started.ok()) return started;
  return std::unique_ptr<SqlCursor>(std::move(cursor));
}

Status SqlRunner::bind(sqlite3_stmt* statement, const std::vector<SqlValue>& bindings) {
  // A reading cursor may outlive the bindings; a writing one has used them when exec() returns.
  const sqlite3_destructor_type copies =
      sqlite3_stmt_readonly(statement) != 0 ? SQLITE_TRANSIENT : SQLITE_STATIC;
  int index = 0;
  for (const SqlValue& value : bindings) {
    ++index;
    int code = SQLITE_OK;
    if (const auto* text = std::get_if<std::string>(&value)) {
      code =
          sqlite3_bind_text64(statement, index, notNull(*text), text->size(), copies, SQLITE_UTF8);
    } else if (const auto* real = std::get_if<double>(&value)) {
      code = sqlite3_bind_double(statement, index, *real);
    } else if (const auto* integer = std::get_if<int64_t>(&value)) {
      code = sqlite3_bind_int64(statement, index, *integer);
    } else if (const auto* blob = std::get_if<Blob>(&value)) {
      code =
          sqlite3_bind_blob64(statement, index, notNull(blob->bytes), blob->bytes.size(), copies);
    } else {
      code = sqlite3_bind_null(statement, index);
    }
    if (code != SQLITE_OK) return session_.failed(code);
  }
  return {};
}

Result<uint64_t> SqlRunner::databaseSize() {
  const Result<bool> open = session_.openExisting();
  if (!open.ok()) return open.status();
  if (!open.value()) return kEmptyDatabaseBytes;
  Connection& connection = session_.connection();
  if (size_ == nullptr) {
    const int code = connection.prepare(
        "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, "
        "pragma_freelist_count, pragma_page_size",
        size_);
    if (code != SQLITE_OK) return session_.failed(code);
  }
  const ResetOnExit reset(size_.get());
  const int code = sqlite3_step(size_.get());
  if (code != SQLITE_ROW) return session_.failed(code);
  return std::max(kEmptyDatabaseBytes, static_cast<uint64_t>(sqlite3_column_int64(size_.get(), 0)));
}

Status SqlRunner::setPageCountMax(uint32_t pages) {
  Status open = session_.openOrCreate();
  if (!open.ok()) return open;
  session_.pin();
  const std::string pragma = "PRAGMA max_page_count = " + std::to_string(pages);
  const int code =
      sqlite3_exec(session_.connection().db(), pragma.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? Status() : session_.failed(code);
}

}  // namespace holdfast::storage
