#include "storage/log_segment.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/coding.h"
#include "storage/crc32c.h"
#include "storage/log_fixture.h"

namespace holdfast::storage::testing {
namespace {

using std::string_literals::operator""s;
using Kind = ParsedRecord::Kind;

constexpr Lsn kFirst = 100;
constexpr const char* kName = "0000000000000064.log";

std::string commitAt(Lsn lsn) {
  CommitRecord record = smallPut(Numbers::kSmall);
  record.lsn = lsn;
  return encoded(record);
}

// A header of any version whose checksum is right.
std::string header(uint32_t version, Lsn first) {
  std::string bytes = encodeSegmentHeader(first).substr(0, 8);
  putFixed32(bytes, version);
  putFixed64(bytes, first);
  putFixed32(bytes, crc32c({bytes}));
  return bytes;
}

// A segment as the log writes it: LSNs from kFirst on in batches, each of which says that the ones
// before it were durable.
struct Segment {
  std::string content = encodeSegmentHeader(kFirst);
  std::vector<size_t> starts;  // of every record
  Lsn last = kFirst - 1;

  Segment& batch(int commits) {
    add(encodedBatch(last));
    for (int i = 0; i < commits; i++) add(commitAt(++last));
    return *this;
  }
  Segment& add(const std::string& record) {
    starts.push_back(content.size());
    content += record;
    return *this;
  }
};

Segment threeBatches() {
  Segment segment;
  segment.add(encodedNamespace(0, "chat-room"));
  return segment.batch(2).batch(3).batch(2);
}

enum class Place { kLast, kBeforeOthers };

Result<SegmentScan> scan(std::string_view content, Place place = Place::kLast) {
  return scanSegment(content, kName, kFirst, place == Place::kLast,
                     [](const ParsedRecord&) { return Status(); });
}

Code codeOf(std::string_view content, Place place = Place::kLast) {
  return scan(content, place).status().code();
}

void expectWhole(std::string_view content, uint64_t wholeBytes, Lsn last, Place place) {
  Result<SegmentScan> found = scan(content, place);
  ASSERT_TRUE(found.ok()) << found.status().message();
  EXPECT_EQ(found.value().wholeBytes, wholeBytes);
  EXPECT_EQ(found.value().last, last);
  EXPECT_FALSE(found.value().torn);
}

void expectTorn(std::string_view content, uint64_t wholeBytes, Lsn last) {
  Result<SegmentScan> found = scan(content);
  ASSERT_TRUE(found.ok()) << found.status().message();
  EXPECT_EQ(found.value().wholeBytes, wholeBytes);
  EXPECT_EQ(found.value().last, last);
  EXPECT_TRUE(found.value().torn);
  EXPECT_EQ(codeOf(content, Place::kBeforeOthers), Code::kCorrupt);
}

TEST(LogSegmentTest, NamesAreHexadecimalLsns) {
  EXPECT_EQ(segmentName(1), "0000000000000001.log");
  EXPECT_EQ(segmentName(0xFEDCBA9876543210), "fedcba9876543210.log");
  for (const Lsn first : {Lsn{1}, Lsn{100}, ~Lsn{0}}) {
    EXPECT_EQ(segmentFirstLsn(segmentName(first)), first);
  }
  for (const char* name :
       {"", ".log", "1.log", "0000000000000000.log", "000000000000000A.log", "000000000000001.log",
        "0000000000000001.log.old", "00000000000000001.log", "0000000000000001.lsn",
        "000000000000000g.log", "-000000000000001.log", "0x00000000000001.log"}) {
    EXPECT_EQ(segmentFirstLsn(name), std::nullopt) << name;
  }
}

TEST(LogSegmentTest, GoldenHeader) {
  const std::string bytes = encodeSegmentHeader(kFirst);
  EXPECT_EQ(bytes.size(), kSegmentHeaderBytes);
  EXPECT_EQ(hex(bytes), "48464c4f470d0a1a01000000640000000000000070cc7c52");
  EXPECT_EQ(bytes, header(kLogVersion, kFirst));
}

TEST(LogSegmentTest, VisitsEveryRecordInOrder) {
  const Segment segment = threeBatches();
  std::string seen;
  Result<SegmentScan> found =
      scanSegment(segment.content, kName, kFirst, true, [&](const ParsedRecord& record) {
        if (record.kind == Kind::kNamespace) seen += record.ns.uniqueKey + " ";
        if (record.kind == Kind::kBatch) seen += "|" + std::to_string(record.batch.durable) + ": ";
        if (record.kind == Kind::kCommit) seen += std::to_string(record.commit.lsn) + " ";
        return Status();
      });
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(seen, "chat-room |99: 100 101 |101: 102 103 104 |104: 105 106 ");
  EXPECT_EQ(found.value().wholeBytes, segment.content.size());
  EXPECT_EQ(found.value().last, 106U);
}

TEST(LogSegmentTest, AnErrorOfTheVisitorEndsTheScan) {
  int visits = 0;
  Result<SegmentScan> found =
      scanSegment(threeBatches().content, kName, kFirst, true, [&](const ParsedRecord&) -> Status {
        if (++visits == 3) return {Code::kIo, "enough"};
        return {};
      });
  EXPECT_EQ(found.status().code(), Code::kIo);
  EXPECT_EQ(visits, 3);
}

TEST(LogSegmentTest, WholeSegmentsAndSpaceBehindThem) {
  const std::string whole = threeBatches().content;
  for (const Place place : {Place::kLast, Place::kBeforeOthers}) {
    expectWhole(whole, whole.size(), 106, place);
    for (const size_t zeros : {1, 8, 9, 100, 10'000}) {
      expectWhole(whole + std::string(zeros, '\0'), whole.size(), 106, place);
    }
    expectWhole(encodeSegmentHeader(kFirst), kSegmentHeaderBytes, kFirst - 1, place);
  }
}

// A process that dies leaves a prefix of what it wrote. The prefix of a segment whose batches were
// all acknowledged is never damage when it is the last.
TEST(LogSegmentTest, EveryTruncationOfTheLastSegmentIsReadUpToItsLastWholeRecord) {
  const Segment segment = threeBatches();
  for (size_t size = 0; size <= segment.content.size(); size++) {
    size_t whole = size < kSegmentHeaderBytes ? 0 : kSegmentHeaderBytes;
    for (const size_t start : segment.starts) {
      if (start <= size) whole = std::max(whole, start);
    }
    if (size < kSegmentHeaderBytes) whole = 0;
    if (size == segment.content.size()) whole = size;
    for (const size_t zeros : {0, 50}) {
      const std::string cut = segment.content.substr(0, size) + std::string(zeros, '\0');
      Result<SegmentScan> found = scan(cut);
      ASSERT_TRUE(found.ok()) << size << found.status().message();
      ASSERT_EQ(found.value().wholeBytes, whole) << size;
      ASSERT_EQ(found.value().torn, size > whole) << size;
    }
  }
}

// Everything but the last batch was durable before the last batch was written, so no bit of it may
// pass for a torn tail; the last batch may be one.
TEST(LogSegmentTest, EveryFlippedBitBelowTheLastBatchIsDamage) {
  const Segment segment = threeBatches();
  const size_t lastBatch = segment.starts[segment.starts.size() - 3];
  for (size_t bit = 0; bit < segment.content.size() * 8; bit++) {
    std::string flipped = segment.content;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_EQ(codeOf(flipped, Place::kBeforeOthers), Code::kCorrupt) << bit;
    const Code expected = bit / 8 < lastBatch ? Code::kCorrupt : Code::kOk;
    ASSERT_EQ(codeOf(flipped), expected) << bit;
    if (expected == Code::kOk) {
      ASSERT_TRUE(scan(flipped).value().torn) << bit;
    }
  }
}

TEST(LogSegmentTest, TornTailOrDamage) {
  const std::string good = Segment().batch(2).content;  // LSNs 100 and 101
  const size_t whole = good.size();
  const std::string junk = "\x20\0\0\0no record at all"s;

  expectTorn(good + junk, whole, 101);
  expectTorn(good + junk + std::string(1'000, '\0'), whole, 101);
  expectTorn(good + std::string(1'000, '\0') + junk, whole, 101);
  expectTorn(good + "x", whole, 101);
  // Whole records behind it prove nothing: pages of one write reach the disk in any order.
  expectTorn(good + junk + commitAt(103) + commitAt(104), whole, 101);
  // Nor does a batch that says no more than what is there.
  expectTorn(good + junk + encodedBatch(101) + commitAt(103), whole, 101);
  expectTorn(good + junk + encodedBatch(0), whole, 101);
  expectTorn(good + encodedBatch(101) + junk, whole + encodedBatch(101).size(), 101);

  // A batch that says that LSN 102 was durable.
  for (const Lsn durable : {Lsn{102}, Lsn{5'000}, ~Lsn{0}}) {
    EXPECT_EQ(codeOf(good + junk + encodedBatch(durable)), Code::kCorrupt) << durable;
  }
  EXPECT_EQ(codeOf(good + junk + encodedBatch(7) + "y" + encodedBatch(102)), Code::kCorrupt);
  // Wherever it stands: any alignment, behind a hole of zeros, right at the start.
  for (size_t shift = 0; shift < 16; shift++) {
    EXPECT_EQ(codeOf(good + std::string(shift + 1, 'x') + encodedBatch(102)), Code::kCorrupt);
    EXPECT_EQ(codeOf(good + std::string(4'096 + shift, '\0') + encodedBatch(102)), Code::kCorrupt);
  }
  // A torn batch says nothing.
  expectTorn(good + junk + encodedBatch(102).substr(0, 9), whole, 101);
}

TEST(LogSegmentTest, DamageIsDescribed) {
  Segment segment = threeBatches();
  const size_t damagedAt = segment.starts[3];  // LSN 101
  segment.content[damagedAt + 60] ^= 1;
  EXPECT_EQ(scan(segment.content).status().message(),
            "commit log 0000000000000064.log, offset " + std::to_string(damagedAt) +
                ", after LSN 100: damaged: a record's checksum is wrong, and a later batch says "
                "that what was there was durable; at least 5 whole commit records follow");
  // A damaged length hides what follows up to the next batch.
  segment.content[damagedAt + 1] ^= 1;
  EXPECT_NE(scan(segment.content).status().message().find("at least 5 whole"), std::string::npos);
  const std::string torn = Segment().batch(2).content + "torn";
  EXPECT_EQ(scan(torn, Place::kBeforeOthers).status().message(),
            "commit log 0000000000000064.log, offset " + std::to_string(torn.size() - 4) +
                ", after LSN 101: damaged: no room for a record, and only the last segment may end "
                "torn; at least 0 whole commit records follow");
}

TEST(LogSegmentTest, CountsCommitsBehindSeveralDamagedPlaces) {
  Segment segment;
  for (int i = 0; i < 300; i++) segment.batch(2);
  for (size_t i = 1; i < segment.starts.size(); i += 30)
    segment.content[segment.starts[i] + 9] ^= 1;
  EXPECT_NE(scan(segment.content).status().message().find("at least 570 whole"), std::string::npos)
      << scan(segment.content).status().message();
}

TEST(LogSegmentTest, LsnsRiseByOne) {
  const std::string start = encodeSegmentHeader(kFirst);
  for (const Lsn wrong : {Lsn{1}, Lsn{99}, Lsn{101}, ~Lsn{0}}) {
    EXPECT_EQ(codeOf(start + commitAt(wrong)), Code::kCorrupt) << wrong;
  }
  const std::string good = start + commitAt(kFirst);
  for (const Lsn wrong : {Lsn{99}, Lsn{100}, Lsn{102}}) {
    EXPECT_EQ(codeOf(good + commitAt(wrong)), Code::kCorrupt) << wrong;
  }
  EXPECT_EQ(codeOf(good + commitAt(101)), Code::kOk);
}

TEST(LogSegmentTest, ABatchThatSaysMoreThanIsThereIsCorrupt) {
  const std::string start = encodeSegmentHeader(kFirst);
  EXPECT_EQ(codeOf(start + encodedBatch(99) + commitAt(100)), Code::kOk);
  EXPECT_EQ(codeOf(start + encodedBatch(100) + commitAt(100)), Code::kCorrupt);
  // The commits of two batches lost without a trace: the place looks whole.
  EXPECT_EQ(codeOf(start + encodedBatch(99) + encodedBatch(103) + commitAt(104)), Code::kCorrupt);
}

TEST(LogSegmentTest, AHeaderThatIsNone) {
  const std::string good = encodeSegmentHeader(kFirst);
  const std::string records = threeBatches().content.substr(kSegmentHeaderBytes);
  // Made and not yet flushed: nothing, space, or some of its bytes.
  for (const std::string& space : {""s, std::string(10, '\0'), std::string(4'096, '\0')}) {
    expectWhole(space, 0, kFirst - 1, Place::kLast);
    EXPECT_EQ(codeOf(space, Place::kBeforeOthers), Code::kCorrupt);
  }
  expectTorn(good.substr(0, 23), 0, kFirst - 1);
  expectTorn("not the header of a segment", 0, kFirst - 1);
  const std::string hole(kSegmentHeaderBytes, '\0');
  expectTorn(hole + encodedBatch(99) + commitAt(100), 0, kFirst - 1);
  // It held what was durable.
  EXPECT_EQ(codeOf(hole + records), Code::kCorrupt);
  EXPECT_EQ(codeOf("x" + records), Code::kCorrupt);
}

TEST(LogSegmentTest, AHeaderOfAnotherLsnIsCorrupt) {
  for (const Lsn first : {Lsn{1}, Lsn{99}, Lsn{101}}) {
    EXPECT_EQ(codeOf(encodeSegmentHeader(first)), Code::kCorrupt) << first;
  }
}

TEST(LogSegmentTest, NewerVersionsAreUnsupported) {
  for (const Place place : {Place::kLast, Place::kBeforeOthers}) {
    Result<SegmentScan> found = scan(header(2, kFirst) + "what version 2 writes", place);
    EXPECT_EQ(found.status().code(), Code::kUnsupported);
    EXPECT_EQ(found.status().message(),
              "commit log 0000000000000064.log has format version 2; this Holdfast reads versions "
              "up to 1: start a newer one");
  }
  EXPECT_EQ(codeOf(header(0, kFirst)), Code::kCorrupt);
  // Damage is no version.
  std::string damaged = encodeSegmentHeader(kFirst);
  damaged[8] = 2;
  expectTorn(damaged, 0, kFirst - 1);
}

TEST(LogSegmentTest, NewerKindsAreUnsupported) {
  const std::string body = "\x09 of a newer version";
  std::string record;
  putFixed32(record, static_cast<uint32_t>(body.size()));
  putFixed32(record, crc32c({record, body}));
  record += body;
  Result<SegmentScan> found = scan(encodeSegmentHeader(kFirst) + record);
  EXPECT_EQ(found.status().code(), Code::kUnsupported);
  EXPECT_EQ(found.status().message(),
            "commit log 0000000000000064.log, offset 24, after LSN 99: a record of kind 9, which "
            "this Holdfast does not know: start a newer one");
}

// A record as large as a segment is looked at once, not once a byte.
TEST(LogSegmentTest, ATornRecordOfManyMebibytesIsQuicklyJudged) {
  const std::string good = Segment().batch(2).content;
  std::string torn = good;
  putFixed32(torn, 1U << 29U);
  // Every place looks like the start of a huge commit, or nearly like a batch.
  while (torn.size() < 8U << 20U) torn += "\1\0\x10\0\3\0\0\0\3\3\3\3\1"s;
  expectTorn(torn, good.size(), 101);
}

}  // namespace
}  // namespace holdfast::storage::testing
