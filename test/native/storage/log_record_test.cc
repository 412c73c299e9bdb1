#include "storage/log_record.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/coding.h"
#include "storage/crc32c.h"
#include "storage/log_fixture.h"

namespace holdfast::storage::testing {
namespace {

using std::string_literals::operator""s;
using Kind = ParsedRecord::Kind;

constexpr size_t kPrefixBytes = 8;

Code codeOf(std::string_view log) { return parseRecord(log).status().code(); }

// A record with a right checksum around anything.
std::string framed(const std::string& kindAndBody) {
  std::string record;
  putFixed32(record, static_cast<uint32_t>(kindAndBody.size()));
  putFixed32(record, crc32c({record, kindAndBody}));
  return record + kindAndBody;
}

// The same record with another body and a right checksum.
std::string reframed(std::string record, const std::function<void(std::string&)>& change) {
  std::string body = record.substr(kPrefixBytes);
  change(body);
  return framed(body);
}

// All kinds, short enough to try every bit.
std::vector<std::string> examples() {
  CommitRecord alarm = smallPut(Numbers::kBig);
  alarm.alarm = RecordedAlarm{1'790'000'000'000, "Ada"};
  return {encoded(smallPut(Numbers::kSmall)), encoded(alarm), encodedBatch(300),
          encodedNamespace(7, "chat-room")};
}

TEST(Crc32cTest, KnownValue) {
  EXPECT_EQ(crc32c({"123456789"}), 0xE3069283U);
  EXPECT_EQ(crc32c({"1234", "", "56789"}), 0xE3069283U);
}

TEST(LogRecordTest, RandomCommitsComeBackAsTheyWere) {
  RandomRecords random(20'240'601);
  ParsedRecord reused;
  for (int i = 0; i < 5'000; i++) {
    const CommitRecord record = random.commit();
    std::string log = encoded(record);
    const size_t bytes = log.size();
    log += random.bytes(random.below(20));
    ASSERT_TRUE(parseRecord(log, reused).ok()) << i;
    ASSERT_EQ(reused.kind, Kind::kCommit);
    ASSERT_EQ(reused.bytes, bytes);
    ASSERT_TRUE(reused.commit == record) << i;
    ASSERT_EQ(encoded(reused.commit), log.substr(0, bytes)) << i;
  }
}

TEST(LogRecordTest, RandomNamespacesAndBatchesComeBackAsTheyWere) {
  RandomRecords random(7);
  for (int i = 0; i < 2'000; i++) {
    const NamespaceRecord ns{static_cast<NamespaceNumber>(random.number()),
                             random.bytes(1 + random.below(200))};
    const BatchRecord batch{random.number(), random.number()};
    std::string log = encodedNamespace(ns.ns, ns.uniqueKey);
    const size_t first = log.size();
    encodeBatch(batch, log);
    Result<ParsedRecord> one = parseRecord(log);
    ASSERT_TRUE(one.ok());
    ASSERT_EQ(one.value().kind, Kind::kNamespace);
    ASSERT_EQ(one.value().bytes, first);
    ASSERT_EQ(one.value().ns.ns, ns.ns);
    ASSERT_EQ(one.value().ns.uniqueKey, ns.uniqueKey);
    Result<ParsedRecord> two = parseRecord(std::string_view(log).substr(first));
    ASSERT_TRUE(two.ok());
    ASSERT_EQ(two.value().kind, Kind::kBatch);
    ASSERT_EQ(two.value().bytes, log.size() - first);
    ASSERT_EQ(two.value().batch.durable, batch.durable);
    ASSERT_EQ(two.value().batch.retired, batch.retired);
  }
}

TEST(LogRecordTest, ExtremeNumbersComeBackAsTheyWere) {
  CommitRecord record;
  record.lsn = std::numeric_limits<Lsn>::max();
  record.epoch = record.partition = record.ns = record.pages = 0xFFFFFFFF;
  record.object.bytes.fill(0xFF);
  record.sequence = std::numeric_limits<uint64_t>::max();
  record.at = std::numeric_limits<TimestampMs>::min();
  record.pageBytes = 65'536;
  record.alarm = RecordedAlarm{-1, ""};
  const std::string page(record.pageBytes, 'x');
  record.ranges = {{0xFFFFFFFE, 65'535, "y"}, {0xFFFFFFFF, 0, page}};
  const std::string log = encoded(record);
  Result<ParsedRecord> parsed = parseRecord(log);
  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE(parsed.value().commit == record);
}

TEST(LogRecordTest, AReusedRecordForgetsTheOneBefore) {
  ParsedRecord reused;
  ASSERT_TRUE(parseRecord(examples()[1], reused).ok());
  EXPECT_TRUE(reused.commit.alarm.has_value());
  const std::string next = encoded(smallPut(Numbers::kSmall));
  ASSERT_TRUE(parseRecord(next, reused).ok());
  EXPECT_TRUE(reused.commit == smallPut(Numbers::kSmall));
}

// docs/formats/commit-log.md. Data directories hold these bytes: a change here needs a new version.
TEST(LogRecordTest, GoldenBytes) {
  const std::vector<std::string> golden = {
      "5b000000a98f68b4010103000000abababababababababababababababababababababababababab"
      "abababababab0180d8c1a28c340501031804616263644004656667680004696a6b6c0401a01f1474"
      "77656e7479206279746573206f662064617461",
      "6f000000f757cbbe01ffffffff7f3b00ff7f7fababababababababababababababababababababab"
      "abababababababababababffff7f80d8c1a28c34ff7f80d8c1a28c34034164610103180461626364"
      "400465666768940304696a6b6cff7c01a01f147477656e7479206279746573206f662064617461",
      "04000000b672fa790300ac02",
      "0b000000888b9dc70207636861742d726f6f6d",
  };
  for (size_t i = 0; i < golden.size(); i++) EXPECT_EQ(hex(examples()[i]), golden[i]);
}

TEST(LogRecordTest, SmallPutIsSmall) {
  EXPECT_EQ(encoded(smallPut(Numbers::kSmall)).size(), 99U);
  EXPECT_EQ(encoded(smallPut(Numbers::kBig)).size(), 109U);
}

TEST(LogRecordTest, AHundredMebibytesAreOneRecord) {
  const std::string page(65'536, 'p');
  CommitRecord record = smallPut(Numbers::kSmall);
  record.pageBytes = 65'536;
  record.pages = 1'600;
  record.ranges.clear();
  for (uint32_t i = 1; i <= record.pages; i++) record.ranges.push_back({i, 0, page});
  const std::string log = encoded(record);
  EXPECT_GT(log.size(), 100U << 20U);
  Result<ParsedRecord> parsed = parseRecord(log);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.value().bytes, log.size());
  EXPECT_TRUE(parsed.value().commit == record);
}

TEST(LogRecordTest, EveryTruncationIsCorrupt) {
  for (const std::string& record : examples()) {
    for (size_t size = 0; size < record.size(); size++) {
      EXPECT_EQ(codeOf(std::string_view(record).substr(0, size)), Code::kCorrupt) << size;
      // Cut in a file that was made longer in advance.
      std::string padded = record.substr(0, size);
      padded.resize(record.size() + 100, '\0');
      if (padded.substr(0, record.size()) == record) continue;
      EXPECT_EQ(codeOf(padded), Code::kCorrupt) << size;
    }
  }
}

TEST(LogRecordTest, EveryFlippedBitIsCorrupt) {
  RandomRecords random(99);
  for (const std::string& record : examples()) {
    // With enough behind it for a length that grew.
    const std::string after = random.bytes(1'000);
    for (size_t bit = 0; bit < record.size() * 8; bit++) {
      std::string flipped = record + after;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
      EXPECT_EQ(codeOf(flipped), Code::kCorrupt) << bit;
    }
  }
}

// False: refused. What is not refused has a meaning, and only one form.
bool isRecord(const std::string& log) {
  Result<ParsedRecord> parsed = parseRecord(log);
  EXPECT_EQ(parsed.status().code(), parsed.ok() ? Code::kOk : Code::kCorrupt);
  if (!parsed.ok()) return false;
  EXPECT_TRUE(encoded(parsed.value().commit) == log);
  return true;
}

TEST(LogRecordTest, AnyBodyWithARightChecksumIsSafe) {
  RandomRecords random(4);
  int refused = 0;
  for (int i = 0; i < 5'000; i++) {
    const std::string changed = reframed(encoded(random.commit()), [&](std::string& body) {
      const uint64_t at = 1 + random.below(std::min<uint64_t>(body.size() - 1, 80));
      body[at] = random.bytes(1)[0];
      if (random.below(4) == 0) body.resize(1 + random.below(body.size()));
    });
    if (!isRecord(changed)) refused++;
    if (!isRecord(framed("\1" + random.bytes(random.below(64))))) refused++;
  }
  EXPECT_GT(refused, 6'000);
}

TEST(LogRecordTest, RandomBytesAreCorrupt) {
  RandomRecords random(5);
  for (int i = 0; i < 20'000; i++) {
    ASSERT_EQ(codeOf(random.bytes(random.below(64))), Code::kCorrupt);
  }
}

TEST(LogRecordTest, ZerosAreNoRecord) {
  for (size_t size = 0; size < 300; size++)
    EXPECT_EQ(codeOf(std::string(size, '\0')), Code::kCorrupt);
  EXPECT_EQ(codeOf(framed("") + std::string(20, '\0')), Code::kCorrupt);
}

// docs/formats/commit-log.md, kind 4: a version without facets refuses it by name.
TEST(LogRecordTest, S1_15_5_ACommitOfAFacetIsOfAnotherKind) {
  CommitRecord record = smallPut(Numbers::kSmall);
  std::string log = encoded(record);
  EXPECT_EQ(log[kPrefixBytes], '\1');
  record.facet = 300;
  log = encoded(record);
  EXPECT_EQ(log[kPrefixBytes], '\4');
  Result<ParsedRecord> parsed = parseRecord(log);
  ASSERT_TRUE(parsed.ok()) << parsed.status().message();
  EXPECT_EQ(parsed.value().kind, ParsedRecord::Kind::kCommit);
  EXPECT_TRUE(parsed.value().commit == record);
}

TEST(LogRecordTest, AFacetHasANumber) {
  CommitRecord record = smallPut(Numbers::kSmall);
  record.facet = 1;
  const std::string log = encoded(record);
  const size_t at = log.find('\1', log.find(std::string(32, '\xAB')) + 32);
  const std::string zero = reframed(log, [&](std::string& body) { body[at - kPrefixBytes] = 0; });
  EXPECT_EQ(parseRecord(zero).status().code(), Code::kCorrupt);
  const std::string large =
      reframed(log, [&](std::string& body) { body.replace(at - kPrefixBytes, 1, "\x80\x80\x04"); });
  EXPECT_EQ(parseRecord(large).status().code(), Code::kCorrupt);
}

TEST(LogRecordTest, AnUnknownKindIsUnsupported) {
  for (const char kind : {'\0', '\5', '\xFF'}) {
    ParsedRecord parsed;
    const std::string log = framed(std::string(1, kind) + "whatever") + "more";
    EXPECT_EQ(parseRecord(log, parsed).code(), Code::kUnsupported);
    EXPECT_EQ(parsed.bytes, log.size() - 4);
  }
}

// LSN 1, `shape`, epoch, partition, namespace 0, an id, sequence 1, at 0, `pages`, then `rest`.
std::string commitOf(char shape, char pages, const std::string& rest) {
  return framed("\1\1"s + shape + "\0\0\0"s + std::string(32, 'i') + "\1\0"s + pages + rest);
}

TEST(LogRecordTest, ContentThatContradictsItselfIsCorrupt) {
  // Pages of 512 bytes: shape 0.
  EXPECT_EQ(codeOf(commitOf(0, 2, "")), Code::kOk);
  EXPECT_EQ(codeOf(commitOf(0, 2, "\2\1\0\1x"s)), Code::kOk);
  const std::string whole(512, 'x');
  EXPECT_EQ(codeOf(commitOf(0, 2, "\2\1\0\x80\4"s + whole)), Code::kOk);
  EXPECT_EQ(codeOf(commitOf(0, 2, "\2\2\0\1x\0\1y"s)), Code::kOk);  // ranges that touch

  const std::vector<std::pair<const char*, std::string>> table = {
      {"page 0", commitOf(0, 2, "\0\1\0\1x"s)},
      {"a page twice", commitOf(0, 2, "\1\1\0\1x\0\1\0\1x"s)},
      {"a page above the size", commitOf(0, 2, "\3\1\0\1x"s)},
      {"a second page above the size", commitOf(0, 2, "\1\1\0\1x\2\1\0\1x"s)},
      {"a page in no pages", commitOf(0, 0, "\1\1\0\1x"s)},
      {"a page whose number overflows", commitOf(0, 2, "\1\1\0\1x\xFF\xFF\xFF\xFF\x0F\1\0\1x"s)},
      {"no ranges in a page", commitOf(0, 2, "\1\0"s)},
      {"more ranges claimed than there are", commitOf(0, 2, "\1\xFF\xFF\xFF\xFF\x0F\0\1x"s)},
      {"an empty range", commitOf(0, 2, "\1\1\0\0"s)},
      {"a range past the page", commitOf(0, 2, "\1\1\1\x80\4"s + whole)},
      {"a second range past the page", commitOf(0, 2, "\1\2\0\x80\4"s + whole + "\0\1x"s)},
      {"a range behind the page", commitOf(0, 2, "\1\1\x81\4\1x"s)},
      {"a gap that overflows", commitOf(0, 2, "\1\2\0\1x\xFF\xFF\xFF\xFF\x0F\1x"s)},
      {"a range longer than the record", commitOf(0, 2, "\1\1\0\3x"s)},
      {"a range cut before its length", commitOf(0, 2, "\1\1\0"s)},
      {"a varint longer than it must be", commitOf(0, 2, "\x81\0\1\0\1x"s)},
      {"an unknown bit in the shape", commitOf('\x80', 2, "")},
      {"an alarm time without an alarm", commitOf(0x10, 2, "\1"s)},
      {"an alarm name without an alarm", commitOf(0x20, 2, "\0"s)},
      {"an alarm name longer than the record", commitOf(0x28, 2, "\5name"s)},
      {"an alarm name of 2^64 - 1 bytes",
       commitOf(0x28, 2, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\1name"s)},
      {"LSN 0", reframed(commitOf(0, 2, ""), [](std::string& body) { body[1] = 0; })},
      {"sequence 0", reframed(commitOf(0, 2, ""), [](std::string& body) { body[38] = 0; })},
      {"an epoch of 33 bits", framed("\1\1\0\x80\x80\x80\x80\x10\0\0"s + std::string(40, '\1'))},
      {"a cut id", framed("\1\1\0\0\0\0"s + std::string(31, 'i'))},
      {"a commit without a body", framed("\1")},
      {"a namespace without a key", framed("\2\1")},
      {"a namespace without a body", framed("\2")},
      {"a batch without a body", framed("\3")},
      {"a batch with more behind it", framed("\3\1\1\1")},
  };
  for (const auto& [what, log] : table) EXPECT_EQ(codeOf(log), Code::kCorrupt) << what;
}

TEST(LogRecordTest, ALengthAboveTheLimitIsCorrupt) {
  std::string log;
  putFixed32(log, kRecordBytesMax + 1);
  log += std::string(100, 'x');
  EXPECT_EQ(codeOf(log), Code::kCorrupt);
}

TEST(LogRecordDeathTest, EncodingWhatCouldNotBeParsedIsABug) {
  const std::vector<std::function<void(CommitRecord&)>> bugs = {
      [](CommitRecord& record) { record.lsn = 0; },
      [](CommitRecord& record) { record.sequence = 0; },
      [](CommitRecord& record) { record.pageBytes = 4'000; },
      [](CommitRecord& record) { record.pageBytes = 131'072; },
      [](CommitRecord& record) { record.pages = 4; },
      [](CommitRecord& record) { record.ranges[0].page = 0; },
      [](CommitRecord& record) { record.ranges[1].offset = 27; },
      [](CommitRecord& record) { record.ranges[3].offset = 4'095; },
      [](CommitRecord& record) { record.ranges[3].bytes = {}; },
      [](CommitRecord& record) { std::swap(record.ranges[0], record.ranges[3]); },
  };
  for (const auto& bug : bugs) {
    CommitRecord record = smallPut(Numbers::kSmall);
    bug(record);
    EXPECT_DEATH(encoded(record), "check failed");
  }
  EXPECT_DEATH(encodedNamespace(1, ""), "check failed");
}

}  // namespace
}  // namespace holdfast::storage::testing
