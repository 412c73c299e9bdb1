#include "sys/slab_memory.h"

#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>

namespace holdfast::sys {
namespace {

constexpr size_t kFineBytesMax = 128;  // up to here each multiple of 16 is a size
constexpr size_t kFineStep = 16;
constexpr size_t kFineClasses = kFineBytesMax / kFineStep;
constexpr unsigned kStepsPerDoublingBits =
    3;  // beyond: eight sizes from one power of two to the next
constexpr size_t kStepsPerDoubling = size_t{1} << kStepsPerDoublingBits;
constexpr size_t kSpansPerGrowth = 64;  // made usable by one system call

size_t classOf(size_t bytes) {
  if (bytes <= kFineBytesMax) return bytes == 0 ? 0 : (bytes - 1) / kFineStep;
  const auto power = static_cast<unsigned>(std::bit_width(bytes - 1)) - 1;  // 2^power < bytes
  const size_t step = size_t{1} << (power - kStepsPerDoublingBits);
  const size_t doubling = power - (std::bit_width(kFineBytesMax) - 1);
  return kFineClasses + doubling * kStepsPerDoubling + (bytes - 1 - (size_t{1} << power)) / step;
}

size_t bytesOf(size_t sizeClass) {
  if (sizeClass < kFineClasses) return (sizeClass + 1) * kFineStep;
  const size_t at = sizeClass - kFineClasses;
  const size_t power = std::bit_width(kFineBytesMax) - 1 + at / kStepsPerDoubling;
  const size_t step = size_t{1} << (power - kStepsPerDoublingBits);
  return (size_t{1} << power) + (at % kStepsPerDoubling + 1) * step;
}

uint16_t blocksOf(size_t sizeClass) {
  return static_cast<uint16_t>(SlabMemory::kSpanBytes / bytesOf(sizeClass));
}

}  // namespace

SlabMemory::SlabMemory(size_t rangeBytes) {
  available_.fill(kNone);
  void* range =
      ::mmap(nullptr, rangeBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (range == MAP_FAILED) return;
  base_ = static_cast<char*>(range);
  spansMax_ = rangeBytes / kSpanBytes;
}

SlabMemory::~SlabMemory() {
  if (base_ != nullptr) ::munmap(base_, spansMax_ * kSpanBytes);
}

SlabMemory& SlabMemory::shared() {
  static auto* const memory = new SlabMemory();
  return *memory;
}

bool SlabMemory::holds(const void* block) const {
  const auto* at = static_cast<const char*>(block);
  return base_ != nullptr && at >= base_ && at < base_ + spansMax_ * kSpanBytes;
}

SlabMemory::SpanNumber SlabMemory::spanOf(const void* block) const {
  return static_cast<SpanNumber>(static_cast<size_t>(static_cast<const char*>(block) - base_) /
                                 kSpanBytes);
}

char* SlabMemory::startOf(SpanNumber number) const { return base_ + number * kSpanBytes; }

size_t SlabMemory::roundUp(size_t bytes) {
  return bytes > kBlockBytesMax ? bytes : bytesOf(classOf(bytes));
}

void SlabMemory::link(SpanNumber number) {
  Span& span = spans_[number];
  SpanNumber& first = available_[span.sizeClass];
  span.previous = kNone;
  span.next = first;
  if (first != kNone) spans_[first].previous = number;
  first = number;
}

void SlabMemory::unlink(SpanNumber number) {
  Span& span = spans_[number];
  if (span.previous == kNone) {
    available_[span.sizeClass] = span.next;
  } else {
    spans_[span.previous].next = span.next;
  }
  if (span.next != kNone) spans_[span.next].previous = span.previous;
}

SlabMemory::SpanNumber SlabMemory::takeSpan() {
  if (spare_.empty() && gone_.empty()) {
    const size_t from = spans_.size();
    const size_t more = std::min(kSpansPerGrowth, spansMax_ - from);
    if (more == 0) return kNone;
    if (::mprotect(startOf(static_cast<SpanNumber>(from)), more * kSpanBytes,
                   PROT_READ | PROT_WRITE) != 0) {
      return kNone;
    }
    spans_.resize(from + more);
    for (size_t i = more; i > 0; --i) gone_.push_back(static_cast<SpanNumber>(from + i - 1));
  }
  std::vector<SpanNumber>& from = spare_.empty() ? gone_ : spare_;
  const SpanNumber number = from.back();
  from.pop_back();
  return number;
}

void SlabMemory::giveBack(SpanNumber number) {
  if (spare_.size() < kSpareSpansMax) {
    spare_.push_back(number);
    return;
  }
  ::madvise(startOf(number), kSpanBytes, MADV_DONTNEED);
  gone_.push_back(number);
}

void* SlabMemory::allocate(size_t bytes) {
  if (bytes > kBlockBytesMax || base_ == nullptr) return std::malloc(bytes);
  const size_t sizeClass = classOf(bytes);
  const std::lock_guard<std::mutex> lock(mutex_);
  SpanNumber number = available_[sizeClass];
  if (number == kNone) {
    number = takeSpan();
    if (number == kNone) return std::malloc(bytes);
    spans_[number] = {.untouched = blocksOf(sizeClass),
                      .sizeClass = static_cast<uint8_t>(sizeClass)};
    link(number);
  }
  Span& span = spans_[number];
  void* block = span.firstFree;
  if (block != nullptr) {
    std::memcpy(&span.firstFree, block, sizeof(void*));
  } else {
    const size_t index = blocksOf(sizeClass) - span.untouched;
    block = startOf(number) + index * bytesOf(sizeClass);
    --span.untouched;
  }
  ++span.used;
  if (span.firstFree == nullptr && span.untouched == 0) unlink(number);
  return block;
}

void SlabMemory::free(void* block) {
  if (!holds(block)) {
    std::free(block);
    return;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  const SpanNumber number = spanOf(block);
  Span& span = spans_[number];
  const bool wasFull = span.firstFree == nullptr && span.untouched == 0;
  std::memcpy(block, &span.firstFree, sizeof(void*));
  span.firstFree = block;
  --span.used;
  if (span.used == 0) {
    if (!wasFull) unlink(number);
    giveBack(number);
  } else if (wasFull) {
    link(number);
  }
}

void* SlabMemory::reallocate(void* block, size_t bytes) {
  if (block == nullptr) return allocate(bytes);
  if (!holds(block) && bytes > kBlockBytesMax) return std::realloc(block, bytes);
  const size_t before = sizeOf(block);
  if (holds(block) && roundUp(bytes) == before) return block;
  void* moved = allocate(bytes);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, block, std::min(before, bytes));
  free(block);
  return moved;
}

size_t SlabMemory::sizeOf(const void* block) const {
  if (!holds(block)) return ::malloc_usable_size(const_cast<void*>(block));
  const std::lock_guard<std::mutex> lock(mutex_);
  return bytesOf(spans_[spanOf(block)].sizeClass);
}

size_t SlabMemory::residentBytes() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return (spans_.size() - gone_.size()) * kSpanBytes;
}

void* slabAllocate(size_t bytes) {
  return kIsSanitized ? std::malloc(bytes) : SlabMemory::shared().allocate(bytes);
}

void slabFree(void* block) {
  if (kIsSanitized) {
    std::free(block);
  } else {
    SlabMemory::shared().free(block);
  }
}

SlabBytes makeSlabBytes(size_t bytes) {
  void* block = slabAllocate(bytes);
  if (block == nullptr) throw std::bad_alloc();
  return SlabBytes(static_cast<char*>(block));
}

}  // namespace holdfast::sys
