#include "storage/history.h"

#include <algorithm>
#include <ctime>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "storage/bookmark.h"
#include "storage/data_paths.h"
#include "storage/database_image.h"
#include "storage/image_file.h"
#include "storage/log_replay.h"

namespace holdfast::storage {
namespace {

// Changed pages and open files that one replay holds before it writes them.
constexpr uint64_t kReplayBytesMax = 64U << 20U;
constexpr size_t kReplayObjectsMax = 256;
constexpr const char* kClosed = "The runtime is closed.";

// As JavaScript's Date.prototype.toISOString().
std::string isoTime(TimestampMs at) {
  const auto seconds = static_cast<std::time_t>(at / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  const size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.", &parts);
  const std::string ms = std::to_string(1000 + at % 1000);
  return std::string(text, length) + ms.substr(1) + "Z";
}

// LogReplay that writes now and then.
class BoundedReplay {
 public:
  BoundedReplay(sys::FileSystem& files, LogReplay::PlaceOf placeOf)
      : files_(files), placeOf_(std::move(placeOf)) {}

  Status apply(const CommitRecord& record, const std::string& uniqueKey) {
    if (!replay_) replay_.emplace(files_, placeOf_);
    Status applied = replay_->apply(record, uniqueKey);
    const bool isFull =
        replay_->bytes() >= kReplayBytesMax || replay_->objects().size() >= kReplayObjectsMax;
    return applied.ok() && isFull ? write() : applied;
  }
  Status write() {
    if (!replay_) return {};
    Status written = replay_->write();
    replay_.reset();
    return written;
  }

 private:
  sys::FileSystem& files_;
  const LogReplay::PlaceOf placeOf_;
  std::optional<LogReplay> replay_;
};

}  // namespace

// One caller of a closed or open History; trimming keeps it waiting.
class History::Inside {
 public:
  explicit Inside(History& history) : history_(history) {
    std::unique_lock<std::mutex> lock(history_.mutex_);
    history_.left_.wait(lock, [this] { return !history_.isTrimming_ || history_.closed_; });
    isIn_ = !history_.closed_;
    if (isIn_) ++history_.inside_;
  }
  ~Inside() {
    if (!isIn_) return;
    const std::lock_guard<std::mutex> lock(history_.mutex_);
    --history_.inside_;
    // Under the lock: once close() returns, nothing of this is touched any more.
    history_.left_.notify_all();
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
  [[nodiscard]] Status status() const {
    return isIn_ ? Status() : Status(Code::kUnavailable, kClosed);
  }

 private:
  History& history_;
  bool isIn_ = false;
};

History::History(Options options, sys::FileSystem& files, CommitLog& log, BaseImages& bases,
                 RestoreFiles& restores)
    : options_(std::move(options)),
      files_(files),
      log_(log),
      bases_(bases),
      restores_(restores),
      segments_(files, options_.dataDir, log) {}

void History::close() {
  std::unique_lock<std::mutex> lock(mutex_);
  closed_ = true;
  left_.notify_all();
  left_.wait(lock, [this] { return inside_ == 0; });
}

// Asked between segments, so that close() need not wait for all of them.
Status History::checkOpen() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return closed_ ? Status(Code::kUnavailable, kClosed) : Status();
}

Result<Lsn> History::lastBefore(TimestampMs at) {
  const Inside inside(*this);
  if (!inside.status().ok()) return inside.status();
  // What was committed until now is in the log's file then.
  if (!log_.waitDurable(log_.last()))
    return Status(Code::kUnavailable, "the log cannot be written");
  return findLastBefore(at);
}

// Of the commits in it. A wall clock may have been set back in between.
Result<History::Times> History::timesOf(const LogHistory::Segment& segment) {
  if (segment.isArchived) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto known = times_.find(segment.span.first);
    if (known != times_.end()) return known->second;
  }
  std::optional<Times> times;
  Status read = segments_.visit(segment, [&](const CommitRecord& record, const std::string&) {
    if (!times) times = {record.at, record.at};
    times = {std::min(times->oldest, record.at), std::max(times->newest, record.at)};
    return Status();
  });
  if (!read.ok()) return read;
  const Times found = times.value_or(Times());
  const std::lock_guard<std::mutex> lock(mutex_);
  if (segment.isArchived) times_[segment.span.first] = found;
  return found;
}

Result<Lsn> History::findLastBefore(TimestampMs at) {
  const BaseImages::Beginning beginning = bases_.beginning().value_or(BaseImages::Beginning());
  if (at < beginning.at) {
    return Status(Code::kNotFound, "That time is not retained: the history begins at " +
                                       isoTime(beginning.at) + ".");
  }
  const Result<std::vector<LogHistory::Segment>> segments = segments_.segments();
  if (!segments.ok()) return segments.status();
  for (auto segment = segments.value().rbegin(); segment != segments.value().rend(); ++segment) {
    if (segment->span.last <= beginning.lsn) break;
    Status open = checkOpen();
    if (!open.ok()) return open;
    const Result<Times> times = timesOf(*segment);
    if (!times.ok()) return times.status();
    if (times.value().oldest > at) continue;
    Lsn found = 0;
    Status read = segments_.visit(*segment, [&](const CommitRecord& record, const std::string&) {
      if (record.at <= at) found = record.lsn;
      return Status();
    });
    if (!read.ok()) return read;
    if (found > beginning.lsn) return found;
  }
  return beginning.lsn;
}

Result<Lsn> History::earliestOf(const ObjectName& object) {
  const Result<std::optional<Lsn>> own = bases_.lsnOf(object);
  if (!own.ok()) return own.status();
  return std::max(own.value().value_or(0), bases_.beginningOf(object.uniqueKey));
}

Status History::prepareRestore(const ObjectName& object, const State& state) {
  const Inside inside(*this);
  if (!inside.status().ok()) return inside.status();
  Status named = checkObjectName(object);
  if (named.ok()) named = checkObjectName(state.of);
  if (!named.ok()) return named;
  const Result<Lsn> earliest = earliestOf(state.of);
  if (!earliest.ok()) return earliest.status();
  const Lsn last = log_.last();
  if (state.after < earliest.value() || state.after > last) {
    return {Code::kNotFound, "The bookmark is not retained: those from " +
                                 bookmarkText(earliest.value()) + " to " + bookmarkText(last) +
                                 " are."};
  }
  if (!log_.waitDurable(state.after)) return {Code::kUnavailable, "the log cannot be written"};
  const std::lock_guard<std::mutex> building(builds_);
  // Of an object that has none yet, before anybody writes its file.
  const std::string directory = namespaceDirectory(options_.dataDir, state.of.uniqueKey);
  Status status = bases_.keep({{state.of, objectPath(directory, state.of.idHex)}});
  if (status.ok()) status = build(object, state);
  return status.ok() ? restores_.place(object, state.after, log_) : status;
}

Status History::build(const ObjectName& object, const State& state) {
  const std::string basePath = bases_.pathOf(state.of);
  Result<std::unique_ptr<sys::File>> base = files_.open(basePath, sys::OpenMode::kRead);
  if (!base.ok()) return base.status();
  const Result<ImageHeader> header = readImageHeader(*base.value(), basePath);
  if (!header.ok()) return header.status();
  const Result<std::string> path = restores_.temporaryPath(object);
  if (!path.ok()) return path.status();
  {
    Result<std::unique_ptr<sys::File>> file = files_.open(path.value(), sys::OpenMode::kCreate);
    if (!file.ok()) return file.status();
    // The header is written when it is placed.
    Status copied = copyBytes(*base.value(), kImageHeaderBytes, *file.value(), kImageHeaderBytes);
    if (!copied.ok()) return copied;
  }
  Status status =
      replay(state.of, path.value(), {.after = header.value().lsn, .last = state.after});
  return status.ok() ? finish(path.value()) : status;
}

Status History::replay(const ObjectName& object, const std::string& path, Range range) {
  const ActorId id = actorIdOf(object.idHex);
  const FacetNumber facet = facetOf(object.idHex);
  BoundedReplay replay(files_, [&path](const ObjectName&) {
    return LogReplay::Place{.directory = {}, .path = path, .offset = kImageHeaderBytes};
  });
  const Result<std::vector<LogHistory::Segment>> segments = segments_.segments();
  if (!segments.ok()) return segments.status();
  for (const LogHistory::Segment& segment : segments.value()) {
    if (segment.span.last <= range.after || segment.span.first > range.last) continue;
    Status open = checkOpen();
    if (!open.ok()) return open;
    Status read =
        segments_.visit(segment, [&](const CommitRecord& record, const std::string& uniqueKey) {
          const bool isOurs = record.lsn > range.after && record.lsn <= range.last &&
                              record.object == id && record.facet == facet &&
                              uniqueKey == object.uniqueKey;
          return isOurs ? replay.apply(record, uniqueKey) : Status();
        });
    if (!read.ok()) return read;
  }
  return replay.write();
}

// An object that had no database gets an empty one; a database that no commit could carry is
// refused here.
Status History::finish(const std::string& path) {
  Result<std::unique_ptr<sys::File>> file = files_.open(path, sys::OpenMode::kWrite);
  if (!file.ok()) return file.status();
  const Result<uint64_t> size = file.value()->size();
  if (!size.ok()) return size.status();
  if (size.value() <= kImageHeaderBytes)
    return file.value()->write(kImageHeaderBytes, emptyDatabaseImage());
  if (size.value() <= kImageHeaderBytes + kRestoreBytesMax) return {};
  return {Code::kResourceExhausted,
          "The object's database is larger than what can be restored (kRestoreBytesMax, " +
              std::to_string(kRestoreBytesMax) + " bytes)."};
}

Result<bool> History::trim(TimestampMs now) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (closed_ || inside_ > 0) return false;
    isTrimming_ = true;
  }
  Result<bool> trimmed = trimOldest(now);
  const std::lock_guard<std::mutex> lock(mutex_);
  isTrimming_ = false;
  left_.notify_all();
  return trimmed;
}

Result<bool> History::trimOldest(TimestampMs now) {
  const Result<std::vector<LogHistory::Segment>> segments = segments_.segments();
  if (!segments.ok()) return segments.status();
  if (segments.value().empty() || !segments.value().front().isArchived) return false;
  const LogHistory::Segment& oldest = segments.value().front();
  const std::optional<BaseImages::Beginning> beginning = bases_.beginning();
  if (!beginning) return false;
  // At or before the beginning: a crash came between the steps.
  if (oldest.span.last > beginning->lsn) {
    const Result<Times> times = timesOf(oldest);
    if (!times.ok()) return times.status();
    const TimestampMs newest = times.value().newest;
    if (newest > now - options_.retentionMs) return false;
    Status begun = bases_.begin({.lsn = oldest.span.last, .at = std::max(newest, beginning->at)});
    if (!begun.ok()) return begun;
  }
  Status folded = fold(oldest);
  if (folded.ok()) folded = segments_.remove(oldest);
  if (!folded.ok()) return folded;
  const std::lock_guard<std::mutex> lock(mutex_);
  times_.erase(oldest.span.first);
  return true;
}

Status History::fold(const LogHistory::Segment& segment) {
  // By namespace and id: the LSN of the image, nullopt where there is none.
  std::map<std::pair<std::string, std::string>, std::optional<Lsn>> images;
  BoundedReplay replay(files_, [this](const ObjectName& name) {
    return LogReplay::Place{
        .directory = {}, .path = bases_.pathOf(name), .offset = kImageHeaderBytes};
  });
  Status status =
      segments_.visit(segment, [&](const CommitRecord& record, const std::string& uniqueKey) {
        const ObjectName object{uniqueKey, idHexOf(record.object, record.facet)};
        const auto [known, isNew] = images.try_emplace({uniqueKey, object.idHex});
        if (isNew) {
          const Result<std::optional<Lsn>> lsn = bases_.lsnOf(object);
          if (!lsn.ok()) return lsn.status();
          known->second = lsn.value();
        }
        // Without an image: its namespace is gone, or it would have one.
        if (!known->second || record.lsn <= *known->second) return Status();
        return replay.apply(record, uniqueKey);
      });
  if (status.ok()) status = replay.write();
  if (!status.ok()) return status;
  std::vector<ObjectName> folded;
  for (const auto& [key, lsn] : images) {
    if (lsn) folded.push_back({key.first, key.second});
  }
  return bases_.flush(folded);
}

}  // namespace holdfast::storage
