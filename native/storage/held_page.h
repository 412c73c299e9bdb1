// HeldPage: one page as an overlay holds it: whole, or, when it is nearly all zeros, only its runs
// of other bytes. The two pages of a new object with one key are 8 KiB whole and 300 bytes packed.
//
// Contract: read() gives the same bytes either way. Thread: one at a time. Failure: no memory ends
// the process, as operator new does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "sys/slab_memory.h"

namespace holdfast::storage {

class HeldPage {
 public:
  // What one page is counted as at least: with a packed one lie the records that lead to it.
  static constexpr size_t kBytesMin = 512;

  // Of no bytes: read() may not be called.
  HeldPage() = default;
  HeldPage(sys::SlabBytes whole, size_t pageBytes)
      : bytes_(std::move(whole)), size_(static_cast<uint32_t>(pageBytes)) {}

  // Of no bytes: so much of the page is not zero that it should be held whole, or nothing is.
  static HeldPage pack(const char* page, size_t pageBytes);

  // The bytes of a page that somebody else keeps: good until that page is dropped or overwritten,
  // also when it is moved. For another thread, too, that was told of it under a lock.
  class View {
   public:
    View() = default;
    void read(size_t start, char* into, size_t bytes) const;

   private:
    friend class HeldPage;
    View(const char* bytes, uint32_t size, bool isPacked)
        : bytes_(bytes), size_(size), isPacked_(isPacked) {}

    const char* bytes_ = nullptr;
    uint32_t size_ = 0;
    bool isPacked_ = false;
  };

  [[nodiscard]] bool isEmpty() const { return size_ == 0; }
  [[nodiscard]] bool isPacked() const { return isPacked_; }
  [[nodiscard]] View view() const { return {bytes_.get(), size_, isPacked_}; }
  void read(size_t start, char* into, size_t bytes) const { view().read(start, into, bytes); }
  // How much memory it takes, as the overlay's bound counts it.
  [[nodiscard]] size_t counted() const;
  // The memory of a page held whole, for another one; null when it was packed. It is of no bytes
  // then.
  sys::SlabBytes takeWhole();

 private:
  sys::SlabBytes bytes_;
  uint32_t size_ = 0;
  bool isPacked_ = false;
};

}  // namespace holdfast::storage
