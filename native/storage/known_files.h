// KnownFiles: which objects of a namespace surely have no database file yet, so that nobody asks
// the disk for each new one. Internal to storage.
//
// A Bloom filter of the files that are there: mayExist() is false only when there is none, and true
// for at most three of a thousand that have none. It begins empty where there was no directory.
// Where there was one nothing is known until so many objects were made that it pays to read the
// names: wantsNames(). All files are made by the checkpointer, which reads the names, too, so none
// appears in between; whoever moves files says forget(). 2 to 8 bytes a file. Pure.
// Thread: any, under the lock of its owner, ObjectFiles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/ids.h"

namespace holdfast::storage {

// Of the files in a directory; made outside the lock.
class FileFilter {
 public:
  // Has room for twice as many, and some.
  explicit FileFilter(const std::vector<uint64_t>& files);
  static uint64_t hashOf(const ActorId& id, FacetNumber facet);

  void add(uint64_t file);  // counts once, however often it comes
  [[nodiscard]] bool mayHave(uint64_t file) const;
  [[nodiscard]] bool isFull() const { return files_ >= filesMax_; }

 private:
  std::vector<uint64_t> words_;
  size_t files_ = 0;
  size_t filesMax_ = 0;
};

class KnownFiles {
 public:
  // So many new objects are made without asking for the names.
  static constexpr size_t kMadeUnknownMax = 64;

  // Whether the directory is there was asked for, after version() was. Once is enough.
  [[nodiscard]] bool isBegun() const { return isBegun_; }
  void begin(uint64_t version, bool hasDirectory);

  [[nodiscard]] bool mayExist(const ActorId& id, FacetNumber facet) const {
    return !filter_ || filter_->mayHave(FileFilter::hashOf(id, facet));
  }
  // An object that had no file makes its first commit.
  void noteMade() { made_ += filter_ ? 0 : 1; }
  // The object may have a file from now on.
  void noteFile(const ActorId& id, FacetNumber facet);

  [[nodiscard]] bool wantsNames() const { return !filter_ && made_ >= kMadeUnknownMax; }
  // To be given to begin() or learn() with what was read after the call.
  [[nodiscard]] uint64_t version() const { return version_; }
  // Nothing when forget() was called since.
  void learn(uint64_t version, FileFilter filter);
  // Files have come that noteFile() does not know of.
  void forget();

 private:
  std::optional<FileFilter> filter_;  // none: nothing is known
  bool isBegun_ = false;
  size_t made_ = 0;
  uint64_t version_ = 0;
};

}  // namespace holdfast::storage
