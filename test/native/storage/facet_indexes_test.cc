#include "storage/facet_indexes.h"

#include <gtest/gtest.h>

#include <string>

#include "storage/engine_fixture.h"
#include "support/power_cuts.h"
#include "support/simulated_disk.h"

namespace holdfast::storage::testing {
namespace {

using holdfast::testing::Fault;
using holdfast::testing::SimulatedDisk;
using holdfast::testing::sweepPowerCuts;

const ObjectName kObject = objectNamed('a');
const std::string kPath = "data/do/app-Room/" + std::string(64, 'a') + ".facets";

FacetIndexes indexesOn(SimulatedDisk& disk) { return {disk, "data", Durability::kFlush}; }

TEST(FacetIndexesTest, S1_15_5_NumbersAreKeptAcrossStarts) {
  SimulatedDisk disk;
  {
    FacetIndexes indexes(disk, "data", Durability::kFlush);
    EXPECT_EQ(indexes.numberOf(kObject, 0, "a").value(), 1);
    EXPECT_EQ(indexes.numberOf(kObject, 0, "b").value(), 2);
    EXPECT_EQ(indexes.numberOf(kObject, 2, "a").value(), 3);
    EXPECT_EQ(indexes.numberOf(kObject, 0, "a").value(), 1);
    EXPECT_EQ(indexes.numberOf(objectNamed('b'), 0, "z").value(), 1) << "another object's";
  }
  disk.powerCut(1);
  FacetIndexes indexes(disk, "data", Durability::kFlush);
  EXPECT_EQ(indexes.numberOf(kObject, 2, "a").value(), 3);
  EXPECT_EQ(indexes.numberOf(kObject, 0, "c").value(), 4);
  EXPECT_EQ(indexes.find(kObject, 0, "b").value(), 2);
  EXPECT_EQ(indexes.find(kObject, 0, "never").value(), std::nullopt);
  EXPECT_EQ(indexes.descendants(kObject, 2).value(), std::vector<FacetNumber>{3});
  EXPECT_TRUE(indexes.descendants(objectNamed('c'), 0).value().empty());
}

// What was given out is there after a power cut at any moment, and no number is given twice.
TEST(FacetIndexesTest, ANumberThatWasGivenSurvivesAPowerCut) {
  const std::vector<std::string> names = {"a", "b", "c"};
  size_t given = 0;
  const uint64_t operations =
      sweepPowerCuts([](SimulatedDisk&) {},
                     [&](SimulatedDisk& disk) -> Status {
                       given = 0;
                       FacetIndexes indexes(disk, "data", Durability::kFlush);
                       for (const std::string& name : names) {
                         const Result<FacetNumber> number = indexes.numberOf(kObject, 0, name);
                         if (!number.ok()) return number.status();
                         ++given;
                       }
                       return {};
                     },
                     [&](SimulatedDisk& disk, const Status&) {
                       FacetIndexes indexes(disk, "data", Durability::kFlush);
                       for (size_t i = 0; i < given; ++i)
                         EXPECT_EQ(indexes.find(kObject, 0, names[i]).value(), i + 1);
                       const size_t known = indexes.descendants(kObject, 0).value().size();
                       EXPECT_GE(known, given);
                       EXPECT_EQ(indexes.numberOf(kObject, 0, "new").value(), known + 1);
                     });
  EXPECT_GT(operations, 3U);
}

// A process that was killed between write and flush left an entry that the next one finds.
TEST(FacetIndexesTest, AnEntryThatWasNeverFlushedIsFlushedBeforeItIsUsed) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    SimulatedDisk disk;
    {
      FacetIndexes indexes(disk, "data", Durability::kSystem);
      EXPECT_EQ(indexes.numberOf(kObject, 0, "a").value(), 1);
    }
    disk.killProcess();
    {
      FacetIndexes indexes(disk, "data", Durability::kFlush);
      EXPECT_EQ(indexes.numberOf(kObject, 0, "a").value(), 1);
    }
    disk.powerCut(seed);
    FacetIndexes indexes(disk, "data", Durability::kFlush);
    EXPECT_EQ(indexes.find(kObject, 0, "a").value(), 1) << seed;
  }
}

TEST(FacetIndexesTest, AfterAFailedFlushTheObjectGetsNoNumbers) {
  SimulatedDisk disk;
  FacetIndexes indexes(disk, "data", Durability::kFlush);
  EXPECT_EQ(indexes.numberOf(kObject, 0, "a").value(), 1);
  disk.failAt(1, Fault::kFailedSync);
  EXPECT_FALSE(indexes.numberOf(kObject, 0, "b").ok());
  EXPECT_FALSE(indexes.numberOf(kObject, 0, "b").ok()) << "the file may show what the disk lost";
  EXPECT_TRUE(indexes.numberOf(objectNamed('b'), 0, "b").ok());
}

TEST(FacetIndexesTest, ATornTailIsCutBeforeTheNextEntry) {
  SimulatedDisk disk;
  {
    FacetIndexes indexes(disk, "data", Durability::kFlush);
    EXPECT_EQ(indexes.numberOf(kObject, 0, "a").value(), 1);
  }
  const std::string whole = disk.content(kPath).value();
  disk.setContent(kPath, whole + std::string("\0\0\x20\0torn and long enough", 24));
  FacetIndexes indexes(disk, "data", Durability::kFlush);
  EXPECT_EQ(indexes.numberOf(kObject, 0, "b").value(), 2);
  EXPECT_EQ(disk.content(kPath).value(), whole + std::string("\0\0\1\0b", 5));
}

TEST(FacetIndexesTest, ADamagedIndexIsNamed) {
  SimulatedDisk disk;
  EXPECT_TRUE(indexesOn(disk).numberOf(kObject, 0, "a").ok());
  disk.corrupt(kPath, 0, 0xFF);
  FacetIndexes indexes(disk, "data", Durability::kFlush);
  const Status status = indexes.numberOf(kObject, 0, "a").status();
  EXPECT_EQ(status.code(), Code::kCorrupt);
  EXPECT_TRUE(status.message().starts_with(kPath)) << status.message();
}

// "1>2 3>4"
std::string textOf(const Result<std::vector<FacetIndexes::Copy>>& copies) {
  if (!copies.ok()) return "error: " + copies.status().message();
  std::string text;
  for (const FacetIndexes::Copy& copy : copies.value()) {
    text += (text.empty() ? "" : " ") + std::to_string(copy.from) + ">" + std::to_string(copy.to);
  }
  return text;
}

TEST(FacetIndexesTest, S1_15_3_ACopyOfATreeHasNumbersOfItsOwn) {
  SimulatedDisk disk;
  FacetIndexes indexes(disk, "data", Durability::kFlush);
  EXPECT_EQ(textOf(indexes.numbersForCopy(kObject, 0, "a", "b")), "") << "nothing to copy";
  EXPECT_FALSE(indexes.find(kObject, 0, "b").value());
  EXPECT_EQ(indexes.numberOf(kObject, 0, "a").value(), 1);
  EXPECT_EQ(indexes.numberOf(kObject, 1, "x").value(), 2);
  EXPECT_EQ(indexes.numberOf(kObject, 2, "below").value(), 3);
  EXPECT_EQ(indexes.numberOf(kObject, 1, "y").value(), 4);
  EXPECT_EQ(indexes.numberOf(kObject, 0, "b").value(), 5);
  EXPECT_EQ(indexes.numberOf(kObject, 5, "y").value(), 6);
  EXPECT_EQ(textOf(indexes.numbersForCopy(kObject, 0, "a", "b")), "1>5 2>7 4>6 3>8");
  EXPECT_EQ(indexes.find(kObject, 7, "below").value(), 8);
  disk.powerCut(1);
  EXPECT_EQ(indexes.find(kObject, 7, "below").value(), 8) << "durable before it is used";
}

TEST(FacetIndexesTest, MemoryWritesNothing) {
  SimulatedDisk disk;
  FacetIndexes indexes(disk, "", Durability::kMemory);
  EXPECT_EQ(indexes.numberOf(kObject, 0, "a").value(), 1);
  EXPECT_EQ(indexes.numberOf(kObject, 0, "b").value(), 2);
  EXPECT_EQ(indexes.find(kObject, 0, "b").value(), 2);
  EXPECT_EQ(disk.operations(), 0U);
}

TEST(FacetIndexesTest, RefusesAfterClose) {
  SimulatedDisk disk;
  FacetIndexes indexes(disk, "data", Durability::kFlush);
  indexes.close();
  EXPECT_EQ(indexes.numberOf(kObject, 0, "a").status().code(), Code::kUnavailable);
}

}  // namespace
}  // namespace holdfast::storage::testing
