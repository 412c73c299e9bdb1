#include "core/mailbox.h"

#include <gtest/gtest.h>

#include <string>

namespace holdfast::core {
namespace {

Event event(uint32_t token, SectionId section = 0, std::string payload = {}) {
  Event value;
  value.token = token;
  value.section = section;
  value.payload = Bytes(std::move(payload));
  return value;
}

class MailboxTest : public ::testing::Test {
 protected:
  ~MailboxTest() override {
    mailbox_.takeAll(pool_);
    EXPECT_EQ(pool_.size(), 0U);
  }
  // 0 when the gate lets none pass.
  uint32_t take() {
    if (!mailbox_.hasFor(pool_, gate_)) return 0;
    return mailbox_.takeFirst(pool_, gate_).token;
  }

  EventPool pool_;
  InputGate gate_;
  Mailbox mailbox_;
};

TEST_F(MailboxTest, S2_5_7_ArrivalOrderWithoutSections) {
  for (const uint32_t token : {1U, 2U, 3U}) mailbox_.push(pool_, event(token));
  EXPECT_EQ(take(), 1U);
  mailbox_.push(pool_, event(4));
  for (const uint32_t token : {2U, 3U, 4U, 0U}) EXPECT_EQ(take(), token);
}

TEST_F(MailboxTest, S2_5_7_SectionEventsPassAndTheRestKeepsItsOrder) {
  const SectionId outer = gate_.open(0, 64);
  const SectionId inner = gate_.open(outer, 64);
  mailbox_.push(pool_, event(1));
  mailbox_.push(pool_, event(2, outer));
  mailbox_.push(pool_, event(3, inner));
  mailbox_.push(pool_, event(4, outer));
  mailbox_.push(pool_, event(5, inner));
  EXPECT_EQ(take(), 3U);
  EXPECT_EQ(take(), 5U);
  EXPECT_EQ(take(), 0U);
  mailbox_.push(pool_, event(6, inner));
  gate_.close(inner);
  for (const uint32_t token : {2U, 4U, 6U, 0U}) EXPECT_EQ(take(), token);
  gate_.close(outer);
  EXPECT_EQ(take(), 1U);
}

TEST_F(MailboxTest, S1_12_9_StragglersOfClosedSectionsComeInArrivalOrder) {
  const SectionId section = gate_.open(0, 64);
  mailbox_.push(pool_, event(1));
  mailbox_.push(pool_, event(2, section));
  mailbox_.push(pool_, event(3));
  gate_.close(section);
  for (const uint32_t token : {1U, 2U, 3U, 0U}) EXPECT_EQ(take(), token);
}

TEST_F(MailboxTest, CountsEventsAndBytes) {
  mailbox_.push(pool_, event(1, 0, "12345"));
  mailbox_.push(pool_, event(2, 0, "123"));
  EXPECT_EQ(mailbox_.count(), 2U);
  EXPECT_EQ(mailbox_.bytes(), 8U);
  take();
  EXPECT_EQ(mailbox_.bytes(), 3U);
  mailbox_.takeAll(pool_);
  EXPECT_EQ(mailbox_.bytes(), 0U);
  EXPECT_TRUE(mailbox_.empty());
}

TEST_F(MailboxTest, TakeAllIgnoresTheGateAndKeepsArrivalOrder) {
  const SectionId section = gate_.open(0, 64);
  mailbox_.push(pool_, event(1));
  mailbox_.push(pool_, event(2, section));
  mailbox_.push(pool_, event(3));
  const std::vector<Event> all = mailbox_.takeAll(pool_);
  ASSERT_EQ(all.size(), 3U);
  for (uint32_t i = 0; i < 3; ++i) EXPECT_EQ(all[i].token, i + 1);
}

TEST(EventPoolTest, GivesBackWhatABurstTook) {
  EventPool pool;
  std::vector<uint32_t> places;
  for (size_t i = 0; i <= EventPool::kPlacesKept; ++i) places.push_back(pool.add(Event()));
  for (const uint32_t place : places) {
    EXPECT_GT(pool.capacity(), EventPool::kPlacesKept) << "others are in use";
    pool.remove(place);
  }
  EXPECT_EQ(pool.capacity(), 0U);
  Event event;
  event.token = 7;
  EXPECT_EQ(pool.remove(pool.add(std::move(event))).token, 7U);
  EXPECT_EQ(pool.capacity(), 1U);
}

TEST_F(MailboxTest, PoolReusesWhatWasTaken) {
  Mailbox other;
  for (int round = 0; round < 1'000; ++round) {
    mailbox_.push(pool_, event(1, 0, "payload"));
    other.push(pool_, event(2));
    EXPECT_EQ(take(), 1U);
    EXPECT_EQ(other.takeFirst(pool_, gate_).token, 2U);
  }
  EXPECT_LE(pool_.capacity(), 2U);
}

}  // namespace
}  // namespace holdfast::core
