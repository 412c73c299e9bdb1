#include "storage/page_levels.h"

#include <utility>

#include "base/check.h"

namespace holdfast::storage {

bool PageLevels::begin(size_t level, uint32_t size) {
  if (!levels_.empty() && levels_.back().level == level) return false;
  DO_CHECK(levels_.empty() || levels_.back().level < level, level);
  levels_.push_back({level, size, {}});
  return true;
}

PageLevels::Before PageLevels::undo() {
  DO_CHECK(!levels_.empty());
  Before before = std::move(levels_.back());
  levels_.pop_back();
  return before;
}

bool PageLevels::mergeDown() {
  Before top = undo();
  if (--top.level == 0) return false;  // nothing goes back behind the first level
  if (levels_.empty() || levels_.back().level < top.level) {
    levels_.push_back(std::move(top));
    return true;
  }
  levels_.back().pages.merge(top.pages);
  return false;
}

}  // namespace holdfast::storage
