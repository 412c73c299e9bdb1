#include "measurement.h"

#include <array>
#include <cstdio>
#include <optional>

#include "cpu_time.h"
#include "options.h"

namespace holdfast::bench {
namespace {

constexpr Nanoseconds kCountedRunMax = 600 * kSecond;  // a server that stops answering ends the run

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    const bool printable = c >= ' ' && c <= '~';
    out.push_back(printable ? c : '?');
  }
  return out + "\"";
}

}  // namespace

Measurement::Measurement(const Options& options)
    : warmUp_(options.requests > 0 ? 0 : nanosecondsOf(options.secondsWarmUp)),
      length_(nanosecondsOf(options.seconds)),
      operationsMax_(options.requests),
      watch_(options.watch) {}

void Measurement::start(Nanoseconds now) {
  openAt_ = now + warmUp_;
  advance(now);
}

void Measurement::advance(Nanoseconds now) {
  if (phase_ == Phase::kWarmUp && now >= openAt_) open(now);
  if (phase_ == Phase::kMeasuring && now >= closeAt_) close(now);
}

Nanoseconds Measurement::nextChange() const {
  return phase_ == Phase::kWarmUp ? openAt_ : closeAt_;
}

void Measurement::open(Nanoseconds now) {
  phase_ = Phase::kMeasuring;
  openAt_ = now;
  closeAt_ = now + (operationsMax_ > 0 ? kCountedRunMax : length_);
  const std::optional<uint64_t> cpu = cpuMicrosecondsOf(watch_);
  serverGone_ = !cpu;
  serverCpu_ = cpu.value_or(0);
  clientCpu_ = ownCpuMicroseconds();
}

void Measurement::close(Nanoseconds now) {
  phase_ = Phase::kDone;
  closeAt_ = now;
  const std::optional<uint64_t> cpu = cpuMicrosecondsOf(watch_);
  serverGone_ = serverGone_ || !cpu;
  serverCpu_ = cpu.value_or(serverCpu_) - serverCpu_;
  clientCpu_ = ownCpuMicroseconds() - clientCpu_;
}

void Measurement::succeeded(Nanoseconds started, Nanoseconds now) {
  if (phase_ != Phase::kMeasuring) return;
  latencies_.add(static_cast<uint64_t>(now - started));
  if (operationsMax_ > 0 && latencies_.total() + errors_ >= operationsMax_) close(now);
}

void Measurement::failed(const std::string& why) {
  if (phase_ == Phase::kDone) return;
  if (errors_++ == 0) firstError_ = why;
  if (operationsMax_ > 0 && latencies_.total() + errors_ >= operationsMax_) close(monotonicNow());
}

void Measurement::abandon() {
  if (phase_ == Phase::kWarmUp) open(monotonicNow());
  if (phase_ == Phase::kMeasuring) close(monotonicNow());
}

std::string Measurement::toJson() const {
  const double seconds = static_cast<double>(closeAt_ - openAt_) / static_cast<double>(kSecond);
  const auto microseconds = [](uint64_t value) { return static_cast<double>(value) / 1'000.0; };
  std::array<char, 512> numbers{};
  std::snprintf(numbers.data(), numbers.size(),
                R"("ops":%llu,"seconds":%.4f,"ops_per_s":%.2f,"p50_us":%.1f,"p99_us":%.1f,)"
                R"("max_us":%.1f,"client_cpu_us":%llu,"errors":%llu)",
                static_cast<unsigned long long>(latencies_.total()), seconds,
                static_cast<double>(latencies_.total()) / seconds,
                microseconds(latencies_.percentile(0.5)), microseconds(latencies_.percentile(0.99)),
                microseconds(latencies_.max()), static_cast<unsigned long long>(clientCpu_),
                static_cast<unsigned long long>(errors_));
  std::string json = std::string("{") + numbers.data();
  if (!watch_.empty() && !serverGone_) json += ",\"server_cpu_us\":" + std::to_string(serverCpu_);
  if (errors_ > 0) json += ",\"first_error\":" + quoted(firstError_);
  return json + "}";
}

}  // namespace holdfast::bench
