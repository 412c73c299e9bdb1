#include "storage/object_vfs.h"

#include <cstring>
#include <string_view>

#include "storage/database_vfs.h"

namespace holdfast::storage {
namespace {

constexpr const char* kName = "holdfast";

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

int fileSize(sqlite3_file* file, sqlite3_int64* bytes) {
  *bytes = static_cast<sqlite3_int64>(of(file).size());
  return SQLITE_OK;
}

int characteristics(sqlite3_file* /*file*/) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

const sqlite3_io_methods kMethods = makeIoMethods({.close = closeFile,
                                                   .read = readFile,
                                                   .write = writeFile,
                                                   .truncate = truncateFile,
                                                   .size = fileSize,
                                                   .characteristics = characteristics});

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

}  // namespace

int attachObjectFile(sqlite3* db, ObjectFile* file) {
  sqlite3_file* opened = nullptr;
  const int code = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &opened);
  if (code == SQLITE_OK) reinterpret_cast<OpenFile*>(opened)->object = file;
  return code;
}

int openObjectFile(ObjectFile& file, int flags, sqlite3** db) {
  static sqlite3_vfs vfs;
  static const bool isRegistered = registerDatabaseVfs(vfs, kName, sizeof(OpenFile), openFile);
  if (!isRegistered) return SQLITE_NOMEM;
  opening = &file;
  const std::string& path = file.identity().path;
  const int code = sqlite3_open_v2(path.empty() ? "object" : path.c_str(), db, flags, kName);
  // SQLite opens the file at once, not at the first use.
  opening = nullptr;
  return code;
}

}  // namespace holdfast::storage
