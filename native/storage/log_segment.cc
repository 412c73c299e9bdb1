#include "storage/log_segment.h"

#include <algorithm>
#include <charconv>

#include "base/check.h"
#include "base/coding.h"
#include "storage/crc32c.h"

namespace holdfast::storage {
namespace {

using Kind = ParsedRecord::Kind;

// docs/formats/commit-log.md: "Segment header". The bytes behind the letters are spoilt by anything
// that takes the file for text.
constexpr std::string_view kMagic("HFLOG\r\n\x1A", 8);
constexpr size_t kVersionAt = 8;
constexpr size_t kFirstAt = 12;
constexpr size_t kChecksumAt = 20;

constexpr std::string_view kSuffix = ".log";
constexpr size_t kNameDigits = 16;

constexpr size_t kPrefixBytes = 8;  // of a record, before its kind
constexpr uint32_t kBatchLengthMin = 3;
constexpr uint32_t kBatchLengthMax = 1 + 2 * kVarintBytesMax;

// Counting for a message stops here: content made to look damaged everywhere must not keep a start
// from failing.
constexpr int kGapsCountedMax = 100;

bool isZeros(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char byte) { return byte == 0; });
}

// Where the next whole batch record at or after `from` begins; npos: nowhere. Looks at every byte,
// for after damage nothing says where records begin; it is quick because a batch record is short,
// so that whatever has the wrong length or kind needs no checksum.
size_t findBatch(std::string_view content, size_t from, ParsedRecord& batch) {
  size_t kindAt = from + kPrefixBytes;
  while (true) {
    kindAt = content.find(static_cast<char>(Kind::kBatch), kindAt);
    if (kindAt == std::string_view::npos) return kindAt;
    const size_t start = kindAt - kPrefixBytes;
    const auto length = loadFixed<uint32_t>(content.data() + start);
    if (length >= kBatchLengthMin && length <= kBatchLengthMax &&
        parseRecord(content.substr(start), batch).ok()) {
      return start;
    }
    kindAt++;
  }
}

// Whether a batch at or after `from` says that `lsn` was durable.
bool saysDurable(std::string_view content, size_t from, Lsn lsn) {
  ParsedRecord batch;
  for (size_t at = from; (at = findBatch(content, at, batch)) != std::string_view::npos; at++) {
    if (batch.batch.durable >= lsn) return true;
  }
  return false;
}

// Where records may go on behind what is not whole at `damaged`: where its length says, or at the
// next batch.
size_t findNextRecord(std::string_view content, size_t damaged, ParsedRecord& scratch) {
  const std::string_view rest = content.substr(damaged);
  if (rest.size() > kPrefixBytes) {
    const size_t end = kPrefixBytes + size_t{loadFixed<uint32_t>(rest.data())};
    if (end < rest.size() && parseRecord(rest.substr(end), scratch).ok()) return damaged + end;
  }
  return findBatch(content, damaged + 1, scratch);
}

// How many whole commit records follow what is not whole at `damaged`. More may be there: those
// behind a damaged length, up to the next batch, are not found.
uint64_t countCommitsAfter(std::string_view content, size_t damaged) {
  uint64_t commits = 0;
  ParsedRecord record;
  size_t at = damaged;
  for (int gaps = 0; gaps < kGapsCountedMax; gaps++) {
    at = findNextRecord(content, at, record);
    if (at == std::string_view::npos) break;
    while (parseRecord(content.substr(at), record).ok()) {
      if (record.kind == Kind::kCommit) commits++;
      at += record.bytes;
    }
  }
  return commits;
}

class Scan {
 public:
  Scan(std::string_view content, std::string_view name, Lsn first, bool isLast)
      : content_(content), name_(name), first_(first), isLast_(isLast) {
    found_.last = first - 1;
  }

  Result<SegmentScan> run(const std::function<Status(const ParsedRecord&)>& visit) {
    const std::string_view header = content_.substr(0, kSegmentHeaderBytes);
    if (!isHeader(header)) return end("no segment header");
    if (Status status = checkHeader(header); !status.ok()) return status;
    found_.wholeBytes = kSegmentHeaderBytes;
    ParsedRecord record;
    while (found_.wholeBytes < content_.size()) {
      const Status parsed = parseRecord(content_.substr(found_.wholeBytes), record);
      if (parsed.code() == Code::kUnsupported) return failure(parsed.code(), parsed.message());
      if (!parsed.ok()) return end(parsed.message());
      if (Status status = accept(record); !status.ok()) return status;
      if (Status status = visit(record); !status.ok()) return status;
      found_.wholeBytes += record.bytes;
    }
    return found_;
  }

 private:
  // Holds for the header of any version.
  static bool isHeader(std::string_view bytes) {
    return bytes.size() == kSegmentHeaderBytes && bytes.starts_with(kMagic) &&
           loadFixed<uint32_t>(bytes.data() + kChecksumAt) ==
               crc32c({bytes.substr(0, kChecksumAt)});
  }

  [[nodiscard]] Status checkHeader(std::string_view header) const {
    const auto version = loadFixed<uint32_t>(header.data() + kVersionAt);
    if (version > kLogVersion) {
      return {Code::kUnsupported, "commit log " + std::string(name_) + " has format version " +
                                      std::to_string(version) +
                                      "; this Holdfast reads versions up to " +
                                      std::to_string(kLogVersion) + ": start a newer one"};
    }
    if (version == 0) return failure(Code::kCorrupt, "format version 0");
    const auto first = loadFixed<uint64_t>(header.data() + kFirstAt);
    if (first == first_) return {};
    return failure(Code::kCorrupt, "it begins with LSN " + std::to_string(first) + " where LSN " +
                                       std::to_string(first_) + " must be");
  }

  // A whole record in its place: does it agree with those before it?
  Status accept(const ParsedRecord& record) {
    if (record.kind == Kind::kCommit) {
      if (record.commit.lsn != found_.last + 1) {
        return failure(Code::kCorrupt,
                       "a commit record has LSN " + std::to_string(record.commit.lsn));
      }
      found_.last = record.commit.lsn;
    }
    if (record.kind == Kind::kBatch && record.batch.durable > found_.last) {
      return failure(Code::kCorrupt, "a batch says that LSN " +
                                         std::to_string(record.batch.durable) +
                                         " was durable, but it is not there");
    }
    return {};
  }

  // No whole record stands at wholeBytes: the end, a torn tail or damage?
  Result<SegmentScan> end(const std::string& why) {
    const std::string_view rest = content_.substr(found_.wholeBytes);
    const bool onlySpace = isZeros(rest);
    // A whole segment that is not the last has at least its header.
    if (onlySpace && (isLast_ || found_.wholeBytes > 0)) return found_;
    const bool wasDurable = saysDurable(content_, found_.wholeBytes, found_.last + 1);
    if (isLast_ && !wasDurable) {
      found_.torn = true;
      return found_;
    }
    const char* reason = wasDurable ? "a later batch says that what was there was durable"
                                    : "only the last segment may end torn";
    return failure(Code::kCorrupt,
                   "damaged: " + why + ", and " + reason + "; at least " +
                       std::to_string(countCommitsAfter(content_, found_.wholeBytes)) +
                       " whole commit records follow");
  }

  [[nodiscard]] Status failure(Code code, const std::string& what) const {
    return {code, "commit log " + std::string(name_) + ", offset " +
                      std::to_string(found_.wholeBytes) + ", after LSN " +
                      std::to_string(found_.last) + ": " + what};
  }

  const std::string_view content_;
  const std::string_view name_;
  const Lsn first_;
  const bool isLast_;
  SegmentScan found_;
};

}  // namespace

std::string segmentName(Lsn first) {
  DO_CHECK(first > 0);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string name(kNameDigits, '0');
  for (size_t i = kNameDigits; i > 0; first >>= 4U) name[--i] = kDigits[first & 0xFU];
  return name.append(kSuffix);
}

std::optional<Lsn> segmentFirstLsn(std::string_view fileName) {
  if (fileName.size() != kNameDigits + kSuffix.size()) return std::nullopt;
  Lsn first = 0;
  const char* digitsEnd = fileName.data() + kNameDigits;
  const auto [end, error] = std::from_chars(fileName.data(), digitsEnd, first, 16);
  if (error != std::errc() || end != digitsEnd || first == 0) return std::nullopt;
  // Capital digits would give two names to one segment.
  if (segmentName(first) != fileName) return std::nullopt;
  return first;
}

std::string encodeSegmentHeader(Lsn first) {
  DO_CHECK(first > 0);
  std::string header(kMagic);
  putFixed32(header, kLogVersion);
  putFixed64(header, first);
  putFixed32(header, crc32c({header}));
  return header;
}

Result<SegmentScan> scanSegment(std::string_view content, std::string_view name, Lsn expectedFirst,
                                bool isLast,
                                const std::function<Status(const ParsedRecord&)>& visit) {
  DO_CHECK(expectedFirst > 0);
  return Scan(content, name, expectedFirst, isLast).run(visit);
}

}  // namespace holdfast::storage
