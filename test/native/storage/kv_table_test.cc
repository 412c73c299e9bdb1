#include "storage/kv_table.h"

#include "storage/engine_fixture.h"

namespace holdfast::storage::testing {
namespace {

class KvTableTest : public EngineTest {
 protected:
  void SetUp() override {
    open(Durability::kMemory);
    db_ = database();
    for (const char* key : {"a", "b", "ba", "bb", "c"}) EXPECT_TRUE(db_->put(key, key).ok());
  }
  void TearDown() override {
    db_.reset();
    stop();
  }
  std::string keys(const ListOptions& options) {
    auto cursor = db_->list(options);
    std::string out;
    while (cursor.value()->next().value()) {
      EXPECT_EQ(cursor.value()->key(), cursor.value()->value());
      if (!out.empty()) out += " ";
      out += cursor.value()->key();
    }
    return out;
  }
  std::unique_ptr<Database> db_;
};

TEST_F(KvTableTest, S3_5_2_RangesAndOrder) {
  EXPECT_EQ(keys({}), "a b ba bb c");
  EXPECT_EQ(keys({.reverse = true}), "c bb ba b a");
  EXPECT_EQ(keys({.start = "b", .end = "bb"}), "b ba");
  EXPECT_EQ(keys({.startAfter = "b"}), "ba bb c");
  EXPECT_EQ(keys({.start = "b", .limit = 2, .reverse = true}), "c bb");
  EXPECT_EQ(keys({.end = "bb", .limit = 1, .reverse = true}), "ba");
  EXPECT_EQ(keys({.limit = 1}), "a");
}

TEST_F(KvTableTest, S3_5_5_PrefixMeetsTheRange) {
  EXPECT_EQ(keys({.prefix = "b"}), "b ba bb");
  EXPECT_EQ(keys({.start = "ba", .prefix = "b"}), "ba bb");
  EXPECT_EQ(keys({.end = "bb", .prefix = "b"}), "b ba");
  EXPECT_EQ(keys({.start = "c", .prefix = "b"}), "");
  EXPECT_EQ(keys({.end = "b", .prefix = "b"}), "");
  EXPECT_EQ(keys({.prefix = ""}), "a b ba bb c");
}

TEST_F(KvTableTest, S3_5_6_EmptyAndInvertedRanges) {
  EXPECT_EQ(keys({.start = "c", .end = "a"}), "");
  EXPECT_EQ(keys({.start = "b", .end = "b"}), "");
}

TEST_F(KvTableTest, S3_11_3_SeesRowsInsertedAheadAndSurvivesCommits) {
  auto cursor = db_->list({});
  EXPECT_TRUE(cursor.value()->next().value());
  EXPECT_TRUE(db_->put("aa", "aa").ok());
  EXPECT_GT(commit(*db_), 0U);
  EXPECT_TRUE(cursor.value()->next().value());
  EXPECT_EQ(cursor.value()->key(), "aa");
  EXPECT_TRUE(db_->put("z", "z").ok());
  EXPECT_GT(commit(*db_), 0U);
  int left = 0;
  while (cursor.value()->next().value()) ++left;
  EXPECT_EQ(left, 5);
  EXPECT_FALSE(cursor.value()->next().value()) << "exhausted stays exhausted";
}

TEST_F(KvTableTest, TwoListsAtOnce) {
  auto first = db_->list({});
  auto second = db_->list({});
  EXPECT_TRUE(first.value()->next().value());
  EXPECT_TRUE(first.value()->next().value());
  EXPECT_TRUE(second.value()->next().value());
  EXPECT_EQ(first.value()->key(), "b");
  EXPECT_EQ(second.value()->key(), "a");
}

TEST_F(KvTableTest, CursorThatOutlivesItsDatabaseSaysSo) {
  auto cursor = db_->list({});
  EXPECT_TRUE(cursor.value()->next().value());
  db_.reset();
  EXPECT_EQ(cursor.value()->next().status().code(), Code::kUnavailable);
}

TEST_F(KvTableTest, S3_4_1_RemoveTellsWhetherItWasThere) {
  EXPECT_TRUE(db_->remove("a").value());
  EXPECT_FALSE(db_->remove("a").value());
  EXPECT_EQ(valueOf(*db_, "a"), "(none)");
}

TEST_F(KvTableTest, ListsUseTheKeyAndSortNothing) {
  ObjectFile file({}, nullptr);
  file.create(kvDatabaseImage());
  auto connection = Connection::openObject(file, 8);
  for (const char* query :
       {"SELECT key, value FROM _cf_KV WHERE key >= ?1 AND key < ?2 ORDER BY key DESC LIMIT ?3",
        "SELECT key, value FROM _cf_KV WHERE key >= ?1 ORDER BY key LIMIT ?3"}) {
    Statement plan;
    ASSERT_EQ(
        connection.value()->prepare((std::string("EXPLAIN QUERY PLAN ") + query).c_str(), plan),
        SQLITE_OK);
    ASSERT_EQ(sqlite3_step(plan.get()), SQLITE_ROW);
    EXPECT_TRUE(columnBytes(plan.get(), 3).starts_with("SEARCH _cf_KV USING PRIMARY KEY"));
    EXPECT_EQ(sqlite3_step(plan.get()), SQLITE_DONE) << "no sort step";
  }
}

TEST_F(KvTableTest, S3_5_2_BoundsThatAreNotKeys) {
  EXPECT_EQ(keys({.start = "b "}), "ba bb c");
  EXPECT_EQ(keys({.start = "bab"}), "bb c");
  EXPECT_EQ(keys({.end = "bab"}), "a b ba");
  EXPECT_EQ(keys({.end = "c"}), "a b ba bb");
  EXPECT_EQ(keys({.end = "c", .limit = 1}), "a");
  EXPECT_EQ(keys({.end = "c", .limit = 100}), "a b ba bb");
  EXPECT_EQ(keys({.start = "b", .reverse = true}), "c bb ba b");
  EXPECT_EQ(keys({.end = "ba", .limit = 1, .reverse = true}), "b");
  EXPECT_EQ(keys({.startAfter = "bb", .reverse = true}), "c");
}

TEST_F(KvTableTest, S3_3_1_PutOverwritesAndEmptiedTablesFillAgain) {
  EXPECT_TRUE(db_->put("a", "again").ok());
  EXPECT_EQ(valueOf(*db_, "a"), "again");
  for (const char* key : {"a", "b", "ba", "bb", "c"}) EXPECT_TRUE(db_->remove(key).value());
  EXPECT_EQ(keys({}), "");
  EXPECT_EQ(valueOf(*db_, "b"), "(none)");
  EXPECT_TRUE(db_->put("n", "n").ok());
  EXPECT_EQ(keys({}), "n");
}

TEST_F(KvTableTest, S3_7_4_ALargeKeyAndOneThatIsTooLarge) {
  EXPECT_TRUE(db_->put(std::string(4'000'000, 'k'), "v").ok());
  EXPECT_EQ(db_->put(std::string((8U << 20U) + 1, 'k'), "v").message(),
            "string or blob too big: SQLITE_TOOBIG");
  EXPECT_EQ(valueOf(*db_, std::string(4'000'000, 'k')), "v");
  EXPECT_GT(commit(*db_), 0U);
}

TEST_F(KvTableTest, S3_3_3_APutThatFailsIsUndoneWithThoseBeforeIt) {
  ASSERT_TRUE(db_->savepoint().ok());
  EXPECT_TRUE(db_->put("a", "new").ok());
  EXPECT_TRUE(db_->put("d", "d").ok());
  EXPECT_FALSE(db_->put(std::string((8U << 20U) + 1, 'k'), "v").ok());
  ASSERT_TRUE(db_->rollbackToSavepoint().ok());
  EXPECT_EQ(keys({}), "a b ba bb c");
}

TEST_F(KvTableTest, S3_2_4_ReadsSeeWhatOtherWritersOfTheObjectWrote) {
  EXPECT_EQ(valueOf(*db_, "a"), "a") << "not committed";
  ASSERT_TRUE(db_->savepoint().ok());
  EXPECT_TRUE(db_->remove("a").value());
  EXPECT_EQ(keys({.end = "ba"}), "b");
  ASSERT_TRUE(db_->rollbackToSavepoint().ok());
  EXPECT_EQ(keys({.end = "ba"}), "a b");
}

TEST_F(KvTableTest, S3_1_4_NamesOfHiddenTablesAreOrdinaryKeys) {
  EXPECT_TRUE(db_->put("_cf_KV", "mine").ok());
  EXPECT_EQ(valueOf(*db_, "_cf_KV"), "mine");
  EXPECT_TRUE(db_->remove("_cf_KV").value());
}

TEST_F(KvTableTest, S3_7_4_AKeyThatIsTooLargeIsRefusedWhereverItIsAsked) {
  const std::string key((8U << 20U) + 1, 'k');
  const char* text = "string or blob too big: SQLITE_TOOBIG";
  EXPECT_EQ(db_->get(key).status().message(), text);
  EXPECT_EQ(db_->remove(key).status().message(), text);
  EXPECT_EQ(db_->list({.start = key}).status().message(), text);
  EXPECT_EQ(db_->list({.end = key}).status().message(), text);
  EXPECT_EQ(keys({}), "a b ba bb c") << "the statements go on";
}

TEST_F(KvTableTest, S3_11_3_TheFirstRowIsTheOneOfTheCall) {
  auto cursor = db_->list({.start = "b"});
  EXPECT_TRUE(db_->remove("b").value());
  EXPECT_TRUE(db_->put("b1", "b1").ok());
  EXPECT_TRUE(cursor.value()->next().value());
  EXPECT_EQ(cursor.value()->key(), "b");
  EXPECT_EQ(cursor.value()->value(), "b");
  EXPECT_TRUE(cursor.value()->next().value());
  EXPECT_EQ(cursor.value()->key(), "b1");
  auto nothing = db_->list({.start = "x"});
  EXPECT_TRUE(db_->put("y", "y").ok());
  EXPECT_FALSE(nothing.value()->next().value());
}

}  // namespace
}  // namespace holdfast::storage::testing
