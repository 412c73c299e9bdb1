// AlarmIndex: one namespace's `_cf_ALARM` table (spec S3.13.3): which object has an alarm, and
// when.
//
// It never says later than the object's own database, at any crash (S5.6.2): the flusher calls
// noteEarliest() before the commit with the alarm is durable and settle() afterwards. Each batch is
// one flushed transaction between begin() and end(). Thread: the flusher's (loadAll: any,
// start-up). Owner: the flusher. Failure: kIo with SQLite's text; the batch is undone.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/connection.h"
#include "storage/engine.h"

namespace holdfast::storage {

class AlarmIndex {
 public:
  static Result<std::unique_ptr<AlarmIndex>> open(const std::string& path, Connection::Role role);

  Status begin();
  // Lowers the entry to `at`, or makes it. True when the entry is now exactly `at`.
  Result<bool> noteEarliest(const std::string& idHex, TimestampMs at,
                            const std::optional<std::string>& actorName);
  // The entry as the object's durable state has it.
  Status settle(const std::string& idHex, std::optional<TimestampMs> at,
                const std::optional<std::string>& actorName);
  Status end();
  void abandon();

  Status loadAll(const std::string& uniqueKey, std::vector<StoredAlarm>& out);

 private:
  explicit AlarmIndex(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)) {}
  Status prepare();
  Status failed(int code);

  std::unique_ptr<Connection> connection_;
  Statement lower_;
  Statement set_;
  Statement remove_;
};

}  // namespace holdfast::storage
