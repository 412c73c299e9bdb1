// DatabaseCheck: looks at a SQLite database without changing anything, not even beside it.
//
// Contract: open() takes a file as it lies, with the write-ahead log that another runtime may have
// left; openReplayed() an object as the commit log leaves it. Nobody may write the file meanwhile.
// integrity() reads all of it. What no check can see: a changed byte inside a stored value.
// Thread: one. Failure: kCorrupt with what SQLite says; kUnsupported: a rollback journal was left,
// and the database is only whole once it is rolled back.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/engine.h"
#include "storage/log_replay.h"
#include "sys/file_system.h"

namespace holdfast::storage {

class DatabaseCheck {
 public:
  static Result<DatabaseCheck> open(sys::FileSystem& files, const std::string& path);
  static Result<DatabaseCheck> openReplayed(sys::FileSystem& files,
                                            const LogReplay::Object& object);

  Status integrity();
  // The alarm that an object has stored (spec S3.13.2).
  Result<std::optional<TimestampMs>> alarm();
  // The rows of an alarm index (S3.13.3).
  Result<std::vector<StoredAlarm>> alarms();

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  explicit DatabaseCheck(sqlite3* db) : db_(db) {}
  static Result<DatabaseCheck> opened(sqlite3* db, int code);
  [[nodiscard]] Status failed(int code) const;
  // False: there is no such table.
  Result<bool> hasTable(const char* name);

  std::unique_ptr<sqlite3, Close> db_;
};

}  // namespace holdfast::storage
