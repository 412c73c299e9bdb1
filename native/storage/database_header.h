// What the first bytes of a database file say (SQLite file format, 1.3). Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace holdfast::storage {

inline constexpr size_t kDatabaseHeaderBytes = 100;

// `header`: the first kDatabaseHeaderBytes of the file, or fewer if it has no more. 0: it is no
// SQLite database.
uint32_t databasePageBytes(std::string_view header);

// It is a SQLite database whose last writer kept a write-ahead log beside it.
bool usesWriteAheadLog(std::string_view header);

}  // namespace holdfast::storage
