#include "net/request_rules.h"

#include <algorithm>
#include <array>
#include <boost/beast/http/rfc7230.hpp>

namespace holdfast::net {

bool isKnownMethod(std::string_view method) {
  static constexpr auto kMethods = std::to_array<std::string_view>(
      {"GET",       "POST",    "HEAD",   "PUT",  "DELETE",    "PATCH",       "OPTIONS",
       "PURGE",     "TRACE",   "COPY",   "LOCK", "MKCOL",     "MOVE",        "PROPFIND",
       "PROPPATCH", "SEARCH",  "UNLOCK", "ACL",  "REPORT",    "MKACTIVITY",  "CHECKOUT",
       "MERGE",     "MSEARCH", "NOTIFY", "BAN",  "SUBSCRIBE", "UNSUBSCRIBE", "QUERY"});
  return std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
}

uint16_t refusalOfVersion(std::string_view line) {
  constexpr std::string_view kName = "HTTP/";
  if (line.ends_with('\r')) line.remove_suffix(1);
  const size_t at = line.rfind(' ');
  if (at == std::string_view::npos || std::count(line.begin(), line.end(), ' ') != 2) return 400;
  const std::string_view version = line.substr(at + 1);
  const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
  const bool valid = version.size() == kName.size() + 3 && version.starts_with(kName) &&
                     isDigit(version[5]) && version[5] != '1' && version[6] == '.' &&
                     isDigit(version[7]);
  return valid ? 505 : 400;
}

uint16_t refusalOfEncoding(std::string_view value) {
  uint32_t others = 0;
  uint32_t chunked = 0;
  bool chunkedLast = false;
  for (const auto& coding : boost::beast::http::token_list{{value.data(), value.size()}}) {
    chunkedLast = boost::beast::iequals(coding, "chunked");
    ++(chunkedLast ? chunked : others);
  }
  return chunkedLast && chunked == 1 && others > 0 ? 501 : 400;
}

bool leavesQuoteOpen(std::string_view input) {
  if (input.starts_with("\r\n")) input.remove_prefix(2);
  const size_t end = input.find("\r\n");
  const size_t extensions = input.find_first_not_of("0123456789abcdefABCDEF \t");
  if (end == std::string_view::npos || extensions >= end || input[extensions] != ';') return false;
  bool quoted = false;
  for (size_t i = extensions; i < end; ++i) {
    if (input[i] == '"') quoted = !quoted;
    if (input[i] == '\\' && quoted) ++i;
  }
  return quoted;
}

}  // namespace holdfast::net
