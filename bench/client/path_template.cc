#include "path_template.h"

#include <charconv>
#include <string_view>

namespace holdfast::bench {
namespace {

bool readUnsigned(std::string_view text, uint64_t* out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

PathTemplate::PathTemplate(const std::string& pattern) {
  const size_t open = pattern.find('{');
  if (open == std::string::npos) {
    before_ = pattern;
    return;
  }
  const size_t close = pattern.find('}', open);
  if (close == std::string::npos) {
    valid_ = false;
    return;
  }
  varies_ = true;
  before_ = pattern.substr(0, open);
  after_ = pattern.substr(close + 1);
  const std::string_view inside = std::string_view(pattern).substr(open + 1, close - open - 1);
  if (inside == "n") return;
  const size_t dots = inside.find("..");
  uint64_t last = 0;
  valid_ = dots != std::string_view::npos && readUnsigned(inside.substr(0, dots), &first_) &&
           readUnsigned(inside.substr(dots + 2), &last) && last >= first_;
  period_ = last - first_ + 1;
}

std::string PathTemplate::next() {
  if (!varies_) return before_;
  const uint64_t offset = period_ == 0 ? count_ : count_ % period_;
  ++count_;
  return before_ + std::to_string(first_ + offset) + after_;
}

}  // namespace holdfast::bench
