#include "storage/alarm_indexes.h"

#include <sqlite3.h>

#include "storage/data_paths.h"
#include "storage/engine_fixture.h"

namespace holdfast::storage::testing {
namespace {

class AlarmIndexesTest : public ::testing::Test {
 protected:
  AlarmIndexesTest() {
    EXPECT_TRUE(files_.createDirectories(namespacesDirectory(directory_.path())).ok());
    again();
  }

  void again(Durability durability = Durability::kFlush) {
    indexes_ = std::make_unique<AlarmIndexes>(directory_.path(), durability, files_);
  }
  static AlarmUpdate update(char digit, std::optional<TimestampMs> at,
                            std::optional<std::string> actorName = {},
                            const std::string& uniqueKey = "app-Room") {
    return {.object = objectNamed(digit, uniqueKey),
            .alarm = {.at = at, .actorName = std::move(actorName)}};
  }
  // "app-Room a 500 lobby; ...", sorted.
  std::string all() {
    const Result<AlarmPage> loaded = indexes_->readAfter({}, kAllAlarms);
    if (!loaded.ok()) return "error: " + loaded.status().message();
    std::vector<std::string> lines;
    for (const StoredAlarm& alarm : loaded.value().alarms) {
      lines.push_back(alarm.uniqueKey + " " + alarm.idHex[0] + " " + std::to_string(alarm.at) +
                      (alarm.hasActorName ? " " + alarm.actorName : ""));
    }
    std::sort(lines.begin(), lines.end());
    std::string out;
    for (const std::string& line : lines) out += (out.empty() ? "" : "; ") + line;
    return out;
  }
  [[nodiscard]] std::string pathOf(const std::string& uniqueKey = "app-Room") const {
    return alarmIndexPath(namespaceDirectory(directory_.path(), uniqueKey));
  }

  TemporaryDirectory directory_;
  HookedFileSystem files_;
  std::unique_ptr<AlarmIndexes> indexes_;
};

TEST_F(AlarmIndexesTest, NoneAtFirst) {
  EXPECT_EQ(all(), "");
  EXPECT_TRUE(indexes_->store({}).ok());
  EXPECT_FALSE(files_.exists(pathOf()));
}

TEST_F(AlarmIndexesTest, StoresAndLoads) {
  ASSERT_TRUE(
      indexes_
          ->store({update('a', 500, "lobby"), update('b', 600), update('a', 700, {}, "app-Hall")})
          .ok());
  EXPECT_EQ(all(), "app-Hall a 700; app-Room a 500 lobby; app-Room b 600");
  again();
  EXPECT_EQ(all(), "app-Hall a 700; app-Room a 500 lobby; app-Room b 600");
}

TEST_F(AlarmIndexesTest, TheLastWordCounts) {
  ASSERT_TRUE(indexes_->store({update('a', 500, "lobby"), update('b', 600)}).ok());
  ASSERT_TRUE(indexes_->store({update('a', 900), update('b', std::nullopt)}).ok());
  EXPECT_EQ(all(), "app-Room a 900 lobby") << "later is allowed, and the name stays known";
  ASSERT_TRUE(indexes_->store({update('a', 100, "")}).ok());
  EXPECT_EQ(all(), "app-Room a 100 ") << "a name may be empty";
  ASSERT_TRUE(indexes_->store({update('a', std::nullopt), update('z', std::nullopt)}).ok());
  EXPECT_EQ(all(), "");
}

TEST_F(AlarmIndexesTest, S3_13_3_WorkerdReadsIt) {
  ASSERT_TRUE(indexes_->store({update('a', 500, "lobby")}).ok());
  indexes_.reset();
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(pathOf().c_str(), &db), SQLITE_OK);
  std::string row;
  const auto add = [](void* to, int columns, char** values, char**) {
    for (int i = 0; i < columns; ++i)
      *static_cast<std::string*>(to) += std::string(values[i]) + "|";
    return 0;
  };
  ASSERT_EQ(sqlite3_exec(db, "SELECT actor_id, scheduled_time, actor_name FROM _cf_ALARM", add,
                         &row, nullptr),
            SQLITE_OK);
  sqlite3_close(db);
  EXPECT_EQ(row, std::string(64, 'a') + "|500000000|lobby|") << "nanoseconds";
}

TEST_F(AlarmIndexesTest, AnOlderTableHasNoNames) {
  ASSERT_TRUE(files_.createDirectories(namespaceDirectory(directory_.path(), "app-Room")).ok());
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(pathOf().c_str(), &db), SQLITE_OK);
  const std::string sql =
      "CREATE TABLE _cf_ALARM (actor_id TEXT PRIMARY KEY, scheduled_time INTEGER) WITHOUT ROWID;"
      "INSERT INTO _cf_ALARM VALUES('" +
      std::string(64, 'a') + "', 500000000)";
  ASSERT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(db);
  EXPECT_EQ(all(), "app-Room a 500");
  ASSERT_TRUE(indexes_->store({update('a', 600, "lobby")}).ok());
  EXPECT_EQ(all(), "app-Room a 600 lobby");
}

TEST_F(AlarmIndexesTest, NamesOfNewFilesAreFlushed) {
  std::vector<std::string> synced;
  files_.onSync = [&synced](const std::string& path) {
    synced.push_back(path);
    return Status();
  };
  ASSERT_TRUE(indexes_->store({update('a', 500)}).ok());
  const std::string directory = namespaceDirectory(directory_.path(), "app-Room");
  EXPECT_EQ(synced, (std::vector<std::string>{directory_.path(),
                                              namespacesDirectory(directory_.path()), directory}));
  synced.clear();
  ASSERT_TRUE(indexes_->store({update('a', 600)}).ok());
  EXPECT_TRUE(synced.empty()) << "once";
}

TEST_F(AlarmIndexesTest, AFlushThatFailsIsReported) {
  files_.onSync = [](const std::string&) { return Status(Code::kIo, "no"); };
  EXPECT_EQ(indexes_->store({update('a', 500)}).code(), Code::kIo);
  files_.onSync = nullptr;
  ASSERT_TRUE(indexes_->store({update('a', 500)}).ok());
  EXPECT_EQ(all(), "app-Room a 500");
}

TEST_F(AlarmIndexesTest, HandedToTheSystemOnlyIsNotFlushed) {
  again(Durability::kSystem);
  ASSERT_TRUE(files_.createDirectories(namespaceDirectory(directory_.path(), "app-Room")).ok());
  files_.onSync = [](const std::string& path) {
    ADD_FAILURE() << path;
    return Status();
  };
  ASSERT_TRUE(indexes_->store({update('a', 500)}).ok());
  EXPECT_EQ(all(), "app-Room a 500");
}

TEST_F(AlarmIndexesTest, AnIndexThatIsNoDatabaseIsNamed) {
  ASSERT_TRUE(files_.createDirectories(namespaceDirectory(directory_.path(), "app-Room")).ok());
  ASSERT_TRUE(files_.createFile(pathOf(), std::string(5000, 'x')).ok());
  const Status refused = indexes_->store({update('a', 500)});
  EXPECT_FALSE(refused.ok());
  EXPECT_NE(refused.message().find(pathOf()), std::string::npos) << refused.message();
  EXPECT_EQ(all().find("error: "), 0U);
}

TEST_F(AlarmIndexesTest, AClosedNamespaceMayBeMoved) {
  ASSERT_TRUE(indexes_->store({update('a', 500)}).ok());
  indexes_->close("app-Room");
  EXPECT_FALSE(files_.exists(pathOf() + "-wal"));
  ASSERT_TRUE(files_
                  .rename(namespaceDirectory(directory_.path(), "app-Room"),
                          namespaceDirectory(directory_.path(), "app-Hall"))
                  .ok());
  EXPECT_EQ(all(), "app-Hall a 500");
  ASSERT_TRUE(indexes_->store({update('b', 600)}).ok());
  EXPECT_EQ(all(), "app-Hall a 500; app-Room b 600");
}

// "a 500; b 600 ..." and a full stop when nothing comes after.
class AlarmPagesTest : public AlarmIndexesTest {
 protected:
  std::string page(const AlarmPosition& after, size_t most) {
    const Result<AlarmPage> read = indexes_->readAfter(after, most);
    if (!read.ok()) return "error: " + read.status().message();
    std::string out;
    for (const StoredAlarm& alarm : read.value().alarms) {
      out += (out.empty() ? "" : "; ") + alarm.idHex.substr(0, 1) + " " + std::to_string(alarm.at);
    }
    return out + (read.value().isLast ? "." : "");
  }
  static AlarmPosition behind(char digit, TimestampMs at) { return {at, std::string(64, digit)}; }
};

TEST_F(AlarmPagesTest, InOrderOfTimeAndId) {
  ASSERT_TRUE(indexes_
                  ->store({update('c', 500), update('a', 500), update('b', 400),
                           update('d', 450, {}, "app-Hall"), update('e', 500, {}, "app-Hall")})
                  .ok());
  EXPECT_EQ(page({}, 2), "b 400; d 450");
  EXPECT_EQ(page(behind('d', 450), 2), "a 500; c 500");
  EXPECT_EQ(page(behind('c', 500), 2), "e 500.");
  EXPECT_EQ(page({}, 5), "b 400; d 450; a 500; c 500; e 500.");
  EXPECT_EQ(page(behind('b', 500), 9), "c 500; e 500.") << "the place of one that is not there";
  EXPECT_EQ(page(behind('e', 500), 9), ".");
}

TEST_F(AlarmPagesTest, OnePositionIsNotSplit) {
  ASSERT_TRUE(indexes_
                  ->store({update('a', 500), update('a', 500, {}, "app-Hall"),
                           update('a', 500, {}, "app-Attic"), update('b', 500)})
                  .ok());
  EXPECT_EQ(page({}, 1), "a 500; a 500; a 500");
  EXPECT_EQ(page(behind('a', 500), 1), "b 500.");
}

TEST_F(AlarmPagesTest, ReadsNoMoreThanItGives) {
  ASSERT_TRUE(indexes_->store({update('a', 500)}).ok());
  indexes_.reset();
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(pathOf().c_str(), &db), SQLITE_OK);
  std::string plan;
  const auto add = [](void* to, int, char** values, char**) {
    *static_cast<std::string*>(to) += std::string(values[3]) + "|";
    return 0;
  };
  const std::string sql = std::string("EXPLAIN QUERY PLAN ") + AlarmIndex::kReadAfter;
  ASSERT_EQ(sqlite3_exec(db, sql.c_str(), add, &plan, nullptr), SQLITE_OK);
  sqlite3_close(db);
  EXPECT_EQ(plan,
            "SEARCH _cf_ALARM USING COVERING INDEX _cf_ALARM_ORDER "
            "((scheduled_time,actor_id)>(?,?))|");
}

TEST_F(AlarmPagesTest, AnIndexOfAnotherRuntimeIsPutInOrder) {
  ASSERT_TRUE(files_.createDirectories(namespaceDirectory(directory_.path(), "app-Room")).ok());
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(pathOf().c_str(), &db), SQLITE_OK);
  const std::string sql =
      "CREATE TABLE _cf_ALARM (actor_id TEXT PRIMARY KEY, scheduled_time INTEGER, actor_name TEXT) "
      "WITHOUT ROWID;"
      "INSERT INTO _cf_ALARM VALUES('" +
      std::string(64, 'b') + "', 500000000, NULL), ('" + std::string(64, 'a') +
      "', 500000001, NULL)";
  ASSERT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(db);
  EXPECT_EQ(page({}, 1), "a 500");
  EXPECT_EQ(page(behind('a', 500), 1), "b 500.");
}

}  // namespace
}  // namespace holdfast::storage::testing
