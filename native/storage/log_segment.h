// LogSegment: a file of the commit log: `<dataDir>/log/<first LSN as 16 hex digits>.log`. The
// bytes: docs/formats/commit-log.md.
//
// A segment begins with a header (magic, format version, first LSN) and goes on with records. LSNs
// rise by one from commit record to commit record, across segments too. Pure; any thread.
//
// What a scan finds, and what it means:
//   - records up to the end of the file, or zeros after them (space made in advance): whole.
//   - something that is no whole record, in the last segment, and no batch after it says that the
//     LSN missing there was durable: a torn tail, cut there. Nothing in it was ever acknowledged.
//   - the same, but a batch after it says that the missing LSN was durable, or another segment
//     follows: damage. kCorrupt, with segment, offset, the LSN before it and how many whole commit
//     records follow.
//   - a header that is no header is judged in the same way, as if nothing whole came before it: a
//     segment that was made and never flushed is empty.
//   - whole records that contradict each other (LSNs that do not rise by one, a batch that says
//     that an LSN not yet seen was durable): kCorrupt.
//   - a newer format version, a kind of record that this version does not know: kUnsupported.
//
// A torn tail must be cut off the file, durably, before anything is written behind it or to a next
// segment, unless the first batch of that one says that all before it is retired: old bytes could
// otherwise pass for records that follow the new ones, and a torn segment that is not the last is
// damage.
//
// What cannot be told apart: damage to the batch that was flushed last, which no later batch speaks
// of, looks like a torn tail.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "storage/log_record.h"

namespace holdfast::storage {

inline constexpr uint32_t kLogVersion = 1;

// `first` is at least 1.
std::string segmentName(Lsn first);
// nullopt: not the name of a segment.
std::optional<Lsn> segmentFirstLsn(std::string_view fileName);

inline constexpr size_t kSegmentHeaderBytes = 24;
std::string encodeSegmentHeader(Lsn first);

struct SegmentScan {
  uint64_t wholeBytes = 0;  // header and whole records, the rest is to be ignored; 0: no header
  Lsn last = 0;             // of the last whole commit record; first - 1 when there is none
  bool torn = false;        // bytes that are no record follow (zeros do not count)
};

// Calls `visit` for every whole record in order and returns what it found; an error of `visit` ends
// the scan and is returned. A visited record lasts until visit() returns. `expectedFirst`: the LSN
// the segment must start with, at least 1. `name` is for messages. `isLast`: only the last segment
// may end torn.
Result<SegmentScan> scanSegment(std::string_view content, std::string_view name, Lsn expectedFirst,
                                bool isLast,
                                const std::function<Status(const ParsedRecord&)>& visit);

}  // namespace holdfast::storage
