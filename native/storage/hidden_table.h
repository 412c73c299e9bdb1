// HiddenTable: one of our own tables in an object's database, made on demand (spec S3.13.2).
// Internal to storage.
//
// Remembers whether the table exists, and forgets it when the session's epoch changes.
// Thread: the shard's. Owner: the class that uses the table.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "storage/object_session.h"

namespace holdfast::storage {

class HiddenTable {
 public:
  // Texts with static lifetime. `probe` compiles when the table exists. `image`: what a database
  // starts as that is made for this table. `has`: whether those of a schema have it.
  HiddenTable(const char* create, const char* probe, const std::string& image, bool OwnSchema::*has)
      : create_(create), probe_(probe), image_(image), has_(has) {}

  // False also when there is no database. Opens an existing one.
  Result<bool> exists(ObjectSession& session);
  // Begins the implicit transaction and makes the table.
  Status ensure(ObjectSession& session);

 private:
  const char* const create_;
  const char* const probe_;
  const std::string& image_;
  bool OwnSchema::*const has_;
  uint64_t epoch_ = 0;
  bool exists_ = false;
};

}  // namespace holdfast::storage
