#include "storage/known_files.h"

#include <gtest/gtest.h>

#include <cstring>

#include "storage/store_fixture.h"

namespace holdfast::storage::testing {
namespace {

// As random as the ids are.
ActorId idNumber(uint64_t number) {
  ActorId id;
  uint64_t word = (number + 1) * 0xBF58476D1CE4E5B9ULL;
  word = (word ^ (word >> 31U)) * 0x94D049BB133111EBULL;
  word ^= word >> 29U;
  std::memcpy(id.bytes.data(), &word, sizeof word);
  return id;
}

uint64_t hashNumber(uint64_t number) { return FileFilter::hashOf(idNumber(number), 0); }

TEST(FileFilterTest, HasWhatWasAddedAndHardlyAnythingElse) {
  constexpr uint64_t kFiles = 20'000;
  std::vector<uint64_t> files;
  for (uint64_t i = 0; i < kFiles; ++i) files.push_back(hashNumber(i));
  FileFilter filter(files);
  uint64_t added = kFiles;
  while (!filter.isFull()) filter.add(hashNumber(added++));
  EXPECT_GE(added, 2 * kFiles);
  uint64_t wrong = 0;
  for (uint64_t i = 0; i < added; ++i) {
    EXPECT_TRUE(filter.mayHave(hashNumber(i))) << i;
    wrong += filter.mayHave(hashNumber(added + i)) ? 1 : 0;
  }
  EXPECT_LT(wrong, added * 4 / 1000);
}

TEST(FileFilterTest, FacetsHaveFilesOfTheirOwn) {
  const FileFilter filter({FileFilter::hashOf(idNumber(1), 2)});
  EXPECT_TRUE(filter.mayHave(FileFilter::hashOf(idNumber(1), 2)));
  EXPECT_FALSE(filter.mayHave(FileFilter::hashOf(idNumber(1), 0)));
  EXPECT_FALSE(filter.mayHave(FileFilter::hashOf(idNumber(1), 1)));
}

TEST(KnownFilesTest, KnowsAllWhereThereWasNoDirectory) {
  KnownFiles known;
  EXPECT_TRUE(known.mayExist(idNumber(1), 0)) << "nobody has looked";
  known.begin(known.version(), false);
  EXPECT_FALSE(known.mayExist(idNumber(1), 0));
  known.noteFile(idNumber(1), 0);
  EXPECT_TRUE(known.mayExist(idNumber(1), 0));
  known.begin(known.version(), false);
  EXPECT_TRUE(known.mayExist(idNumber(1), 0)) << "who looked first counts";
}

TEST(KnownFilesTest, AsksForNamesOnceManyAreMade) {
  KnownFiles known;
  known.begin(known.version(), true);
  for (size_t i = 0; i < KnownFiles::kMadeUnknownMax; ++i) {
    EXPECT_FALSE(known.wantsNames());
    known.noteMade();
  }
  EXPECT_TRUE(known.wantsNames());
  known.learn(known.version(), FileFilter({hashNumber(1)}));
  EXPECT_FALSE(known.wantsNames());
  EXPECT_TRUE(known.mayExist(idNumber(1), 0));
  EXPECT_FALSE(known.mayExist(idNumber(2), 0));
  uint64_t files = 2;
  while (!known.wantsNames()) known.noteFile(idNumber(files++), 0);
  EXPECT_TRUE(known.mayExist(idNumber(files), 0)) << "a full filter knows nothing";
}

TEST(KnownFilesTest, AFileThatIsWrittenAgainDoesNotFillTheFilter) {
  KnownFiles known;
  known.begin(known.version(), false);
  for (int i = 0; i < 100'000; ++i) known.noteFile(idNumber(1), 0);
  EXPECT_FALSE(known.wantsNames());
  EXPECT_FALSE(known.mayExist(idNumber(2), 0));
}

TEST(KnownFilesTest, WhatWasReadBeforeFilesMovedDoesNotCount) {
  KnownFiles known;
  const uint64_t before = known.version();
  known.forget();
  known.begin(before, false);
  EXPECT_TRUE(known.mayExist(idNumber(1), 0));
  known.learn(before, FileFilter({}));
  EXPECT_TRUE(known.mayExist(idNumber(1), 0));
  known.learn(known.version(), FileFilter({}));
  EXPECT_FALSE(known.mayExist(idNumber(1), 0));
}

class FilesOfObjectsTest : public StoreTest {
 protected:
  static ObjectName nameOf(uint64_t number) { return {"app-Room", idHexOf(idNumber(number), 0)}; }
  ObjectFile* openNumber(uint64_t number) {
    return objects_->open(nameOf(number), idNumber(number));
  }
  void makeObjects(uint64_t from, uint64_t to) {
    for (uint64_t i = from; i < to; ++i) {
      ObjectFile* file = openNumber(i);
      ASSERT_TRUE(file->load().ok());
      if (file->size() == 0) file->write(0, header(4096) + std::string(3996, 'x'));
      commit(*file);
      objects_->close(file);
    }
    checkpoint();
  }
  bool mayHaveFile(uint64_t number) {
    ObjectFile* file = openNumber(number);
    const bool may = file->identity().mayHaveFile;
    objects_->close(file);
    return may;
  }
  void restart() {
    stop();
    make();
  }
};

TEST_F(FilesOfObjectsTest, OfANewNamespaceAreKnown) {
  EXPECT_FALSE(mayHaveFile(1));
  makeObjects(1, 3);
  EXPECT_TRUE(mayHaveFile(1));
  EXPECT_TRUE(mayHaveFile(2));
  EXPECT_FALSE(mayHaveFile(3));
}

TEST_F(FilesOfObjectsTest, AreReadFromTheDirectoryAfterARestart) {
  makeObjects(0, 3);
  restart();
  EXPECT_TRUE(mayHaveFile(100)) << "nobody knows yet";
  makeObjects(200, 200 + KnownFiles::kMadeUnknownMax);
  EXPECT_FALSE(mayHaveFile(100));
  for (const uint64_t made : {0, 1, 2, 200, 200 + int{KnownFiles::kMadeUnknownMax} - 1})
    EXPECT_TRUE(mayHaveFile(made)) << made;
}

TEST_F(FilesOfObjectsTest, AreUnknownOnceFilesWereMoved) {
  makeObjects(0, 3);
  restart();
  makeObjects(200, 200 + KnownFiles::kMadeUnknownMax - 1);
  ObjectFile* file = openNumber(300);
  ASSERT_TRUE(file->load().ok());
  file->write(0, header(4096) + std::string(3996, 'x'));
  commit(*file);
  objects_->close(file);
  while (flush()) {
  }
  const std::vector<ObjectFiles::NamesWanted> wanted = objects_->namesWanted();
  ASSERT_EQ(wanted.size(), 1U);
  objects_->forgetNames("app-Room");
  objects_->learnNames(wanted[0], FileFilter({}));
  EXPECT_TRUE(mayHaveFile(0)) << "files were moved meanwhile";
}

}  // namespace
}  // namespace holdfast::storage::testing
