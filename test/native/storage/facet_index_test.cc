#include "storage/facet_index.h"

#include <gtest/gtest.h>

#include <string>

namespace holdfast::storage::testing {
namespace {

using namespace std::string_literals;

// As workerd writes it: "one" below the object, "two" below "one", "one" below "two".
const std::string kThree =
    "\x57\xef\xb0\xc5\x5b\xce\xcd\xc4"s + "\0\0\3\0one"s + "\1\0\3\0two"s + "\2\0\3\0one"s;

FacetIndex parsed(std::string_view bytes) {
  Result<FacetIndex> index = FacetIndex::parse(bytes);
  EXPECT_TRUE(index.ok()) << index.status().message();
  return index.ok() ? std::move(index).value() : FacetIndex();
}

TEST(FacetIndexTest, S1_15_5_ReadsWhatWorkerdWrites) {
  const FacetIndex index = parsed(kThree);
  EXPECT_EQ(index.size(), 3U);
  EXPECT_EQ(index.find(0, "one"), 1);
  EXPECT_EQ(index.find(1, "two"), 2);
  EXPECT_EQ(index.find(2, "one"), 3);
  EXPECT_EQ(index.find(1, "one"), std::nullopt);
  EXPECT_EQ(index.find(0, "two"), std::nullopt);
  EXPECT_EQ(index.wholeBytes(), kThree.size());
}

TEST(FacetIndexTest, S1_15_5_WritesWhatWorkerdReads) {
  std::string bytes = FacetIndex::beginning();
  for (const auto& [parent, name] :
       {std::pair<FacetNumber, const char*>{0, "one"}, {1, "two"}, {2, "one"}}) {
    const Result<std::string> entry = parsed(bytes).entryOf(parent, name);
    ASSERT_TRUE(entry.ok()) << entry.status().message();
    bytes += entry.value();
  }
  EXPECT_EQ(bytes, kThree);
}

TEST(FacetIndexTest, ATornEntryEndsIt) {
  for (size_t cut = 0; cut < kThree.size(); ++cut) {
    const FacetIndex index = parsed(kThree.substr(0, cut));
    const size_t whole = cut < 8 + 7 ? 0 : (cut - 8) / 7;
    EXPECT_EQ(index.size(), whole) << cut;
    EXPECT_EQ(index.wholeBytes(), cut <= 8 ? 0 : 8 + 7 * whole) << cut;
  }
}

TEST(FacetIndexTest, WhatIsNoEntryEndsIt) {
  for (const std::string& entry :
       {"\0\0\0\0later"s, "\4\0\1\0p"s, "\0\0\3\0one"s, "\0\0\x09\0one"s}) {
    const FacetIndex index = parsed(kThree + entry + "\0\0\1\0z"s);
    EXPECT_EQ(index.size(), 3U);
    EXPECT_EQ(index.wholeBytes(), kThree.size());
  }
}

TEST(FacetIndexTest, AnotherFileIsRefused) {
  EXPECT_EQ(FacetIndex::parse("SQLite format 3").status().code(), Code::kCorrupt);
  EXPECT_EQ(parsed("SQLite").size(), 0U) << "no more than a torn magic number";
}

TEST(FacetIndexTest, S1_15_3_DescendantsAreAllBelow) {
  std::string bytes = FacetIndex::beginning();
  const auto add = [&bytes](FacetNumber parent, const std::string& name) {
    bytes += parsed(bytes).entryOf(parent, name).value();
  };
  add(0, "a");  // 1
  add(0, "b");  // 2
  add(1, "c");  // 3
  add(2, "d");  // 4
  add(3, "e");  // 5
  const FacetIndex index = parsed(bytes);
  using Numbers = std::vector<FacetNumber>;
  EXPECT_EQ(index.descendants(0), (Numbers{1, 2, 3, 4, 5}));
  EXPECT_EQ(index.descendants(1), (Numbers{3, 5}));
  EXPECT_EQ(index.descendants(2), Numbers{4});
  EXPECT_EQ(index.descendants(5), Numbers{});
  const std::vector<FacetIndex::Child> children = index.children(1);
  ASSERT_EQ(children.size(), 1U);
  EXPECT_EQ(children[0].number, 3);
  EXPECT_TRUE(index.children(5).empty());
}

TEST(FacetIndexTest, NamesAndParentsThatCannotBe) {
  const FacetIndex index = parsed(kThree);
  EXPECT_EQ(index.entryOf(0, "").status().code(), Code::kInvalidArgument);
  EXPECT_EQ(index.entryOf(4, "x").status().code(), Code::kInvalidArgument);
  EXPECT_EQ(index.entryOf(0, std::string(65'536, 'x')).status().code(), Code::kInvalidArgument);
  EXPECT_TRUE(index.entryOf(3, std::string(65'535, 'x')).ok());
}

}  // namespace
}  // namespace holdfast::storage::testing
