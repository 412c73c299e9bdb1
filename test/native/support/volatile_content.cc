#include "support/volatile_content.h"

#include <algorithm>

namespace holdfast::testing {
namespace {

constexpr uint64_t kSectorBytes = 512;
constexpr unsigned kTornPercent = 25;

bool chance(std::mt19937_64& random, unsigned percent) { return random() % 100 < percent; }

void put(std::string& content, uint64_t offset, std::string_view bytes) {
  if (bytes.empty()) return;  // extends nothing
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size());
  content.replace(offset, bytes.size(), bytes);
}

}  // namespace

void VolatileContent::write(uint64_t offset, std::string_view bytes) {
  put(cached_, offset, bytes);
  unsynced_.push_back({false, offset, std::string(bytes)});
}

void VolatileContent::truncate(uint64_t bytes) {
  cached_.resize(bytes);
  unsynced_.push_back({true, bytes, {}});
}

void VolatileContent::sync() {
  for (const Change& change : unsynced_) {
    if (change.isTruncate) {
      durable_.resize(change.offset);
    } else {
      put(durable_, change.offset, change.bytes);
    }
  }
  unsynced_.clear();
}

void VolatileContent::failSync() {
  std::erase_if(unsynced_, [](const Change& change) { return !change.isTruncate; });
}

void VolatileContent::losePower(std::mt19937_64& random, unsigned keepPercent) {
  for (const Change& change : unsynced_) {
    if (!change.isTruncate) {
      surviveWrite(change, random, keepPercent, durable_);
    } else if (chance(random, keepPercent)) {
      durable_.resize(change.offset);
    }
  }
  unsynced_.clear();
  cached_ = durable_;
}

void VolatileContent::surviveWrite(const Change& change, std::mt19937_64& random,
                                   unsigned keepPercent, std::string& disk) {
  const std::string_view bytes = change.bytes;
  const bool mixed = keepPercent > 0 && keepPercent < 100;
  const bool torn = mixed && chance(random, kTornPercent);
  const bool kept = !torn && chance(random, keepPercent);
  for (uint64_t at = 0; at < bytes.size();) {
    const uint64_t offset = change.offset + at;
    const uint64_t length =
        std::min<uint64_t>(kSectorBytes - offset % kSectorBytes, bytes.size() - at);
    if (kept || (torn && chance(random, 50))) put(disk, offset, bytes.substr(at, length));
    at += length;
  }
  const uint64_t end = bytes.empty() ? 0 : change.offset + bytes.size();
  if (mixed && disk.size() < end && chance(random, 50)) disk.resize(end);
}

void VolatileContent::replace(std::string bytes) {
  cached_ = bytes;
  durable_ = std::move(bytes);
  unsynced_.clear();
}

void VolatileContent::flip(uint64_t offset, uint8_t mask) {
  const auto flipIn = [mask](std::string& bytes, uint64_t at) {
    if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(mask));
  };
  flipIn(cached_, offset);
  flipIn(durable_, offset);
  for (Change& change : unsynced_)
    if (!change.isTruncate && offset >= change.offset) flipIn(change.bytes, offset - change.offset);
}

}  // namespace holdfast::testing
