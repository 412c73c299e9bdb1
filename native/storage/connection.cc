#include "storage/connection.h"

#include <utility>

#include "storage/object_vfs.h"
#include "storage/sqlite_error.h"
#include "storage/sqlite_memory.h"

namespace holdfast::storage {
namespace {

constexpr int kBusyTimeoutMs = 10'000;  // somebody may look at the index from outside
constexpr int kLookasideBytes = 512;
constexpr int kLookasideSlots = 16;  // SQLite makes of it nine of these and 28 of 128 bytes
constexpr int kFlags =
    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;

// Before main(): SQLite must not have been used.
[[maybe_unused]] const int kMemoryIsSet = useSlabMemory();

struct Limit {
  int id;
  int value;
};

// Spec S4.10.
constexpr Limit kLimits[] = {{SQLITE_LIMIT_LENGTH, 8 << 20},
                             {SQLITE_LIMIT_SQL_LENGTH, 100'000},
                             {SQLITE_LIMIT_COLUMN, 100},
                             {SQLITE_LIMIT_VARIABLE_NUMBER, 100},
                             {SQLITE_LIMIT_EXPR_DEPTH, 100},
                             {SQLITE_LIMIT_COMPOUND_SELECT, 5},
                             {SQLITE_LIMIT_VDBE_OP, 25'000},
                             {SQLITE_LIMIT_FUNCTION_ARG, 127},
                             {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50},
                             {SQLITE_LIMIT_ATTACHED, 0},
                             {SQLITE_LIMIT_TRIGGER_DEPTH, 10},
                             {SQLITE_LIMIT_WORKER_THREADS, 0}};

}  // namespace

Result<std::unique_ptr<Connection>> Connection::openObject(ObjectFile& file, uint32_t cachePages) {
  sqlite3* db = nullptr;
  int code = openObjectFile(file, kFlags, &db);
  std::unique_ptr<Connection> connection(new Connection(db));
  if (code == SQLITE_OK) code = connection->configureObject(cachePages);
  return opened(std::move(connection), code, file.identity().path);
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Role role,
                                                     uint32_t cachePages) {
  sqlite3* db = nullptr;
  int code = sqlite3_open_v2(path.c_str(), &db, kFlags, nullptr);
  std::unique_ptr<Connection> connection(new Connection(db));
  if (code == SQLITE_OK) code = connection->configure(role, cachePages);
  return opened(std::move(connection), code, path);
}

Result<std::unique_ptr<Connection>> Connection::opened(std::unique_ptr<Connection> connection,
                                                       int code, const std::string& path) {
  if (code == SQLITE_OK) return connection;
  if (connection->db_ == nullptr) return Status(Code::kIo, "open " + path + ": out of memory");
  std::string why = sqliteMessage(connection->db_, code);
  if ((code & 0xff) == SQLITE_BUSY) why += "; another program has it open (wrangler dev?)";
  if (isDamageCode(code)) return Status(Code::kCorrupt, damageMessage(path, why));
  return Status(Code::kIo, "open " + path + ": " + why);
}

Connection::~Connection() {
  kept_ = {};
  sqlite3_close_v2(db_);
}

// In exclusive mode SQLite keeps its lock, and with it what it knows of the file, until a
// transaction ends in normal mode (https://sqlite.org/pragma.html#pragma_locking_mode).
int Connection::detach() {
  int code = run("PRAGMA locking_mode=NORMAL");
  if (code == SQLITE_OK) code = prepareKept(kept_.version, "PRAGMA schema_version");
  if (code == SQLITE_OK) code = runStatement(kept_.version.get());
  if (code != SQLITE_OK) return code;
  code = sqlite3_file_control(db_, "main", SQLITE_FCNTL_RESET_CACHE, nullptr);
  return code == SQLITE_OK ? attachObjectFile(db_, nullptr) : code;
}

int Connection::attach(ObjectFile& file) {
  const int code = attachObjectFile(db_, &file);
  wasMoved_ = true;
  return code == SQLITE_OK ? run("PRAGMA locking_mode=EXCLUSIVE") : code;
}

int Connection::prepareKept(Statement& kept, const char* sql) {
  return kept == nullptr ? prepare(sql, kept) : SQLITE_OK;
}

int Connection::configureObject(uint32_t cachePages) {
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  // SQLite's default would take 48 KiB for each object at once.
  sqlite3_db_config(db_, SQLITE_DBCONFIG_LOOKASIDE, nullptr, kLookasideBytes, kLookasideSlots);
  for (const Limit& limit : kLimits) sqlite3_limit(db_, limit.id, limit.value);
  const std::string pragmas =
      "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=MEMORY; "
      "PRAGMA synchronous=OFF; PRAGMA cache_size=" +
      std::to_string(cachePages);
  const int code = run(pragmas.c_str());
  // PRAGMA data_version begins at 2, as on workerd, which changes the journal mode first.
  sqlite3_file_control(db_, "main", SQLITE_FCNTL_RESET_CACHE, nullptr);
  policy_.install(db_);
  return code;
}

int Connection::configure(Role role, uint32_t cachePages) {
  sqlite3_busy_timeout(db_, kBusyTimeoutMs);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  const std::string cache = "PRAGMA cache_size=" + std::to_string(cachePages);
  const int code = run(cache.c_str());
  if (code != SQLITE_OK) return code;
  switch (role) {
    case Role::kIndex:
      return run("PRAGMA synchronous=FULL; PRAGMA journal_mode=WAL");
    case Role::kIndexSystem:
      return run("PRAGMA synchronous=OFF; PRAGMA journal_mode=WAL");
    case Role::kRecords:
      // EXTRA: the journal's name is gone for good, too; one that comes back undoes the commit.
      return run("PRAGMA synchronous=EXTRA; PRAGMA journal_mode=DELETE");
    case Role::kUnplaced:
      return run("PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF");
    case Role::kAdopt:
      // Rolls back a journal or copies a write-ahead log that was left, and flushes.
      return run(
          "PRAGMA synchronous=FULL; PRAGMA locking_mode=EXCLUSIVE; "
          "PRAGMA journal_mode=DELETE");
  }
  return SQLITE_MISUSE;
}

int Connection::run(const char* sql) { return sqlite3_exec(db_, sql, nullptr, nullptr, nullptr); }

int Connection::prepare(const char* sql, Statement& out) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  out.reset(statement);
  return code;
}

int Connection::runStatement(sqlite3_stmt* statement) {
  int code = SQLITE_ROW;
  while (code == SQLITE_ROW) code = sqlite3_step(statement);
  const int reset = sqlite3_reset(statement);
  return code == SQLITE_DONE ? SQLITE_OK : reset;
}

}  // namespace holdfast::storage
