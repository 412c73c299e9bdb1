// LogHistory: the segments of the archive and those that the log still keeps, as one sequence of
// commits.
//
// Contract: segments() lists them, oldest first, without a gap; visit() reads one and says kCorrupt
// when it does not hold every commit that it must. A segment that is archived meanwhile is found in
// its new place. A torn tail that a crash left in an archived segment is passed over: nothing in it
// was ever acknowledged, and the next segment begins with the LSN that is missing there.
//
// Thread: any but the shards' (it reads files); remove() the checkpointer's. Owner: History.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/commit_log.h"
#include "storage/log_record.h"
#include "sys/file_system.h"

namespace holdfast::storage {

class LogHistory {
 public:
  LogHistory(sys::FileSystem& files, const std::string& dataDir, CommitLog& log);

  struct Segment {
    CommitLog::Span span;     // bytes: 0 when it is read to its end
    bool isArchived = false;  // the log has no use for it; it need not have been moved yet
  };
  Result<std::vector<Segment>> segments();

  using Visit = std::function<Status(const CommitRecord& record, const std::string& uniqueKey)>;
  Status visit(const Segment& segment, const Visit& visit);

  // An archived one. Gone for good on return.
  Status remove(const Segment& segment);

 private:
  Result<std::string> contentOf(const Segment& segment);

  sys::FileSystem& files_;
  const std::string directory_;
  const std::string archive_;
  CommitLog& log_;
};

}  // namespace holdfast::storage
