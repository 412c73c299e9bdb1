// WriteCosts: how many rows a change of each table writes, the index entries included (spec
// S4.5.7). Internal to storage.
//
// SQLite has no public counter of rows written. It says how many rows changed, and through its
// update hook which table they are of; what one change writes follows from the schema. Two things
// are not known and taken as written: entries of a partial index, and those of an index whose text
// mentions a changed column. Thread: the connection's. Owner: costs: the compiled statement;
// shapes: the runner of SQL.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/connection.h"
#include "storage/sql_policy.h"

namespace holdfast::storage {

struct TableShape {
  enum class Kind : uint8_t { kRowid, kWithoutRowid, kVirtual, kOther };
  struct Index {
    bool isPrimaryKey = false;
    std::string text;  // its columns, expressions and condition
  };
  Kind kind = Kind::kOther;
  bool autoincrements = false;
  std::vector<Index> indexes;
  std::string key;  // columns of a kWithoutRowid's primary key, which is no index but the table
};

struct WriteCosts {
  struct Table {
    std::string name;
    TableShape::Kind kind = TableShape::Kind::kOther;
    bool autoincrements = false;
    uint32_t perInsert = 1;
    uint32_t perUpdate = 1;
    uint32_t statements = 1;  // that write it: the user's own and those of triggers
  };
  std::vector<Table> tables;  // the statement's own first
  uint32_t perChange = 1;     // of the statement's own table, when all changes are of one kind
  bool mixed = false;         // several tables or kinds of change: each change must be looked at
};

// Remembers the tables until clear().
class TableShapes {
 public:
  WriteCosts costsOf(Connection& connection, const StatementFacts& facts);
  // After a change of the schema and after a rollback.
  void clear() { shapes_.clear(); }
  // Drops the statements too.
  void close();

 private:
  const TableShape& shapeOf(Connection& connection, const std::string& table);
  TableShape read(Connection& connection, const std::string& table);

  std::unordered_map<std::string, TableShape> shapes_;
  Statement table_;
  Statement indexes_;
};

}  // namespace holdfast::storage
