// FacetIndex: the numbers of an object's facets (spec S1.15.5), read from and written to the bytes
// of
// `<id>.facets`.
//
// The file is workerd's, so that state can move between the two (docs/formats/facets.md): a magic
// number, and then an entry for each facet that was ever started, in the order of their numbers,
// which count from 1. It only grows: a facet that is deleted and made again has its old number.
// What no whole entry is ends the index, for an entry is used only once it is durable.
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace holdfast::storage {

inline constexpr size_t kFacetsMax = 65'535;
inline constexpr size_t kFacetNameBytesMax = 65'535;

class FacetIndex {
 public:
  // kCorrupt: this is no index of facets.
  static Result<FacetIndex> parse(std::string_view bytes);

  // `parent` 0 is the object itself.
  [[nodiscard]] std::optional<FacetNumber> find(FacetNumber parent, std::string_view name) const;
  [[nodiscard]] size_t size() const { return entries_.size(); }
  // All below `parent`, each before those below it.
  [[nodiscard]] std::vector<FacetNumber> descendants(FacetNumber parent) const;
  // Those directly below `parent`. The names are as long-lived as this.
  struct Child {
    FacetNumber number = 0;
    std::string_view name;
  };
  [[nodiscard]] std::vector<Child> children(FacetNumber parent) const;
  // Where the next entry belongs; 0: the file needs its beginning first, durably, for with more
  // than that it must be whole.
  [[nodiscard]] size_t wholeBytes() const { return wholeBytes_; }
  static std::string beginning();
  // What to write for a facet that has no number yet. kResourceExhausted: there are too many;
  // kInvalidArgument: no such parent, or no such name can be.
  [[nodiscard]] Result<std::string> entryOf(FacetNumber parent, std::string_view name) const;

 private:
  struct Entry {
    FacetNumber parent = 0;
    std::string name;
  };
  std::vector<Entry> entries_;
  size_t wholeBytes_ = 0;
};

}  // namespace holdfast::storage
