// Alarms on their way from commits to the alarm store, without SQLite: the log, the checkpointer
// and recovery with a store that lies on the simulated disk. The power goes, and the disk fails, at
// every operation. After each start the store says of every object what its last commit up to the
// end of the log said.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "storage/checkpointer.h"
#include "storage/data_paths.h"
#include "storage/database_image.h"
#include "storage/engine_model.h"
#include "storage/log_recovery.h"
#include "support/power_cuts.h"

namespace holdfast::storage::testing {
namespace {

using holdfast::testing::Fault;
using holdfast::testing::SimulatedDisk;

constexpr const char* kDataDir = "data";
constexpr uint32_t kPageBytes = 4096;

enum class Keeps { kDurably, kUntilThePowerGoes };

// A text file, "object at name" a line.
class FileAlarmStore final : public AlarmStore {
 public:
  FileAlarmStore(SimulatedDisk& disk, Keeps keeps) : disk_(disk), keeps_(keeps) {}

  Status store(const std::vector<AlarmUpdate>& updates) override {
    std::map<std::string, std::string> alarms = load();
    for (const AlarmUpdate& update : updates) {
      const std::string id = update.object.idHex;
      if (!update.alarm.at) {
        alarms.erase(id);
        continue;
      }
      const std::string& known = alarms[id];
      const std::string name =
          update.alarm.actorName.value_or(known.empty() ? "" : known.substr(known.find(' ') + 1));
      alarms[id] = std::to_string(*update.alarm.at) + " " + name;
    }
    std::string text;
    for (const auto& [id, alarm] : alarms) text.append(id).append(" ").append(alarm).append("\n");
    if (keeps_ == Keeps::kDurably) return disk_.replaceFile(path_, text);
    Status removed = disk_.removeFile(path_);
    return removed.ok() ? disk_.createFile(path_, text) : removed;
  }

  // "at name" by id.
  std::map<std::string, std::string> load() const {
    std::map<std::string, std::string> alarms;
    std::istringstream lines(disk_.content(path_).value_or(""));
    for (std::string line; std::getline(lines, line);) {
      const size_t space = line.find(' ');
      alarms[line.substr(0, space)] = line.substr(space + 1);
    }
    return alarms;
  }

 private:
  SimulatedDisk& disk_;
  const Keeps keeps_;
  const std::string path_ = std::string(kDataDir) + "/alarms";
};

class AlarmScript {
 public:
  explicit AlarmScript(SimulatedDisk& disk, Keeps keeps = Keeps::kDurably)
      : disk_(disk), store_(disk, keeps) {}

  void open() {
    sink_.restarted();
    Status status = createDirectoriesDurably(disk_, logDirectory(kDataDir));
    if (status.ok()) status = createDirectoriesDurably(disk_, namespacesDirectory(kDataDir));
    if (!status.ok()) return;
    const Result<RecoveryReport> recovered = recoverLog(disk_, kDataDir, Flush::kYes, store_);
    if (!recovered.ok()) return expect(recovered.status());
    parts_ = std::make_unique<Parts>(disk_, sink_, store_, recovered.value().last);
    status = parts_->log.start();
    if (!status.ok()) parts_.reset();
  }
  void end() { parts_.reset(); }

  // A commit that sets the object's alarm, or takes it away, and says the same in its pages.
  void commit(char object, std::optional<TimestampMs> at, std::optional<std::string> name = {}) {
    if (!parts_ || disk_.isPowerOff() || !parts_->objects.admit().ok()) return;
    ActorId id;
    id.bytes.fill(static_cast<uint8_t>((object - 'a' + 10) * 0x11));
    ObjectFile* file = parts_->objects.open(nameOf(object), id);
    Status loaded = file->load();
    if (loaded.ok()) {
      if (!file->exists()) file->create(emptyDatabaseImage());
      std::string page = textOf(at);
      page.resize(kPageBytes);
      file->write(kPageBytes, page);
      const Result<Lsn> lsn = file->commit(parts_->objects, RecordedAlarm{at, name}, 0);
      expect(lsn.status());
      if (lsn.ok()) commits_[object].push_back({lsn.value(), at, name});
    }
    parts_->objects.close(file);
  }
  void flush() {
    if (parts_) parts_->log.step(CommitLog::Wait::kNot);
  }
  void checkpoint() {
    flush();
    if (!parts_) return;
    // A round would wait for ever for the space that the log waits for.
    if (sink_.failures == 0 && parts_->log.durable() != parts_->log.last()) return;
    (void)parts_->checkpointer.round(ObjectFiles::Which::kAll).ok();
  }
  // Cancelled by the one who fires alarms: it leaves the store, not the object.
  void forget(char object) { parts_->objects.settleAlarm(nameOf(object), std::nullopt); }

  // The store, after a checkpoint of everything or a start.
  void compare() {
    const Lsn last = parts_->log.last();
    if (last < sink_.announced) breaches.push_back("an announced commit is missing");
    sink_.announced = last;
    const std::map<std::string, std::string> stored = store_.load();
    for (auto& [object, commits] : commits_) {
      std::erase_if(commits, [last](const Commit& commit) { return commit.lsn > last; });
      const auto found = stored.find(nameOf(object).idHex);
      const std::string there = found == stored.end() ? "none" : found->second;
      const std::string page = disk_.content(pathOf(object)).value_or("").substr(0, 2 * kPageBytes);
      const std::string wanted = wantedOf(commits);
      if (there != wanted) breaches.push_back("the store says " + there + ", not " + wanted);
      if (commits.empty()) continue;
      const std::string text = textOf(commits.back().at);
      if (page.size() < 2 * kPageBytes || page.compare(kPageBytes, text.size(), text) != 0) {
        breaches.push_back("the pages do not say " + text);
      }
    }
  }

  [[nodiscard]] bool isOpen() const { return parts_ != nullptr; }
  [[nodiscard]] const AnnouncedSink& sink() const { return sink_; }
  [[nodiscard]] std::map<std::string, std::string> stored() const { return store_.load(); }
  std::vector<std::string> breaches;

 private:
  struct Parts {
    Parts(sys::FileSystem& files, DurabilitySink& sink, AlarmStore& alarms, Lsn last)
        : log({.directory = logDirectory(kDataDir), .segmentBytes = 600, .queueBytesMax = 1 << 20},
              files, sink, last),
          objects({.dataDir = kDataDir,
                   .openFilesMax = 2,
                   .overlayBytesMax = 1 << 20,
                   .logBytesMax = 1 << 20,
                   .transactionBytesMax = 1 << 20},
                  files, log),
          checkpointer({.dataDir = kDataDir, .objectsPerRound = 16}, files, objects, log, alarms) {}
    CommitLog log;
    ObjectFiles objects;
    Checkpointer checkpointer;
  };
  struct Commit {
    Lsn lsn = 0;
    std::optional<TimestampMs> at;
    std::optional<std::string> name;
  };

  static ObjectName nameOf(char object) { return {"app-Room", std::string(64, object)}; }
  static std::string pathOf(char object) {
    return objectPath(namespaceDirectory(kDataDir, "app-Room"), nameOf(object).idHex);
  }
  static std::string textOf(std::optional<TimestampMs> at) {
    return at ? "alarm at " + std::to_string(*at) + ";" : "no alarm;";
  }
  // A name stays known from one alarm to the next that does not bring it.
  static std::string wantedOf(const std::vector<Commit>& commits) {
    if (commits.empty() || !commits.back().at) return "none";
    std::string name;
    for (const Commit& commit : commits) {
      if (commit.name) name = *commit.name;
    }
    return std::to_string(*commits.back().at) + " " + name;
  }
  void expect(const Status& status) {
    if (!status.ok() && status.code() == Code::kCorrupt) breaches.push_back(status.message());
  }

  SimulatedDisk& disk_;
  FileAlarmStore store_;
  AnnouncedSink sink_;
  std::map<char, std::vector<Commit>> commits_;
  std::unique_ptr<Parts> parts_;
};

// New alarms, one that moves while a checkpoint is due, one that goes; segments come and go.
void scenario(AlarmScript& script) {
  script.commit('a', 100, "Ada");
  script.commit('b', 200);
  script.flush();
  script.commit('a', 101);
  script.checkpoint();
  script.commit('c', 300, "Cy");
  script.commit('b', std::nullopt);
  script.flush();
  script.commit('c', 301);
  script.checkpoint();
  script.commit('a', 102);
  script.commit('b', 201, "Bo");
  script.checkpoint();
  script.flush();
}

std::vector<std::string> sweep(Keeps keeps, uint64_t& operations) {
  std::vector<std::string> breaches;
  std::unique_ptr<AlarmScript> script;
  uint64_t run = 0;
  operations = holdfast::testing::sweepPowerCuts(
      [&](SimulatedDisk& disk) { script = std::make_unique<AlarmScript>(disk, keeps); },
      [&](SimulatedDisk& disk) {
        script->open();
        scenario(*script);
        script->end();
        return disk.isPowerOff() ? Status(Code::kIo, "power is off") : Status();
      },
      [&](SimulatedDisk& disk, const Status&) {
        // The next start is cut too, before one may finish.
        disk.crashAt(1 + run % 17);
        script->open();
        script->end();
        disk.crashNow();
        disk.powerCut(++run);
        script->open();
        script->compare();
        breaches.insert(breaches.end(), script->breaches.begin(), script->breaches.end());
        script.reset();
      });
  return breaches;
}

TEST(CheckpointAlarmTest, StoreFollowsTheCommitsThroughPowerCuts) {
  uint64_t operations = 0;
  EXPECT_EQ(sweep(Keeps::kDurably, operations), std::vector<std::string>());
  EXPECT_GE(operations, 60U);
}

TEST(CheckpointAlarmTest, NoticesAStoreThatIsNotDurable) {
  uint64_t operations = 0;
  EXPECT_FALSE(sweep(Keeps::kUntilThePowerGoes, operations).empty());
}

TEST(CheckpointAlarmTest, AFailedRoundKeepsItsAlarms) {
  for (const Fault fault : {Fault::kFailedSync, Fault::kFailedWrite, Fault::kNoSpaceOnce}) {
    for (uint64_t k = 1;; ++k) {
      SimulatedDisk disk;
      AlarmScript script(disk);
      script.open();
      disk.failAt(k, fault);
      scenario(script);
      if (disk.faultsPending() > 0) break;
      if (script.sink().failures == 0) {
        script.checkpoint();
        script.compare();
      }
      script.end();
      disk.crashNow();
      disk.powerCut(k);
      script.open();
      script.compare();
      EXPECT_EQ(script.breaches, std::vector<std::string>()) << "the fault struck operation " << k;
    }
  }
}

TEST(CheckpointAlarmTest, AForgottenAlarmLeavesTheStore) {
  SimulatedDisk disk;
  AlarmScript script(disk);
  script.open();
  scenario(script);
  script.forget('a');
  script.checkpoint();
  EXPECT_EQ(script.stored().count(std::string(64, 'a')), 0U);
  EXPECT_EQ(script.stored().count(std::string(64, 'b')), 1U);
}

}  // namespace
}  // namespace holdfast::storage::testing
