#include "storage/object_files.h"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "storage/data_paths.h"

namespace holdfast::storage {
namespace {

constexpr int kRefuseFactor = 4;
constexpr auto kGatherTime = std::chrono::milliseconds(200);
constexpr int kGatherTimesMax = 25;
constexpr auto kPaceTime = std::chrono::milliseconds(2);
constexpr auto kThrottleTime = std::chrono::milliseconds(20);
constexpr auto kRetryTime = std::chrono::milliseconds(200);

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

std::optional<ObjectFiles::Which> ObjectFiles::waitForWork() {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto isOver = [this] { return isOverBound() && !dirty_.empty(); };
  const auto isWork = [&] {
    waitsForQuiet_ = dirtyQuiet_ == 0;
    return stopped_ || alarmRequest_ || dirtyQuiet_ > 0 || isOver();
  };
  if (options_.idleMs == 0) {
    work_.wait(lock, isWork);
  } else {
    work_.wait_for(lock, std::chrono::milliseconds(options_.idleMs), isWork);
  }
  waitsForQuiet_ = false;
  // Objects come to rest in batches, and a flush that takes more of them costs little more. While
  // commits go on, the disk and the processor have better to do, within limits.
  for (int i = 0; i < kGatherTimesMax; ++i) {
    const Lsn before = log_.last();
    const bool ends =
        work_.wait_for(lock, kGatherTime, [&] { return stopped_ || alarmRequest_ || isOver(); });
    if (ends || log_.last() == before) break;
  }
  if (stopped_) return std::nullopt;
  if (alarmRequest_) return Which::kAlarms;
  return isOver() ? Which::kAll : Which::kQuiet;
}

void ObjectFiles::pace() {
  if (isOverBound() || log_.last() == std::exchange(pacedAt_, log_.last())) return;
  std::unique_lock<std::mutex> lock(mutex_);
  work_.wait_for(lock, kPaceTime, [this] { return stopped_ || isOverBound(); });
}

// Not for long: the checkpointer may be waiting for the log in its turn.
void ObjectFiles::throttle() {
  if (!isOverBound()) return;
  std::unique_lock<std::mutex> lock(mutex_);
  room_.wait_for(lock, kThrottleTime, [this] { return stopped_ || !isOverBound(); });
}

void ObjectFiles::requestAlarms(AlarmRequest request) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    alarmRequest_ = std::move(request);
  }
  work_.notify_one();
}

std::optional<ObjectFiles::AlarmRequest> ObjectFiles::takeAlarmRequest() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(alarmRequest_, std::nullopt);
}

void ObjectFiles::waitBeforeRetry() {
  std::unique_lock<std::mutex> lock(mutex_);
  work_.wait_for(lock, kRetryTime, [this] { return stopped_; });
}

void ObjectFiles::stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
  }
  work_.notify_all();
  room_.notify_all();
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

void ObjectFiles::undoLevel() {
  DO_CHECK(!changed_.empty());
  const std::vector<ObjectFile*> changed = std::move(changed_.back());
  changed_.pop_back();
  const std::lock_guard<std::mutex> lock(mutex_);
  for (ObjectFile* file : changed) {
    DO_CHECK(!file->open_, file->identity().name.idHex);
    file->undoLevel();
    release(*file);
  }
}

void ObjectFiles::keepLevel() {
  DO_CHECK(!changed_.empty());
  const std::vector<ObjectFile*> changed = std::move(changed_.back());
  changed_.pop_back();
  const std::lock_guard<std::mutex> lock(mutex_);
  for (ObjectFile* file : changed) {
    if (file->keepLevel()) noteLevel(*file);
    release(*file);
  }
}

void ObjectFiles::clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<ObjectFile*> files;
  for (const auto& [key, file] : objects_) {
    if (file->pages_ > 0) files.push_back(file.get());
  }
  for (ObjectFile* file : files) {
    DO_CHECK(!file->open_, file->identity().name.idHex);
    file->clear(*this);
    release(*file);
  }
}

ObjectFiles::Work ObjectFiles::take(Which which, size_t most) {
  Work work = takeUnordered(which, most);
  // Neighbours in the index are written together.
  std::sort(work.alarms.begin(), work.alarms.end(),
            [](const AlarmUpdate& left, const AlarmUpdate& right) {
              return std::tie(left.object.uniqueKey, left.object.idHex) <
                     std::tie(right.object.uniqueKey, right.object.idHex);
            });
  return work;
}

ObjectFiles::Work ObjectFiles::takeUnordered(Which which, size_t most) {
  Work work;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (which == Which::kAlarms) most = 0;
  for (auto at = dirty_.begin(); at != dirty_.end() && work.objects.size() < most;) {
    ObjectFile& file = **at;
    if (file.committing_ || (which == Which::kQuiet && !file.isQuiet())) {
      ++at;
      continue;
    }
    inWork_.push_back(file.dirtySince_);
    work.objects.push_back(&file);
    file.dirtySince_ = 0;
    file.checkpointing_ = true;
    if (file.isQuiet()) --dirtyQuiet_;
    at = dirty_.erase(at);
  }
  work.alarms.reserve(alarms_.size());
  for (auto& [key, update] : alarms_) {
    if (update.oldest != 0) inWork_.push_back(update.oldest);
    work.alarms.push_back(std::move(update));
  }
  alarms_.clear();
  return work;
}

std::vector<ObjectFiles::NamesWanted> ObjectFiles::namesWanted() {
  std::vector<NamesWanted> wanted;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [uniqueKey, ns] : namespaces_) {
    const KnownFiles& known = knownOf(ns);
    if (known.wantsNames()) wanted.push_back({uniqueKey, ns, known.version()});
  }
  return wanted;
}

void ObjectFiles::learnNames(const NamesWanted& wanted, FileFilter files) {
  const std::lock_guard<std::mutex> lock(mutex_);
  knownOf(wanted.ns).learn(wanted.version, std::move(files));
}

void ObjectFiles::forgetNames(const std::string& uniqueKey) {
  const std::lock_guard<std::mutex> lock(mutex_);
  knownOf(numberOf(uniqueKey)).forget();
}

void ObjectFiles::settle(ObjectFile& file, const ObjectFile::Snapshot& snapshot) {
  addOverlayBytes(-static_cast<int64_t>(file.settle(snapshot)));
}

Lsn ObjectFiles::done(const Work& work) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (ObjectFile* file : work.objects) {
    file->checkpointing_ = false;
    const ObjectFile::Identity& identity = file->identity();
    knownOf(identity.ns).noteFile(identity.id, identity.facet);
    release(*file);
  }
  inWork_.clear();
  room_.notify_all();
  return retirable();
}

void ObjectFiles::putBack(Work work) {
  const std::lock_guard<std::mutex> lock(mutex_);
  // Dirty since the earliest of what was taken: too early costs nothing but log.
  const Lsn since = inWork_.empty() ? 1 : *std::min_element(inWork_.begin(), inWork_.end());
  for (ObjectFile* file : work.objects) {
    file->checkpointing_ = false;
    if (file->dirtySince_ == 0) continue;
    dirty_.erase(file->dirtyAt_);
    file->dirtySince_ = 0;
    if (file->isQuiet()) --dirtyQuiet_;
  }
  // Behind those that are dirty longer and were not taken: the first one decides what is retired.
  const auto behind = std::find_if(dirty_.begin(), dirty_.end(), [since](const ObjectFile* file) {
    return file->dirtySince_ > since;
  });
  for (ObjectFile* file : work.objects) {
    file->dirtySince_ = since;
    file->dirtyAt_ = dirty_.insert(behind, file);
    if (file->isQuiet()) ++dirtyQuiet_;
  }
  for (AlarmUpdate& update : work.alarms) {
    const auto [newer, isNew] = alarms_.try_emplace(keyOf(update.object), update);
    if (isNew) continue;
    if (update.oldest != 0) newer->second.oldest = update.oldest;
    std::optional<std::string>& name = newer->second.alarm.actorName;
    if (!name) name = std::move(update.alarm.actorName);
  }
  inWork_.clear();
}

// Below the first record that a file or the index misses.
Lsn ObjectFiles::retirable() const {
  Lsn missing = log_.durable() + 1;
  if (!dirty_.empty()) missing = std::min(missing, dirty_.front()->dirtySince_);
  for (const auto& [key, update] : alarms_) {
    if (update.oldest != 0) missing = std::min(missing, update.oldest);
  }
  return missing - 1;
}

}  // namespace holdfast::storage
