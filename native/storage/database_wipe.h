// Empties an object's database inside the open transaction (spec S3.9): tables, views, indexes,
// triggers, virtual tables, sequences, statistics, our own tables.
//
// Thread: the shard's. Returns the raw result code. No statement may be running on the connection.
#pragma once

#include "storage/connection.h"

namespace holdfast::storage {

int wipeDatabase(Connection& connection);

}  // namespace holdfast::storage
