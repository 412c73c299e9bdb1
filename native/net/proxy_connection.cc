#include "net/proxy_connection.h"

#include <algorithm>
#include <boost/beast/core/string.hpp>

namespace holdfast::net {
namespace {

constexpr std::string_view kStart = "proxy-connection:";
constexpr std::string_view kSpace = " \t\r";

bool isValueByte(char c) {
  return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
}

}  // namespace

bool isProxyConnection(std::string_view line) {
  return line.size() >= kStart.size() && (line[0] == 'P' || line[0] == 'p') &&
         boost::beast::iequals({line.data(), kStart.size()}, {kStart.data(), kStart.size()});
}

std::string withoutProxyConnection(std::string_view head) {
  std::string masked(head);
  for (size_t at = 0; at < head.size();) {
    const size_t end = std::min(head.find('\n', at), head.size());
    const std::string_view line = head.substr(at, end - at);
    if (line == "\r") break;
    if (isProxyConnection(line)) {
      const size_t first = line.find_first_not_of(kSpace, kStart.size());
      if (first != std::string_view::npos) {
        const size_t size = line.find_last_not_of(kSpace) + 1 - first;
        const std::string_view value = line.substr(first, size);
        if (std::all_of(value.begin(), value.end(), isValueByte)) {
          masked.replace(at + first, size, size, 'x');
        }
      }
    }
    at = end + 1;
  }
  return masked;
}

}  // namespace holdfast::net
