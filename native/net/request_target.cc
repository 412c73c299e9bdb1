#include "net/request_target.h"

#include <algorithm>
#include <charconv>

#include "net/deflate.h"

namespace holdfast::net {
namespace {

constexpr uint32_t kPortMax = 65'535;

bool isAlphanumeric(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool isHex(char c) {
  return (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9');
}

bool isPort(std::string_view text) {
  if (text.empty()) return true;  // "host:" is allowed
  uint32_t port = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), port);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && port <= kPortMax;
}

bool arePathAndQuery(std::string_view text) {
  bool inQuery = false;
  bool ascii = true;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7F || c == '#' || c == '"' || c == '<' || c == '>') return false;
    if (c == '\\' && !inQuery) return false;
    inQuery = inQuery || c == '?';
    ascii = ascii && byte < 0x80;
  }
  return ascii || isValidUtf8(text);
}

// After "http://" or "https://"; npos: another scheme.
size_t authorityAt(std::string_view target) {
  constexpr std::string_view kScheme = "http";
  for (size_t i = 0; i < kScheme.size(); ++i) {
    if (i >= target.size() || (target[i] | 0x20) != kScheme[i]) return std::string_view::npos;
  }
  size_t at = kScheme.size();
  if (at < target.size() && (target[at] | 0x20) == 's') ++at;
  return target.substr(at, 3) == "://" ? at + 3 : std::string_view::npos;
}

bool isAbsolute(std::string_view target) {
  const size_t at = authorityAt(target);
  if (at == std::string_view::npos) return false;
  const size_t end = std::min(target.find_first_of("/?", at), target.size());
  return isHost(target.substr(at, end - at)) && arePathAndQuery(target.substr(end));
}

}  // namespace

uint16_t checkTarget(std::string_view method, std::string_view target) {
  if (target == "*") return method == "OPTIONS" ? 0 : 400;
  const bool valid = target.starts_with('/') ? arePathAndQuery(target) : isAbsolute(target);
  return valid ? 0 : 400;
}

bool isHost(std::string_view host) {
  size_t end = 0;
  if (host.starts_with('[')) {
    end = host.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    const std::string_view address = host.substr(1, end - 1);
    if (!std::all_of(address.begin(), address.end(),
                     [](char c) { return isHex(c) || c == ':' || c == '.'; })) {
      return false;
    }
    ++end;
  } else {
    while (end < host.size() && (isAlphanumeric(host[end]) || host[end] == '-' ||
                                 host[end] == '.' || host[end] == '_' || host[end] == '~')) {
      ++end;
    }
  }
  if (end == 0) return false;
  return end == host.size() || (host[end] == ':' && isPort(host.substr(end + 1)));
}

}  // namespace holdfast::net
