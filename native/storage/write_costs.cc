#include "storage/write_costs.h"

#include <algorithm>
#include <utility>

#include "storage/sql_names.h"

namespace holdfast::storage {
namespace {

constexpr const char* kTable = "SELECT type, wr FROM pragma_table_list(?1) WHERE schema = 'main'";
// An index that a constraint made has no text of its own.
constexpr const char* kIndexes =
    "SELECT list.origin = 'pk', coalesce(substr(made.sql, instr(made.sql, '(')), (SELECT "
    "group_concat(info.name, ' ') FROM pragma_index_info(list.name) AS info)) "
    "FROM pragma_index_list(?1) AS list LEFT JOIN sqlite_schema AS made "
    "ON made.type = 'index' AND made.name = list.name";

bool isNameByte(char c) {
  return c == '_' || c == '$' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

bool mentions(std::string_view text, std::string_view name) {
  for (size_t at = 0; at + name.size() <= text.size(); ++at) {
    if (at > 0 && isNameByte(text[at - 1])) continue;
    const size_t end = at + name.size();
    if (end < text.size() && isNameByte(text[end])) continue;
    if (equalsIgnoringCase(text.substr(at, name.size()), name)) return true;
  }
  return false;
}

bool mentionsAny(std::string_view text, const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(),
                     [text](const std::string& name) { return mentions(text, name); });
}

// A column that is another name of the rowid; SQLite names the rowid itself "ROWID".
bool isRowid(Connection& connection, const TableShape& shape, const std::string& table,
             const std::string& column) {
  if (shape.kind != TableShape::Kind::kRowid) return false;
  if (column == "ROWID") return true;
  const char* type = nullptr;
  int isPrimaryKey = 0;
  if (sqlite3_table_column_metadata(connection.db(), "main", table.c_str(), column.c_str(), &type,
                                    nullptr, nullptr, &isPrimaryKey, nullptr) != SQLITE_OK) {
    return false;
  }
  const bool hasIndex = std::any_of(shape.indexes.begin(), shape.indexes.end(),
                                    [](const TableShape::Index& i) { return i.isPrimaryKey; });
  return isPrimaryKey != 0 && !hasIndex && type != nullptr && equalsIgnoringCase(type, "INTEGER");
}

bool autoincrements(Connection& connection, const std::string& table) {
  int automatic = 0;
  const int code = sqlite3_table_column_metadata(connection.db(), "main", table.c_str(), "rowid",
                                                 nullptr, nullptr, nullptr, nullptr, &automatic);
  return code == SQLITE_OK && automatic != 0;
}

// Entries of indexes hold the row's key: they follow when it changes.
uint32_t perUpdate(Connection& connection, const TableShape& shape,
                   const StatementFacts::TableWrite& write) {
  if (shape.indexes.empty()) return 1;
  const bool moves =
      mentionsAny(shape.key, write.columns) ||
      std::any_of(write.columns.begin(), write.columns.end(), [&](const std::string& column) {
        return isRowid(connection, shape, write.table, column);
      });
  const auto touched = std::count_if(shape.indexes.begin(), shape.indexes.end(),
                                     [&](const TableShape::Index& index) {
                                       return moves || mentionsAny(index.text, write.columns);
                                     });
  return 1 + static_cast<uint32_t>(touched);
}

}  // namespace

void TableShapes::close() {
  clear();
  table_.reset();
  indexes_.reset();
}

WriteCosts TableShapes::costsOf(Connection& connection, const StatementFacts& facts) {
  using Write = StatementFacts::Write;
  WriteCosts costs;
  for (const StatementFacts::TableWrite& write : facts.writes) {
    const TableShape& shape = shapeOf(connection, write.table);
    WriteCosts::Table table;
    table.name = write.table;
    table.kind = shape.kind;
    table.autoincrements = shape.autoincrements && write.inserts > 0;
    table.perInsert = 1 + static_cast<uint32_t>(shape.indexes.size());
    if (write.updates) table.perUpdate = perUpdate(connection, shape, write);
    table.statements = write.inserts + write.deletes + (write.updates ? 1U : 0U);
    costs.tables.push_back(std::move(table));
    const bool severalKinds =
        (write.inserts > 0 ? 1 : 0) + (write.deletes > 0 ? 1 : 0) + (write.updates ? 1 : 0) > 1;
    costs.mixed = costs.mixed || severalKinds || costs.tables.size() > 1;
  }
  if (costs.tables.empty()) return costs;
  if (facts.write == Write::kInsert) costs.perChange = costs.tables.front().perInsert;
  if (facts.write == Write::kUpdate) costs.perChange = costs.tables.front().perUpdate;
  return costs;
}

const TableShape& TableShapes::shapeOf(Connection& connection, const std::string& table) {
  const auto known = shapes_.find(table);
  if (known != shapes_.end()) return known->second;
  return shapes_.emplace(table, read(connection, table)).first->second;
}

// What cannot be read is a table without indexes: the count stays a lower bound.
TableShape TableShapes::read(Connection& connection, const std::string& table) {
  TableShape shape;
  if (table_ == nullptr && connection.prepare(kTable, table_) != SQLITE_OK) return shape;
  const ResetOnExit resetTable(table_.get());
  bindText(table_.get(), 1, table);
  if (sqlite3_step(table_.get()) != SQLITE_ROW) return shape;
  using Kind = TableShape::Kind;
  const std::string_view type = columnBytes(table_.get(), 0);
  const bool hasRowid = sqlite3_column_int(table_.get(), 1) == 0;
  shape.kind = type == "virtual"                     ? Kind::kVirtual
               : type != "table" && type != "shadow" ? Kind::kOther
               : hasRowid                            ? Kind::kRowid
                                                     : Kind::kWithoutRowid;
  if (shape.kind == Kind::kVirtual || shape.kind == Kind::kOther) return shape;
  shape.autoincrements = hasRowid && autoincrements(connection, table);
  if (indexes_ == nullptr && connection.prepare(kIndexes, indexes_) != SQLITE_OK) return shape;
  const ResetOnExit resetIndexes(indexes_.get());
  bindText(indexes_.get(), 1, table);
  while (sqlite3_step(indexes_.get()) == SQLITE_ROW) {
    TableShape::Index index;
    index.isPrimaryKey = sqlite3_column_int(indexes_.get(), 0) != 0;
    index.text = columnBytes(indexes_.get(), 1);
    if (index.isPrimaryKey && !hasRowid) {
      shape.key = std::move(index.text);
    } else {
      shape.indexes.push_back(std::move(index));
    }
  }
  return shape;
}

}  // namespace holdfast::storage
