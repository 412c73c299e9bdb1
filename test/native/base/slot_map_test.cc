#include "base/slot_map.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace holdfast {
namespace {

TEST(SlotMapTest, FindsWhatWasInserted) {
  SlotMap<std::string> map;
  const Handle a = map.insert("a");
  const Handle b = map.insert("b");
  EXPECT_EQ(*map.find(a), "a");
  EXPECT_EQ(*map.find(b), "b");
  EXPECT_EQ(map.size(), 2U);
  EXPECT_EQ(map.find(kNoHandle), nullptr);
}

TEST(SlotMapTest, ValuesStayWhereTheyAreWhileItGrows) {
  SlotMap<std::string> map;
  std::vector<std::pair<Handle, const std::string*>> places;
  for (int i = 0; i < 10'000; ++i) {
    const Handle handle = map.insert(std::to_string(i));
    places.emplace_back(handle, map.find(handle));
  }
  for (size_t i = 0; i < places.size(); ++i) {
    EXPECT_EQ(map.find(places[i].first), places[i].second);
    EXPECT_EQ(*places[i].second, std::to_string(i));
  }
  EXPECT_EQ(map.size(), places.size());
}

TEST(SlotMapTest, ErasedHandleStaysStaleWhenItsPlaceIsUsedAgain) {
  SlotMap<std::string> map;
  const Handle old = map.insert("old");
  EXPECT_TRUE(map.erase(old));
  EXPECT_FALSE(map.erase(old));
  const Handle fresh = map.insert("fresh");
  EXPECT_EQ(handleIndex(fresh), handleIndex(old));
  EXPECT_EQ(map.find(old), nullptr);
  EXPECT_EQ(*map.find(fresh), "fresh");
}

TEST(SlotMapTest, RenewedValueStaysAndItsOldHandleGoesStale) {
  SlotMap<std::string> map;
  const Handle old = map.insert("value");
  const std::string* place = map.find(old);
  const Handle fresh = map.renew(handleIndex(old));
  EXPECT_NE(fresh, old);
  EXPECT_EQ(map.find(old), nullptr);
  EXPECT_EQ(map.find(fresh), place);
  EXPECT_EQ(map.handleAt(handleIndex(old)), fresh);
  EXPECT_EQ(map.size(), 1U);
}

TEST(SlotMapTest, GenerationWrapsWithoutBecomingNoHandle) {
  SlotMap<int> map;
  Handle handle = map.insert(1);
  for (uint32_t i = 0; i < kGenerationMax; ++i) {
    handle = map.renew(handleIndex(handle));
    ASSERT_NE(handle, kNoHandle);
    ASSERT_LT(handle, 1ULL << 53U);  // a JavaScript number
  }
  EXPECT_NE(map.find(handle), nullptr);
}

TEST(SlotMapTest, ForEachMayEraseWhatItVisits) {
  SlotMap<int> map;
  std::set<int> seen;
  for (int i = 0; i < 10; ++i) (void)map.insert(i);
  map.forEach([&](Handle handle, int value) {
    seen.insert(value);
    if (value % 2 == 0) map.erase(handle);
  });
  EXPECT_EQ(seen.size(), 10U);
  EXPECT_EQ(map.size(), 5U);
}

}  // namespace
}  // namespace holdfast
