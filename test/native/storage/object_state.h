// ObjectState: everything an object of the simulations holds, comparable; read through a Database
// or from the bytes of a database file.
//
// Thread: the caller's.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/result.h"
#include "storage/database.h"

namespace holdfast::storage::testing {

struct ObjectState {
  struct Row {
    int64_t n = 0;
    std::string bytes;
    bool operator==(const Row&) const = default;
  };
  using Table = std::map<int64_t, Row>;  // by id

  std::map<std::string, std::string> kv;
  std::map<std::string, Table> tables;
  bool operator==(const ObjectState&) const = default;
};

// The first difference, in words; "" when there is none.
std::string difference(const ObjectState& wanted, const ObjectState& found);

Result<ObjectState> readState(Database& db);
// kCorrupt when SQLite's integrity check finds something. No bytes: nothing.
Result<ObjectState> readState(const std::string& file);

// The bytes of an empty database file that shrinks by itself as rows go.
std::string shrinkingDatabase(uint32_t pageBytes);

}  // namespace holdfast::storage::testing
