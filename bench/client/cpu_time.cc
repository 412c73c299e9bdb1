#include "cpu_time.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace holdfast::bench {
namespace {

constexpr int kFieldsBeforeUtime = 11;  // after the name: state, ppid, ... cmajflt (proc(5))

std::optional<uint64_t> ticksOf(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  if (!std::getline(file, text)) return std::nullopt;
  const size_t nameEnd = text.rfind(')');  // a name may hold spaces and parentheses
  if (nameEnd == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(nameEnd + 1));
  std::string skipped;
  for (int i = 0; i < kFieldsBeforeUtime; ++i) fields >> skipped;
  uint64_t utime = 0;
  uint64_t stime = 0;
  uint64_t cutime = 0;
  uint64_t cstime = 0;
  if (!(fields >> utime >> stime >> cutime >> cstime)) return std::nullopt;
  return utime + stime + cutime + cstime;
}

uint64_t microseconds(const timeval& time) {
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000 + static_cast<uint64_t>(time.tv_usec);
}

}  // namespace

std::optional<uint64_t> cpuMicrosecondsOf(const std::vector<int>& pids) {
  const auto ticksPerSecond = static_cast<uint64_t>(sysconf(_SC_CLK_TCK));
  uint64_t ticks = 0;
  for (const int pid : pids) {
    const std::optional<uint64_t> some = ticksOf(pid);
    if (!some) return std::nullopt;
    ticks += *some;
  }
  return ticks * 1'000'000 / ticksPerSecond;
}

uint64_t ownCpuMicroseconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
}

}  // namespace holdfast::bench
