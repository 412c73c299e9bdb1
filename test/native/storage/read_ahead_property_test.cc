// Rows that are read ahead give what row by row gives, whatever is written in between (S4.2.9,
// S4.5.7, S4.5.9): two objects with the same history, one of which reads ahead. A failure prints
// the seed; HOLDFAST_SEED repeats it.
#include <array>
#include <deque>

#include "storage/engine_fixture.h"
#include "support/seeds.h"

namespace holdfast::storage::testing {
namespace {

using holdfast::testing::Choices;
using holdfast::testing::numberFrom;

constexpr int kSteps = 80;
constexpr uint64_t kSeeds = 120;
constexpr uint32_t kRows = 60;

std::string currentRow(const SqlCursor& cursor) {
  std::string out;
  for (size_t i = 0; i < cursor.columnNames().size(); ++i) {
    const SqlCursor::Column column = cursor.column(i);
    out += column.type == SqlCursor::Column::Type::kText ? std::string(column.bytes)
                                                         : std::to_string(column.integer);
    out += "|";
  }
  return out;
}

// What one row gave, and how many rows were read by then.
std::string shown(const std::string& row, const SqlCursor& cursor) {
  return row + " read " + std::to_string(cursor.rowsRead());
}

class RowByRow {
 public:
  explicit RowByRow(std::unique_ptr<SqlCursor> cursor) : cursor_(std::move(cursor)) {}
  std::string take() {
    if (!cursor_->hasRow()) return shown("end", *cursor_);
    const std::string row = currentRow(*cursor_);
    const Status moved = cursor_->advance();
    return moved.ok() ? shown(row, *cursor_) : moved.message();
  }

 private:
  std::unique_ptr<SqlCursor> cursor_;
};

// As lib/storage/read-ahead.js and the bridge do it.
class Ahead {
 public:
  Ahead(std::unique_ptr<SqlCursor> cursor, uint32_t batch)
      : batch_(batch), cursor_(std::move(cursor)) {}
  std::string take() {
    if (!rows_.empty() && *taken_ != counted_) rows_.clear();
    if (rows_.empty()) {
      const Status failed = read();
      if (!failed.ok()) return failed.message();
    }
    if (rows_.empty()) return shown("end", *cursor_);
    const std::string row = rows_.front();
    rows_.pop_front();
    if (isAhead_) *taken_ = ++counted_;
    return shown(row, *cursor_);
  }

 private:
  Status readOne() {
    isAhead_ = false;
    const std::string row = currentRow(*cursor_);
    Status moved = cursor_->advance();
    if (moved.ok()) rows_.push_back(row);
    return moved;
  }
  Status read() {
    cursor_->settle();
    if (!cursor_->hasRow()) return {};
    if (!cursor_->canReadAhead()) return readOne();
    cursor_->readAhead(taken_.get());
    isAhead_ = true;
    counted_ = 0;
    while (cursor_->hasRow() && rows_.size() < batch_) {
      rows_.push_back(currentRow(*cursor_));
      Status moved = cursor_->advance();
      if (moved.ok()) continue;
      const bool isFirst = rows_.size() == 1;
      rows_.clear();
      if (isFirst) return moved;
      cursor_->settle();
      return readOne();
    }
    return {};
  }

  uint32_t batch_;
  uint32_t counted_ = 0;
  bool isAhead_ = false;
  std::deque<std::string> rows_;
  std::unique_ptr<uint32_t> taken_ = std::make_unique<uint32_t>(0);
  std::unique_ptr<SqlCursor> cursor_;
};

class ReadAheadPropertyTest : public EngineTest {
 protected:
  void SetUp() override { open(Durability::kMemory); }
  void TearDown() override { stop(); }
};

const std::string& pickOf(Choices& choices, const std::array<std::string, 7>& texts) {
  return texts.at(choices.pick(static_cast<uint32_t>(texts.size())));
}

std::string queryOf(Choices& choices) {
  static const std::array<std::string, 7> kQueries = {
      "SELECT id, x FROM t",
      "SELECT id FROM t WHERE id % 3 = 0",
      "SELECT x FROM t ORDER BY x DESC",
      "SELECT a.id, b.x FROM t a, t b WHERE a.id = b.id + 1",
      "SELECT x, count(*) AS c FROM t GROUP BY x % 5",
      "SELECT id, abs(CASE WHEN id = 30 THEN y ELSE 1 END) AS a FROM t",
      "SELECT id, changes() AS c FROM t"};
  return pickOf(choices, kQueries);
}

std::string changeOf(Choices& choices) {
  static const std::array<std::string, 7> kChanges = {
      "DELETE FROM t WHERE id % 7 = ",   "UPDATE t SET x = x + 1 WHERE id % 5 = ",
      "DELETE FROM t WHERE id > 20 + ",  "UPDATE t SET id = id + 100 WHERE id = ",
      "DELETE FROM t WHERE id < ",       "INSERT OR REPLACE INTO t(x, id) SELECT 1, ",
      "SELECT count(*) FROM t, (SELECT "};
  const std::string& change = pickOf(choices, kChanges);
  const std::string number = std::to_string(choices.pick(40));
  return change.back() == ' ' && change.find("(SELECT ") != std::string::npos
             ? change + number + ")"
             : change + number;
}

class Pair {
 public:
  Pair(std::unique_ptr<Database> plain, std::unique_ptr<Database> ahead)
      : databases_{std::move(plain), std::move(ahead)} {}

  void fill() {
    both("CREATE TABLE t(id INTEGER PRIMARY KEY, x, y DEFAULT (-9223372036854775807 - 1))");
    for (uint32_t i = 1; i <= kRows; ++i) {
      both("INSERT INTO t(id, x) VALUES(" + std::to_string(i) + ", " + std::to_string(i * 7 % 11) +
           ")");
    }
  }
  void both(const std::string& query) {
    EXPECT_EQ(rowsOf(databases_[0]->exec(query, {})), rowsOf(databases_[1]->exec(query, {})))
        << query;
  }
  void open(const std::string& query, uint32_t batch) {
    auto plain = databases_[0]->exec(query, {});
    auto ahead = databases_[1]->exec(query, {});
    ASSERT_EQ(plain.ok(), ahead.ok()) << query;
    if (!plain.ok()) return;
    plain_.emplace_back(std::move(plain).value());
    ahead_.emplace_back(std::move(ahead).value(), batch);
  }
  void take(Choices& choices) {
    if (plain_.empty()) return;
    const size_t which = choices.pick(static_cast<uint32_t>(plain_.size()));
    for (uint32_t rows = choices.between(1, 12); rows > 0; --rows) {
      ASSERT_EQ(plain_.at(which).take(), ahead_.at(which).take());
    }
  }
  void turn(Choices& choices) {
    const uint32_t what = choices.pick(5);
    for (const auto& database : databases_) {
      if (what == 0) {
        EXPECT_TRUE(database->savepoint().ok());
      }
      if (what == 1 && depth_ > 0) {
        EXPECT_TRUE(database->rollbackToSavepoint().ok());
      }
      if (what == 2 && depth_ > 0) {
        EXPECT_TRUE(database->releaseSavepoint().ok());
      }
      if (what == 3 && depth_ == 0) {
        EXPECT_TRUE(database->commit().ok());
      }
      if (what == 4) {
        EXPECT_TRUE(database->put("key", "value").ok());
      }
    }
    if (what == 0) ++depth_;
    if ((what == 1 || what == 2) && depth_ > 0) --depth_;
  }

 private:
  std::array<std::unique_ptr<Database>, 2> databases_;
  std::deque<RowByRow> plain_;
  std::deque<Ahead> ahead_;
  uint32_t depth_ = 0;
};

TEST_F(ReadAheadPropertyTest, S4_2_9_NobodyCanTell) {
  const uint64_t only = numberFrom("HOLDFAST_SEED", 0);
  const uint64_t seeds = only != 0 ? 1 : numberFrom("HOLDFAST_SEEDS", kSeeds);
  for (uint64_t i = 1; i <= seeds; ++i) {
    const uint64_t seed = only != 0 ? only : i;
    SCOPED_TRACE("HOLDFAST_SEED=" + std::to_string(seed));
    Choices choices(seed);
    Pair pair(database(objectNamed('a', "app-" + std::to_string(seed))),
              database(objectNamed('b', "app-" + std::to_string(seed))));
    pair.fill();
    for (int step = 0; step < kSteps && !HasFailure(); ++step) {
      const uint32_t what = choices.pick(10);
      if (what == 0) pair.open(queryOf(choices), choices.between(1, 20));
      if (what >= 1 && what < 7) pair.take(choices);
      if (what == 7 || what == 8) pair.both(changeOf(choices));
      if (what == 9) pair.turn(choices);
    }
    if (HasFailure()) return;
  }
}

TEST_F(ReadAheadPropertyTest, S4_12_1_QueriesThatVaryAreNotReadAhead) {
  auto db = database();
  rowsOf(
      db->exec("CREATE TABLE t(x); INSERT INTO t VALUES(1),(2),(3); "
               "CREATE VIEW v AS SELECT x, random() AS r FROM t",
               {}));
  const auto canReadAhead = [&db](std::string_view query) {
    auto cursor = db->exec(query, {});
    return cursor.ok() && cursor.value()->canReadAhead();
  };
  EXPECT_TRUE(canReadAhead("SELECT x FROM t"));
  EXPECT_FALSE(canReadAhead("SELECT r FROM v"));
  EXPECT_FALSE(canReadAhead("SELECT x, datetime('now') FROM t"));
  EXPECT_FALSE(canReadAhead("PRAGMA table_info(t)"));
  EXPECT_FALSE(canReadAhead("UPDATE t SET x = x + 1 RETURNING x"));
}

}  // namespace
}  // namespace holdfast::storage::testing
