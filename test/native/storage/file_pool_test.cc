#include "storage/file_pool.h"

#include <gtest/gtest.h>

#include "support/simulated_disk.h"

namespace holdfast::storage {
namespace {

using holdfast::testing::SimulatedDisk;

class FilePoolTest : public ::testing::Test {
 protected:
  FilePoolTest() {
    for (const char* name : {"a", "b", "c", "d"}) disk_.setContent(name, name);
  }

  static std::string read(sys::File& file) {
    std::string bytes(8, '\0');
    const Result<size_t> got = file.read(0, bytes.data(), bytes.size());
    return got.ok() ? bytes.substr(0, got.value()) : "error: " + got.status().message();
  }
  // Opened through the pool by the owner of the same number.
  std::shared_ptr<sys::File> open(int owner, const std::string& path) {
    Result<std::shared_ptr<sys::File>> file = pool_.open(&owners_[owner], path);
    EXPECT_TRUE(file.ok()) << file.status().message();
    return file.ok() ? std::move(file).value() : nullptr;
  }

  SimulatedDisk disk_;
  FilePool pool_{disk_, 2};
  int owners_[4] = {};
};

TEST_F(FilePoolTest, OpensAFileOnce) {
  const auto first = open(0, "a");
  EXPECT_EQ(read(*first), "a");
  EXPECT_EQ(open(0, "a"), first);
  EXPECT_EQ(pool_.openCount(), 1U);
}

TEST_F(FilePoolTest, ClosesTheLeastRecentlyUsedBeyondItsBound) {
  const auto a = open(0, "a");
  const auto b = open(1, "b");
  EXPECT_EQ(open(0, "a"), a) << "used again: b is the older one now";
  open(2, "c");
  EXPECT_EQ(pool_.openCount(), 2U);
  EXPECT_EQ(open(0, "a"), a);
  EXPECT_NE(open(1, "b"), b) << "was closed, and is opened again";
  for (int i = 0; i < 100; ++i) open(i % 4, std::string(1, static_cast<char>('a' + i % 4)));
  EXPECT_EQ(pool_.openCount(), 2U);
}

TEST_F(FilePoolTest, AFileThatIsBeingReadStaysOpen) {
  const auto a = open(0, "a");
  open(1, "b");
  open(2, "c");
  EXPECT_EQ(a.use_count(), 1) << "the pool let go";
  EXPECT_EQ(read(*a), "a");
}

TEST_F(FilePoolTest, ForgottenIsOpenedAnew) {
  const auto before = open(0, "a");
  pool_.forget(&owners_[0]);
  pool_.forget(&owners_[3]);  // never opened
  EXPECT_EQ(pool_.openCount(), 0U);
  disk_.setContent("new", "new");
  ASSERT_TRUE(disk_.rename("new", "a").ok());
  EXPECT_EQ(read(*open(0, "a")), "new");
  EXPECT_EQ(read(*before), "a");
}

TEST_F(FilePoolTest, AMissingFileIsNotRemembered) {
  EXPECT_EQ(pool_.open(&owners_[0], "none").status().code(), Code::kNotFound);
  EXPECT_EQ(pool_.openCount(), 0U);
  disk_.setContent("none", "now");
  EXPECT_EQ(read(*open(0, "none")), "now");
}

TEST_F(FilePoolTest, NoneMayStayOpen) {
  FilePool closed(disk_, 0);
  const auto file = closed.open(&owners_[0], "a");
  EXPECT_EQ(read(*file.value()), "a");
  EXPECT_EQ(closed.openCount(), 0U);
}

}  // namespace
}  // namespace holdfast::storage
