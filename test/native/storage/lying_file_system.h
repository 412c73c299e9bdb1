// LyingFileSystem: sabotages of the engine, by what it is told about the disk. Each leaves out one
// step that a promise rests on; a simulation that does not notice proves nothing.
//
// Thread, owner: as ForwardingFileSystem.
#pragma once

#include <string>

#include "support/forwarding_file_system.h"

namespace holdfast::storage::testing {

enum class Lie {
  kLogFlush,       // the log's segments are not flushed
  kLogNames,       // their names are not
  kFileFlush,      // the databases are not flushed, neither one by one nor all at once
  kFileNames,      // their names and directories are not
  kLogSpared,      // recovery does not flush what it read of the log
  kReplaceInPlace  // files are replaced in place, in two steps
};

class LyingFileSystem final : public holdfast::testing::ForwardingFileSystem {
 public:
  LyingFileSystem(sys::FileSystem& real, Lie lie) : ForwardingFileSystem(real), lie_(lie) {}

  Status syncFile(const std::string& path) override {
    return lie_ == Lie::kFileFlush ? Status() : ForwardingFileSystem::syncFile(path);
  }
  Status syncAll(const std::string& path) override {
    return lie_ == Lie::kFileFlush || lie_ == Lie::kFileNames ? Status()
                                                              : ForwardingFileSystem::syncAll(path);
  }
  Status syncDirectory(const std::string& path) override {
    const bool isLog = path.ends_with("/log");
    const bool skips = (lie_ == Lie::kLogNames && isLog) ||
                       (lie_ == Lie::kFileNames && path.find("/do") != std::string::npos);
    return skips ? Status() : ForwardingFileSystem::syncDirectory(path);
  }
  Status replaceFile(const std::string& path, std::string_view content) override {
    if (lie_ != Lie::kReplaceInPlace || !isSegment(path)) {
      return ForwardingFileSystem::replaceFile(path, content);
    }
    Result<std::unique_ptr<sys::File>> file = open(path, sys::OpenMode::kCreate);
    if (!file.ok()) return file.status();
    Status status = file.value()->truncate(0);
    if (status.ok()) status = file.value()->write(0, content);
    if (status.ok()) status = file.value()->sync();
    return status.ok() ? syncDirectory(path.substr(0, path.find_last_of('/'))) : status;
  }

 protected:
  Status syncOpen(sys::File& file, const std::string& path) override {
    if (!isSegment(path)) return ForwardingFileSystem::syncOpen(file, path);
    if (lie_ == Lie::kLogFlush) return {};
    return lie_ == Lie::kLogSpared && isRecovering_ ? Status()
                                                    : ForwardingFileSystem::syncOpen(file, path);
  }
  Status writeOpen(sys::File& file, const std::string& path, uint64_t offset,
                   std::string_view bytes) override {
    // Only recovery writes a segment from its start that was there before.
    if (isSegment(path)) isRecovering_ = offset == 0 && bytes.size() > 64;
    return ForwardingFileSystem::writeOpen(file, path, offset, bytes);
  }

 private:
  static bool isSegment(const std::string& path) { return path.ends_with(".log"); }

  const Lie lie_;
  bool isRecovering_ = false;
};

}  // namespace holdfast::storage::testing
