// ImageFile: one object's database as it was at one LSN, with a header page before it: a base image
// or a restore that waits. The bytes: docs/formats/history.md.
//
// Contract: what stands behind the header is the database, or nothing when there was none. Thread:
// any; stateless. Failure: kCorrupt naming the file.
#pragma once

#include <cstdint>
#include <string>

#include "base/ids.h"
#include "base/result.h"
#include "sys/file_system.h"

namespace holdfast::storage {

inline constexpr uint64_t kImageHeaderBytes = 4096;

struct ImageHeader {
  Lsn lsn = 0;   // the database is the object's state after this commit
  Lsn made = 0;  // the log's last commit when the image was put in its place
};

std::string encodeImageHeader(const ImageHeader& header);
// `path` is for messages.
Result<ImageHeader> readImageHeader(sys::File& file, const std::string& path);

// Everything in `from` from `fromOffset` on, in pieces; `to` ends where it ends.
Status copyBytes(sys::File& from, uint64_t fromOffset, sys::File& to, uint64_t toOffset);

}  // namespace holdfast::storage
