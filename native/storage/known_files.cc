#include "storage/known_files.h"

#include <bit>
#include <cstring>
#include <utility>

namespace holdfast::storage {
namespace {

constexpr size_t kBitsPerFile = 16;
constexpr int kProbes = 4;
constexpr size_t kSpareFiles = 4096;
constexpr uint64_t kWordBits = 64;
constexpr uint64_t kSpread = 0x9E3779B97F4A7C15ULL;

// Of other bits than those that choose the first place.
uint64_t stepOf(uint64_t file) { return (file >> 32U) | 1U; }

}  // namespace

FileFilter::FileFilter(const std::vector<uint64_t>& files)
    : words_(std::bit_ceil((2 * files.size() + kSpareFiles) * kBitsPerFile / kWordBits)),
      filesMax_(words_.size() * kWordBits / kBitsPerFile) {
  for (const uint64_t file : files) add(file);
}

// Ids are random or a MAC; facets share their object's.
uint64_t FileFilter::hashOf(const ActorId& id, FacetNumber facet) {
  uint64_t head = 0;
  std::memcpy(&head, id.bytes.data(), sizeof head);
  return head ^ (facet * kSpread);
}

void FileFilter::add(uint64_t file) {
  if (mayHave(file)) return;
  ++files_;
  const uint64_t step = stepOf(file);
  for (int i = 0; i < kProbes; ++i, file += step) {
    const uint64_t bit = file & (words_.size() * kWordBits - 1);
    words_[bit / kWordBits] |= uint64_t{1} << (bit % kWordBits);
  }
}

bool FileFilter::mayHave(uint64_t file) const {
  const uint64_t step = stepOf(file);
  for (int i = 0; i < kProbes; ++i, file += step) {
    const uint64_t bit = file & (words_.size() * kWordBits - 1);
    if ((words_[bit / kWordBits] & (uint64_t{1} << (bit % kWordBits))) == 0) return false;
  }
  return true;
}

// Of several threads that looked the first one counts: the others may have looked before files
// came.
void KnownFiles::begin(uint64_t version, bool hasDirectory) {
  if (isBegun_) return;
  isBegun_ = true;
  if (version == version_ && !hasDirectory) filter_.emplace(std::vector<uint64_t>());
}

// At each checkpoint of the object.
void KnownFiles::noteFile(const ActorId& id, FacetNumber facet) {
  if (!filter_) return;
  filter_->add(FileFilter::hashOf(id, facet));
  if (!filter_->isFull()) return;
  filter_.reset();
  made_ = kMadeUnknownMax;
}

void KnownFiles::learn(uint64_t version, FileFilter filter) {
  if (version == version_) filter_ = std::move(filter);
}

void KnownFiles::forget() {
  filter_.reset();
  made_ = 0;
  ++version_;
}

}  // namespace holdfast::storage
