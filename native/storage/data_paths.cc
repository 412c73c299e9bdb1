#include "storage/data_paths.h"

#include <algorithm>
#include <charconv>

namespace holdfast::storage {
namespace {

constexpr size_t kUniqueKeyBytesMax = 200;
constexpr size_t kIdHexDigits = 64;

bool isLowerHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

// ".<n>" behind the digits of an id; 0: it is none, or not in the one form that a number has.
FacetNumber parseFacet(std::string_view suffix) {
  FacetNumber facet = 0;
  if (suffix.size() < 2 || suffix[0] != '.' || suffix[1] < '1' || suffix[1] > '9') return 0;
  const char* end = suffix.data() + suffix.size();
  const auto [at, error] = std::from_chars(suffix.data() + 1, end, facet);
  return error == std::errc() && at == end ? facet : 0;
}

}  // namespace

Status checkUniqueKey(std::string_view uniqueKey) {
  const bool usable = !uniqueKey.empty() && uniqueKey != "." && uniqueKey != ".." &&
                      uniqueKey.size() <= kUniqueKeyBytesMax &&
                      uniqueKey.find('/') == std::string_view::npos &&
                      uniqueKey.find('\0') == std::string_view::npos;
  if (usable) return {};
  return {Code::kInvalidArgument,
          "\"" + std::string(uniqueKey) + "\" cannot name a namespace's directory"};
}

Status checkObjectName(const ObjectName& name) {
  Status key = checkUniqueKey(name.uniqueKey);
  if (!key.ok()) return key;
  const std::string_view hex = std::string_view(name.idHex).substr(0, kIdHexDigits);
  const std::string_view facet = std::string_view(name.idHex).substr(hex.size());
  if (hex.size() == kIdHexDigits && std::all_of(hex.begin(), hex.end(), isLowerHex) &&
      (facet.empty() || parseFacet(facet) != 0)) {
    return {};
  }
  return {Code::kInvalidArgument, "\"" + name.idHex + "\" is not an object id"};
}

ActorId actorIdOf(std::string_view hex) {
  const auto digit = [](char c) { return static_cast<uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10); };
  ActorId id;
  for (size_t i = 0; i < id.bytes.size(); ++i) {
    id.bytes[i] = static_cast<uint8_t>((digit(hex[2 * i]) << 4U) | digit(hex[2 * i + 1]));
  }
  return id;
}

FacetNumber facetOf(std::string_view hex) { return parseFacet(hex.substr(kIdHexDigits)); }

std::string rootIdOf(std::string_view hex) { return std::string(hex.substr(0, kIdHexDigits)); }

std::string idHexOf(const ActorId& id, FacetNumber facet) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(id.bytes.size() * 2);
  for (const uint8_t byte : id.bytes) {
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 0xFU];
  }
  if (facet != 0) hex += "." + std::to_string(facet);
  return hex;
}

std::string logDirectory(const std::string& dataDir) { return dataDir + "/log"; }

std::string namespacesDirectory(const std::string& dataDir) { return dataDir + "/do"; }

std::string namespaceDirectory(const std::string& dataDir, std::string_view uniqueKey) {
  return namespacesDirectory(dataDir).append("/").append(uniqueKey);
}

std::string objectPath(const std::string& directory, std::string_view idHex) {
  return std::string(directory).append("/").append(idHex).append(kSqliteSuffix);
}

std::string facetIndexPath(const std::string& directory, std::string_view idHex) {
  return std::string(directory).append("/").append(idHex).append(kFacetsSuffix);
}

std::string alarmIndexPath(const std::string& directory) {
  return std::string(directory).append("/").append(kAlarmIndexName);
}

std::string historyDirectory(const std::string& dataDir) { return dataDir + "/history"; }

std::string archiveDirectory(const std::string& dataDir) {
  return historyDirectory(dataDir) + "/log";
}

std::string basesDirectory(const std::string& dataDir) { return historyDirectory(dataDir) + "/do"; }

std::string restoresDirectory(const std::string& dataDir) {
  return historyDirectory(dataDir) + "/restore";
}

}  // namespace holdfast::storage
