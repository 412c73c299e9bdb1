#include "storage/commit_log.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/check.h"
#include "sys/clock.h"

namespace holdfast::storage {
namespace {

constexpr auto kSpaceRetry = std::chrono::milliseconds(100);

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

Status CommitLog::admit() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!failed_.ok()) return failed_;
  if (full_.load(std::memory_order_relaxed)) return {Code::kSqlCritical, kDiskFull};
  if (queue_.records.size() <= options_.queueBytesMax) return {};
  return {Code::kResourceExhausted,
          "too many writes wait for the disk (queueBytesMax): the object was reset"};
}

void CommitLog::expectMore() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++expecting_;
}

void CommitLog::expectNoMore() {
  bool wakes = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    DO_CHECK(expecting_ > 0);
    --expecting_;
    wakes = queue_.commits > 0;
  }
  if (wakes) work_.notify_one();
}

// Each time: the thread may have taken what was there, and gone to sleep, in between.
bool CommitLog::wakes() const { return expecting_ == 0 || queue_.commits >= kExpectedMax; }

Lsn CommitLog::append(CommitRecord& record, const std::string& uniqueKey) {
  Lsn lsn = 0;
  bool wakes = false;
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
    wakes = this->wakes();
  }
  if (wakes) work_.notify_one();
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

bool CommitLog::takeWork(Wait wait) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (wait == Wait::kForWork && full_) {
    work_.wait_for(lock, kSpaceRetry, [&] { return stopped_; });
  } else if (wait == Wait::kForWork) {
    work_.wait(lock, [&] { return queue_.commits > 0 || stopped_ || canDelete(); });
  }
  if (batch_.commits == 0) {
    batch_.records.clear();
    batch_.namespaces.clear();
    std::swap(batch_, queue_);
  }
  // What can be deleted goes without its batch when the log is closed.
  return batch_.commits > 0 || (!stopped_ && (canDelete() || full_));
}

bool CommitLog::step(Wait wait) {
  const bool worked = work(wait);
  tellSpace();
  return worked;
}

void CommitLog::tellSpace() {
  const bool isFull = full_.load();
  if (std::exchange(toldFull_, isFull) != isFull) sink_.onDiskFull(isFull);
}

bool CommitLog::work(Wait wait) {
  if (!takeWork(wait)) return false;
  bool stopped = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped = stopped_;
    if (!failed_.ok()) {
      batch_.commits = 0;
      return true;
    }
  }
  Status written = logs() ? carryOut() : Status();
  if (isNoSpace(written) && !stopped) {
    full_.store(true);
    return true;
  }
  const uint64_t commits = std::exchange(batch_.commits, 0);
  if (!written.ok() && (commits > 0 || !isNoSpace(written))) {
    fail(std::move(written));
    return true;
  }
  if (commits > 0) announce(batch_.last);
  deleteRetired();
  return true;
}

void CommitLog::stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
  }
  work_.notify_all();
}

void CommitLog::encodeBatch(const Queue& batch, Lsn retired, std::string& out) const {
  storage::encodeBatch({.durable = durable(), .retired = retired}, out);
  for (const NamespaceRecord& ns : batch.namespaces) {
    if (!isNamed(ns.ns)) encodeNamespace(ns, out);
  }
  out += batch.records;
}

Status CommitLog::carryOut() {
  Status status;
  if (isCurrentLong()) status = beginSegment(durable() + 1);
  if (status.ok() && batch_.commits > 0) status = writeBatch(batch_);
  // What can be deleted frees space: its batch is so short that it fits where another does not.
  const bool states = stated_ < retired_.load(std::memory_order_acquire);
  if (states && (isNoSpace(status) || (status.ok() && batch_.commits == 0))) {
    Status stated = writeBatch({});
    if (stated.ok()) deleteRetired();
    if (status.ok() || !isNoSpace(stated)) status = stated.ok() ? status : stated;
  }
  const bool isFull = isNoSpace(status) || (status.ok() && batch_.commits == 0 && full_.load());
  if (isFull) status = makeRoom(std::move(status));
  if (status.ok()) reserveAhead();
  return status;
}

// kResourceExhausted: as if it had not been tried.
Status CommitLog::writeBatch(const Queue& batch) {
  const Lsn retired = retired_.load(std::memory_order_acquire);
  bytesToWrite_.clear();
  encodeBatch(batch, retired, bytesToWrite_);
  const uint64_t bytes = bytesToWrite_.size();
  Status status;
  if (written_ + bytes > reserved_) status = reserve(written_ + bytes);
  // Any other failure to reserve leaves it to the write to say so.
  if (!isNoSpace(status)) status = file_->write(written_, bytesToWrite_);
  const InstantMs began = sys::systemClock().steadyNow();
  if (status.ok()) status = flush();
  if (!status.ok()) return status;
  const InstantMs ended = sys::systemClock().steadyNow();
  written_ += bytes;
  stated_ = retired;
  for (const NamespaceRecord& ns : batch.namespaces) {
    if (ns.ns >= named_.size()) named_.resize(ns.ns + 1);
    named_[ns.ns] = true;
  }
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (batch.commits > 0) segments_.back().last = batch.last;
  segments_.back().bytes = written_;
  ++counters_.batches;
  counters_.commits += batch.commits;
  counters_.bytes += bytes;
  counters_.flushMs += static_cast<uint64_t>(ended - began);
  return {};
}

// Final, whatever the reason: kResourceExhausted is for what can be tried again.
Status CommitLog::flush() {
  if (!flushes()) return {};
  Status flushed = file_->sync();
  return isNoSpace(flushed) ? Status(Code::kIo, flushed.message()) : flushed;
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

CommitLog::Counters CommitLog::counters() const {
  const std::lock_guard<std::mutex> lock(const_cast<std::mutex&>(mutex_));
  Counters counters = counters_;
  counters.diskFull = full_.load();
  return counters;
}

}  // namespace holdfast::storage
