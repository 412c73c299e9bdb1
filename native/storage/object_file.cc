#include "storage/object_file.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "base/check.h"
#include "storage/byte_diff.h"
#include "storage/commit_log.h"
#include "storage/object_files.h"

namespace holdfast::storage {
namespace {

constexpr size_t kSparePagesMax = 4;
// The first page, which is asked for again and again, and that of a first table.
constexpr size_t kCleanPagesMax = 2;

}  // namespace

ObjectFile::Page ObjectFile::newPage() {
  if (spare_.empty()) return sys::makeSlabBytes(pageBytes_);
  Page page = std::move(spare_.back());
  spare_.pop_back();
  return page;
}

void ObjectFile::keepSpare(Page page) {
  if (page != nullptr && spare_.size() < kSparePagesMax) spare_.push_back(std::move(page));
}

Status ObjectFile::readBase(uint32_t number, char* into) {
  for (const auto& [kept, page] : clean_) {
    if (kept != number) continue;
    std::memcpy(into, page.get(), pageBytes_);
    return {};
  }
  const Result<std::shared_ptr<sys::File>> file = pool_->open(this, identity_.path);
  if (!file.ok()) return file.status();
  const uint64_t offset = uint64_t{number - 1} * pageBytes_;
  const Result<size_t> got = file.value()->read(offset, into, pageBytes_);
  if (!got.ok()) return got.status();
  std::memset(into + got.value(), 0, pageBytes_ - got.value());
  if (clean_.size() < kCleanPagesMax) {
    std::memcpy(clean_.emplace_back(number, newPage()).second.get(), into, pageBytes_);
  }
  return {};
}

// Once it is committed the file will have another one.
void ObjectFile::forgetClean(uint32_t number) {
  const auto found = std::find_if(clean_.begin(), clean_.end(),
                                  [number](const auto& page) { return page.first == number; });
  if (found == clean_.end()) return;
  keepSpare(std::move(found->second));
  clean_.erase(found);
}

Result<size_t> ObjectFile::read(uint64_t offset, char* into, size_t bytes) {
  const auto number = static_cast<uint32_t>(offset / pageBytes_) + 1;
  const size_t start = offset % pageBytes_;
  // SQLite reads whole pages, or parts of the first one.
  DO_CHECK(start + bytes <= pageBytes_, identity_.path, offset, bytes);
  if (number > stagedPages_) return size_t{0};
  const auto staged = staged_.find(number);
  if (staged != staged_.end()) {
    std::memcpy(into, staged->second.get() + start, bytes);
    return bytes;
  }
  if (!image_.empty() && number <= image_.size() / pageBytes_) {
    std::memcpy(into, image_.data() + offset, bytes);
    return bytes;
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto committed = overlay_.find(number);
    if (committed != overlay_.end()) {
      committed->second.held.read(start, into, bytes);
      return bytes;
    }
    if (number > fileLimit_) {
      std::memset(into, 0, bytes);
      return bytes;
    }
  }
  if (start == 0 && bytes == pageBytes_) {
    Status read = readBase(number, into);
    if (!read.ok()) return read;
    return bytes;
  }
  Page page = newPage();
  Status read = readBase(number, page.get());
  if (!read.ok()) return read;
  std::memcpy(into, page.get() + start, bytes);
  keepSpare(std::move(page));
  return bytes;
}

ObjectFile::Page& ObjectFile::stage(uint32_t number) {
  Page& page = staged_[number];
  if (page == nullptr) page = newPage();
  return page;
}

bool ObjectFile::write(uint64_t offset, std::string_view bytes) {
  const auto number = static_cast<uint32_t>(offset / pageBytes_) + 1;
  DO_CHECK(offset % pageBytes_ == 0 && bytes.size() == pageBytes_, identity_.path, offset,
           bytes.size());
  const bool isFull = (staged_.size() + 1) * uint64_t{pageBytes_} > transactionBytesMax_;
  if (isFull && !staged_.contains(number)) return false;
  std::memcpy(stage(number).get(), bytes.data(), bytes.size());
  stagedPages_ = std::max(stagedPages_, number);
  return true;
}

void ObjectFile::truncate(uint64_t bytes) {
  stagedPages_ = static_cast<uint32_t>((bytes + pageBytes_ - 1) / pageBytes_);
  std::erase_if(staged_, [this](const auto& page) { return page.first > stagedPages_; });
}

void ObjectFile::rollback() {
  for (auto& [number, page] : staged_) keepSpare(std::move(page));
  staged_.clear();
  restores_ = false;
  stagedPages_ = image_.empty() ? pages_.load() : static_cast<uint32_t>(image_.size() / pageBytes_);
}

void ObjectFile::abandon() {
  staged_.clear();
  spare_.clear();
  clean_.clear();
  image_ = {};
  restores_ = false;
  stagedPages_ = pages_;
}

const char* ObjectFile::previous(uint32_t number, char* buffer) {
  if (number > pages_) return nullptr;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto committed = overlay_.find(number);
    // Only this thread changes committed pages; the checkpointer may free this one meanwhile.
    if (committed != overlay_.end()) {
      committed->second.held.read(0, buffer, pageBytes_);
      return buffer;
    }
    if (number > fileLimit_) return nullptr;
  }
  Status read = readBase(number, buffer);
  if (read.ok()) return buffer;
  if (broken_.ok()) broken_ = std::move(read);
  return nullptr;
}

// The pages of the image that the first transaction left as they were are part of it.
void ObjectFile::stageImage() {
  const auto pages = static_cast<uint32_t>(image_.size() / pageBytes_);
  for (uint32_t number = 1; number <= std::min(pages, stagedPages_); ++number) {
    if (staged_.contains(number)) continue;
    std::memcpy(stage(number).get(), image_.data() + size_t{number - 1} * pageBytes_, pageBytes_);
  }
  image_ = {};
}

std::vector<uint32_t> ObjectFile::stagedNumbers() const {
  std::vector<uint32_t> numbers;
  numbers.reserve(staged_.size());
  for (const auto& [number, page] : staged_) numbers.push_back(number);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

CommitRecord ObjectFile::changes(const std::vector<uint32_t>& numbers) {
  CommitRecord record;
  record.ns = identity_.ns;
  record.object = identity_.id;
  record.facet = identity_.facet;
  record.partition = partitionOf(identity_.id);
  record.pageBytes = pageBytes_;
  record.pages = stagedPages_;
  // An object's first commit has nothing to compare with.
  Page buffer = pages_ > 0 ? newPage() : Page();
  for (const uint32_t number : numbers) {
    const char* after = staged_[number].get();
    const char* before = previous(number, buffer.get());
    diffPage(before, after, pageBytes_, [&](size_t offset, size_t length) {
      record.ranges.push_back(
          {number, static_cast<uint32_t>(offset), std::string_view(after + offset, length)});
    });
  }
  keepSpare(std::move(buffer));
  return record;
}

Result<Lsn> ObjectFile::commit(ObjectFiles& files, std::optional<RecordedAlarm> alarm,
                               TimestampMs now) {
  if (!image_.empty()) stageImage();
  if (staged_.empty() && stagedPages_ == pages_ && !alarm && !restores_) return Lsn{0};
  if (pool_ == nullptr) {
    const Lsn lsn = files.log().appendUnlogged();
    if (files.level() > 0) keepForLevel(files);
    apply(lsn);
    return lsn;
  }
  CommitRecord record = changes(stagedNumbers());
  if (!broken_.ok()) return std::exchange(broken_, Status());
  record.sequence = ++sequence_;
  record.at = now;
  record.alarm = std::move(alarm);
  record.restores = restores_;
  files.beginCommit(*this);
  const Lsn lsn = files.log().append(record, identity_.name.uniqueKey);
  files.addOverlayBytes(apply(lsn));
  files.endCommit(*this, lsn, record.alarm);
  return lsn;
}

// Packed when it has few bytes; the memory of the whole one is for the next transaction then.
HeldPage ObjectFile::holdStaged(Page page) {
  HeldPage packed = HeldPage::pack(page.get(), pageBytes_);
  if (packed.isEmpty()) return {std::move(page), pageBytes_};
  keepSpare(std::move(page));
  return packed;
}

int64_t ObjectFile::apply(Lsn lsn) {
  std::vector<std::pair<uint32_t, HeldPage>> pages;
  pages.reserve(staged_.size());
  for (auto& [number, page] : staged_) {
    forgetClean(number);
    pages.emplace_back(number, holdStaged(std::move(page)));
  }
  staged_.clear();
  const std::lock_guard<std::mutex> lock(mutex_);
  int64_t grown = 0;
  for (auto& [number, page] : pages) {
    CommittedPage& committed = overlay_[number];
    grown += static_cast<int64_t>(page.counted()) - static_cast<int64_t>(committed.counted());
    const bool isKept = keepForSnapshot(committed);
    std::swap(committed.held, page);
    committed.lsn = lsn;
    committed.isInFile = false;
    if (!isKept) keepSpare(page.takeWhole());
  }
  if (stagedPages_ < pages_) {
    for (auto page = overlay_.begin(); page != overlay_.end();) {
      const bool isGone = page->first > stagedPages_;
      if (isGone) grown -= static_cast<int64_t>(page->second.counted());
      if (isGone) keepForSnapshot(page->second);
      page = isGone ? overlay_.erase(page) : std::next(page);
    }
    std::erase_if(clean_, [this](const auto& page) { return page.first > stagedPages_; });
    fileLimit_ = std::min(fileLimit_, stagedPages_);
    leastSinceSnapshot_ = std::min(leastSinceSnapshot_, stagedPages_);
  }
  pages_ = stagedPages_;
  last_ = lsn;
  if (std::exchange(restores_, false)) restored_ = lsn;
  return grown;
}

// Under the lock. Whether the page has moved to where it lasts until it was copied.
bool ObjectFile::keepForSnapshot(CommittedPage& page) {
  if (!copying_ || page.held.isEmpty() || page.isInFile || page.lsn > *copying_) return false;
  replaced_.push_back(std::move(page.held));
  page.held = HeldPage();
  return true;
}

}  // namespace holdfast::storage
