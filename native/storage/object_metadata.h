// ObjectMetadata: an object's `_cf_METADATA`: its alarm and its bookmark counter (spec S3.13.2, S5,
// S4.13.8). Internal to storage.
//
// Rows as workerd's: key 1 the alarm in nanoseconds since the epoch, key 2 the number that the next
// bookmark shows. Thread: the shard's. Owner: the Database.
#pragma once

#include <optional>
#include <string>

#include "base/ids.h"
#include "base/result.h"
#include "storage/hidden_table.h"
#include "storage/object_session.h"

namespace holdfast::storage {

// The row of the alarm.
inline constexpr int64_t kAlarmKey = 1;

class ObjectMetadata {
 public:
  explicit ObjectMetadata(ObjectSession& session);

  Result<std::optional<TimestampMs>> getAlarm();
  Status setAlarm(std::optional<TimestampMs> at);
  void setActorName(std::string name) { actorName_ = std::move(name); }

  // What the commit must tell the alarm index; nullopt: the alarm was not touched since the last
  // call.
  Result<std::optional<RecordedAlarm>> takeAlarmChange();
  void dropAlarmChange() { touched_ = false; }

  // Each call gives a later one.
  Result<std::string> bookmark();

 private:
  Result<std::optional<int64_t>> read(int64_t key);
  Status write(int64_t key, int64_t value);
  Status remove(int64_t key);
  Status run(sqlite3_stmt* statement);

  ObjectSession& session_;
  HiddenTable table_;
  std::optional<std::string> actorName_;
  uint64_t cachedEpoch_ = 0;  // of alarm_
  std::optional<TimestampMs> alarm_;
  bool touched_ = false;
};

}  // namespace holdfast::storage
