// An engine on a SimulatedDisk, stepped by hand, that retains history; and what its objects were
// after each of their commits.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "storage/database.h"
#include "storage/engine_fixture.h"
#include "storage/history.h"
#include "storage/sqlite_engine.h"
#include "support/simulated_disk.h"
#include "sys/clock.h"

namespace holdfast::storage::testing {

class QuietSink final : public DurabilitySink {
 public:
  void onDurable(Lsn) override {}
  void onFlushFailed(const Status&) override {}
};

// Everything in the database, as text.
inline std::string dumpOf(Database& db) {
  std::string out;
  Result<std::unique_ptr<KvCursor>> rows = db.list({});
  if (!rows.ok()) return "error: " + rows.status().message();
  for (;;) {
    const Result<bool> more = rows.value()->next();
    if (!more.ok()) return "error: " + more.status().message();
    if (!more.value()) break;
    out.append(rows.value()->key()).append("=").append(rows.value()->value()).append(";");
  }
  for (const char* table : {"t", "u"}) {
    const std::string found =
        sql(db, "SELECT id, n, length(p) FROM " + std::string(table) + " ORDER BY id");
    if (!found.starts_with("error")) out += std::string(table) + ": " + found + ";";
  }
  return out;
}

class HistoryWorld {
 private:
  QuietSink sink_;  // outlives the engine

 public:
  using Disk = holdfast::testing::SimulatedDisk;
  explicit HistoryWorld(Disk& disk) : disk_(disk) {
    options.dataDir = "data";
    options.retentionMs = 1'000;
    options.segmentBytes = 2'000;
    options.logReserveBytes = 1'000;
  }

  Status open() {
    Result<std::unique_ptr<SqliteEngine>> opened = SqliteEngine::open(
        options, sink_, {.files = disk_, .clock = clock, .threads = SqliteEngine::Threads::kNone});
    if (opened.ok()) engine = std::move(opened).value();
    return opened.status();
  }
  void close() {
    databases_.clear();
    engine.reset();
  }

  // Open since open(digit); nullptr: that failed.
  Database* db(char digit) {
    std::unique_ptr<Database>& found = databases_[digit];
    if (found == nullptr) {
      Result<std::unique_ptr<Database>> opened = engine->openDatabase(objectNamed(digit));
      if (opened.ok()) found = std::move(opened).value();
    }
    return found.get();
  }
  void leave(char digit) { databases_.erase(digit); }
  Status put(char digit, const std::string& key, const std::string& value) {
    Database* database = db(digit);
    if (database == nullptr) return {Code::kIo, "it does not open"};
    Status put = database->put(key, value);
    return put.ok() ? database->commit().status() : put;
  }
  // False: the log failed.
  bool flush() {
    while (engine->log().durable() < engine->log().last()) {
      const Lsn before = engine->log().durable();
      engine->flushOnce();
      if (engine->log().durable() == before) return false;
    }
    return true;
  }
  Status checkpoint(ObjectFiles::Which which = ObjectFiles::Which::kAll) {
    if (!flush()) return {Code::kIo, "the log failed"};
    return engine->checkpointOnce(which).status();
  }
  Status restore(char digit, Lsn lsn) {
    if (!flush()) return {Code::kIo, "the log failed"};
    return engine->history()->prepareRestore(objectNamed(digit), lsn);
  }

  sys::ManualClock clock;
  EngineOptions options;
  std::unique_ptr<SqliteEngine> engine;

 private:
  Disk& disk_;
  std::map<char, std::unique_ptr<Database>> databases_;
};

}  // namespace holdfast::storage::testing
