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
    const Result<std::vector<StoredAlarm>> loaded = indexes_->loadAll();
    if (!loaded.ok()) return "error: " + loaded.status().message();
    std::vector<std::string> lines;
    for (const StoredAlarm& alarm : loaded.value()) {
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

}  // namespace
}  // namespace holdfast::storage::testing
