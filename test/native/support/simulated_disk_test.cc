#include "support/simulated_disk.h"

#include <gtest/gtest.h>

#include <unistd.h>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <thread>

#include "support/power_cuts.h"

namespace holdfast::testing {
namespace {

using sys::OpenMode;

TEST(SimulatedDisk, HandlesDieWithThePowerAndWithTheProcess) {
  SimulatedDisk disk;
  const auto first = opened(disk, "/f");
  ASSERT_TRUE(first->write(0, "x").ok());
  ASSERT_TRUE(disk.syncAll("/").ok());
  disk.powerCut(1);
  const auto second = opened(disk, "/f");
  EXPECT_EQ(second->size().value(), 1U);
  disk.killProcess();
  const auto third = opened(disk, "/f");
  EXPECT_TRUE(third->write(1, "y").ok());

  char byte = 0;
  for (const auto& [file, why] :
       {std::pair(first.get(), "power is off"), std::pair(second.get(), "the process is dead")}) {
    for (const Status& status : {file->read(0, &byte, 1).status(), file->write(0, "z"),
                                 file->size().status(), file->truncate(0), file->sync()}) {
      EXPECT_EQ(status.code(), Code::kIo);
      EXPECT_NE(status.message().find(why), std::string::npos) << status.message();
    }
  }
  EXPECT_EQ(disk.content("/f"), "xy");
}

TEST(SimulatedDisk, AKilledProcessLeavesEverythingButNothingMoreDurable) {
  const auto write = [](SimulatedDisk& disk) {
    disk.setContent("/f", "old");
    ASSERT_TRUE(opened(disk, "/f")->write(0, "new").ok());
    ASSERT_TRUE(disk.createFile("/g", "").ok());
    disk.killProcess();
    EXPECT_EQ(disk.content("/f"), "new");
    EXPECT_TRUE(disk.exists("/g"));
  };
  const auto seen = survivors(write, [](SimulatedDisk& disk) {
    return contentOf(disk, "/f") + (disk.exists("/g") ? "+g" : "");
  });
  EXPECT_EQ(seen, (Survivors{"old", "new", "old+g", "new+g"}));
}

TEST(SimulatedDisk, LocksAreHeldOnceAndFreedByTheirHoldersEnd) {
  SimulatedDisk disk;
  ASSERT_TRUE(disk.createDirectories("/d").ok());
  auto lock = disk.lock("/d/lock");
  ASSERT_TRUE(lock.ok());
  EXPECT_EQ(disk.lock("/d/lock").status().code(), Code::kUnavailable);
  EXPECT_EQ(disk.lock("/d/lock").status().message(), "/d/lock is held by process 1");
  EXPECT_EQ(disk.content("/d/lock"), "1\n");
  lock.value().reset();

  ASSERT_TRUE(disk.syncAll("/").ok());
  auto before = disk.lock("/d/lock");
  ASSERT_TRUE(before.ok());
  disk.killProcess();
  auto after = disk.lock("/d/lock");
  ASSERT_TRUE(after.ok());
  before.value().reset();
  EXPECT_FALSE(disk.lock("/d/lock").ok()) << "the dead do not free what the living hold";
  disk.powerCut(1);
  EXPECT_TRUE(disk.lock("/d/lock").ok());
  EXPECT_EQ(disk.lock("/none/lock").status().code(), Code::kIo);
}

// ---- The test's own hands

TEST(SimulatedDisk, CorruptionIsDurable) {
  SimulatedDisk disk;
  disk.setContent("/d/f", "abc");
  ASSERT_TRUE(opened(disk, "/d/f")->write(0, "A").ok());
  disk.corrupt("/d/f", 0, 0x80);
  disk.corrupt("/d/f", 2, 0x01);
  EXPECT_EQ(disk.content("/d/f"),
            "\xC1"
            "bb");
  ASSERT_TRUE(disk.syncFile("/d/f").ok());
  disk.powerCut(3);
  EXPECT_EQ(disk.content("/d/f"),
            "\xC1"
            "bb")
      << "a sync does not heal it";
}

TEST(SimulatedDisk, SetContentIsDurableAndNoOperation) {
  const auto seen = survivors(
      [](SimulatedDisk& disk) {
        ASSERT_TRUE(disk.createDirectories("/a").ok());
        ASSERT_TRUE(disk.createFile("/a/f", "volatile").ok());
        const uint64_t before = disk.operations();
        disk.crashNow();
        disk.setContent("/a/f", "set");
        disk.setContent("/a/b/g", "set");
        EXPECT_EQ(disk.operations(), before);
      },
      [](SimulatedDisk& disk) { return contentOf(disk, "/a/f") + contentOf(disk, "/a/b/g"); });
  EXPECT_EQ(seen, Survivors{"setset"});
  SimulatedDisk disk;
  EXPECT_EQ(disk.content("/none"), std::nullopt);
  EXPECT_EQ(disk.content("/"), std::nullopt);
}

TEST(SimulatedDisk, TheSameSeedGivesTheSameDisk) {
  const auto run = [](uint64_t seed) {
    SimulatedDisk disk;
    for (int i = 0; i < 20; ++i) {
      const std::string path = "/d" + std::to_string(i % 3) + "/f" + std::to_string(i);
      EXPECT_TRUE(disk.createDirectories(path.substr(0, 3)).ok());
      EXPECT_TRUE(disk.createFile(path, std::string(static_cast<size_t>(i) * 200, 'x')).ok());
    }
    disk.powerCut(seed);
    std::string all;
    const std::vector<std::string> directories = disk.list("/").value();
    for (const std::string& directory : directories) {
      const std::vector<std::string> files = disk.list(directory).value();
      for (const std::string& file : files)
        all += directory + "/" + file + "=" + contentOf(disk, directory + "/" + file) + "\n";
    }
    return all;
  };
  std::set<std::string> different;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const std::string first = run(seed);
    EXPECT_EQ(run(seed), first);
    different.insert(first);
  }
  EXPECT_GT(different.size(), 20U);
}

TEST(SimulatedDisk, ThreadsMayUseItAtOnce) {
  SimulatedDisk disk;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&disk, i] {
      const auto file = opened(disk, "/f" + std::to_string(i));
      for (uint64_t at = 0; at < 200; ++at) {
        EXPECT_TRUE(file->write(at, "x").ok());
        if (at % 10 == 0) {
          EXPECT_TRUE(file->sync().ok());
        }
      }
      EXPECT_TRUE(disk.replaceFile("/g" + std::to_string(i), "x").ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(disk.list("/").value().size(), 8U);
  EXPECT_EQ(disk.operations(), 4U * (1 + 200 + 20 + 5));
}

// ---- Beside the system's own file system

// What every call answers, one line each, in a directory `root` of its own.
std::vector<std::string> transcript(sys::FileSystem& files, const std::string& root) {
  std::vector<std::string> lines;
  const auto note = [&](const Status& status) {
    std::string message = status.message();
    for (size_t at = 0; (at = message.find(root)) != std::string::npos;)
      message.replace(at, root.size(), "");
    lines.push_back(std::to_string(static_cast<int>(status.code())) + " " + message);
  };
  const auto noteList = [&](const std::string& path) {
    const Result<std::vector<std::string>> names = files.list(path);
    note(names.status());
    if (!names.ok()) return;
    for (const std::string& name : names.value()) lines.push_back("  " + name);
  };
  const std::string none = root + "/none";
  const std::string f = root + "/f";
  note(files.open(none, OpenMode::kRead).status());
  note(files.open(none, OpenMode::kWrite).status());
  note(files.open(none + "/f", OpenMode::kCreate).status());
  note(files.open(root, OpenMode::kWrite).status());
  note(files.createFile(f, "content"));
  note(files.createFile(f, "again"));
  note(files.createFile(none + "/f", "x"));
  note(files.createDirectories(root + "/a/b"));
  note(files.createDirectories(root + "/a/b"));
  note(files.createFile(root + "/a/g", ""));
  note(files.rename(none, f));
  note(files.rename(f, none + "/f"));
  note(files.rename(f, root + "/a"));
  note(files.rename(root + "/a", f));
  note(files.rename(f, f));
  note(files.rename(f, root + "/a/f"));
  note(files.rename(root + "/a", root + "/c"));
  noteList(root);
  noteList(root + "/c");
  noteList(none);
  note(files.rename(root + "/c/f", f));
  noteList(f);
  note(files.removeFile(none));
  note(files.removeFile(root + "/c"));
  note(files.syncFile(none));
  note(files.syncDirectory(none));
  note(files.syncDirectory(f));
  note(files.syncAll(none));
  note(files.replaceFile(none + "/f", "x"));
  note(files.replaceFile(f, "replaced"));
  note(files.readFile(none).status());
  lines.push_back(files.readFile(f).value().value_or(kNone));
  note(files.lock(none + "/lock").status());
  lines.push_back(std::to_string(files.fileSize(f).value()));
  lines.push_back(std::to_string(files.fileSize(none).value()));

  const auto file = files.open(f, OpenMode::kWrite).value();
  char bytes[32] = {};
  note(file->write(12, "gap"));
  note(file->write(100, ""));
  lines.push_back(std::string(bytes, file->read(3, bytes, sizeof bytes).value()));
  lines.push_back(std::to_string(file->read(15, bytes, 1).value()));
  lines.push_back(std::to_string(file->read(99, bytes, 1).value()));
  note(file->truncate(4));
  note(file->truncate(6));
  note(file->sync());
  note(files.open(f, OpenMode::kRead).value()->write(0, "x"));
  note(files.removeFile(f));
  lines.push_back(std::to_string(file->size().value()));
  note(file->write(0, "unlinked, and open"));
  note(files.removeTree(root + "/c"));
  note(files.removeTree(none));
  noteList(root);
  return lines;
}

TEST(SimulatedDisk, AnswersAsTheSystemDoes) {
  std::string pattern = (std::filesystem::temp_directory_path() / "holdfast-XXXXXX").string();
  const std::string root = mkdtemp(pattern.data());
  SimulatedDisk disk;
  ASSERT_TRUE(disk.createDirectories(root).ok());
  EXPECT_EQ(transcript(disk, root), transcript(sys::systemFileSystem(), root));
  std::error_code ignored;
  std::filesystem::remove_all(root, ignored);
}

}  // namespace
}  // namespace holdfast::testing
