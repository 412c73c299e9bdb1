// What ObjectFiles does for the levels of tests, in memory only (object_files.h, levels.h).
#include <utility>

#include "base/check.h"
#include "storage/object_files.h"

namespace holdfast::storage {

void ObjectFiles::undoLevel() {
  DO_CHECK(!changed_.empty());
  const std::vector<ObjectFile*> changed = std::move(changed_.back());
  changed_.pop_back();
  const std::lock_guard<std::mutex> lock(mutex_);
  for (ObjectFile* file : changed) {
    DO_CHECK(!file->open_, file->identity().name.idHex);
    file->undoLevel();
    release(*file);
  }
}

void ObjectFiles::keepLevel() {
  DO_CHECK(!changed_.empty());
  const std::vector<ObjectFile*> changed = std::move(changed_.back());
  changed_.pop_back();
  const std::lock_guard<std::mutex> lock(mutex_);
  for (ObjectFile* file : changed) {
    if (file->keepLevel()) noteLevel(*file);
    release(*file);
  }
}

void ObjectFiles::clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<ObjectFile*> files;
  for (const auto& [key, file] : objects_) {
    if (file->pages_ > 0) files.push_back(file.get());
  }
  for (ObjectFile* file : files) {
    DO_CHECK(!file->open_, file->identity().name.idHex);
    file->clear(*this);
    release(*file);
  }
}

}  // namespace holdfast::storage
