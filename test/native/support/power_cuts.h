// What a power cut leaves of a scenario on a SimulatedDisk: over many seeds at its end, and at
// every one of its operations. The loops of the disk's own tests and of those that simulate on it.
// Thread: the caller's.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "support/simulated_disk.h"

namespace holdfast::testing {

constexpr const char* kNone = "(none)";

inline std::unique_ptr<sys::File> opened(SimulatedDisk& disk, const std::string& path) {
  return disk.open(path, sys::OpenMode::kCreate).value();
}

inline std::string contentOf(const SimulatedDisk& disk, const std::string& path) {
  return disk.content(path).value_or(kNone);
}

// What `look` tells after a power cut at the end of `scenario`, and for how many of 200 seeds.
using Outcomes = std::map<std::string, int>;
inline Outcomes outcomes(const std::function<void(SimulatedDisk&)>& scenario,
                         const std::function<std::string(SimulatedDisk&)>& look) {
  Outcomes seen;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    SimulatedDisk disk;
    scenario(disk);
    disk.powerCut(seed);
    ++seen[look(disk)];
  }
  return seen;
}

// The same without the counts.
using Survivors = std::set<std::string>;
inline Survivors survivors(const std::function<void(SimulatedDisk&)>& scenario,
                           const std::function<std::string(SimulatedDisk&)>& look) {
  Survivors seen;
  for (const auto& [outcome, count] : outcomes(scenario, look)) seen.insert(outcome);
  return seen;
}

// Runs `scenario` with the power gone at its operation 1, 2, ... until it ends before that, each
// with `seeds` seeds, and lets `look` judge what is left; its status says whether the scenario
// ended. Gives the number of operations.
inline uint64_t sweepPowerCuts(const std::function<void(SimulatedDisk&)>& prepare,
                               const std::function<Status(SimulatedDisk&)>& scenario,
                               const std::function<void(SimulatedDisk&, const Status&)>& look,
                               uint64_t seeds = 40) {
  for (uint64_t k = 1;; ++k) {
    bool ended = false;
    for (uint64_t seed = 0; seed < seeds; ++seed) {
      SimulatedDisk disk;
      prepare(disk);
      disk.crashAt(k);
      const Status status = scenario(disk);
      ended = !disk.isPowerOff();
      EXPECT_EQ(status.ok(), ended) << "cut at operation " << k << ": " << status.message();
      disk.powerCut(seed);
      look(disk, status);
    }
    if (ended) return k - 1;
  }
}

}  // namespace holdfast::testing
