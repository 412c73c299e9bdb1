// What a new object's database starts as: prepared images, so that making one costs a copy and no
// parsing.
//
// Thread: any. Made once. Empty when SQLite has no memory.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace holdfast::storage {

constexpr size_t kImagePageBytes = 4096;

// No tables.
const std::string& emptyDatabaseImage();
// The table of key-value rows (spec S3.13.2) and nothing in it.
const std::string& kvDatabaseImage();

// The text that makes that table.
extern const char* const kKvTableSql;
// Compiles when there is that table. ?1: the key.
extern const char* const kKvGetSql;

// A database that begins with `firstPage` has the schema of `image`, its settings and its version
// (SQLite file format 1.3), whatever its tables hold.
bool hasSchemaOf(const std::string& image, std::string_view firstPage);

}  // namespace holdfast::storage
