// PageLevels: what the pages of one object in memory were before each level at which it changed
// (levels.h).
//
// Contract: keep() is told the page that a commit is about to replace; the first one of a level
// counts. A page of no bytes: there was none. Pure; thread: its object's. Owner: the ObjectFile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "storage/held_page.h"

namespace holdfast::storage {

class PageLevels {
 public:
  struct Before {
    size_t level = 0;
    uint32_t size = 0;  // of the database, in pages
    std::unordered_map<uint32_t, HeldPage> pages;
  };

  [[nodiscard]] bool empty() const { return levels_.empty(); }
  // The object of `size` pages changes at this level. False: it has changed at it before.
  bool begin(size_t level, uint32_t size);
  // Whether the page was told at the current level.
  [[nodiscard]] bool knows(uint32_t number) const { return levels_.back().pages.contains(number); }
  void keep(uint32_t number, HeldPage page) {
    levels_.back().pages.emplace(number, std::move(page));
  }
  // The current level ends: what was before it.
  Before undo();
  // The current level ends and its changes belong to the one below. True: the object had not
  // changed at that one.
  bool mergeDown();

 private:
  std::vector<Before> levels_;  // ascending
};

}  // namespace holdfast::storage
