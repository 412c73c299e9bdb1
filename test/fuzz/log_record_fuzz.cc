// libFuzzer target: whatever parses as a record is encoded back to the same bytes, with the
// checksum as it came and with it put right (or no input would get past it); a scan of the same
// bytes as a segment finds no more than is there.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/coding.h"
#include "storage/crc32c.h"
#include "storage/log_record.h"
#include "storage/log_segment.h"

namespace {

using holdfast::Code;
using holdfast::Result;
using holdfast::Status;
using holdfast::storage::ParsedRecord;

std::string encode(const ParsedRecord& record) {
  std::string out;
  switch (record.kind) {
    case ParsedRecord::Kind::kCommit:
      holdfast::storage::encodeCommit(record.commit, out);
      break;
    case ParsedRecord::Kind::kNamespace:
      holdfast::storage::encodeNamespace(record.ns, out);
      break;
    case ParsedRecord::Kind::kBatch:
      holdfast::storage::encodeBatch(record.batch, out);
      break;
  }
  return out;
}

void parse(std::string_view log) {
  Result<ParsedRecord> parsed = holdfast::storage::parseRecord(log);
  if (!parsed.ok()) {
    const Code code = parsed.status().code();
    DO_CHECK(code == Code::kCorrupt || code == Code::kUnsupported);
    return;
  }
  DO_CHECK(encode(parsed.value()) == log.substr(0, parsed.value().bytes), parsed.value().bytes);
}

void scan(std::string_view content, bool isLast) {
  uint64_t bytes = holdfast::storage::kSegmentHeaderBytes;
  Result<holdfast::storage::SegmentScan> found = holdfast::storage::scanSegment(
      content, "fuzz", 1, isLast, [&bytes](const ParsedRecord& record) {
        bytes += record.bytes;
        return Status();
      });
  DO_CHECK(bytes <= content.size() || !found.ok() || found.value().wholeBytes == 0, bytes);
  if (found.ok() && found.value().wholeBytes > 0) DO_CHECK(found.value().wholeBytes == bytes);
}

// The input as bodies of records, one a line: so the fuzzer need not guess lengths and checksums.
std::string framed(std::string_view input) {
  std::string log;
  while (!input.empty()) {
    const std::string_view body = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(input.size(), body.size() + 1));
    std::string prefix;
    holdfast::putFixed32(prefix, static_cast<uint32_t>(body.size()));
    holdfast::putFixed32(prefix, holdfast::storage::crc32c({prefix, body}));
    log.append(prefix).append(body);
  }
  return log;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool isLast = (data[0] & 1U) != 0;
  const std::string log = (data[0] & 2U) != 0 ? framed(input) : std::string(input);
  parse(log);
  scan(log, isLast);
  scan(holdfast::storage::encodeSegmentHeader(1) + log, isLast);
  return 0;
}
