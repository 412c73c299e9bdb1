// How another database takes the place of an ObjectFile's: a restore, a copy (object_file.h).
#include <cstring>
#include <utility>

#include "base/check.h"
#include "storage/database_header.h"
#include "storage/object_file.h"

namespace holdfast::storage {

Status ObjectFile::stageRestore(sys::File& database, uint64_t offset) {
  DO_CHECK(loaded_ && staged_.empty() && image_.empty(), identity_.path);
  std::string header(kDatabaseHeaderBytes, '\0');
  const Result<size_t> got = database.read(offset, header.data(), header.size());
  if (!got.ok()) return got.status();
  const uint32_t pageBytes = databasePageBytes(std::string_view(header).substr(0, got.value()));
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

}  // namespace holdfast::storage
