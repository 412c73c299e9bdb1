// LogSegment: a file of the commit log: `<dataDir>/log/<first LSN as 16 hex digits>.log`. The
// bytes: docs/formats/commit-log.md.
//
// A segment begins with a header (magic, format version, first LSN) and goes on with records. LSNs
// rise by one from commit record to commit record, across segments too. Pure but for readSegment(),
// which reads a whole file through FileSystem. Any thread.
//
// What a scan finds, and what it means:
//   - records up to the end of the file: whole.
//   - something that is no whole record, and no batch after it that says a later LSN was durable: a
//   torn tail, cut there. Nothing
//     in it was ever acknowledged.
//   - the same, but a batch found after it says that an LSN at or above the missing one was
//   durable: damage. kCorrupt, with segment,
//     offset, the LSN before it and how many whole records follow.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/log_record.h"

namespace holdfast::storage {

inline constexpr uint32_t kLogVersion = 1;

std::string segmentName(Lsn first);
// nullopt: not the name of a segment.
std::optional<Lsn> segmentFirstLsn(std::string_view fileName);

std::string encodeSegmentHeader(Lsn first);

struct SegmentScan {
  uint64_t wholeBytes = 0;  // header and whole records; the rest is to be ignored
  Lsn last = 0;             // of the last whole commit record; first - 1 when there is none
  bool torn = false;  // bytes that are no record follow (zeros do not count: space made in advance)
};

// Calls `visit` for every whole record in order and returns what it found; an error of `visit` ends
// the scan and is returned. `expectedFirst`: the LSN the segment must start with. `name` is for
// messages. `isLast`: only the last segment may end torn.
Result<SegmentScan> scanSegment(std::string_view content, std::string_view name, Lsn expectedFirst,
                                bool isLast,
                                const std::function<Status(const ParsedRecord&)>& visit);

}  // namespace holdfast::storage
