#include "storage/log_recovery.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "storage/data_paths.h"
#include "storage/log_replay.h"
#include "storage/log_segment.h"

namespace holdfast::storage {
namespace {

class Recovery {
 public:
  Recovery(sys::FileSystem& files, const std::string& dataDir, LogReplay& replay)
      : files_(files), directory_(logDirectory(dataDir)), replay_(replay) {}

  Status read();
  Status flushNewest();
  RecoveryReport report;

 private:
  Result<std::string> contentOf(const SegmentFile& segment);
  Status findNewest();
  Status readSegment(const SegmentFile& segment, const std::string& content, bool isLast);
  Status missing(Lsn lsn) const;

  sys::FileSystem& files_;
  const std::string directory_;
  LogReplay& replay_;
  std::vector<SegmentFile> segments_;
  std::string newest_;        // content of the last segment
  uint64_t newestBytes_ = 0;  // of it, the whole records
  Lsn retired_ = 0;
  Lsn read_ = 0;  // the last LSN of what was read; 0: nothing was
};

Result<std::string> Recovery::contentOf(const SegmentFile& segment) {
  const std::string path = directory_ + "/" + segment.name;
  Result<std::optional<std::string>> content = files_.readFile(path);
  if (!content.ok()) return content.status();
  return std::move(content).value().value_or(std::string());
}

// The newest segment that got as far as its first batch: it says how far the log was retired. One
// after it that did not was being begun when the process ended.
Status Recovery::findNewest() {
  while (!segments_.empty()) {
    Result<std::string> content = contentOf(segments_.back());
    if (!content.ok()) return content.status();
    bool hasBatch = false;
    const Result<SegmentScan> scan =
        scanSegment(content.value(), segments_.back().name, segments_.back().first, true,
                    [&](const ParsedRecord& record) {
                      if (record.kind == ParsedRecord::Kind::kBatch) {
                        hasBatch = true;
                        retired_ = std::max(retired_, record.batch.retired);
                      }
                      return Status();
                    });
    if (!scan.ok()) return scan.status();
    if (hasBatch) {
      newest_ = std::move(content).value();
      return {};
    }
    report.torn = true;
    report.last = std::max(report.last, segments_.back().first - 1);
    segments_.pop_back();
  }
  return {};
}

Status Recovery::missing(Lsn lsn) const {
  return {Code::kCorrupt, "the commit log in " + directory_ + " lacks the segment with commit " +
                              std::to_string(lsn) +
                              ". Put the file back, or restore the data directory from a copy"};
}

Status Recovery::readSegment(const SegmentFile& segment, const std::string& content, bool isLast) {
  replay_.forgetNames();
  const auto visit = [this](const ParsedRecord& record) -> Status {
    if (record.kind == ParsedRecord::Kind::kNamespace) replay_.name(record.ns);
    if (record.kind != ParsedRecord::Kind::kCommit || record.commit.lsn <= retired_) return {};
    return replay_.apply(record.commit);
  };
  const Result<SegmentScan> scan = scanSegment(content, segment.name, segment.first, isLast, visit);
  if (!scan.ok()) return scan.status();
  ++report.segments;
  report.bytes += scan.value().wholeBytes;
  report.torn |= scan.value().torn;
  read_ = scan.value().last;
  report.last = std::max(report.last, read_);
  if (isLast) newestBytes_ = scan.value().wholeBytes;
  return {};
}

// What a process that died wrote and never flushed is read like the rest, and what a flush that
// failed left behind: the system shows it as written, though no flush will bring it to the disk.
// So it is written once more. The segments before were flushed before this one was begun.
Status Recovery::flushNewest() {
  const std::string path = directory_ + "/" + segments_.back().name;
  const Result<std::unique_ptr<sys::File>> file = files_.open(path, sys::OpenMode::kWrite);
  if (!file.ok()) return file.status();
  Status status = file.value()->write(0, std::string_view(newest_).substr(0, newestBytes_));
  // What was taken in advance behind it may be what the files lack now.
  if (status.ok()) status = file.value()->truncate(newestBytes_);
  if (status.ok()) status = file.value()->sync();
  newest_ = {};
  return status.ok() ? files_.syncDirectory(directory_) : status;
}

Status Recovery::read() {
  Result<std::vector<SegmentFile>> found = segmentsOf(files_, directory_);
  if (!found.ok()) return found.status();
  segments_ = std::move(found).value();
  Status status = findNewest();
  if (!status.ok() || segments_.empty()) return status;
  size_t at = 0;
  // Left over: all they hold is in the files.
  while (at + 1 < segments_.size() && segments_[at + 1].first <= retired_ + 1) ++at;
  if (segments_[at].first > retired_ + 1) return missing(retired_ + 1);
  for (; at < segments_.size(); ++at) {
    if (report.segments > 0 && segments_[at].first != read_ + 1) return missing(read_ + 1);
    const bool isLast = at + 1 == segments_.size();
    const Result<std::string> older = isLast ? std::string() : contentOf(segments_[at]);
    if (!older.ok()) return older.status();
    status = readSegment(segments_[at], isLast ? newest_ : older.value(), isLast);
    if (!status.ok()) return status;
  }
  report.last = std::max(report.last, retired_);
  report.commits = replay_.commits();
  report.objects = replay_.objects().size();
  return {};
}

Status withAdvice(const Status& why, const std::string& dataDir) {
  if (why.code() != Code::kCorrupt) return why;
  return {why.code(), why.message() + ". Nothing was changed. `holdfast verify --data-dir " +
                          dataDir + "` tells what is damaged and what can be saved."};
}

Status changedByAnother(const std::string& path, const std::string& dataDir) {
  return {Code::kCorrupt,
          path +
              " was changed by another program (wrangler dev?) after Holdfast ended without "
              "storing everything, and what the commit log still holds for it no longer fits. "
              "Nothing was changed. Put the file back as it was; or move " +
              logDirectory(dataDir) +
              " away, which gives up the commits in it and keeps what the other program wrote."};
}

}  // namespace

Result<std::vector<SegmentFile>> segmentsOf(sys::FileSystem& files, const std::string& directory) {
  const Result<std::vector<std::string>> names = files.list(directory);
  if (!names.ok()) return names.status();
  std::vector<SegmentFile> segments;
  for (const std::string& name : names.value()) {
    if (const std::optional<Lsn> first = segmentFirstLsn(name)) segments.push_back({*first, name});
  }
  std::sort(segments.begin(), segments.end(),
            [](const SegmentFile& a, const SegmentFile& b) { return a.first < b.first; });
  return segments;
}

Result<RecoveryReport> readLog(sys::FileSystem& files, const std::string& dataDir,
                               LogReplay& replay) {
  Recovery recovery(files, dataDir, replay);
  Status status = recovery.read();
  if (!status.ok()) return status;
  return recovery.report;
}

bool isChangedByAnother(sys::FileSystem& files, const LogReplay::Object& object) {
  constexpr size_t kReadVersionAt = 19;  // SQLite file format, 1.3
  constexpr char kWalVersion = 2;
  const Result<std::unique_ptr<sys::File>> file =
      files.open(object.place.path, sys::OpenMode::kRead);
  if (!file.ok()) return false;
  if (files.exists(object.place.path + "-wal") || files.exists(object.place.path + "-journal"))
    return true;
  char version = 0;
  const Result<size_t> got = file.value()->read(kReadVersionAt, &version, 1);
  return got.ok() && got.value() == 1 && version == kWalVersion;
}

Result<RecoveryReport> recoverLog(
    sys::FileSystem& files, const std::string& dataDir, Flush flush, AlarmStore& alarms,
    const std::function<Status(const std::vector<ObjectName>&)>& beforeWrite) {
  LogReplay replay(files, dataDir);
  Recovery recovery(files, dataDir, replay);
  Status status = recovery.read();
  if (!status.ok()) return withAdvice(status, dataDir);
  if (recovery.report.commits == 0) return recovery.report;
  for (const auto& [key, object] : replay.objects()) {
    if (isChangedByAnother(files, object)) return changedByAnother(object.place.path, dataDir);
  }
  recovery.report.restored = replay.restored();
  // A page may reach its file only after its records are durable (object_file.h).
  if (flush == Flush::kYes) status = recovery.flushNewest();
  if (status.ok() && beforeWrite) status = beforeWrite(replay.names());
  if (status.ok()) status = replay.write();
  if (status.ok() && flush == Flush::kYes) status = files.syncAll(dataDir);
  if (!status.ok()) return status;
  const std::vector<AlarmUpdate> updates = replay.alarms();
  if (!updates.empty()) status = alarms.store(updates);
  if (!status.ok()) return status;
  return recovery.report;
}

}  // namespace holdfast::storage
