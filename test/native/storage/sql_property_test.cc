// Random SQL through the engine and through SQLite alone: the same rows, names and errors, over
// commits, rollbacks, savepoints and closings (S4.2, S4.6, S3.10). A failure prints the seed and
// what was run; HOLDFAST_SEED repeats it.
#include <sqlite3.h>

#include <cstdio>
#include <random>

#include "storage/engine_fixture.h"
#include "storage/sqlite_error.h"

namespace holdfast::storage::testing {
namespace {

constexpr uint32_t kRuns = 60;
constexpr int kSteps = 300;
constexpr int kTables = 3;

std::string hexOf(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned char>(c));
    out += digits;
  }
  return out;
}

std::string realText(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "r%.17g", value);
  return text;
}

std::string namesText(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += name + ",";
  return out + ":";
}

// SQLite by itself.
class Plain {
 public:
  Plain() {
    EXPECT_EQ(sqlite3_open(":memory:", &db_), SQLITE_OK);
    sqlite3_extended_result_codes(db_, 1);
    EXPECT_EQ(run("PRAGMA foreign_keys=ON"), SQLITE_OK);
  }
  ~Plain() { sqlite3_close(db_); }
  Plain(const Plain&) = delete;
  Plain& operator=(const Plain&) = delete;

  int run(const std::string& sql) {
    return sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  }

  std::string ask(const std::string& sql, const std::vector<SqlValue>& bindings) {
    sqlite3_stmt* statement = nullptr;
    int code = sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr);
    if (code != SQLITE_OK) return "error: " + sqliteMessage(db_, code);
    for (size_t i = 0; i < bindings.size(); ++i)
      bind(statement, static_cast<int>(i) + 1, bindings[i]);
    std::vector<std::string> names;
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      names.emplace_back(sqlite3_column_name(statement, i));
    }
    std::string out = namesText(names);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
      for (int i = 0; i < sqlite3_column_count(statement); ++i)
        out += valueText(statement, i) + "|";
      out += ";";
    }
    if (code != SQLITE_DONE) out = "error: " + sqliteMessage(db_, code);
    sqlite3_finalize(statement);
    return out;
  }

 private:
  static void bind(sqlite3_stmt* statement, int at, const SqlValue& value) {
    if (const auto* integer = std::get_if<int64_t>(&value)) {
      sqlite3_bind_int64(statement, at, *integer);
    } else if (const auto* real = std::get_if<double>(&value)) {
      sqlite3_bind_double(statement, at, *real);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      sqlite3_bind_text(statement, at, text->data(), static_cast<int>(text->size()),
                        SQLITE_TRANSIENT);
    } else if (const auto* blob = std::get_if<Blob>(&value)) {
      sqlite3_bind_blob(statement, at, blob->bytes.data(), static_cast<int>(blob->bytes.size()),
                        SQLITE_TRANSIENT);
    }
  }
  static std::string valueText(sqlite3_stmt* statement, int i) {
    const auto bytes = [&] {
      const void* data = sqlite3_column_blob(statement, i);
      const auto size = static_cast<size_t>(sqlite3_column_bytes(statement, i));
      return std::string(static_cast<const char*>(data), data == nullptr ? 0 : size);
    };
    switch (sqlite3_column_type(statement, i)) {
      case SQLITE_INTEGER:
        return std::to_string(sqlite3_column_int64(statement, i));
      case SQLITE_FLOAT:
        return realText(sqlite3_column_double(statement, i));
      case SQLITE_TEXT:
        return "'" + bytes() + "'";
      case SQLITE_BLOB:
        return "x" + hexOf(bytes());
      default:
        return "NULL";
    }
  }

  sqlite3* db_ = nullptr;
};

std::string valueText(const SqlCursor::Column& column) {
  using Type = SqlCursor::Column::Type;
  switch (column.type) {
    case Type::kInteger:
      return std::to_string(column.integer);
    case Type::kReal:
      return realText(column.real);
    case Type::kText:
      return "'" + std::string(column.bytes) + "'";
    case Type::kBlob:
      return "x" + hexOf(column.bytes);
    case Type::kNull:
      break;
  }
  return "NULL";
}

std::string ask(Database& db, const std::string& sql, const std::vector<SqlValue>& bindings) {
  Result<std::unique_ptr<SqlCursor>> opened = db.exec(sql, bindings);
  if (!opened.ok()) return "error: " + opened.status().message();
  SqlCursor& cursor = *opened.value();
  std::string out = namesText(cursor.columnNames());
  while (cursor.hasRow()) {
    for (size_t i = 0; i < cursor.columnNames().size(); ++i)
      out += valueText(cursor.column(i)) + "|";
    out += ";";
    Status moved = cursor.advance();
    if (!moved.ok()) return "error: " + moved.message();
  }
  return out;
}

// Statements over a few tables that have few columns and values, so that they meet.
class Statements {
 public:
  explicit Statements(std::mt19937& random) : random_(random) {}

  struct Statement {
    std::string sql;
    std::vector<SqlValue> bindings;
  };

  // The first ones make the tables.
  Statement next() {
    out_ = {};
    if (made_ < kTables) {
      createTable("t" + std::to_string(made_++));
      return std::move(out_);
    }
    switch (below(16)) {
      case 0:
        schema();
        break;
      case 1:
      case 2:
      case 3:
      case 4:
        insert();
        break;
      case 5:
      case 6:
        add("UPDATE " + conflict() + table() + " SET " + changed() + " = " + expression() +
            where());
        returning();
        break;
      case 7:
        add("DELETE FROM " + table() + where());
        returning();
        break;
      default:
        select();
    }
    return std::move(out_);
  }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  std::string oneOf(std::initializer_list<const char*> choices) {
    return *(choices.begin() + below(static_cast<int>(choices.size())));
  }
  void add(const std::string& sql) { out_.sql += sql; }

  std::string table() { return "t" + std::to_string(below(kTables)); }
  std::string column() { return below(6) == 0 ? "id" : changed(); }
  // Not id: above the greatest one SQLite picks the next at random.
  std::string changed() { return below(20) == 0 ? "d" : oneOf({"a", "b", "c"}); }
  std::string conflict() {
    return below(3) == 0 ? oneOf({"OR IGNORE ", "OR REPLACE ", "OR FAIL "}) : "";
  }

  // A bound value or a literal.
  std::string value() {
    if (below(2) == 0) {
      return oneOf({"NULL", "0", "1", "-3", "2.5", "1e300", "'a'", "'B'", "''", "x''", "x'00ff'",
                    "9223372036854775807", "'12'", "zeroblob(5000)"});
    }
    out_.bindings.push_back(bound());
    return "?";
  }
  SqlValue bound() {
    switch (below(5)) {
      case 0:
        return Null{};
      case 1:
        return int64_t{below(7)} - 2;
      case 2:
        return below(9) / 4.0;
      case 3:
        return std::string(static_cast<size_t>(below(3) * below(3) * 700), 'v') + "é";
      default:
        return Blob{std::string(static_cast<size_t>(below(4)), '\0')};
    }
  }
  std::string expression() {
    switch (below(6)) {
      case 0:
        return column() + " + " + value();
      case 1:
        return "coalesce(" + column() + ", " + value() + ")";
      case 2:
        return "CASE WHEN " + column() + " > " + value() + " THEN " + value() + " ELSE " +
               column() + " END";
      case 3:
        return "substr(" + value() + " || " + column() + ", 1, 40)";
      default:
        return value();
    }
  }
  std::string where() {
    switch (below(5)) {
      case 0:
        return "";
      case 1:
        return " WHERE " + column() + " IS NOT " + value();
      case 2:
        return " WHERE " + column() + " BETWEEN " + value() + " AND " + value();
      case 3:
        return " WHERE id IN (SELECT id FROM " + table() + " LIMIT 3)";
      default:
        return " WHERE " + column() + oneOf({" = ", " < ", " >= "}) + value();
    }
  }
  void returning() {
    if (below(3) == 0) add(" RETURNING *");
  }

  void schema() {
    const std::string at = table();
    switch (below(9)) {
      case 0:
        add("CREATE INDEX IF NOT EXISTS i" + std::to_string(below(4)) + " ON " + at + "(" +
            column() + ", " + column() + ")");
        break;
      case 1:
        add("DROP INDEX IF EXISTS i" + std::to_string(below(4)));
        break;
      case 2:
        add("ALTER TABLE " + at + " ADD COLUMN d DEFAULT 7");
        break;
      case 3:
        add("DROP TABLE IF EXISTS " + at);
        break;
      default:
        createTable(at);
    }
  }

  void createTable(const std::string& name) {
    add("CREATE TABLE IF NOT EXISTS " + name + "(id INTEGER PRIMARY KEY" +
        oneOf({"", " AUTOINCREMENT"}) + ", a " + oneOf({"", "TEXT", "INTEGER UNIQUE", "REAL"}) +
        ", b " + oneOf({"BLOB", "NUMERIC NOT NULL DEFAULT 5", "TEXT COLLATE NOCASE"}) + ", c " +
        oneOf({"", "CHECK (c IS NOT 1)", "REFERENCES t0(id) ON DELETE CASCADE",
               "GENERATED ALWAYS AS (a || b)"}) +
        ")");
  }

  void insert() {
    add("INSERT " + conflict() + "INTO " + table() + "(a, b" +
        (below(2) == 0 ? ", c) VALUES " : ") VALUES "));
    const int columns = out_.sql.find(", c)") == std::string::npos ? 2 : 3;
    const int rows = 1 + below(3);
    for (int row = 0; row < rows; ++row) {
      add(row == 0 ? "(" : ", (");
      for (int i = 0; i < columns; ++i) add((i == 0 ? "" : ", ") + value());
      add(")");
    }
    if (below(4) == 0) add(" ON CONFLICT DO UPDATE SET a = excluded.b");
    returning();
  }

  void select() {
    switch (below(5)) {
      case 0:
        add("SELECT count(*), sum(" + column() + "), max(" + column() + ") AS top FROM " + table() +
            where());
        break;
      case 1:
        add("SELECT x.id, y.* FROM " + table() + " x JOIN " + table() + " y ON x." + column() +
            " = y." + column() + " ORDER BY 1, 2 LIMIT 20");
        break;
      case 2:
        add("SELECT typeof(" + column() + ") AS kind, count(*) FROM " + table() + where() +
            " GROUP BY kind ORDER BY kind");
        break;
      case 3:
        add("SELECT id, row_number() OVER (ORDER BY " + column() + ", id) FROM " + table() +
            " ORDER BY id DESC LIMIT " + std::to_string(below(9)) + " OFFSET " +
            std::to_string(below(3)));
        break;
      default:
        add("SELECT * FROM " + table() + where() + " ORDER BY " + column() + " DESC, id LIMIT 50");
    }
  }

  std::mt19937& random_;
  Statement out_;
  int made_ = 0;
};

class SqlPropertyTest : public EngineTest {
 protected:
  void TearDown() override {
    db_.reset();
    stop();
  }

  void begin() {
    const int code = inTransaction_ ? SQLITE_OK : plain_->run("BEGIN");
    EXPECT_EQ(code, SQLITE_OK);
    inTransaction_ = true;
  }
  void commitBoth() {
    if (db_->savepointDepth() > 0) return;
    commit(*db_);
    end("COMMIT");
  }
  void rollBackBoth() {
    db_->rollback();
    end("ROLLBACK");
  }
  void end(const char* how) {
    const int code = inTransaction_ ? plain_->run(how) : SQLITE_OK;
    EXPECT_EQ(code, SQLITE_OK);
    inTransaction_ = false;
  }

  // What is not a statement of the user. The name of what was done.
  std::string control(std::mt19937& random) {
    const uint32_t depth = db_->savepointDepth();
    const std::string innermost = "s" + std::to_string(depth);
    switch (random() % 8) {
      case 0:
        rollBackBoth();
        return "rollback";
      case 1:
      case 2:
        begin();
        EXPECT_TRUE(db_->savepoint().ok());
        EXPECT_EQ(plain_->run("SAVEPOINT s" + std::to_string(depth + 1)), SQLITE_OK);
        return "savepoint";
      case 3:
        if (depth == 0) return "";
        EXPECT_TRUE(db_->releaseSavepoint().ok());
        EXPECT_EQ(plain_->run("RELEASE " + innermost), SQLITE_OK);
        return "release";
      case 4:
        if (depth == 0) return "";
        EXPECT_TRUE(db_->rollbackToSavepoint().ok());
        EXPECT_EQ(plain_->run("ROLLBACK TO " + innermost + "; RELEASE " + innermost), SQLITE_OK);
        return "rollback to";
      case 5:
        if (depth > 0) return "";
        commitBoth();
        db_.reset();
        db_ = database(name_);
        return "commit, close and open";
      default:
        commitBoth();
        return "commit";
    }
  }

  void walk(uint32_t seed, const ObjectName& name) {
    std::mt19937 random(seed);
    Statements statements(random);
    name_ = name;
    db_ = database(name_);
    plain_ = std::make_unique<Plain>();
    inTransaction_ = false;
    std::string history;
    for (int step = 0; step < kSteps && !HasFailure(); ++step) {
      if (random() % 8 == 0) {
        history += "-- " + control(random) + "\n";
        continue;
      }
      const Statements::Statement statement = statements.next();
      history += statement.sql + "\n";
      begin();
      const std::string answer = ask(*db_, statement.sql, statement.bindings);
      ASSERT_EQ(answer, plain_->ask(statement.sql, statement.bindings))
          << "HOLDFAST_SEED=" << seed << ", after\n"
          << history;
      (answer.starts_with("error") ? failed_ : answered_) += 1;
    }
    while (db_->savepointDepth() > 0) EXPECT_TRUE(db_->releaseSavepoint().ok());
    commitBoth();
    EXPECT_EQ(sql(*db_, "PRAGMA quick_check"), "ok");
    db_.reset();
  }

  std::unique_ptr<Database> db_;
  std::unique_ptr<Plain> plain_;
  bool inTransaction_ = false;
  ObjectName name_;
  int answered_ = 0;
  int failed_ = 0;
};

TEST_F(SqlPropertyTest, TheEngineAnswersAsSqliteAlone) {
  const char* given = std::getenv("HOLDFAST_SEED");
  const uint32_t first = given == nullptr ? std::random_device()()
                                          : static_cast<uint32_t>(std::strtoul(given, nullptr, 10));
  open(Durability::kSystem);
  for (uint32_t run = 0; run < kRuns && !HasFailure(); ++run) {
    walk(first + run, objectNamed('a', "run-" + std::to_string(run)));
  }
  EXPECT_GT(answered_, failed_) << "most statements say something";
}

}  // namespace
}  // namespace holdfast::storage::testing
