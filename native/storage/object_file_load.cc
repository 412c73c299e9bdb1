// How an ObjectFile begins: from its file, if there is one, or from an image (object_file.h).
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "storage/adopt_database.h"
#include "storage/database_header.h"
#include "storage/object_file.h"
#include "storage/sqlite_error.h"

namespace holdfast::storage {

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
    return std::string_view(first.get(), std::min(got.value(), kDatabaseHeaderBytes));
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
  pageBytes_ = databasePageBytes(header());
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
  return usesWriteAheadLog(header) || pool_->files().exists(identity_.path + "-journal");
}

void ObjectFile::create(std::string_view image) {
  DO_CHECK(!exists() && image.size() % pageBytes_ == 0, identity_.path);
  image_ = image;
  stagedPages_ = static_cast<uint32_t>(image.size() / pageBytes_);
}

}  // namespace holdfast::storage
