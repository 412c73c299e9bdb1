#include "storage/alarm_indexes.h"

#include "storage/data_paths.h"

namespace holdfast::storage {

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

Result<std::vector<StoredAlarm>> AlarmIndexes::loadAll() {
  std::vector<StoredAlarm> alarms;
  const Result<std::vector<std::string>> namespaces = files_.list(namespacesDirectory(dataDir_));
  if (!namespaces.ok()) return namespaces.status();
  for (const std::string& uniqueKey : namespaces.value()) {
    if (!files_.exists(alarmIndexPath(namespaceDirectory(dataDir_, uniqueKey)))) continue;
    Result<AlarmIndex*> index = indexOf(uniqueKey);
    if (!index.ok()) return index.status();
    Status loaded = index.value()->loadAll(uniqueKey, alarms);
    if (!loaded.ok()) return loaded;
  }
  return alarms;
}

}  // namespace holdfast::storage
