// EngineSimulation: the whole engine (SQLite over its VFS, log, checkpointer, recovery) on a
// SimulatedDisk, driven by one seed: objects change and commit, the log and the checkpointer step,
// the disk fails, the power goes at any operation, also while the next start recovers, and after
// each start every object is compared with its model.
//
// Thread: the caller's; the engine runs without threads of its own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "storage/engine_model.h"
#include "storage/simulated_object.h"
#include "storage/sqlite_engine.h"
#include "support/simulated_disk.h"
#include "sys/clock.h"

namespace holdfast::storage::testing {

// How often a run came to the places that matter: one that never goes there proves nothing.
struct SimulationCoverage {
  uint64_t commits = 0;
  uint64_t powerCuts = 0;
  uint64_t kills = 0;
  uint64_t cleanStops = 0;
  uint64_t cutRecoveries = 0;
  uint64_t lostCommits = 0;  // committed and not announced, and gone
  uint64_t recoveredCommits = 0;
  uint64_t checkpoints = 0;
  uint64_t failedCheckpoints = 0;
  uint64_t failedLogs = 0;
  uint64_t refusedCommits = 0;
  uint64_t segmentsRead = 0;
};

class EngineSimulation {
 public:
  // What the engine sees of the disk: it itself, or a file system that lies about it.
  using Between = std::function<std::unique_ptr<sys::FileSystem>(sys::FileSystem& disk)>;
  explicit EngineSimulation(uint64_t seed, const Between& between = {});
  ~EngineSimulation();
  EngineSimulation(const EngineSimulation&) = delete;
  EngineSimulation& operator=(const EngineSimulation&) = delete;

  // The promise that was broken, or nothing.
  std::string run();

  SimulationCoverage coverage;

 private:
  enum class End { kPowerCut, kKill, kCleanStop };

  void live();
  void step();
  void changeObject();
  void commit(SimulatedObject& object);
  void flush();
  void checkpoint();
  void armDisk();
  void end();
  void stopProcess(End how);
  void restart();
  bool tryToOpen();
  void check();
  // `why` is what the engine said; it is a breach unless the disk was made to fail.
  void expect(const Status& why, const std::string& doing);
  void breach(const std::string& text);
  [[nodiscard]] bool isOver() const { return disk_.isPowerOff() || sink_.failures > 0; }
  SimulatedObject& anyObject() { return objects_[random_.pick(objectCount_)]; }
  [[nodiscard]] std::string pathOf(const SimulatedObject& object) const;

  Random random_;
  holdfast::testing::SimulatedDisk disk_;
  std::unique_ptr<sys::FileSystem> between_;
  sys::FileSystem& files_;
  sys::ManualClock clock_;
  AnnouncedSink sink_;
  EngineOptions options_;
  const bool disturbed_;  // faults, not only crashes
  const uint32_t objectCount_;
  std::vector<SimulatedObject> objects_;
  Lsn lastCommitted_ = 0;
  Lsn promised_ = 0;
  size_t faultsArmed_ = 0;  // since the process began
  std::string breach_;
  std::unique_ptr<SqliteEngine> engine_;
};

}  // namespace holdfast::storage::testing
