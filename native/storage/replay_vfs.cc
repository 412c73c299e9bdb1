#include "storage/replay_vfs.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

#include "storage/database_vfs.h"

namespace holdfast::storage {
namespace {

constexpr const char* kName = "holdfast-replay";

// What xOpen opens: SQLite calls it inside sqlite3_open_v2(), on the same thread.
struct Opening {
  sys::FileSystem& files;
  const LogReplay::Object& object;
};
thread_local const Opening* opening = nullptr;

// SQLite allocates it; the base comes first.
struct OpenFile {
  sqlite3_file base;
  const LogReplay::Object* object;
  sys::File* stored;  // owned; null: there is no file
};

const OpenFile& of(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }

uint64_t sizeOf(const LogReplay::Object& object) {
  return uint64_t{object.pages} * object.pageBytes;
}

// `bytes` of one page from `start` on. A page that neither the log nor the file has is zeros.
Status readPart(const OpenFile& file, uint32_t number, size_t start, char* into, size_t bytes) {
  const LogReplay::Object& object = *file.object;
  const auto changed = object.changed.find(number);
  if (changed != object.changed.end()) {
    std::memcpy(into, changed->second.data() + start, bytes);
    return {};
  }
  size_t had = 0;
  if (file.stored != nullptr && number <= object.fileLimit) {
    const uint64_t offset = uint64_t{number - 1} * object.pageBytes + start;
    const Result<size_t> got = file.stored->read(offset, into, bytes);
    if (!got.ok()) return got.status();
    had = got.value();
  }
  std::memset(into + had, 0, bytes - had);
  return {};
}

int closeFile(sqlite3_file* file) {
  delete of(file).stored;
  return SQLITE_OK;
}

int readFile(sqlite3_file* file, void* into, int bytes, sqlite3_int64 offset) {
  const OpenFile& open = of(file);
  const LogReplay::Object& object = *open.object;
  auto* out = static_cast<char*>(into);
  auto at = static_cast<uint64_t>(offset);
  const uint64_t end = at + static_cast<uint64_t>(bytes);
  const uint64_t size = sizeOf(object);
  for (const uint64_t last = std::min(end, size); at < last;) {
    const size_t start = at % object.pageBytes;
    const size_t part = std::min<uint64_t>(last - at, object.pageBytes - start);
    const auto number = static_cast<uint32_t>(at / object.pageBytes) + 1;
    if (!readPart(open, number, start, out, part).ok()) return SQLITE_IOERR_READ;
    out += part;
    at += part;
  }
  if (at == end) return SQLITE_OK;
  std::memset(out, 0, end - std::max(at, static_cast<uint64_t>(offset)));
  return SQLITE_IOERR_SHORT_READ;
}

int writeFile(sqlite3_file* /*file*/, const void* /*from*/, int /*bytes*/,
              sqlite3_int64 /*offset*/) {
  return SQLITE_READONLY;
}

int truncateFile(sqlite3_file* /*file*/, sqlite3_int64 /*bytes*/) { return SQLITE_READONLY; }

int fileSize(sqlite3_file* file, sqlite3_int64* bytes) {
  *bytes = static_cast<sqlite3_int64>(sizeOf(*of(file).object));
  return SQLITE_OK;
}

int characteristics(sqlite3_file* /*file*/) { return 0; }

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
  if (opening == nullptr || (flags & SQLITE_OPEN_MAIN_DB) == 0) return SQLITE_CANTOPEN;
  Result<std::unique_ptr<sys::File>> stored =
      opening->files.open(opening->object.place.path, sys::OpenMode::kRead);
  if (!stored.ok() && stored.status().code() != Code::kNotFound) return SQLITE_CANTOPEN;
  open->object = &opening->object;
  open->stored = stored.ok() ? std::move(stored).value().release() : nullptr;
  open->base.pMethods = &kMethods;
  if (outFlags != nullptr) *outFlags = flags;
  return SQLITE_OK;
}

}  // namespace

int openReplayed(sys::FileSystem& files, const LogReplay::Object& object, sqlite3** db) {
  static sqlite3_vfs vfs;
  static const bool isRegistered = registerDatabaseVfs(vfs, kName, sizeof(OpenFile), openFile);
  if (!isRegistered) return SQLITE_NOMEM;
  const Opening request{files, object};
  opening = &request;
  const int code = sqlite3_open_v2(
      "object", db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, kName);
  opening = nullptr;
  return code;
}

}  // namespace holdfast::storage
