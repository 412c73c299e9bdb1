// KvRange: the half-open range of keys that list() options ask for (spec S3.5).
//
// Pure; any thread. Keys are compared as bytes of their UTF-8.
#pragma once

#include <optional>
#include <string>

#include "storage/database.h"

namespace holdfast::storage {

struct KvRange {
  std::string from;               // inclusive
  std::optional<std::string> to;  // exclusive; nullopt: to the end

  [[nodiscard]] bool empty() const { return to && *to <= from; }
};

// `start` is ignored when `startAfter` is given (the caller refuses both, S3.5.3).
KvRange rangeOf(const ListOptions& options);

// The least string above every string that begins with `prefix`; nullopt: there is none.
std::optional<std::string> endOfPrefix(std::string prefix);

}  // namespace holdfast::storage
