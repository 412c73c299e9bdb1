#include "storage/base_images.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "storage/crc32c.h"
#include "storage/data_paths.h"
#include "storage/image_file.h"

namespace holdfast::storage {
namespace {

constexpr std::string_view kBeginName = "/begin";
constexpr std::string_view kBeginWord = "holdfast-history 1 ";
constexpr std::string_view kSuffix = ".base";
constexpr std::string_view kNewSuffix = ".new";
// Above this many files one flush of the whole file system is cheaper than one of each.
constexpr size_t kFlushedOneByOneMax = 8;

std::string encodeBeginning(const BaseImages::Beginning& beginning) {
  std::string text(kBeginWord);
  text += std::to_string(beginning.lsn) + " " + std::to_string(beginning.at) + " ";
  return text + std::to_string(crc32c({text})) + "\n";
}

std::optional<BaseImages::Beginning> parseBeginning(std::string_view text) {
  BaseImages::Beginning found;
  if (!text.starts_with(kBeginWord)) return std::nullopt;
  const char* at = text.data() + kBeginWord.size();
  const char* end = text.data() + text.size();
  at = std::from_chars(at, end, found.lsn).ptr;
  if (at == end) return std::nullopt;
  std::from_chars(at + 1, end, found.at);
  // One form for each value: the rest is compared.
  return encodeBeginning(found) == text ? std::optional(found) : std::nullopt;
}

}  // namespace

Result<std::optional<BaseImages::Beginning>> BaseImages::readBeginning(const std::string& path) {
  const Result<std::optional<std::string>> text = files_.readFile(path);
  if (!text.ok()) return text.status();
  if (!text.value()) return std::optional<Beginning>();
  const std::optional<Beginning> found = parseBeginning(*text.value());
  if (found) return found;
  return Status(Code::kCorrupt,
                path + " is damaged. Move the directory " + historyDirectory(dataDir_) +
                    " away to start without the history; the objects themselves are not in it.");
}

Status BaseImages::load() {
  const std::lock_guard<std::mutex> lock(mutex_);
  Result<std::optional<Beginning>> found =
      readBeginning(historyDirectory(dataDir_).append(kBeginName));
  if (!found.ok()) return found.status();
  beginning_ = found.value();
  if (!beginning_) return {};
  const Result<std::vector<std::string>> names = files_.list(basesDirectory(dataDir_));
  if (!names.ok()) return names.status();
  for (const std::string& name : names.value()) {
    found = readBeginning(basesDirectory(dataDir_).append("/").append(name).append(kBeginName));
    if (!found.ok()) return found.status();
    if (found.value()) namespaces_[name] = found.value()->lsn;
  }
  return {};
}

std::optional<BaseImages::Beginning> BaseImages::beginning() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return beginning_;
}

Status BaseImages::begin(const Beginning& beginning) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Status made = sys::createDirectoriesDurably(files_, basesDirectory(dataDir_));
  if (!made.ok()) return made;
  Status written =
      files_.replaceFile(historyDirectory(dataDir_).append(kBeginName), encodeBeginning(beginning));
  if (written.ok()) beginning_ = beginning;
  return written;
}

Status BaseImages::beginNamespace(const std::string& uniqueKey, const Beginning& beginning) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!beginning_) return {};
  const std::string directory = namespaceDirectory(historyDirectory(dataDir_), uniqueKey);
  Status status = sys::createDirectoriesDurably(files_, directory);
  // First: an object without an image must never count as unchanged since before.
  if (status.ok()) {
    status =
        files_.replaceFile(std::string(directory).append(kBeginName), encodeBeginning(beginning));
  }
  if (!status.ok()) return status;
  namespaces_[uniqueKey] = beginning.lsn;
  const Result<std::vector<std::string>> names = files_.list(directory);
  if (!names.ok()) return names.status();
  for (const std::string& name : names.value()) {
    if (!name.ends_with(kSuffix)) continue;
    status = files_.removeFile(directory + "/" + name);
    if (!status.ok()) return status;
  }
  return files_.syncDirectory(directory);
}

Status BaseImages::forgetAll() {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::string directory = historyDirectory(dataDir_);
  const std::string begin = std::string(directory).append(kBeginName);
  // First: what is left after a crash is no history without it.
  if (files_.exists(begin)) {
    Status ended = files_.removeFile(begin);
    if (ended.ok()) ended = files_.syncDirectory(directory);
    if (!ended.ok()) return ended;
  }
  beginning_.reset();
  namespaces_.clear();
  for (const std::string& tree : {basesDirectory(dataDir_), archiveDirectory(dataDir_)}) {
    if (!files_.exists(tree)) continue;
    Status removed = files_.removeTree(tree);
    if (removed.ok()) removed = files_.syncDirectory(directory);
    if (!removed.ok()) return removed;
  }
  return {};
}

std::string BaseImages::pathOf(const ObjectName& name) const {
  return namespaceDirectory(historyDirectory(dataDir_), name.uniqueKey)
      .append("/")
      .append(name.idHex)
      .append(kSuffix);
}

Lsn BaseImages::beginningLocked(const std::string& uniqueKey) const {
  const auto later = namespaces_.find(uniqueKey);
  const Lsn own = later == namespaces_.end() ? 0 : later->second;
  return std::max(own, beginning_ ? beginning_->lsn : 0);
}

Lsn BaseImages::beginningOf(const std::string& uniqueKey) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return beginningLocked(uniqueKey);
}

Result<std::optional<Lsn>> BaseImages::lsnOf(const ObjectName& name) {
  const std::string path = pathOf(name);
  Result<std::unique_ptr<sys::File>> file = files_.open(path, sys::OpenMode::kRead);
  if (!file.ok() && file.status().code() == Code::kNotFound) return std::optional<Lsn>();
  if (!file.ok()) return file.status();
  const Result<ImageHeader> header = readImageHeader(*file.value(), path);
  if (!header.ok()) return header.status();
  return std::optional<Lsn>(header.value().lsn);
}

Status BaseImages::makeImage(const Source& object, Lsn lsn, Made& made) {
  const std::string path = pathOf(object.name);
  const std::string directory =
      namespaceDirectory(historyDirectory(dataDir_), object.name.uniqueKey);
  std::vector<std::string>& directories = made.directories;
  if (std::find(directories.begin(), directories.end(), directory) == directories.end()) {
    Status there = sys::createDirectoriesDurably(files_, directory);
    if (!there.ok()) return there;
    directories.push_back(directory);
  }
  Result<std::unique_ptr<sys::File>> image =
      files_.open(std::string(path).append(kNewSuffix), sys::OpenMode::kCreate);
  if (!image.ok()) return image.status();
  Status status = image.value()->truncate(0);
  if (status.ok()) status = image.value()->write(0, encodeImageHeader({.lsn = lsn, .made = lsn}));
  if (!status.ok()) return status;
  made.paths.push_back(path);
  Result<std::unique_ptr<sys::File>> database = files_.open(object.path, sys::OpenMode::kRead);
  // It is new: its history begins with nothing.
  if (!database.ok() && database.status().code() == Code::kNotFound) return {};
  if (!database.ok()) return database.status();
  return copyBytes(*database.value(), 0, *image.value(), kImageHeaderBytes);
}

Status BaseImages::publish(const Made& made) {
  const bool flushes = flush_ == Flush::kYes;
  const bool oneByOne = made.paths.size() <= kFlushedOneByOneMax;
  Status status;
  if (flushes && !oneByOne) status = files_.syncAll(dataDir_);
  for (const std::string& path : made.paths) {
    const std::string temporary = std::string(path).append(kNewSuffix);
    if (status.ok() && flushes && oneByOne) status = files_.syncFile(temporary);
    if (status.ok()) status = files_.rename(temporary, path);
    if (!status.ok()) return status;
  }
  for (const std::string& directory : made.directories) {
    if (flushes) status = files_.syncDirectory(directory);
    if (!status.ok()) return status;
  }
  return {};
}

Status BaseImages::flush(const std::vector<ObjectName>& objects) {
  if (flush_ == Flush::kNo || objects.empty()) return {};
  if (objects.size() > kFlushedOneByOneMax) return files_.syncAll(dataDir_);
  for (const ObjectName& object : objects) {
    Status flushed = files_.syncFile(pathOf(object));
    if (!flushed.ok()) return flushed;
  }
  return {};
}

Status BaseImages::keep(const std::vector<Source>& objects) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!beginning_) return {};
  Made made;
  for (const Source& object : objects) {
    if (files_.exists(pathOf(object.name))) continue;
    Status status = makeImage(object, beginningLocked(object.name.uniqueKey), made);
    if (!status.ok()) return status;
  }
  return made.paths.empty() ? Status() : publish(made);
}

}  // namespace holdfast::storage
