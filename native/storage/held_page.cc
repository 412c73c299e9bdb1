#include "storage/held_page.h"

#include <algorithm>
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

}  // namespace

HeldPage HeldPage::pack(std::span<const ByteRange> runs, size_t pageBytes) {
  size_t size = 0;
  for (const ByteRange& run : runs) size += sizeof(RunHeader) + run.bytes.size();
  HeldPage page;
  if (size == 0 || size > pageBytes / kPackedPart) return page;
  page.bytes_ = sys::makeSlabBytes(size);
  page.size_ = static_cast<uint32_t>(size);
  page.isPacked_ = true;
  char* at = page.bytes_.get();
  for (const ByteRange& run : runs) {
    const RunHeader header{static_cast<uint16_t>(run.offset),
                           static_cast<uint16_t>(run.bytes.size())};
    std::memcpy(at, &header, sizeof header);
    std::memcpy(at + sizeof header, run.bytes.data(), run.bytes.size());
    at += sizeof header + run.bytes.size();
  }
  return page;
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
