#include "storage/object_file.h"

#include <random>

#include "storage/database_image.h"
#include "storage/log_fixture.h"
#include "storage/store_fixture.h"

namespace holdfast::storage::testing {
namespace {

class ObjectFileTest : public StoreTest {
 protected:
  // The last commit record of the segment that begins with `first`; valid until the next call.
  CommitRecord lastRecord(Lsn first = 1) {
    content_ = disk_.content(logDirectory(kDataDir) + "/" + segmentName(first)).value();
    CommitRecord last;
    const auto visit = [&last](const ParsedRecord& record) {
      if (record.kind == ParsedRecord::Kind::kCommit) last = record.commit;
      return Status();
    };
    EXPECT_TRUE(scanSegment(content_, "log", first, true, visit).ok());
    return last;
  }
  // "2:0+4096" for each range.
  std::string lastRanges(Lsn first = 1) {
    std::string out;
    for (const ByteRange& range : lastRecord(first).ranges) {
      if (!out.empty()) out += " ";
      out += std::to_string(range.page) + ":" + std::to_string(range.offset) + "+" +
             std::to_string(range.bytes.size());
    }
    return out;
  }
  static std::string read(ObjectFile& file, uint64_t offset, size_t bytes) {
    std::string into(bytes, '!');
    const Result<size_t> got = file.read(offset, into.data(), bytes);
    return got.ok() ? into.substr(0, got.value()) : "error: " + got.status().message();
  }

 private:
  std::string content_;
};

TEST_F(ObjectFileTest, NoFileIsNoDatabase) {
  ObjectFile* file = open();
  EXPECT_FALSE(file->exists());
  EXPECT_EQ(file->size(), 0U);
  EXPECT_EQ(read(*file, 0, 100), "");
}

TEST_F(ObjectFileTest, AnEmptyFileIsNoDatabase) {
  ASSERT_TRUE(disk_.createDirectories(namespaceDirectory(kDataDir, "app-Room")).ok());
  disk_.setContent(pathOf(), "");
  EXPECT_FALSE(open()->exists());
}

TEST_F(ObjectFileTest, PagesOfEverySize) {
  char digit = 'a';
  for (uint32_t bytes = 512; bytes <= 65'536; bytes *= 2) {
    makeFile("abc", bytes, 'a');
    ObjectFile* file = open('a');
    EXPECT_EQ(pagesOf(*file, bytes), "abc") << bytes;
    EXPECT_EQ(file->size(), 3 * bytes);
    write(*file, 2, 'x', bytes);
    write(*file, 4, 'y', bytes);
    EXPECT_EQ(pagesOf(*file, bytes), "axcy") << "staged";
    commit(*file);
    EXPECT_EQ(pagesOf(*file, bytes), "axcy") << "in the overlay";
    EXPECT_EQ(fileOf('a', bytes), "abc");
    checkpoint();
    EXPECT_EQ(pagesOf(*file, bytes), "axcy") << "in the file";
    EXPECT_EQ(fileOf('a', bytes), "axcy");
    objects_->close(file);
    ++digit;
  }
  EXPECT_EQ(digit, 'a' + 8);
}

// It keeps the first pages that it reads; a commit, and then the checkpointer, replace them.
TEST_F(ObjectFileTest, WhatWasReadIsNotReadAgainOnceItChanged) {
  makeFile("abc");
  ObjectFile* file = open();
  EXPECT_EQ(pagesOf(*file), "abc");
  write(*file, 2, 'x');
  commit(*file);
  checkpoint();
  EXPECT_EQ(pagesOf(*file), "axc");
  EXPECT_EQ(pagesOf(*file), "axc");
  file->truncate(4096);
  commit(*file);
  write(*file, 3, 'z');
  commit(*file);
  checkpoint();
  EXPECT_EQ(read(*file, 4096, 4096), std::string(4096, '\0')) << "behind the size it once had";
  EXPECT_EQ(read(*file, 2 * 4096, 4096), std::string(4096, 'z'));
}

TEST_F(ObjectFileTest, RefusesWhatIsNoDatabase) {
  ASSERT_TRUE(disk_.createDirectories(namespaceDirectory(kDataDir, "app-Room")).ok());
  std::string odd = header(4096);
  odd[16] = 3;  // 768 bytes a page
  std::string small = header(4096);
  small[16] = 1;
  small[17] = 0;  // 256
  for (const std::string& content :
       {std::string("x"), std::string(5000, 'x'), header(4096).substr(0, 99), odd, small}) {
    disk_.setContent(pathOf(), content);
    ActorId id;
    id.bytes.fill(0xaa);
    ObjectFile* file = objects_->open(objectNamed('a'), id);
    const Status loaded = file->load();
    EXPECT_EQ(loaded.code(), Code::kCorrupt);
    EXPECT_NE(loaded.message().find(pathOf()), std::string::npos) << loaded.message();
    objects_->close(file);
    EXPECT_EQ(disk_.content(pathOf()), content) << "left as it was";
  }
}

TEST_F(ObjectFileTest, AFileThatEndsWithinAPage) {
  makeFile("abc");
  disk_.setContent(pathOf(), disk_.content(pathOf()).value().substr(0, 2 * 4096 + 100));
  ObjectFile* file = open();
  EXPECT_EQ(file->size(), 3 * 4096U) << "as SQLite counts it";
  EXPECT_EQ(read(*file, 2 * 4096, 4096), std::string(100, 'c') + std::string(3996, '\0'));
  write(*file, 3, 'c');
  commit(*file);
  flush();
  EXPECT_EQ(lastRanges(), "3:100+3996");
  checkpoint();
  EXPECT_EQ(fileOf(), "abc");
}

TEST_F(ObjectFileTest, ANewPageOfFewBytesIsTheSameInTheOverlay) {
  ObjectFile* file = open();
  std::string page = header(4096) + std::string(3996, '\0');
  page[4000] = 'x';
  ASSERT_TRUE(file->write(0, page));
  commit(*file);
  EXPECT_EQ(read(*file, 0, 4096), page);
  EXPECT_EQ(read(*file, 3990, 20), page.substr(3990, 20));
  page[4001] = 'y';
  ASSERT_TRUE(file->write(0, page));
  commit(*file);
  while (flush()) {
  }
  EXPECT_EQ(lastRanges(), "1:4001+1") << "against what was held packed";
  EXPECT_EQ(read(*file, 0, 4096), page);
  checkpoint();
  EXPECT_EQ(disk_.content(pathOf()), page);
}

TEST_F(ObjectFileTest, AChangedPageOfFewBytesIsHeldPackedAndStaysWhenTheFileHasIt) {
  makeFile("ab");
  ObjectFile* file = open();
  std::string page(4096, '\0');
  page[7] = 'x';
  ASSERT_TRUE(file->write(4096, page));
  commit(*file);
  while (flush()) {
  }
  const ObjectFile::Snapshot snapshot = file->snapshot();
  const auto onDisk = disk_.open(pathOf(), sys::OpenMode::kWrite);
  ASSERT_TRUE(writePages(*onDisk.value(), snapshot).ok());
  EXPECT_EQ(file->settle(snapshot), HeldPage::kBytesMin);
  file->abandon();  // the object rests
  ASSERT_TRUE(onDisk.value()->write(4096, "not looked at").ok());
  EXPECT_EQ(read(*file, 4096, 4096), page);
  EXPECT_TRUE(file->snapshot().pages.empty()) << "the file has it";
  page[8] = 'y';
  ASSERT_TRUE(file->write(4096, page));
  commit(*file);
  while (flush()) {
  }
  EXPECT_EQ(lastRanges(), "2:8+1") << "against what stayed";
  EXPECT_EQ(file->snapshot().pages.size(), 1U) << "the file lacks the change";
  checkpoint();
  EXPECT_EQ(disk_.content(pathOf()).value().substr(4096), page);
  resize(*file, 1);
  commit(*file);
  EXPECT_EQ(read(*file, 4096, 4096), "") << "the database ends before it";
}

TEST_F(ObjectFileTest, ReadsPartsOfTheFirstPage) {
  makeFile("ab");
  ObjectFile* file = open();
  EXPECT_EQ(read(*file, 0, 100), header(4096));
  EXPECT_EQ(read(*file, 16, 4), header(4096).substr(16, 4));
  EXPECT_EQ(read(*file, 2 * 4096, 4096), "") << "beyond the end";
}

TEST_F(ObjectFileTest, AnImageGoesWithTheFirstCommit) {
  const std::string& image = kvDatabaseImage();
  ObjectFile* file = open();
  file->create(image);
  EXPECT_TRUE(file->exists());
  EXPECT_EQ(read(*file, 4096, 4096), image.substr(4096));
  EXPECT_FALSE(flush()) << "nothing is in the log yet";
  std::string second = image.substr(4096);
  second[100] = 'x';
  file->write(4096, second);
  commit(*file);
  checkpoint();
  EXPECT_EQ(disk_.content(pathOf()).value(), image.substr(0, 4096) + second);
  killProcess();
  EXPECT_EQ(disk_.content(pathOf()).value(), image.substr(0, 4096) + second);
}

TEST_F(ObjectFileTest, AnImageThatIsNotCommittedLeavesNothing) {
  ObjectFile* file = open();
  file->create(emptyDatabaseImage());
  write(*file, 2, 'x');
  file->rollback();
  EXPECT_EQ(file->size(), 4096U) << "the image, for the next transaction";
  EXPECT_EQ(read(*file, 0, 4096), emptyDatabaseImage());
  file->abandon();
  EXPECT_FALSE(file->exists());
  objects_->close(file);
  EXPECT_FALSE(flush());
  EXPECT_EQ(fileOf(), "(none)");
  EXPECT_TRUE(objects_->objectsOf("app-Room").empty());
}

TEST_F(ObjectFileTest, ACommitOfNothingIsNone) {
  makeFile("ab");
  ObjectFile* file = open();
  EXPECT_EQ(commit(*file), 0U);
  EXPECT_EQ(commit(*file, RecordedAlarm{.at = 500, .actorName = {}}), 1U)
      << "an alarm is something";
  flush();
  EXPECT_EQ(lastRecord().alarm->at, 500);
  EXPECT_TRUE(lastRecord().ranges.empty());
}

TEST_F(ObjectFileTest, ARecordSaysWhatChanged) {
  makeFile("abcd");
  ObjectFile* file = open();
  std::string page(4096, 'c');
  page.replace(50, 3, "new");
  page.replace(3000, 5, "other");
  file->write(2 * 4096, page);
  write(*file, 4, 'd');  // as it was
  commit(*file);
  flush();
  EXPECT_EQ(lastRanges(), "3:50+3 3:3000+5");
  const CommitRecord record = lastRecord();
  EXPECT_EQ(record.sequence, 1U);
  EXPECT_EQ(record.pages, 4U);
  EXPECT_EQ(record.pageBytes, 4096U);
  EXPECT_EQ(record.object, file->identity().id);
  EXPECT_EQ(record.partition, partitionOf(record.object));
  // The next one is against the overlay, not the file.
  page.replace(50, 3, "NEW");
  file->write(2 * 4096, page);
  commit(*file);
  flush();
  EXPECT_EQ(lastRanges(), "3:50+3");
  EXPECT_EQ(lastRecord().sequence, 2U);
}

TEST_F(ObjectFileTest, RollbackForgetsWhatWasStaged) {
  makeFile("abc");
  ObjectFile* file = open();
  write(*file, 2, 'x');
  write(*file, 5, 'y');
  EXPECT_EQ(file->size(), 5 * 4096U);
  file->rollback();
  EXPECT_EQ(pagesOf(*file), "abc");
  resize(*file, 1);
  EXPECT_EQ(file->size(), 4096U);
  file->rollback();
  EXPECT_EQ(pagesOf(*file), "abc");
  write(*file, 1, 'z');
  commit(*file);
  flush();
  EXPECT_EQ(lastRanges(), "1:0+4096") << "and nothing of what was rolled back";
}

TEST_F(ObjectFileTest, PagesBeyondAShrinkAreZerosWhenTheyComeBack) {
  makeFile("abcd");
  ObjectFile* file = open();
  resize(*file, 2);
  commit(*file);
  EXPECT_EQ(pagesOf(*file), "ab");
  write(*file, 4, 'x');  // SQLite need not write page 3
  commit(*file);
  flush();
  EXPECT_EQ(lastRanges(), "4:0+4096");
  EXPECT_EQ(pagesOf(*file), "ab0x");
  EXPECT_EQ(fileOf(), "abcd");
  std::string page(4096, '\0');
  page.replace(7, 1, "y");
  file->write(2 * 4096, page);
  commit(*file);
  flush();
  EXPECT_EQ(lastRanges(), "3:7+1") << "against zeros";
}

TEST_F(ObjectFileTest, AHoleReachesTheFileAsZeros) {
  makeFile("abcd");
  makeFile("z", 4096, 'b');
  ObjectFile* other = open('b');
  write(*other, 1, 'y');
  commit(*other);  // keeps all that follows in the log
  ObjectFile* file = open();
  resize(*file, 2);
  commit(*file);
  write(*file, 4, 'x');
  commit(*file);
  while (flush()) {
  }
  objects_->close(file);
  ASSERT_TRUE(round(ObjectFiles::Which::kQuiet).ok());
  EXPECT_EQ(fileOf(), "ab0x");
  file = open();
  EXPECT_EQ(pagesOf(*file), "ab0x");
  // A replay begins before the shrink, and must come to the same.
  std::string page(4096, '\0');
  page.replace(7, 1, "y");
  file->write(2 * 4096, page);
  commit(*file);
  flush();
  objects_->close(file);
  objects_->close(other);
  killProcess();
  EXPECT_EQ(recovery_.commits, 4U);
  EXPECT_EQ(disk_.content(pathOf()).value().substr(2 * 4096, 4096), page);
  EXPECT_EQ(fileOf(), "ab?x");
}

TEST_F(ObjectFileTest, SettleFreesWhatDidNotChangeSince) {
  makeFile("abc");
  ObjectFile* file = open();
  write(*file, 1, 'x');
  write(*file, 2, 'y');
  commit(*file);
  const ObjectFile::Snapshot snapshot = file->snapshot();
  EXPECT_EQ(snapshot.pages.size(), 2U);
  EXPECT_EQ(snapshot.size, 3U);
  EXPECT_EQ(snapshot.last, 1U);
  write(*file, 2, 'z');
  commit(*file);
  // As the checkpointer does, but for the newer commit.
  const auto onDisk = disk_.open(pathOf(), sys::OpenMode::kWrite);
  ASSERT_TRUE(writePages(*onDisk.value(), snapshot).ok());
  EXPECT_EQ(file->settle(snapshot), 4096U) << "page 1";
  EXPECT_EQ(fileOf(), "xyc");
  EXPECT_EQ(pagesOf(*file), "xzc");
  EXPECT_EQ(file->settle(file->snapshot()), 4096U) << "page 2";
}

TEST_F(ObjectFileTest, ASnapshotIsOfItsBeginningWhateverIsCommittedWhileItsPagesAreCopied) {
  makeFile("ab");
  ObjectFile* file = open();
  for (const char content : std::string_view("cdef"))
    write(*file, static_cast<uint32_t>(content - 'a' + 1), content);
  commit(*file);
  ObjectFile::Snapshot snapshot = file->beginSnapshot();
  write(*file, 3, 'x');
  write(*file, 1, 'n');
  commit(*file);
  write(*file, 3, 'y');
  commit(*file);
  resize(*file, 4);
  commit(*file);
  file->copyPages(snapshot);
  std::string copied;
  for (size_t at = 7; at < snapshot.bytes.size(); at += snapshot.pageBytes)
    copied += snapshot.bytes[at];
  EXPECT_EQ(copied, "cdef");
  const auto onDisk = disk_.open(pathOf(), sys::OpenMode::kWrite);
  ASSERT_TRUE(writePages(*onDisk.value(), snapshot).ok());
  EXPECT_EQ(fileOf(), "abcdef");
  EXPECT_EQ(file->settle(snapshot), 4096U) << "page 4";
  EXPECT_EQ(pagesOf(*file), "nbyd");
  checkpoint();
  EXPECT_EQ(fileOf(), "nbyd");
}

TEST_F(ObjectFileTest, AShrinkWhileACheckpointIsUnderWay) {
  makeFile("ab");
  ObjectFile* file = open();
  write(*file, 3, 'c');
  write(*file, 4, 'd');
  commit(*file);
  const ObjectFile::Snapshot snapshot = file->snapshot();
  resize(*file, 1);
  commit(*file);
  write(*file, 3, 'y');
  commit(*file);
  const auto onDisk = disk_.open(pathOf(), sys::OpenMode::kWrite);
  ASSERT_TRUE(writePages(*onDisk.value(), snapshot).ok());
  EXPECT_EQ(fileOf(), "abcd");
  file->settle(snapshot);
  EXPECT_EQ(pagesOf(*file), "a0y") << "nothing of the file behind page 1 counts";
  checkpoint();
  EXPECT_EQ(fileOf(), "a0y");
  EXPECT_EQ(pagesOf(*file), "a0y");
}

TEST_F(ObjectFileTest, AReadThatFailsFailsTheCommit) {
  makeFile("abc");
  ObjectFile* file = open();
  write(*file, 2, 'x');
  disk_.crashNow();
  const Result<Lsn> lsn = file->commit(*objects_, {}, 0);
  EXPECT_EQ(lsn.status().code(), Code::kIo);
  EXPECT_EQ(log_->last(), 0U) << "nothing was appended";
  EXPECT_FALSE(read(*file, 2 * 4096, 4096).find("error: ") == std::string::npos);
}

TEST_F(ObjectFileTest, ATransactionChangesSoMuchAtMost) {
  stop();
  objectOptions_.transactionBytesMax = 2 * 4096;
  make();
  makeFile("abc");
  ObjectFile* file = open();
  const std::string page(4096, 'x');
  EXPECT_TRUE(file->write(4096, page));
  EXPECT_TRUE(file->write(2 * 4096, page));
  EXPECT_FALSE(file->write(3 * 4096, page));
  EXPECT_EQ(file->size(), 3 * 4096U);
  EXPECT_TRUE(file->write(4096, page)) << "one that it changed already";
  commit(*file);
  EXPECT_TRUE(file->write(3 * 4096, page));
  EXPECT_EQ(pagesOf(*file), "axxx");
}

TEST_F(ObjectFileTest, InMemoryCommittedPagesStay) {
  stop();
  logOptions_.durability = Durability::kMemory;
  objectOptions_.dataDir = "";
  make();
  ObjectFile* file = open();
  file->create(emptyDatabaseImage());
  write(*file, 2, 'x');
  EXPECT_EQ(commit(*file), 1U);
  write(*file, 2, 'y');
  file->rollback();
  objects_->close(file);
  file = open();
  EXPECT_EQ(read(*file, 0, 4096), emptyDatabaseImage());
  EXPECT_EQ(read(*file, 4096, 1), "x");
  resize(*file, 1);
  EXPECT_EQ(commit(*file), 2U);
  write(*file, 3, 'z');
  EXPECT_EQ(commit(*file), 3U);
  EXPECT_EQ(read(*file, 4096, 4096), std::string(4096, '\0')) << "a hole";
}

// An object beside what it should be: pages as letters.
class ModelledObject {
 public:
  std::string now = "abc";                     // as the open transaction sees it
  std::string committed = now;                 // as the last commit left it
  std::vector<std::string> survivors = {now};  // of which a crash leaves one

  void write(uint32_t page, char letter) {
    now.resize(std::max<size_t>(now.size(), page), '0');
    now[page - 1] = letter;
  }
  void rollback() { now = committed; }
  void commit() {
    committed = now;
    survivors.push_back(now);
  }
  void becomesDurable() { survivors = {committed}; }
  [[nodiscard]] bool maySurvive(const std::string& found) const {
    return std::find(survivors.begin(), survivors.end(), found) != survivors.end();
  }
};

class ObjectFileModelTest : public ObjectFileTest {
 protected:
  static constexpr uint32_t kPageBytes = 512;

  void begin(uint32_t seed) {
    random_.seed(seed);
    stop();
    disk_.killProcess();
    ASSERT_TRUE(disk_.removeTree(kDataDir).ok());
    logOptions_.segmentBytes = 4000;
    make();
    makeFile("abc", kPageBytes);
    model_ = ModelledObject();
    file_ = open();
  }
  uint32_t below(uint32_t end) { return random_() % end; }

  void change() {
    const uint32_t page = 2 + below(7);  // the first one has the header
    const bool isSparse = below(2) == 0;
    const char letter = static_cast<char>((isSparse ? 'A' : 'a') + below(26));
    const auto writes = isSparse ? writeSparse : StoreTest::write;
    writes(*file_, page, letter, kPageBytes);
    model_.write(page, letter);
  }
  void rollback() {
    file_->rollback();
    model_.rollback();
  }
  void commit() {
    StoreTest::commit(*file_);
    model_.commit();
  }
  // SQLite cuts the file as the last thing before a commit.
  void shrink() {
    rollback();
    const auto pages = static_cast<uint32_t>(1 + below(static_cast<uint32_t>(model_.now.size())));
    resize(*file_, pages, kPageBytes);
    model_.now.resize(pages);
    commit();
  }
  void flushAll() {
    while (flush()) {
    }
    if (sink_->failures() == 0) model_.becomesDurable();
  }
  void crash() {
    file_->abandon();
    objects_->close(file_);
    if (below(2) == 0) {
      powerCut(random_());
    } else {
      killProcess();
    }
    file_ = open();
    model_.now = pagesOf(*file_, kPageBytes);
    EXPECT_TRUE(model_.maySurvive(model_.now)) << model_.now;
    model_.committed = model_.now;
    model_.becomesDurable();
  }
  void crashAfterAFault() {
    disk_.failAt(1 + below(3), below(2) == 0 ? Fault::kFailedWrite : Fault::kFailedSync);
    flushAll();
    if (sink_->failures() == 0) {
      (void)round().ok();
      if (below(2) == 0) (void)round().ok();
    }
    crash();
  }
  void reopen() {
    file_->abandon();
    objects_->close(file_);
    file_ = open();
    model_.rollback();
  }
  void step() {
    switch (below(12)) {
      case 0:
        return shrink();
      case 1:
      case 2:
        return commit();
      case 3:
        return rollback();
      case 4:
        return flushAll();
      case 5:
        flushAll();
        EXPECT_TRUE(round().ok());
        return;
      case 6:
        return crash();
      case 7:
        return crashAfterAFault();
      case 8:
        return reopen();
      default:
        return change();
    }
  }

  std::mt19937 random_;
  ModelledObject model_;
  ObjectFile* file_ = nullptr;
};

// Whatever is done in whatever order, an object is what its commits made of it.
TEST_F(ObjectFileModelTest, RandomOperationsAgreeWithAModel) {
  for (uint32_t seed = 1; seed <= 300; ++seed) {
    begin(seed);
    for (int i = 0; i < 150; ++i) {
      step();
      ASSERT_EQ(pagesOf(*file_, kPageBytes), model_.now) << "seed " << seed << ", step " << i;
      ASSERT_FALSE(HasFailure()) << "seed " << seed << ", step " << i;
    }
  }
}

}  // namespace
}  // namespace holdfast::storage::testing
