// FilePool: the database files that are open for reading, least recently used closed first.
//
// Contract: at most `openMax` files stay open here however many objects are; a file that is being
// read stays open until its reader lets go. Thread: any; the lock is one of the named ones
// (docs/architecture.md) and is not held while a file is opened or read. Owner: the engine.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/result.h"
#include "sys/file_system.h"

namespace holdfast::storage {

class FilePool {
 public:
  FilePool(sys::FileSystem& files, size_t openMax) : files_(files), openMax_(openMax) {}

  // The open file of `owner`, opened when it is not. kNotFound when there is none.
  Result<std::shared_ptr<sys::File>> open(const void* owner, const std::string& path);
  [[nodiscard]] sys::FileSystem& files() { return files_; }
  // The owner goes, or its file was replaced.
  void forget(const void* owner);
  [[nodiscard]] size_t openCount();

 private:
  struct Entry {
    const void* owner = nullptr;
    std::shared_ptr<sys::File> file;
  };
  using Entries = std::list<Entry>;

  sys::FileSystem& files_;
  const size_t openMax_;
  std::mutex mutex_;
  Entries entries_;  // newest first; guarded by mutex_, as what follows
  std::unordered_map<const void*, Entries::iterator> byOwner_;
};

}  // namespace holdfast::storage
