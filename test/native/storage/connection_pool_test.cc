#include "storage/connection_pool.h"

#include <map>

#include "storage/database_image.h"
#include "storage/engine_fixture.h"
#include "support/seeds.h"

namespace holdfast::storage::testing {
namespace {

constexpr uint32_t kCachePages = 8;

// Objects in memory, each with the key-value table and nothing in it.
class ConnectionPoolTest : public ::testing::Test {
 protected:
  ObjectFile& object(const std::string& image = kvDatabaseImage()) {
    files_.push_back(std::make_unique<ObjectFile>(ObjectFile::Identity{}, nullptr));
    files_.back()->create(image);
    return *files_.back();
  }
  std::unique_ptr<Connection> open(ObjectFile& file) {
    return std::move(std::move(pool_.open(file)).value().connection);
  }

  std::vector<std::unique_ptr<ObjectFile>> files_;
  ConnectionPool pool_{kCachePages};
};

TEST_F(ConnectionPoolTest, AConnectionThatSawOnlyKeysIsTheNextOnes) {
  ObjectFile& first = object();
  std::unique_ptr<Connection> connection = open(first);
  EXPECT_FALSE(connection->wasMoved());
  const Connection* const same = connection.get();
  pool_.giveBack(std::move(connection), first);
  EXPECT_EQ(pool_.idle(), 1U);
  connection = open(object());
  EXPECT_EQ(connection.get(), same);
  EXPECT_TRUE(connection->wasMoved());
  EXPECT_EQ(pool_.idle(), 0U);
}

TEST_F(ConnectionPoolTest, OneThatAnObjectHasForItselfIsClosed) {
  ObjectFile& file = object();
  std::unique_ptr<Connection> connection = open(file);
  connection->markOwn();
  pool_.giveBack(std::move(connection), file);
  EXPECT_EQ(pool_.idle(), 0U);
}

TEST_F(ConnectionPoolTest, OneOfAnotherSchemaIsClosed) {
  ObjectFile& file = object();
  std::unique_ptr<Connection> connection = open(file);
  ASSERT_EQ(connection->run("CREATE TABLE t(x)"), SQLITE_OK);
  pool_.giveBack(std::move(connection), file);
  EXPECT_EQ(pool_.idle(), 0U);
}

TEST_F(ConnectionPoolTest, AnObjectOfAnotherSchemaGetsANewOne) {
  ObjectFile& plain = object();
  pool_.giveBack(open(plain), plain);
  ObjectFile empty({}, nullptr);
  empty.create(emptyDatabaseImage());
  EXPECT_FALSE(open(empty)->wasMoved());
  ObjectFile& other = object();
  ASSERT_EQ(pool_.openNew(other).value()->run("CREATE TABLE t(x)"), SQLITE_OK);
  EXPECT_FALSE(open(other)->wasMoved());
  EXPECT_EQ(pool_.idle(), 1U);
}

TEST_F(ConnectionPoolTest, EachOfOurSchemasHasItsOwn) {
  for (const OwnSchema& schema : ownSchemas()) {
    ObjectFile& file = object(schema.image);
    ConnectionPool::Opened opened = pool_.open(file).value();
    EXPECT_EQ(opened.schema, &schema);
    EXPECT_FALSE(opened.connection->wasMoved());
    pool_.giveBack(std::move(opened.connection), file);
  }
  EXPECT_EQ(pool_.idle(), ownSchemas().size());
  for (const OwnSchema& schema : ownSchemas()) {
    const ConnectionPool::Opened opened = pool_.open(object(schema.image)).value();
    EXPECT_EQ(opened.schema, &schema);
    EXPECT_TRUE(opened.connection->wasMoved());
    const char* const both = "SELECT 1 FROM _cf_KV, _cf_METADATA";
    Statement statement;
    EXPECT_EQ(opened.connection->prepare(both, statement) == SQLITE_OK,
              schema.hasKv && schema.hasMetadata);
  }
  EXPECT_EQ(pool_.idle(), 0U);
}

// What it is in the file counts, not how the connection came to it.
TEST_F(ConnectionPoolTest, AConnectionThatMadeTheSecondTableIsTheNextOnesWithBoth) {
  ObjectFile& file = object(metadataDatabaseImage());
  std::unique_ptr<Connection> connection = open(file);
  ASSERT_EQ(connection->run(kKvTableSql), SQLITE_OK);
  const Connection* const same = connection.get();
  pool_.giveBack(std::move(connection), file);
  EXPECT_EQ(pool_.idle(), 1U);
  EXPECT_FALSE(open(object(metadataDatabaseImage()))->wasMoved());
  EXPECT_FALSE(open(object(ownSchemas()[2].image))->wasMoved()) << "made in the other order";
  EXPECT_EQ(open(object(ownSchemas()[3].image)).get(), same);
}

TEST_F(ConnectionPoolTest, NoMoreWaitThanTheBound) {
  std::vector<std::unique_ptr<Connection>> connections;
  for (size_t i = 0; i < ConnectionPool::kIdleMax + 3; ++i) connections.push_back(open(object()));
  for (size_t i = 0; i < connections.size(); ++i)
    pool_.giveBack(std::move(connections[i]), *files_[i]);
  EXPECT_EQ(pool_.idle(), ConnectionPool::kIdleMax);
}

class MovedConnectionTest : public EngineTest {};

TEST_F(MovedConnectionTest, SeesNothingOfTheObjectBefore) {
  open();
  auto first = database('a');
  auto second = database('b');
  // As often and as much, so that the two files have the same change counters.
  for (Database* db : {first.get(), second.get()}) {
    EXPECT_TRUE(db->put("k", db == first.get() ? "1" : "2").ok());
    commit(*db);
    EXPECT_TRUE(db->rest());
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(valueOf(*first, "k"), "1");
    EXPECT_TRUE(first->rest());
    EXPECT_EQ(valueOf(*second, "k"), "2");
    EXPECT_TRUE(second->rest());
  }
}

TEST_F(MovedConnectionTest, S4_12_1_UserSqlCountsFromItsOwnBeginning) {
  open();
  auto first = database('a');
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(first->put("k", std::to_string(i)).ok());
  commit(*first);
  EXPECT_TRUE(first->rest());
  auto second = database('b');
  EXPECT_TRUE(second->put("k", "v").ok());
  commit(*second);
  EXPECT_EQ(rowsOf(second->exec("SELECT total_changes(), last_insert_rowid()", {})), "0|0");
  EXPECT_EQ(rowsOf(second->exec("PRAGMA data_version", {})), "2");
  EXPECT_EQ(valueOf(*second, "k"), "v");
}

using Rows = std::map<std::string, std::string>;

std::string textOf(const Rows& rows) {
  std::string text;
  for (const auto& [key, value] : rows) text += key + "=" + value + ";";
  return text;
}

constexpr const char* kAlarm = "the alarm";  // where the model keeps it

std::string alarmOf(Database& db) {
  const Result<std::optional<TimestampMs>> alarm = db.getAlarm();
  if (!alarm.ok()) return "error: " + alarm.status().message();
  return alarm.value() ? std::string(kAlarm) + "=" + std::to_string(*alarm.value()) + ";" : "";
}

std::string contentOf(Database& db) {
  const Result<std::unique_ptr<KvCursor>> listed = db.list({});
  if (!listed.ok()) return "error: " + listed.status().message();
  Rows rows;
  for (;;) {
    const Result<bool> more = listed.value()->next();
    if (!more.ok()) return "error: " + more.status().message();
    if (!more.value()) return textOf(rows) + alarmOf(db);
    rows.emplace(listed.value()->key(), listed.value()->value());
  }
}

void changeAlarm(Database& db, Rows& model, holdfast::testing::Choices& choices) {
  std::optional<TimestampMs> at;
  if (choices.chance(60)) at = TimestampMs{1'000'000} + choices.pick(1'000);
  EXPECT_TRUE(db.setAlarm(at).ok());
  model.erase(kAlarm);
  if (at) model[kAlarm] = std::to_string(*at);
}

void changeSomething(Database& db, Rows& model, holdfast::testing::Choices& choices) {
  const std::string key = "k" + std::to_string(choices.pick(20));
  if (choices.chance(70)) {
    const std::string value(choices.between(1, 900), static_cast<char>('a' + choices.pick(26)));
    const Status put = db.put(key, value);
    EXPECT_TRUE(put.ok()) << put.message();
    model[key] = value;
  } else if (choices.chance(80)) {
    const Result<bool> removed = db.remove(key);
    EXPECT_TRUE(removed.ok()) << removed.status().message();
    EXPECT_EQ(removed.ok() && removed.value(), model.erase(key) == 1);
  } else if (choices.chance(30)) {
    EXPECT_EQ(sql(db, "CREATE TABLE IF NOT EXISTS t(x)"), "");
  } else if (choices.chance(70)) {
    changeAlarm(db, model, choices);
  } else if (choices.chance(20)) {
    const Status deleted = db.deleteAll(Database::AlarmFate::kDelete);
    EXPECT_TRUE(deleted.ok()) << deleted.message();
    model.clear();
  }
}

// KV, SQL, alarms, deleteAll and rollbacks over objects that rest and close in any order, against
// ordered maps: keys begin with k, so the alarm comes last.
TEST_F(MovedConnectionTest, ObjectsKeepTheirOwnInAnyOrderOfUse) {
  constexpr std::string_view kObjects = "abcdef0123456789";
  configure_ = [](EngineOptions& options) { options.cachePagesPerObject = kCachePages; };
  open();
  const uint64_t seeds = holdfast::testing::numberFrom("HOLDFAST_SEEDS", 5);
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    holdfast::testing::Choices choices(seed);
    std::vector<std::unique_ptr<Database>> databases(kObjects.size());
    std::vector<Rows> committed(kObjects.size());
    for (int step = 0; step < 1500; ++step) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", step " + std::to_string(step));
      const size_t which = choices.pick(kObjects.size());
      if (databases[which] == nullptr) {
        databases[which] = database(objectNamed(kObjects[which], "app-" + std::to_string(seed)));
      }
      Database& db = *databases[which];
      Rows model = committed[which];
      for (uint32_t i = choices.between(1, 4); i > 0; --i) changeSomething(db, model, choices);
      if (choices.chance(85)) {
        commit(db);
        committed[which] = model;
      } else {
        db.rollback();
      }
      ASSERT_EQ(contentOf(db), textOf(committed[which]));
      if (choices.chance(60)) {
        EXPECT_TRUE(db.rest());
      }
      if (choices.chance(15)) databases[which].reset();
      ASSERT_FALSE(HasFailure());
    }
  }
}

}  // namespace
}  // namespace holdfast::storage::testing
