// ObjectFiles: all objects that are open or have something in the log that their file does not
// hold.
//
// open() lends an ObjectFile to one session; close() gives it back. An object stays here until it
// is closed and clean; in memory mode, until the engine goes. Which objects are dirty, since which
// record, and which alarms the index does not know yet, decides how far the log may be retired.
// beginCommit() and endCommit() frame every append, so that no moment exists at which a record is
// in the log and neither its object nor its alarm is counted.
//
// Threads: any; the lock is one of the named ones (docs/architecture.md). Owner: the engine. It
// owns the files and the pool.
#pragma once

#include <atomic>
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/alarm_store.h"
#include "storage/commit_faults.h"
#include "storage/commit_log.h"
#include "storage/engine.h"
#include "storage/file_pool.h"
#include "storage/known_files.h"
#include "storage/log_record.h"
#include "storage/object_file.h"

namespace holdfast::storage {

class ObjectFiles {
 public:
  struct Options {
    std::string dataDir;  // "" in memory mode
    size_t openFilesMax = 0;
    int64_t overlayBytesMax =
        0;  // pages that wait for the checkpointer; four times that: admit() refuses
    uint64_t logBytesMax = 0;  // the same for the log
    uint64_t transactionBytesMax = 0;
    int64_t idleMs = 0;  // waitForWork() returns after that; 0: it waits for work
  };
  ObjectFiles(Options options, sys::FileSystem& files, CommitLog& log);

  [[nodiscard]] CommitLog& log() { return log_; }
  // Whether a commit may be made now.
  Status admit();
  // In memory: commits that shall fail. Null: none.
  void setFaults(CommitFaults* faults) { faults_ = faults; }
  Status admit(const ObjectFile& file) {
    if (faults_ == nullptr) return admit();
    Status failed = faults_->check(file.identity().name);
    return failed.ok() ? admit() : failed;
  }

  // Null: it is open already.
  ObjectFile* open(const ObjectName& name, const ActorId& id);
  // Null: it is not open.
  ObjectFile* findOpen(const ObjectName& name, const ActorId& id);
  void close(ObjectFile* file);
  // It stays open, and its pages are brought into its file as if it were closed.
  void rest(ObjectFile& file);
  void wake(ObjectFile& file);

  void beginCommit(ObjectFile& file);
  void endCommit(ObjectFile& file, Lsn lsn, const std::optional<RecordedAlarm>& alarm);
  void addOverlayBytes(int64_t bytes) { overlayBytes_.fetch_add(bytes, std::memory_order_relaxed); }
  // The index says something else of this object, which no record corrects.
  void settleAlarm(const ObjectName& object, std::optional<TimestampMs> at);

  // Ids of the objects of a namespace that exist here, themselves or a facet, in any state; sorted.
  std::vector<std::string> objectsOf(const std::string& uniqueKey);

  // Levels (levels.h), in memory only. No file may be open for undoLevel() and clear().
  void pushLevel() { changed_.emplace_back(); }
  void undoLevel();
  void keepLevel();
  void clear();
  // The number of levels.
  [[nodiscard]] size_t level() const { return changed_.size(); }
  // It changes at the current level, for the first time.
  void noteLevel(ObjectFile& file) { changed_.back().push_back(&file); }

  // The checkpointer's side.
  struct Work {
    std::vector<ObjectFile*> objects;
    std::vector<AlarmUpdate> alarms;
  };
  enum class Which { kQuiet, kAll, kAlarms };
  // Returns when closed or resting objects are dirty or it is time for other work (kQuiet), a bound
  // is passed (kAll), or alarms of the index are asked for (kAlarms). nullopt: stop() was called.
  // What is dirty and quiet waits until no commit was made for 200 ms, at most for 5 s: many new
  // objects are made faster so, and nothing depends on their files, since the log has them.
  std::optional<Which> waitForWork();
  // Within a round that has time: gives way to the commits that are made meanwhile.
  void pace();
  // A round failed: waits a little, or for stop().
  void waitBeforeRetry();
  // While a bound is passed, waits a little for the checkpointer.
  void throttle();
  void stop();
  [[nodiscard]] bool isOverBound() const;
  // A request for alarms waits, until takeAlarmRequest().
  struct AlarmRequest {
    AlarmPosition after;
    size_t most = 0;
  };
  void requestAlarms(AlarmRequest request);
  std::optional<AlarmRequest> takeAlarmRequest();
  // The objects that are dirty the longest, at most `most`, with kQuiet only closed and resting
  // ones, with kAlarms none; and all alarms, by namespace and id.
  // Until done() they count as dirty.
  Work take(Which which, size_t most);
  // Namespaces whose files' names would save asking for each new object, and what their directories
  // have: the answer. The checkpointer's thread, which makes the files, reads them between rounds.
  struct NamesWanted {
    std::string uniqueKey;
    NamespaceNumber ns = 0;
    uint64_t version = 0;
  };
  std::vector<NamesWanted> namesWanted();
  void learnNames(const NamesWanted& wanted, FileFilter files);
  // Files of the namespace came from elsewhere.
  void forgetNames(const std::string& uniqueKey);
  // A snapshot of it is in its flushed file.
  void settle(ObjectFile& file, const ObjectFile::Snapshot& snapshot);
  // Their snapshots are in flushed files, their alarms in the index. Returns the LSN up to which
  // the log can be retired.
  Lsn done(const Work& work);
  // It did not work: they are dirty as before.
  void putBack(Work work);

 private:
  [[nodiscard]] NamespaceNumber numberOf(const std::string& uniqueKey);
  KnownFiles& knownOf(NamespaceNumber ns);
  void lookForDirectory(NamespaceNumber ns, const std::string& directory);
  void markDirty(ObjectFile& file, Lsn since);
  void release(ObjectFile& file);
  Work takeUnordered(Which which, size_t most);
  [[nodiscard]] Lsn retirable() const;

  // Here with the namespace's number.
  using Key = ActorKey;
  [[nodiscard]] Key keyOf(const ObjectName& object);  // with mutex_ held

  const Options options_;
  sys::FileSystem& files_;
  CommitLog& log_;
  FilePool pool_;
  // The shard's own: a level each. Its files stay.
  std::vector<std::vector<ObjectFile*>> changed_;
  CommitFaults* faults_ = nullptr;

  std::mutex mutex_;
  // Guarded by mutex_.
  std::unordered_map<std::string, NamespaceNumber> namespaces_;
  std::unordered_map<Key, std::unique_ptr<ObjectFile>, ActorKeyHash> objects_;
  std::vector<KnownFiles> known_;  // by number of the namespace
  std::list<ObjectFile*> dirty_;   // by dirtySince_
  size_t dirtyQuiet_ = 0;          // of them, closed and resting ones
  std::unordered_map<Key, AlarmUpdate, ActorKeyHash> alarms_;
  std::vector<Lsn> inWork_;  // what the objects and alarms that were taken have missing since
  std::optional<AlarmRequest> alarmRequest_;
  bool stopped_ = false;
  bool waitsForQuiet_ = false;  // waitForWork() does

  Lsn pacedAt_ = 0;  // the checkpointer's own

  std::condition_variable work_;
  std::condition_variable room_;
  std::atomic<int64_t> overlayBytes_{0};
};

}  // namespace holdfast::storage
