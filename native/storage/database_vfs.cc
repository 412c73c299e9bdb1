#include "storage/database_vfs.h"

#include <cstring>

namespace holdfast::storage {
namespace {

constexpr int kSectorBytes = 4096;

int syncFile(sqlite3_file* /*file*/, int /*flags*/) { return SQLITE_OK; }

int lockFile(sqlite3_file* /*file*/, int /*level*/) { return SQLITE_OK; }

int isReserved(sqlite3_file* /*file*/, int* reserved) {
  *reserved = 0;
  return SQLITE_OK;
}

int fileControl(sqlite3_file* /*file*/, int /*op*/, void* /*arg*/) { return SQLITE_NOTFOUND; }

int sectorSize(sqlite3_file* /*file*/) { return kSectorBytes; }

int deleteFile(sqlite3_vfs* /*vfs*/, const char* /*name*/, int /*sync*/) { return SQLITE_OK; }

// No journal ever exists.
int exists(sqlite3_vfs* /*vfs*/, const char* /*name*/, int /*flags*/, int* found) {
  *found = 0;
  return SQLITE_OK;
}

int fullPath(sqlite3_vfs* /*vfs*/, const char* name, int bytes, char* out) {
  const size_t length = std::strlen(name);
  if (length >= static_cast<size_t>(bytes)) return SQLITE_CANTOPEN;
  std::memcpy(out, name, length + 1);
  return SQLITE_OK;
}

}  // namespace

sqlite3_io_methods makeIoMethods(const DatabaseMethods& methods) {
  sqlite3_io_methods all = {};
  all.iVersion = 1;  // no shared memory and no memory mapping
  all.xClose = methods.close;
  all.xRead = methods.read;
  all.xWrite = methods.write;
  all.xTruncate = methods.truncate;
  all.xSync = syncFile;
  all.xFileSize = methods.size;
  all.xLock = lockFile;
  all.xUnlock = lockFile;
  all.xCheckReservedLock = isReserved;
  all.xFileControl = fileControl;
  all.xSectorSize = sectorSize;
  all.xDeviceCharacteristics = methods.characteristics;
  return all;
}

bool registerDatabaseVfs(sqlite3_vfs& vfs, const char* name, int fileBytes, OpenDatabaseFile open) {
  vfs = *sqlite3_vfs_find(nullptr);  // time, sleep and random bytes are its own
  vfs.szOsFile = fileBytes;
  vfs.zName = name;
  vfs.pNext = nullptr;
  vfs.xOpen = open;
  vfs.xDelete = deleteFile;
  vfs.xAccess = exists;
  vfs.xFullPathname = fullPath;
  return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
}

}  // namespace holdfast::storage
