// AlarmIndexes: the alarm index of every namespace, `<dataDir>/do/<uniqueKey>/metadata.sqlite`
// (spec S3.13.3).
//
// Contract: as AlarmStore; an index is made with the first alarm of its namespace. Thread: one at a
// time. Owner: the engine.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "storage/alarm_index.h"
#include "storage/alarm_store.h"
#include "sys/file_system.h"

namespace holdfast::storage {

class AlarmIndexes final : public AlarmStore {
 public:
  AlarmIndexes(std::string dataDir, Durability durability, sys::FileSystem& files)
      : dataDir_(std::move(dataDir)), durability_(durability), files_(files) {}

  Status store(const std::vector<AlarmUpdate>& updates) override;
  // The first alarms of all of them after that position, in order, at most `most`; more where
  // several namespaces have the id of the last one at its time.
  Result<AlarmPage> readAfter(const AlarmPosition& after, size_t most);
  // The namespace's directory is about to be moved or removed.
  void close(const std::string& uniqueKey) { open_.erase(uniqueKey); }

 private:
  Result<AlarmIndex*> indexOf(const std::string& uniqueKey);
  Status storeOf(const std::string& uniqueKey, const std::vector<const AlarmUpdate*>& updates);

  const std::string dataDir_;
  const Durability durability_;
  sys::FileSystem& files_;
  std::map<std::string, std::unique_ptr<AlarmIndex>> open_;
};

}  // namespace holdfast::storage
