#include "storage/kv_range.h"

#include <algorithm>

namespace holdfast::storage {

std::optional<std::string> endOfPrefix(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) prefix.pop_back();
  if (prefix.empty()) return std::nullopt;
  prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

// std::string compares as unsigned char, which is the order wanted.
KvRange rangeOf(const ListOptions& options) {
  KvRange range;
  if (options.startAfter) {
    range.from = *options.startAfter;
    range.from.push_back('\0');
  } else if (options.start) {
    range.from = *options.start;
  }
  range.to = options.end;
  if (options.prefix && !options.prefix->empty()) {
    range.from = std::max(range.from, *options.prefix);
    const std::optional<std::string> last = endOfPrefix(*options.prefix);
    if (last && (!range.to || *last < *range.to)) range.to = last;
  }
  return range;
}

}  // namespace holdfast::storage
