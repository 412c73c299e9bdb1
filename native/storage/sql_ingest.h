// ingest: runs the complete statements of a text that is still arriving (spec S4.14.2).
//
// Each statement takes effect as with Database::exec(), one by one: when one fails, those before it
// have run. A SELECT is not read beyond its first row. Thread: the database's. Owner: none; nothing
// is kept between calls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "storage/database.h"

namespace holdfast::storage {

struct Ingested {
  size_t bytes = 0;  // of the text that was run; what follows is not complete yet
  uint64_t statements = 0;
  uint64_t rowsRead = 0;
  uint64_t rowsWritten = 0;
};

Result<Ingested> ingest(Database& database, std::string_view sql);

// The length of the first statement with its semicolon; 0 when it is not complete. Pure.
size_t completeStatementSize(std::string_view sql);

}  // namespace holdfast::storage
