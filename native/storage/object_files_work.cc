// What the checkpointer works on: which objects and alarms it takes, and what their being done lets
// the log forget (object_files.h).
#include <algorithm>
#include <tuple>
#include <utility>

#include "storage/object_files.h"

namespace holdfast::storage {

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

}  // namespace holdfast::storage
