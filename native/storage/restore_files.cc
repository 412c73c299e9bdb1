#include "storage/restore_files.h"

#include <string_view>

#include "storage/data_paths.h"
#include "storage/image_file.h"

namespace holdfast::storage {
namespace {

constexpr std::string_view kSuffix = ".restore";
constexpr std::string_view kNewSuffix = ".new";

}  // namespace

RestoreFiles::RestoreFiles(sys::FileSystem& files, const std::string& dataDir)
    : files_(files), directory_(restoresDirectory(dataDir)) {}

std::string RestoreFiles::directoryOf(const std::string& uniqueKey) const {
  return directory_ + "/" + uniqueKey;
}

std::string RestoreFiles::pathOf(const ObjectName& object) const {
  return directoryOf(object.uniqueKey).append("/").append(object.idHex).append(kSuffix);
}

void RestoreFiles::countLocked() { waiting_.store(states_.size(), std::memory_order_release); }

Status RestoreFiles::load() {
  const Result<std::vector<std::string>> namespaces = files_.list(directory_);
  if (!namespaces.ok()) return namespaces.status();
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const std::string& uniqueKey : namespaces.value()) {
    const Result<std::vector<std::string>> names = files_.list(directoryOf(uniqueKey));
    if (!names.ok()) return names.status();
    for (const std::string& name : names.value()) {
      // The others were being built when the process ended.
      if (!name.ends_with(kSuffix)) continue;
      states_[{uniqueKey, name.substr(0, name.size() - kSuffix.size())}] = State::kWaits;
    }
  }
  countLocked();
  return {};
}

Status RestoreFiles::settle(const std::vector<LogReplay::Restored>& restored) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [object, lsn] : restored) {
    Status settled = settleLocked(object, lsn);
    if (!settled.ok()) return settled;
  }
  return {};
}

Status RestoreFiles::settle(const ObjectName& object, Lsn commit) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return settleLocked(object, commit);
}

Status RestoreFiles::settleLocked(const ObjectName& object, Lsn commit) {
  const std::string path = pathOf(object);
  {
    const Result<std::unique_ptr<sys::File>> file = files_.open(path, sys::OpenMode::kRead);
    if (!file.ok()) return file.status().code() == Code::kNotFound ? Status() : file.status();
    const Result<ImageHeader> header = readImageHeader(*file.value(), path);
    if (!header.ok()) return header.status();
    // It was asked for afterwards.
    if (header.value().made >= commit) return {};
  }
  Status removed = files_.removeFile(path);
  if (removed.ok()) removed = files_.syncDirectory(directoryOf(object.uniqueKey));
  if (removed.ok()) states_.erase({object.uniqueKey, object.idHex});
  countLocked();
  return removed;
}

Status RestoreFiles::forget(const std::string& uniqueKey) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::string directory = directoryOf(uniqueKey);
  if (!files_.exists(directory)) return {};
  Status removed = files_.removeTree(directory);
  if (removed.ok()) removed = files_.syncDirectory(directory_);
  if (!removed.ok()) return removed;
  std::erase_if(states_, [&](const auto& entry) { return entry.first.first == uniqueKey; });
  countLocked();
  return {};
}

std::optional<std::string> RestoreFiles::take(const ObjectName& object) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = states_.find({object.uniqueKey, object.idHex});
  if (found == states_.end()) return std::nullopt;
  found->second = State::kTaken;
  return pathOf(object);
}

void RestoreFiles::applied(const ObjectName& object) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    states_.erase({object.uniqueKey, object.idHex});
    countLocked();
  }
  changed_.notify_all();
}

void RestoreFiles::putBack(const ObjectName& object) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    states_[{object.uniqueKey, object.idHex}] = State::kWaits;
  }
  changed_.notify_all();
}

Result<std::string> RestoreFiles::temporaryPath(const ObjectName& object) {
  Status made = sys::createDirectoriesDurably(files_, directoryOf(object.uniqueKey));
  if (!made.ok()) return made;
  return pathOf(object).append(kNewSuffix);
}

Status RestoreFiles::place(const ObjectName& object, Lsn lsn, const CommitLog& log) {
  const Key key(object.uniqueKey, object.idHex);
  const std::string path = pathOf(object);
  const std::string temporary = std::string(path).append(kNewSuffix);
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [&] {
    const auto found = states_.find(key);
    return found == states_.end() || found->second == State::kWaits;
  });
  {
    Result<std::unique_ptr<sys::File>> file = files_.open(temporary, sys::OpenMode::kWrite);
    if (!file.ok()) return file.status();
    Status written = file.value()->write(0, encodeImageHeader({.lsn = lsn, .made = log.last()}));
    if (written.ok()) written = file.value()->sync();
    if (!written.ok()) return written;
  }
  Status placed = files_.rename(temporary, path);
  if (!placed.ok()) return placed;
  states_[key] = State::kWaits;
  countLocked();
  return files_.syncDirectory(directoryOf(object.uniqueKey));
}

}  // namespace holdfast::storage
