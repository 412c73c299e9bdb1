#include "storage/verify.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "storage/data_paths.h"
#include "storage/database_check.h"
#include "storage/facet_index.h"
#include "storage/log_recovery.h"
#include "storage/log_replay.h"
#include "storage/log_segment.h"

namespace holdfast::storage {
namespace {

constexpr const char* kRestoreObject =
    ". Restore the file from a copy, or move it away to start the object anew";
constexpr const char* kRestoreLog =
    ". Restore the data directory from a copy; or move the log directory away, which takes every "
    "object back to what its file holds, and run this again";

class Verify {
 public:
  Verify(sys::FileSystem& files, const std::string& dataDir)
      : files_(files), dataDir_(dataDir), replay_(files, dataDir), touched_(files, dataDir) {}

  Result<VerifyReport> run();

 private:
  using ObjectKey = std::pair<std::string, std::string>;

  // False: nothing else can be judged.
  Result<bool> checkFormat();
  Status checkLog();
  Status surveyLog(const Status& why);
  size_t newestWithBatch(const std::vector<SegmentFile>& segments);
  void surveySegment(const SegmentFile& segment, bool isLast, Status& first);
  Status checkNamespaces();
  Status checkNamespace(const std::string& uniqueKey);
  void checkObject(const ObjectKey& key, const std::string& path);
  void checkFacetIndex(const std::string& idHex, const std::string& path);
  void checkFacetNamed(const std::string& idHex, const std::string& path);
  void checkOpened(const ObjectKey& key, const std::string& path, Result<DatabaseCheck> opened);
  void checkAlarms(const std::string& uniqueKey);
  void checkRecords();

  void problem(const std::string& path, const std::string& what) {
    report_.problems.push_back({path, what});
  }
  void note(const std::string& path, const std::string& what) {
    report_.notes.push_back({path, what});
  }

  sys::FileSystem& files_;
  const std::string dataDir_;
  VerifyReport report_;
  bool isLogWhole_ = true;
  LogReplay replay_;   // of a whole log
  LogReplay touched_;  // of a damaged one: which objects its readable part changes
  // Of the namespace at hand.
  std::map<std::string, TimestampMs> alarms_;
  std::set<std::string> present_;
  std::map<std::string, size_t> facets_;  // by the object's id: how many its index names
};

Result<VerifyReport> Verify::run() {
  const Result<bool> known = checkFormat();
  if (!known.ok()) return known.status();
  if (!known.value()) return std::move(report_);
  Status status = checkLog();
  if (status.ok()) status = checkNamespaces();
  if (!status.ok()) return status;
  checkRecords();
  return std::move(report_);
}

Result<bool> Verify::checkFormat() {
  const std::string path = dataDir_ + "/format";
  const Result<std::optional<std::string>> content = files_.readFile(path);
  if (!content.ok()) return content.status();
  if (!content.value()) {
    note(path, "is missing: no Holdfast has used this directory yet");
    return true;
  }
  std::string found = *content.value();
  while (!found.empty() && found.back() == '\n') found.pop_back();
  if (found == kLayoutVersion) return true;
  problem(path, "says version \"" + found + "\"; this version of holdfast reads version " +
                    std::string(kLayoutVersion) + ". Use the version that wrote it");
  return false;
}

Status Verify::checkLog() {
  const std::string directory = logDirectory(dataDir_);
  const Result<std::vector<std::string>> names = files_.list(directory);
  if (!names.ok()) return names.status();
  for (const std::string& name : names.value()) {
    const std::string path = directory + "/" + name;
    if (!segmentFirstLsn(name)) {
      problem(path, "is no file of the commit log. Move it away");
      continue;
    }
    const Result<uint64_t> bytes = files_.fileSize(path);
    if (!bytes.ok()) return bytes.status();
    ++report_.segments;
    report_.logBytes += bytes.value();
  }
  const Result<RecoveryReport> read = readLog(files_, dataDir_, replay_);
  if (!read.ok()) return surveyLog(read.status());
  report_.commits = read.value().commits;
  if (read.value().torn) {
    note(directory,
         "ends in the middle of a write, as a process that was killed leaves it. The next start "
         "cuts that off; nothing in it was acknowledged");
  }
  return {};
}

// The log is damaged: what else is, and what it touches.
Status Verify::surveyLog(const Status& why) {
  isLogWhole_ = false;
  const std::string directory = logDirectory(dataDir_);
  const Result<std::vector<SegmentFile>> segments = segmentsOf(files_, directory);
  if (!segments.ok()) return segments.status();
  const size_t newest = newestWithBatch(segments.value());
  Status first = why;
  for (size_t at = 0; at < segments.value().size(); ++at) {
    surveySegment(segments.value()[at], at >= newest, first);
  }
  // Not the fault of one segment: one is missing, or a file could not be read.
  if (!first.ok()) problem(directory, first.message() + kRestoreLog);
  return {};
}

// What recovery takes for the last segment (log_recovery.cc): one that did not get as far as its
// first batch was being begun.
size_t Verify::newestWithBatch(const std::vector<SegmentFile>& segments) {
  for (size_t at = segments.size(); at > 0; --at) {
    const SegmentFile& segment = segments[at - 1];
    bool hasBatch = false;
    const auto visit = [&hasBatch](const ParsedRecord& record) -> Status {
      hasBatch |= record.kind == ParsedRecord::Kind::kBatch;
      return {};
    };
    const Result<std::optional<std::string>> content =
        files_.readFile(logDirectory(dataDir_) + "/" + segment.name);
    if (!content.ok() || !content.value()) return at - 1;
    const Result<SegmentScan> scan =
        scanSegment(*content.value(), segment.name, segment.first, true, visit);
    if (!scan.ok() || hasBatch) return at - 1;
  }
  return 0;
}

// `first` is what ended the start; it is cleared when this segment is what it speaks of.
void Verify::surveySegment(const SegmentFile& segment, bool isLast, Status& first) {
  const std::string path = logDirectory(dataDir_) + "/" + segment.name;
  const Result<std::optional<std::string>> content = files_.readFile(path);
  if (!content.ok() || !content.value()) {
    problem(path, content.ok() ? "is gone" : content.status().message());
    return;
  }
  touched_.forgetNames();
  const auto visit = [this](const ParsedRecord& record) -> Status {
    if (record.kind == ParsedRecord::Kind::kNamespace) touched_.name(record.ns);
    if (record.kind == ParsedRecord::Kind::kCommit) return touched_.apply(record.commit);
    return {};
  };
  const Result<SegmentScan> scan =
      scanSegment(*content.value(), segment.name, segment.first, isLast, visit);
  if (scan.ok()) return;
  problem(path, scan.status().message() + kRestoreLog);
  if (scan.status().message() == first.message()) first = Status();
}

Status Verify::checkNamespaces() {
  const Result<std::vector<std::string>> found = files_.list(namespacesDirectory(dataDir_));
  if (!found.ok()) return found.status();
  std::set<std::string> names(found.value().begin(), found.value().end());
  // Some are in the log alone.
  for (const auto& [key, object] : replay_.objects()) names.insert(key.first);
  for (const std::string& uniqueKey : names) {
    Status checked = checkNamespace(uniqueKey);
    if (!checked.ok()) return checked;
  }
  if (!isLogWhole_ && !touched_.objects().empty()) {
    note(namespacesDirectory(dataDir_),
         std::to_string(touched_.objects().size()) +
             " objects have commits in the damaged log and were not checked");
  }
  return {};
}

// `<64 hex digits>.sqlite`, the same of a facet, what SQLite puts beside it, an object's index of
// facets, or nothing of ours.
enum class EntryKind { kObject, kFacets, kIndex, kSide, kUnknown };
EntryKind kindOf(const std::string& uniqueKey, std::string_view name) {
  for (const std::string_view side : {"-wal", "-shm", "-journal"}) {
    if (!name.ends_with(side)) continue;
    name.remove_suffix(side.size());
    const EntryKind of = kindOf(uniqueKey, name);
    return of == EntryKind::kUnknown ? of : EntryKind::kSide;
  }
  if (name == kAlarmIndexName) return EntryKind::kIndex;
  if (name.ends_with(kFacetsSuffix)) {
    const std::string id(name.substr(0, name.size() - kFacetsSuffix.size()));
    const bool isRoot = checkObjectName({uniqueKey, id}).ok() && facetOf(id) == 0;
    return isRoot ? EntryKind::kFacets : EntryKind::kUnknown;
  }
  if (!name.ends_with(kSqliteSuffix)) return EntryKind::kUnknown;
  name.remove_suffix(kSqliteSuffix.size());
  const bool isObject = checkObjectName({uniqueKey, std::string(name)}).ok();
  return isObject ? EntryKind::kObject : EntryKind::kUnknown;
}

Status Verify::checkNamespace(const std::string& uniqueKey) {
  const std::string directory = namespaceDirectory(dataDir_, uniqueKey);
  const Result<std::vector<std::string>> names = files_.list(directory);
  if (!names.ok()) {
    problem(directory, "is no directory of objects. Move it away");
    return {};
  }
  alarms_.clear();
  present_.clear();
  facets_.clear();
  for (const std::string& name : names.value()) {
    const std::string path = directory + "/" + name;
    switch (kindOf(uniqueKey, name)) {
      case EntryKind::kObject:
        present_.insert(name.substr(0, name.size() - kSqliteSuffix.size()));
        break;
      case EntryKind::kFacets:
        checkFacetIndex(name.substr(0, name.size() - kFacetsSuffix.size()), path);
        break;
      case EntryKind::kIndex:
      case EntryKind::kSide:
        break;
      case EntryKind::kUnknown:
        problem(path, "is no file of an object. Move it away");
    }
  }
  for (const auto& [key, object] : replay_.objects()) {
    if (key.first == uniqueKey) present_.insert(key.second);
  }
  for (const std::string& idHex : present_) {
    checkObject({uniqueKey, idHex}, objectPath(directory, idHex));
    checkFacetNamed(idHex, objectPath(directory, idHex));
  }
  checkAlarms(uniqueKey);
  return {};
}

void Verify::checkObject(const ObjectKey& key, const std::string& path) {
  if (facetOf(key.second) == 0) ++report_.objects;
  if (!isLogWhole_ && touched_.objects().contains(key)) return;
  const auto replayed = replay_.objects().find(key);
  if (isLogWhole_ && replayed != replay_.objects().end()) {
    const LogReplay::Object& object = replayed->second;
    report_.objectBytes += uint64_t{object.pages} * object.pageBytes;
    if (isChangedByAnother(files_, object)) {
      problem(path,
              "was changed by another program (wrangler dev?) after Holdfast ended without "
              "storing everything: what the commit log holds for it no longer fits. Put the "
              "file back as it was; or move the log directory away, which gives up the "
              "commits in it");
      return;
    }
    checkOpened(key, path, DatabaseCheck::openReplayed(files_, object));
    return;
  }
  const Result<uint64_t> bytes = files_.fileSize(path);
  if (!bytes.ok()) {
    problem(path, bytes.status().message());
    return;
  }
  report_.objectBytes += bytes.value();
  // Made, and never written to.
  if (bytes.value() > 0) checkOpened(key, path, DatabaseCheck::open(files_, path));
}

void Verify::checkFacetIndex(const std::string& idHex, const std::string& path) {
  const Result<std::optional<std::string>> bytes = files_.readFile(path);
  if (!bytes.ok() || !bytes.value()) {
    problem(path, bytes.ok() ? "is gone" : bytes.status().message());
    return;
  }
  const Result<FacetIndex> index = FacetIndex::parse(*bytes.value());
  if (!index.ok()) {
    facets_[idHex] = kFacetsMax;  // which of them it names is not known
    problem(path, index.status().message() +
                      ", and no facet of this object starts. Restore the file from a copy");
    return;
  }
  facets_[idHex] = index.value().size();
  if (index.value().wholeBytes() < bytes.value()->size()) {
    note(path,
         "ends in the middle of a write, as a loss of power leaves it; nothing in it was used");
  }
}

// Nothing but its number says what a facet's database is.
void Verify::checkFacetNamed(const std::string& idHex, const std::string& path) {
  const FacetNumber facet = facetOf(idHex);
  if (facet == 0) return;
  const auto named = facets_.find(rootIdOf(idHex));
  if (named != facets_.end() && named->second >= facet) return;
  problem(path, std::string("is of a facet that the object's index (") +
                    std::string(kFacetsSuffix) +
                    ") does not name: nothing reaches it, and another facet may get its number. "
                    "Restore the index from a copy, or move this file away");
}

void Verify::checkOpened(const ObjectKey& key, const std::string& path,
                         Result<DatabaseCheck> opened) {
  if (opened.status().code() == Code::kUnsupported) {
    note(path, opened.status().message() + "; not checked");
    return;
  }
  Status status = opened.status();
  if (status.ok()) status = opened.value().integrity();
  if (status.ok()) {
    const Result<std::optional<TimestampMs>> alarm = opened.value().alarm();
    status = alarm.status();
    if (alarm.ok() && alarm.value()) alarms_[key.second] = *alarm.value();
  }
  if (!status.ok()) problem(path, "is damaged: " + status.message() + kRestoreObject);
}

void Verify::checkAlarms(const std::string& uniqueKey) {
  const std::string path = alarmIndexPath(namespaceDirectory(dataDir_, uniqueKey));
  std::map<std::string, TimestampMs> index;
  const Result<uint64_t> bytes = files_.fileSize(path);
  if (bytes.ok() && bytes.value() > 0) {
    Result<DatabaseCheck> opened = DatabaseCheck::open(files_, path);
    Status status = opened.status();
    if (status.ok()) status = opened.value().integrity();
    if (status.ok()) {
      const Result<std::vector<StoredAlarm>> rows = opened.value().alarms();
      status = rows.status();
      if (rows.ok()) {
        for (const StoredAlarm& alarm : rows.value()) index[alarm.idHex] = alarm.at;
      }
    }
    if (!status.ok()) {
      problem(path, "is damaged, and no alarm of this namespace fires: " + status.message() +
                        ". Restore the file from a copy");
      return;
    }
  }
  for (const AlarmUpdate& update : replay_.alarms()) {
    if (!isLogWhole_ || update.object.uniqueKey != uniqueKey) continue;
    index.erase(update.object.idHex);
    if (update.alarm.at) index[update.object.idHex] = *update.alarm.at;
  }
  for (const auto& [idHex, at] : alarms_) {
    const auto entry = index.find(idHex);
    if (entry != index.end() && entry->second <= at) continue;  // earlier: it looks, and waits
    problem(path, (entry == index.end() ? "lacks the alarm of object "
                                        : "has a later time than the alarm of object ") +
                      idHex + " at " + std::to_string(at) +
                      " ms: it does not fire in time. Call setAlarm() in that object again");
  }
  for (const auto& [idHex, at] : index) {
    if (present_.contains(idHex)) continue;
    problem(path, "has an alarm for object " + idHex +
                      ", which has no file. If the file was lost, restore it from a copy; else the "
                      "alarm is dropped when it is due");
  }
}

void Verify::checkRecords() {
  const std::string path = dataDir_ + "/records.sqlite";
  const Result<uint64_t> bytes = files_.fileSize(path);
  if (!bytes.ok() || bytes.value() == 0) return;
  Result<DatabaseCheck> opened = DatabaseCheck::open(files_, path);
  Status status = opened.status();
  if (status.ok()) status = opened.value().integrity();
  if (status.ok() || status.code() == Code::kUnsupported) return;
  problem(path, "is damaged: " + status.message() +
                    ". It holds which migrations were applied: restore it from a copy");
}

}  // namespace

Result<VerifyReport> verifyDataDirectory(sys::FileSystem& files, const std::string& dataDir) {
  if (!files.exists(dataDir + "/format") && !files.exists(namespacesDirectory(dataDir))) {
    return Status(Code::kNotFound, dataDir + " is no data directory: it has no objects (do/).");
  }
  const Result<std::unique_ptr<sys::FileLock>> lock = files.lock(dataDir + "/lock");
  if (!lock.ok()) {
    if (lock.status().code() != Code::kUnavailable) return lock.status();
    return Status(Code::kUnavailable, "The data directory is in use: " + lock.status().message() +
                                          ". Stop that process first.");
  }
  return Verify(files, dataDir).run();
}

}  // namespace holdfast::storage
