#include "storage/simulated_object.h"

#include <algorithm>

namespace holdfast::storage::testing {
namespace {

constexpr uint32_t kKeys = 8;
constexpr uint32_t kTables = 3;
constexpr uint32_t kIds = 24;
constexpr uint32_t kSmallBytes = 60;
constexpr uint32_t kLargeBytes = 6000;  // more than a page

uint32_t lengthMax(Random& random) { return random.chance(25) ? kLargeBytes : kSmallBytes; }

}  // namespace

std::string Random::bytes(uint32_t lengthMax) {
  std::string out(pick(lengthMax + 1), "ab\0"[pick(3)]);
  for (uint32_t spots = pick(4); spots > 0 && !out.empty(); --spots) {
    out[any() % out.size()] = static_cast<char>('a' + pick(20));
  }
  return out;
}

void SimulatedObject::undo() {
  state_ = history.last();
  savepoints_.clear();
}

void SimulatedObject::close() {
  db_.reset();
  undo();
}

Status SimulatedObject::run(const std::string& sql, const std::vector<SqlValue>& bindings) {
  return db_->exec(sql, bindings).status();
}

Status SimulatedObject::change(Random& random) {
  switch (random.pick(16)) {
    case 0:
      return moveSavepoint(random);
    case 1:
      return random.chance(40) ? moveSavepoint(random) : compare();
    case 2: {
      if (!random.chance(15)) return changeKv(random);
      db_->rollback();
      undo();
      return {};
    }
    case 3: {
      if (!savepoints_.empty() || !random.chance(15)) return changeTable(random);
      state_ = {};
      return db_->deleteAll(Database::AlarmFate::kDelete);
    }
    default:
      return random.chance(40) ? changeKv(random) : changeTable(random);
  }
}

Status SimulatedObject::changeKv(Random& random) {
  const std::string key = "k" + std::to_string(random.pick(kKeys));
  if (random.chance(25)) {
    state_.kv.erase(key);
    return db_->remove(key).status();
  }
  std::string value = random.bytes(lengthMax(random));
  Status put = db_->put(key, value);
  state_.kv[key] = std::move(value);
  return put;
}

Status SimulatedObject::moveSavepoint(Random& random) {
  if (savepoints_.empty() || (savepoints_.size() < 3 && random.chance(50))) {
    savepoints_.push_back(state_);
    return db_->savepoint();
  }
  ObjectState before = std::move(savepoints_.back());
  savepoints_.pop_back();
  if (random.chance(50)) return db_->releaseSavepoint();
  state_ = std::move(before);
  return db_->rollbackToSavepoint();
}

Status SimulatedObject::createTable(const std::string& table) {
  state_.tables[table];
  return run("CREATE TABLE " + table + "(id INTEGER PRIMARY KEY, n INTEGER, bytes BLOB); CREATE " +
             "INDEX " + table + "_n ON " + table + "(n, bytes)");
}

Status SimulatedObject::changeTable(Random& random) {
  const std::string table = "t" + std::to_string(random.pick(kTables));
  const auto found = state_.tables.find(table);
  if (found == state_.tables.end()) return createTable(table);
  ObjectState::Table& rows = found->second;
  switch (random.pick(10)) {
    case 0:
      if (!random.chance(40)) return insert(rows, table, random);
      state_.tables.erase(found);
      return run("DROP TABLE " + table);
    case 1:
      return update(rows, table, random);
    case 2:
      return removeRows(rows, table, random);
    case 3:
      return growAndShrink(table, random);
    case 4:
      return insertOneOfTwo(rows, table, random);
    default:
      return insert(rows, table, random);
  }
}

Status SimulatedObject::insert(ObjectState::Table& rows, const std::string& table, Random& random) {
  const int64_t id = random.pick(kIds);
  const int64_t n = random.pick(1000);
  const std::string bytes = random.bytes(lengthMax(random));
  rows[id] = {n, bytes};
  return run("INSERT OR REPLACE INTO " + table + " VALUES(?, ?, ?)", {id, n, Blob{bytes}});
}

Status SimulatedObject::update(ObjectState::Table& rows, const std::string& table, Random& random) {
  const int64_t third = random.pick(3);
  for (auto& [id, row] : rows) {
    if (id % 3 == third) ++row.n;
  }
  return run("UPDATE " + table + " SET n = n + 1 WHERE id % 3 = ?", {third});
}

Status SimulatedObject::removeRows(ObjectState::Table& rows, const std::string& table,
                                   Random& random) {
  const int64_t half = random.pick(2);
  std::erase_if(rows, [half](const auto& row) { return row.first % 2 == half; });
  return run("DELETE FROM " + table + " WHERE id % 2 = ?", {half});
}

// Pages come and go in one transaction: SQLite makes the database longer without writing them.
Status SimulatedObject::growAndShrink(const std::string& table, Random& random) {
  const int64_t id = kIds + 1;
  const std::string bytes(1 + random.pick(4 * kLargeBytes), 'g');
  Status grown = run("INSERT INTO " + table + " VALUES(?, 0, ?)", {id, Blob{bytes}});
  return grown.ok() ? run("DELETE FROM " + table + " WHERE id = ?", {id}) : grown;
}

// A statement that fails and keeps what it did before.
Status SimulatedObject::insertOneOfTwo(ObjectState::Table& rows, const std::string& table,
                                       Random& random) {
  const int64_t id = kIds + 2 + random.pick(20);
  if (rows.empty() || rows.contains(id)) return insert(rows, table, random);
  const int64_t there = rows.begin()->first;
  const bool keeps = random.chance(50);
  if (keeps) rows[id] = {7, "seven"};
  const Status failed = run("INSERT OR " + std::string(keeps ? "FAIL" : "ABORT") + " INTO " +
                                table + " VALUES(?, 7, x'736576656e'), (?, 8, x'')",
                            {id, there});
  if (failed.code() == Code::kSql) return {};
  return failed.ok() ? Status(Code::kCorrupt, "a row was there twice") : failed;
}

Status SimulatedObject::commit() {
  while (!savepoints_.empty()) {
    Status released = db_->releaseSavepoint();
    if (!released.ok()) return released;
    savepoints_.pop_back();
  }
  const Result<Lsn> lsn = db_->commit();
  if (!lsn.ok()) {
    undo();
    return lsn.status();
  }
  if (lsn.value() != 0) {
    history.committed(lsn.value(), state_);
  } else if (!(state_ == history.last())) {
    return {Code::kCorrupt, "nothing was committed: " + difference(state_, history.last())};
  }
  return {};
}

Status SimulatedObject::compare() {
  const Result<ObjectState> found = readState(*db_);
  if (!found.ok()) return found.status();
  const std::string different = difference(state_, found.value());
  return different.empty() ? Status() : Status(Code::kCorrupt, "reads wrong: " + different);
}

}  // namespace holdfast::storage::testing
