// DO_CHECK(condition, values...): a programmer error ends the process, in every build (guide,
// section 6).
//
// Contract: when `condition` is false, prints it, its place and the values to standard error and
// aborts. The values are evaluated only then. For arguments, results and pairs that only a bug can
// break; never for input from outside. Thread: any.
#pragma once

#include <cstdlib>
#include <iostream>

namespace holdfast {

template <typename... Values>
[[noreturn]] void failCheck(const char* condition, const char* file, int line,
                            const Values&... values) {
  std::cerr << file << ':' << line << ": check failed: " << condition;
  ((std::cerr << ' ' << values), ...);
  std::cerr << std::endl;
  std::abort();
}

}  // namespace holdfast

#define DO_CHECK(condition, ...)                                                        \
  do {                                                                                  \
    if (!(condition)) [[unlikely]]                                                      \
      ::holdfast::failCheck(#condition, __FILE__, __LINE__ __VA_OPT__(, ) __VA_ARGS__); \
  } while (false)
