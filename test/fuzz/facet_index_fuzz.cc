// libFuzzer target: whatever parses as an index of facets stays one, with the same facets, when
// what no whole entry is has been cut off and a new entry was added.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "storage/facet_index.h"

using namespace holdfast;
using storage::FacetIndex;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Result<FacetIndex> parsed = FacetIndex::parse(bytes);
  if (!parsed.ok()) {
    DO_CHECK(parsed.status().code() == Code::kCorrupt);
    return 0;
  }
  const FacetIndex& index = parsed.value();
  DO_CHECK(index.wholeBytes() <= size);
  DO_CHECK(index.descendants(0).size() <= index.size());
  std::string whole(bytes.substr(0, index.wholeBytes()));
  if (whole.empty()) whole = FacetIndex::beginning();
  const std::string name = "new " + std::to_string(size);
  const bool isThere = index.find(0, name).has_value();
  const Result<std::string> entry = index.entryOf(0, name);
  if (!entry.ok() || isThere) return 0;
  const Result<FacetIndex> longer = FacetIndex::parse(whole + entry.value());
  DO_CHECK(longer.ok());
  DO_CHECK(longer.value().size() == index.size() + 1);
  DO_CHECK(longer.value().find(0, name) == index.size() + 1);
  DO_CHECK(longer.value().wholeBytes() == whole.size() + entry.value().size());
  return 0;
}
