#include "storage/file_pool.h"

#include <utility>

namespace holdfast::storage {

Result<std::shared_ptr<sys::File>> FilePool::open(const void* owner, const std::string& path) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = byOwner_.find(owner);
    if (found != byOwner_.end()) {
      entries_.splice(entries_.begin(), entries_, found->second);
      return found->second->file;
    }
  }
  Result<std::unique_ptr<sys::File>> opened = files_.open(path, sys::OpenMode::kRead);
  if (!opened.ok()) return opened.status();
  std::shared_ptr<sys::File> file = std::move(opened).value();
  std::shared_ptr<sys::File> closed;  // after the lock
  const std::lock_guard<std::mutex> lock(mutex_);
  entries_.push_front({owner, file});
  byOwner_[owner] = entries_.begin();
  if (entries_.size() > openMax_) {
    closed = std::move(entries_.back().file);
    byOwner_.erase(entries_.back().owner);
    entries_.pop_back();
  }
  return file;
}

void FilePool::forget(const void* owner) {
  std::shared_ptr<sys::File> closed;
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = byOwner_.find(owner);
  if (found == byOwner_.end()) return;
  closed = std::move(found->second->file);
  entries_.erase(found->second);
  byOwner_.erase(found);
}

size_t FilePool::openCount() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return entries_.size();
}

}  // namespace holdfast::storage
