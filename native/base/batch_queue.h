// BatchQueue<T>: many producers, one consumer that takes everything at once.
//
// Contract: push() appends and says whether the queue was empty, so the producer rings the doorbell
// once per batch. takeAll() swaps the whole content out; values keep their order of arrival.
// Thread: push() any; takeAll() the consumer's. One of the four named locks of the process (guide,
// section 7).
#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include "base/burst.h"

namespace holdfast {

template <typename T>
class BatchQueue {
 public:
  // True when the queue was empty before: ring the consumer's doorbell.
  [[nodiscard]] bool push(T value) {
    const std::lock_guard<std::mutex> lock(mutex_);
    items_.push_back(std::move(value));
    return items_.size() == 1;
  }

  // Moves all of `values` in, in order. True when the queue was empty before and is not now.
  [[nodiscard]] bool pushAll(std::vector<T>&& values) {
    if (values.empty()) return false;
    const std::lock_guard<std::mutex> lock(mutex_);
    const bool wasEmpty = items_.empty();
    if (wasEmpty) {
      items_.swap(values);
    } else {
      for (T& value : values) items_.push_back(std::move(value));
    }
    values.clear();
    return wasEmpty;
  }

  [[nodiscard]] bool empty() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return items_.empty();
  }

  // Replaces `out` with the content; keeps the capacity of both vectors in use, but for a burst's.
  void takeAll(std::vector<T>& out) {
    clearBurst(out);
    const std::lock_guard<std::mutex> lock(mutex_);
    out.swap(items_);
  }

 private:
  mutable std::mutex mutex_;
  std::vector<T> items_;  // guarded by mutex_
};

}  // namespace holdfast
