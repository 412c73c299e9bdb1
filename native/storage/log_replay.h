// LogReplay: the pages and alarms that records add up to, in memory.
//
// Contract: apply() takes records in the order of their LSNs. A page starts as the file has it, as
// long as the database was never smaller than that since the first record; else as zeros. write()
// puts everything into the files, unflushed; nothing may be applied afterwards. Thread: one.
// Failure: kIo, kResourceExhausted; kCorrupt for a record of a namespace that no record names.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/alarm_store.h"
#include "storage/log_record.h"
#include "sys/file_system.h"

namespace holdfast::storage {

class LogReplay {
 public:
  // Where an object's database is: behind `offset` bytes of the file.
  struct Place {
    std::string directory;
    std::string path;
    uint64_t offset = 0;
  };
  struct Object {
    Place place;
    uint32_t pageBytes = 0;
    uint32_t pages = 0;
    uint32_t fileLimit = 0;  // pages of the file that count
    std::map<uint32_t, std::string> changed;
    bool isLookedFor = false;
  };
  // By uniqueKey and id.
  using Objects = std::map<std::pair<std::string, std::string>, Object>;

  using PlaceOf = std::function<Place(const ObjectName&)>;
  // Over the database files.
  LogReplay(sys::FileSystem& files, const std::string& dataDir);
  LogReplay(sys::FileSystem& files, PlaceOf placeOf)
      : files_(files), placeOf_(std::move(placeOf)) {}

  void name(const NamespaceRecord& ns) { names_[ns.ns] = ns.uniqueKey; }
  // Another segment begins, with names of its own.
  void forgetNames() { names_.clear(); }
  Status apply(const CommitRecord& record);
  Status apply(const CommitRecord& record, const std::string& uniqueKey);

  Status write();
  [[nodiscard]] std::vector<AlarmUpdate> alarms() const;
  [[nodiscard]] const Objects& objects() const { return objects_; }
  [[nodiscard]] std::vector<ObjectName> names() const;
  // The objects whose restore was carried out, and by which commit; the last one counts.
  struct Restored {
    ObjectName object;
    Lsn lsn = 0;
  };
  [[nodiscard]] const std::vector<Restored>& restored() const { return restored_; }
  // Of changed pages, in memory until write().
  [[nodiscard]] uint64_t bytes() const { return bytes_; }
  [[nodiscard]] uint64_t commits() const { return commits_; }

 private:
  Result<std::string*> page(Object& object, uint32_t number);
  // Null: there is none.
  Result<sys::File*> fileOf(const Object& object);
  Status lookFor(Object& object);
  Status writeObject(Object& object);

  sys::FileSystem& files_;
  const PlaceOf placeOf_;
  std::unordered_map<NamespaceNumber, std::string> names_;
  Objects objects_;
  std::map<std::pair<std::string, std::string>, AlarmUpdate> alarms_;
  std::vector<Restored> restored_;
  uint64_t commits_ = 0;
  // The one file that is open: a log may name more objects than a process may have files.
  std::unique_ptr<sys::File> file_;
  const Object* fileOwner_ = nullptr;
  uint64_t bytes_ = 0;
};

}  // namespace holdfast::storage
