#include "storage/sqlite_engine.h"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "storage/connection.h"
#include "storage/engine_fixture.h"
#include "support/simulated_disk.h"
#include "sys/slab_memory.h"

namespace holdfast::storage::testing {
namespace {

using SqliteEngineTest = EngineTest;

TEST_F(SqliteEngineTest, S3_13_1_CleanStopLeavesPlainFiles) {
  open();
  auto db = database();
  EXPECT_TRUE(db->put("k", "v").ok());
  EXPECT_TRUE(db->setAlarm(9000).ok());
  commit(*db);
  db.reset();
  stop();
  const std::vector<std::string> left =
      files_.list(directory_.path() + "/data/do/app-Room").value();
  EXPECT_EQ(left, (std::vector<std::string>{std::string(64, 'a') + ".sqlite", "metadata.sqlite"}));
  open();
  EXPECT_EQ(valueOf(*database(), "k"), "v");
}

TEST_F(SqliteEngineTest, DatabaseLeftOpenAtStopIsClosedByItsOwner) {
  open();
  EXPECT_TRUE(database()->put("k", "uncommitted").ok()) << "destroyed with an open transaction";
  EXPECT_EQ(valueOf(*database(), "k"), "(none)");
}

TEST_F(SqliteEngineTest, OneDatabaseAnObject) {
  open();
  auto db = database();
  EXPECT_EQ(engine_->openDatabase(objectNamed('a')).status().code(), Code::kAlreadyExists);
  db.reset();
  EXPECT_TRUE(engine_->openDatabase(objectNamed('a')).ok());
}

TEST_F(SqliteEngineTest, NamesThatAreNoFileNamesAreRefused) {
  open();
  for (const char* key : {"", ".", "..", "a/b"}) {
    EXPECT_EQ(engine_->openDatabase(objectNamed('a', key)).status().code(), Code::kInvalidArgument)
        << key;
    EXPECT_EQ(engine_->deleteNamespace(key).code(), Code::kInvalidArgument) << key;
  }
  EXPECT_FALSE(engine_->openDatabase({"app-Room", "../../x"}).ok());
  EXPECT_FALSE(engine_->openDatabase({"app-Room", std::string(64, 'G')}).ok());
}

TEST_F(SqliteEngineTest, ReopeningBeforeTheFlushGivesTheSameData) {
  open();
  auto blocker = database('b');
  files_.onSync = [&](const std::string& path) {
    if (path.ends_with(".log")) turnstile_.pass();
    return Status();
  };
  EXPECT_TRUE(blocker->put("k", "1").ok());
  commit(*blocker);
  turnstile_.waitArrived();  // nothing becomes durable now, and no file can be written
  for (int i = 0; i < 5; ++i) {
    auto db = database();
    EXPECT_EQ(valueOf(*db, "n"), i == 0 ? "(none)" : std::to_string(i - 1));
    EXPECT_TRUE(db->put("n", std::to_string(i)).ok());
    commit(*db);
  }
  EXPECT_FALSE(files_.exists(pathOf()));
  auto db = database();
  turnstile_.open();
  sink_.waitDurable(engine_->committedLsn());
  EXPECT_EQ(valueOf(*db, "n"), "4");
  EXPECT_TRUE(db->put("n", "after").ok());
  sink_.waitDurable(commit(*db));
}

TEST_F(SqliteEngineTest, ReopeningAtEveryMomentOfAClose) {
  open();
  for (int i = 0; i < 300; ++i) {
    auto db = database();
    EXPECT_EQ(valueOf(*db, "n"), i == 0 ? "(none)" : std::to_string(i - 1));
    EXPECT_TRUE(db->put("n", std::to_string(i)).ok());
    const Lsn lsn = commit(*db);
    if (i % 3 == 0) sink_.waitDurable(lsn);
    if (i % 7 == 0) {
      // Lets the checkpointer come to it.
      db.reset();
      auto other = database('b');
      EXPECT_TRUE(other->put("x", "y").ok());
      sink_.waitDurable(commit(*other));
    }
  }
  stop();
  open();
  EXPECT_EQ(valueOf(*database(), "n"), "299");
}

TEST_F(SqliteEngineTest, MemoryKeepsObjectsAcrossClosing) {
  open(Durability::kMemory);
  auto db = database();
  EXPECT_TRUE(db->put("k", "v").ok());
  EXPECT_EQ(sql(*db, "CREATE TABLE t(x); INSERT INTO t VALUES(1)"), "");
  EXPECT_TRUE(db->setAlarm(77).ok());
  sink_.waitDurable(commit(*db));
  db.reset();
  db = database();
  EXPECT_EQ(valueOf(*db, "k"), "v");
  EXPECT_EQ(sql(*db, "SELECT x FROM t"), "1");
  EXPECT_EQ(db->getAlarm().value(), 77);
  EXPECT_TRUE(engine_->readAlarms({}, kAllAlarms).value().alarms.empty());
  engine_->settleAlarm(objectNamed('a'), std::nullopt);
  EXPECT_EQ(engine_->listObjects("app-Room").value(),
            (std::vector<std::string>{std::string(64, 'a')}));
  EXPECT_TRUE(engine_->writeMeta("tag", "v1").ok());
  EXPECT_EQ(engine_->readMeta("tag").value(), "v1");
  EXPECT_FALSE(files_.exists(directory_.path() + "/data"));
}

TEST_F(SqliteEngineTest, SecondProcessIsRefusedAndToldWhoHoldsTheDirectory) {
  open();
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  const pid_t child = fork();
  if (child == 0) {
    EngineOptions options;
    options.dataDir = directory_.path() + "/data";
    RecordingSink sink;
    const auto second = Engine::open(options, sink);
    const std::string text = second.ok() ? "opened" : second.status().message();
    (void)!write(pipe[1], text.data(), text.size());
    _exit(0);
  }
  close(pipe[1]);
  char text[512] = {};
  EXPECT_GT(read(pipe[0], text, sizeof text - 1), 0);
  close(pipe[0]);
  waitpid(child, nullptr, 0);
  EXPECT_EQ(std::string(text), "The data directory is in use: " + directory_.path() +
                                   "/data/lock is held by process " + std::to_string(getpid()) +
                                   ". Stop that process, close its runtime if it is this one, or "
                                   "choose another directory.");
}

TEST_F(SqliteEngineTest, NewerFormatIsRefused) {
  open();
  stop();
  std::ofstream(directory_.path() + "/data/format") << "2\n";
  EngineOptions options;
  options.dataDir = directory_.path() + "/data";
  const auto refused = Engine::open(options, sink_);
  EXPECT_EQ(refused.status().code(), Code::kUnsupported);
  EXPECT_NE(refused.status().message().find("says version \"2\""), std::string::npos);
}

TEST_F(SqliteEngineTest, LsnsRiseAcrossRestarts) {
  Lsn last = 0;
  for (int start = 0; start < 3; ++start) {
    open();
    EXPECT_EQ(engine_->durableLsn(), engine_->committedLsn());
    auto db = database();
    EXPECT_TRUE(db->put("k", std::to_string(start)).ok());
    const Lsn lsn = commit(*db);
    EXPECT_GT(lsn, last);
    last = lsn;
    db.reset();
    stop();
  }
  EXPECT_EQ(last, 3U);
}

// S5.6.7
TEST_F(SqliteEngineTest, S8_4_5_RenameTakesDataAndAlarmsAlong) {
  open();
  auto db = database();
  EXPECT_TRUE(db->put("k", "v").ok());
  EXPECT_TRUE(db->setAlarm(9000).ok());
  commit(*db);
  db.reset();
  stop();
  open();
  EXPECT_EQ(engine_->renameNamespace("app-None", "app-Hall").code(), Code::kNotFound);
  ASSERT_TRUE(engine_->renameNamespace("app-Room", "app-Hall").ok());
  EXPECT_FALSE(engine_->namespaceExists("app-Room").value());
  EXPECT_TRUE(engine_->namespaceExists("app-Hall").value());
  EXPECT_EQ(engine_->readAlarms({}, kAllAlarms).value().alarms.at(0).uniqueKey, "app-Hall");
  EXPECT_EQ(valueOf(*database(objectNamed('a', "app-Hall")), "k"), "v");
  EXPECT_EQ(valueOf(*database(objectNamed('a', "app-Room")), "k"), "(none)");
}

TEST_F(SqliteEngineTest, S8_4_5_RenameOntoAnExistingNamespaceIsRefused) {
  open();
  for (const char* key : {"app-Room", "app-Hall"}) {
    auto db = database(objectNamed('a', key));
    EXPECT_TRUE(db->put("k", key).ok());
    commit(*db);
  }
  stop();
  open();
  EXPECT_EQ(engine_->renameNamespace("app-Room", "app-Hall").code(), Code::kAlreadyExists);
  EXPECT_EQ(valueOf(*database(objectNamed('a', "app-Hall")), "k"), "app-Hall");
}

// S5.6.7
TEST_F(SqliteEngineTest, S8_4_6_DeleteTakesDataAndAlarmsAway) {
  open();
  auto db = database();
  EXPECT_TRUE(db->setAlarm(9000).ok());
  commit(*db);
  db.reset();
  stop();
  open();
  EXPECT_EQ(engine_->listObjects("app-Room").value().size(), 1U);
  ASSERT_TRUE(engine_->deleteNamespace("app-Room").ok());
  EXPECT_TRUE(engine_->readAlarms({}, kAllAlarms).value().alarms.empty());
  EXPECT_TRUE(engine_->listObjects("app-Room").value().empty());
  EXPECT_EQ(database()->getAlarm().value(), std::nullopt);
}

TEST_F(SqliteEngineTest, RecordsSurviveARestart) {
  open();
  EXPECT_EQ(engine_->readMeta("tag").value(), std::nullopt);
  EXPECT_TRUE(engine_->writeMeta("tag", "v1").ok());
  EXPECT_TRUE(engine_->writeMeta("tag", "v2").ok());
  stop();
  open();
  EXPECT_EQ(engine_->readMeta("tag").value(), "v2");
  EXPECT_EQ(engine_->readMeta("other").value(), std::nullopt);
}

// A process may have died at any step of making the file, or have been an earlier version.
TEST_F(SqliteEngineTest, RecordsAreMadeAnewBesideWhatWasLeft) {
  open();
  const std::string path = directory_.path() + "/data/records.sqlite";
  for (const char* left : {".new", "-journal", "-wal"}) {
    std::ofstream(path + left) << "left by a process that died";
  }
  EXPECT_EQ(engine_->readMeta("tag").value(), std::nullopt);
  ASSERT_TRUE(engine_->writeMeta("tag", "v1").ok());
  EXPECT_EQ(engine_->readMeta("tag").value(), "v1");
  for (const char* left : {".new", "-journal", "-wal", "-shm"}) {
    EXPECT_FALSE(files_.exists(path + left)) << left;
  }
}

TEST_F(SqliteEngineTest, RecordsWithAWriteAheadLogAreTakenOver) {
  open();
  const std::string path = directory_.path() + "/data/records.sqlite";
  {
    auto opened = Connection::open(path, Connection::Role::kIndex, 8);
    ASSERT_TRUE(opened.ok());
    ASSERT_EQ(opened.value()->run("CREATE TABLE records (key TEXT PRIMARY KEY, value BLOB) WITHOUT "
                                  "ROWID; INSERT INTO records VALUES('tag', CAST('v1' AS BLOB))"),
              SQLITE_OK);
  }
  EXPECT_EQ(engine_->readMeta("tag").value(), "v1");
  ASSERT_TRUE(engine_->writeMeta("tag", "v2").ok());
  ASSERT_TRUE(engine_->writeMeta("other", "v3").ok());
  EXPECT_EQ(engine_->readMeta("tag").value(), "v2");
  EXPECT_EQ(engine_->readMeta("other").value(), "v3");
  EXPECT_FALSE(files_.exists(path + "-wal"));
}

TEST_F(SqliteEngineTest, NotADatabaseIsReportedWithItsPath) {
  open();
  std::filesystem::create_directories(directory_.path() + "/data/do/app-Room");
  std::ofstream(pathOf()) << std::string(5000, 'x');
  auto db = database();
  const auto refused = db->get("k");
  EXPECT_EQ(refused.status().code(), Code::kCorrupt);
  EXPECT_NE(refused.status().message().find(pathOf()), std::string::npos);
}

// What the log holds is known to the objects at once, to the index when the log lets go of it.
TEST_F(SqliteEngineTest, S5_6_2_AlarmsAreInTheIndexBeforeTheLogForgetsThem) {
  threads_ = SqliteEngine::Threads::kNone;
  open();
  auto db = database();
  EXPECT_TRUE(db->setAlarm(9000).ok());
  commit(*db);
  engine_->flushOnce();
  EXPECT_TRUE(engine_->readAlarms({}, kAllAlarms).value().alarms.empty());
  db.reset();
  killAndOpen();
  ASSERT_EQ(engine_->readAlarms({}, kAllAlarms).value().alarms.size(), 1U)
      << "recovery tells the index";
  EXPECT_EQ(engine_->readAlarms({}, kAllAlarms).value().alarms[0].at, 9000);
  db = database();
  EXPECT_TRUE(db->setAlarm(std::nullopt).ok());
  commit(*db);
  engine_->flushOnce();
  ASSERT_TRUE(engine_->checkpointOnce(ObjectFiles::Which::kAll).ok());
  EXPECT_TRUE(engine_->readAlarms({}, kAllAlarms).value().alarms.empty());
}

TEST_F(SqliteEngineTest, AnAnswerAboutAlarmsKnowsWhatTheLogHolds) {
  open();
  auto db = database();
  EXPECT_TRUE(db->setAlarm(9000).ok());
  commit(*db);
  engine_->requestAlarms({}, 10);
  EXPECT_EQ(sink_.waitAlarms().alarms.at(0).at, 9000) << "the object is open and was not written";
  EXPECT_TRUE(db->setAlarm(std::nullopt).ok());
  commit(*db);
  engine_->requestAlarms({}, 10);
  const AlarmPage none = sink_.waitAlarms();
  EXPECT_TRUE(none.alarms.empty());
  EXPECT_TRUE(none.isLast);
}

TEST_F(SqliteEngineTest, AlarmsThatCannotBeReadAreAskedForAgain) {
  threads_ = SqliteEngine::Threads::kNone;
  open();
  std::filesystem::create_directories(directory_.path() + "/data/do/app-Room");
  const std::string index = directory_.path() + "/data/do/app-Room/metadata.sqlite";
  std::ofstream(index) << std::string(5000, 'x');
  EXPECT_TRUE(engine_->answerAlarms().ok()) << "nobody asked";
  engine_->requestAlarms({}, 10);
  EXPECT_FALSE(engine_->answerAlarms().ok());
  std::filesystem::remove(index);
  EXPECT_TRUE(engine_->answerAlarms().ok());
  EXPECT_TRUE(sink_.waitAlarms().isLast);
}

TEST_F(SqliteEngineTest, ForgetAlarmLeavesTheObjectsOwn) {
  threads_ = SqliteEngine::Threads::kNone;
  open();
  auto db = database();
  EXPECT_TRUE(db->setAlarm(9000).ok());
  commit(*db);
  engine_->flushOnce();
  ASSERT_TRUE(engine_->checkpointOnce(ObjectFiles::Which::kAll).ok());
  engine_->settleAlarm(objectNamed('a'), std::nullopt);
  ASSERT_TRUE(engine_->checkpointOnce(ObjectFiles::Which::kQuiet).ok());
  EXPECT_TRUE(engine_->readAlarms({}, kAllAlarms).value().alarms.empty());
  EXPECT_EQ(db->getAlarm().value(), 9000);
}

TEST_F(SqliteEngineTest, ASegmentIsShorterThanTheLogMayBe) {
  threads_ = SqliteEngine::Threads::kNone;
  configure_ = [](EngineOptions& options) { options.logBytesMax = 8192; };
  open();
  auto db = database();
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(db->put("k", std::string(2000, static_cast<char>('a' + i % 26))).ok());
    ASSERT_TRUE(db->commit().ok())
        << "after " << i << " commits the log is over its bound for ever";
    engine_->flushOnce();
    ASSERT_TRUE(engine_->checkpointOnce(ObjectFiles::Which::kAll).ok());
    engine_->flushOnce();
  }
}

TEST(SqliteEngineDiskTest, StopsThoughTheDiskIsFull) {
  holdfast::testing::SimulatedDisk disk;
  sys::ManualClock clock;
  RecordingSink sink;
  EngineOptions options;
  options.dataDir = "data";
  options.logReserveBytes = 4096;
  auto engine = SqliteEngine::open(options, sink, {.files = disk, .clock = clock});
  ASSERT_TRUE(engine.ok()) << engine.status().message();
  auto db = engine.value()->openDatabase(objectNamed('a')).value();
  disk.setCapacityBytes(8192);
  EXPECT_TRUE(db->put("k", std::string(20'000, 'v')).ok());
  EXPECT_TRUE(db->commit().ok());
  db.reset();
  engine.value().reset();
  EXPECT_EQ(sink.durable(), 0U);
  EXPECT_EQ(sink.failures(), 1U) << "what waits for it is told";
}

TEST_F(SqliteEngineTest, MemoryOfDatabasesThatRestGoesBackToTheSystem) {
  if (sys::kIsSanitized) GTEST_SKIP() << "SQLite keeps malloc()";
  open();
  constexpr size_t kSpare = sys::SlabMemory::kSpareSpansMax * sys::SlabMemory::kSpanBytes;
  const sys::SlabMemory& memory = sys::SlabMemory::shared();
  const size_t before = memory.residentBytes();
  std::vector<std::unique_ptr<Database>> databases;
  for (int i = 0; i < 400; ++i) {
    std::string id(64, '0');
    id.replace(0, 3, std::to_string(100 + i));
    databases.push_back(std::move(engine_->openDatabase({"app-Room", id})).value());
    ASSERT_TRUE(databases.back()->put("k", "v").ok());
    commit(*databases.back());
  }
  EXPECT_GT(memory.residentBytes(), before + 400 * 20'000) << "SQLite's lies there";
  for (const auto& database : databases) ASSERT_TRUE(database->rest());
  // The pages go when the checkpointer has written them.
  constexpr size_t kWaitingConnections = ConnectionPool::kIdleMax * 20'000;
  const size_t most = before + kSpare + kWaitingConnections + 8 * sys::SlabMemory::kSpanBytes;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (memory.residentBytes() > most && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_LE(memory.residentBytes(), most);
}

}  // namespace
}  // namespace holdfast::storage::testing
