#include "sys/file_system.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace holdfast::sys {
namespace {

class FileSystemTest : public ::testing::Test {
 protected:
  FileSystemTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "holdfast-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
  }
  ~FileSystemTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  FileSystem& files_ = systemFileSystem();
  std::string root_;
};

TEST_F(FileSystemTest, ReplaceFileIsWhole) {
  const std::string path = root_ + "/f";
  EXPECT_EQ(files_.readFile(path).value(), std::nullopt);
  ASSERT_TRUE(files_.replaceFile(path, "one").ok());
  ASSERT_TRUE(files_.replaceFile(path, std::string(10'000, 'x')).ok());
  EXPECT_EQ(files_.readFile(path).value(), std::string(10'000, 'x'));
  EXPECT_EQ(files_.fileSize(path).value(), 10'000U);
  EXPECT_EQ(files_.list(root_).value(), (std::vector<std::string>{"f"})) << "nothing is left over";
}

TEST_F(FileSystemTest, CreateFileNeverReplaces) {
  const std::string path = root_ + "/f";
  ASSERT_TRUE(files_.createFile(path, "one").ok());
  EXPECT_EQ(files_.createFile(path, "two").code(), Code::kAlreadyExists);
  EXPECT_EQ(files_.readFile(path).value(), "one");
  EXPECT_EQ(files_.createFile(root_ + "/none/f", "x").code(), Code::kIo);
}

TEST_F(FileSystemTest, DirectoriesListRenameRemove) {
  ASSERT_TRUE(createDirectoriesDurably(files_, root_ + "/a/b").ok());
  EXPECT_TRUE(files_.exists(root_ + "/a/b"));
  ASSERT_TRUE(files_.rename(root_ + "/a", root_ + "/c").ok());
  EXPECT_EQ(files_.list(root_).value(), (std::vector<std::string>{"c"}));
  ASSERT_TRUE(files_.removeTree(root_ + "/c").ok());
  EXPECT_TRUE(files_.list(root_ + "/c").value().empty());
  EXPECT_TRUE(files_.syncAll(root_).ok());
}

TEST_F(FileSystemTest, FilesAreReadAndWrittenAtOffsets) {
  const std::string path = root_ + "/f";
  EXPECT_EQ(files_.open(path, OpenMode::kWrite).status().code(), Code::kNotFound);
  EXPECT_EQ(files_.open(path, OpenMode::kRead).status().code(), Code::kNotFound);
  const std::unique_ptr<File> file = files_.open(path, OpenMode::kCreate).value();
  ASSERT_TRUE(file->write(4, "five").ok());
  ASSERT_TRUE(file->write(6, "VE and more").ok());
  char bytes[32] = {};
  EXPECT_EQ(file->read(0, bytes, sizeof bytes).value(), 17U);
  EXPECT_EQ(std::string(bytes, 17), std::string(4, '\0') + "fiVE and more");
  EXPECT_EQ(file->read(17, bytes, sizeof bytes).value(), 0U);
  ASSERT_TRUE(file->reserve(4096).ok());
  EXPECT_EQ(file->size().value(), 4096U);
  EXPECT_EQ(file->read(16, bytes, 4).value(), 4U);
  EXPECT_EQ(std::string(bytes, 4), std::string("e\0\0\0", 4));
  ASSERT_TRUE(file->truncate(6).ok());
  EXPECT_EQ(file->size().value(), 6U);
  EXPECT_TRUE(file->sync().ok());
  EXPECT_EQ(files_.open(path, OpenMode::kRead).value()->write(0, "x").code(), Code::kIo);
  ASSERT_TRUE(files_.removeFile(path).ok());
  EXPECT_FALSE(files_.exists(path));
  EXPECT_TRUE(files_.removeFile(path).ok()) << "gone already";
}

TEST_F(FileSystemTest, NoSpaceIsAnErrorOfItsOwn) {
  // The device that is always full.
  const std::unique_ptr<File> full = files_.open("/dev/full", OpenMode::kWrite).value();
  EXPECT_EQ(full->write(0, "x").code(), Code::kResourceExhausted);
}

TEST_F(FileSystemTest, ErrorsNameTheCallAndThePath) {
  const std::string path = root_ + "/none";
  EXPECT_EQ(files_.syncFile(path).message(), "open " + path + ": No such file or directory");
  EXPECT_EQ(files_.syncFile(path).code(), Code::kIo);
  EXPECT_EQ(files_.fileSize(path).value(), 0U);
  EXPECT_FALSE(files_.rename(path, root_ + "/x").ok());
}

TEST_F(FileSystemTest, LockIsHeldOnceAndNamesItsHolder) {
  const std::string path = root_ + "/lock";
  auto lock = files_.lock(path);
  ASSERT_TRUE(lock.ok());
  const auto second = files_.lock(path);
  EXPECT_EQ(second.status().code(), Code::kUnavailable);
  EXPECT_EQ(second.status().message(), path + " is held by process " + std::to_string(getpid()));
  lock.value().reset();
  EXPECT_TRUE(files_.lock(path).ok());
}

}  // namespace
}  // namespace holdfast::sys
