#include "storage/facet_index.h"

#include "base/coding.h"

namespace holdfast::storage {
namespace {

// docs/formats/facets.md
constexpr uint64_t kMagic = 0xC4CD'CE5B'C5B0'EF57ULL;
constexpr size_t kMagicBytes = sizeof kMagic;
constexpr size_t kHeadBytes = 2 * sizeof(uint16_t);

void putFixed16(uint16_t value, std::string& out) {
  const size_t at = out.size();
  out.append(sizeof value, '\0');
  storeFixed(out.data() + at, value);
}

}  // namespace

Result<FacetIndex> FacetIndex::parse(std::string_view bytes) {
  FacetIndex index;
  // No more than that: the first write of it was torn, and nothing can have been used yet.
  if (bytes.size() <= kMagicBytes) return index;
  if (loadFixed<uint64_t>(bytes.data()) != kMagic)
    return Status(Code::kCorrupt, "is no index of facets");
  index.wholeBytes_ = kMagicBytes;
  while (bytes.size() - index.wholeBytes_ > kHeadBytes && index.size() < kFacetsMax) {
    const std::string_view entry = bytes.substr(index.wholeBytes_);
    const auto parent = loadFixed<uint16_t>(entry.data());
    const auto length = loadFixed<uint16_t>(entry.data() + sizeof parent);
    if (length == 0 || length > entry.size() - kHeadBytes || parent > index.size()) break;
    const std::string_view name = entry.substr(kHeadBytes, length);
    if (index.find(parent, name)) break;
    index.entries_.push_back({parent, std::string(name)});
    index.wholeBytes_ += kHeadBytes + length;
  }
  return index;
}

std::string FacetIndex::beginning() {
  std::string bytes(kMagicBytes, '\0');
  storeFixed(bytes.data(), kMagic);
  return bytes;
}

std::optional<FacetNumber> FacetIndex::find(FacetNumber parent, std::string_view name) const {
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].parent == parent && entries_[i].name == name)
      return static_cast<FacetNumber>(i + 1);
  }
  return std::nullopt;
}

std::vector<FacetNumber> FacetIndex::descendants(FacetNumber parent) const {
  std::vector<bool> isBelow(entries_.size() + 1, false);
  std::vector<FacetNumber> found;
  // A parent always has the smaller number.
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].parent != parent && !isBelow[entries_[i].parent]) continue;
    isBelow[i + 1] = true;
    found.push_back(static_cast<FacetNumber>(i + 1));
  }
  return found;
}

std::vector<FacetIndex::Child> FacetIndex::children(FacetNumber parent) const {
  std::vector<Child> found;
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].parent == parent)
      found.push_back({static_cast<FacetNumber>(i + 1), entries_[i].name});
  }
  return found;
}

Result<std::string> FacetIndex::entryOf(FacetNumber parent, std::string_view name) const {
  if (size() == kFacetsMax) {
    return Status(Code::kResourceExhausted,
                  "An object can have " + std::to_string(kFacetsMax) + " facets in its lifetime.");
  }
  if (name.empty()) return Status(Code::kInvalidArgument, "A facet's name cannot be empty.");
  if (name.size() > kFacetNameBytesMax || parent > size())
    return Status(Code::kInvalidArgument, "No such facet can be.");
  std::string bytes;
  putFixed16(parent, bytes);
  putFixed16(static_cast<uint16_t>(name.size()), bytes);
  return bytes.append(name);
}

}  // namespace holdfast::storage
