// What an ObjectFile does for the levels of tests, in memory only (object_file.h, levels.h).
#include <utility>

#include "base/check.h"
#include "storage/object_file.h"
#include "storage/object_files.h"

namespace holdfast::storage {

// What apply() replaces or drops is moved out of its way.
void ObjectFile::keepForLevel(ObjectFiles& files) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (levels_.begin(files.level(), pages_)) files.noteLevel(*this);
  for (const auto& [number, page] : staged_) {
    if (levels_.knows(number)) continue;
    const auto committed = overlay_.find(number);
    levels_.keep(number,
                 committed == overlay_.end() ? HeldPage() : std::move(committed->second.held));
  }
  if (stagedPages_ >= pages_) return;
  for (auto& [number, committed] : overlay_) {
    if (number > stagedPages_ && !levels_.knows(number))
      levels_.keep(number, std::move(committed.held));
  }
}

void ObjectFile::undoLevel() {
  const std::lock_guard<std::mutex> lock(mutex_);
  PageLevels::Before before = levels_.undo();
  for (auto& [number, page] : before.pages) {
    if (page.isEmpty()) {
      overlay_.erase(number);
    } else {
      overlay_[number].held = std::move(page);
    }
  }
  pages_ = stagedPages_ = before.size;
}

void ObjectFile::clear(ObjectFiles& files) {
  DO_CHECK(pool_ == nullptr && staged_.empty(), identity_.path);
  stagedPages_ = 0;
  if (files.level() > 0) keepForLevel(files);
  apply(last_);
}

}  // namespace holdfast::storage
