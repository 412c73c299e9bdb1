// CPU time of other processes and of this one, in microseconds.
//
// Of another process: utime + stime + cutime + cstime of /proc/PID/stat, which is all its threads,
// those that ended too, and its children that were waited for. The kernel shows it in steps of 10
// ms. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace holdfast::bench {

// The sum over `pids`; nothing when one of them is gone.
std::optional<uint64_t> cpuMicrosecondsOf(const std::vector<int>& pids);

uint64_t ownCpuMicroseconds();

}  // namespace holdfast::bench
