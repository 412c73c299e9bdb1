// adoptDatabase: brings a database file that another runtime left into the form in which ours are
// (no write-ahead log, no journal).
//
// Contract: what its journal or write-ahead log held is in the file, flushed, and they are gone.
// The one thing that flushes on the shard's thread, once in the life of a file. Failure: kIo or
// kCorrupt naming the file.
#pragma once

#include <string>

#include "base/result.h"

namespace holdfast::storage {

Status adoptDatabase(const std::string& path);

}  // namespace holdfast::storage
