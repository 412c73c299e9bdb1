// The VFS through which SQLite sees an ObjectFile: memory and reads of the database file, no other
// files, no locks, no flushes (https://sqlite.org/vfs.html).
//
// Contract: openObjectFile() opens a connection whose main database is `file`; the file must
// outlive the connection. The connection must run with locking_mode=EXCLUSIVE and
// journal_mode=MEMORY, so that SQLite asks for nothing else. Thread: any; the connection is the
// caller's. Failure: the raw result code of SQLite.
#pragma once

#include <sqlite3.h>

#include "storage/object_file.h"

namespace holdfast::storage {

int openObjectFile(ObjectFile& file, int flags, sqlite3** db);
// The connection that openObjectFile() opened sees `file` from now on. It must hold no lock and no
// page of the one before; with null, it must not be used until it has another.
int attachObjectFile(sqlite3* db, ObjectFile* file);

}  // namespace holdfast::storage
