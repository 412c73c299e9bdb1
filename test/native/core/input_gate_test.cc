#include "core/input_gate.h"

#include <gtest/gtest.h>

#include <vector>

namespace holdfast::core {
namespace {

constexpr uint32_t kDepthMax = 64;

TEST(InputGateTest, IsOpenForEverybodyAtFirst) {
  const InputGate gate;
  EXPECT_TRUE(gate.empty());
  EXPECT_TRUE(gate.isOpenFor(0));
  EXPECT_TRUE(gate.isOpenFor(17));
}

TEST(InputGateTest, S1_12_7_InnermostSectionOwnsTheActor) {
  InputGate gate;
  const SectionId outer = gate.open(0, kDepthMax);
  const SectionId inner = gate.open(outer, kDepthMax);
  EXPECT_TRUE(gate.isOpenFor(inner));
  EXPECT_FALSE(gate.isOpenFor(outer));
  EXPECT_FALSE(gate.isOpenFor(0));
  EXPECT_TRUE(gate.close(inner));
  EXPECT_TRUE(gate.isOpenFor(outer));
  EXPECT_TRUE(gate.close(outer));
  EXPECT_TRUE(gate.empty());
  EXPECT_FALSE(gate.close(outer));
}

TEST(InputGateTest, S1_12_3_SectionsOfOneTurnRunInTheOrderOfOpening) {
  InputGate gate;
  const SectionId first = gate.open(0, kDepthMax);
  const SectionId second = gate.open(0, kDepthMax);
  const SectionId third = gate.open(0, kDepthMax);
  EXPECT_EQ(gate.innermost(), first);
  EXPECT_TRUE(gate.close(second));  // given up before it began
  EXPECT_EQ(gate.innermost(), first);
  EXPECT_TRUE(gate.close(first));
  EXPECT_EQ(gate.innermost(), third);
}

TEST(InputGateTest, S1_12_7_DepthIsLimited) {
  InputGate gate;
  SectionId section = 0;
  for (uint32_t depth = 0; depth < kDepthMax; ++depth) {
    section = gate.open(section, kDepthMax);
    ASSERT_NE(section, 0U);
  }
  EXPECT_EQ(gate.open(section, kDepthMax), 0U);
  EXPECT_TRUE(gate.close(section));
  EXPECT_NE(gate.open(section, kDepthMax), 0U);  // counts as inside the enclosing one
}

TEST(InputGateTest, S1_12_9_StragglersBelongToTheEnclosingSection) {
  InputGate gate;
  const SectionId outer = gate.open(0, kDepthMax);
  const SectionId inner = gate.open(outer, kDepthMax);
  gate.close(inner);
  EXPECT_EQ(gate.resolve(inner), outer);
  gate.close(outer);
  EXPECT_EQ(gate.resolve(inner), 0U);
  const SectionId later = gate.open(0, kDepthMax);
  EXPECT_FALSE(gate.isOpenFor(inner));
  EXPECT_TRUE(gate.isOpenFor(later));
}

TEST(InputGateTest, S1_12_9_SectionLeftOpenTakesThePlaceOfTheOneThatClosed) {
  InputGate gate;
  const SectionId first = gate.open(0, kDepthMax);
  const SectionId second = gate.open(0, kDepthMax);
  const SectionId inner = gate.open(first, kDepthMax);
  EXPECT_TRUE(gate.close(first));
  EXPECT_EQ(gate.innermost(), inner);
  EXPECT_TRUE(gate.close(inner));
  EXPECT_EQ(gate.innermost(), second);
}

TEST(InputGateTest, S1_12_9_SectionsThatCloseFromTheOutsideInLeaveTheInnermostOpen) {
  InputGate gate;
  std::vector<SectionId> sections;
  for (uint32_t depth = 0; depth < kDepthMax; ++depth)
    sections.push_back(gate.open(depth == 0 ? 0 : sections.back(), kDepthMax));
  const SectionId innermost = sections.back();
  for (uint32_t depth = 0; depth + 1 < kDepthMax; ++depth) {
    EXPECT_TRUE(gate.close(sections[depth]));
    EXPECT_EQ(gate.innermost(), innermost);
    EXPECT_EQ(gate.resolve(sections[depth]), 0U);
    EXPECT_FALSE(gate.isOpenFor(0));
  }
  EXPECT_NE(gate.open(innermost, 2), 0U) << "it is at the root now, so one more fits into two";
  EXPECT_TRUE(gate.close(innermost));
}

TEST(InputGateTest, S1_12_9_AnEventOfAClosedSectionWaitsForTheSectionsItsParentOpenedSince) {
  InputGate gate;
  const SectionId outer = gate.open(0, kDepthMax);
  const SectionId straggler = gate.open(outer, kDepthMax);
  gate.close(straggler);
  const SectionId next = gate.open(outer, kDepthMax);
  EXPECT_FALSE(gate.isOpenFor(straggler));
  gate.close(next);
  EXPECT_TRUE(gate.isOpenFor(straggler));
  gate.close(outer);
  EXPECT_TRUE(gate.isOpenFor(straggler));
}

TEST(InputGateTest, S2_5_10_ResetWithSectionsOfEveryKindLeavesNothing) {
  InputGate gate;
  const SectionId outer = gate.open(0, kDepthMax);
  const SectionId inner = gate.open(outer, kDepthMax);
  const SectionId queued = gate.open(0, kDepthMax);
  gate.close(outer);
  gate.reset();
  EXPECT_TRUE(gate.empty());
  for (const SectionId section : {outer, inner, queued}) {
    EXPECT_FALSE(gate.close(section));
    EXPECT_TRUE(gate.isOpenFor(section));
  }
}

TEST(InputGateTest, RemembersABoundedNumberOfClosedSections) {
  InputGate gate;
  const SectionId outer = gate.open(0, kDepthMax);
  std::vector<SectionId> inner;
  for (size_t i = 0; i < kClosedSectionsMax + 1; ++i) {
    inner.push_back(gate.open(outer, kDepthMax));
    gate.close(inner.back());
  }
  EXPECT_EQ(gate.resolve(inner[0]), 0U);
  EXPECT_EQ(gate.resolve(inner[1]), outer);
}

TEST(InputGateTest, ResetNeverGivesAnIdTwice) {
  InputGate gate;
  const SectionId before = gate.open(0, kDepthMax);
  gate.reset();
  EXPECT_TRUE(gate.empty());
  EXPECT_NE(gate.open(0, kDepthMax), before);
}

}  // namespace
}  // namespace holdfast::core
