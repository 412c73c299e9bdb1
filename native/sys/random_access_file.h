// File: one open file, read and written at offsets.
//
// Contract: read() gives fewer bytes than asked for only at the end of the file. What was written
// survives loss of power once a later sync() returned ok; after a sync() that failed the state on
// disk is unknown, and asking again proves nothing. A write that failed may have been carried out
// in part. Thread: one at a time, or several that only read. Owner: one; the destructor closes.
// Failure: kIo naming the call, the path and errno's text; kResourceExhausted when there is no
// space (ENOSPC, EDQUOT, EFBIG).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace holdfast::sys {

class File {
 public:
  virtual ~File() = default;

  // How many bytes were read into `into`.
  virtual Result<size_t> read(uint64_t offset, char* into, size_t bytes) = 0;
  // Past the end it extends the file; a gap reads as zeros.
  virtual Status write(uint64_t offset, std::string_view bytes) = 0;
  virtual Result<uint64_t> size() = 0;
  virtual Status truncate(uint64_t bytes) = 0;
  // Takes space for the bytes up to `bytes` and makes the file that long with zeros, so that writes
  // there do not run out of space.
  virtual Status reserve(uint64_t bytes) = 0;
  // fdatasync: content and size.
  virtual Status sync() = 0;
};

}  // namespace holdfast::sys
