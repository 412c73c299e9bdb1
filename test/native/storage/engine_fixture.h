// What the storage tests share: a data directory of their own, a sink that can be waited for, a
// file system that fails or waits on demand.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/database.h"
#include "storage/engine.h"
#include "storage/sqlite_engine.h"
#include "support/forwarding_file_system.h"
#include "sys/file_system.h"

namespace holdfast::storage::testing {

// More than any test sets.
inline constexpr size_t kAllAlarms = 10'000;

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "holdfast-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class RecordingSink final : public DurabilitySink {
 public:
  void onDurable(Lsn lsn) override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      EXPECT_GT(lsn, durable_) << "Lsns only rise";
      durable_ = lsn;
    }
    if (onAnnounce) onAnnounce(lsn);
    changed_.notify_all();
  }
  void onFlushFailed(const Status& why) override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      failures_.push_back(why);
    }
    changed_.notify_all();
  }

  void onDiskFull(bool isFull) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    fullness_.push_back(isFull);
  }

  void onAlarms(AlarmPage page) override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      alarms_ = std::move(page);
    }
    changed_.notify_all();
  }

  AlarmPage waitAlarms() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return alarms_.has_value(); });
    return *std::exchange(alarms_, std::nullopt);
  }
  void waitDurable(Lsn lsn) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return durable_ >= lsn; });
  }
  Status waitFailed() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return !failures_.empty(); });
    return failures_.front();
  }
  Lsn durable() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return durable_;
  }
  size_t failures() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return failures_.size();
  }
  std::vector<bool> fullness() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return fullness_;
  }

  std::function<void(Lsn)> onAnnounce;  // set before use; called on the log's thread

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  Lsn durable_ = 0;
  std::vector<Status> failures_;
  std::vector<bool> fullness_;
  std::optional<AlarmPage> alarms_;
};

// Passes everything on; before each flush it asks `onSync`, before each read `onRead`, before what
// takes space `onSpace`, on the thread that does so.
class HookedFileSystem final : public holdfast::testing::ForwardingFileSystem {
 public:
  using Hook = std::function<Status(const std::string& path)>;
  Hook onSync;
  Hook onRead;
  Hook onSpace;
  bool syncedAll = false;

  HookedFileSystem() : ForwardingFileSystem(sys::systemFileSystem()) {}

  Status syncFile(const std::string& path) override {
    Status asked = ask(onSync, path);
    return asked.ok() ? ForwardingFileSystem::syncFile(path) : asked;
  }
  Status syncDirectory(const std::string& path) override {
    Status asked = ask(onSync, path);
    return asked.ok() ? ForwardingFileSystem::syncDirectory(path) : asked;
  }
  Status syncAll(const std::string& path) override {
    syncedAll = true;  // not carried out: it flushes the whole machine's files
    return exists(path) ? Status() : Status(Code::kIo, "syncfs " + path);
  }

 protected:
  Result<size_t> readOpen(sys::File& file, const std::string& path, uint64_t offset, char* into,
                          size_t bytes) override {
    Status asked = ask(onRead, path);
    if (!asked.ok()) return asked;
    return file.read(offset, into, bytes);
  }
  Status writeOpen(sys::File& file, const std::string& path, uint64_t offset,
                   std::string_view bytes) override {
    Status asked = ask(onSpace, path);
    return asked.ok() ? file.write(offset, bytes) : asked;
  }
  Status reserveOpen(sys::File& file, const std::string& path, uint64_t bytes) override {
    Status asked = ask(onSpace, path);
    return asked.ok() ? file.reserve(bytes) : asked;
  }
  Status syncOpen(sys::File& file, const std::string& path) override {
    Status asked = ask(onSync, path);
    return asked.ok() ? file.sync() : asked;
  }

 private:
  static Status ask(const Hook& hook, const std::string& path) {
    return hook ? hook(path) : Status();
  }
};

// A gate that one thread waits at until another opens it; says when somebody has arrived.
class Turnstile {
 public:
  void pass() {
    std::unique_lock<std::mutex> lock(mutex_);
    arrived_ = true;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
  }
  void waitArrived() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return arrived_; });
  }
  void open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool arrived_ = false;
  bool open_ = false;
};

inline ObjectName objectNamed(char digit, const std::string& uniqueKey = "app-Room") {
  return {uniqueKey, std::string(64, digit)};
}

class EngineTest : public ::testing::Test {
 protected:
  void open(Durability durability = Durability::kFlush) {
    EngineOptions options;
    options.dataDir = directory_.path() + "/data";
    options.durability = durability;
    if (configure_) configure_(options);
    Result<std::unique_ptr<SqliteEngine>> opened =
        SqliteEngine::open(options, sink_, {.files = files_, .clock = clock_, .threads = threads_});
    ASSERT_TRUE(opened.ok()) << opened.status().message();
    engine_ = std::move(opened).value();
  }
  void stop() { engine_.reset(); }
  // The process dies and another one starts: what it stands in now is not ended properly. All
  // databases must be closed; with Threads::kNone, or nothing may be under way.
  void killAndOpen() {
    const std::string data = directory_.path() + "/data";
    const std::string kept = directory_.path() + "/kept";
    std::filesystem::copy(data, kept, std::filesystem::copy_options::recursive);
    stop();
    std::filesystem::remove_all(data);
    std::filesystem::rename(kept, data);
    open();
  }

  std::unique_ptr<Database> database(char digit = 'a') { return database(objectNamed(digit)); }
  std::unique_ptr<Database> database(const ObjectName& name) {
    Result<std::unique_ptr<Database>> opened = engine_->openDatabase(name);
    EXPECT_TRUE(opened.ok()) << opened.status().message();
    return opened.ok() ? std::move(opened).value() : nullptr;
  }
  std::string pathOf(char digit = 'a', const std::string& uniqueKey = "app-Room") {
    return directory_.path() + "/data/do/" + uniqueKey + "/" + std::string(64, digit) + ".sqlite";
  }

  static std::string valueOf(Database& db, std::string_view key) {
    Result<std::optional<std::string>> got = db.get(key);
    if (!got.ok()) return "error: " + got.status().message();
    return got.value() ? *got.value() : "(none)";
  }
  static Lsn commit(Database& db) {
    const Result<Lsn> lsn = db.commit();
    EXPECT_TRUE(lsn.ok()) << lsn.status().message();
    return lsn.ok() ? lsn.value() : 0;
  }

  TemporaryDirectory directory_;
  HookedFileSystem files_;
  RecordingSink sink_;
  std::function<void(EngineOptions&)> configure_;  // called by open()
  SqliteEngine::Threads threads_ = SqliteEngine::Threads::kOwn;
  sys::ManualClock clock_;
  Turnstile turnstile_;                   // outlives the log's thread, which may stand in it
  std::unique_ptr<SqliteEngine> engine_;  // goes first
};

// All rows as text, "a|b;c|d", or "error: ...".
inline std::string rowsOf(Result<std::unique_ptr<SqlCursor>> opened) {
  if (!opened.ok()) return "error: " + opened.status().message();
  SqlCursor& cursor = *opened.value();
  std::string out;
  while (cursor.hasRow()) {
    if (!out.empty()) out += ";";
    for (size_t i = 0; i < cursor.columnNames().size(); ++i) {
      if (i > 0) out += "|";
      const SqlCursor::Column column = cursor.column(i);
      using Type = SqlCursor::Column::Type;
      switch (column.type) {
        case Type::kNull:
          out += "NULL";
          break;
        case Type::kInteger:
          out += std::to_string(column.integer);
          break;
        case Type::kReal:
          out += "r" + std::to_string(column.real);
          break;
        case Type::kText:
          out += column.bytes;
          break;
        case Type::kBlob:
          out += "x" + std::to_string(column.bytes.size());
          break;
      }
    }
    Status moved = cursor.advance();
    if (!moved.ok()) return "error: " + moved.message();
  }
  return out;
}
inline std::string sql(Database& db, std::string_view query,
                       const std::vector<SqlValue>& bindings = {}) {
  return rowsOf(db.exec(query, bindings));
}

}  // namespace holdfast::storage::testing
