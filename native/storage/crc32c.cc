#include "storage/crc32c.h"

#include <boost/crc.hpp>
#include <cstring>

namespace holdfast::storage {
namespace {

constexpr uint32_t kAllOnes = 0xFFFFFFFF;

uint32_t inSoftware(std::initializer_list<std::string_view> parts) {
  boost::crc_optimal<32, 0x1EDC6F41, kAllOnes, kAllOnes, true, true> crc;
  for (const std::string_view part : parts) crc.process_bytes(part.data(), part.size());
  return crc.checksum();
}

#if defined(__x86_64__)

// The processor's own instruction, which came with SSE 4.2: ten times as fast.
__attribute__((target("sse4.2"))) uint32_t extend(uint32_t crc, std::string_view part) {
  uint64_t wide = crc;
  while (part.size() >= sizeof(uint64_t)) {
    uint64_t eight = 0;
    std::memcpy(&eight, part.data(), sizeof eight);
    wide = __builtin_ia32_crc32di(wide, eight);
    part.remove_prefix(sizeof eight);
  }
  auto narrow = static_cast<uint32_t>(wide);
  for (const char byte : part)
    narrow = __builtin_ia32_crc32qi(narrow, static_cast<unsigned char>(byte));
  return narrow;
}

#endif

}  // namespace

uint32_t crc32c(std::initializer_list<std::string_view> parts) {
#if defined(__x86_64__)
  static const bool isInHardware = __builtin_cpu_supports("sse4.2") != 0;
  if (isInHardware) {
    uint32_t crc = kAllOnes;
    for (const std::string_view part : parts) crc = extend(crc, part);
    return crc ^ kAllOnes;
  }
#endif
  return inSoftware(parts);
}

}  // namespace holdfast::storage
