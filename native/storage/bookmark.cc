#include "storage/bookmark.h"

#include <charconv>
#include <cinttypes>
#include <cstdio>

namespace holdfast::storage {
namespace {

constexpr size_t kGroupDigits = 8;

std::optional<uint32_t> groupAt(std::string_view text, size_t at) {
  const std::string_view digits = text.substr(at, kGroupDigits);
  uint32_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string bookmarkText(Lsn lsn) {
  char text[80];
  std::snprintf(text, sizeof text, "%08" PRIx64 "-%08" PRIx64 "-%08x-%032x", lsn >> 32U,
                lsn & 0xffffffffU, 0U, 0U);
  return text;
}

std::optional<Lsn> parseBookmark(std::string_view text) {
  if (text.size() < 2 * kGroupDigits + 1) return std::nullopt;
  const std::optional<uint32_t> high = groupAt(text, 0);
  const std::optional<uint32_t> low = groupAt(text, kGroupDigits + 1);
  if (!high || !low) return std::nullopt;
  const Lsn lsn = (Lsn{*high} << 32U) | *low;
  // One text for each LSN.
  return bookmarkText(lsn) == text ? std::optional<Lsn>(lsn) : std::nullopt;
}

}  // namespace holdfast::storage
