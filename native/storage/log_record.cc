#include "storage/log_record.h"

#include <bit>

#include "base/check.h"
#include "base/coding.h"
#include "storage/crc32c.h"

namespace holdfast::storage {
namespace {

using Kind = ParsedRecord::Kind;

// docs/formats/commit-log.md: "Records".
constexpr size_t kLengthBytes = 4;
constexpr size_t kPrefixBytes = kLengthBytes + 4;  // length and checksum, which neither counts

// The kind of a commit whose object is a facet. A version without facets refuses it by name instead
// of taking it for damage.
constexpr uint8_t kFacetCommit = 4;

constexpr uint32_t kPageBytesMin = 512;
constexpr uint32_t kPageBytesMax = 65'536;

// The byte "shape" of a commit: log2(pageBytes / kPageBytesMin), what is said of the alarm,
// and whether the commit carried out a restore.
constexpr uint8_t kShapePageBytes = 0x07;
constexpr uint8_t kShapeAlarm = 0x08;
constexpr uint8_t kShapeAlarmAt = 0x10;
constexpr uint8_t kShapeActorName = 0x20;
constexpr uint8_t kShapeRestores = 0x40;
constexpr uint8_t kShapeAll =
    kShapePageBytes | kShapeAlarm | kShapeAlarmAt | kShapeActorName | kShapeRestores;

bool isPageBytes(uint32_t bytes) {
  return std::has_single_bit(bytes) && bytes >= kPageBytesMin && bytes <= kPageBytesMax;
}

uint32_t wholeChecksum(std::string_view record) {
  return crc32c({record.substr(0, kLengthBytes), record.substr(kPrefixBytes)});
}

constexpr uint8_t kindByte(Kind kind) { return static_cast<uint8_t>(kind); }

// Returns where the record begins; endRecord() fills in what is not known before its end.
size_t beginRecord(uint8_t kind, std::string& out) {
  const size_t start = out.size();
  out.append(kPrefixBytes, '\0');
  out.push_back(static_cast<char>(kind));
  return start;
}

void endRecord(size_t start, std::string& out) {
  const size_t length = out.size() - start - kPrefixBytes;
  DO_CHECK(length <= kRecordBytesMax, length);
  char* prefix = out.data() + start;
  storeFixed(prefix, static_cast<uint32_t>(length));
  const uint32_t checksum = wholeChecksum(std::string_view(out).substr(start));
  storeFixed(prefix + kLengthBytes, checksum);
}

uint8_t shapeOf(const CommitRecord& record) {
  auto shape = static_cast<uint8_t>(std::countr_zero(record.pageBytes / kPageBytesMin));
  if (record.alarm) {
    shape |= kShapeAlarm;
    if (record.alarm->at) shape |= kShapeAlarmAt;
    if (record.alarm->actorName) shape |= kShapeActorName;
  }
  if (record.restores) shape |= kShapeRestores;
  return shape;
}

void putAlarm(const RecordedAlarm& alarm, std::string& out) {
  if (alarm.at) putVarint(out, static_cast<uint64_t>(*alarm.at));
  if (alarm.actorName) {
    putVarint(out, alarm.actorName->size());
    out.append(*alarm.actorName);
  }
}

// The ranges from `first` on that lie in its page; returns the index behind them.
size_t putPage(const CommitRecord& record, size_t first, uint32_t pageBefore, std::string& out) {
  const std::vector<ByteRange>& ranges = record.ranges;
  const uint32_t page = ranges[first].page;
  DO_CHECK(page > pageBefore && page <= record.pages, page, pageBefore, record.pages);
  size_t end = first;
  while (end < ranges.size() && ranges[end].page == page) end++;
  putVarint(out, page - pageBefore);
  putVarint(out, end - first);
  uint64_t position = 0;
  for (size_t i = first; i < end; i++) {
    const auto& [_, offset, bytes] = ranges[i];
    DO_CHECK(!bytes.empty() && offset >= position, page, offset, position);
    DO_CHECK(offset + uint64_t{bytes.size()} <= record.pageBytes, page, offset, bytes.size());
    putVarint(out, offset - position);
    putVarint(out, bytes.size());
    out.append(bytes);
    position = offset + bytes.size();
  }
  return end;
}

Status corrupt(const char* what) { return {Code::kCorrupt, what}; }

// Reads the ranges of one page. False: they do not fit it.
bool readPage(ByteReader& in, CommitRecord& commit, uint32_t& page) {
  const uint32_t pageStep = in.varint32();
  const uint32_t count = in.varint32();
  if (!in.ok() || pageStep == 0 || pageStep > commit.pages - page || count == 0) return false;
  page += pageStep;
  uint32_t position = 0;
  // No reserve(count): it is not known yet whether that many are there.
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t gap = in.varint32();
    const uint32_t length = in.varint32();
    if (!in.ok() || length == 0 || gap > commit.pageBytes - position) return false;
    position += gap;
    if (length > commit.pageBytes - position) return false;
    commit.ranges.push_back({page, position, in.bytes(length)});
    if (!in.ok()) return false;
    position += length;
  }
  return true;
}

bool readAlarm(ByteReader& in, uint8_t shape, std::optional<RecordedAlarm>& alarm) {
  alarm.reset();
  if ((shape & kShapeAlarm) == 0) return (shape & (kShapeAlarmAt | kShapeActorName)) == 0;
  alarm.emplace();
  if ((shape & kShapeAlarmAt) != 0) alarm->at = static_cast<TimestampMs>(in.varint64());
  if ((shape & kShapeActorName) != 0) alarm->actorName = in.bytes(in.varint64());
  return in.ok();
}

Status readCommit(ByteReader in, CommitRecord& commit, bool isOfFacet) {
  commit.lsn = in.varint64();
  const uint8_t shape = in.byte();
  commit.pageBytes = kPageBytesMin << (shape & kShapePageBytes);
  commit.epoch = in.varint32();
  commit.partition = in.varint32();
  commit.ns = in.varint32();
  const std::string_view object = in.bytes(commit.object.bytes.size());
  object.copy(reinterpret_cast<char*>(commit.object.bytes.data()), object.size());
  const uint32_t facet = isOfFacet ? in.varint32() : 0;
  commit.facet = static_cast<FacetNumber>(facet);
  const bool isFacetWrong = commit.facet != facet || (facet != 0) != isOfFacet;
  commit.sequence = in.varint64();
  commit.at = static_cast<TimestampMs>(in.varint64());
  commit.pages = in.varint32();
  if (!in.ok() || commit.lsn == 0 || commit.sequence == 0 || (shape & ~kShapeAll) != 0 ||
      isFacetWrong) {
    return corrupt("a commit record's numbers are not well formed");
  }
  commit.restores = (shape & kShapeRestores) != 0;
  if (!readAlarm(in, shape, commit.alarm)) {
    return corrupt("a commit record's alarm is not well formed");
  }
  commit.ranges.clear();
  uint32_t page = 0;
  while (!in.atEnd()) {
    if (!readPage(in, commit, page))
      return corrupt("a commit record's ranges do not fit its pages");
  }
  return {};
}

Status readNamespace(ByteReader in, NamespaceRecord& ns) {
  ns.ns = in.varint32();
  ns.uniqueKey = in.rest();
  if (ns.uniqueKey.empty()) return corrupt("a namespace record is not well formed");
  return {};
}

Status readBatch(ByteReader in, BatchRecord& batch) {
  batch.retired = in.varint64();
  batch.durable = in.varint64();
  if (!in.ok() || !in.atEnd()) return corrupt("a batch record is not well formed");
  return {};
}

}  // namespace

void encodeCommit(const CommitRecord& record, std::string& out) {
  DO_CHECK(record.lsn > 0 && record.sequence > 0, record.lsn, record.sequence);
  DO_CHECK(isPageBytes(record.pageBytes), record.pageBytes);
  const size_t start = beginRecord(record.facet == 0 ? kindByte(Kind::kCommit) : kFacetCommit, out);
  putVarint(out, record.lsn);
  out.push_back(static_cast<char>(shapeOf(record)));
  putVarint(out, record.epoch);
  putVarint(out, record.partition);
  putVarint(out, record.ns);
  out.append(record.object.bytes.begin(), record.object.bytes.end());
  if (record.facet != 0) putVarint(out, record.facet);
  putVarint(out, record.sequence);
  putVarint(out, static_cast<uint64_t>(record.at));
  putVarint(out, record.pages);
  if (record.alarm) putAlarm(*record.alarm, out);
  uint32_t page = 0;
  for (size_t i = 0; i < record.ranges.size();) {
    const size_t next = putPage(record, i, page, out);
    page = record.ranges[i].page;
    i = next;
  }
  endRecord(start, out);
}

void encodeNamespace(const NamespaceRecord& record, std::string& out) {
  DO_CHECK(!record.uniqueKey.empty());
  const size_t start = beginRecord(kindByte(Kind::kNamespace), out);
  putVarint(out, record.ns);
  out.append(record.uniqueKey);
  endRecord(start, out);
}

void encodeBatch(const BatchRecord& record, std::string& out) {
  const size_t start = beginRecord(kindByte(Kind::kBatch), out);
  putVarint(out, record.retired);
  putVarint(out, record.durable);
  endRecord(start, out);
}

Status parseRecord(std::string_view log, ParsedRecord& parsed) {
  if (log.size() <= kPrefixBytes) return corrupt("no room for a record");
  const auto length = loadFixed<uint32_t>(log.data());
  if (length == 0 || length > kRecordBytesMax || length > log.size() - kPrefixBytes) {
    return corrupt("not a record's length, or not all of it is there");
  }
  const std::string_view record = log.substr(0, kPrefixBytes + length);
  if (loadFixed<uint32_t>(record.data() + kLengthBytes) != wholeChecksum(record)) {
    return corrupt("a record's checksum is wrong");
  }
  parsed.bytes = record.size();
  const auto kind = static_cast<uint8_t>(record[kPrefixBytes]);
  parsed.kind = kind == kFacetCommit ? Kind::kCommit : static_cast<Kind>(kind);
  const ByteReader in(record.substr(kPrefixBytes + 1));
  switch (parsed.kind) {
    case Kind::kCommit:
      return readCommit(in, parsed.commit, kind == kFacetCommit);
    case Kind::kNamespace:
      return readNamespace(in, parsed.ns);
    case Kind::kBatch:
      return readBatch(in, parsed.batch);
  }
  return {Code::kUnsupported, "a record of kind " + std::to_string(kind) +
                                  ", which this Holdfast does not know: start a newer one"};
}

Result<ParsedRecord> parseRecord(std::string_view log) {
  ParsedRecord parsed;
  if (Status status = parseRecord(log, parsed); !status.ok()) return status;
  return parsed;
}

}  // namespace holdfast::storage
