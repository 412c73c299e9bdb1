// RestoreFiles: restores that wait for the next start of their objects.
//
// Happy path: somebody builds the restored database in a file of a temporary name -> place() gives
// it its name, durably; from then on it is promised -> the next start of the object takes it,
// commits its content (restore_commit.h) and says so -> the checkpointer, once that commit is
// durable, removes the file before the log may forget the commit.
//
// Exactly once: the commit record says that it carried out a restore, so the log knows until the
// file is gone. A file is spent when such a commit of its object comes after `made` in its header;
// a crash before the commit was durable leaves no such commit, and the restore waits as before. For
// that, place() and a start that carries out another restore of the object exclude each other.
//
// Files: <dataDir>/history/restore/<uniqueKey>/<idHex>.restore (docs/formats/history.md). They are
// carried out whether or not history is retained. Threads: any; take(), applied() and putBack() the
// shard's, which meets the lock only while restores wait. The lock is held during I/O. Owner: the
// engine.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/commit_log.h"
#include "storage/engine.h"
#include "storage/log_replay.h"
#include "sys/file_system.h"

namespace holdfast::storage {

class RestoreFiles {
 public:
  RestoreFiles(sys::FileSystem& files, const std::string& dataDir);

  // Start-up. Finds what waits.
  Status load();
  // Start-up: removes what these commits carried out.
  Status settle(const std::vector<LogReplay::Restored>& restored);
  // Start-up: the objects of the namespace go.
  Status forget(const std::string& uniqueKey);

  [[nodiscard]] bool any() const { return waiting_.load(std::memory_order_acquire) > 0; }
  // The object starts: the file of its restore, nullopt when none waits. applied() or putBack()
  // must follow.
  std::optional<std::string> take(const ObjectName& object);
  void applied(const ObjectName& object);
  void putBack(const ObjectName& object);

  // Where to build one.
  Result<std::string> temporaryPath(const ObjectName& object);
  // The file at temporaryPath(), whose database is the state at `lsn`, waits from now on. One that
  // waited already is replaced. Durable on return.
  Status place(const ObjectName& object, Lsn lsn, const CommitLog& log);
  // The checkpointer: `commit`, which carried out a restore of the object, is durable.
  Status settle(const ObjectName& object, Lsn commit);

 private:
  using Key = std::pair<std::string, std::string>;
  enum class State { kWaits, kTaken };
  [[nodiscard]] std::string directoryOf(const std::string& uniqueKey) const;
  [[nodiscard]] std::string pathOf(const ObjectName& object) const;
  Status settleLocked(const ObjectName& object, Lsn commit);
  void countLocked();

  sys::FileSystem& files_;
  const std::string directory_;
  std::atomic<size_t> waiting_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Key, State> states_;  // guarded by mutex_
};

}  // namespace holdfast::storage
