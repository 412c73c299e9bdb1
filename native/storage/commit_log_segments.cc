// The segments of a CommitLog: when one begins, when it goes, and the space that it takes in
// advance (commit_log.h).
#include <algorithm>
#include <utility>

#include "storage/commit_log.h"
#include "storage/log_segment.h"

namespace holdfast::storage {

// The new segment says that everything before it is in the database files; only then the old ones
// may go.
Status CommitLog::beginAnew() {
  const Result<std::vector<std::string>> before = files_.list(options_.directory);
  if (!before.ok()) return before.status();
  Status begun = beginSegment(last() + 1);
  if (!begun.ok()) return begun;
  const std::string current = segmentName(last() + 1);
  for (const std::string& name : before.value()) {
    if (name == current || !segmentFirstLsn(name)) continue;
    Status gone = putAway(name);
    if (!gone.ok()) return gone;
  }
  if (!options_.archive.empty()) {
    Status named = files_.syncDirectory(options_.archive);
    if (!named.ok()) return named;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  while (segments_.size() > 1) {
    bytes_.fetch_sub(segments_.front().bytes, std::memory_order_relaxed);
    segments_.pop_front();
  }
  return {};
}

// Where a segment goes that is no longer needed to start again.
Status CommitLog::putAway(const std::string& name) {
  const std::string path = options_.directory + "/" + name;
  return options_.archive.empty() ? files_.removeFile(path)
                                  : files_.rename(path, options_.archive + "/" + name);
}

// An archived segment is kept for long: what was taken in advance and not used goes.
void CommitLog::giveBackSpace(const Span& segment) {
  if (options_.archive.empty()) return;
  Result<std::unique_ptr<sys::File>> file =
      files_.open(options_.directory + "/" + segmentName(segment.first), sys::OpenMode::kWrite);
  if (file.ok()) (void)file.value()->truncate(segment.bytes).ok();
}

// One without commits would be begun again under its own name.
bool CommitLog::isCurrentLong() {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Span& current = segments_.back();
  return written_ >= options_.segmentBytes && current.last >= current.first;
}

// Everything in the current segment is in files.
bool CommitLog::isCurrentRetired() {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Span& current = segments_.back();
  return current.last >= current.first && current.last <= retired_.load(std::memory_order_acquire);
}

Status CommitLog::beginSegment(Lsn first) {
  const std::string path = options_.directory + "/" + segmentName(first);
  const Lsn retired = retired_.load(std::memory_order_acquire);
  std::string header = encodeSegmentHeader(first);
  storage::encodeBatch({.durable = durable(), .retired = retired}, header);
  // One of this name was begun and got no commit. It may be the only one to say what is retired, so
  // it is replaced as a whole.
  Status status;
  const bool isThere = files_.exists(path);
  if (isThere) status = files_.replaceFile(path, header);
  if (!status.ok()) return status;
  Result<std::unique_ptr<sys::File>> file = files_.open(path, sys::OpenMode::kCreate);
  if (!file.ok()) return file.status();
  if (!isThere) status = file.value()->write(0, header);
  if (!status.ok()) return isThere ? status : withoutSegment(path, std::move(status));
  file_ = std::move(file).value();
  if (!isThere) status = flush();
  if (status.ok() && !isThere && flushes()) status = files_.syncDirectory(options_.directory);
  if (!status.ok()) return status;
  written_ = reserved_ = header.size();
  stated_ = retired;
  named_.clear();
  bytes_.fetch_add(header.size(), std::memory_order_relaxed);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    segments_.push_back({first, first - 1, header.size()});
  }
  full_.store(isNoSpace(reserve(options_.reserveBytes)));
  return {};
}

// The commits that its name promises may still go to the segment before it. `why` it was not begun.
Status CommitLog::withoutSegment(const std::string& path, Status why) {
  Status gone = files_.removeFile(path);
  if (gone.ok() && flushes()) gone = files_.syncDirectory(options_.directory);
  return gone.ok() ? why : Status(Code::kIo, gone.message());
}

void CommitLog::retire(Lsn lsn) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (lsn <= retired_.load(std::memory_order_relaxed)) return;
    retired_.store(lsn, std::memory_order_release);
  }
  work_.notify_one();
}

// A segment before the current one has nothing that a file misses; or the current one has not, and
// is so long that another should begin.
bool CommitLog::canDelete() const {
  if (!failed_.ok() || segments_.empty()) return false;
  const Span& oldest = segments_.front();
  if (oldest.last > retired_.load(std::memory_order_relaxed)) return false;
  return segments_.size() > 1 ||
         (oldest.last >= oldest.first && oldest.bytes >= options_.segmentBytes);
}

void CommitLog::deleteRetired() {
  for (;;) {
    Span oldest;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (segments_.size() <= 1 || segments_.front().last > stated_) return;
      oldest = segments_.front();
    }
    giveBackSpace(oldest);
    // One that stays is put away at the next start: recovery sees that it is not needed.
    (void)putAway(segmentName(oldest.first)).ok();
    bytes_.fetch_sub(oldest.bytes, std::memory_order_relaxed);
    const std::lock_guard<std::mutex> lock(mutex_);
    segments_.pop_front();
  }
}

std::vector<CommitLog::Span> CommitLog::spans() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return {segments_.begin(), segments_.end()};
}

void CommitLog::giveBackReserve() {
  if (file_ != nullptr && reserved_ > written_ && file_->truncate(written_).ok()) {
    reserved_ = written_;
  }
}

// On a full disk the space that was taken in advance serves better elsewhere, unless a batch waits
// that fits in: the checkpointer needs it for the files, without which nothing is ever retired; and
// when nothing of the current segment is needed any more, the next one begins in it and this one
// goes, short as it is. `status`: of writing the batch, which is tried again then.
Status CommitLog::makeRoom(Status status) {
  const bool isRetired = isCurrentRetired();
  const bool waits = batch_.commits > 0;
  if (waits && (!isRetired || written_ + batch_.records.size() < reserved_)) return status;
  giveBackReserve();
  if (!isRetired) return status;
  Status begun = beginSegment(durable() + 1);
  if (!begun.ok()) return begun;
  deleteRetired();
  return waits ? writeBatch(batch_) : Status();
}

Status CommitLog::reserve(uint64_t bytes) {
  Status status = file_->reserve(bytes);
  if (status.ok()) reserved_ = std::max(reserved_, bytes);
  return status;
}

// So that the next batches find their space taken.
void CommitLog::reserveAhead() {
  Status status;
  if (written_ + options_.reserveBytes / 2 > reserved_ && written_ < options_.segmentBytes) {
    status = reserve(reserved_ + options_.reserveBytes);
  }
  full_.store(isNoSpace(status));
}

}  // namespace holdfast::storage
