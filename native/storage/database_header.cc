#include "storage/database_header.h"

namespace holdfast::storage {
namespace {

constexpr size_t kPageSizeAt = 16;
constexpr std::string_view kSqliteMagic("SQLite format 3\0", 16);

}  // namespace

uint32_t databasePageBytes(std::string_view header) {
  if (header.size() < kDatabaseHeaderBytes || !header.starts_with(kSqliteMagic)) return 0;
  const auto high = static_cast<unsigned char>(header[kPageSizeAt]);
  const auto low = static_cast<unsigned char>(header[kPageSizeAt + 1]);
  const uint32_t stored = (uint32_t{high} << 8U) | low;
  const uint32_t bytes = stored == 1 ? 65'536 : stored;
  const bool isSize = bytes >= 512 && (bytes & (bytes - 1)) == 0;
  return isSize ? bytes : 0;
}

bool usesWriteAheadLog(std::string_view header) {
  constexpr size_t kReadVersionAt = 19;
  constexpr char kWalVersion = 2;
  return header.starts_with(kSqliteMagic) && header.size() > kReadVersionAt &&
         header[kReadVersionAt] == kWalVersion;
}

}  // namespace holdfast::storage
