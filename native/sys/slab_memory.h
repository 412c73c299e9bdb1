// SlabMemory: memory for what comes and goes with open databases, so that it goes back to the
// system. malloc() keeps most of what thousands of databases have freed, because something that
// lives longer lies between.
//
// Contract: blocks of up to kBlockBytesMax lie in spans of 64 KiB, each of blocks of one size, in
// one reserved range of addresses; larger ones come from malloc(). A span without blocks is given
// back, but for the kSpareSpansMax last ones. Where no range can be reserved, everything comes from
// malloc(). Alignment: 16 bytes. Thread: any. Failure: a null pointer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace holdfast::sys {

class SlabMemory {
 public:
  static constexpr size_t kBlockBytesMax = 8192;
  static constexpr size_t kSpanBytes = 64U << 10U;
  static constexpr size_t kSpareSpansMax = 128;

  explicit SlabMemory(size_t rangeBytes = size_t{64} << 30U);
  ~SlabMemory();
  SlabMemory(const SlabMemory&) = delete;
  SlabMemory& operator=(const SlabMemory&) = delete;

  // Of the process; never destroyed.
  static SlabMemory& shared();

  void* allocate(size_t bytes);
  // The bytes up to the smaller size stay. Null: as it was.
  void* reallocate(void* block, size_t bytes);
  void free(void* block);  // null is allowed
  // How much the block can hold.
  [[nodiscard]] size_t sizeOf(const void* block) const;
  // How much a block of so many bytes would hold.
  [[nodiscard]] static size_t roundUp(size_t bytes);

  // Spans with blocks, and those without that are kept.
  [[nodiscard]] size_t residentBytes() const;

 private:
  using SpanNumber = uint32_t;
  struct Span {
    void* firstFree = nullptr;  // a list through the free blocks that were used before
    uint32_t next = 0;          // among those of its size that have free blocks
    uint32_t previous = 0;
    uint16_t used = 0;
    uint16_t untouched = 0;  // blocks at the end that were never used
    uint8_t sizeClass = 0;
  };
  static constexpr SpanNumber kNone = UINT32_MAX;
  static constexpr size_t kClasses = 56;

  [[nodiscard]] bool holds(const void* block) const;
  [[nodiscard]] SpanNumber spanOf(const void* block) const;
  [[nodiscard]] char* startOf(SpanNumber number) const;
  SpanNumber takeSpan();
  void giveBack(SpanNumber number);
  void link(SpanNumber number);
  void unlink(SpanNumber number);

  char* base_ = nullptr;
  size_t spansMax_ = 0;

  mutable std::mutex mutex_;
  std::vector<Span> spans_;                       // as far as the range was ever used
  std::array<SpanNumber, kClasses> available_{};  // first with a free block
  std::vector<SpanNumber> spare_;                 // without blocks, resident
  std::vector<SpanNumber> gone_;                  // without blocks, given back
};

// A block of SlabMemory::shared(), or of malloc() in builds with sanitizers, which then see misuse.
void* slabAllocate(size_t bytes);
void slabFree(void* block);

struct SlabDeleter {
  void operator()(char* block) const { slabFree(block); }
};
using SlabBytes = std::unique_ptr<char[], SlabDeleter>;
// Of undefined content. Ends the process when there is no memory, as operator new would.
SlabBytes makeSlabBytes(size_t bytes);

// Whether this build has AddressSanitizer, ThreadSanitizer or the like.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kIsSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(undefined_behavior_sanitizer)
inline constexpr bool kIsSanitized = true;
#else
inline constexpr bool kIsSanitized = false;
#endif
#else
inline constexpr bool kIsSanitized = false;
#endif

}  // namespace holdfast::sys
