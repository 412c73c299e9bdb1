// libFuzzer target: whatever is taken for the text of an id is written back the same but for the
// case of its digits, and an id that a namespace knows as its own keeps its jurisdiction.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "core/actor_id.h"

using namespace holdfast;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const core::NamespaceKey key("fuzz");
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::optional<ActorId> id = core::idFromHex(input);
  const Result<core::ParsedId> parsed = key.parse(input);
  if (id) {
    std::string lower(input);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
    DO_CHECK(core::idToHex(*id) == lower);
  }
  DO_CHECK(!parsed.ok() || (id && parsed.value().id == *id));
  if (parsed.ok()) DO_CHECK(key.recognise(*id) == parsed.value().jurisdiction);
  const auto jurisdiction = static_cast<core::Jurisdiction>(size % core::kJurisdictionNames.size());
  const ActorId named = key.fromName(input, jurisdiction);
  DO_CHECK(key.recognise(named) == jurisdiction);
  DO_CHECK(key.parse(core::idToHex(named)).ok());
  return 0;
}
