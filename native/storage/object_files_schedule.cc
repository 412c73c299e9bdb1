// When the checkpointer works, and who waits for it or for the log (object_files.h).
#include <chrono>
#include <utility>

#include "storage/object_files.h"

namespace holdfast::storage {
namespace {

constexpr auto kGatherTime = std::chrono::milliseconds(200);
constexpr int kGatherTimesMax = 25;
constexpr auto kPaceTime = std::chrono::milliseconds(2);
constexpr auto kThrottleTime = std::chrono::milliseconds(20);
constexpr auto kRetryTime = std::chrono::milliseconds(200);

}  // namespace

std::optional<ObjectFiles::Which> ObjectFiles::waitForWork() {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto isOver = [this] { return isOverBound() && !dirty_.empty(); };
  const auto isWork = [&] {
    waitsForQuiet_ = dirtyQuiet_ == 0;
    return stopped_ || alarmRequest_ || dirtyQuiet_ > 0 || isOver();
  };
  if (options_.idleMs == 0) {
    work_.wait(lock, isWork);
  } else {
    work_.wait_for(lock, std::chrono::milliseconds(options_.idleMs), isWork);
  }
  waitsForQuiet_ = false;
  // Objects come to rest in batches, and a flush that takes more of them costs little more. While
  // commits go on, the disk and the processor have better to do, within limits.
  for (int i = 0; i < kGatherTimesMax; ++i) {
    const Lsn before = log_.last();
    const bool ends =
        work_.wait_for(lock, kGatherTime, [&] { return stopped_ || alarmRequest_ || isOver(); });
    if (ends || log_.last() == before) break;
  }
  if (stopped_) return std::nullopt;
  if (alarmRequest_) return Which::kAlarms;
  return isOver() ? Which::kAll : Which::kQuiet;
}

void ObjectFiles::pace() {
  if (isOverBound() || log_.last() == std::exchange(pacedAt_, log_.last())) return;
  std::unique_lock<std::mutex> lock(mutex_);
  work_.wait_for(lock, kPaceTime, [this] { return stopped_ || isOverBound(); });
}

void ObjectFiles::waitBeforeRetry() {
  std::unique_lock<std::mutex> lock(mutex_);
  work_.wait_for(lock, kRetryTime, [this] { return stopped_; });
}

// Not for long: the checkpointer may be waiting for the log in its turn.
void ObjectFiles::throttle() {
  if (!isOverBound()) return;
  std::unique_lock<std::mutex> lock(mutex_);
  room_.wait_for(lock, kThrottleTime, [this] { return stopped_ || !isOverBound(); });
}

void ObjectFiles::requestAlarms(AlarmRequest request) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    alarmRequest_ = std::move(request);
  }
  work_.notify_one();
}

std::optional<ObjectFiles::AlarmRequest> ObjectFiles::takeAlarmRequest() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(alarmRequest_, std::nullopt);
}

void ObjectFiles::stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
  }
  work_.notify_all();
  room_.notify_all();
}

}  // namespace holdfast::storage
