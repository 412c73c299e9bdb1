// What a new object's database starts as: prepared images, so that making one costs a copy and no
// parsing.
//
// Thread: any. Made once. Empty when SQLite has no memory.
#pragma once

#include <string>

namespace holdfast::storage {

// No tables.
const std::string& emptyDatabaseImage();
// The table of key-value rows (spec S3.13.2) and nothing in it.
const std::string& kvDatabaseImage();

// The text that makes that table.
extern const char* const kKvTableSql;

}  // namespace holdfast::storage
