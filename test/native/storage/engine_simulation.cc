#include "storage/engine_simulation.h"

#include <utility>

#include "storage/data_paths.h"

namespace holdfast::storage::testing {
namespace {

using holdfast::testing::Fault;

constexpr uint32_t kLives = 3;
constexpr uint64_t kNever = uint64_t{1} << 40U;
constexpr const char* kDataDir = "data";

EngineOptions optionsFor(uint64_t seed, Random& random) {
  EngineOptions options;
  if (seed % 16 == 10) options.durability = Durability::kSystem;
  options.dataDir = kDataDir;
  options.cachePagesPerObject = 8;  // SQLite spills pages before the commit
  options.openFilesMax = 2;
  options.segmentBytes = 2048U << random.pick(3);
  options.logReserveBytes = random.chance(50) ? 0 : 512U << random.pick(4);
  if (random.chance(20)) options.overlayBytesMax = 16 << 10;
  if (random.chance(20)) options.logBytesMax = 8U << 10U;
  return options;
}

}  // namespace

EngineSimulation::EngineSimulation(uint64_t seed, const Between& between)
    : random_(seed),
      between_(between ? between(disk_) : nullptr),
      files_(between_ ? *between_ : disk_),
      options_(optionsFor(seed, random_)),
      disturbed_(random_.chance(30)),
      // More than eight are flushed together.
      objectCount_(random_.chance(10) ? 12 : 4) {
  for (uint32_t i = 0; i < objectCount_; ++i) {
    const std::string id(64, "0123456789abcdef"[i]);
    const SimulatedObject& object =
        objects_.emplace_back(ObjectName{i % 2 == 0 ? "app-Room" : "app-Hall", id});
    if (!random_.chance(30)) continue;
    disk_.setContent(pathOf(object), shrinkingDatabase(512U << random_.pick(4)));
  }
}

EngineSimulation::~EngineSimulation() { stopProcess(End::kKill); }

std::string EngineSimulation::pathOf(const SimulatedObject& object) const {
  return objectPath(namespaceDirectory(options_.dataDir, object.name().uniqueKey),
                    object.name().idHex);
}

std::string EngineSimulation::run() {
  restart();
  for (uint32_t life = 0; life < kLives && breach_.empty(); ++life) live();
  return breach_;
}

void EngineSimulation::breach(const std::string& text) {
  if (breach_.empty()) breach_ = text;
}

void EngineSimulation::expect(const Status& why, const std::string& doing) {
  if (why.ok() || disk_.isPowerOff()) return;
  if (why.code() != Code::kCorrupt && faultsArmed_ > disk_.faultsPending()) return;
  breach(doing + ": " + why.message());
}

void EngineSimulation::live() {
  const uint32_t steps = 10 + random_.pick(60);
  for (uint32_t i = 0; i < steps && !isOver() && breach_.empty(); ++i) {
    if (random_.chance(3)) armDisk();
    step();
    if (!sink_.breach.empty()) breach(sink_.breach);
  }
  if (breach_.empty()) end();
  if (breach_.empty()) restart();
}

void EngineSimulation::armDisk() {
  if (!disturbed_ || random_.chance(30)) return disk_.crashAt(1 + random_.pick(30));
  constexpr Fault kFaults[] = {Fault::kFailedSync, Fault::kFailedWrite, Fault::kNoSpace,
                               Fault::kNoSpaceOnce};
  disk_.failAt(1 + random_.pick(20), kFaults[random_.pick(4)]);
  ++faultsArmed_;
}

void EngineSimulation::step() {
  const uint32_t what = random_.pick(100);
  if (what < 65) return changeObject();
  if (what < 80) return commit(anyObject());
  if (what < 90) return flush();
  if (what < 95) return checkpoint();
  if (what < 97) return disk_.freeSpace();
  anyObject().close();
}

void EngineSimulation::changeObject() {
  SimulatedObject& object = anyObject();
  if (!object.isOpen()) {
    Result<std::unique_ptr<Database>> db = engine_->openDatabase(object.name());
    if (!db.ok()) return expect(db.status(), "open an object");
    object.opened(std::move(db).value());
  }
  for (uint32_t changes = 1 + random_.pick(4); changes > 0; --changes) {
    Status changed = object.change(random_);
    if (changed.ok()) continue;
    expect(changed, "change an object");
    object.close();
    return;
  }
  if (random_.chance(40)) commit(object);
}

void EngineSimulation::commit(SimulatedObject& object) {
  if (!object.isOpen()) return;
  Status committed = object.commit();
  lastCommitted_ = engine_->committedLsn();
  if (committed.ok()) {
    ++coverage.commits;
    return;
  }
  if (committed.code() == Code::kResourceExhausted ||
      committed.message().find("SQLITE_FULL") != std::string::npos) {
    ++coverage.refusedCommits;
    return;
  }
  if (sink_.failures == 0) expect(committed, "commit");
  object.close();
}

void EngineSimulation::flush() {
  engine_->flushOnce();
  if (sink_.failures > 0 && !disk_.isPowerOff()) {
    ++coverage.failedLogs;
    expect(sink_.failure, "flush");
  }
}

void EngineSimulation::checkpoint() {
  flush();
  // A round would wait for ever.
  if (engine_->durableLsn() != engine_->committedLsn()) return;
  using Which = ObjectFiles::Which;
  const Result<bool> done =
      engine_->checkpointOnce(random_.chance(60) ? Which::kAll : Which::kQuiet);
  ++(done.ok() ? coverage.checkpoints : coverage.failedCheckpoints);
  expect(done.status(), "checkpoint");
}

void EngineSimulation::end() {
  if (disk_.isPowerOff()) return stopProcess(random_.chance(70) ? End::kPowerCut : End::kKill);
  stopProcess(static_cast<End>(random_.pick(3)));
}

void EngineSimulation::stopProcess(End how) {
  if (how != End::kCleanStop) disk_.crashNow();
  const bool failed = sink_.failures > 0;
  for (SimulatedObject& object : objects_) object.close();
  engine_.reset();
  const bool clean = !disk_.isPowerOff() && !failed && sink_.failures == 0;
  if (clean && sink_.announced != lastCommitted_) breach("a clean stop left commits behind");
  promised_ = std::max(promised_, sink_.announced);
  const bool powerFails = how == End::kPowerCut || (how == End::kCleanStop && random_.chance(50));
  // Without flushes only the death of the process is survived.
  if (powerFails && options_.durability == Durability::kFlush) {
    disk_.powerCut(random_.any());
    ++coverage.powerCuts;
  } else {
    disk_.killProcess();
    ++coverage.kills;
  }
  if (how == End::kCleanStop) ++coverage.cleanStops;
  faultsArmed_ = 0;
  disk_.freeSpace();
}

void EngineSimulation::restart() {
  for (uint32_t attempts = 0; breach_.empty(); ++attempts) {
    if (attempts < 4 && random_.chance(40)) disk_.crashAt(1 + random_.pick(25));
    if (tryToOpen()) break;
    ++coverage.cutRecoveries;
    stopProcess(random_.chance(60) ? End::kPowerCut : End::kKill);
  }
  disk_.crashAt(kNever);
  if (breach_.empty()) check();
}

bool EngineSimulation::tryToOpen() {
  sink_.restarted();
  Result<std::unique_ptr<SqliteEngine>> opened = SqliteEngine::open(
      options_, sink_, {.files = files_, .clock = clock_, .threads = SqliteEngine::Threads::kNone});
  if (!opened.ok()) {
    expect(opened.status(), "start");
    return false;
  }
  engine_ = std::move(opened).value();
  return true;
}

void EngineSimulation::check() {
  const Lsn last = engine_->committedLsn();
  if (engine_->durableLsn() != last) breach("a start left commits that are not durable");
  if (last < promised_) {
    breach("ends at LSN " + std::to_string(last) + ", but " + std::to_string(promised_) +
           " was announced");
  }
  if (last > lastCommitted_) breach("ends at LSN " + std::to_string(last) + ", never given");
  coverage.lostCommits += lastCommitted_ - std::min(last, lastCommitted_);
  coverage.recoveredCommits += engine_->recovery().commits;
  coverage.segmentsRead += engine_->recovery().segments;
  for (SimulatedObject& object : objects_) {
    const std::string path = pathOf(object);
    const Result<ObjectState> found = readState(disk_.content(path).value_or(""));
    object.history.restartedAt(last);
    const std::string different =
        found.ok() ? difference(object.history.last(), found.value()) : found.status().message();
    if (!different.empty())
      breach("after LSN " + std::to_string(last) + " " + path + ": " + different);
    object.close();
  }
  lastCommitted_ = promised_ = sink_.announced = last;
}

}  // namespace holdfast::storage::testing
