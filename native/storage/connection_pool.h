// ConnectionPool: connections that no object needs now, for the next one that has the same schema.
// Internal to storage.
//
// Opening a connection costs SQLite about as much as a hundred puts: it is configured, reads the
// schema and compiles our statements. Most objects have nothing but keys and an alarm, so a
// connection that saw nothing else is moved from object to object, with its schema and statements.
//
// Contract: open() gives a connection to `file`, which is loaded and must outlive it or be there
// until giveBack(), and says which of our schemas it has (null: another one). A moved connection
// differs from a new one in total_changes() and PRAGMA data_version only. Bounded: of each schema
// kIdleMax connections wait here, without pages. Thread: the shard's. Owner: the engine; sessions
// end before it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "storage/connection.h"
#include "storage/database_image.h"
#include "storage/object_file.h"

namespace holdfast::storage {

class ConnectionPool {
 public:
  static constexpr size_t kIdleMax = 64;

  explicit ConnectionPool(uint32_t cachePages) : cachePages_(cachePages) {}

  struct Opened {
    std::unique_ptr<Connection> connection;
    const OwnSchema* schema = nullptr;
  };
  Result<Opened> open(ObjectFile& file);
  Result<std::unique_ptr<Connection>> openNew(ObjectFile& file);
  // No transaction and no statement of others is open. Closes the connection unless another object
  // can have it.
  void giveBack(std::unique_ptr<Connection> connection, ObjectFile& file);

  [[nodiscard]] size_t idle() const;

 private:
  using Idle = std::vector<std::unique_ptr<Connection>>;
  Idle& idleOf(const OwnSchema& schema);

  const uint32_t cachePages_;
  std::array<Idle, kOwnSchemas> idle_;
};

}  // namespace holdfast::storage
