#include "storage/image_file.h"

#include <string_view>

#include "base/coding.h"
#include "storage/crc32c.h"

namespace holdfast::storage {
namespace {

constexpr std::string_view kMagic("HFIMG\r\n\x1A", 8);
constexpr uint32_t kVersion = 1;
constexpr size_t kVersionAt = 8;
constexpr size_t kLsnAt = 12;
constexpr size_t kMadeAt = 20;
constexpr size_t kChecksumAt = 28;
constexpr size_t kFieldBytes = 32;
constexpr size_t kPieceBytes = 1U << 20U;

}  // namespace

std::string encodeImageHeader(const ImageHeader& header) {
  std::string out(kMagic);
  putFixed32(out, kVersion);
  putFixed64(out, header.lsn);
  putFixed64(out, header.made);
  putFixed32(out, crc32c({out}));
  out.resize(kImageHeaderBytes);
  return out;
}

Result<ImageHeader> readImageHeader(sys::File& file, const std::string& path) {
  std::string bytes(kFieldBytes, '\0');
  const Result<size_t> got = file.read(0, bytes.data(), bytes.size());
  if (!got.ok()) return got.status();
  const std::string_view fields(bytes);
  const bool isWhole =
      got.value() == kFieldBytes && fields.starts_with(kMagic) &&
      loadFixed<uint32_t>(bytes.data() + kChecksumAt) == crc32c({fields.substr(0, kChecksumAt)});
  if (!isWhole) return Status(Code::kCorrupt, path + " is no image of a database, or is damaged");
  const auto version = loadFixed<uint32_t>(bytes.data() + kVersionAt);
  if (version != kVersion) {
    return Status(Code::kUnsupported, path + " has format version " + std::to_string(version) +
                                          "; this Holdfast reads version " +
                                          std::to_string(kVersion));
  }
  return ImageHeader{loadFixed<uint64_t>(bytes.data() + kLsnAt),
                     loadFixed<uint64_t>(bytes.data() + kMadeAt)};
}

Status copyBytes(sys::File& from, uint64_t fromOffset, sys::File& to, uint64_t toOffset) {
  std::string piece(kPieceBytes, '\0');
  uint64_t copied = 0;
  for (;;) {
    const Result<size_t> got = from.read(fromOffset + copied, piece.data(), piece.size());
    if (!got.ok()) return got.status();
    if (got.value() == 0) break;
    Status written = to.write(toOffset + copied, std::string_view(piece).substr(0, got.value()));
    if (!written.ok()) return written;
    copied += got.value();
  }
  return to.truncate(toOffset + copied);
}

}  // namespace holdfast::storage
