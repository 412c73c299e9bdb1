#include "storage/levels.h"

#include <map>
#include <random>
#include <string>
#include <vector>

#include "storage/engine_fixture.h"

namespace holdfast::storage::testing {
namespace {

class LevelsTest : public EngineTest {
 protected:
  void SetUp() override { open(Durability::kMemory); }

  void put(char object, const std::string& key, const std::string& value) {
    auto db = database(object);
    EXPECT_TRUE(db->put(key, value).ok());
    commit(*db);
  }
  std::string get(char object, const std::string& key) { return valueOf(*database(object), key); }
  size_t objects() { return engine_->listObjects("app-Room").value().size(); }
  Levels& levels() { return *engine_->levels(); }
};

TEST_F(LevelsTest, APopBringsBackWhatWasThereAtThePush) {
  put('a', "k", "first");
  levels().push();
  put('a', "k", "second");
  put('b', "k", "new");
  levels().push();
  put('a', "k", "third");
  EXPECT_EQ(objects(), 2U);
  levels().pop(Levels::Fate::kUndo);
  EXPECT_EQ(get('a', "k"), "second");
  EXPECT_EQ(get('b', "k"), "new");
  levels().pop(Levels::Fate::kUndo);
  EXPECT_EQ(get('a', "k"), "first");
  EXPECT_EQ(get('b', "k"), "(none)");
  EXPECT_EQ(objects(), 1U) << "an object that was not there is not there again";
}

TEST_F(LevelsTest, AnObjectGrowsAndShrinksBack) {
  const std::string large(50'000, 'x');
  put('a', "k", large);
  levels().push();
  for (int i = 0; i < 20; ++i) put('a', std::to_string(i), std::string(20'000, 'y'));
  {
    auto db = database('a');
    EXPECT_TRUE(db->deleteAll(Database::AlarmFate::kDelete).ok());
    commit(*db);
  }
  put('a', "k", "short");
  levels().pop(Levels::Fate::kUndo);
  EXPECT_EQ(get('a', "k"), large);
  EXPECT_EQ(get('a', "3"), "(none)");
}

TEST_F(LevelsTest, WhatIsKeptBelongsToTheLevelBelow) {
  put('a', "k", "first");
  levels().push();
  put('a', "k", "second");
  levels().push();
  put('a', "k", "third");
  put('b', "k", "new");
  levels().pop(Levels::Fate::kKeep);
  EXPECT_EQ(get('a', "k"), "third");
  EXPECT_EQ(get('b', "k"), "new");
  levels().pop(Levels::Fate::kUndo);
  EXPECT_EQ(get('a', "k"), "first");
  EXPECT_EQ(get('b', "k"), "(none)");
}

TEST_F(LevelsTest, NothingGoesBackBehindTheFirstLevel) {
  levels().push();
  put('a', "k", "kept");
  levels().pop(Levels::Fate::kKeep);
  EXPECT_EQ(levels().depth(), 0U);
  EXPECT_EQ(get('a', "k"), "kept");
}

TEST_F(LevelsTest, ClearingDeletesEverythingAndIsUndone) {
  put('a', "k", "first");
  levels().push();
  put('b', "k", "new");
  levels().clear();
  EXPECT_EQ(objects(), 0U);
  EXPECT_EQ(get('a', "k"), "(none)");
  put('a', "k", "again");
  levels().pop(Levels::Fate::kUndo);
  EXPECT_EQ(get('a', "k"), "first");
  EXPECT_EQ(get('b', "k"), "(none)");
  levels().clear();
  EXPECT_EQ(objects(), 0U) << "without a level, too";
}

TEST_F(LevelsTest, S1_15_5_NumbersOfFacetsGoBackToo) {
  const auto numberOf = [&](const char* name) {
    return engine_->facets()->numberOf(objectNamed('a'), 0, name).value();
  };
  EXPECT_EQ(numberOf("one"), 1U);
  levels().push();
  EXPECT_EQ(numberOf("two"), 2U);
  levels().pop(Levels::Fate::kUndo);
  EXPECT_EQ(numberOf("three"), 2U);
  EXPECT_EQ(numberOf("one"), 1U);
}

TEST_F(LevelsTest, S2_6_6_ACommitFailsThatWasAskedTo) {
  put('a', "k", "first");
  levels().faults().failNext(objectNamed('a'), "asked for");
  put('b', "k", "another object's");
  {
    auto db = database('a');
    EXPECT_TRUE(db->put("k", "lost").ok());
    const Result<Lsn> lsn = db->commit();
    EXPECT_EQ(lsn.status().code(), Code::kSqlCritical);
    EXPECT_EQ(lsn.status().message(), "asked for");
  }
  EXPECT_EQ(get('a', "k"), "first");
  put('a', "k", "second");
  EXPECT_EQ(get('a', "k"), "second") << "one commit alone";
}

TEST_F(LevelsTest, S4_10_4_AFullDiskFailsCommitsUntilItHasSpace) {
  levels().faults().setFull(true);
  {
    auto db = database('a');
    EXPECT_TRUE(db->put("k", "lost").ok());
    EXPECT_EQ(db->commit().status().message(), "database or disk is full: SQLITE_FULL");
  }
  EXPECT_EQ(get('a', "k"), "(none)") << "it can be read";
  levels().faults().clear();
  put('a', "k", "v");
  EXPECT_EQ(get('a', "k"), "v");
}

TEST_F(LevelsTest, OnDiskThereAreNone) {
  stop();
  open(Durability::kFlush);
  EXPECT_EQ(engine_->levels(), nullptr);
}

// Against a model: a stack of copies.
TEST_F(LevelsTest, AnySequenceGoesBackToWhatWasThere) {
  using State = std::map<std::string, std::string>;
  std::mt19937 random(7);
  std::vector<State> stack(1);
  for (int step = 0; step < 600; ++step) {
    State& now = stack.back();
    switch (random() % 8) {
      case 0:
        levels().push();
        stack.push_back(State(now));
        break;
      case 1:
        if (stack.size() == 1) break;
        levels().pop(Levels::Fate::kUndo);
        stack.pop_back();
        break;
      case 2: {
        if (stack.size() == 1) break;
        levels().pop(Levels::Fate::kKeep);
        State top = std::move(now);
        stack.pop_back();
        stack.back() = std::move(top);
        break;
      }
      default: {
        const char object = "abc"[random() % 3];
        const std::string key = std::to_string(random() % 6);
        const std::string value(random() % 9'000, static_cast<char>('a' + random() % 26));
        put(object, key, value);
        now[object + key] = value;
      }
    }
    for (const char object : {'a', 'b', 'c'}) {
      for (int key = 0; key < 6; ++key) {
        const auto found = stack.back().find(object + std::to_string(key));
        ASSERT_EQ(get(object, std::to_string(key)),
                  found == stack.back().end() ? "(none)" : found->second)
            << "step " << step;
      }
    }
  }
}

}  // namespace
}  // namespace holdfast::storage::testing
