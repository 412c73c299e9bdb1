// The parts of the engine below SQLite, on a simulated disk and stepped by hand: objects, log,
// checkpointer, recovery. Pages are made of one letter, so that a test can say what it finds.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/checkpointer.h"
#include "storage/commit_log.h"
#include "storage/data_paths.h"
#include "storage/engine_fixture.h"
#include "storage/log_recovery.h"
#include "storage/log_segment.h"
#include "storage/object_files.h"
#include "support/simulated_disk.h"

namespace holdfast::storage::testing {

using holdfast::testing::Fault;
using holdfast::testing::SimulatedDisk;

// Keeps what it is given; fails when told to.
class FakeAlarmStore final : public AlarmStore {
 public:
  Status store(const std::vector<AlarmUpdate>& updates) override {
    if (onStore) onStore();
    if (!failure.ok()) return failure;
    for (const AlarmUpdate& update : updates) stored.push_back(update);
    return {};
  }

  Status failure;
  std::function<void()> onStore;
  std::vector<AlarmUpdate> stored;
};

// What a segment holds, as text: "batch(retired 0, durable 0) ns(0 app-Room) commit(1) ...".
inline std::string recordsOf(const SimulatedDisk& disk, const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  const std::string content = disk.content(path).value_or("");
  std::string out;
  const auto visit = [&out](const ParsedRecord& record) {
    if (!out.empty()) out += " ";
    switch (record.kind) {
      case ParsedRecord::Kind::kBatch:
        out += "batch(retired " + std::to_string(record.batch.retired) + ", durable " +
               std::to_string(record.batch.durable) + ")";
        break;
      case ParsedRecord::Kind::kNamespace:
        out += "ns(" + std::to_string(record.ns.ns) + " " + record.ns.uniqueKey + ")";
        break;
      case ParsedRecord::Kind::kCommit:
        out += "commit(" + std::to_string(record.commit.lsn) + ")";
        break;
    }
    return Status();
  };
  const Result<SegmentScan> scan =
      scanSegment(content, name, segmentFirstLsn(name).value(), true, visit);
  return scan.ok() ? out : "error: " + scan.status().message();
}

class StoreTest : public ::testing::Test {
 protected:
  static constexpr const char* kDataDir = "data";

  StoreTest() { make(); }

  // What a process finds that starts now.
  void recover() {
    stop();
    const Result<RecoveryReport> recovered = recoverLog(disk_, kDataDir, Flush::kYes, alarms_);
    EXPECT_TRUE(recovered.ok()) << recovered.status().message();
    recovery_ = recovered.ok() ? recovered.value() : RecoveryReport();
    make(recovery_.last);
  }
  void powerCut(uint64_t seed = 1) {
    stop();
    disk_.powerCut(seed);
    recover();
  }
  void killProcess() {
    stop();
    disk_.killProcess();
    recover();
  }
  void stop() {
    checkpointer_.reset();
    objects_.reset();
    log_.reset();
    sink_.reset();
  }

  ObjectFile* open(char digit = 'a', const std::string& uniqueKey = "app-Room") {
    ActorId id;
    id.bytes.fill(static_cast<uint8_t>((digit - 'a' + 10) * 0x11));
    ObjectFile* file = objects_->open(objectNamed(digit, uniqueKey), id);
    EXPECT_NE(file, nullptr);
    const Status loaded = file->load();
    EXPECT_TRUE(loaded.ok()) << loaded.message();
    return file;
  }
  static std::string pathOf(char digit = 'a', const std::string& uniqueKey = "app-Room") {
    return objectPath(namespaceDirectory(kDataDir, uniqueKey), std::string(64, digit));
  }
  // A database file of another process: `pages` as letters, each page of one letter; the first
  // begins as SQLite's header does.
  void makeFile(const std::string& pages, uint32_t pageBytes = 4096, char digit = 'a') {
    ASSERT_TRUE(disk_.createDirectories(namespaceDirectory(kDataDir, "app-Room")).ok());
    std::string content;
    for (const char letter : pages) content += std::string(pageBytes, letter);
    content.replace(0, 100, header(pageBytes));
    disk_.setContent(pathOf(digit), content);
  }
  static std::string header(uint32_t pageBytes) {
    std::string bytes(100, '\0');
    bytes.replace(0, 16, std::string_view("SQLite format 3\0", 16));
    const uint32_t stored = pageBytes == 65'536 ? 1 : pageBytes;
    bytes[16] = static_cast<char>(stored >> 8U);
    bytes[17] = static_cast<char>(stored);
    bytes[18] = bytes[19] = 1;
    return bytes;
  }

  static void write(ObjectFile& file, uint32_t page, char letter, uint32_t pageBytes = 4096) {
    file.write(uint64_t{page - 1} * pageBytes, std::string(pageBytes, letter));
  }
  // A page of zeros but for this letter, a capital one.
  static void writeSparse(ObjectFile& file, uint32_t page, char letter, uint32_t pageBytes = 4096) {
    std::string bytes(pageBytes, '\0');
    bytes[kSparseAt] = letter;
    file.write(uint64_t{page - 1} * pageBytes, bytes);
  }
  static void resize(ObjectFile& file, uint32_t pages, uint32_t pageBytes = 4096) {
    file.truncate(uint64_t{pages} * pageBytes);
  }
  Lsn commit(ObjectFile& file, std::optional<RecordedAlarm> alarm = {}) {
    const Result<Lsn> lsn = file.commit(*objects_, std::move(alarm), 1'790'000'000'000);
    EXPECT_TRUE(lsn.ok()) << lsn.status().message();
    return lsn.ok() ? lsn.value() : 0;
  }
  bool flush() { return log_->step(CommitLog::Wait::kNot); }
  Result<bool> round(ObjectFiles::Which which = ObjectFiles::Which::kAll) {
    return checkpointer_->round(which);
  }
  // Everything into the files, and nothing of it left in the log.
  void checkpoint() {
    while (flush()) {
    }
    const Result<bool> done = round();
    EXPECT_TRUE(done.ok()) << done.status().message();
    while (flush()) {
    }
  }

  // A letter a page as the object's database is now, '0' for zeros and '?' for anything mixed. Of
  // page 1 what follows the header.
  static std::string pagesOf(ObjectFile& file, uint32_t pageBytes = 4096) {
    std::string bytes(file.size(), '!');
    for (uint64_t offset = 0; offset < bytes.size(); offset += pageBytes) {
      const Result<size_t> got = file.read(offset, bytes.data() + offset, pageBytes);
      EXPECT_TRUE(got.ok() && got.value() == pageBytes) << offset;
    }
    return lettersOf(bytes, pageBytes);
  }
  [[nodiscard]] std::string fileOf(char digit = 'a', uint32_t pageBytes = 4096) const {
    const std::optional<std::string> content = disk_.content(pathOf(digit));
    return content ? lettersOf(*content, pageBytes) : "(none)";
  }
  static std::string lettersOf(const std::string& bytes, uint32_t pageBytes) {
    std::string letters;
    for (size_t at = 0; at < bytes.size(); at += pageBytes) {
      const std::string page =
          at == 0 ? bytes.substr(100, pageBytes - 100) : bytes.substr(at, pageBytes);
      letters += letterOf(page);
    }
    return letters;
  }
  static char letterOf(const std::string& page) {
    const bool isSame = page.find_first_not_of(page[0]) == std::string::npos;
    if (isSame) return page[0] == '\0' ? '0' : page[0];
    const auto zeros = std::count(page.begin(), page.end(), '\0');
    const bool isSparse = static_cast<size_t>(zeros) + 1 == page.size() && page[kSparseAt] != '\0';
    return isSparse ? page[kSparseAt] : '?';
  }
  std::vector<std::string> segments() { return disk_.list(logDirectory(kDataDir)).value(); }
  std::string records(Lsn first) {
    return recordsOf(disk_, logDirectory(kDataDir) + "/" + segmentName(first));
  }

  static constexpr size_t kSparseAt = 11;

  SimulatedDisk disk_;
  FakeAlarmStore alarms_;
  RecoveryReport recovery_;
  CommitLog::Options logOptions_{.directory = logDirectory(kDataDir),
                                 .segmentBytes = 1U << 20U,
                                 .queueBytesMax = 1U << 20U,
                                 .reserveBytes = 0};
  ObjectFiles::Options objectOptions_{.dataDir = kDataDir,
                                      .openFilesMax = 8,
                                      .overlayBytesMax = 1 << 20U,
                                      .logBytesMax = 1U << 20U,
                                      .transactionBytesMax = 1U << 20U};
  Checkpointer::Options checkpointerOptions_{.dataDir = kDataDir};
  std::unique_ptr<RecordingSink> sink_;
  std::unique_ptr<CommitLog> log_;
  std::unique_ptr<ObjectFiles> objects_;
  std::unique_ptr<Checkpointer> checkpointer_;

  // Again with other options, on the disk as it is.
  void make(Lsn last = 0) {
    ASSERT_TRUE(createDirectoriesDurably(disk_, logDirectory(kDataDir)).ok());
    ASSERT_TRUE(createDirectoriesDurably(disk_, namespacesDirectory(kDataDir)).ok());
    sink_ = std::make_unique<RecordingSink>();
    log_ = std::make_unique<CommitLog>(logOptions_, disk_, *sink_, last);
    objects_ = std::make_unique<ObjectFiles>(objectOptions_, disk_, *log_);
    checkpointer_ =
        std::make_unique<Checkpointer>(checkpointerOptions_, disk_, *objects_, *log_, alarms_);
    const Status started = log_->start();
    ASSERT_TRUE(started.ok()) << started.message();
  }
};

}  // namespace holdfast::storage::testing
