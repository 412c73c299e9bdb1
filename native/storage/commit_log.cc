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

bool CommitLog::takeQueue(Wait wait) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (wait == Wait::kForWork) work_.wait(lock, [&] { return queue_.commits > 0 || stopped_; });
  if (queue_.commits == 0) return false;
  batch_.records.clear();
  batch_.namespaces.clear();
  std::swap(batch_, queue_);
  queue_.commits = 0;
  return true;
}

bool CommitLog::step(Wait wait) {
  if (!takeQueue(wait)) return false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!failed_.ok()) return true;
  }
  Status written = logs() ? writeBatch() : Status();
  if (written.ok()) {
    announce(batch_.last);
  } else {
    fail(std::move(written));
  }
  return true;
}

void CommitLog::stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
  }
  work_.notify_all();
}

void CommitLog::encodeBatchHead(std::string& out) {
  encodeBatch({.durable = durable(), .retired = retired_.load(std::memory_order_acquire)}, out);
  for (const NamespaceRecord& ns : batch_.namespaces) {
    if (ns.ns < named_.size() && named_[ns.ns]) continue;
    encodeNamespace(ns, out);
    if (ns.ns >= named_.size()) named_.resize(ns.ns + 1);
    named_[ns.ns] = true;
  }
}

Status CommitLog::writeBatch() {
  if (written_ >= options_.segmentBytes) {
    Status begun = beginSegment(batch_.last - batch_.commits + 1);
    if (!begun.ok()) return begun;
  }
  head_.clear();
  encodeBatchHead(head_);
  const uint64_t bytes = head_.size() + batch_.records.size();
  if (written_ + bytes > reserved_ && !waitForSpace(written_ + bytes)) {
    return {Code::kUnavailable, "stopped while the disk was full"};
  }
  head_ += batch_.records;
  Status status = file_->write(written_, head_);
  if (status.ok() && flushes()) status = file_->sync();
  if (!status.ok()) return status;
  written_ += bytes;
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    segments_.back().last = batch_.last;
    segments_.back().bytes = written_;
    ++counters_.batches;
    counters_.commits += batch_.commits;
    counters_.bytes += bytes;
  }
  // Ahead of need, so that the next batches find their space taken.
  if (written_ + options_.reserveBytes / 2 > reserved_ && written_ < options_.segmentBytes) {
    full_.store(reserve(reserved_ + options_.reserveBytes).code() == Code::kResourceExhausted);
  }
  return {};
}

Status CommitLog::beginSegment(Lsn first) {
  const std::string path = options_.directory + "/" + segmentName(first);
  std::string header = encodeSegmentHeader(first);
  encodeBatch({.durable = durable(), .retired = retired_.load(std::memory_order_acquire)}, header);
  Result<std::unique_ptr<sys::File>> file = files_.open(path, sys::OpenMode::kCreate);
  if (!file.ok()) return file.status();
  // A segment of this name that an earlier process began and never flushed a batch to.
  Status status = file.value()->truncate(0);
  if (status.ok()) status = file.value()->write(0, header);
  if (status.ok() && flushes()) status = file.value()->sync();
  if (status.ok() && flushes()) status = files_.syncDirectory(options_.directory);
  if (!status.ok()) return status;
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

bool CommitLog::waitForSpace(uint64_t bytes) {
  while (reserve(bytes).code() == Code::kResourceExhausted) {
    full_.store(true);
    std::unique_lock<std::mutex> lock(mutex_);
    if (stopped_) return false;
    work_.wait_for(lock, kSpaceRetry);
  }
  full_.store(false);
  return true;
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
  if (lsn <= retired_.load(std::memory_order_acquire)) return;
  retired_.store(lsn, std::memory_order_release);
  std::vector<Segment> gone;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    while (segments_.size() > 1 && segments_.front().last <= lsn) {
      gone.push_back(std::move(segments_.front()));
      segments_.pop_front();
    }
  }
  for (const Segment& segment : gone) {
    bytes_.fetch_sub(segment.bytes, std::memory_order_relaxed);
    // One that stays is deleted at the next start: recovery sees that it is not needed.
    (void)files_.removeFile(segment.path).ok();
  }
}

CommitLog::Counters CommitLog::counters() const {
  const std::lock_guard<std::mutex> lock(const_cast<std::mutex&>(mutex_));
  return counters_;
}

}  // namespace holdfast::storage
