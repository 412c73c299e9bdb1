// A seed picks what happens to shards and their objects; ShardPromises says what must hold. The
// sabotages at the end prove that it has teeth. HOLDFAST_SEEDS raises the number of seeds,
// HOLDFAST_SEED runs one alone.
#include "host/shard_simulation.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace holdfast::host {
namespace {

using testing::numberFrom;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr uint64_t kSeeds = 300;
#else
constexpr uint64_t kSeeds = 3'000;
#endif

// Seeds that once failed, by what was wrong then.
constexpr uint64_t kFoundSeeds[] = {
    150,  // what an instance said between its failed commit and its end left
    79,   // a rolled back transaction took the delay from an alarm that had failed
};

// False: the seed found something.
bool holds(uint64_t seed, ShardCoverage& coverage) {
  ShardSimulation simulation(seed);
  const std::string breach = simulation.run();
  EXPECT_EQ(breach, "") << "rerun alone with HOLDFAST_SEED=" << seed;
  coverage.add(simulation.coverage);
  return breach.empty();
}

TEST(ShardSimulationTest, S2_S5_EverySeedKeepsThePromises) {
  ShardCoverage coverage;
  if (const uint64_t only = numberFrom("HOLDFAST_SEED", 0); only != 0) {
    holds(only, coverage);
    return;
  }
  const uint64_t seeds = numberFrom("HOLDFAST_SEEDS", kSeeds);
  int failures = 0;
  for (uint64_t seed = 1; seed <= seeds && failures < 10; ++seed) {
    if (!holds(seed, coverage)) ++failures;
  }
  for (const uint64_t seed : kFoundSeeds) holds(seed, coverage);
  if (failures > 0) return;
  EXPECT_GT(coverage.answers, 5 * seeds);
  EXPECT_GT(coverage.heldOutputs, 5 * seeds);
  EXPECT_GT(coverage.unconfirmedOutputs, seeds / 10) << "outputs wait for unconfirmed writes";
  EXPECT_GT(coverage.sections, 10 * seeds);
  EXPECT_GT(coverage.deepest, seeds / 10);
  EXPECT_GT(coverage.rollbacks, seeds);
  EXPECT_GT(coverage.overloads, seeds);
  EXPECT_GT(coverage.breaks, seeds);
  EXPECT_GT(coverage.evictions, seeds);
  EXPECT_GT(coverage.failedCommits, seeds / 2);
  EXPECT_GT(coverage.failedFlushes, seeds / 10);
  EXPECT_GT(coverage.crashes, seeds / 2);
  EXPECT_GT(coverage.alarms, seeds);
  EXPECT_GT(coverage.retries, seeds / 2);
  EXPECT_GT(coverage.cancelledAlarms, seeds / 100);
  EXPECT_GT(coverage.alarmReads, seeds / 2);
  EXPECT_GT(coverage.socketMessages, seeds / 2);
  EXPECT_GT(coverage.staleContinuations, seeds / 2);
}

struct Tooth {
  const char* name;
  ShardSabotage sabotage;
  const char* breach;  // one of those it must lead to
};

class ShardSabotageTest : public ::testing::TestWithParam<Tooth> {};

TEST_P(ShardSabotageTest, IsNoticed) {
  constexpr uint64_t kEnough = 60;
  std::set<std::string> breaches;
  for (uint64_t seed = 1; seed <= kEnough; ++seed) {
    breaches.insert(ShardSimulation(seed, GetParam().sabotage).run());
  }
  std::string all;
  for (const std::string& breach : breaches) all += "\n  " + breach;
  EXPECT_TRUE(breaches.contains(GetParam().breach)) << "noticed only:" << all;
}

INSTANTIATE_TEST_SUITE_P(
    Teeth, ShardSabotageTest,
    ::testing::Values(
        Tooth{"MisrouteCalls", ShardSabotage::kMisrouteCalls, "two instances of one object"},
        Tooth{"NoSection", ShardSabotage::kNoSection,
              "an output left before the write it depends on was durable"},
        Tooth{"AnnounceEarly", ShardSabotage::kAnnounceEarly,
              "an output left before the write it depends on was durable"},
        Tooth{"LoseRecord", ShardSabotage::kLoseRecord,
              "an output left before the write it depends on was durable"},
        Tooth{"ForgetTail", ShardSabotage::kForgetTail, "a durable write is gone"},
        Tooth{"IgnoreOutputGate", ShardSabotage::kIgnoreOutputGate,
              "an output left before the write it depends on was durable"},
        Tooth{"ConfirmNothing", ShardSabotage::kConfirmNothing,
              "an output left before the write it depends on was durable"},
        Tooth{"HoldInTransaction", ShardSabotage::kHoldInTransaction, "an output never left"},
        Tooth{"IgnoreFailedCommit", ShardSabotage::kIgnoreFailedCommit, "an output never left"},
        Tooth{"KeepInstanceOnBreak", ShardSabotage::kKeepInstanceOnBreak, "code ran after a reset"},
        Tooth{"SwapDeliveries", ShardSabotage::kSwapDeliveries,
              "events of one sender out of order"},
        Tooth{"LoseDelivery", ShardSabotage::kLoseDelivery, "a call was never delivered"},
        Tooth{"LooseMailbox", ShardSabotage::kLooseMailbox, "a mailbox grew over its bound"},
        Tooth{"TightMailbox", ShardSabotage::kTightMailbox, "refused below the bound"},
        Tooth{"LooseTurns", ShardSabotage::kLooseTurns, "a turn had more events than allowed"},
        Tooth{"LooseAlarms", ShardSabotage::kLooseAlarms, "more alarms run than allowed"},
        Tooth{"AlarmTwice", ShardSabotage::kAlarmTwice, "two runs of one alarm at once"},
        Tooth{"AlarmEarly", ShardSabotage::kAlarmEarly, "an alarm fired early"},
        Tooth{"ForgetAlarmsAtStart", ShardSabotage::kForgetAlarmsAtStart,
              "a durable alarm never ran"},
        Tooth{"LoseAlarmOfRead", ShardSabotage::kLoseAlarmOfRead, "a durable alarm never ran"},
        Tooth{"RetryAtOnce", ShardSabotage::kRetryAtOnce, "an alarm was retried too early"},
        Tooth{"NeverEvict", ShardSabotage::kNeverEvict, "an instance was left over"},
        Tooth{"SettleWithoutDeleting", ShardSabotage::kSettleWithoutDeleting,
              "a durable alarm never ran"}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace holdfast::host
