// Measurement: what one run counts, and when. First a warm-up, then the window in which operations
// that complete are counted; the CPU times are read at both ends of the window. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clock.h"
#include "histogram.h"

namespace holdfast::bench {

struct Options;

class Measurement {
 public:
  explicit Measurement(const Options& options);

  void start(Nanoseconds now);
  // Opens or closes the window when its time has come.
  void advance(Nanoseconds now);
  [[nodiscard]] bool done() const { return phase_ == Phase::kDone; }
  // When advance() has something to do next.
  [[nodiscard]] Nanoseconds nextChange() const;

  // An operation has succeeded; `started` is when its request or message was sent.
  void succeeded(Nanoseconds started, Nanoseconds now);
  // An operation or a connection has failed; counted in the warm-up too.
  void failed(const std::string& why);

  // No connection is left: ends the window, or the warm-up, at once.
  void abandon();

  [[nodiscard]] uint64_t errors() const { return errors_; }
  // One line of JSON.
  [[nodiscard]] std::string toJson() const;

 private:
  enum class Phase : uint8_t { kWarmUp, kMeasuring, kDone };
  void open(Nanoseconds now);
  void close(Nanoseconds now);

  const Nanoseconds warmUp_;
  const Nanoseconds length_;
  const uint64_t operationsMax_;  // 0: by time
  const std::vector<int> watch_;
  Phase phase_ = Phase::kWarmUp;
  Nanoseconds openAt_ = 0;
  Nanoseconds closeAt_ = 0;
  uint64_t serverCpu_ = 0;  // microseconds: at open the start, after close the difference
  uint64_t clientCpu_ = 0;
  bool serverGone_ = false;
  Histogram latencies_;
  uint64_t errors_ = 0;
  std::string firstError_;
};

}  // namespace holdfast::bench
