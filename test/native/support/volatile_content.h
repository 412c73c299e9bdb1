// VolatileContent: the bytes of one simulated file, as the page cache shows them and as the disk
// holds them.
//
// Contract: a change shows at once and is durable after sync(). losePower() decides for each change
// since the last sync(), alone, whether it reached the disk: a write whole, not at all, or in some
// of its 512-byte sectors; a truncate or not. Survivors are laid down in their order, so that a
// later write may be there and an earlier one not. Where a write that extended the file was
// dropped, the file may still have grown, by zeros.
// Thread: any, one at a time. Owner: the node of SimulatedDisk.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::testing {

class VolatileContent {
 public:
  [[nodiscard]] const std::string& cached() const { return cached_; }

  void write(uint64_t offset, std::string_view bytes);
  void truncate(uint64_t bytes);
  void sync();
  // The kernel marks the pages of a failed flush clean: they go on showing what was written, and no
  // later sync() brings it to the disk.
  void failSync();

  // What the disk holds becomes what is cached. `keepPercent` is how likely a change survives: at 0
  // none does, at 100 each does whole, between them a quarter of the writes is torn.
  void losePower(std::mt19937_64& random, unsigned keepPercent);

  // For damage: durable at once.
  void replace(std::string bytes);
  // Also in the unsynced writes that cover the offset, so that a sync() does not heal it.
  void flip(uint64_t offset, uint8_t mask);

 private:
  struct Change {
    bool isTruncate;
    uint64_t offset;  // of a truncate: the size
    std::string bytes;
  };
  static void surviveWrite(const Change& change, std::mt19937_64& random, unsigned keepPercent,
                           std::string& disk);

  std::string cached_;
  std::string durable_;
  std::vector<Change> unsynced_;  // in the order they were made
};

}  // namespace holdfast::testing
