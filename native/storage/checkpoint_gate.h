// CheckpointGate: keeps the shard's writing and the flusher's restart of a WAL apart, without a
// lock.
//
// The shard holds it while an implicit transaction or a cursor is open; the flusher holds it for
// the microseconds in which it cuts a WAL whose content is in the database file already. tryCut()
// never waits; enter() waits for a cut under way. Thread: enter/leave the shard's, tryCut/endCut
// the flusher's.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/check.h"

namespace holdfast::storage {

class CheckpointGate {
 public:
  // Nests.
  void enter() {
    if (depth_++ > 0) return;
    uint32_t expected = kIdle;
    while (!state_.compare_exchange_strong(expected, kBusy, std::memory_order_acq_rel)) {
      state_.wait(expected, std::memory_order_acquire);
      expected = kIdle;
    }
  }
  void leave() {
    DO_CHECK(depth_ > 0);
    if (--depth_ > 0) return;
    state_.store(kIdle, std::memory_order_release);
  }

  [[nodiscard]] bool tryCut() {
    uint32_t expected = kIdle;
    return state_.compare_exchange_strong(expected, kCutting, std::memory_order_acq_rel);
  }
  void endCut() {
    state_.store(kIdle, std::memory_order_release);
    state_.notify_all();
  }

 private:
  static constexpr uint32_t kIdle = 0;
  static constexpr uint32_t kBusy = 1;
  static constexpr uint32_t kCutting = 2;

  std::atomic<uint32_t> state_{kIdle};
  uint32_t depth_ = 0;  // shard's
};

}  // namespace holdfast::storage
