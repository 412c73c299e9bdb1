// ObjectFile: the pages of one object's database, between SQLite and the disk.
//
// A page is looked up in three places: what the open transaction wrote (staged), what was committed
// and is not in the database file yet or is small (the overlay), and the file. commit() turns the
// staged pages into one record of changed bytes, appends it to the log and moves the pages to the
// overlay; rollback() forgets them. Nothing here writes the file: the checkpointer does, from
// snapshots.
//
// Where replay relies on it: a record gives bytes against the object's state before it, so applying
// records in order from any checkpoint of a page up to the end gives the right page, whatever
// mixture of old and new a torn write left in the file. That holds as long as (1) a page reaches
// the file only after the records it contains are durable, (2) records are kept until the file that
// contains them is flushed, and (3) pages beyond a size that the database once shrank to count as
// zeros.
//
// Threads: SQLite's side and commit() on the shard's thread that opened the object; snapshot() and
// settle() on the checkpointer's. One lock per object guards what they share; it is never held
// during I/O, nor while the pages of a snapshot are copied: SQLite's side would wait for megabytes.
// Owner: ObjectFiles.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/engine.h"
#include "storage/file_pool.h"
#include "storage/held_page.h"
#include "storage/log_record.h"
#include "storage/page_levels.h"
#include "sys/slab_memory.h"

namespace holdfast::storage {

class CommitLog;
class ObjectFiles;

class ObjectFile {
 public:
  struct Identity {
    ObjectName name;
    ActorId id;
    FacetNumber facet = 0;
    NamespaceNumber ns = 0;
    std::string directory;
    std::string path;
    bool mayHaveFile = true;  // false: when it began to be one here there surely was none
  };
  // What one transaction may change at most: with the numbers of its ranges it still fits a record.
  static constexpr uint64_t kTransactionBytesMax = kRecordBytesMax / 2;
  // Without a pool everything stays in memory.
  ObjectFile(Identity identity, FilePool* pool, uint64_t transactionBytesMax = kTransactionBytesMax)
      : identity_(std::move(identity)), pool_(pool), transactionBytesMax_(transactionBytesMax) {}

  [[nodiscard]] const Identity& identity() const { return identity_; }

  // Looks at the database file, once. kCorrupt: it is no SQLite database.
  Status load();
  // There is a database. After load().
  [[nodiscard]] bool exists() const { return pages_ > 0 || stagedPages_ > 0; }
  // Starts a database from `image`, which must stay valid; the first commit carries it.
  void create(std::string_view image);

  // It was started from this very image, and nothing was written yet.
  [[nodiscard]] bool isNewFrom(std::string_view image) const {
    return !image_.empty() && image_.data() == image.data() && staged_.empty();
  }
  [[nodiscard]] uint32_t pageBytes() const { return pageBytes_; }

  // SQLite's side. Offsets and sizes are in bytes of the database. read() says how many bytes there
  // were.
  Result<size_t> read(uint64_t offset, char* into, size_t bytes);
  // False: the transaction would change too much; nothing was done.
  bool write(uint64_t offset, std::string_view bytes);
  void truncate(uint64_t bytes);
  [[nodiscard]] uint64_t size() const { return uint64_t{stagedPages_} * pageBytes_; }

  // Makes `database`, which begins at `offset` of its file, what the next commit() brings: only
  // what is different is staged. Nothing may be staged before. Marks the commit as one that carries
  // out a restore; it is made even if nothing is different. After load().
  Status stageRestore(sys::File& database, uint64_t offset);
  // Makes what `from` has committed what the next commit() brings, as an ordinary commit. Both are
  // loaded; `from` may be in use. kResourceExhausted: it is more than a transaction may change.
  Status stageCopy(ObjectFile& from);

  // 0 when nothing changed. An error: nothing was committed, and SQLite does not know: the
  // connection must go.
  Result<Lsn> commit(ObjectFiles& files, std::optional<RecordedAlarm> alarm, TimestampMs now);
  void rollback();
  // The session ends: what it did not commit never was.
  void abandon();

  // What the checkpointer writes: copies of the overlay's pages as of `last`.
  struct Snapshot {
    struct Page {
      uint32_t number = 0;
      Lsn lsn = 0;
      HeldPage::View held{};  // until copyPages()
    };
    std::vector<Page> pages;  // by number
    std::string bytes;        // of these, one behind the other; copyPages() fills it
    uint32_t pageBytes = 0;
    uint32_t size = 0;       // of the database, in pages
    uint32_t fileLimit = 0;  // pages of the file that count; those behind them are zeros by now
    Lsn last = 0;            // no page is newer
    Lsn restored = 0;  // the commit that carried out a restore whose file is still there; 0: none
  };
  Snapshot snapshot() {
    Snapshot out = beginSnapshot();
    copyPages(out);
    return out;
  }
  // Its two halves, one of each. What is committed between them is not in the snapshot.
  Snapshot beginSnapshot();
  void copyPages(Snapshot& snapshot);
  // The snapshot is in the flushed file: its pages leave the overlay unless they changed again, or
  // are small and stay as what the file has. Bytes given back.
  size_t settle(const Snapshot& snapshot);

  // In memory only, while it is not open (levels.h): its last level is undone, or belongs to the
  // one below (PageLevels::mergeDown()); all its pages go, which `files` may undo.
  void undoLevel();
  bool keepLevel() { return levels_.mergeDown(); }
  void clear(ObjectFiles& files);

 private:
  friend class ObjectFiles;

  static constexpr uint32_t kUsualPageBytes = 4096;
  using Page = sys::SlabBytes;
  struct CommittedPage {
    HeldPage held;
    Lsn lsn = 0;
    bool isInFile = false;  // the same there: kept so that nobody reads it
    // Against the bound of what waits for the checkpointer.
    [[nodiscard]] size_t counted() const { return isInFile ? 0 : held.counted(); }
  };
  using StagedPages = std::unordered_map<uint32_t, Page>;

  Status lookAtFile();
  [[nodiscard]] bool isForeign(std::string_view header) const;
  Page newPage();
  void keepSpare(Page page);
  Page& stage(uint32_t number);
  Status stageDifferent(const std::function<Status(uint32_t, char*)>& readPage);
  Status readBase(uint32_t number, char* into);
  void forgetClean(uint32_t number);
  // Null: the page did not exist.
  const char* previous(uint32_t number, char* buffer);
  void stageImage();
  std::vector<uint32_t> stagedNumbers() const;
  CommitRecord changes(const std::vector<uint32_t>& numbers);
  HeldPage holdStaged(Page page);
  // By how many bytes the overlay grew.
  int64_t apply(Lsn lsn);
  bool keepForSnapshot(CommittedPage& page);
  void keepForLevel(ObjectFiles& files);

  const Identity identity_;
  FilePool* const pool_;
  const uint64_t transactionBytesMax_;

  // The shard's own.
  uint32_t pageBytes_ = kUsualPageBytes;
  StagedPages staged_;
  uint32_t stagedPages_ = 0;  // the size that SQLite sees
  std::string_view image_;    // not committed yet
  std::vector<Page> spare_;
  // Of the file, read since the session opened: SQLite asks for them several times, and a commit
  // compares with them. Not those in the overlay, or behind fileLimit_.
  std::vector<std::pair<uint32_t, Page>> clean_;
  uint64_t sequence_ = 0;
  bool loaded_ = false;
  Status broken_;          // reading the base failed while a record was made
  bool restores_ = false;  // what is staged carries out a restore
  PageLevels levels_;

  std::mutex mutex_;
  std::atomic<uint32_t> pages_{0};  // committed size; written by the shard's thread
  // Guarded by mutex_.
  std::unordered_map<uint32_t, CommittedPage> overlay_;
  uint32_t fileLimit_ = 0;           // pages of the file that still mean something
  uint32_t leastSinceSnapshot_ = 0;  // the smallest committed size since then
  // While pages are copied: the newest of them, and those that were replaced or dropped meanwhile.
  std::optional<Lsn> copying_;
  std::vector<HeldPage> replaced_;
  Lsn last_ = 0;
  Lsn restored_ = 0;

  // Guarded by the lock of ObjectFiles.
  Lsn dirtySince_ = 0;  // no record before it is missing in the file; 0: all are in
  std::list<ObjectFile*>::iterator dirtyAt_;
  bool committing_ = false;
  bool open_ = false;
  bool resting_ = false;  // open, and its session has closed the connection
  bool checkpointing_ = false;
  [[nodiscard]] bool isQuiet() const { return !open_ || resting_; }
};

}  // namespace holdfast::storage
