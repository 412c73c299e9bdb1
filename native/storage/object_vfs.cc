#include "storage/object_vfs.h"

#include <cstring>
#include <string_view>

namespace holdfast::storage {
namespace {

constexpr const char* kName = "holdfast";
constexpr int kSectorBytes = 4096;

// What xOpen opens: SQLite calls it inside sqlite3_open_v2(), on the same thread.
thread_local ObjectFile* opening = nullptr;

// SQLite allocates it; the base comes first.
struct OpenFile {
  sqlite3_file base;
  ObjectFile* object;
};

ObjectFile& of(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file)->object; }

int closeFile(sqlite3_file* /*file*/) { return SQLITE_OK; }

int readFile(sqlite3_file* file, void* into, int bytes, sqlite3_int64 offset) {
  auto* out = static_cast<char*>(into);
  const auto wanted = static_cast<size_t>(bytes);
  const Result<size_t> got = of(file).read(static_cast<uint64_t>(offset), out, wanted);
  if (!got.ok()) return SQLITE_IOERR_READ;
  if (got.value() == wanted) return SQLITE_OK;
  std::memset(out + got.value(), 0, wanted - got.value());
  return SQLITE_IOERR_SHORT_READ;
}

int writeFile(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 offset) {
  const std::string_view page(static_cast<const char*>(from), static_cast<size_t>(bytes));
  return of(file).write(static_cast<uint64_t>(offset), page) ? SQLITE_OK : SQLITE_FULL;
}

int truncateFile(sqlite3_file* file, sqlite3_int64 bytes) {
  of(file).truncate(static_cast<uint64_t>(bytes));
  return SQLITE_OK;
}

int syncFile(sqlite3_file* /*file*/, int /*flags*/) { return SQLITE_OK; }

int fileSize(sqlite3_file* file, sqlite3_int64* bytes) {
  *bytes = static_cast<sqlite3_int64>(of(file).size());
  return SQLITE_OK;
}

int lockFile(sqlite3_file* /*file*/, int /*level*/) { return SQLITE_OK; }

int isReserved(sqlite3_file* /*file*/, int* reserved) {
  *reserved = 0;
  return SQLITE_OK;
}

int fileControl(sqlite3_file* /*file*/, int /*op*/, void* /*arg*/) { return SQLITE_NOTFOUND; }

int sectorSize(sqlite3_file* /*file*/) { return kSectorBytes; }

int characteristics(sqlite3_file* /*file*/) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

constexpr sqlite3_io_methods kMethods = {1, closeFile, readFile, writeFile, truncateFile, syncFile,
                                         fileSize, lockFile, lockFile, isReserved, fileControl,
                                         sectorSize, characteristics,
                                         // Version 1 has no shared memory and no memory mapping.
                                         nullptr, nullptr, nullptr, nullptr, nullptr, nullptr};

int openFile(sqlite3_vfs* /*vfs*/, sqlite3_filename /*name*/, sqlite3_file* file, int flags,
             int* outFlags) {
  auto* open = reinterpret_cast<OpenFile*>(file);
  open->base.pMethods = nullptr;
  // Journals and temporary files stay in memory: something asks for one only by mistake.
  if (opening == nullptr || (flags & SQLITE_OPEN_MAIN_DB) == 0) return SQLITE_CANTOPEN;
  open->object = opening;
  open->base.pMethods = &kMethods;
  if (outFlags != nullptr) *outFlags = flags;
  return SQLITE_OK;
}

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

sqlite3_vfs* makeVfs() {
  static sqlite3_vfs vfs = *sqlite3_vfs_find(nullptr);  // time, sleep and random bytes are its own
  vfs.szOsFile = sizeof(OpenFile);
  vfs.zName = kName;
  vfs.pNext = nullptr;
  vfs.xOpen = openFile;
  vfs.xDelete = deleteFile;
  vfs.xAccess = exists;
  vfs.xFullPathname = fullPath;
  return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK ? &vfs : nullptr;
}

}  // namespace

int openObjectFile(ObjectFile& file, int flags, sqlite3** db) {
  static const sqlite3_vfs* const vfs = makeVfs();
  if (vfs == nullptr) return SQLITE_NOMEM;
  opening = &file;
  const std::string& path = file.identity().path;
  const int code = sqlite3_open_v2(path.empty() ? "object" : path.c_str(), db, flags, kName);
  // SQLite opens the file at once, not at the first use.
  opening = nullptr;
  return code;
}

}  // namespace holdfast::storage
