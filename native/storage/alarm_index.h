// AlarmIndex: one namespace's `_cf_ALARM` table (spec S3.13.3): which object has an alarm, and
// when.
//
// It learns what an object's records say before they leave the log, and recovery tells it what the
// log still holds; so at start-up it never says later than the object's own database (S5.6.2). Each
// batch is one transaction between begin() and end(), flushed when the role flushes. Thread: the
// checkpointer's (start-up: the one that opens the engine). Owner: AlarmIndexes. Failure: kIo with
// SQLite's text; the batch is undone.
//
// An index of SQLite's, by time and id and with the names, lets readAfter() read what it gives and
// no more. It is made where it is missing; workerd keeps it like any other.
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
  // Makes, changes or (without `at`) removes the entry. A name that is not given stays as it was.
  Status settle(const std::string& idHex, std::optional<TimestampMs> at,
                const std::optional<std::string>& actorName);
  Status end();
  void abandon();

  // Appends the first alarms after that position, in order, at most `most`.
  Status readAfter(const AlarmPosition& after, size_t most, const std::string& uniqueKey,
                   std::vector<StoredAlarm>& out);

  // Shown to tests.
  static constexpr const char* kReadAfter =
      "SELECT actor_id, scheduled_time, actor_name FROM _cf_ALARM "
      "WHERE (scheduled_time, actor_id) > (?1, ?2) ORDER BY scheduled_time, actor_id LIMIT ?3";

 private:
  explicit AlarmIndex(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)) {}
  Status prepare();
  int prepareOrder();
  Status failed(int code);

  std::unique_ptr<Connection> connection_;
  Statement set_;
  Statement remove_;
  Statement readAfter_;
};

}  // namespace holdfast::storage
