#include "host/actor_stores.h"

#include <gtest/gtest.h>

#include "host/fake_world.h"

namespace holdfast::host {
namespace {

constexpr ActorHandle kOne = makeHandle(1, 1);
constexpr ActorHandle kTwo = makeHandle(2, 1);

class ActorStoresTest : public ::testing::Test {
 protected:
  storage::Database& open(ActorHandle actor, const std::string* name = nullptr) {
    return *stores_.open(actor, nameOf(actor), name).value();
  }
  static storage::ObjectName nameOf(ActorHandle actor) {
    return {"app-Room", std::string(64, static_cast<char>('0' + handleIndex(actor)))};
  }
  void write(ActorHandle actor) {
    ASSERT_TRUE(open(actor).put("key", "value").ok());
    stores_.noteWrite(actor);
  }
  std::vector<ActorStores::Committed> openTransaction(ActorHandle actor) {
    std::vector<ActorStores::Committed> out;
    EXPECT_TRUE(stores_.openTransaction(actor, out).ok());
    return out;
  }
  std::vector<ActorStores::Committed> releaseSavepoint(ActorHandle actor) {
    std::vector<ActorStores::Committed> out;
    EXPECT_TRUE(open(actor).releaseSavepoint().ok());
    stores_.noteRelease(actor, out);
    return out;
  }
  std::vector<ActorStores::Committed> commitTurn() {
    std::vector<ActorStores::Committed> out;
    stores_.commitTurn(out);
    return out;
  }

  Trace trace_;
  FakeEngine engine_{trace_};
  ActorStores stores_{engine_, {.openDatabasesMax = 2, .restAfterMs = 100, .restedAtOnceMax = 16}};
};

TEST_F(ActorStoresTest, S3_13_1_OpensOnFirstUseOnlyAndSaysTheName) {
  EXPECT_EQ(stores_.find(kOne), nullptr);
  const std::string name = "lobby";
  storage::Database& first = open(kOne, &name);
  EXPECT_EQ(&open(kOne), &first);
  EXPECT_EQ(stores_.find(kOne), &first);
  EXPECT_EQ(trace_, Trace{"open 11"});
  EXPECT_EQ(engine_.open["11"]->name(), "lobby");
}

TEST_F(ActorStoresTest, AFailedOpenIsReportedAndTriedAgain) {
  engine_.openError = Status(Code::kIo, "open: no space");
  EXPECT_EQ(stores_.open(kOne, {"app-Room", "11"}, nullptr).status().message(), "open: no space");
  EXPECT_EQ(stores_.find(kOne), nullptr);
  EXPECT_FALSE(stores_.hasUncommitted(kOne));
  engine_.openError = Status();
  EXPECT_TRUE(stores_.open(kOne, {"app-Room", "11"}, nullptr).ok());
}

TEST_F(ActorStoresTest, S3_6_1_ATurnCommitsEachTouchedDatabaseOnce) {
  write(kOne);
  write(kTwo);
  write(kOne);
  open(makeHandle(3, 1));
  EXPECT_TRUE(stores_.hasUncommitted(kOne));
  const auto committed = commitTurn();
  ASSERT_EQ(committed.size(), 2U);
  EXPECT_EQ(committed[0].actor, kOne);
  EXPECT_EQ(committed[0].lsn, 1U);
  EXPECT_EQ(committed[1].actor, kTwo);
  EXPECT_EQ(committed[1].lsn, 2U);
  EXPECT_EQ(stores_.lastLsn(kOne), 1U);
  EXPECT_FALSE(stores_.hasUncommitted(kOne));
  EXPECT_TRUE(commitTurn().empty());
}

TEST_F(ActorStoresTest, AReadIsNoWrite) {
  open(kOne);
  stores_.noteWrite(kOne);
  stores_.noteWrite(kTwo);  // never opened
  EXPECT_TRUE(commitTurn().empty());
}

TEST_F(ActorStoresTest, S3_10_1_ATransactionIsCommittedWhenItEnds) {
  open(kOne);
  openTransaction(kOne);
  write(kOne);
  write(kTwo);
  EXPECT_EQ(commitTurn().size(), 1U);
  EXPECT_FALSE(stores_.hasUncommitted(kOne)) << "what is said within it does not wait for it";
  EXPECT_TRUE(commitTurn().empty());
  const auto committed = releaseSavepoint(kOne);
  ASSERT_EQ(committed.size(), 1U);
  EXPECT_EQ(committed[0].actor, kOne);
  EXPECT_EQ(committed[0].lsn, 2U);
  EXPECT_FALSE(stores_.hasUncommitted(kOne)) << "an abort that follows undoes nothing of it";
  EXPECT_TRUE(commitTurn().empty());
}

TEST_F(ActorStoresTest, S3_10_1_WhatWasWrittenBeforeATransactionIsCommittedWhenItOpens) {
  write(kOne);
  const auto committed = openTransaction(kOne);
  ASSERT_EQ(committed.size(), 1U);
  EXPECT_EQ(committed[0].lsn, 1U);
  EXPECT_EQ(stores_.lastLsn(kOne), 1U);
  EXPECT_TRUE(commitTurn().empty());
  write(kOne);
  EXPECT_TRUE(openTransaction(kOne).empty()) << "a nested one commits nothing";
  EXPECT_TRUE(releaseSavepoint(kOne).empty());
  EXPECT_FALSE(stores_.hasUncommitted(kOne));
  ASSERT_EQ(releaseSavepoint(kOne).size(), 1U);
  EXPECT_EQ(stores_.lastLsn(kOne), 2U);
  ASSERT_TRUE(open(kOne).savepoint().ok());
  write(kOne);
  EXPECT_TRUE(stores_.hasUncommitted(kOne)) << "transactionSync() is part of the turn's commit";
  EXPECT_TRUE(releaseSavepoint(kOne).empty());
  ASSERT_EQ(commitTurn().size(), 1U);
  EXPECT_EQ(stores_.lastLsn(kOne), 3U);
}

TEST_F(ActorStoresTest, S1_14_2_AnActorIsCommittedBeforeTheTurnEndsUnlessATransactionIsOpen) {
  std::vector<ActorStores::Committed> out;
  stores_.commitActor(kOne, out);
  write(kOne);
  write(kTwo);
  stores_.commitActor(kOne, out);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].actor, kOne);
  EXPECT_FALSE(stores_.hasUncommitted(kOne));
  EXPECT_TRUE(stores_.hasUncommitted(kTwo));
  ASSERT_TRUE(open(kOne).savepoint().ok());
  write(kOne);
  stores_.commitActor(kOne, out);
  EXPECT_EQ(out.size(), 1U);
  EXPECT_TRUE(stores_.hasUncommitted(kOne));
  EXPECT_TRUE(releaseSavepoint(kOne).empty());
  EXPECT_EQ(commitTurn().size(), 2U);
}

TEST_F(ActorStoresTest, S2_6_5_ReadsAfterAnUnconfirmedWriteConfirmNothing) {
  open(kOne);
  stores_.beginUnconfirmed(kOne);
  write(kOne);
  stores_.endUnconfirmed(kOne);
  stores_.noteWrite(kOne);  // a call that may write, and did not
  EXPECT_TRUE(stores_.hasUncommitted(kOne));
  EXPECT_FALSE(stores_.holdsOutputs(kOne));
  write(kOne);
  EXPECT_TRUE(stores_.holdsOutputs(kOne));
  commitTurn();
  EXPECT_EQ(stores_.confirmedLsn(kOne), 1U);
  stores_.beginUnconfirmed(kOne);
  write(kOne);
  stores_.endUnconfirmed(kOne);
  commitTurn();
  EXPECT_EQ(stores_.lastLsn(kOne), 2U);
  EXPECT_EQ(stores_.confirmedLsn(kOne), 1U);
  stores_.dependOn(kOne, 3);
  EXPECT_EQ(stores_.confirmedLsn(kOne), 3U);
}

TEST_F(ActorStoresTest, S2_6_5_ARolledBackSavepointConfirmsNothing) {
  open(kOne);
  openTransaction(kOne);
  stores_.beginUnconfirmed(kOne);
  write(kOne);
  stores_.endUnconfirmed(kOne);
  ASSERT_TRUE(open(kOne).savepoint().ok());
  write(kOne);
  ASSERT_TRUE(open(kOne).rollbackToSavepoint().ok());
  stores_.noteRollback(kOne);
  releaseSavepoint(kOne);
  EXPECT_EQ(stores_.confirmedLsn(kOne), 0U);
  openTransaction(kOne);
  ASSERT_TRUE(open(kOne).savepoint().ok());
  write(kOne);
  releaseSavepoint(kOne);
  releaseSavepoint(kOne);
  EXPECT_EQ(stores_.confirmedLsn(kOne), stores_.lastLsn(kOne)) << "a nested one that was kept does";
}

TEST_F(ActorStoresTest, S2_6_6_WhatIsSaidAfterACriticalErrorWaitsForTheCommitThatFails) {
  open(kOne);
  openTransaction(kOne);
  write(kOne);
  EXPECT_FALSE(stores_.hasUncommitted(kOne));
  open(kOne).rollback();
  EXPECT_TRUE(stores_.hasUncommitted(kOne));
}

TEST_F(ActorStoresTest, S3_10_1_ATransactionDoesNotOpenWhenWhatWasBeforeItIsLost) {
  write(kOne);
  engine_.commitError = Status(Code::kIo, "disk full");
  std::vector<ActorStores::Committed> committed;
  EXPECT_EQ(stores_.openTransaction(kOne, committed).message(), "disk full");
  ASSERT_EQ(committed.size(), 1U);
  EXPECT_EQ(committed[0].status.message(), "disk full");
  EXPECT_EQ(open(kOne).savepointDepth(), 0U);
}

TEST_F(ActorStoresTest, S2_6_6_AFailedCommitIsThatActorsAlone) {
  write(kOne);
  engine_.commitError = Status(Code::kIo, "disk full");
  auto committed = commitTurn();
  ASSERT_EQ(committed.size(), 1U);
  EXPECT_EQ(committed[0].status.message(), "disk full");
  engine_.commitError = Status();
  write(kTwo);
  committed = commitTurn();
  ASSERT_EQ(committed.size(), 1U);
  EXPECT_TRUE(committed[0].status.ok());
  EXPECT_EQ(committed[0].actor, kTwo);
}

TEST_F(ActorStoresTest, S5_6_1_TheAlarmOfACommitIsTheOneTheStoreHoldsThen) {
  ASSERT_TRUE(open(kOne).setAlarm(1000).ok());
  stores_.noteAlarm(kOne);
  ASSERT_TRUE(open(kOne).setAlarm(2000).ok());
  stores_.noteAlarm(kOne);
  auto committed = commitTurn();
  ASSERT_EQ(committed.size(), 1U);
  EXPECT_TRUE(committed[0].alarmChanged);
  EXPECT_EQ(committed[0].alarm, 2000);
  write(kOne);
  committed = commitTurn();
  ASSERT_EQ(committed.size(), 1U);
  EXPECT_FALSE(committed[0].alarmChanged);
}

TEST_F(ActorStoresTest, S5_6_1_AnAlarmThatWasRolledBackIsNoChange) {
  FakeDatabase& database = dynamic_cast<FakeDatabase&>(open(kOne));
  const auto changed = [this, &database](int released, int rolledBack) {
    EXPECT_TRUE(database.put("key", "value").ok());
    stores_.noteWrite(kOne);
    for (int i = 0; i < released + rolledBack; ++i) EXPECT_TRUE(database.savepoint().ok());
    EXPECT_TRUE(database.setAlarm(1000).ok());
    stores_.noteAlarm(kOne);
    for (int i = 0; i < released; ++i) {
      releaseSavepoint(kOne);
    }
    for (int i = 0; i < rolledBack; ++i) {
      // Of one beside it: changes nothing.
      EXPECT_TRUE(database.savepoint().ok());
      EXPECT_TRUE(database.rollbackToSavepoint().ok());
      stores_.noteRollback(kOne);
      EXPECT_TRUE(database.rollbackToSavepoint().ok());
      stores_.noteRollback(kOne);
    }
    return commitTurn().at(0).alarmChanged;
  };
  EXPECT_TRUE(changed(0, 0));
  EXPECT_TRUE(changed(2, 0));
  EXPECT_FALSE(changed(0, 1));
  EXPECT_FALSE(changed(1, 1));
}

TEST_F(ActorStoresTest, ACommitWithoutChangeKeepsTheLastLsn) {
  write(kOne);
  commitTurn();
  ASSERT_TRUE(open(kOne).remove("no such key").ok());
  stores_.noteWrite(kOne);
  const auto committed = commitTurn();
  ASSERT_EQ(committed.size(), 1U);
  EXPECT_EQ(committed[0].lsn, 1U);
}

TEST_F(ActorStoresTest, S2_6_2_ALaterInstanceWaitsForWhatItsElderCommitted) {
  write(kOne);
  commitTurn();
  stores_.close(kOne);
  const ActorHandle younger = makeHandle(1, 2);
  open(younger);
  EXPECT_EQ(stores_.lastLsn(younger), 1U);
}

TEST_F(ActorStoresTest, S2_7_CloseRollsBackWhatWasNotCommitted) {
  write(kOne);
  stores_.close(kOne);
  stores_.close(kOne);
  EXPECT_EQ(trace_, (Trace{"open 11", "rollback 11", "close 11"}));
  EXPECT_TRUE(commitTurn().empty());
}

TEST_F(ActorStoresTest, AHandleClosedAndOpenedAgainInOneTurnCommitsItsNewWrites) {
  write(kOne);
  stores_.close(kOne);
  write(kOne);
  EXPECT_EQ(commitTurn().size(), 1U);
}

TEST_F(ActorStoresTest, CloseAllClosesEveryDatabase) {
  write(kOne);
  open(kTwo);
  stores_.closeAll();
  EXPECT_TRUE(engine_.open.empty());
}

TEST_F(ActorStoresTest, WhatIsNotUsedForLongRestsAndAUseWakesIt) {
  stores_.restUnused(1000);
  open(kOne);
  stores_.restUnused(1050);
  open(kTwo);
  EXPECT_EQ(stores_.nextRest(), 1100);
  stores_.restUnused(1099);
  EXPECT_EQ(engine_.open["11"]->rested, 0);
  stores_.restUnused(1100);
  EXPECT_EQ(engine_.open["11"]->rested, 1);
  EXPECT_EQ(engine_.open["22"]->rested, 0);
  EXPECT_EQ(stores_.nextRest(), 1150);
  EXPECT_NE(stores_.find(kOne), nullptr) << "used again";
  stores_.restUnused(1150);
  EXPECT_EQ(engine_.open["22"]->rested, 1);
  EXPECT_EQ(engine_.open["11"]->rested, 1);
  stores_.restUnused(1300);
  EXPECT_EQ(engine_.open["11"]->rested, 2);
  EXPECT_EQ(stores_.nextRest(), std::nullopt);
}

TEST_F(ActorStoresTest, BeyondTheBoundTheLeastRecentlyUsedRests) {
  const ActorHandle three = makeHandle(3, 1);
  for (const ActorHandle actor : {kOne, kTwo, three}) {
    open(actor);
    stores_.restUnused(0);
  }
  EXPECT_EQ(engine_.open["11"]->rested, 1);
  EXPECT_EQ(engine_.open["22"]->rested, 0);
  stores_.find(kTwo);
  stores_.restUnused(0);
  open(kOne);
  stores_.restUnused(0);
  EXPECT_EQ(engine_.open["33"]->rested, 1) << "two was used after it";
}

TEST_F(ActorStoresTest, ManyRestAFewAtATimeAndNotTwiceInAMillisecond) {
  ActorStores stores(engine_, {.openDatabasesMax = 9, .restAfterMs = 100, .restedAtOnceMax = 1});
  ASSERT_TRUE(stores.open(kOne, nameOf(kOne), nullptr).ok());
  ASSERT_TRUE(stores.open(kTwo, nameOf(kTwo), nullptr).ok());
  stores.restUnused(200);
  EXPECT_EQ(stores.nextRest(), 201);
  stores.restUnused(200);
  EXPECT_EQ(engine_.open["11"]->rested + engine_.open["22"]->rested, 1);
  stores.restUnused(201);
  EXPECT_EQ(engine_.open["11"]->rested + engine_.open["22"]->rested, 2);
  EXPECT_EQ(stores.nextRest(), std::nullopt);
}

class ActorStoresManyTest : public ActorStoresTest {
 protected:
  static constexpr uint32_t kMany = ActorStores::kUsedOnceMax;
  static std::string idOf(uint32_t number) {
    return {static_cast<char>('A' + number / 16), static_cast<char>('a' + number % 16)};
  }
  void use(uint32_t number) {
    stores_.restUnused(++now_);
    const ActorHandle actor = makeHandle(number, 1);
    ASSERT_TRUE(stores_.open(actor, {"app-Room", idOf(number)}, nullptr).ok());
  }
  int rested(uint32_t number) { return engine_.open[idOf(number)]->rested; }

  ActorStores stores_{engine_, {.openDatabasesMax = 10 * kMany, .restAfterMs = 10'000}};
  InstantMs now_ = 0;
};

TEST_F(ActorStoresManyTest, OfThoseThatOneTurnUsedTheEldestRestsForTheNextOne) {
  for (uint32_t i = 0; i < kMany; ++i) use(i);
  EXPECT_EQ(rested(0), 0);
  use(kMany);
  EXPECT_EQ(rested(0), 1);
  EXPECT_EQ(rested(1), 0);
  use(1);
  for (uint32_t i = kMany + 1; i < 3 * kMany; ++i) use(i);
  EXPECT_EQ(rested(1), 0) << "two turns used it";
  EXPECT_EQ(rested(2), 1);
}

TEST_F(ActorStoresManyTest, WhatIsBackSoonStaysAwake) {
  for (uint32_t i = 0; i <= kMany; ++i) use(i);
  EXPECT_EQ(rested(0), 1);
  use(0);
  for (uint32_t i = kMany + 1; i < 3 * kMany; ++i) use(i);
  EXPECT_EQ(rested(0), 1);
  now_ += 10'000;
  for (int turn = 0; turn < 10; ++turn) stores_.restUnused(++now_);
  EXPECT_EQ(rested(0), 2);
  use(0);
  for (uint32_t i = 3 * kMany; i < 5 * kMany; ++i) use(i);
  EXPECT_EQ(rested(0), 3) << "after a long time it counts as new";
}

TEST_F(ActorStoresManyTest, WhatThisTurnUsesDoesNotRestForAnother) {
  stores_.restUnused(++now_);
  for (uint32_t i = 0; i < 2 * kMany; ++i) {
    ASSERT_TRUE(stores_.open(makeHandle(i, 1), {"app-Room", idOf(i)}, nullptr).ok());
  }
  for (uint32_t i = 0; i < 2 * kMany; ++i) EXPECT_EQ(rested(i), 0);
  engine_.open[idOf(0)]->hasCursor = true;
  use(2 * kMany);
  use(2 * kMany + 1);
  EXPECT_EQ(rested(0), 0) << "it cannot";
  EXPECT_EQ(rested(1), 1);
}

TEST_F(ActorStoresTest, ADatabaseThatCannotRestIsAskedLater) {
  open(kOne);
  engine_.open["11"]->hasCursor = true;
  stores_.restUnused(200);
  EXPECT_EQ(engine_.open["11"]->rested, 0);
  EXPECT_EQ(stores_.nextRest(), 300);
  engine_.open["11"]->hasCursor = false;
  write(kOne);
  stores_.restUnused(300);
  EXPECT_EQ(engine_.open["11"]->rested, 0) << "not committed";
  commitTurn();
  stores_.restUnused(400);
  EXPECT_EQ(engine_.open["11"]->rested, 1);
  stores_.close(kOne);
  EXPECT_EQ(stores_.nextRest(), std::nullopt);
}

}  // namespace
}  // namespace holdfast::host
