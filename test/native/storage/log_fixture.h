// Commit records as bytes: made at random, compared, shown in hexadecimal.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "storage/log_record.h"

namespace holdfast::storage {

inline bool operator==(const ByteRange& a, const ByteRange& b) {
  return std::tie(a.page, a.offset, a.bytes) == std::tie(b.page, b.offset, b.bytes);
}

inline bool operator==(const RecordedAlarm& a, const RecordedAlarm& b) {
  return std::tie(a.at, a.actorName) == std::tie(b.at, b.actorName);
}

inline bool operator==(const CommitRecord& a, const CommitRecord& b) {
  return std::tie(a.lsn, a.epoch, a.partition, a.ns, a.object, a.facet, a.sequence, a.at,
                  a.pageBytes, a.pages, a.alarm, a.restores, a.ranges) ==
         std::tie(b.lsn, b.epoch, b.partition, b.ns, b.object, b.facet, b.sequence, b.at,
                  b.pageBytes, b.pages, b.alarm, b.restores, b.ranges);
}

}  // namespace holdfast::storage

namespace holdfast::storage::testing {

inline std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    text += "0123456789abcdef"[static_cast<uint8_t>(byte) >> 4U];
    text += "0123456789abcdef"[static_cast<uint8_t>(byte) & 15U];
  }
  return text;
}

inline std::string encoded(const CommitRecord& record) {
  std::string out;
  encodeCommit(record, out);
  return out;
}

inline std::string encodedBatch(Lsn durable) {
  std::string out;
  encodeBatch({durable}, out);
  return out;
}

inline std::string encodedNamespace(NamespaceNumber ns, std::string uniqueKey) {
  std::string out;
  encodeNamespace({ns, std::move(uniqueKey)}, out);
  return out;
}

// Two pages of 4 KiB touched, as a put does. `big` makes every number as large as a long-lived
// data directory may have it.
enum class Numbers { kSmall, kBig };
inline CommitRecord smallPut(Numbers numbers) {
  const bool big = numbers == Numbers::kBig;
  CommitRecord record;
  record.lsn = big ? (Lsn{1} << 35U) - 1 : 1;
  record.partition = big ? 16'383 : 0;
  record.ns = big ? 127 : 0;
  record.object.bytes.fill(0xAB);
  record.sequence = big ? 2'097'151 : 1;
  record.at = 1'790'000'000'000;
  record.pageBytes = 4'096;
  record.pages = big ? 16'383 : 5;
  record.ranges = {{1, 24, "abcd"},
                   {1, 92, "efgh"},
                   {1, big ? 500U : 96U, "ijkl"},
                   {big ? 16'000U : 5U, 4'000, "twenty bytes of data"}};
  return record;
}

// Makes records of all shapes. What they view lives as long as this.
class RandomRecords {
 public:
  explicit RandomRecords(uint64_t seed) : random_(seed) {}

  // Of any length: most are short.
  uint64_t number() { return random_() >> below(64); }
  uint64_t below(uint64_t end) { return random_() % end; }
  bool chance() { return below(2) == 0; }

  std::string bytes(size_t count) {
    std::string made(count, '\0');
    for (char& byte : made) byte = static_cast<char>(random_());
    return made;
  }

  CommitRecord commit() {
    CommitRecord record;
    record.lsn = 1 + number() / 2;
    record.epoch = static_cast<Epoch>(number());
    record.partition = static_cast<Partition>(number());
    record.ns = static_cast<NamespaceNumber>(number());
    for (uint8_t& byte : record.object.bytes) byte = static_cast<uint8_t>(random_());
    if (random_() % 2 == 0) record.facet = static_cast<FacetNumber>(random_());
    record.sequence = 1 + number() / 2;
    record.at = static_cast<TimestampMs>(number());
    record.pageBytes = 512U << below(8);
    record.pages = static_cast<uint32_t>(number());
    if (chance()) record.alarm = alarm();
    record.restores = below(8) == 0;
    for (uint32_t page = 0; record.ranges.size() < 20 && page < record.pages;) {
      page += 1 + static_cast<uint32_t>(below(chance() ? 1 : record.pages - page));
      if (below(8) == 0) break;
      addRanges(page, record);
    }
    return record;
  }

  RecordedAlarm alarm() {
    RecordedAlarm alarm;
    if (chance()) alarm.at = static_cast<TimestampMs>(number());
    if (chance()) alarm.actorName = bytes(below(100));
    return alarm;
  }

 private:
  void addRanges(uint32_t page, CommitRecord& record) {
    const auto count = 1 + below(4);
    uint32_t position = 0;
    for (uint64_t i = 0; i < count && position < record.pageBytes; i++) {
      position += static_cast<uint32_t>(below(record.pageBytes - position)) & -uint32_t{chance()};
      const uint64_t room = record.pageBytes - position;
      const uint64_t length = 1 + below(chance() && chance() ? room : std::min<uint64_t>(room, 30));
      kept_.push_back(bytes(length));
      record.ranges.push_back({page, position, kept_.back()});
      position += static_cast<uint32_t>(length);
    }
  }

  std::mt19937_64 random_;
  std::deque<std::string> kept_;
};

}  // namespace holdfast::storage::testing
