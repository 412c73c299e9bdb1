#include "storage/checkpointer.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "storage/data_paths.h"

namespace holdfast::storage {
namespace {

// Above this many files one flush of the whole file system is cheaper than one of each.
constexpr size_t kFlushedOneByOneMax = 8;
// That many files are written between two pauses.
constexpr size_t kFilesPerPace = 16;

}  // namespace

Status writePages(sys::File& file, const ObjectFile::Snapshot& snapshot, uint64_t start) {
  const uint64_t kept = start + uint64_t{snapshot.fileLimit} * snapshot.pageBytes;
  const uint64_t wanted = start + uint64_t{snapshot.size} * snapshot.pageBytes;
  const Result<uint64_t> before = file.size();
  if (!before.ok()) return before.status();
  uint64_t size = before.value();
  // A page that the database lost and got again need not be among `pages`.
  if (size > kept) {
    Status cut = file.truncate(kept);
    if (!cut.ok()) return cut;
    size = kept;
  }
  // Pages that follow each other are written together.
  const std::vector<ObjectFile::Snapshot::Page>& pages = snapshot.pages;
  for (size_t first = 0, next = 0; first < pages.size(); first = next) {
    next = first + 1;
    while (next < pages.size() && pages[next].number == pages[next - 1].number + 1) ++next;
    const std::string_view run =
        std::string_view(snapshot.bytes)
            .substr(first * snapshot.pageBytes, (next - first) * snapshot.pageBytes);
    const uint64_t offset = start + uint64_t{pages[first].number - 1} * snapshot.pageBytes;
    Status written = file.write(offset, run);
    if (!written.ok()) return written;
    size = std::max(size, offset + run.size());
  }
  return size == wanted ? Status() : file.truncate(wanted);
}

Result<bool> Checkpointer::round(ObjectFiles::Which which) {
  ObjectFiles::Work work = objects_.take(which, options_.objectsPerRound);
  if (work.objects.empty() && work.alarms.empty()) return false;
  Snapshots snapshots;
  snapshots.reserve(work.objects.size());
  for (ObjectFile* object : work.objects) snapshots.push_back(object->snapshot());
  Status status = carryOut(work, snapshots, which);
  if (!status.ok()) {
    objects_.putBack(std::move(work));
    return status;
  }
  for (size_t i = 0; i < snapshots.size(); ++i) objects_.settle(*work.objects[i], snapshots[i]);
  log_.retire(objects_.done(work));
  readNames();
  return true;
}

// What cannot be read is asked for again after the next round; new objects look for their files
// until then.
void Checkpointer::readNames() {
  for (const ObjectFiles::NamesWanted& wanted : objects_.namesWanted()) {
    std::vector<uint64_t> files;
    const auto add = [&](std::string_view name) {
      if (!name.ends_with(kSqliteSuffix)) return;
      const ObjectName object{wanted.uniqueKey,
                              std::string(name.substr(0, name.size() - kSqliteSuffix.size()))};
      if (!checkObjectName(object).ok()) return;
      files.push_back(FileFilter::hashOf(actorIdOf(object.idHex), facetOf(object.idHex)));
    };
    const Status read =
        files_.forEachName(namespaceDirectory(options_.dataDir, wanted.uniqueKey), add);
    if (read.ok()) objects_.learnNames(wanted, FileFilter(files));
  }
}

Status Checkpointer::carryOut(const ObjectFiles::Work& work, const Snapshots& snapshots,
                              ObjectFiles::Which which) {
  const bool hasTime = which == ObjectFiles::Which::kQuiet && options_.pace != nullptr;
  Lsn newest = 0;
  for (const ObjectFile::Snapshot& snapshot : snapshots) newest = std::max(newest, snapshot.last);
  for (const AlarmUpdate& alarm : work.alarms) newest = std::max(newest, alarm.newest);
  if (!log_.waitDurable(newest)) {
    return {Code::kUnavailable, "the log cannot be written: nothing is checkpointed any more"};
  }
  Status status = keepBases(work);
  if (!status.ok()) return status;
  for (size_t i = 0; i < snapshots.size(); ++i) {
    if (hasTime && i % kFilesPerPace == kFilesPerPace - 1) options_.pace();
    status = writeObject(*work.objects[i], snapshots[i]);
    if (!status.ok()) return status;
  }
  status = flush(work);
  if (status.ok()) status = settleRestores(work, snapshots);
  if (!status.ok() || work.alarms.empty()) return status;
  return alarms_.store(work.alarms);
}

Status Checkpointer::keepBases(const ObjectFiles::Work& work) {
  if (options_.bases == nullptr) return {};
  std::vector<BaseImages::Source> sources;
  sources.reserve(work.objects.size());
  for (const ObjectFile* object : work.objects)
    sources.push_back({object->identity().name, object->identity().path});
  return options_.bases->keep(sources);
}

// The log may forget that a restore was carried out only when its file is gone.
Status Checkpointer::settleRestores(const ObjectFiles::Work& work, const Snapshots& snapshots) {
  for (size_t i = 0; i < snapshots.size(); ++i) {
    if (snapshots[i].restored == 0 || options_.restores == nullptr) continue;
    Status settled =
        options_.restores->settle(work.objects[i]->identity().name, snapshots[i].restored);
    if (!settled.ok()) return settled;
  }
  return {};
}

// `mayBeNew`: the file, if there is one, has nothing that counts.
Result<std::unique_ptr<sys::File>> Checkpointer::openFile(const ObjectFile& object, bool mayBeNew) {
  const ObjectFile::Identity& identity = object.identity();
  if (!mayBeNew) {
    Result<std::unique_ptr<sys::File>> there = files_.open(identity.path, sys::OpenMode::kWrite);
    if (there.ok() || there.status().code() != Code::kNotFound) return there;
  }
  newNamesIn_.insert(identity.directory);
  Result<std::unique_ptr<sys::File>> file = files_.open(identity.path, sys::OpenMode::kCreate);
  if (file.ok() || file.status().code() != Code::kNotFound) return file;
  // The first object of its namespace.
  newNamesIn_.insert(namespacesDirectory(options_.dataDir));
  Status made = files_.createDirectories(identity.directory);
  return made.ok() ? files_.open(identity.path, sys::OpenMode::kCreate) : made;
}

Status Checkpointer::writeObject(const ObjectFile& object, const ObjectFile::Snapshot& snapshot) {
  const Result<std::unique_ptr<sys::File>> file = openFile(object, snapshot.fileLimit == 0);
  return file.ok() ? writePages(*file.value(), snapshot) : file.status();
}

Status Checkpointer::flush(const ObjectFiles::Work& work) {
  if (!options_.flush || work.objects.empty()) return {};
  if (work.objects.size() > kFlushedOneByOneMax) {
    Status flushed = files_.syncAll(options_.dataDir);
    if (flushed.ok()) newNamesIn_.clear();
    return flushed;
  }
  for (const ObjectFile* object : work.objects) {
    Status flushed = files_.syncFile(object->identity().path);
    if (!flushed.ok()) return flushed;
  }
  while (!newNamesIn_.empty()) {
    Status named = files_.syncDirectory(*newNamesIn_.begin());
    if (!named.ok()) return named;
    newNamesIn_.erase(newNamesIn_.begin());
  }
  return {};
}

}  // namespace holdfast::storage
