// LogRecord: one commit of one object as it stands in the commit log. The bytes:
// docs/formats/commit-log.md.
//
// Contract: a record is self-contained but for the name of its namespace, which a record of its own
// gives earlier in the same segment. encode...() appends one whole record; parseRecord() reads one
// and says whether it is whole. A page that a record touches is given by the bytes that changed
// against the object's state before it; a page that did not exist was all zeros.
//
// A value that breaks a rule stated here is a bug where it is encoded (DO_CHECK) and kCorrupt where
// it is parsed, checksum or not: what parses can be applied without another look. A record has one
// form only: what parses is encoded back to the same bytes. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace holdfast::storage {

// A number for a namespace's uniqueKey, valid within one data directory.
using NamespaceNumber = uint32_t;

// More than this is no record. Whoever takes a transaction refuses a larger one before it gets
// here.
inline constexpr uint32_t kRecordBytesMax = 1U << 30U;

struct ByteRange {
  uint32_t page = 0;       // from 1, as SQLite counts; at most CommitRecord::pages
  uint32_t offset = 0;     // in the page
  std::string_view bytes;  // not empty; ends in the page
};

// What a commit says about the object's alarm.
struct RecordedAlarm {
  std::optional<TimestampMs> at;
  std::optional<std::string> actorName;  // when known (spec S1.2.4)
};

struct CommitRecord {
  Lsn lsn = 0;  // from 1
  Epoch epoch = 0;
  Partition partition = 0;
  NamespaceNumber ns = 0;
  ActorId object;
  FacetNumber facet = 0;               // of the object; 0: its own database
  uint64_t sequence = 0;               // of this object's commits, from 1
  TimestampMs at = 0;                  // wall clock, for point-in-time recovery
  uint32_t pageBytes = 0;              // a power of two, 512 to 65536
  uint32_t pages = 0;                  // size of the database after this commit
  std::optional<RecordedAlarm> alarm;  // nullopt: unchanged
  bool restores = false;  // this commit carried out the restore that waited (restore_files.h)
  std::vector<ByteRange> ranges;  // by page, then offset; may touch but not overlap
};

// Gives a namespace its number. Repeated at the start of every segment that needs it.
struct NamespaceRecord {
  NamespaceNumber ns = 0;
  std::string uniqueKey;  // not empty
};

// Starts a batch: everything that one flush covers. `durable` was durable before the batch was
// written, so damage at or below it is never a torn tail.
struct BatchRecord {
  Lsn durable = 0;
  Lsn retired = 0;  // every record up to it is in a flushed database file
};

void encodeCommit(const CommitRecord& record, std::string& out);
void encodeNamespace(const NamespaceRecord& record, std::string& out);
void encodeBatch(const BatchRecord& record, std::string& out);

struct ParsedRecord {
  // As in the log; there a commit of a facet is 4, and here kCommit.
  enum class Kind : uint8_t { kCommit = 1, kNamespace = 2, kBatch = 3 };

  Kind kind = Kind::kCommit;
  size_t bytes = 0;     // its length in the log
  CommitRecord commit;  // ranges view into the parsed bytes
  NamespaceRecord ns;
  BatchRecord batch;
};

// The record at the start of `log`. kCorrupt: not a whole, unharmed record (torn, damaged, or the
// end; zeros are none). kUnsupported: whole, but of a kind that this version does not know; of
// `parsed`, `bytes` is set then.
//
// `parsed` is written over, so that a reader of many records allocates once; the part that is not
// of its kind is left as it was.
Status parseRecord(std::string_view log, ParsedRecord& parsed);
Result<ParsedRecord> parseRecord(std::string_view log);

}  // namespace holdfast::storage
