#include "core/actor_id.h"

#include <gtest/gtest.h>

#include <cctype>
#include <set>
#include <string>

namespace holdfast::core {
namespace {

constexpr std::string_view kFoo =
    "81e16c61d19fabe0c6fef55c7f225c891140a054e78924bae96195b75148a3e1";

// S1.3.1: the key is the hash of the namespace's unique key.
TEST(ActorIdTest, S1_3_6_TestVectors) {
  EXPECT_EQ(idToHex(NamespaceKey("mykey").fromName("name")),
            "3652ef6221834806dc8df802d1d216e27b7d07e0a6b7adf6cfdaeec90f06459a");
  const NamespaceKey counter("worker-Counter");
  EXPECT_EQ(idToHex(counter.fromName("foo")), kFoo);
  EXPECT_EQ(idToHex(counter.fromName("")),
            "69eaf86a1b914c34faab325d461b7b0f9b81e2e4041dc35443e2061762319fb4");
  EXPECT_EQ(idToHex(counter.fromName("日本")),
            "706e43c4c45bcfc8d7aa756bd7590d5c4fa64d55acd434088fb211e38439cd21");
}

TEST(ActorIdTest, S1_3_4_ParsesEitherCase) {
  const NamespaceKey key("worker-Counter");
  std::string upper(kFoo);
  for (char& c : upper) c = static_cast<char>(toupper(c));
  for (const std::string& text : {std::string(kFoo), upper}) {
    const Result<ParsedId> parsed = key.parse(text);
    ASSERT_TRUE(parsed.ok()) << text;
    EXPECT_EQ(parsed.value().id, key.fromName("foo"));
    EXPECT_EQ(parsed.value().jurisdiction, Jurisdiction::kNone);
  }
}

TEST(ActorIdTest, S1_3_4_RefusesWhatIsNot64HexDigits) {
  const NamespaceKey key("worker-Counter");
  std::string wrongDigit(kFoo);
  wrongDigit[63] = 'g';
  for (const std::string& text :
       {std::string(), std::string(kFoo.substr(1)), std::string(kFoo) + "0", wrongDigit}) {
    const Result<ParsedId> parsed = key.parse(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.status().code(), Code::kInvalidArgument);
    EXPECT_EQ(parsed.status().message(), "Invalid Durable Object ID: must be 64 hex digits");
  }
}

TEST(ActorIdTest, S1_3_4_RefusesAnyChangedBit) {
  const NamespaceKey key("worker-Counter");
  const ActorId id = key.fromName("foo");
  for (size_t bit = 0; bit < 256; ++bit) {
    ActorId changed = id;
    changed.bytes[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
    const Result<ParsedId> parsed = key.parse(idToHex(changed));
    ASSERT_FALSE(parsed.ok()) << bit;
    EXPECT_EQ(parsed.status().message(), "Durable Object ID is not valid for this namespace.");
  }
}

TEST(ActorIdTest, S1_3_4_RefusesAnIdOfAnotherNamespace) {
  EXPECT_FALSE(NamespaceKey("other").parse(kFoo).ok());
}

TEST(ActorIdTest, S1_3_2_UniqueIdIsTheRandomBytesAndTheirMac) {
  const NamespaceKey key("worker-Counter");
  std::array<uint8_t, 16> random{};
  for (size_t i = 0; i < random.size(); ++i) random[i] = static_cast<uint8_t>(i);
  const std::string hex = idToHex(key.fromRandom(random));
  EXPECT_EQ(hex.substr(0, 32), "000102030405060708090a0b0c0d0e0f");
  EXPECT_TRUE(key.parse(hex).ok());
}

TEST(ActorIdTest, S1_4_2_EachJurisdictionHasItsOwnIdsAndTellsThemApart) {
  const NamespaceKey key("worker-Counter");
  std::set<ActorId> named;
  std::set<ActorId> unique;
  for (size_t i = 0; i < kJurisdictionNames.size(); ++i) {
    const auto jurisdiction = static_cast<Jurisdiction>(i);
    const ActorId byName = key.fromName("foo", jurisdiction);
    const ActorId byRandom = key.fromRandom({1, 2, 3}, jurisdiction);
    named.insert(byName);
    unique.insert(byRandom);
    ASSERT_TRUE(key.parse(idToHex(byName)).ok());
    EXPECT_EQ(key.parse(idToHex(byName)).value().jurisdiction, jurisdiction);
    EXPECT_EQ(key.recognise(byRandom), jurisdiction);
  }
  EXPECT_EQ(named.size(), kJurisdictionNames.size());
  EXPECT_EQ(unique.size(), kJurisdictionNames.size());
}

TEST(ActorIdTest, S1_4_1_Jurisdictions) {
  for (const std::string_view name : {"eu", "fedramp", "fedramp-high", "us"}) {
    const std::optional<Jurisdiction> jurisdiction = jurisdictionOf(name);
    ASSERT_TRUE(jurisdiction) << name;
    EXPECT_EQ(jurisdictionName(*jurisdiction), name);
  }
  EXPECT_EQ(jurisdictionOf(""), Jurisdiction::kNone);
  EXPECT_FALSE(jurisdictionOf("EU"));
  EXPECT_FALSE(jurisdictionOf("mars"));
}

}  // namespace
}  // namespace holdfast::core
