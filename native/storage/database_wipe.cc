#include "storage/database_wipe.h"

#include <string>
#include <vector>

namespace holdfast::storage {
namespace {

struct SchemaObject {
  std::string type;
  std::string name;
};

// Triggers and views first: they may refer to tables. Then virtual tables: they take their shadow
// tables along.
constexpr const char* kObjects =
    "SELECT type, name FROM sqlite_schema WHERE type IN ('table', 'view', 'trigger') "
    "AND name <> 'sqlite_sequence' ORDER BY CASE "
    "WHEN type = 'trigger' THEN 0 WHEN type = 'view' THEN 1 "
    "WHEN sql LIKE 'CREATE VIRTUAL TABLE%' THEN 2 ELSE 3 END, rowid";

// SQLite does not drop this table by name. Renamed, it is like any other.
constexpr const char* kUnmakeSequence =
    "PRAGMA writable_schema=ON;"
    "UPDATE sqlite_schema SET name='_cf_sequence', tbl_name='_cf_sequence', "
    "sql='CREATE TABLE _cf_sequence(name,seq)' WHERE name='sqlite_sequence';"
    "PRAGMA writable_schema=RESET;"
    "DROP TABLE IF EXISTS _cf_sequence";

std::string quoted(const std::string& name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

int objectsOf(Connection& connection, std::vector<SchemaObject>& out) {
  Statement statement;
  const int code = connection.prepare(kObjects, statement);
  if (code != SQLITE_OK) return code;
  int step = sqlite3_step(statement.get());
  for (; step == SQLITE_ROW; step = sqlite3_step(statement.get())) {
    out.push_back({std::string(columnBytes(statement.get(), 0)),
                   std::string(columnBytes(statement.get(), 1))});
  }
  return step == SQLITE_DONE ? SQLITE_OK : step;
}

int dropAll(Connection& connection) {
  std::vector<SchemaObject> objects;
  int code = objectsOf(connection, objects);
  for (const SchemaObject& object : objects) {
    if (code != SQLITE_OK) return code;
    const std::string drop = "DROP " + object.type + " IF EXISTS main." + quoted(object.name);
    code = connection.run(drop.c_str());
  }
  return code == SQLITE_OK ? connection.run(kUnmakeSequence) : code;
}

}  // namespace

int wipeDatabase(Connection& connection) {
  sqlite3* db = connection.db();
  int hadForeignKeys = 1;
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &hadForeignKeys);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
  const int code = dropAll(connection);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, hadForeignKeys, nullptr);
  return code;
}

}  // namespace holdfast::storage
