// PathTemplate: the paths of a run, one after the other. "{A..B}" takes the numbers from A to B in
// turn, "{n}" counts from 0 without end; a path has at most one of the two. One thread.
#pragma once

#include <cstdint>
#include <string>

namespace holdfast::bench {

class PathTemplate {
 public:
  explicit PathTemplate(const std::string& pattern);

  // False: braces that are neither form.
  [[nodiscard]] bool valid() const { return valid_; }
  [[nodiscard]] std::string next();

 private:
  std::string before_;
  std::string after_;
  uint64_t first_ = 0;
  uint64_t period_ = 0;  // 0: without end
  uint64_t count_ = 0;
  bool varies_ = false;
  bool valid_ = true;
};

}  // namespace holdfast::bench
