// The checkpointer's side of an ObjectFile (object_file.h).
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "storage/object_file.h"

namespace holdfast::storage {
namespace {

// Of those that the file has, the first few stay in memory when they are packed: an object that
// wakes for one row (an alarm, a counter) needs no other and opens no file. A few hundred bytes.
constexpr uint32_t kInFilePagesMax = 3;

}  // namespace

ObjectFile::Snapshot ObjectFile::beginSnapshot() {
  Snapshot out;
  const std::lock_guard<std::mutex> lock(mutex_);
  DO_CHECK(!copying_, identity_.path);
  out.pageBytes = pageBytes_;
  out.size = pages_;
  out.fileLimit = fileLimit_;
  out.last = last_;
  out.restored = restored_;
  leastSinceSnapshot_ = pages_;
  copying_ = last_;
  out.pages.reserve(overlay_.size());
  for (const auto& [number, page] : overlay_) {
    if (!page.isInFile) out.pages.push_back({number, page.lsn, page.held.view()});
  }
  return out;
}

void ObjectFile::copyPages(Snapshot& snapshot) {
  std::sort(snapshot.pages.begin(), snapshot.pages.end(),
            [](const Snapshot::Page& a, const Snapshot::Page& b) { return a.number < b.number; });
  snapshot.bytes.resize(snapshot.pages.size() * snapshot.pageBytes);
  char* at = snapshot.bytes.data();
  for (Snapshot::Page& page : snapshot.pages) {
    page.held.read(0, at, snapshot.pageBytes);
    page.held = {};
    at += snapshot.pageBytes;
  }
  std::vector<HeldPage> replaced;  // freed after the lock
  const std::lock_guard<std::mutex> lock(mutex_);
  copying_.reset();
  replaced.swap(replaced_);
}

size_t ObjectFile::settle(const Snapshot& snapshot) {
  std::vector<HeldPage> freed;  // after the lock
  size_t bytes = 0;
  const std::lock_guard<std::mutex> lock(mutex_);
  fileLimit_ = std::min(snapshot.size, leastSinceSnapshot_);
  if (restored_ == snapshot.restored) restored_ = 0;
  for (const Snapshot::Page& page : snapshot.pages) {
    const auto found = overlay_.find(page.number);
    if (found == overlay_.end() || found->second.lsn != page.lsn) continue;
    bytes += found->second.counted();
    if (page.number <= kInFilePagesMax && found->second.held.isPacked()) {
      found->second.isInFile = true;
      continue;
    }
    freed.push_back(std::move(found->second.held));
    overlay_.erase(found);
  }
  return bytes;
}

}  // namespace holdfast::storage
