// Databases of facets (spec S1.15.5): objects like others, beside their object's.
#include <gtest/gtest.h>

#include "storage/data_paths.h"
#include "storage/facet_indexes.h"
#include "storage/history_fixture.h"
#include "storage/verify.h"

namespace holdfast::storage::testing {
namespace {

ObjectName facetNamed(char digit, int facet) {
  ObjectName name = objectNamed(digit);
  name.idHex += "." + std::to_string(facet);
  return name;
}

class FacetDatabaseTest : public EngineTest {
 protected:
  std::string fileOf(const ObjectName& name) {
    return directory_.path() + "/data/do/" + name.uniqueKey + "/" + name.idHex + ".sqlite";
  }
  void put(const ObjectName& name, const std::string& value) {
    auto db = database(name);
    EXPECT_TRUE(db->put("key", value).ok());
    sink_.waitDurable(commit(*db));
  }
  std::string read(const ObjectName& name) {
    return database(name)->get("key").value().value_or("(none)");
  }
  void copyOneToTwo() {
    const ObjectName one = facetNamed('c', 1);
    const ObjectName two = facetNamed('c', 2);
    EXPECT_EQ(engine_->copyObject(one, two).value(), 0U) << "nothing to copy";
    put(one, "of one");
    {
      auto running = database(one);
      EXPECT_TRUE(running->put("key", "not committed").ok());
      EXPECT_GT(engine_->copyObject(one, two).value(), 0U);
      EXPECT_EQ(engine_->copyObject(two, one).status().code(), Code::kAlreadyExists);
      EXPECT_EQ(read(two), "of one");
      put(two, "of two");
      EXPECT_EQ(running->get("key").value(), "not committed");
    }
    EXPECT_EQ(read(one), "of one");
    EXPECT_EQ(read(two), "of two");
  }
};

TEST(FacetNameTest, OnlyOneFormNamesAFacet) {
  const std::string id(64, 'a');
  for (const std::string suffix : {"", ".1", ".10", ".65535"}) {
    EXPECT_TRUE(checkObjectName({"app", id + suffix}).ok()) << suffix;
    EXPECT_EQ(idHexOf(actorIdOf(id + suffix), facetOf(id + suffix)), id + suffix);
  }
  for (const std::string suffix :
       {".", ".0", ".01", ".+1", ".65536", ".1x", ".1.2", "1", ".-1", ". 1"}) {
    EXPECT_FALSE(checkObjectName({"app", id + suffix}).ok()) << suffix;
  }
  EXPECT_FALSE(checkObjectName({"app", id.substr(1) + ".1"}).ok());
}

TEST_F(FacetDatabaseTest, S1_15_5_AFacetHasAFileOfItsOwn) {
  open();
  const ObjectName one = facetNamed('a', 1);
  const ObjectName two = facetNamed('a', 2);
  put(objectNamed('a'), "the object's");
  put(one, "one");
  put(two, "two");
  EXPECT_EQ(read(objectNamed('a')), "the object's");
  EXPECT_EQ(read(one), "one");
  stop();
  EXPECT_TRUE(files_.exists(fileOf(one)));
  EXPECT_TRUE(files_.exists(fileOf(two)));
  open();
  EXPECT_EQ(read(objectNamed('a')), "the object's");
  EXPECT_EQ(read(one), "one");
  EXPECT_EQ(read(two), "two");
}

// An object that keeps everything in facets exists, too: a migration must not take it for none.
TEST_F(FacetDatabaseTest, S8_4_6_AnObjectIsListedOnceWithItsFacets) {
  open();
  put(objectNamed('a'), "the object's");
  put(facetNamed('a', 1), "one");
  put(facetNamed('b', 1), "without its object");
  const std::vector<std::string> objects = {std::string(64, 'a'), std::string(64, 'b')};
  EXPECT_EQ(engine_->listObjects("app-Room").value(), objects) << "from the log";
  stop();
  open();
  EXPECT_EQ(engine_->listObjects("app-Room").value(), objects) << "from the files";
}

TEST_F(FacetDatabaseTest, AnObjectInMemoryIsListedOnceWithItsFacets) {
  open(Durability::kMemory);
  put(objectNamed('a'), "the object's");
  put(facetNamed('a', 1), "one");
  EXPECT_EQ(engine_->listObjects("app-Room").value(),
            std::vector<std::string>{std::string(64, 'a')});
}

TEST_F(FacetDatabaseTest, S1_15_3_ACopyIsWhatTheOtherHasCommitted) {
  open();
  copyOneToTwo();
  stop();
  open();
  EXPECT_EQ(read(facetNamed('c', 1)), "of one");
  EXPECT_EQ(read(facetNamed('c', 2)), "of two");
  EXPECT_GT(engine_->copyObject(facetNamed('c', 1), facetNamed('c', 3)).value(), 0U) << "of files";
  stop();
  open();
  EXPECT_EQ(read(facetNamed('c', 3)), "of one");
}

TEST_F(FacetDatabaseTest, S1_15_3_ACopyInMemory) {
  open(Durability::kMemory);
  copyOneToTwo();
}

TEST_F(FacetDatabaseTest, BothAreOpenAtOnce) {
  open();
  auto object = database(objectNamed('a'));
  auto facet = database(facetNamed('a', 1));
  EXPECT_TRUE(object->put("key", "object").ok());
  EXPECT_TRUE(facet->put("key", "facet").ok());
  const Lsn first = commit(*object);
  EXPECT_EQ(commit(*facet), first + 1) << "a commit each, in one log";
  EXPECT_FALSE(engine_->openDatabase(facetNamed('a', 1)).ok());
  facet.reset();
  object.reset();
}

// S2.4.2 for facets: a commit that was durable is there after the process died, at any step of the
// checkpoint.
TEST(FacetRecoveryTest, S1_15_5_ALogIsReplayedIntoTheFacetsFile) {
  for (const bool checkpointed : {false, true}) {
    holdfast::testing::SimulatedDisk disk;
    HistoryWorld world(disk);
    world.options.retentionMs = 0;
    ASSERT_TRUE(world.open().ok());
    const auto write = [&world](const ObjectName& name, const std::string& value) {
      auto db = world.engine->openDatabase(name).value();
      ASSERT_TRUE(db->put("key", value).ok());
      ASSERT_TRUE(db->commit().ok());
    };
    write(objectNamed('a'), "object");
    write(facetNamed('a', 1), "one");
    write(facetNamed('a', 300), "three hundred");
    ASSERT_TRUE(checkpointed ? world.checkpoint().ok() : world.flush());
    write(facetNamed('a', 1), "one, later");
    ASSERT_TRUE(world.flush());
    disk.crashNow();
    world.close();
    disk.powerCut(7);
    ASSERT_TRUE(world.open().ok());
    const auto read = [&world](const ObjectName& name) {
      return world.engine->openDatabase(name).value()->get("key").value().value_or("(none)");
    };
    EXPECT_EQ(read(objectNamed('a')), "object");
    EXPECT_EQ(read(facetNamed('a', 1)), "one, later");
    EXPECT_EQ(read(facetNamed('a', 300)), "three hundred");
    EXPECT_EQ(read(facetNamed('a', 2)), "(none)");
  }
}

TEST(FacetHistoryTest, S4_13_AFacetIsRestoredByItselfAlsoFromAFoldedHistory) {
  holdfast::testing::SimulatedDisk disk;
  HistoryWorld world(disk);
  ASSERT_TRUE(world.open().ok());
  const auto write = [&world](const ObjectName& name, const std::string& value) {
    auto db = world.engine->openDatabase(name).value();
    ASSERT_TRUE(db->put("key", value).ok());
    ASSERT_TRUE(db->commit().ok());
  };
  const auto read = [&world](const ObjectName& name) {
    return world.engine->openDatabase(name).value()->get("key").value().value_or("(none)");
  };
  const ObjectName facet = facetNamed('a', 1);
  write(objectNamed('a'), "object, first");
  write(facet, "facet, first");
  // The segments with these are folded into images.
  for (int i = 0; i < 30; ++i) write(facet, std::string(300, 'x'));
  ASSERT_TRUE(world.checkpoint().ok());
  world.clock.advance(10'000);
  while (world.engine->history()->trim(world.clock.wallNow()).value()) {
  }
  write(facet, "facet, then");
  const Lsn then = world.engine->committedLsn();
  write(objectNamed('a'), "object, later");
  write(facet, "facet, later");
  ASSERT_TRUE(world.flush());
  ASSERT_TRUE(world.engine->history()->prepareRestore(facet, then).ok());
  EXPECT_EQ(read(facet), "facet, then");
  EXPECT_EQ(read(objectNamed('a')), "object, later");
}

TEST_F(FacetDatabaseTest, VerifyChecksFacetsAndTheirIndex) {
  open();
  put(objectNamed('a'), "object");
  ASSERT_EQ(engine_->facets()->numberOf(objectNamed('a'), 0, "name").value(), 1);
  put(facetNamed('a', 1), "one");
  stop();
  const std::string data = directory_.path() + "/data";
  const auto verify = [&] { return verifyDataDirectory(files_, data).value(); };
  VerifyReport report = verify();
  EXPECT_TRUE(report.problems.empty()) << report.problems.front().what;
  EXPECT_TRUE(report.notes.empty());
  EXPECT_EQ(report.objects, 1U);

  // A facet that the index does not name.
  open();
  put(facetNamed('a', 2), "two");
  stop();
  report = verify();
  ASSERT_EQ(report.problems.size(), 1U);
  EXPECT_EQ(report.problems[0].path, fileOf(facetNamed('a', 2)));
  EXPECT_NE(report.problems[0].what.find("does not name"), std::string::npos);
  ASSERT_TRUE(files_.removeFile(fileOf(facetNamed('a', 2))).ok());

  const std::string index = data + "/do/app-Room/" + std::string(64, 'a') + ".facets";
  const std::string whole = files_.readFile(index).value().value();
  ASSERT_TRUE(files_.replaceFile(index, whole + "x").ok());
  report = verify();
  EXPECT_TRUE(report.problems.empty());
  ASSERT_EQ(report.notes.size(), 1U);
  EXPECT_EQ(report.notes[0].path, index);

  ASSERT_TRUE(files_.replaceFile(index, "not an index").ok());
  report = verify();
  ASSERT_EQ(report.problems.size(), 1U) << "the facets are not blamed, too";
  EXPECT_EQ(report.problems[0].path, index);

  ASSERT_TRUE(files_.replaceFile(index, whole).ok());
  ASSERT_TRUE(files_.createFile(data + "/do/app-Room/a.facets", whole).ok());
  EXPECT_EQ(verify().problems.size(), 1U) << "the name is no id";
}

}  // namespace
}  // namespace holdfast::storage::testing
