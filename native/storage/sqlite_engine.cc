#include "storage/sqlite_engine.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "storage/data_paths.h"
#include "storage/sqlite_database.h"

namespace holdfast::storage {
namespace {

Status checkFormat(sys::FileSystem& files, const std::string& path) {
  const Result<std::optional<std::string>> content = files.readFile(path);
  if (!content.ok()) return content.status();
  if (!content.value()) return files.replaceFile(path, std::string(kLayoutVersion) + "\n");
  std::string found = *content.value();
  while (!found.empty() && found.back() == '\n') found.pop_back();
  if (found == kLayoutVersion) return {};
  return {Code::kUnsupported, path + " says version \"" + found +
                                  "\"; this version of holdfast reads version " +
                                  std::string(kLayoutVersion)};
}

// Hex digits that checkObjectName() has passed.
ActorId idOf(const std::string& hex) {
  const auto digit = [](char c) { return static_cast<uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10); };
  ActorId id;
  for (size_t i = 0; i < id.bytes.size(); ++i) {
    id.bytes[i] = static_cast<uint8_t>((digit(hex[2 * i]) << 4U) | digit(hex[2 * i + 1]));
  }
  return id;
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
  std::unique_ptr<sys::FileLock> held;
  RecoveryReport recovery;
  if (options.durability != Durability::kMemory) {
    const std::string& directory = options.dataDir;
    Status made = createDirectoriesDurably(world.files, directory);
    if (!made.ok()) return made;
    Result<std::unique_ptr<sys::FileLock>> lock = world.files.lock(directory + "/lock");
    if (!lock.ok()) {
      if (lock.status().code() != Code::kUnavailable) return lock.status();
      return Status(Code::kUnavailable, "The data directory is in use: " + lock.status().message() +
                                            ". Stop that process or choose another directory.");
    }
    held = std::move(lock).value();
    Status ready = checkFormat(world.files, directory + "/format");
    if (ready.ok()) ready = createDirectoriesDurably(world.files, namespacesDirectory(directory));
    if (ready.ok()) ready = createDirectoriesDurably(world.files, logDirectory(directory));
    if (!ready.ok()) return ready;
    AlarmIndexes alarms(directory, options.durability, world.files);
    Result<RecoveryReport> recovered =
        recoverLog(world.files, directory, flushOf(options.durability), alarms);
    if (!recovered.ok()) return recovered.status();
    recovery = recovered.value();
  }
  std::unique_ptr<SqliteEngine> engine(
      new SqliteEngine(std::move(options), sink, world, std::move(held), recovery));
  Status started = engine->start();
  if (!started.ok()) return started;
  return engine;
}

SqliteEngine::SqliteEngine(EngineOptions options, DurabilitySink& sink, World world,
                           std::unique_ptr<sys::FileLock> lock, RecoveryReport recovery)
    : options_(std::move(options)),
      files_(world.files),
      clock_(world.clock),
      threads_(world.threads),
      lock_(std::move(lock)),
      recovery_(recovery),
      records_(files_, options_.dataDir + "/records.sqlite"),
      log_({.directory = logDirectory(options_.dataDir),
            .durability = options_.durability,
            // The segment that is written to counts against logBytesMax and is not retired.
            .segmentBytes = std::min(options_.segmentBytes, options_.logBytesMax / 2),
            .queueBytesMax = options_.commitQueueBytesMax,
            .reserveBytes = options_.logReserveBytes,
            .throttle = threads_ == Threads::kOwn ? [this] { objects_.throttle(); }
                                                  : std::function<void()>()},
           files_, sink, recovery_.last),
      objects_({.dataDir = memory() ? "" : options_.dataDir,
                .openFilesMax = options_.openFilesMax,
                .overlayBytesMax = options_.overlayBytesMax,
                .logBytesMax = options_.logBytesMax,
                .transactionBytesMax =
                    std::min(options_.transactionBytesMax, ObjectFile::kTransactionBytesMax)},
               files_, log_),
      alarms_(options_.dataDir, options_.durability, files_),
      checkpointer_(
          {.dataDir = options_.dataDir, .flush = flushOf(options_.durability) == Flush::kYes},
          files_, objects_, log_, alarms_) {}

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
  if (checkpointThread_) checkpointThread_->join();
  if (started_ && !memory()) checkpointEverything();
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
    if (!checkpointer_.round(*which).ok()) objects_.waitBeforeRetry();
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
  ObjectFile* file = objects_.open(object, idOf(object.idHex));
  if (file == nullptr) {
    return Status(Code::kAlreadyExists,
                  "object " + object.uniqueKey + "/" + object.idHex + " is open already");
  }
  return std::unique_ptr<Database>(
      std::make_unique<SqliteDatabase>(objects_, *file, clock_, options_.cachePagesPerObject));
}

Result<std::vector<StoredAlarm>> SqliteEngine::loadAlarms() {
  return memory() ? std::vector<StoredAlarm>() : alarms_.loadAll();
}

void SqliteEngine::forgetAlarm(const ObjectName& object) {
  if (!memory()) objects_.forgetAlarm(object);
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
  Status renamed = files_.rename(from, to);
  return renamed.ok() ? files_.syncDirectory(namespacesDirectory(options_.dataDir)) : renamed;
}

Status SqliteEngine::deleteNamespace(const std::string& uniqueKey) {
  Status named = checkUniqueKey(uniqueKey);
  if (!named.ok() || memory()) return named;
  // Its alarms lie in the same directory.
  alarms_.close(uniqueKey);
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
    objects.push_back(name.substr(0, name.size() - kSqliteSuffix.size()));
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
