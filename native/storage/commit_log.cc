#include "storage/commit_log.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "storage/log_segment.h"

namespace holdfast::storage {
namespace {

constexpr auto kSpaceRetry = std::chrono::milliseconds(100);

// The words of SQLITE_FULL: the object is reset by it as by SQLite's own (spec S4.10.4).
constexpr const char* kFull = "database or disk is full: SQLITE_FULL";

}  // namespace

CommitLog::CommitLog(Options options, sys::FileSystem& files, DurabilitySink& sink, Lsn durable)
    : options_(std::move(options)),
      files_(files),
      sink_(sink),
      last_(durable),
      durable_(durable),
      retired_(durable) {}

Status CommitLog::start() { return logs() ? beginAnew() : Status(); }

Status CommitLog::close() {
  if (!logs() || durable() != last() || retired_.load() != last()) return {};
  file_.reset();
  return beginAnew();
}

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
    Status removed = files_.removeFile(options_.directory + "/" + name);
    if (!removed.ok()) return removed;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  unneeded_.clear();
  while (segments_.size() > 1) {
    bytes_.fetch_sub(segments_.front().bytes, std::memory_order_relaxed);
    segments_.pop_front();
  }
  return {};
}

Status CommitLog::admit() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!failed_.ok()) return failed_;
  if (full_.load(std::memory_order_relaxed)) return {Code::kSqlCritical, kFull};
  if (queue_.records.size() <= options_.queueBytesMax) return {};
  return {Code::kResourceExhausted,
          "too many writes wait for the disk (queueBytesMax): the object was reset"};
}

Lsn CommitLog::append(CommitRecord& record, const std::string& uniqueKey) {
  Lsn lsn = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    lsn = last_.load(std::memory_order_relaxed) + 1;
    record.lsn = lsn;
    encodeCommit(record, queue_.records);
    const auto named = [&record](const NamespaceRecord& ns) { return ns.ns == record.ns; };
    if (std::none_of(queue_.namespaces.begin(), queue_.namespaces.end(), named)) {
      queue_.namespaces.push_back({record.ns, uniqueKey});
    }
    queue_.last = lsn;
    ++queue_.commits;
    last_.store(lsn, std::memory_order_release);
  }
  work_.notify_one();
  return lsn;
}

Lsn CommitLog::appendUnlogged() {
  Lsn lsn = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    lsn = last_.load(std::memory_order_relaxed) + 1;
    queue_.last = lsn;
    ++queue_.commits;
    last_.store(lsn, std::memory_order_release);
  }
  work_.notify_one();
  return lsn;
}

bool CommitLog::waitDurable(Lsn lsn) {
  std::unique_lock<std::mutex> lock(mutex_);
  announced_.wait(lock, [&] { return durable() >= lsn || !failed_.ok(); });
  return durable() >= lsn;
}

CommitLog::Task CommitLog::takeTask(Wait wait) {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto isReady = [this] { return queue_.commits > 0 || stopped_ || hasRetired(); };
  // A full disk refuses commits, so nobody else would notice that it no longer is.
  const bool isFull = full_.load(std::memory_order_relaxed);
  if (wait == Wait::kForWork && isFull) work_.wait_for(lock, kSpaceRetry, isReady);
  if (wait == Wait::kForWork && !isFull) work_.wait(lock, isReady);
  if (queue_.commits > 0) {
    batch_.records.clear();
    batch_.namespaces.clear();
    std::swap(batch_, queue_);
    queue_.commits = 0;
    return Task::kBatch;
  }
  if (hasRetired()) return Task::kDelete;
  return isFull && !stopped_ ? Task::kLookForSpace : Task::kNone;
}

bool CommitLog::step(Wait wait) {
  const Task task = takeTask(wait);
  if (task == Task::kNone) return false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!failed_.ok()) return true;
  }
  Status status;
  if (task == Task::kBatch && logs()) status = writeBatch();
  if (task == Task::kDelete) status = deleteRetired();
  if (task == Task::kLookForSpace) status = lookForSpace();
  if (!status.ok()) {
    fail(std::move(status));
  } else if (task == Task::kBatch) {
    announce(batch_.last);
  }
  return task != Task::kLookForSpace || wait == Wait::kForWork;
}

void CommitLog::stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
  }
  work_.notify_all();
}

void CommitLog::encodeMark(std::string& out) {
  said_ = retired_.load(std::memory_order_acquire);
  encodeBatch({.durable = durable(), .retired = said_}, out);
}

void CommitLog::encodeBatchHead(std::string& out) {
  encodeMark(out);
  for (const NamespaceRecord& ns : batch_.namespaces) {
    if (ns.ns < named_.size() && named_[ns.ns]) continue;
    encodeNamespace(ns, out);
    if (ns.ns >= named_.size()) named_.resize(ns.ns + 1);
    named_[ns.ns] = true;
  }
}

Status CommitLog::writeBatch() {
  if (isCurrentLong()) {
    Status begun = beginNextSegment();
    if (!begun.ok()) return begun;
  }
  head_.clear();
  encodeBatchHead(head_);
  head_ += batch_.records;
  Status written = waitForSpace(head_.size());
  if (written.ok()) written = write(head_);
  if (!written.ok()) return written;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    segments_.back().last = batch_.last;
    ++counters_.batches;
    counters_.commits += batch_.commits;
    counters_.bytes += head_.size();
  }
  deleteSaid();
  // Ahead of need, so that the next batches find their space taken.
  if (written_ + options_.reserveBytes / 2 > reserved_ && written_ < options_.segmentBytes) {
    full_.store(reserve(reserved_ + options_.reserveBytes).code() == Code::kResourceExhausted);
  }
  return {};
}

Status CommitLog::write(const std::string& bytes) {
  Status status = file_->write(written_, bytes);
  if (status.ok() && flushes()) status = file_->sync();
  if (!status.ok()) return status;
  written_ += bytes.size();
  bytes_.fetch_add(bytes.size(), std::memory_order_relaxed);
  const std::lock_guard<std::mutex> lock(mutex_);
  segments_.back().bytes = written_;
  return {};
}

// With mutex_ held. A segment without commits would be begun again under its own name.
bool CommitLog::isLong(const Segment& segment) const {
  return segment.bytes >= options_.segmentBytes && segment.last >= segment.first;
}

bool CommitLog::isCurrentLong() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return isLong(segments_.back());
}

Status CommitLog::beginNextSegment() {
  Lsn first = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    first = segments_.back().last + 1;
  }
  for (;;) {
    Status begun = beginSegment(first);
    if (begun.code() != Code::kResourceExhausted) return begun;
    // What there is of it is no segment yet and must not lie between two that are.
    Status removed = files_.removeFile(options_.directory + "/" + segmentName(first));
    if (!removed.ok()) return removed;
    Status waited = waitBeforeRetry();
    if (!waited.ok()) return waited;
  }
}

Status CommitLog::beginSegment(Lsn first) {
  const std::string path = options_.directory + "/" + segmentName(first);
  std::string header = encodeSegmentHeader(first);
  encodeMark(header);
  Result<std::unique_ptr<sys::File>> file = files_.open(path, sys::OpenMode::kCreate);
  if (!file.ok()) return file.status();
  // A segment of this name that an earlier process began and never flushed a batch to.
  Status status = file.value()->truncate(0);
  if (status.ok()) status = file.value()->write(0, header);
  if (!status.ok()) return status;
  if (flushes()) status = file.value()->sync();
  if (status.ok() && flushes()) status = files_.syncDirectory(options_.directory);
  // A flush is final, whatever failed it.
  if (!status.ok()) return {Code::kIo, status.message()};
  file_ = std::move(file).value();
  written_ = reserved_ = header.size();
  named_.clear();
  bytes_.fetch_add(header.size(), std::memory_order_relaxed);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    segments_.push_back({first, first - 1, header.size(), path});
  }
  full_.store(reserve(options_.reserveBytes).code() == Code::kResourceExhausted);
  return {};
}

// Any failure but a full disk leaves it to the write to say so.
Status CommitLog::reserve(uint64_t bytes) {
  Status status = file_->reserve(bytes);
  if (status.ok()) reserved_ = std::max(reserved_, bytes);
  return status;
}

Status CommitLog::waitForSpace(uint64_t bytes) {
  if (written_ + bytes <= reserved_) return {};
  while (reserve(written_ + bytes).code() == Code::kResourceExhausted) {
    Status waited = waitBeforeRetry();
    if (!waited.ok()) return waited;
  }
  full_.store(false);
  return {};
}

// The disk is full. Not ok: the log is stopped, or failed.
Status CommitLog::waitBeforeRetry() {
  full_.store(true);
  Status said = sayRetired();
  if (!said.ok() && said.code() != Code::kResourceExhausted) return said;
  std::unique_lock<std::mutex> lock(mutex_);
  if (stopped_) return {Code::kUnavailable, "stopped while the disk was full"};
  work_.wait_for(lock, kSpaceRetry);
  return {};
}

Status CommitLog::lookForSpace() {
  Status said = sayRetired();
  if (!said.ok() && said.code() != Code::kResourceExhausted) return said;
  const uint64_t wanted = std::max(reserved_, written_ + options_.reserveBytes);
  full_.store(reserve(wanted).code() == Code::kResourceExhausted);
  return {};
}

void CommitLog::announce(Lsn lsn) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    durable_.store(lsn, std::memory_order_release);
  }
  announced_.notify_all();
  if (options_.throttle) options_.throttle();
  sink_.onDurable(lsn);
}

void CommitLog::fail(Status why) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    failed_ = why;
  }
  announced_.notify_all();
  sink_.onFlushFailed(why);
}

void CommitLog::retire(Lsn lsn) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (lsn <= retired_.load(std::memory_order_relaxed)) return;
    retired_.store(lsn, std::memory_order_release);
    takeRetired();
    if (!hasRetired()) return;
  }
  work_.notify_one();
}

// With mutex_ held.
void CommitLog::takeRetired() {
  const Lsn retired = retired_.load(std::memory_order_relaxed);
  while (segments_.size() > 1 && segments_.front().last <= retired) {
    bytes_.fetch_sub(segments_.front().bytes, std::memory_order_relaxed);
    unneeded_.push_back(std::move(segments_.front()));
    segments_.pop_front();
  }
}

// With mutex_ held. A single batch may be as long as many segments, and nothing may follow it.
bool CommitLog::isCurrentRetired() const {
  return segments_.size() == 1 && isLong(segments_.front()) &&
         segments_.front().last <= retired_.load(std::memory_order_relaxed);
}

// With mutex_ held. While the disk is full there is another way: waitBeforeRetry(), lookForSpace().
bool CommitLog::hasRetired() const {
  if (!failed_.ok() || full_.load(std::memory_order_relaxed)) return false;
  return !unneeded_.empty() || isCurrentRetired();
}

Status CommitLog::deleteRetired() {
  bool endsCurrent = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    endsCurrent = isCurrentRetired();
  }
  if (!endsCurrent) {
    Status said = sayRetired();
    if (said.code() != Code::kResourceExhausted) return said;
    full_.store(true);
    return {};
  }
  Status begun = beginNextSegment();
  if (!begun.ok()) return begun;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    takeRetired();
  }
  deleteSaid();
  return {};
}

// A batch without commits. kResourceExhausted: no room even for that.
Status CommitLog::sayRetired() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (unneeded_.empty()) return {};
  }
  std::string mark;
  encodeMark(mark);
  if (written_ + mark.size() > reserved_) {
    Status reserved = reserve(written_ + mark.size());
    if (reserved.code() == Code::kResourceExhausted) return reserved;
  }
  Status written = write(mark);
  if (!written.ok()) return {Code::kIo, written.message()};
  deleteSaid();
  return {};
}

void CommitLog::deleteSaid() {
  std::deque<Segment> gone;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    while (!unneeded_.empty() && unneeded_.front().last <= said_) {
      gone.push_back(std::move(unneeded_.front()));
      unneeded_.pop_front();
    }
  }
  // One that stays is deleted at the next start: recovery sees that it is not needed.
  for (const Segment& segment : gone) (void)files_.removeFile(segment.path).ok();
}

CommitLog::Counters CommitLog::counters() const {
  const std::lock_guard<std::mutex> lock(const_cast<std::mutex&>(mutex_));
  return counters_;
}

}  // namespace holdfast::storage
