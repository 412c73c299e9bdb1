#include "storage/object_file.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "base/check.h"
#include "storage/adopt_database.h"
#include "storage/byte_diff.h"
#include "storage/commit_log.h"
#include "storage/object_files.h"
#include "storage/sqlite_error.h"

namespace holdfast::storage {
namespace {

// SQLite file format, 1.3.
constexpr size_t kHeaderBytes = 100;
constexpr size_t kPageSizeAt = 16;
constexpr std::string_view kSqliteMagic("SQLite format 3\0", 16);
constexpr size_t kSparePagesMax = 4;
constexpr uint32_t kUsualPageBytes = 4096;
// The first page, which is asked for again and again, and that of a first table.
constexpr size_t kCleanPagesMax = 2;
// Of those that the file has, the first few stay in memory when they are packed: an object that
// wakes for one row (an alarm, a counter) needs no other and opens no file. A few hundred bytes.
constexpr uint32_t kInFilePagesMax = 3;

// 0: not a page size.
uint32_t pageSizeOf(std::string_view header) {
  const auto high = static_cast<unsigned char>(header[kPageSizeAt]);
  const auto low = static_cast<unsigned char>(header[kPageSizeAt + 1]);
  const uint32_t stored = (uint32_t{high} << 8U) | low;
  const uint32_t bytes = stored == 1 ? 65'536 : stored;
  const bool isSize = bytes >= 512 && (bytes & (bytes - 1)) == 0;
  return isSize ? bytes : 0;
}

}  // namespace

Status ObjectFile::load() {
  if (loaded_) return {};
  if (pool_ != nullptr && identity_.mayHaveFile) {
    Status looked = lookAtFile();
    if (!looked.ok()) return looked;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  fileLimit_ = leastSinceSnapshot_ = stagedPages_ = pages_;
  loaded_ = true;
  return {};
}

Status ObjectFile::lookAtFile() {
  Result<std::shared_ptr<sys::File>> file = pool_->open(this, identity_.path);
  if (!file.ok()) return file.status().code() == Code::kNotFound ? Status() : file.status();
  Page first = sys::makeSlabBytes(kUsualPageBytes);
  const auto readFirst = [&] { return file.value()->read(0, first.get(), kUsualPageBytes); };
  Result<size_t> got = readFirst();
  if (!got.ok()) return got.status();
  const auto header = [&] {
    return std::string_view(first.get(), std::min(got.value(), kHeaderBytes));
  };
  if (isForeign(header())) {
    pool_->forget(this);
    Status adopted = adoptDatabase(identity_.path);
    if (!adopted.ok()) return adopted;
    file = pool_->open(this, identity_.path);
    if (!file.ok()) return file.status();
    got = readFirst();
    if (!got.ok()) return got.status();
  }
  if (got.value() == 0) return {};
  const Result<uint64_t> size = file.value()->size();
  if (!size.ok()) return size.status();
  const bool isDatabase = header().size() == kHeaderBytes && header().starts_with(kSqliteMagic);
  pageBytes_ = isDatabase ? pageSizeOf(header()) : 0;
  if (pageBytes_ == 0) {
    return {Code::kCorrupt, damageMessage(identity_.path, "it is not a SQLite database")};
  }
  if (pageBytes_ == kUsualPageBytes && got.value() == pageBytes_)
    clean_.emplace_back(1, std::move(first));
  pages_ = static_cast<uint32_t>((size.value() + pageBytes_ - 1) / pageBytes_);
  return {};
}

// Left by a runtime that uses a write-ahead log or died with a rollback journal (workerd, sqlite3).
bool ObjectFile::isForeign(std::string_view header) const {
  constexpr size_t kReadVersionAt = 19;
  constexpr char kWalVersion = 2;
  if (header.starts_with(kSqliteMagic) && header[kReadVersionAt] == kWalVersion) return true;
  return pool_->files().exists(identity_.path + "-journal");
}

void ObjectFile::create(std::string_view image) {
  DO_CHECK(!exists() && image.size() % pageBytes_ == 0, identity_.path);
  image_ = image;
  stagedPages_ = static_cast<uint32_t>(image.size() / pageBytes_);
}

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

Status ObjectFile::stageRestore(sys::File& database, uint64_t offset) {
  DO_CHECK(loaded_ && staged_.empty() && image_.empty(), identity_.path);
  std::string header(kHeaderBytes, '\0');
  const Result<size_t> got = database.read(offset, header.data(), header.size());
  if (!got.ok()) return got.status();
  const uint32_t pageBytes =
      got.value() == kHeaderBytes && header.starts_with(kSqliteMagic) ? pageSizeOf(header) : 0;
  if (pageBytes == 0 || (pages_ > 0 && pageBytes != pageBytes_)) {
    return {Code::kUnsupported, "the database to restore has pages of another size"};
  }
  const Result<uint64_t> size = database.size();
  if (!size.ok()) return size.status();
  if (pageBytes != pageBytes_) spare_.clear();
  pageBytes_ = pageBytes;
  stagedPages_ = static_cast<uint32_t>((size.value() - offset) / pageBytes_);
  restores_ = true;
  return stageDifferent([&](uint32_t number, char* into) {
    const Result<size_t> whole =
        database.read(offset + uint64_t{number - 1} * pageBytes_, into, pageBytes_);
    if (!whole.ok()) return whole.status();
    std::memset(into + whole.value(), 0, pageBytes_ - whole.value());
    return Status();
  });
}

Status ObjectFile::stageCopy(ObjectFile& from) {
  DO_CHECK(loaded_ && from.loaded_ && staged_.empty() && image_.empty(), identity_.path);
  if (pages_ > 0 && from.pageBytes_ != pageBytes_)
    return {Code::kUnsupported, "the database to copy has pages of another size"};
  if (uint64_t{from.pages_} * from.pageBytes_ > transactionBytesMax_)
    return {Code::kResourceExhausted, "the database to copy is larger than transactionBytesMax"};
  if (from.pageBytes_ != pageBytes_) spare_.clear();
  pageBytes_ = from.pageBytes_;
  stagedPages_ = from.pages_;
  return stageDifferent([&](uint32_t number, char* into) {
    const char* committed = from.previous(number, into);
    if (!from.broken_.ok()) return std::exchange(from.broken_, Status());
    if (committed == nullptr) std::memset(into, 0, pageBytes_);
    return Status();
  });
}

// Of the pages up to stagedPages_, those that are not what they were.
Status ObjectFile::stageDifferent(const std::function<Status(uint32_t, char*)>& readPage) {
  const Page next = newPage();
  const Page present = newPage();
  for (uint32_t number = 1; number <= stagedPages_; ++number) {
    Status status = readPage(number, next.get());
    if (!status.ok()) return status;
    const char* before = previous(number, present.get());
    if (!broken_.ok()) return std::exchange(broken_, Status());
    if (before != nullptr && std::memcmp(before, next.get(), pageBytes_) == 0) continue;
    std::memcpy(stage(number).get(), next.get(), pageBytes_);
  }
  return {};
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
