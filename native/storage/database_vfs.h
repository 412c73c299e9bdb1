// What the VFSes of this folder share (https://sqlite.org/vfs.html): each shows SQLite one main
// database that is no file of the system, and no other file: journals stay in memory.
//
// Contract: makeIoMethods() and registerDatabaseVfs() fill in what does not depend on where the
// database comes from: nobody else uses it, so that nothing is locked. Thread: any. Failure: false,
// when SQLite has no memory.
#pragma once

#include <sqlite3.h>

namespace holdfast::storage {

struct DatabaseMethods {
  int (*close)(sqlite3_file*);
  int (*read)(sqlite3_file*, void* into, int bytes, sqlite3_int64 offset);
  int (*write)(sqlite3_file*, const void* from, int bytes, sqlite3_int64 offset);
  int (*truncate)(sqlite3_file*, sqlite3_int64 bytes);
  int (*size)(sqlite3_file*, sqlite3_int64* bytes);
  int (*characteristics)(sqlite3_file*);
};
sqlite3_io_methods makeIoMethods(const DatabaseMethods& methods);

using OpenDatabaseFile = int (*)(sqlite3_vfs*, sqlite3_filename name, sqlite3_file*, int flags,
                                 int* outFlags);
// `vfs` must live as long as the process. `fileBytes`: of what `open` fills in.
bool registerDatabaseVfs(sqlite3_vfs& vfs, const char* name, int fileBytes, OpenDatabaseFile open);

}  // namespace holdfast::storage
