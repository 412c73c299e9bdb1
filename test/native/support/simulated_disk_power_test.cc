#include "support/simulated_disk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "support/power_cuts.h"

namespace holdfast::testing {
namespace {

using sys::File;

TEST(SimulatedDisk, WhatIsSyncedSurvives) {
  const auto look = [](SimulatedDisk& disk) { return contentOf(disk, "/f"); };
  EXPECT_EQ(survivors(
                [](SimulatedDisk& disk) {
                  disk.setContent("/f", "old");
                  const auto file = opened(disk, "/f");
                  ASSERT_TRUE(file->write(0, "new and longer").ok());
                  ASSERT_TRUE(file->sync().ok());
                },
                look),
            Survivors{"new and longer"});
  EXPECT_EQ(survivors(
                [](SimulatedDisk& disk) {
                  disk.setContent("/f", "old");
                  ASSERT_TRUE(opened(disk, "/f")->truncate(1).ok());
                  ASSERT_TRUE(disk.syncFile("/f").ok());
                },
                look),
            Survivors{"o"});
}

TEST(SimulatedDisk, AnUnsyncedWriteIsKeptLostOrTornAtSectors) {
  // From the middle of sector 0 to the middle of sector 3.
  constexpr size_t kFrom = 256;
  constexpr size_t kTo = 3 * 512 + 100;
  int kept = 0;
  int lost = 0;
  int torn = 0;
  for (uint64_t seed = 0; seed < 200U; ++seed) {
    SimulatedDisk disk;
    disk.setContent("/f", std::string(4 * 512, 'a'));
    ASSERT_TRUE(opened(disk, "/f")->write(kFrom, std::string(kTo - kFrom, 'b')).ok());
    disk.powerCut(seed);
    const std::string content = contentOf(disk, "/f");
    ASSERT_EQ(content.size(), 4 * 512U);
    EXPECT_EQ(content.substr(0, kFrom), std::string(kFrom, 'a'));
    EXPECT_EQ(content.substr(kTo), std::string(4 * 512 - kTo, 'a'));
    size_t sectors = 0;
    for (const auto& [from, to] : std::array<std::pair<size_t, size_t>, 4>{
             {{kFrom, 512}, {512, 1024}, {1024, 1536}, {1536, kTo}}}) {
      const auto written =
          static_cast<size_t>(std::count(content.begin() + static_cast<std::ptrdiff_t>(from),
                                         content.begin() + static_cast<std::ptrdiff_t>(to), 'b'));
      EXPECT_TRUE(written == 0 || written == to - from) << "a sector is never torn";
      if (written > 0) ++sectors;
    }
    ++(sectors == 4 ? kept : sectors == 0 ? lost : torn);
  }
  EXPECT_GT(kept, 20);
  EXPECT_GT(lost, 20);
  EXPECT_GT(torn, 10);
}

TEST(SimulatedDisk, ALaterWriteMaySurviveAnEarlierOne) {
  const auto inOneFile = survivors(
      [](SimulatedDisk& disk) {
        disk.setContent("/f", std::string(1024, '.'));
        const auto file = opened(disk, "/f");
        ASSERT_TRUE(file->write(0, "1").ok());
        ASSERT_TRUE(file->write(512, "2").ok());
      },
      [](SimulatedDisk& disk) {
        const std::string content = contentOf(disk, "/f");
        return std::string{content[0], content[512]};
      });
  EXPECT_EQ(inOneFile, (Survivors{"..", "1.", ".2", "12"}));
  const auto inTwoFiles = survivors(
      [](SimulatedDisk& disk) {
        disk.setContent("/log", "-");
        disk.setContent("/data", "-");
        ASSERT_TRUE(opened(disk, "/log")->write(0, "1").ok());
        ASSERT_TRUE(opened(disk, "/data")->write(0, "2").ok());
      },
      [](SimulatedDisk& disk) { return contentOf(disk, "/log") + contentOf(disk, "/data"); });
  EXPECT_EQ(inTwoFiles, (Survivors{"--", "1-", "-2", "12"}));
}

TEST(SimulatedDisk, SizesAreAsVolatileAsContent) {
  const auto appended = survivors(
      [](SimulatedDisk& disk) {
        disk.setContent("/f", "a");
        ASSERT_TRUE(opened(disk, "/f")->write(1, "b").ok());
      },
      [](SimulatedDisk& disk) { return contentOf(disk, "/f"); });
  EXPECT_EQ(appended, (Survivors{"a", "ab", std::string("a\0", 2)}))
      << "lost, kept, grown by zeros";
  const auto cut = survivors(
      [](SimulatedDisk& disk) {
        disk.setContent("/f", "abc");
        const auto file = opened(disk, "/f");
        ASSERT_TRUE(file->truncate(1).ok());
        ASSERT_TRUE(file->truncate(2).ok());
      },
      [](SimulatedDisk& disk) { return contentOf(disk, "/f"); });
  EXPECT_EQ(cut, (Survivors{"abc", "a", "ab", std::string("a\0", 2)}));
}

TEST(SimulatedDisk, NothingAndEverythingAreAmongTheOutcomes) {
  // Of 64 writes a coin for each would never lose all.
  const auto counts = outcomes(
      [](SimulatedDisk& disk) {
        disk.setContent("/f", std::string(64 * 512, '.'));
        const auto file = opened(disk, "/f");
        for (uint64_t i = 0; i < 64; ++i) ASSERT_TRUE(file->write(i * 512, "x").ok());
      },
      [](SimulatedDisk& disk) {
        const std::string content = contentOf(disk, "/f");
        return std::to_string(std::count(content.begin(), content.end(), 'x'));
      });
  EXPECT_GT(counts.at("0"), 10);
  EXPECT_GT(counts.at("64"), 10);
  EXPECT_GT(counts.size(), 20U);
}

// ---- Names under loss of power

TEST(SimulatedDisk, ANameIsDurableOnceItsDirectoryIsSynced) {
  const auto look = [](SimulatedDisk& disk) { return contentOf(disk, "/d/f"); };
  const auto create = [](SimulatedDisk& disk) {
    disk.setContent("/d/other", "");
    ASSERT_TRUE(disk.createFile("/d/f", "content").ok());
    ASSERT_TRUE(disk.syncFile("/d/f").ok());
  };
  EXPECT_EQ(survivors(create, look), (Survivors{kNone, "content"})) << "fdatasync is not enough";
  EXPECT_EQ(survivors(
                [&create](SimulatedDisk& disk) {
                  create(disk);
                  ASSERT_TRUE(disk.syncDirectory("/").ok());
                },
                look),
            (Survivors{kNone, "content"}))
      << "nor is another directory";
  EXPECT_EQ(survivors(
                [&create](SimulatedDisk& disk) {
                  create(disk);
                  ASSERT_TRUE(disk.syncDirectory("/d").ok());
                },
                look),
            Survivors{"content"});
  EXPECT_EQ(survivors(
                [](SimulatedDisk& disk) {
                  disk.setContent("/d/other", "");
                  ASSERT_TRUE(disk.createFile("/d/f", "content").ok());
                  ASSERT_TRUE(disk.syncDirectory("/d").ok());
                },
                look),
            (Survivors{"", "content", std::string(7, '\0')}))
      << "the name without the content";
}

TEST(SimulatedDisk, ANameNeedsTheNamesAboveIt) {
  const auto seen = survivors(
      [](SimulatedDisk& disk) {
        ASSERT_TRUE(disk.createDirectories("/a/b").ok());
        ASSERT_TRUE(disk.createFile("/a/b/f", "").ok());
        ASSERT_TRUE(disk.syncDirectory("/a/b").ok());
      },
      [](SimulatedDisk& disk) {
        return std::string(disk.exists("/a") ? "a" : "") + (disk.exists("/a/b") ? "b" : "") +
               (disk.exists("/a/b/f") ? "f" : "");
      });
  EXPECT_EQ(seen, (Survivors{"", "a", "abf"}));
}

TEST(SimulatedDisk, ARenameHappensOrDoesNot) {
  const auto look = [](SimulatedDisk& disk) {
    return contentOf(disk, "/from") + " " + contentOf(disk, "/to");
  };
  EXPECT_EQ(survivors(
                [](SimulatedDisk& disk) {
                  disk.setContent("/from", "new");
                  disk.setContent("/to", "old");
                  ASSERT_TRUE(disk.rename("/from", "/to").ok());
                },
                look),
            (Survivors{"new old", "(none) new"}));
  EXPECT_EQ(survivors(
                [](SimulatedDisk& disk) {
                  disk.setContent("/to", "old");
                  ASSERT_TRUE(disk.createFile("/from", "").ok());
                  ASSERT_TRUE(disk.rename("/from", "/to").ok());
                },
                look),
            (Survivors{"(none) old", " old", "(none) "}))
      << "not without the file it renames";
}

TEST(SimulatedDisk, AChangeOfANameNeedsTheEarlierOnes) {
  const auto look = [](SimulatedDisk& disk) {
    return contentOf(disk, "/a/f") + " " + contentOf(disk, "/b/f");
  };
  const auto reused = [](SimulatedDisk& disk) {
    disk.setContent("/a/f", "x");
    disk.setContent("/b/other", "");
    ASSERT_TRUE(disk.rename("/a/f", "/b/f").ok());
    ASSERT_TRUE(disk.createFile("/a/f", "").ok());
  };
  EXPECT_EQ(survivors(reused, look), (Survivors{"x (none)", "(none) x", " x"}))
      << "the new file does not come without the rename that made way for it";
  const auto moved = [](SimulatedDisk& disk) {
    disk.setContent("/a/other", "");
    disk.setContent("/b/other", "");
    ASSERT_TRUE(disk.createFile("/a/f", "x").ok());
    ASSERT_TRUE(disk.syncFile("/a/f").ok());
    ASSERT_TRUE(disk.rename("/a/f", "/b/f").ok());
    ASSERT_TRUE(disk.syncDirectory("/b").ok());
  };
  EXPECT_EQ(survivors(moved, look), Survivors{"(none) x"}) << "a sync takes them along";
}

TEST(SimulatedDisk, ARenameBetweenDirectoriesIsOneChange) {
  for (const char* synced : {"", "/a", "/b"}) {
    const auto seen = survivors(
        [synced](SimulatedDisk& disk) {
          disk.setContent("/a/f", "x");
          disk.setContent("/b/other", "");
          ASSERT_TRUE(disk.rename("/a/f", "/b/f").ok());
          if (*synced) {
            ASSERT_TRUE(disk.syncDirectory(synced).ok());
          }
        },
        [](SimulatedDisk& disk) {
          return contentOf(disk, "/a/f") + " " + contentOf(disk, "/b/f");
        });
    EXPECT_EQ(seen, *synced ? (Survivors{"(none) x"}) : (Survivors{"(none) x", "x (none)"}))
        << synced;
  }
}

TEST(SimulatedDisk, ARemovalMayNotHaveHappened) {
  const auto look = [](SimulatedDisk& disk) { return contentOf(disk, "/f"); };
  const auto remove = [](SimulatedDisk& disk) {
    disk.setContent("/f", "x");
    ASSERT_TRUE(disk.removeFile("/f").ok());
  };
  EXPECT_EQ(survivors(remove, look), (Survivors{kNone, "x"}));
  EXPECT_EQ(survivors(
                [&remove](SimulatedDisk& disk) {
                  remove(disk);
                  ASSERT_TRUE(disk.syncDirectory("").ok());
                },
                look),
            Survivors{kNone});
  const auto tree = survivors(
      [](SimulatedDisk& disk) {
        disk.setContent("/d/1", "x");
        disk.setContent("/d/2", "x");
        ASSERT_TRUE(disk.removeTree("/d").ok());
        ASSERT_FALSE(disk.exists("/d"));
      },
      [](SimulatedDisk& disk) {
        return std::string(disk.exists("/d") ? "d" : "") + (disk.exists("/d/1") ? "1" : "") +
               (disk.exists("/d/2") ? "2" : "");
      });
  EXPECT_EQ(tree, (Survivors{"", "d", "d1", "d2", "d12"}));
}

TEST(SimulatedDisk, SyncAllMakesEverythingDurable) {
  const auto seen = survivors(
      [](SimulatedDisk& disk) {
        ASSERT_TRUE(disk.createDirectories("/a/b").ok());
        ASSERT_TRUE(disk.createFile("/a/b/f", "f").ok());
        ASSERT_TRUE(disk.createFile("/g", "g").ok());
        ASSERT_TRUE(disk.rename("/g", "/a/h").ok());
        ASSERT_TRUE(disk.syncAll("/a").ok());
      },
      [](SimulatedDisk& disk) { return contentOf(disk, "/a/b/f") + contentOf(disk, "/a/h"); });
  EXPECT_EQ(seen, Survivors{"fg"});
}

TEST(SimulatedDisk, EverythingThatSurvivedIsDurable) {
  for (uint64_t seed = 0; seed < 200U; ++seed) {
    SimulatedDisk disk;
    ASSERT_TRUE(disk.createFile("/f", std::string(2048, 'x')).ok());
    disk.powerCut(seed);
    const std::string first = contentOf(disk, "/f");
    disk.powerCut(seed + 1);
    EXPECT_EQ(contentOf(disk, "/f"), first) << seed;
  }
}

// ---- Composite calls, cut at every step

TEST(SimulatedDisk, ReplaceFileIsAtomicAndDurable) {
  const std::string replacement(2000, 'n');
  Survivors seen;
  const uint64_t operations =
      sweepPowerCuts([](SimulatedDisk& disk) { disk.setContent("/d/f", "old"); },
                     [&](SimulatedDisk& disk) { return disk.replaceFile("/d/f", replacement); },
                     [&](SimulatedDisk& disk, const Status& status) {
                       seen.insert(contentOf(disk, "/d/f"));
                       EXPECT_TRUE(!status.ok() || disk.content("/d/f") == replacement);
                       std::vector<std::string> names = disk.list("/d").value();
                       std::erase(names, "f");
                       std::erase(names, "f.new");
                       EXPECT_TRUE(names.empty());
                     });
  EXPECT_EQ(seen, (Survivors{"old", replacement}));
  EXPECT_EQ(operations, 5U) << "open, write, sync, rename, sync of the directory";
}

TEST(SimulatedDisk, ReplaceFileDoesNotMindAStaleTemporary) {
  SimulatedDisk disk;
  disk.setContent("/f.new", "longer than what comes");
  ASSERT_TRUE(disk.replaceFile("/f", "x").ok());
  EXPECT_EQ(disk.content("/f"), "x");
  EXPECT_EQ(disk.list("/").value(), std::vector<std::string>{"f"});
}

TEST(SimulatedDisk, CreateDirectoriesDurablyIsDurable) {
  Survivors seen;
  sweepPowerCuts([](SimulatedDisk&) {},
                 [](SimulatedDisk& disk) { return sys::createDirectoriesDurably(disk, "/a/b"); },
                 [&](SimulatedDisk& disk, const Status& status) {
                   EXPECT_TRUE(!status.ok() || disk.exists("/a/b"));
                   seen.insert(disk.exists("/a/b") ? "/a/b" : disk.exists("/a") ? "/a" : "/");
                 });
  EXPECT_EQ(seen, (Survivors{"/", "/a", "/a/b"}));
}

// Writes /log, then /data; gives how often /data was found new without /log telling so.
int breachesOfWriteAhead(const std::function<Status(File&)>& betweenTheTwo) {
  int breaches = 0;
  sweepPowerCuts(
      [](SimulatedDisk& disk) {
        disk.setContent("/log", "old");
        disk.setContent("/data", "old");
      },
      [&](SimulatedDisk& disk) {
        const auto log = opened(disk, "/log");
        const auto data = opened(disk, "/data");
        Status done = log->write(0, "new");
        if (done.ok()) done = betweenTheTwo(*log);
        if (done.ok()) done = data->write(0, "new");
        return done.ok() ? data->sync() : done;
      },
      [&](SimulatedDisk& disk, const Status&) {
        if (disk.content("/data") == "new" && disk.content("/log") == "old") ++breaches;
      });
  return breaches;
}

TEST(SimulatedDisk, ASweepFindsAMissingSync) {
  EXPECT_EQ(breachesOfWriteAhead([](File& log) { return log.sync(); }), 0);
  EXPECT_GT(breachesOfWriteAhead([](File&) { return Status(); }), 0);
}

}  // namespace
}  // namespace holdfast::testing
