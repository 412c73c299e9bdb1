// A read-only VFS through which SQLite sees an object as the commit log leaves it: the pages that a
// LogReplay holds over those of the file (https://sqlite.org/vfs.html).
//
// Contract: openReplayed() opens a connection whose main database is `object` which must outlive
// it. Nothing is written, and no other file is looked at. A database in WAL mode cannot be opened
// so. Thread: any; the connection is the caller's. Failure: the raw result code of SQLite.
#pragma once

#include <sqlite3.h>

#include "storage/log_replay.h"

namespace holdfast::storage {

int openReplayed(sys::FileSystem& files, const LogReplay::Object& object, sqlite3** db);

}  // namespace holdfast::storage
