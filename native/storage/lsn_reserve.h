// LsnReserve: keeps Lsns rising across restarts of a data directory (design: bookmarks will be
// Lsns).
//
// The file `lsn` holds a number above every Lsn ever handed out, and whether the last stop was
// clean. A start begins there and reserves the next block; the flusher reserves another before a
// block runs out. Thread: open() the engine's, then the flusher's. Failure: kIo.
#pragma once

#include <string>

#include "base/ids.h"
#include "base/result.h"
#include "sys/file_system.h"

namespace holdfast::storage {

class LsnReserve {
 public:
  LsnReserve(sys::FileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}

  // Reads the file (a missing one: 0, clean) and reserves the first block.
  Status open();
  [[nodiscard]] Lsn first() const { return first_; }  // all new Lsns are above
  [[nodiscard]] bool lastStopWasClean() const { return clean_; }

  // Called with the latest Lsn before it is announced.
  Status cover(Lsn lsn);
  Status closeCleanly(Lsn last);

 private:
  sys::FileSystem& files_;
  const std::string path_;
  Lsn first_ = 0;
  Lsn reserved_ = 0;
  bool clean_ = true;
};

}  // namespace holdfast::storage
