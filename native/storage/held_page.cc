#include "storage/held_page.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace holdfast::storage {
namespace {

// Before the bytes of each run.
struct RunHeader {
  uint16_t offset = 0;
  uint16_t bytes = 0;
};

// Of a page, packed; else it is held whole.
constexpr size_t kPackedPart = 8;
constexpr size_t kPageBytesMax = 65'536;

constexpr size_t kBlockBytes = 64;
// With something in more blocks than these, and in more than a quarter of them, a page is taken to
// be full: a look at full pages, which most commits change, should cost next to nothing.
constexpr size_t kBlocksAlways = 16;
constexpr size_t kBlocksPart = 4;
// Zeros between two runs, which may as well be in one.
constexpr size_t kGapBytes = sizeof(RunHeader);

bool isZero(const char* block) {
  std::array<uint64_t, kBlockBytes / sizeof(uint64_t)> words;
  std::memcpy(words.data(), block, kBlockBytes);
  uint64_t any = 0;
  for (const uint64_t word : words) any |= word;
  return any == 0;
}

// Gathers the runs of one page into what pack() keeps.
class Runs {
 public:
  explicit Runs(size_t bytesMax) : bytesMax_(bytesMax) {}

  // Of a byte that is not zero, in ascending order. False: they are too many.
  bool add(const char* page, size_t at) {
    if (isOpen_ && at - end_ <= kGapBytes) {
      end_ = at + 1;
    } else {
      if (!close(page)) return false;
      start_ = at;
      end_ = at + 1;
      isOpen_ = true;
    }
    return size_ + sizeof(RunHeader) + (end_ - start_) <= bytesMax_;
  }
  // The last one ends.
  bool close(const char* page) {
    if (!isOpen_) return true;
    const RunHeader header{static_cast<uint16_t>(start_), static_cast<uint16_t>(end_ - start_)};
    if (size_ + sizeof header + header.bytes > bytesMax_) return false;
    std::memcpy(&bytes_[size_], &header, sizeof header);
    std::memcpy(&bytes_[size_ + sizeof header], page + start_, header.bytes);
    size_ += sizeof header + header.bytes;
    isOpen_ = false;
    return true;
  }
  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] const char* bytes() const { return bytes_.data(); }

 private:
  const size_t bytesMax_;
  size_t start_ = 0;
  size_t end_ = 0;
  bool isOpen_ = false;
  size_t size_ = 0;
  std::array<char, kPageBytesMax / kPackedPart> bytes_;
};

}  // namespace

HeldPage HeldPage::pack(const char* page, size_t pageBytes) {
  HeldPage out;
  Runs runs(pageBytes / kPackedPart);
  const size_t blocksMax = std::max(kBlocksAlways, pageBytes / kBlockBytes / kBlocksPart);
  size_t blocks = 0;
  for (size_t block = 0; block < pageBytes; block += kBlockBytes) {
    if (isZero(page + block)) continue;
    if (++blocks > blocksMax) return out;
    for (size_t at = block; at < block + kBlockBytes; ++at) {
      if (page[at] != 0 && !runs.add(page, at)) return out;
    }
  }
  if (!runs.close(page) || runs.size() == 0) return out;
  out.bytes_ = sys::makeSlabBytes(runs.size());
  out.size_ = static_cast<uint32_t>(runs.size());
  out.isPacked_ = true;
  std::memcpy(out.bytes_.get(), runs.bytes(), runs.size());
  return out;
}

void HeldPage::View::read(size_t start, char* into, size_t bytes) const {
  if (!isPacked_) {
    std::memcpy(into, bytes_ + start, bytes);
    return;
  }
  std::memset(into, 0, bytes);
  for (const char* at = bytes_; at < bytes_ + size_;) {
    RunHeader header;
    std::memcpy(&header, at, sizeof header);
    const char* run = at + sizeof header;
    const size_t from = std::max<size_t>(start, header.offset);
    const size_t to = std::min<size_t>(start + bytes, size_t{header.offset} + header.bytes);
    if (from < to) std::memcpy(into + (from - start), run + (from - header.offset), to - from);
    at = run + header.bytes;
  }
}

size_t HeldPage::counted() const { return std::max<size_t>(size_, isEmpty() ? 0 : kBytesMin); }

sys::SlabBytes HeldPage::takeWhole() {
  if (isPacked_ || isEmpty()) return nullptr;
  size_ = 0;
  return std::move(bytes_);
}

}  // namespace holdfast::storage
