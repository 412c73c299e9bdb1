#include "storage/alarm_indexes.h"

#include <algorithm>
#include <tuple>

#include "storage/data_paths.h"

namespace holdfast::storage {
namespace {

bool comesBefore(const StoredAlarm& left, const StoredAlarm& right) {
  return std::tie(left.at, left.idHex) < std::tie(right.at, right.idHex);
}

// Those at one position stay together: a page begins behind a position.
void cutAfter(std::vector<StoredAlarm>& alarms, size_t most) {
  if (most == 0 || alarms.size() <= most) return;
  alarms.erase(std::upper_bound(alarms.begin(), alarms.end(), alarms[most - 1], comesBefore),
               alarms.end());
}

}  // namespace

Result<AlarmIndex*> AlarmIndexes::indexOf(const std::string& uniqueKey) {
  const auto found = open_.find(uniqueKey);
  if (found != open_.end()) return found->second.get();
  const bool flushes = durability_ == Durability::kFlush;
  const std::string directory = namespaceDirectory(dataDir_, uniqueKey);
  Status made =
      flushes ? createDirectoriesDurably(files_, directory) : files_.createDirectories(directory);
  if (!made.ok()) return made;
  Result<std::unique_ptr<AlarmIndex>> opened =
      AlarmIndex::open(alarmIndexPath(directory),
                       flushes ? Connection::Role::kIndex : Connection::Role::kIndexSystem);
  if (!opened.ok()) return opened.status();
  if (flushes) {
    Status named = files_.syncDirectory(directory);
    if (!named.ok()) return named;
  }
  return (open_[uniqueKey] = std::move(opened).value()).get();
}

Status AlarmIndexes::store(const std::vector<AlarmUpdate>& updates) {
  std::map<std::string, std::vector<const AlarmUpdate*>> byNamespace;
  for (const AlarmUpdate& update : updates) byNamespace[update.object.uniqueKey].push_back(&update);
  for (const auto& [uniqueKey, ofNamespace] : byNamespace) {
    Status stored = storeOf(uniqueKey, ofNamespace);
    if (!stored.ok()) return stored;
  }
  return {};
}

Status AlarmIndexes::storeOf(const std::string& uniqueKey,
                             const std::vector<const AlarmUpdate*>& updates) {
  Result<AlarmIndex*> index = indexOf(uniqueKey);
  if (!index.ok()) return index.status();
  Status status = index.value()->begin();
  for (const AlarmUpdate* update : updates) {
    if (!status.ok()) break;
    status = index.value()->settle(update->object.idHex, update->alarm.at, update->alarm.actorName);
  }
  if (status.ok()) return index.value()->end();
  index.value()->abandon();
  return status;
}

Result<AlarmPage> AlarmIndexes::readAfter(const AlarmPosition& after, size_t most) {
  AlarmPage page;
  std::vector<StoredAlarm>& alarms = page.alarms;
  const Result<std::vector<std::string>> namespaces = files_.list(namespacesDirectory(dataDir_));
  if (!namespaces.ok()) return namespaces.status();
  // One more than asked for says whether it is the last page.
  const size_t wanted = most + 1;
  for (const std::string& uniqueKey : namespaces.value()) {
    if (!files_.exists(alarmIndexPath(namespaceDirectory(dataDir_, uniqueKey)))) continue;
    Result<AlarmIndex*> index = indexOf(uniqueKey);
    if (!index.ok()) return index.status();
    const auto before = static_cast<ptrdiff_t>(alarms.size());
    Status read = index.value()->readAfter(after, wanted, uniqueKey, alarms);
    if (!read.ok()) return read;
    std::inplace_merge(alarms.begin(), alarms.begin() + before, alarms.end(), comesBefore);
    cutAfter(alarms, wanted);
  }
  page.isLast = alarms.size() <= most;
  cutAfter(alarms, most);
  return page;
}

}  // namespace holdfast::storage
