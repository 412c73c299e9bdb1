#include "storage/recovery.h"

#include "storage/alarm_index.h"
#include "storage/engine_fixture.h"

namespace holdfast::storage::testing {
namespace {

// A data directory as a killed process leaves it: the commit is in the WAL, the index knows
// nothing.
class RecoveryTest : public EngineTest {
 protected:
  void leaveWal(const char* alarmSql) {
    std::filesystem::create_directories(directory_.path() + "/data/do/app-Room");
    auto connection = Connection::open(pathOf(), Connection::Role::kShard, 16);
    ASSERT_TRUE(connection.ok());
    sqlite3_db_config(connection.value()->db(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    ASSERT_EQ(connection.value()->run(alarmSql), SQLITE_OK);
    connection.value().reset();
    ASSERT_GT(files_.fileSize(pathOf() + "-wal").value(), 0U);
    ASSERT_TRUE(files_.replaceFile(directory_.path() + "/data/lsn", "100 open\n").ok());
  }
  static constexpr const char* kAlarm =
      "CREATE TABLE _cf_METADATA (key INTEGER PRIMARY KEY, value BLOB);"
      "INSERT INTO _cf_METADATA VALUES(1, 5000000000)";
};

TEST_F(RecoveryTest, S5_6_2_AlarmOfAnUnflushedCommitIsFound) {
  leaveWal(kAlarm);
  open();
  const auto alarms = engine_->loadAlarms().value();
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_EQ(alarms[0].at, 5000);
  EXPECT_EQ(alarms[0].idHex, std::string(64, 'a'));
  EXPECT_FALSE(alarms[0].hasActorName);
  EXPECT_TRUE(files_.syncedAll);
  EXPECT_EQ(database()->getAlarm().value(), 5000);
}

TEST_F(RecoveryTest, EarlierEntryStaysAndItsNameToo) {
  leaveWal(kAlarm);
  {
    auto index = AlarmIndex::open(directory_.path() + "/data/do/app-Room/metadata.sqlite",
                                  Connection::Role::kIndex);
    EXPECT_TRUE(index.value()->begin().ok());
    EXPECT_TRUE(index.value()->noteEarliest(std::string(64, 'a'), 2000, "lobby").value());
    EXPECT_TRUE(index.value()->end().ok());
  }
  open();
  const auto alarms = engine_->loadAlarms().value();
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_EQ(alarms[0].at, 2000);
  EXPECT_EQ(alarms[0].actorName, "lobby");
}

TEST_F(RecoveryTest, ObjectWithoutAlarmMakesNoEntry) {
  leaveWal("CREATE TABLE t(x)");
  open();
  EXPECT_TRUE(engine_->loadAlarms().value().empty());
  EXPECT_EQ(sql(*database(), "SELECT count(*) FROM t"), "0");
}

}  // namespace
}  // namespace holdfast::storage::testing
