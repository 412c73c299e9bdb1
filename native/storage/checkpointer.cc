#include "storage/checkpointer.h"

#include <thread>
#include <utility>

#include "storage/sqlite_error.h"

namespace holdfast::storage {
namespace {

constexpr uint32_t kCachePages = 8;
constexpr int kPassesMax = 3;
constexpr int kTriesWhenHolding =
    10'000;  // between two transactions of a busy shard lie microseconds

bool enterCut(CheckpointGate& gate, int tries) {
  for (int i = 0; i < tries; ++i) {
    if (gate.tryCut()) return true;
    std::this_thread::yield();
  }
  return false;
}

Status failed(Connection& connection, int code) {
  const int primary = code & 0xff;
  const bool damaging = primary == SQLITE_IOERR || primary == SQLITE_CORRUPT;
  return {damaging ? Code::kIo : Code::kResourceExhausted,
          std::string("checkpoint ") + sqlite3_db_filename(connection.db(), "main") + ": " +
              sqliteMessage(connection.db(), code)};
}

}  // namespace

Result<std::unique_ptr<Connection>> Checkpointer::open(const ObjectRecord& record) {
  Result<std::unique_ptr<Connection>> connection =
      Connection::open(record.path, Connection::Role::kCheckpoint, kCachePages);
  if (!connection.ok()) return Status(Code::kResourceExhausted, connection.status().message());
  if (!options_.flush) {
    const int code = connection.value()->run("PRAGMA synchronous=OFF");
    if (code != SQLITE_OK) return failed(*connection.value(), code);
  }
  return connection;
}

// A new snapshot at the WAL's present end; the old one goes after it stands.
Status Checkpointer::movePin(ObjectRecord& record) {
  Result<std::unique_ptr<Connection>> pin = open(record);
  if (!pin.ok()) return pin.status();
  const int code = pin.value()->run("BEGIN; SELECT 1 FROM sqlite_schema");
  if (code != SQLITE_OK) return failed(*pin.value(), code);
  record.pin = std::move(pin).value();
  return {};
}

// True when every frame is in the database file.
Result<bool> Checkpointer::copyAll(Connection& connection) {
  int frames = 0;
  int copied = 0;
  const int code = sqlite3_wal_checkpoint_v2(connection.db(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                             &frames, &copied);
  if (code != SQLITE_OK) return failed(connection, code);
  return frames == copied;
}

Status Checkpointer::cut(Connection& connection) {
  const int code = sqlite3_wal_checkpoint_v2(connection.db(), nullptr, SQLITE_CHECKPOINT_TRUNCATE,
                                             nullptr, nullptr);
  if (code == SQLITE_OK) return {};
  if ((code & 0xff) != SQLITE_BUSY) return failed(connection, code);
  // A reader from outside (a shell) holds on. A commit with flushing leaves the WAL either
  // restarted properly or not wholly copied: in both cases the shard's next write does not
  // overwrite it.
  const int touched = connection.run("BEGIN IMMEDIATE; PRAGMA user_version=0; COMMIT");
  return touched == SQLITE_OK ? Status() : failed(connection, touched);
}

Result<Checkpointer::Outcome> Checkpointer::checkpoint(ObjectRecord& record) {
  const std::string wal = record.path + "-wal";
  std::unique_ptr<Connection> connection;
  for (int pass = 0; pass < kPassesMax; ++pass) {
    const Result<uint64_t> before = files_.fileSize(wal);
    if (!before.ok()) return before.status();
    if (before.value() == 0) {
      record.pin.reset();
      return Outcome::kCut;
    }
    if (connection == nullptr) {
      Result<std::unique_ptr<Connection>> opened = open(record);
      if (!opened.ok()) return opened.status();
      connection = std::move(opened).value();
    }
    Result<bool> whole = false;
    if (record.pin != nullptr) whole = copyAll(*connection);
    if (whole.ok() && !whole.value()) {
      Status moved = movePin(record);
      if (!moved.ok()) return moved;
      whole = copyAll(*connection);
    }
    if (!whole.ok()) return whole.status();
    const bool holding = options_.cutHoldingBytes != 0 && before.value() > options_.cutHoldingBytes;
    if (!whole.value() && !holding) continue;
    if (!enterCut(record.gate, holding ? kTriesWhenHolding : 1)) return Outcome::kLater;
    const Result<uint64_t> now = files_.fileSize(wal);
    const bool quiet = now.ok() && now.value() == before.value();
    if (!quiet && !holding) {
      record.gate.endCut();
      continue;
    }
    record.pin.reset();
    Status done = cut(*connection);
    record.gate.endCut();
    if (!done.ok()) return done;
    return Outcome::kCut;
  }
  return Outcome::kLater;
}

}  // namespace holdfast::storage
