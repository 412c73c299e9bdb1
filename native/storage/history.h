// History: point-in-time recovery over the segments that the log no longer needs (spec S4.13).
//
// What is kept: every segment of the log from some LSN on (log_history.h) and what each object was
// before them (base_images.h). From these prepareRestore() builds an object's database as of any
// LSN in between, off the shards' threads, as a restore that waits for the object's next start
// (restore_files.h).
//
// Trimming: a segment whose newest commit is older than the retention is folded into the images of
// its objects in place, and deleted. First the beginning of the history moves behind it, durably,
// so that nobody asks for a state inside of it any more; then folding may be torn and done again,
// as recovery may: records give the right bytes from any mixture of the states they lead through.
// Only then the segment goes, durably, before the next one is folded. While restores are being
// built nothing is trimmed.
//
// Threads: prepareRestore(), lastBefore(): any but the shards'. trim(): the checkpointer's. close()
// the engine's; it waits for those that are inside, and whoever comes later is refused. So holding
// a History keeps it callable, not the engine alive. Locks: one, not held during I/O, and one that
// makes builders wait for each other. Owner: the engine, and those who call. Failure: nothing was
// changed; kUnavailable after close().
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>

#include "base/ids.h"
#include "base/result.h"
#include "storage/base_images.h"
#include "storage/commit_log.h"
#include "storage/engine.h"
#include "storage/log_history.h"
#include "storage/restore_files.h"
#include "sys/file_system.h"

namespace holdfast::storage {

// A restored database must fit one record of the log.
inline constexpr uint64_t kRestoreBytesMax = 512U << 20U;

class History {
 public:
  struct Options {
    std::string dataDir;
    int64_t retentionMs = 0;
  };
  History(Options options, sys::FileSystem& files, CommitLog& log, BaseImages& bases,
          RestoreFiles& restores);

  // The last commit at or before `at`. kNotFound: that is before the history begins.
  Result<Lsn> lastBefore(TimestampMs at);
  // The object's next start brings back its state after `lsn`. kNotFound: that is not retained.
  // Durable on return.
  Status prepareRestore(const ObjectName& object, Lsn lsn) {
    return prepareRestore(object, {object, lsn});
  }
  // What an object was at a moment.
  struct State {
    ObjectName of;
    Lsn after = 0;
  };
  // The same with the state of any object, in whatever namespace (S4.13.6).
  Status prepareRestore(const ObjectName& object, const State& state);

  // Folds the oldest segment away when it is old enough. True: there may be more to do.
  Result<bool> trim(TimestampMs now);
  void close();

 private:
  class Inside;
  struct Times {
    TimestampMs oldest = 0;
    TimestampMs newest = 0;
  };
  Status checkOpen();
  Result<Lsn> findLastBefore(TimestampMs at);
  Result<Times> timesOf(const LogHistory::Segment& segment);
  Result<Lsn> earliestOf(const ObjectName& object);
  Status build(const ObjectName& object, const State& state);
  struct Range {
    Lsn after = 0;
    Lsn last = 0;
  };
  Status replay(const ObjectName& object, const std::string& path, Range range);
  Status finish(const std::string& path);
  Status fold(const LogHistory::Segment& segment);
  Result<bool> trimOldest(TimestampMs now);

  const Options options_;
  sys::FileSystem& files_;
  CommitLog& log_;
  BaseImages& bases_;
  RestoreFiles& restores_;
  LogHistory segments_;

  std::mutex builds_;  // taken first
  std::mutex mutex_;
  std::condition_variable left_;
  // Guarded by mutex_.
  int inside_ = 0;
  bool isTrimming_ = false;
  bool closed_ = false;
  std::map<Lsn, Times> times_;  // of archived segments that were read, by their first LSN
};

}  // namespace holdfast::storage
