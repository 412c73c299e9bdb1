// Recovery: brings the database files up to the end of the log, at start-up.
//
// Happy path: find the segments that hold records which may be missing in files (the newest segment
// says up to where none is) -> read them in order and apply their records to the pages of their
// objects -> flush the log as it was read -> write the pages into the files, flush, store the
// alarms. The log keeps its records; the caller retires it. A crash at any moment here is
// recovered from by doing it again.
//
// The ways it fails: a torn tail is left out, nothing in it was acknowledged. Damage anywhere else,
// or a missing segment, is kCorrupt with a message that says where and what is still readable:
// nothing is written then. The same where another program has changed a file that the log has
// commits for. A record of a later version: kUnsupported.
//
// Memory: the pages that the log touches, which overlayBytesMax and logBytesMax bound. Thread:
// start-up.
//
// readLog() is the part that changes nothing, also for whoever only looks (verify.h).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/alarm_store.h"
#include "storage/log_replay.h"
#include "sys/file_system.h"

namespace holdfast::storage {

struct RecoveryReport {
  uint64_t segments = 0;  // read
  uint64_t bytes = 0;
  uint64_t commits = 0;  // applied
  uint64_t objects = 0;
  bool torn = false;
  Lsn last = 0;  // the highest LSN of the log; 0: there is no log
  std::vector<LogReplay::Restored> restored;
};

struct SegmentFile {
  Lsn first = 0;
  std::string name;
};
// Of a log's directory, by first LSN.
Result<std::vector<SegmentFile>> segmentsOf(sys::FileSystem& files, const std::string& directory);

// Applies the log to `replay`, in memory.
Result<RecoveryReport> readLog(sys::FileSystem& files, const std::string& dataDir,
                               LogReplay& replay);

// Whether another program (workerd) opened the object's file after the commits that the log holds
// were made: the two do not go together any more.
bool isChangedByAnother(sys::FileSystem& files, const LogReplay::Object& object);

enum class Flush { kYes, kNo };
// `beforeWrite` is told whose files are about to be written.
Result<RecoveryReport> recoverLog(
    sys::FileSystem& files, const std::string& dataDir, Flush flush, AlarmStore& alarms,
    const std::function<Status(const std::vector<ObjectName>&)>& beforeWrite = nullptr);

}  // namespace holdfast::storage
