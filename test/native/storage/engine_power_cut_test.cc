// The power goes at every single operation of fixed scenarios of the engine, and while the next
// start recovers.
#include <gtest/gtest.h>

#include "storage/engine_script.h"
#include "storage/lying_file_system.h"
#include "support/power_cuts.h"

namespace holdfast::storage::testing {
namespace {

using holdfast::testing::SimulatedDisk;
using Step = std::function<void(EngineScript&)>;

// Few: each operation is cut, and the scenarios are run for each.
constexpr uint64_t kSeeds = 10;

struct Swept {
  uint64_t operations = 0;
  std::vector<std::string> breaches;
};

// `before` is not cut.
Swept sweep(const Step& before, const Step& scenario) {
  Swept swept;
  std::unique_ptr<EngineScript> script;
  swept.operations = holdfast::testing::sweepPowerCuts(
      [&](SimulatedDisk& disk) {
        script = std::make_unique<EngineScript>(disk, disk);
        before(*script);
      },
      [&](SimulatedDisk& disk) {
        scenario(*script);
        const bool off = disk.isPowerOff();
        script->stop();
        return off || disk.isPowerOff() ? Status(Code::kIo, "power is off") : Status();
      },
      [&](SimulatedDisk&, const Status&) {
        script->restart();
        swept.breaches.insert(swept.breaches.end(), script->breaches.begin(),
                              script->breaches.end());
        script.reset();
      },
      kSeeds);
  return swept;
}

void expectNothingIsLost(const Step& before, const Step& scenario, uint64_t operationsAtLeast) {
  const Swept swept = sweep(before, scenario);
  EXPECT_EQ(swept.breaches, std::vector<std::string>());
  EXPECT_GE(swept.operations, operationsAtLeast) << "the scenario did less than it says";
}

std::string valueOf(int number, size_t bytes = 40) {
  return std::string(bytes, static_cast<char>('a' + number % 20));
}

void putSome(EngineScript& script, const std::string& objects, int values, size_t bytes = 40) {
  for (int i = 0; i < values; ++i) {
    for (const char object : objects)
      script.put(object, "k" + std::to_string(i), valueOf(i, bytes));
    script.flush();
  }
}

const Step kNothing = [](EngineScript&) {};
const Step kOpen = [](EngineScript& script) { script.open(); };

TEST(EnginePowerCutTest, FirstStartAndFirstPuts) {
  expectNothingIsLost(
      kNothing,
      [](EngineScript& script) {
        script.open();
        putSome(script, "a", 3);
      },
      15);
}

TEST(EnginePowerCutTest, GrowthAndShrink) {
  expectNothingIsLost(
      [](EngineScript& script) {
        script.placeShrinking('a');
        script.open();
        putSome(script, "a", 4, 2000);
        script.checkpoint();
      },
      [](EngineScript& script) {
        for (const char* key : {"k3", "k1", "k2"}) script.put('a', key, "");
        script.checkpoint();
        script.put('a', "k1", valueOf(7, 3000));
        script.put('b', "k1", valueOf(7, 3000));
        script.checkpoint();
        script.put('a', "k2", valueOf(8, 900));
        script.flush();
      },
      30);
}

TEST(EnginePowerCutTest, SegmentsBeginAndGo) {
  expectNothingIsLost(
      [](EngineScript& script) {
        script.options.segmentBytes = 1500;
        script.open();
      },
      [](EngineScript& script) {
        putSome(script, "ab", 3, 900);
        script.checkpoint();
        putSome(script, "ab", 3, 901);
        script.checkpoint();
        script.flush();
      },
      30);
}

TEST(EnginePowerCutTest, SpaceTakenInAdvance) {
  expectNothingIsLost(
      [](EngineScript& script) {
        script.options.segmentBytes = 3000;
        script.options.logReserveBytes = 1000;
        script.open();
      },
      [](EngineScript& script) { putSome(script, "a", 6, 700); }, 15);
}

TEST(EnginePowerCutTest, CheckpointOfOneClosedObjectWhileAnotherIsDirty) {
  expectNothingIsLost(
      kOpen,
      [](EngineScript& script) {
        putSome(script, "ab", 2);
        script.close('a');
        script.checkpoint(ObjectFiles::Which::kQuiet);
        script.put('a', "k0", valueOf(9));
        script.checkpoint();
      },
      15);
}

TEST(EnginePowerCutTest, CheckpointOfManyObjectsAtOnce) {
  expectNothingIsLost(
      kOpen,
      [](EngineScript& script) {
        putSome(script, "0123456789ab", 1);
        script.checkpoint();
        putSome(script, "05", 2);
      },
      30);
}

TEST(EnginePowerCutTest, DeleteAll) {
  expectNothingIsLost(
      [](EngineScript& script) {
        script.open();
        putSome(script, "a", 3, 3000);
        script.checkpoint();
      },
      [](EngineScript& script) {
        script.deleteAll('a');
        script.flush();
        script.put('a', "k1", valueOf(3));
        script.checkpoint();
      },
      8);
}

TEST(EnginePowerCutTest, CleanStop) {
  expectNothingIsLost(
      [](EngineScript& script) {
        script.options.segmentBytes = 1500;
        script.open();
        putSome(script, "abc", 3, 500);
      },
      [](EngineScript& script) { script.stop(); }, 15);
}

TEST(EnginePowerCutTest, StartAfterACleanStop) {
  expectNothingIsLost(
      [](EngineScript& script) {
        script.options.segmentBytes = 1500;
        script.open();
        putSome(script, "abc", 3, 500);
        script.stop();
      },
      [](EngineScript& script) {
        script.open();
        putSome(script, "a", 1);
      },
      8);
}

// Ends the process without loss of power.
void killProcess(EngineScript& script, SimulatedDisk& disk) {
  script.kill();
  disk.killProcess();
}

// The recovery of what a killed process left, cut at `k`; then again, with the power cut for good.
Swept sweepRecoveries(std::optional<Lie> lie) {
  Swept swept;
  for (uint64_t tail = 1;; ++tail) {
    // The process dies at an operation of a scenario that leaves a checkpoint and a tail of log.
    bool ended = false;
    for (uint64_t k = 1; k <= 60; k += 3) {
      SimulatedDisk disk;
      LyingFileSystem lying(disk, lie.value_or(Lie::kLogFlush));
      EngineScript script(disk, lie ? static_cast<sys::FileSystem&>(lying) : disk);
      script.options.segmentBytes = 1500;
      script.open();
      putSome(script, "ab", 2, 900);
      script.checkpoint();
      disk.crashAt(tail);
      putSome(script, "ab", 3, 901);
      script.checkpoint();
      ended = !disk.isPowerOff();
      killProcess(script, disk);
      disk.crashAt(k);
      script.open();
      script.kill();
      disk.powerCut(tail * 100 + k);
      disk.crashAt(1 + k % 7);
      script.open();
      script.kill();
      disk.powerCut(tail * 100 + k + 1);
      script.restart();
      swept.breaches.insert(swept.breaches.end(), script.breaches.begin(), script.breaches.end());
      ++swept.operations;
    }
    if (ended) return swept;
  }
}

TEST(EnginePowerCutTest, RecoveryCutAgainAndAgain) {
  const Swept swept = sweepRecoveries({});
  EXPECT_EQ(swept.breaches, std::vector<std::string>());
  EXPECT_GE(swept.operations, 300U);
}

TEST(EnginePowerCutTest, NoticesThatRecoveryDoesNotFlushTheLog) {
  EXPECT_FALSE(sweepRecoveries(Lie::kLogSpared).breaches.empty());
}

TEST(EnginePowerCutTest, NoticesThatASegmentIsReplacedInPlace) {
  EXPECT_FALSE(sweepRecoveries(Lie::kReplaceInPlace).breaches.empty());
}

// A process that dies between making a directory and flushing its name leaves it to the next one.
TEST(EnginePowerCutTest, DirectoriesOfAProcessThatDied) {
  for (uint64_t k = 1; k <= 12; ++k) {
    SimulatedDisk disk;
    EngineScript script(disk, disk);
    disk.crashAt(k);
    script.open();
    killProcess(script, disk);
    script.open();
    putSome(script, "a", 1);
    script.kill();
    disk.powerCut(0);
    script.restart();
    EXPECT_EQ(script.breaches, std::vector<std::string>()) << "died at operation " << k;
  }
}

TEST(EnginePowerCutTest, DamageInTheMiddleOfTheLogIsReported) {
  SimulatedDisk disk;
  EngineScript script(disk, disk);
  script.open();
  putSome(script, "a", 3);
  script.kill();
  disk.powerCut(0);
  const std::string log = "data/log/0000000000000001.log";
  disk.corrupt(log, disk.content(log).value().size() / 2, 1);
  script.open();
  ASSERT_EQ(script.breaches.size(), 1U);
  EXPECT_EQ(script.refused().code(), Code::kCorrupt);
  EXPECT_NE(script.breaches[0].find("0000000000000001.log, offset "), std::string::npos)
      << script.breaches[0];
  EXPECT_FALSE(disk.content(script.pathOf('a'))) << "nothing is written then";
}

}  // namespace
}  // namespace holdfast::storage::testing
