#include "support/simulated_disk.h"

#include <gtest/gtest.h>

#include "support/power_cuts.h"

namespace holdfast::testing {
namespace {

using sys::OpenMode;

TEST(SimulatedDisk, AFailedWriteIsCarriedOutInPart) {
  SimulatedDisk disk;
  const auto file = opened(disk, "/f");
  disk.failAt(2, Fault::kFailedWrite);
  EXPECT_TRUE(file->write(0, "....").ok());
  EXPECT_EQ(file->write(0, "abcd").code(), Code::kIo);
  EXPECT_EQ(disk.content("/f"), "ab..");
  EXPECT_TRUE(file->write(0, "abcd").ok()) << "once";

  for (const Fault fault : {Fault::kFailedWrite, Fault::kNoSpaceOnce}) {
    disk.failAt(1, fault);
    EXPECT_FALSE(disk.createFile("/g", "x").ok());
    EXPECT_FALSE(disk.exists("/g"));
  }
  disk.failAt(1, Fault::kFailedWrite);
  EXPECT_FALSE(disk.rename("/f", "/g").ok());
  disk.failAt(1, Fault::kFailedWrite);
  EXPECT_FALSE(disk.removeFile("/f").ok());
  disk.failAt(1, Fault::kFailedWrite);
  EXPECT_FALSE(file->truncate(0).ok());
  EXPECT_EQ(disk.content("/f"), "abcd");
}

TEST(SimulatedDisk, AFullDiskStaysFullUntilSpaceIsFreed) {
  SimulatedDisk disk;
  const auto file = opened(disk, "/f");
  disk.failAt(1, Fault::kNoSpace);
  EXPECT_EQ(file->write(0, "abcd").code(), Code::kResourceExhausted);
  EXPECT_EQ(disk.content("/f"), "ab") << "a short write";
  EXPECT_EQ(file->write(1, "xyz").code(), Code::kResourceExhausted);
  EXPECT_EQ(disk.content("/f"), "ax");
  EXPECT_TRUE(file->write(0, "AB").ok()) << "overwriting needs no space";
  EXPECT_EQ(file->truncate(5).code(), Code::kResourceExhausted);
  EXPECT_EQ(disk.createFile("/g", "").code(), Code::kResourceExhausted);
  EXPECT_EQ(disk.createDirectories("/d").code(), Code::kResourceExhausted);
  EXPECT_EQ(disk.replaceFile("/f", "x").code(), Code::kResourceExhausted);
  EXPECT_TRUE(file->sync().ok());
  disk.powerCut(1);
  EXPECT_FALSE(disk.createFile("/g", "").ok()) << "a reboot frees nothing";
  disk.freeSpace();
  EXPECT_TRUE(disk.createFile("/g", "x").ok());

  disk.failAt(1, Fault::kNoSpaceOnce);
  EXPECT_EQ(disk.createFile("/h", "").code(), Code::kResourceExhausted);
  EXPECT_TRUE(disk.createFile("/h", "").ok());
}

TEST(SimulatedDisk, AFailedSyncLosesTheWritesBeforeIt) {
  const auto seen = survivors(
      [](SimulatedDisk& disk) {
        disk.setContent("/f", "....");
        const auto file = opened(disk, "/f");
        ASSERT_TRUE(file->write(0, "a").ok());
        ASSERT_TRUE(file->sync().ok());
        ASSERT_TRUE(file->write(1, "b").ok());
        disk.failAt(1, Fault::kFailedSync);
        ASSERT_EQ(file->sync().code(), Code::kIo);
        ASSERT_TRUE(file->write(2, "c").ok());
        EXPECT_EQ(disk.content("/f"), "abc.") << "the page cache goes on showing them";
        ASSERT_TRUE(file->sync().ok());
      },
      [](SimulatedDisk& disk) { return contentOf(disk, "/f"); });
  EXPECT_EQ(seen, Survivors{"a.c."});
  const auto all = survivors(
      [](SimulatedDisk& disk) {
        disk.setContent("/f", ".");
        ASSERT_TRUE(opened(disk, "/f")->write(0, "a").ok());
        disk.failAt(1, Fault::kFailedSync);
        ASSERT_EQ(disk.syncAll("/").code(), Code::kIo);
        ASSERT_TRUE(disk.syncAll("/").ok());
      },
      [](SimulatedDisk& disk) { return contentOf(disk, "/f"); });
  EXPECT_EQ(all, Survivors{"."});
}

TEST(SimulatedDisk, AFailedSyncOfADirectoryLeavesItsNamesVolatile) {
  const auto scenario = [](SimulatedDisk& disk) {
    ASSERT_TRUE(disk.createFile("/f", "").ok());
    disk.failAt(1, Fault::kFailedSync);
    ASSERT_EQ(disk.syncDirectory("/").code(), Code::kIo);
  };
  EXPECT_EQ(survivors(scenario, [](SimulatedDisk& disk) { return contentOf(disk, "/f"); }),
            (Survivors{kNone, ""}));
}

TEST(SimulatedDisk, AFaultWaitsForAnOperationItCanStrike) {
  SimulatedDisk disk;
  const auto file = opened(disk, "/f");
  disk.failAt(1, Fault::kFailedSync);
  disk.failAt(2, Fault::kFailedWrite);
  EXPECT_TRUE(file->write(0, "a").ok());
  EXPECT_EQ(disk.faultsPending(), 2U);
  EXPECT_FALSE(file->sync().ok());
  EXPECT_TRUE(file->sync().ok());
  EXPECT_FALSE(file->write(0, "a").ok());
  EXPECT_EQ(disk.faultsPending(), 0U);
  disk.failAt(1, Fault::kFailedWrite);
  disk.killProcess();
  EXPECT_EQ(disk.faultsPending(), 0U);
}

TEST(SimulatedDisk, OperationsAreWhatChangesSomething) {
  SimulatedDisk disk;
  const auto file = opened(disk, "/f");
  EXPECT_EQ(disk.operations(), 1U);
  char byte = 0;
  EXPECT_TRUE(file->read(0, &byte, 1).ok());
  EXPECT_TRUE(opened(disk, "/f")->size().ok());
  EXPECT_TRUE(disk.readFile("/f").ok());
  EXPECT_TRUE(disk.removeFile("/none").ok());
  EXPECT_TRUE(disk.createDirectories("/").ok());
  EXPECT_EQ(disk.operations(), 1U);
  EXPECT_TRUE(file->write(0, "x").ok());
  EXPECT_TRUE(file->truncate(0).ok());
  EXPECT_TRUE(file->sync().ok());
  EXPECT_TRUE(disk.syncDirectory("/").ok());
  EXPECT_TRUE(disk.syncAll("/").ok());
  EXPECT_TRUE(disk.rename("/f", "/g").ok());
  EXPECT_TRUE(disk.removeFile("/g").ok());
  EXPECT_EQ(disk.operations(), 8U);
  EXPECT_TRUE(disk.createDirectories("/a/b").ok());
  EXPECT_EQ(disk.operations(), 10U);
}

TEST(SimulatedDisk, FromACrashOnEveryCallFails) {
  SimulatedDisk disk;
  const auto file = opened(disk, "/f");
  disk.crashAt(2);
  EXPECT_TRUE(file->write(0, "a").ok());
  EXPECT_FALSE(disk.isPowerOff());
  EXPECT_EQ(file->write(0, "b").code(), Code::kIo);
  EXPECT_TRUE(disk.isPowerOff());
  EXPECT_EQ(disk.operations(), 3U);
  char byte = 0;
  for (const Status& status :
       {file->read(0, &byte, 1).status(), file->size().status(), file->truncate(0), file->sync(),
        disk.open("/f", OpenMode::kRead).status(), disk.readFile("/f").status(),
        disk.fileSize("/f").status(), disk.list("/").status(), disk.createDirectories("/d"),
        disk.createFile("/g", "x"), disk.rename("/f", "/g"), disk.removeFile("/f"),
        disk.removeTree("/f"), disk.syncFile("/f"), disk.syncDirectory("/"), disk.syncAll("/"),
        disk.replaceFile("/f", "x"), disk.lock("/l").status(),
        sys::createDirectoriesDurably(disk, "/d/e")}) {
    EXPECT_EQ(status.code(), Code::kIo);
    EXPECT_NE(status.message().find("power is off"), std::string::npos) << status.message();
  }
  EXPECT_EQ(disk.operations(), 3U);
  disk.killProcess();
  EXPECT_EQ(disk.content("/f"), "a");
  EXPECT_TRUE(disk.createFile("/g", "x").ok());

  disk.crashNow();
  EXPECT_FALSE(disk.readFile("/g").ok());
  disk.powerCut(1);
  EXPECT_TRUE(disk.createFile("/h", "x").ok());
}

TEST(SimulatedDisk, CapacityIsABudgetOfBytes) {
  SimulatedDisk disk(10);
  const auto file = opened(disk, "/f");
  EXPECT_TRUE(file->write(0, "12345678").ok());
  EXPECT_EQ(disk.createFile("/g", "abcd").code(), Code::kResourceExhausted);
  EXPECT_EQ(disk.content("/g"), "ab");
  EXPECT_EQ(file->write(20, "x").code(), Code::kResourceExhausted);
  EXPECT_EQ(file->truncate(9).code(), Code::kResourceExhausted);
  EXPECT_TRUE(file->write(0, "x").ok());
  EXPECT_TRUE(disk.removeFile("/g").ok());
  EXPECT_EQ(file->write(6, "789012").code(), Code::kResourceExhausted);
  EXPECT_EQ(disk.content("/f"), "x234567890");
  disk.setCapacityBytes(12);
  EXPECT_TRUE(file->write(6, "789012").ok());
}

}  // namespace
}  // namespace holdfast::testing
