// AlarmStore: where the alarms that commits carried are kept once their records leave the log.
//
// Contract: store() is durable on return. At start-up what the log says goes over what the store
// says. Thread: the checkpointer's (recovery: start-up).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "storage/engine.h"
#include "storage/log_record.h"

namespace holdfast::storage {

// An alarm that the index of its namespace must learn.
struct AlarmUpdate {
  ObjectName object;
  RecordedAlarm alarm;
  Lsn oldest = 0;  // of the records that set it, which the log must keep until then; 0: none did
  Lsn newest = 0;  // must be durable first
};

class AlarmStore {
 public:
  virtual ~AlarmStore() = default;
  virtual Status store(const std::vector<AlarmUpdate>& updates) = 0;
};

}  // namespace holdfast::storage
