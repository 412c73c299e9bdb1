// Kills a writing child with SIGKILL and compares the files with what it was told is durable
// (S12.2, design: contract).
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <cstdint>
#include <random>

#include "storage/engine_fixture.h"

namespace holdfast::storage::testing {
namespace {

constexpr int kObjects = 4;

// What the child tells: that it is about to commit an object, under which Lsn; or an announcement.
// Told before the commit, so that a commit announced too early is on the list too. Smaller than
// PIPE_BUF, so whole.
struct Report {
  enum class Kind : uint32_t { kCommitting, kDurable } kind = Kind::kCommitting;
  uint32_t object = 0;
  Lsn lsn = 0;
};

void tell(int fd, const Report& report) { (void)!write(fd, &report, sizeof report); }

class PipeSink final : public DurabilitySink {
 public:
  explicit PipeSink(int fd) : fd_(fd) {}
  void onDurable(Lsn lsn) override { tell(fd_, {Report::Kind::kDurable, 0, lsn}); }
  void onFlushFailed(const Status&) override { _exit(3); }

 private:
  int fd_;
};

// All that was told over the rounds.
struct Ledger {
  Lsn announced = 0;
  std::vector<Lsn> committed[kObjects];
  int announcements = 0;

  bool readOne(int fd) {
    Report report;
    if (read(fd, &report, sizeof report) != sizeof report) return false;
    if (report.kind == Report::Kind::kDurable) {
      announced = std::max(announced, report.lsn);
      ++announcements;
    } else {
      committed[report.object].push_back(report.lsn);
    }
    return true;
  }
  // The child is dead: what it did not announce is not promised, whatever Lsns come later.
  void endRound() {
    for (std::vector<Lsn>& lsns : committed) {
      std::erase_if(lsns, [this](Lsn lsn) { return lsn > announced; });
    }
  }
  // The oldest state that object may be found in.
  [[nodiscard]] Lsn promised(int object) const {
    Lsn last = 0;
    for (const Lsn lsn : committed[object]) {
      if (lsn <= announced) last = std::max(last, lsn);
    }
    return last;
  }
};

// Commit n of an object sets two keys and a row to n, in one transaction; the Lsn is stored with
// them.
[[noreturn]] void writeUntilKilled(const std::string& dataDir, int pipe, uint32_t seed) {
  PipeSink sink(pipe);
  EngineOptions options;
  options.dataDir = dataDir;
  options.logBytesMax = 4U << 20U;  // the writer never waits: four times that would refuse it
  options.segmentBytes = 64U << 10U;
  auto engine = Engine::open(options, sink);
  if (!engine.ok()) _exit(4);
  std::minstd_rand random(seed);
  std::unique_ptr<Database> databases[kObjects];
  const std::string padding(3000, 'p');
  for (;;) {
    const size_t at = random() % kObjects;
    std::unique_ptr<Database>& db = databases[at];
    if (db != nullptr && random() % 40 == 0) db.reset();
    if (db == nullptr) {
      auto opened = engine.value()->openDatabase(objectNamed(static_cast<char>('a' + at)));
      if (!opened.ok()) _exit(5);
      db = std::move(opened).value();
      if (!db->exec("CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, n, p)", {}).ok())
        _exit(6);
    }
    const std::string lsn = std::to_string(engine.value()->committedLsn() + 1);
    const bool written = db->put("first", lsn).ok() &&
                         db->exec("INSERT OR REPLACE INTO t VALUES(?, ?, ?)",
                                  {static_cast<int64_t>(random() % 30), lsn, padding})
                             .ok() &&
                         db->setAlarm(static_cast<TimestampMs>(std::stoll(lsn))).ok() &&
                         db->put("second", lsn).ok();
    if (!written) _exit(7);
    tell(pipe, {Report::Kind::kCommitting, static_cast<uint32_t>(at), std::stoull(lsn)});
    const Result<Lsn> committed = db->commit();
    if (!committed.ok() || std::to_string(committed.value()) != lsn) _exit(8);
  }
}

TEST(CrashTest, KilledAtAnyMomentNothingAnnouncedIsLostAndNothingIsHalf) {
  TemporaryDirectory directory;
  const std::string dataDir = directory.path() + "/data";
  std::mt19937 random(20261123);
  Ledger ledger;
  int checked = 0;
  for (int round = 0; round < 20; ++round) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const uint32_t seed = static_cast<uint32_t>(random());
    const pid_t child = fork();
    if (child == 0) {
      close(pipe[0]);
      writeUntilKilled(dataDir, pipe[1], seed);
    }
    close(pipe[1]);
    // Dies after a random number of announcements: no clock decides.
    const int until = ledger.announcements + 1 + static_cast<int>(random() % 20);
    while (ledger.announcements < until && ledger.readOne(pipe[0])) {
    }
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child stopped by itself: " << WEXITSTATUS(status);
    while (ledger.readOne(pipe[0])) {
    }
    close(pipe[0]);
    ledger.endRound();

    RecordingSink sink;
    HookedFileSystem files;
    EngineOptions options;
    options.dataDir = dataDir;
    auto engine = SqliteEngine::open(options, sink, {.files = files, .clock = sys::systemClock()});
    ASSERT_TRUE(engine.ok()) << engine.status().message();
    EXPECT_EQ(files.syncedAll, engine.value()->recovery().commits > 0)
        << "what a killed process wrote is flushed before it is read";
    const std::vector<StoredAlarm> alarms =
        engine.value()->readAlarms({}, kAllAlarms).value().alarms;
    Lsn newest = 0;
    for (int i = 0; i < kObjects; ++i) {
      const ObjectName name = objectNamed(static_cast<char>('a' + i));
      auto db = std::move(engine.value()->openDatabase(name)).value();
      const auto first = db->get("first").value();
      const Lsn found = first ? std::stoull(*first) : 0;
      EXPECT_GE(found, ledger.promised(i))
          << "object " << i << " lost an announced commit, round " << round;
      if (ledger.promised(i) > 0) ++checked;
      if (!first) continue;
      EXPECT_EQ(db->get("second").value(), first) << "half a commit";
      EXPECT_EQ(sql(*db, "SELECT max(CAST(n AS INTEGER)) FROM t"), *first) << "half a commit";
      EXPECT_EQ(sql(*db, "PRAGMA quick_check"), "ok");
      const TimestampMs alarm = db->getAlarm().value().value();
      EXPECT_EQ(std::to_string(alarm), *first);
      const auto indexed =
          std::find_if(alarms.begin(), alarms.end(),
                       [&](const StoredAlarm& stored) { return stored.idHex == name.idHex; });
      ASSERT_NE(indexed, alarms.end()) << "lost alarm";
      EXPECT_LE(indexed->at, alarm) << "S5.6.2";
      newest = std::max(newest, found);
    }
    EXPECT_GE(engine.value()->committedLsn(), newest);
  }
  EXPECT_GT(checked, 20) << "the promise was put to the test";
}

}  // namespace
}  // namespace holdfast::storage::testing
