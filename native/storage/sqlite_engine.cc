#include "storage/sqlite_engine.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "storage/data_paths.h"
#include "storage/restore_commit.h"
#include "storage/sqlite_database.h"

namespace holdfast::storage {
namespace {

// How often the age of the history is looked at when nothing else happens.
constexpr int64_t kTrimEveryMsMax = 60'000;
constexpr int64_t kTrimEveryMsMin = 20;
constexpr int64_t kRetentionParts = 16;
// In one go, so that checkpoints are not kept waiting for long.
constexpr int kSegmentsTrimmedMax = 16;

int64_t idleMs(int64_t retentionMs) {
  return std::clamp(retentionMs / kRetentionParts, kTrimEveryMsMin, kTrimEveryMsMax);
}

// Whether the file is there.
Result<bool> checkFormat(sys::FileSystem& files, const std::string& path) {
  const Result<std::optional<std::string>> content = files.readFile(path);
  if (!content.ok()) return content.status();
  if (!content.value()) return false;
  std::string found = *content.value();
  while (!found.empty() && found.back() == '\n') found.pop_back();
  if (found == kLayoutVersion) return true;
  return Status(Code::kUnsupported, path + " says version \"" + found +
                                        "\"; this version of holdfast reads version " +
                                        std::string(kLayoutVersion));
}

// What every data directory has in it. The three names are made durable by one flush, also when
// they are there already: whoever made them may have died before this.
Status makePlaces(sys::FileSystem& files, const std::string& directory) {
  const std::string format = directory + "/format";
  const Result<bool> isThere = checkFormat(files, format);
  if (!isThere.ok()) return isThere.status();
  Status made = files.createDirectories(namespacesDirectory(directory));
  if (made.ok()) made = files.createDirectories(logDirectory(directory));
  if (!made.ok()) return made;
  return isThere.value() ? files.syncDirectory(directory)
                         : files.replaceFile(format, std::string(kLayoutVersion) + "\n");
}

Flush flushOf(Durability durability) {
  return durability == Durability::kFlush ? Flush::kYes : Flush::kNo;
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::open(EngineOptions options, DurabilitySink& sink) {
  Result<std::unique_ptr<SqliteEngine>> engine = SqliteEngine::open(
      std::move(options), sink, {.files = sys::systemFileSystem(), .clock = sys::systemClock()});
  if (!engine.ok()) return engine.status();
  return std::unique_ptr<Engine>(std::move(engine).value());
}

Result<std::unique_ptr<SqliteEngine>> SqliteEngine::open(EngineOptions options,
                                                         DurabilitySink& sink, World world) {
  Opened opened;
  opened.bases =
      std::make_unique<BaseImages>(world.files, options.dataDir, flushOf(options.durability));
  opened.restores = std::make_unique<RestoreFiles>(world.files, options.dataDir);
  if (options.durability != Durability::kMemory) {
    Status ready = openDirectory(options, world, opened);
    if (ready.ok()) ready = recover(options, world, opened);
    if (!ready.ok()) return ready;
  }
  std::unique_ptr<SqliteEngine> engine(
      new SqliteEngine(std::move(options), sink, world, std::move(opened)));
  Status started = engine->start();
  if (!started.ok()) return started;
  return engine;
}

Status SqliteEngine::openDirectory(const EngineOptions& options, World world, Opened& opened) {
  const std::string& directory = options.dataDir;
  Status made = createDirectoriesDurably(world.files, directory);
  if (!made.ok()) return made;
  Result<std::unique_ptr<sys::FileLock>> lock = world.files.lock(directory + "/lock");
  if (!lock.ok()) {
    if (lock.status().code() != Code::kUnavailable) return lock.status();
    return {Code::kUnavailable,
            "The data directory is in use: " + lock.status().message() +
                ". Stop that process, close its runtime if it is this one, or choose another "
                "directory."};
  }
  opened.lock = std::move(lock).value();
  return makePlaces(world.files, directory);
}

// The files hold all commits afterwards, and the history, if any, knows what they were before.
Status SqliteEngine::recover(const EngineOptions& options, World world, Opened& opened) {
  const std::string& directory = options.dataDir;
  const bool retains = options.retentionMs > 0;
  BaseImages& bases = *opened.bases;
  Status status = bases.load();
  // Before files are written whose earlier state nobody keeps.
  if (status.ok() && !(retains && bases.beginning())) status = bases.forgetAll();
  if (!status.ok()) return status;
  AlarmIndexes alarms(directory, options.durability, world.files);
  const auto keepBases = [&](const std::vector<ObjectName>& objects) {
    std::vector<BaseImages::Source> sources;
    for (const ObjectName& object : objects) {
      const std::string home = namespaceDirectory(directory, object.uniqueKey);
      sources.push_back({object, objectPath(home, object.idHex)});
    }
    return bases.keep(sources);
  };
  Result<RecoveryReport> recovered =
      recoverLog(world.files, directory, flushOf(options.durability), alarms, keepBases);
  if (!recovered.ok()) return recovered.status();
  opened.recovery = std::move(recovered).value();
  status = opened.restores->load();
  if (status.ok()) status = opened.restores->settle(opened.recovery.restored);
  if (!status.ok() || !retains) return status;
  status = createDirectoriesDurably(world.files, archiveDirectory(directory));
  if (status.ok() && !bases.beginning())
    status = bases.begin({.lsn = opened.recovery.last, .at = world.clock.wallNow()});
  return status;
}

SqliteEngine::SqliteEngine(EngineOptions options, DurabilitySink& sink, World world, Opened opened)
    : options_(std::move(options)),
      files_(world.files),
      clock_(world.clock),
      sink_(sink),
      threads_(world.threads),
      lock_(std::move(opened.lock)),
      recovery_(std::move(opened.recovery)),
      bases_(std::move(opened.bases)),
      restores_(std::move(opened.restores)),
      records_(files_, options_.dataDir + "/records.sqlite"),
      log_({.directory = logDirectory(options_.dataDir),
            .durability = options_.durability,
            // The segment that is written to counts against logBytesMax and is not retired.
            .segmentBytes = std::min(options_.segmentBytes, options_.logBytesMax / 2),
            .queueBytesMax = options_.commitQueueBytesMax,
            .reserveBytes = options_.logReserveBytes,
            .archive = retains() ? archiveDirectory(options_.dataDir) : "",
            .throttle = threads_ == Threads::kOwn ? [this] { objects_.throttle(); }
                                                  : std::function<void()>()},
           files_, sink, recovery_.last),
      objects_({.dataDir = memory() ? "" : options_.dataDir,
                .openFilesMax = options_.openFilesMax,
                .overlayBytesMax = options_.overlayBytesMax,
                .logBytesMax = options_.logBytesMax,
                .transactionBytesMax =
                    std::min(options_.transactionBytesMax, ObjectFile::kTransactionBytesMax),
                .idleMs = retains() ? idleMs(options_.retentionMs) : 0},
               files_, log_),
      connections_(options_.cachePagesPerObject),
      alarms_(options_.dataDir, options_.durability, files_),
      checkpointer_({.dataDir = options_.dataDir,
                     .flush = flushOf(options_.durability) == Flush::kYes,
                     .bases = bases_.get(),
                     .restores = restores_.get(),
                     .pace = threads_ == Threads::kOwn ? [this] { objects_.pace(); }
                                                       : std::function<void()>()},
                    files_, objects_, log_, alarms_),
      history_(retains() ? std::make_shared<History>(
                               History::Options{.dataDir = options_.dataDir,
                                                .retentionMs = options_.retentionMs},
                               files_, log_, *bases_, *restores_)
                         : nullptr),
      facets_(std::make_shared<FacetIndexes>(files_, options_.dataDir, options_.durability)),
      levels_(objects_, *facets_) {}

Status SqliteEngine::start() {
  Status status = log_.start();
  if (!status.ok()) return status;
  started_ = true;
  if (threads_ == Threads::kNone) return {};
  logThread_ = std::make_unique<sys::Thread>("hf-log", [this] { runLog(); });
  if (!memory()) {
    checkpointThread_ =
        std::make_unique<sys::Thread>("hf-checkpoint", [this] { runCheckpointer(); });
  }
  return {};
}

SqliteEngine::~SqliteEngine() {
  objects_.stop();
  // The log first: it writes what is queued, or gives it up when the disk is full. The checkpointer
  // may be waiting for either.
  log_.stop();
  if (logThread_) logThread_->join();
  // After it, for which those inside may be waiting.
  if (history_) history_->close();
  facets_->close();
  if (checkpointThread_) checkpointThread_->join();
  if (started_ && !memory()) {
    log_.giveBackReserve();
    checkpointEverything();
  }
  // Fails where the log failed: the next start applies what there is.
  if (started_ && !memory()) (void)log_.close().ok();
}

void SqliteEngine::runLog() {
  while (log_.step(CommitLog::Wait::kForWork)) {
  }
}

void SqliteEngine::runCheckpointer() {
  while (const std::optional<ObjectFiles::Which> which = objects_.waitForWork()) {
    // The log keeps what could not be written; the bounds say when that is too much.
    const Status done = *which == ObjectFiles::Which::kAlarms
                            ? answerAlarms()
                            : checkpointer_.round(*which).status();
    if (!done.ok()) objects_.waitBeforeRetry();
    if (history_) trimHistory();
  }
}

// All that commits have said so far goes into the index first, so that the index alone knows the
// answer.
Status SqliteEngine::answerAlarms() {
  std::optional<ObjectFiles::AlarmRequest> request = objects_.takeAlarmRequest();
  if (!request) return {};
  Status status = checkpointer_.round(ObjectFiles::Which::kAlarms).status();
  if (status.ok()) {
    Result<AlarmPage> page = alarms_.readAfter(request->after, request->most);
    if (page.ok()) {
      sink_.onAlarms(std::move(page).value());
      return {};
    }
    status = page.status();
  }
  objects_.requestAlarms(std::move(*request));
  return status;
}

// What cannot be trimmed is kept; it is tried again.
void SqliteEngine::trimHistory() {
  for (int trimmed = 0; trimmed < kSegmentsTrimmedMax; ++trimmed) {
    const Result<bool> more = history_->trim(clock_.wallNow());
    if (!more.ok() || !more.value() || objects_.isOverBound()) return;
  }
}

void SqliteEngine::checkpointEverything() {
  for (;;) {
    if (threads_ == Threads::kNone) flushOnce();
    const Result<bool> more = checkpointer_.round(ObjectFiles::Which::kAll);
    if (!more.ok() || !more.value()) return;
  }
}

Result<std::unique_ptr<Database>> SqliteEngine::openDatabase(const ObjectName& object) {
  Status named = checkObjectName(object);
  if (!named.ok()) return named;
  ObjectFile* file = objects_.open(object, actorIdOf(object.idHex));
  if (file == nullptr) {
    return Status(Code::kAlreadyExists,
                  "object " + object.uniqueKey + "/" + object.idHex + " is open already");
  }
  if (restores_->any()) {
    Status restored = restoreIfAsked(object, *file);
    if (!restored.ok()) {
      objects_.close(file);
      return restored;
    }
  }
  return std::unique_ptr<Database>(
      std::make_unique<SqliteDatabase>(objects_, *file, clock_, connections_));
}

Result<Lsn> SqliteEngine::copyObject(const ObjectName& from, const ObjectName& to) {
  Status status = checkObjectName(from);
  if (status.ok()) status = checkObjectName(to);
  if (!status.ok()) return status;
  struct Close {
    ObjectFiles& files;
    void operator()(ObjectFile* file) const { files.close(file); }
  };
  using Opened = std::unique_ptr<ObjectFile, Close>;
  const Opened target(objects_.open(to, actorIdOf(to.idHex)), Close{objects_});
  if (target == nullptr) return Status(Code::kAlreadyExists, "the object to copy to is in use");
  const ActorId id = actorIdOf(from.idHex);
  const Opened own(objects_.open(from, id), Close{objects_});  // null: somebody uses it
  ObjectFile& source = own == nullptr ? *objects_.findOpen(from, id) : *own;
  status = source.load();
  if (status.ok()) status = target->load();
  if (status.ok()) status = objects_.admit();
  if (!status.ok()) return status;
  status = target->stageCopy(source);
  Result<Lsn> lsn = Lsn{0};
  if (status.ok()) lsn = target->commit(objects_, std::nullopt, clock_.wallNow());
  target->abandon();
  if (own != nullptr) own->abandon();
  return status.ok() ? lsn : status;
}

Status SqliteEngine::restoreIfAsked(const ObjectName& object, ObjectFile& file) {
  const std::optional<std::string> path = restores_->take(object);
  if (!path) return {};
  Status restored = commitRestore(objects_, file, {.files = files_, .path = *path},
                                  options_.cachePagesPerObject, clock_.wallNow());
  if (restored.ok()) {
    restores_->applied(object);
  } else {
    restores_->putBack(object);
  }
  return restored;
}

Result<AlarmPage> SqliteEngine::readAlarms(const AlarmPosition& after, size_t most) {
  return memory() ? AlarmPage{.alarms = {}, .isLast = true} : alarms_.readAfter(after, most);
}

void SqliteEngine::requestAlarms(const AlarmPosition& after, size_t most) {
  if (!memory()) objects_.requestAlarms({after, most});
}

void SqliteEngine::settleAlarm(const ObjectName& object, std::optional<TimestampMs> at) {
  if (!memory()) objects_.settleAlarm(object, at);
}

// What its objects were is not theirs any more.
Status SqliteEngine::beginNamespaceAnew(const std::string& uniqueKey) {
  Status begun = bases_->beginNamespace(uniqueKey, {.lsn = log_.last(), .at = clock_.wallNow()});
  return begun.ok() ? restores_->forget(uniqueKey) : begun;
}

Status SqliteEngine::renameNamespace(const std::string& fromUniqueKey,
                                     const std::string& toUniqueKey) {
  Status named = checkUniqueKey(fromUniqueKey);
  if (named.ok()) named = checkUniqueKey(toUniqueKey);
  if (!named.ok() || memory()) return named;
  const std::string from = namespaceDirectory(options_.dataDir, fromUniqueKey);
  const std::string to = namespaceDirectory(options_.dataDir, toUniqueKey);
  if (!files_.exists(from)) return {Code::kNotFound, "no namespace " + fromUniqueKey};
  if (files_.exists(to)) return {Code::kAlreadyExists, "namespace " + toUniqueKey + " exists"};
  alarms_.close(fromUniqueKey);
  Status begun = beginNamespaceAnew(fromUniqueKey);
  if (begun.ok()) begun = beginNamespaceAnew(toUniqueKey);
  if (!begun.ok()) return begun;
  Status renamed = files_.rename(from, to);
  objects_.forgetNames(toUniqueKey);
  return renamed.ok() ? files_.syncDirectory(namespacesDirectory(options_.dataDir)) : renamed;
}

Status SqliteEngine::deleteNamespace(const std::string& uniqueKey) {
  Status named = checkUniqueKey(uniqueKey);
  if (!named.ok() || memory()) return named;
  // Its alarms lie in the same directory.
  alarms_.close(uniqueKey);
  Status begun = beginNamespaceAnew(uniqueKey);
  if (!begun.ok()) return begun;
  Status removed = files_.removeTree(namespaceDirectory(options_.dataDir, uniqueKey));
  return removed.ok() ? files_.syncDirectory(namespacesDirectory(options_.dataDir)) : removed;
}

Result<bool> SqliteEngine::namespaceExists(const std::string& uniqueKey) {
  Status named = checkUniqueKey(uniqueKey);
  if (!named.ok()) return named;
  return !memory() && files_.exists(namespaceDirectory(options_.dataDir, uniqueKey));
}

Result<std::vector<std::string>> SqliteEngine::listObjects(const std::string& uniqueKey) {
  Status named = checkUniqueKey(uniqueKey);
  if (!named.ok()) return named;
  std::vector<std::string> objects = objects_.objectsOf(uniqueKey);
  if (memory()) return objects;
  const Result<std::vector<std::string>> names =
      files_.list(namespaceDirectory(options_.dataDir, uniqueKey));
  if (!names.ok()) return names.status();
  for (const std::string& name : names.value()) {
    if (!name.ends_with(kSqliteSuffix) || name == kAlarmIndexName) continue;
    std::string id = name.substr(0, name.size() - kSqliteSuffix.size());
    // What is no object's is told by verify.
    if (checkObjectName({uniqueKey, id}).ok()) id = rootIdOf(id);
    objects.push_back(std::move(id));
  }
  // Some are in the log and have no file yet, some have both.
  std::sort(objects.begin(), objects.end());
  objects.erase(std::unique(objects.begin(), objects.end()), objects.end());
  return objects;
}

Result<std::optional<std::string>> SqliteEngine::readMeta(const std::string& key) {
  if (!memory()) return records_.read(key);
  const auto found = memoryRecords_.find(key);
  if (found == memoryRecords_.end()) return std::optional<std::string>();
  return std::optional<std::string>(found->second);
}

Status SqliteEngine::writeMeta(const std::string& key, const std::string& value) {
  if (!memory()) return records_.write(key, value);
  memoryRecords_[key] = value;
  return {};
}

}  // namespace holdfast::storage
