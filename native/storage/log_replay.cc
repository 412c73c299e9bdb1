#include "storage/log_replay.h"

#include <algorithm>
#include <utility>

#include "storage/checkpointer.h"
#include "storage/data_paths.h"

namespace holdfast::storage {

LogReplay::LogReplay(sys::FileSystem& files, const std::string& dataDir)
    : LogReplay(files, [dataDir](const ObjectName& name) {
        const std::string directory = namespaceDirectory(dataDir, name.uniqueKey);
        return Place{.directory = directory, .path = objectPath(directory, name.idHex)};
      }) {}

Result<sys::File*> LogReplay::fileOf(const Object& object) {
  if (fileOwner_ == &object) return file_.get();
  fileOwner_ = nullptr;
  file_.reset();
  Result<std::unique_ptr<sys::File>> file = files_.open(object.place.path, sys::OpenMode::kRead);
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
    const uint64_t bytes = size.value() - std::min(size.value(), object.place.offset);
    object.fileLimit = static_cast<uint32_t>((bytes + object.pageBytes - 1) / object.pageBytes);
  }
  object.isLookedFor = true;
  return {};
}

Result<std::string*> LogReplay::page(Object& object, uint32_t number) {
  const auto [found, isNew] = object.changed.try_emplace(number);
  std::string& bytes = found->second;
  if (!isNew) return &bytes;
  bytes.assign(object.pageBytes, '\0');
  bytes_ += object.pageBytes;
  if (number > object.fileLimit) return &bytes;
  const Result<sys::File*> file = fileOf(object);
  if (!file.ok()) return file.status();
  const Result<size_t> got =
      file.value()->read(object.place.offset + uint64_t{number - 1} * object.pageBytes,
                         bytes.data(), object.pageBytes);
  if (!got.ok()) return got.status();
  return &bytes;
}

Status LogReplay::apply(const CommitRecord& record) {
  const auto named = names_.find(record.ns);
  if (named == names_.end()) {
    return {Code::kCorrupt,
            "commit " + std::to_string(record.lsn) + " is of a namespace without a name"};
  }
  return apply(record, named->second);
}

Status LogReplay::apply(const CommitRecord& record, const std::string& uniqueKey) {
  const std::string hex = idHexOf(record.object, record.facet);
  const std::pair<std::string, std::string> key(uniqueKey, hex);
  Object& object = objects_[key];
  if (object.place.path.empty()) object.place = placeOf_({uniqueKey, hex});
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
    update = {{uniqueKey, hex}, *record.alarm, record.lsn, record.lsn};
    if (!update.alarm.actorName) update.alarm.actorName = std::move(known);
  }
  if (record.restores) restored_.push_back({{uniqueKey, hex}, record.lsn});
  ++commits_;
  return {};
}

Status LogReplay::writeObject(Object& object) {
  Result<std::unique_ptr<sys::File>> file = files_.open(object.place.path, sys::OpenMode::kCreate);
  if (!file.ok() && file.status().code() == Code::kNotFound) {
    // Durable with everything else, by the flush that follows.
    Status made = files_.createDirectories(object.place.directory);
    if (!made.ok()) return made;
    file = files_.open(object.place.path, sys::OpenMode::kCreate);
  }
  if (!file.ok()) return file.status();
  ObjectFile::Snapshot snapshot;
  snapshot.pageBytes = object.pageBytes;
  snapshot.size = object.pages;
  snapshot.fileLimit = object.fileLimit;
  for (const auto& [number, bytes] : object.changed) {
    snapshot.pages.push_back({number, 0});
    snapshot.bytes += bytes;
  }
  object.changed.clear();
  return writePages(*file.value(), snapshot, object.place.offset);
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

std::vector<ObjectName> LogReplay::names() const {
  std::vector<ObjectName> names;
  names.reserve(objects_.size());
  for (const auto& [key, object] : objects_) names.push_back({key.first, key.second});
  return names;
}

std::vector<AlarmUpdate> LogReplay::alarms() const {
  std::vector<AlarmUpdate> updates;
  updates.reserve(alarms_.size());
  for (const auto& [key, update] : alarms_) updates.push_back(update);
  return updates;
}

}  // namespace holdfast::storage
