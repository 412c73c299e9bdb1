// What a new object's database starts as: prepared images, so that making one costs a copy and no
// parsing.
//
// Thread: any. Made once. Empty when SQLite has no memory.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace holdfast::storage {

constexpr size_t kImagePageBytes = 4096;

// No tables.
const std::string& emptyDatabaseImage();
// The table of key-value rows (spec S3.13.2) and nothing in it.
const std::string& kvDatabaseImage();
// The table of metadata (the same) and nothing in it.
const std::string& metadataDatabaseImage();

// The texts that make these tables.
extern const char* const kKvTableSql;
extern const char* const kMetadataTableSql;
// Compiles when there is the table of key-value rows. ?1: the key.
extern const char* const kKvGetSql;

// The schema of databases in which nobody but we made tables. SQLite sees a difference between
// those that have the same tables in another order.
struct OwnSchema {
  std::string image;  // of a database without rows
  bool hasKv = false;
  bool hasMetadata = false;
};
constexpr size_t kOwnSchemas = 4;
// All there are.
const std::array<OwnSchema, kOwnSchemas>& ownSchemas();
// That of a database which begins with `firstPage`, whatever its tables hold, if it also has our
// settings and our version of SQLite's format (file format 1.3); null: another one.
const OwnSchema* ownSchemaOf(std::string_view firstPage);

}  // namespace holdfast::storage
