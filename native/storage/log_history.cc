#include "storage/log_history.h"

#include <set>
#include <unordered_map>
#include <utility>

#include "storage/data_paths.h"
#include "storage/log_segment.h"

namespace holdfast::storage {

LogHistory::LogHistory(sys::FileSystem& files, const std::string& dataDir, CommitLog& log)
    : files_(files),
      directory_(logDirectory(dataDir)),
      archive_(archiveDirectory(dataDir)),
      log_(log) {}

Result<std::vector<LogHistory::Segment>> LogHistory::segments() {
  // In this order: a segment that moves in between is in both lists, and not in neither.
  const std::vector<CommitLog::Span> kept = log_.spans();
  std::set<Lsn> archived;
  for (const std::string* directory : {&directory_, &archive_}) {
    const Result<std::vector<std::string>> names = files_.list(*directory);
    if (!names.ok()) return names.status();
    for (const std::string& name : names.value()) {
      const std::optional<Lsn> first = segmentFirstLsn(name);
      if (first && (kept.empty() || *first < kept.front().first)) archived.insert(*first);
    }
  }
  std::vector<Segment> all;
  for (const Lsn first : archived) {
    if (!all.empty()) all.back().span.last = first - 1;
    all.push_back({{.first = first}, true});
  }
  if (!all.empty()) all.back().span.last = kept.empty() ? log_.last() : kept.front().first - 1;
  for (const CommitLog::Span& span : kept) all.push_back({span, false});
  return all;
}

Result<std::string> LogHistory::contentOf(const Segment& segment) {
  const std::string name = "/" + segmentName(segment.span.first);
  Result<std::unique_ptr<sys::File>> file = files_.open(directory_ + name, sys::OpenMode::kRead);
  if (!file.ok() && file.status().code() == Code::kNotFound)
    file = files_.open(archive_ + name, sys::OpenMode::kRead);
  if (!file.ok()) return file.status();
  const Result<uint64_t> size = file.value()->size();
  if (!size.ok()) return size.status();
  // What stands behind it is being written.
  const uint64_t bytes = segment.span.bytes == 0 ? size.value() : segment.span.bytes;
  std::string content(bytes, '\0');
  const Result<size_t> got = file.value()->read(0, content.data(), content.size());
  if (!got.ok()) return got.status();
  content.resize(got.value());
  return content;
}

Status LogHistory::visit(const Segment& segment, const Visit& visit) {
  const Lsn first = segment.span.first;
  const Lsn last = segment.span.last;
  if (last < first) return {};
  const Result<std::string> content = contentOf(segment);
  if (!content.ok()) return content.status();
  std::unordered_map<NamespaceNumber, std::string> names;
  const auto read = [&](const ParsedRecord& record) -> Status {
    if (record.kind == ParsedRecord::Kind::kNamespace) names[record.ns.ns] = record.ns.uniqueKey;
    if (record.kind != ParsedRecord::Kind::kCommit || record.commit.lsn > last) return {};
    const auto name = names.find(record.commit.ns);
    if (name != names.end()) return visit(record.commit, name->second);
    return {Code::kCorrupt,
            "commit " + std::to_string(record.commit.lsn) + " is of a namespace without a name"};
  };
  const Result<SegmentScan> scan =
      scanSegment(content.value(), segmentName(first), first, /*isLast=*/true, read);
  if (!scan.ok()) return scan.status();
  if (scan.value().last >= last) return {};
  return {Code::kCorrupt, "the history in " + archive_ + " lacks commit " +
                              std::to_string(scan.value().last + 1) + ": " + segmentName(first) +
                              " is damaged, or the next segment is missing"};
}

Status LogHistory::remove(const Segment& segment) {
  for (const std::string* directory : {&directory_, &archive_}) {
    Status removed = files_.removeFile(*directory + "/" + segmentName(segment.span.first));
    // Before anything newer is folded: the segment must not come back and be folded over that.
    if (removed.ok()) removed = files_.syncDirectory(*directory);
    if (!removed.ok()) return removed;
  }
  return {};
}

}  // namespace holdfast::storage
