// Letters of names whose case does not count and that are ASCII by definition: fields of HTTP, SQL.
//
// Contract: pure, whatever the locale. Thread: any.
#pragma once

namespace holdfast {

[[nodiscard]] constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace holdfast
