#include "storage/log_replay.h"

#include <algorithm>
#include <utility>

#include "storage/checkpointer.h"
#include "storage/data_paths.h"

namespace holdfast::storage {
namespace {

constexpr char kDigits[] = "0123456789abcdef";

std::string hexOf(const ActorId& id) {
  std::string hex;
  hex.reserve(id.bytes.size() * 2);
  for (const uint8_t byte : id.bytes) {
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 0xFU];
  }
  return hex;
}

}  // namespace

Result<sys::File*> LogReplay::fileOf(const Object& object) {
  if (fileOwner_ == &object) return file_.get();
  fileOwner_ = nullptr;
  file_.reset();
  Result<std::unique_ptr<sys::File>> file = files_.open(object.path, sys::OpenMode::kRead);
  if (!file.ok() && file.status().code() != Code::kNotFound) return file.status();
  if (file.ok()) file_ = std::move(file).value();
  fileOwner_ = &object;
  return file_.get();
}

Status LogReplay::lookFor(Object& object) {
  if (object.isLookedFor) return {};
  const Result<sys::File*> file = fileOf(object);
  if (!file.ok()) return file.status();
  if (file.value() != nullptr) {
    const Result<uint64_t> size = file.value()->size();
    if (!size.ok()) return size.status();
    object.fileLimit =
        static_cast<uint32_t>((size.value() + object.pageBytes - 1) / object.pageBytes);
  }
  object.isLookedFor = true;
  return {};
}

Result<std::string*> LogReplay::page(Object& object, uint32_t number) {
  const auto [found, isNew] = object.changed.try_emplace(number);
  std::string& bytes = found->second;
  if (!isNew) return &bytes;
  bytes.assign(object.pageBytes, '\0');
  if (number > object.fileLimit) return &bytes;
  const Result<sys::File*> file = fileOf(object);
  if (!file.ok()) return file.status();
  const Result<size_t> got =
      file.value()->read(uint64_t{number - 1} * object.pageBytes, bytes.data(), object.pageBytes);
  if (!got.ok()) return got.status();
  return &bytes;
}

Status LogReplay::apply(const CommitRecord& record) {
  const auto named = names_.find(record.ns);
  if (named == names_.end()) {
    return {Code::kCorrupt,
            "commit " + std::to_string(record.lsn) + " is of a namespace without a name"};
  }
  const std::string hex = hexOf(record.object);
  const std::pair<std::string, std::string> key(named->second, hex);
  Object& object = objects_[key];
  if (object.path.empty()) {
    object.directory = namespaceDirectory(dataDir_, named->second);
    object.path = objectPath(object.directory, hex);
  }
  object.pageBytes = record.pageBytes;
  Status found = lookFor(object);
  if (!found.ok()) return found;
  for (const ByteRange& range : record.ranges) {
    Result<std::string*> bytes = page(object, range.page);
    if (!bytes.ok()) return bytes.status();
    bytes.value()->replace(range.offset, range.bytes.size(), range.bytes);
  }
  object.pages = record.pages;
  object.fileLimit = std::min(object.fileLimit, record.pages);
  object.changed.erase(object.changed.upper_bound(record.pages), object.changed.end());
  if (record.alarm) {
    AlarmUpdate& update = alarms_[key];
    std::optional<std::string> known = std::move(update.alarm.actorName);
    update = {{named->second, hex}, *record.alarm, record.lsn, record.lsn};
    if (!update.alarm.actorName) update.alarm.actorName = std::move(known);
  }
  ++commits_;
  return {};
}

Status LogReplay::writeObject(Object& object) {
  Result<std::unique_ptr<sys::File>> file = files_.open(object.path, sys::OpenMode::kCreate);
  if (!file.ok() && file.status().code() == Code::kNotFound) {
    // Durable with everything else, by the flush that follows.
    Status made = files_.createDirectories(object.directory);
    if (!made.ok()) return made;
    file = files_.open(object.path, sys::OpenMode::kCreate);
  }
  if (!file.ok()) return file.status();
  ObjectFile::Snapshot snapshot;
  snapshot.pageBytes = object.pageBytes;
  snapshot.size = object.pages;
  snapshot.fileLimit = object.fileLimit;
  for (auto& [number, bytes] : object.changed)
    snapshot.pages.push_back({number, 0, std::move(bytes)});
  object.changed.clear();
  return writePages(*file.value(), snapshot);
}

Status LogReplay::write() {
  fileOwner_ = nullptr;
  file_.reset();
  for (auto& [key, object] : objects_) {
    Status written = writeObject(object);
    if (!written.ok()) return written;
  }
  return {};
}

std::vector<AlarmUpdate> LogReplay::alarms() const {
  std::vector<AlarmUpdate> updates;
  updates.reserve(alarms_.size());
  for (const auto& [key, update] : alarms_) updates.push_back(update);
  return updates;
}

}  // namespace holdfast::storage
