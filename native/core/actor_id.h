// Ids: how a namespace makes them and knows its own again (spec S1.3), and jurisdictions (S1.4).
//
// id = base (16 bytes) followed by the first 16 bytes of HMAC-SHA256(key, base); key = SHA-256 of
// the namespace's unique key. A jurisdiction has a key of its own, SHA-256 of `uniqueKey NUL
// "jurisdiction:" jurisdiction`: so the same name gives another id in each (S1.4.2), and the MAC
// tells which jurisdiction an id was minted in.
//
// Contract: pure; randomness comes in as an argument. An id that a NamespaceKey made parses, by any
// process, for ever: ids are in users' databases, so this derivation never changes. Thread:
// immutable after construction; any thread. Failure: parse() answers kInvalidArgument with the text
// of the TypeError.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "base/sha256.h"

namespace holdfast::core {

// S1.4.1. kNone: minted without one; not to be confused with "unknown".
enum class Jurisdiction : uint8_t { kNone, kEu, kFedramp, kFedrampHigh, kUs };

constexpr std::array<std::string_view, 5> kJurisdictionNames = {"", "eu", "fedramp", "fedramp-high",
                                                                "us"};

// "" for kNone.
std::string_view jurisdictionName(Jurisdiction jurisdiction);
// kNone for ""; nullopt for a name that is not in S1.4.1.
std::optional<Jurisdiction> jurisdictionOf(std::string_view name);

// 64 lower-case digits (S1.2.1).
std::string idToHex(const ActorId& id);
// Exactly 64 hex digits of either case; the MAC is not looked at.
std::optional<ActorId> idFromHex(std::string_view hex);

struct ParsedId {
  ActorId id;
  Jurisdiction jurisdiction = Jurisdiction::kNone;
};

class NamespaceKey {
 public:
  explicit NamespaceKey(std::string_view uniqueKey);

  // `name` in UTF-8, any length, not normalised (S1.3.7).
  [[nodiscard]] ActorId fromName(std::string_view name,
                                 Jurisdiction jurisdiction = Jurisdiction::kNone) const;
  // `random`: 16 cryptographically random bytes.
  [[nodiscard]] ActorId fromRandom(const std::array<uint8_t, 16>& random,
                                   Jurisdiction jurisdiction = Jurisdiction::kNone) const;
  // idFromString (S1.3.4): accepts ids of every jurisdiction and tells which.
  [[nodiscard]] Result<ParsedId> parse(std::string_view hex) const;
  // The jurisdiction of an id of this namespace; nullopt: not of this namespace.
  [[nodiscard]] std::optional<Jurisdiction> recognise(const ActorId& id) const;

 private:
  [[nodiscard]] const HmacSha256& keyOf(Jurisdiction jurisdiction) const {
    return keys_[static_cast<size_t>(jurisdiction)];
  }
  [[nodiscard]] ActorId seal(std::string_view base, Jurisdiction jurisdiction) const;

  std::array<HmacSha256, kJurisdictionNames.size()> keys_;
};

}  // namespace holdfast::core
