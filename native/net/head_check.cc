#include "net/head_check.h"

#include <algorithm>

#include "net/proxy_connection.h"

namespace holdfast::net {
namespace {

// RFC 9110 section 5.6.2.
bool isTokenStart(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         kOthers.find(c) != std::string_view::npos;
}

}  // namespace

HeadCheck::Verdict HeadCheck::check(std::string_view head) {
  while (!ended_ && lineAt_ < head.size()) {
    const char first = head[lineAt_];
    if (first != '\r' && !isTokenStart(first)) return Verdict::kMalformed;
    const size_t end = head.find('\n', seen_);
    if (end == std::string_view::npos) {
      seen_ = head.size();
      break;
    }
    const std::string_view line = head.substr(lineAt_, end - lineAt_);
    // The first CR of the line is the one before its LF.
    if (line.find('\r') + 1 != line.size()) return Verdict::kMalformed;
    ended_ = line.size() == 1;
    proxyConnection_ = proxyConnection_ || isProxyConnection(line);
    if (!ended_ && lines_++ > fieldsMax_) return Verdict::kTooManyFields;
    lineAt_ = seen_ = end + 1;
  }
  return Verdict::kFine;
}

void HeadCheck::drop(size_t bytes) {
  lineAt_ -= std::min(lineAt_, bytes);
  seen_ -= std::min(seen_, bytes);
}

}  // namespace holdfast::net
