// FileSystem: the file calls that are not SQLite's own: directories, flushes, small durable files,
// the lock.
//
// Contract: every call names the path and errno's text in its Status (kIo). What a call makes
// durable it says. Thread: any; stateless. Owner: the process (systemFileSystem()); tests put one
// in between that fails or waits.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sys/random_access_file.h"

namespace holdfast::sys {

// An exclusive lock on a file; freed by the destructor or by the death of the process.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

enum class OpenMode {
  kRead,
  kWrite,   // and read; the file must exist
  kCreate,  // and read and write; made when missing. The name is not durable: see syncDirectory.
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // kNotFound when there is no such file and it may not be made.
  virtual Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) = 0;

  virtual bool exists(const std::string& path) = 0;
  // 0 when there is no such file.
  virtual Result<uint64_t> fileSize(const std::string& path) = 0;
  // With parents; fine when it exists. Not durable: see syncDirectory.
  virtual Status createDirectories(const std::string& path) = 0;
  // Names of the entries, sorted; empty when the directory does not exist.
  virtual Result<std::vector<std::string>> list(const std::string& path) = 0;
  // The same one by one, in any order: of a directory of millions no list is made.
  virtual Status forEachName(const std::string& path,
                             const std::function<void(std::string_view)>& visit);
  // A new file with this content; kAlreadyExists when there is one. Not durable.
  virtual Status createFile(const std::string& path, std::string_view content) = 0;
  virtual Status rename(const std::string& from, const std::string& to) = 0;
  // Fine when there is no such file. Not durable: see syncDirectory.
  virtual Status removeFile(const std::string& path) = 0;
  virtual Status removeTree(const std::string& path) = 0;

  // fdatasync: returns once the content written before the call survives loss of power.
  virtual Status syncFile(const std::string& path) = 0;
  // Makes the names in the directory durable.
  virtual Status syncDirectory(const std::string& path) = 0;

  // Everything written to the file system that holds `path`.
  virtual Status syncAll(const std::string& path) = 0;

  // nullopt when there is no such file.
  virtual Result<std::optional<std::string>> readFile(const std::string& path) = 0;
  // Atomic and durable on return: temporary file, fsync, rename, fsync of the directory.
  virtual Status replaceFile(const std::string& path, std::string_view content) = 0;

  // Creates the file when missing and writes this process's id into it. kUnavailable when another
  // process holds it; the message then contains its id.
  virtual Result<std::unique_ptr<FileLock>> lock(const std::string& path) = 0;
};

FileSystem& systemFileSystem();

// Creates `path` and makes its name durable, and that of every directory that it had to create. The
// name of a directory that was there already is made durable too, so the one that holds it must be
// readable.
Status createDirectoriesDurably(FileSystem& files, const std::string& path);

}  // namespace holdfast::sys
