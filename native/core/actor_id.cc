#include "core/actor_id.h"

#include <algorithm>

namespace holdfast::core {

namespace {

constexpr size_t kBaseSize = 16;
constexpr char kDigits[] = "0123456789abcdef";

// -1 when not a hex digit.
int digitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string_view jurisdictionName(Jurisdiction jurisdiction) {
  return kJurisdictionNames[static_cast<size_t>(jurisdiction)];
}

std::optional<Jurisdiction> jurisdictionOf(std::string_view name) {
  const auto found = std::find(kJurisdictionNames.begin(), kJurisdictionNames.end(), name);
  if (found == kJurisdictionNames.end()) return std::nullopt;
  return static_cast<Jurisdiction>(found - kJurisdictionNames.begin());
}

std::string idToHex(const ActorId& id) {
  std::string hex;
  hex.reserve(2 * id.bytes.size());
  for (const uint8_t byte : id.bytes) {
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 15U];
  }
  return hex;
}

std::optional<ActorId> idFromHex(std::string_view hex) {
  ActorId id;
  if (hex.size() != 2 * id.bytes.size()) return std::nullopt;
  for (size_t i = 0; i < id.bytes.size(); ++i) {
    const int high = digitOf(hex[2 * i]);
    const int low = digitOf(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes[i] = static_cast<uint8_t>(high * 16 + low);
  }
  return id;
}

NamespaceKey::NamespaceKey(std::string_view uniqueKey) {
  for (size_t i = 0; i < keys_.size(); ++i) {
    std::string text(uniqueKey);
    if (i != 0) text.append(1, '\0').append("jurisdiction:").append(kJurisdictionNames[i]);
    keys_[i] = HmacSha256(viewOf(sha256(text)));
  }
}

ActorId NamespaceKey::fromName(std::string_view name, Jurisdiction jurisdiction) const {
  const Sha256Digest mac = keyOf(jurisdiction).of(name);
  return seal(viewOf(mac).substr(0, kBaseSize), jurisdiction);
}

ActorId NamespaceKey::fromRandom(const std::array<uint8_t, 16>& random,
                                 Jurisdiction jurisdiction) const {
  return seal(viewOf(random), jurisdiction);
}

Result<ParsedId> NamespaceKey::parse(std::string_view hex) const {
  const std::optional<ActorId> id = idFromHex(hex);
  if (!id) {
    return Status(Code::kInvalidArgument, "Invalid Durable Object ID: must be 64 hex digits");
  }
  const std::optional<Jurisdiction> jurisdiction = recognise(*id);
  if (!jurisdiction) {
    return Status(Code::kInvalidArgument, "Durable Object ID is not valid for this namespace.");
  }
  return ParsedId{*id, *jurisdiction};
}

std::optional<Jurisdiction> NamespaceKey::recognise(const ActorId& id) const {
  const std::string_view base = viewOf(id.bytes).substr(0, kBaseSize);
  for (size_t i = 0; i < keys_.size(); ++i) {
    const auto jurisdiction = static_cast<Jurisdiction>(i);
    if (seal(base, jurisdiction) == id) return jurisdiction;
  }
  return std::nullopt;
}

ActorId NamespaceKey::seal(std::string_view base, Jurisdiction jurisdiction) const {
  const Sha256Digest mac = keyOf(jurisdiction).of(base);
  ActorId id;
  const auto middle = std::copy(base.begin(), base.end(), id.bytes.begin());
  std::copy_n(mac.begin(), id.bytes.size() - kBaseSize, middle);
  return id;
}

}  // namespace holdfast::core
