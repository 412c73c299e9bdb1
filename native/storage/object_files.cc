#include "storage/object_files.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/check.h"
#include "storage/data_paths.h"

namespace holdfast::storage {
namespace {

constexpr int kRefuseFactor = 4;

}  // namespace

ObjectFiles::ObjectFiles(Options options, sys::FileSystem& files, CommitLog& log)
    : options_(std::move(options)), files_(files), log_(log), pool_(files, options_.openFilesMax) {}

NamespaceNumber ObjectFiles::numberOf(const std::string& uniqueKey) {
  const auto next = static_cast<NamespaceNumber>(namespaces_.size());
  return namespaces_.emplace(uniqueKey, next).first->second;
}

ObjectFiles::Key ObjectFiles::keyOf(const ObjectName& object) {
  return {numberOf(object.uniqueKey), actorIdOf(object.idHex), facetOf(object.idHex)};
}

KnownFiles& ObjectFiles::knownOf(NamespaceNumber ns) {
  if (known_.size() <= ns) known_.resize(size_t{ns} + 1);
  return known_[ns];
}

// Once for each namespace; not under the lock.
void ObjectFiles::lookForDirectory(NamespaceNumber ns, const std::string& directory) {
  uint64_t version = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    version = knownOf(ns).version();
  }
  // exists() would be false for one that cannot be looked at, too.
  const Status opened = files_.open(directory, sys::OpenMode::kRead).status();
  const std::lock_guard<std::mutex> lock(mutex_);
  knownOf(ns).begin(version, opened.code() != Code::kNotFound);
}

ObjectFile* ObjectFiles::open(const ObjectName& name, const ActorId& id) {
  const bool memory = options_.dataDir.empty();
  std::unique_lock<std::mutex> lock(mutex_);
  const NamespaceNumber ns = numberOf(name.uniqueKey);
  if (!memory && !knownOf(ns).isBegun()) {
    lock.unlock();
    lookForDirectory(ns, namespaceDirectory(options_.dataDir, name.uniqueKey));
    lock.lock();
  }
  const FacetNumber facet = facetOf(name.idHex);
  std::unique_ptr<ObjectFile>& object = objects_[{ns, id, facet}];
  if (object == nullptr) {
    const std::string directory =
        memory ? "" : namespaceDirectory(options_.dataDir, name.uniqueKey);
    object = std::make_unique<ObjectFile>(
        ObjectFile::Identity{.name = name,
                             .id = id,
                             .facet = facet,
                             .ns = ns,
                             .directory = directory,
                             .path = memory ? "" : objectPath(directory, name.idHex),
                             .mayHaveFile = knownOf(ns).mayExist(id, facet)},
        memory ? nullptr : &pool_, options_.transactionBytesMax);
  }
  if (object->open_) return nullptr;
  object->open_ = true;
  if (object->dirtySince_ != 0) --dirtyQuiet_;
  return object.get();
}

ObjectFile* ObjectFiles::findOpen(const ObjectName& name, const ActorId& id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = objects_.find({numberOf(name.uniqueKey), id, facetOf(name.idHex)});
  return found != objects_.end() && found->second->open_ ? found->second.get() : nullptr;
}

void ObjectFiles::close(ObjectFile* file) {
  pool_.forget(file);
  bool wakes = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    DO_CHECK(file->open_, file->identity().path);
    const bool isDirty = file->dirtySince_ != 0;
    if (isDirty && !file->isQuiet()) ++dirtyQuiet_;
    file->open_ = file->resting_ = false;
    release(*file);
    wakes = isDirty && std::exchange(waitsForQuiet_, false);
  }
  if (wakes) work_.notify_one();
}

void ObjectFiles::rest(ObjectFile& file) {
  pool_.forget(&file);
  bool wakes = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const bool isDirty = file.dirtySince_ != 0;
    if (isDirty && !file.isQuiet()) ++dirtyQuiet_;
    file.resting_ = true;
    wakes = isDirty && std::exchange(waitsForQuiet_, false);
  }
  if (wakes) work_.notify_one();
}

void ObjectFiles::wake(ObjectFile& file) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (file.resting_ && file.dirtySince_ != 0) --dirtyQuiet_;
  file.resting_ = false;
}

// Frees it when nothing keeps it.
void ObjectFiles::release(ObjectFile& file) {
  const bool kept = file.open_ || file.dirtySince_ != 0 || file.checkpointing_;
  const bool isMemory = options_.dataDir.empty() && (file.pages_ > 0 || !file.levels_.empty());
  if (kept || isMemory) return;
  pool_.forget(&file);
  objects_.erase({file.identity().ns, file.identity().id, file.identity().facet});
}

void ObjectFiles::markDirty(ObjectFile& file, Lsn since) {
  if (file.dirtySince_ != 0) return;
  file.dirtySince_ = since;
  dirty_.push_back(&file);
  file.dirtyAt_ = std::prev(dirty_.end());
  if (file.isQuiet()) ++dirtyQuiet_;
}

bool ObjectFiles::isOverBound() const {
  return overlayBytes_.load(std::memory_order_relaxed) > options_.overlayBytesMax ||
         log_.bytes() > options_.logBytesMax;
}

Status ObjectFiles::admit() {
  const bool tooFar =
      overlayBytes_.load(std::memory_order_relaxed) > kRefuseFactor * options_.overlayBytesMax ||
      log_.bytes() > kRefuseFactor * options_.logBytesMax;
  if (!tooFar || options_.dataDir.empty()) return log_.admit();
  return {Code::kResourceExhausted,
          "too much is written faster than the disk takes it (overlayBytesMax, logBytesMax): the "
          "object was reset"};
}

void ObjectFiles::beginCommit(ObjectFile& file) {
  const std::lock_guard<std::mutex> lock(mutex_);
  file.committing_ = true;
  if (file.pages_ == 0) knownOf(file.identity().ns).noteMade();
  // A lower bound of the LSN that the commit will get.
  markDirty(file, log_.last() + 1);
}

void ObjectFiles::endCommit(ObjectFile& file, Lsn lsn, const std::optional<RecordedAlarm>& alarm) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (isOverBound()) work_.notify_one();
  file.committing_ = false;
  if (!alarm) return;
  const ObjectFile::Identity& identity = file.identity();
  AlarmUpdate& update = alarms_[{identity.ns, identity.id, identity.facet}];
  std::optional<std::string> known = std::move(update.alarm.actorName);
  update = {identity.name, *alarm, update.oldest == 0 ? lsn : update.oldest, lsn};
  if (!update.alarm.actorName) update.alarm.actorName = std::move(known);
}

void ObjectFiles::settleAlarm(const ObjectName& object, std::optional<TimestampMs> at) {
  const std::lock_guard<std::mutex> lock(mutex_);
  AlarmUpdate& update = alarms_[keyOf(object)];
  update.object = object;
  update.alarm.at = at;
}

std::vector<std::string> ObjectFiles::objectsOf(const std::string& uniqueKey) {
  std::vector<std::string> ids;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [key, object] : objects_) {
      if (object->identity().name.uniqueKey == uniqueKey && object->pages_ > 0)
        ids.push_back(idHexOf(key.id, 0));
    }
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace holdfast::storage
