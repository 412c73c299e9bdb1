#include "storage/kv_table.h"

#include <utility>

#include "storage/database_image.h"
#include "storage/kv_range.h"

namespace holdfast::storage {
namespace {

// Where a table is its own only index REPLACE looks the key up once and writes over the row; an
// upsert looks it up three times.
constexpr const char* kPut = "REPLACE INTO _cf_KV(key, value) VALUES(?1, ?2)";
constexpr const char* kRemove = "DELETE FROM _cf_KV WHERE key = ?1";
constexpr size_t kListTextBytesMax = 4096;  // four texts exist

// ?1 from, ?2 to (where there is an end), ?3 limit.
const char* listSql(bool bounded, bool reverse) {
  if (bounded) {
    return reverse ? "SELECT key, value FROM _cf_KV WHERE key >= ?1 AND key < ?2 "
                     "ORDER BY key DESC LIMIT ?3"
                   : "SELECT key, value FROM _cf_KV WHERE key >= ?1 AND key < ?2 "
                     "ORDER BY key LIMIT ?3";
  }
  return reverse ? "SELECT key, value FROM _cf_KV WHERE key >= ?1 ORDER BY key DESC LIMIT ?3"
                 : "SELECT key, value FROM _cf_KV WHERE key >= ?1 ORDER BY key LIMIT ?3";
}

// A key that is too long is refused when it is bound.
int stepWithKey(sqlite3_stmt* statement, std::string_view key) {
  const int code =
      sqlite3_bind_text64(statement, 1, notNull(key), key.size(), SQLITE_STATIC, SQLITE_UTF8);
  return code == SQLITE_OK ? sqlite3_step(statement) : code;
}

class EmptyKvCursor final : public KvCursor {
 public:
  Result<bool> next() override { return false; }
  [[nodiscard]] std::string_view key() const override { return {}; }
  [[nodiscard]] std::string_view value() const override { return {}; }
};

class TableKvCursor final : public KvCursor, private OpenCursor {
 public:
  TableKvCursor(ObjectSession& session, StatementCache::Lease lease)
      : session_(&session), lease_(std::move(lease)) {
    session_->track(this);
  }
  ~TableKvCursor() override { finish(); }
  TableKvCursor(const TableKvCursor&) = delete;
  TableKvCursor& operator=(const TableKvCursor&) = delete;

  // The first row is the one that is first now, whatever is written before next() (S3.11.3).
  Status start() {
    Result<bool> first = step();
    if (!first.ok()) return first.status();
    isAtFirst_ = first.value();
    return {};
  }

  Result<bool> next() override {
    if (!cancelled_.ok()) return cancelled_;
    if (std::exchange(isAtFirst_, false)) return true;
    return step();
  }
  [[nodiscard]] std::string_view key() const override { return bytes(0); }
  [[nodiscard]] std::string_view value() const override { return bytes(1); }

 private:
  Result<bool> step() {
    if (!lease_) return false;
    const int code = sqlite3_step(lease_.statement());
    if (code == SQLITE_ROW) return true;
    Status status;
    if (code != SQLITE_DONE) status = session_->failed(code);
    finish();
    if (!status.ok()) return status;
    return false;
  }
  [[nodiscard]] std::string_view bytes(int column) const {
    return lease_ ? columnBytes(lease_.statement(), column) : std::string_view();
  }
  void finish() {
    lease_.end();
    if (session_ != nullptr) session_->untrack(this);
  }
  void beforeChange() override {}  // it is read row by row
  void cancel(const Status& why) override {
    lease_.end();
    session_ = nullptr;
    cancelled_ = why;
  }

  ObjectSession* session_;
  StatementCache::Lease lease_;
  Status cancelled_;
  bool isAtFirst_ = false;
};

}  // namespace

KvTable::KvTable(ObjectSession& session)
    : session_(session),
      table_(kKvTableSql, kKvGetSql, kvDatabaseImage(), &OwnSchema::hasKv),
      lists_(kListTextBytesMax) {}

void KvTable::close() { lists_.clear(); }

Result<std::optional<std::string>> KvTable::get(std::string_view key) {
  const Result<bool> exists = table_.exists(session_);
  if (!exists.ok()) return exists.status();
  if (!exists.value()) return std::optional<std::string>();
  const Result<sqlite3_stmt*> statement = session_.kept(&Connection::Kept::kvGet, kKvGetSql);
  if (!statement.ok()) return statement.status();
  const ResetOnExit reset(statement.value());
  const int code = stepWithKey(statement.value(), key);
  if (code == SQLITE_ROW) {
    return std::optional<std::string>(std::in_place, columnBytes(statement.value(), 0));
  }
  if (code != SQLITE_DONE) return session_.failed(code);
  return std::optional<std::string>();
}

Status KvTable::put(std::string_view key, std::string_view value) {
  Status ready = table_.ensure(session_);
  if (!ready.ok()) return ready;
  const Result<sqlite3_stmt*> statement = session_.kept(&Connection::Kept::kvPut, kPut);
  if (!statement.ok()) return statement.status();
  const ResetOnExit reset(statement.value());
  sqlite3_stmt* put = statement.value();
  int code = sqlite3_bind_text64(put, 1, notNull(key), key.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code == SQLITE_OK) {
    code = sqlite3_bind_blob64(put, 2, notNull(value), value.size(), SQLITE_STATIC);
  }
  if (code == SQLITE_OK) code = sqlite3_step(put);
  if (code != SQLITE_DONE) return session_.failed(code);
  session_.wrote();
  return {};
}

Result<bool> KvTable::contains(std::string_view key) {
  const Result<bool> exists = table_.exists(session_);
  if (!exists.ok() || !exists.value()) return exists;
  const Result<sqlite3_stmt*> statement = session_.kept(&Connection::Kept::kvGet, kKvGetSql);
  if (!statement.ok()) return statement.status();
  const ResetOnExit reset(statement.value());
  const int code = stepWithKey(statement.value(), key);
  if (code != SQLITE_ROW && code != SQLITE_DONE) return session_.failed(code);
  return code == SQLITE_ROW;
}

// Looks first, so that removing what is not there neither makes a database nor begins a
// transaction.
Result<bool> KvTable::remove(std::string_view key) {
  Result<bool> there = contains(key);
  if (!there.ok() || !there.value()) return there;
  Status begun = session_.begin();
  if (!begun.ok()) return begun;
  const Result<sqlite3_stmt*> statement = session_.kept(&Connection::Kept::kvRemove, kRemove);
  if (!statement.ok()) return statement.status();
  const ResetOnExit reset(statement.value());
  bindText(statement.value(), 1, key);
  const int code = sqlite3_step(statement.value());
  if (code != SQLITE_DONE) return session_.failed(code);
  session_.wrote();
  return true;
}

Result<std::unique_ptr<KvCursor>> KvTable::list(const ListOptions& options) {
  const KvRange range = rangeOf(options);
  const Result<bool> exists = table_.exists(session_);
  if (!exists.ok()) return exists.status();
  if (!exists.value() || range.empty()) {
    return std::unique_ptr<KvCursor>(std::make_unique<EmptyKvCursor>());
  }
  const char* sql = listSql(range.to.has_value(), options.reverse);
  StatementCache::Lease lease = lists_.take(sql);
  if (!lease) {
    auto compiled = std::make_unique<CompiledStatement>();
    const int code = session_.connection().prepare(sql, compiled->statement);
    if (code != SQLITE_OK) return session_.failed(code);
    lease = lists_.keep(sql, std::move(compiled));
  }
  sqlite3_stmt* statement = lease.statement();
  // The cursor outlives the options: SQLite keeps copies.
  int code = sqlite3_bind_text64(statement, 1, notNull(range.from), range.from.size(),
                                 SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code == SQLITE_OK && range.to) {
    code = sqlite3_bind_text64(statement, 2, notNull(*range.to), range.to->size(), SQLITE_TRANSIENT,
                               SQLITE_UTF8);
  }
  if (code != SQLITE_OK) return session_.failed(code);
  constexpr uint64_t kLimitMax = INT64_MAX;
  const int64_t limit =
      options.limit && *options.limit <= kLimitMax ? static_cast<int64_t>(*options.limit) : -1;
  sqlite3_bind_int64(statement, 3, limit);
  auto cursor = std::make_unique<TableKvCursor>(session_, std::move(lease));
  Status started = cursor->start();
  if (!started.ok()) return started;
  return std::unique_ptr<KvCursor>(std::move(cursor));
}

}  // namespace holdfast::storage
