// FacetIndexes: which number each facet of each object has, durably (facet_index.h).
//
// Contract: numberOf() gives a facet its number, the same one for ever, and returns once that is
// durable: a commit under a number that a power cut takes back would show up as another facet's
// data. Nothing else goes through here; facets' databases are objects like others to the engine.
// The files are read at each call: they are small, and asked for when a facet starts or is deleted.
//
// Threads: numberOf() flushes, so it is for any thread but the shards'; numbersForCopy() flushes,
// too, for what has no number yet, and is a shard's all the same: clone() is synchronous and rare;
// find() and descendants() any. close() waits for those inside, and whoever comes later is refused;
// so holding this keeps it callable, not the engine alive. Owner: the engine, and those who call.
// Failure: kIo; what failed to flush is refused until the next start; kCorrupt names the file;
// kResourceExhausted: too many facets.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/engine.h"
#include "storage/facet_index.h"
#include "sys/file_system.h"

namespace holdfast::storage {

class FacetIndexes {
 public:
  // kMemory: nothing is written; the numbers go with this.
  FacetIndexes(sys::FileSystem& files, std::string dataDir, Durability durability)
      : files_(files), dataDir_(std::move(dataDir)), durability_(durability) {}

  // `object` is the root; `parent` 0 too.
  Result<FacetNumber> numberOf(const ObjectName& object, FacetNumber parent, std::string_view name);
  // nullopt: it was never started.
  Result<std::optional<FacetNumber>> find(const ObjectName& object, FacetNumber parent,
                                          std::string_view name);
  // All facets below `parent`.
  Result<std::vector<FacetNumber>> descendants(const ObjectName& object, FacetNumber parent);
  struct Copy {
    FacetNumber from = 0;
    FacetNumber to = 0;
  };
  // The facet `from` of `parent` is to be copied as `to`, with all below it: what goes where.
  // Numbers that are missing are given. None: there is no such facet.
  Result<std::vector<Copy>> numbersForCopy(const ObjectName& object, FacetNumber parent,
                                           std::string_view from, std::string_view to);
  void close();

  // In memory mode (levels.h): all there are.
  using Key = std::pair<std::string, std::string>;
  using Memory = std::map<Key, std::string>;
  Memory memory();
  void setMemory(Memory memory);

 private:
  [[nodiscard]] bool isMemory() const { return durability_ == Durability::kMemory; }
  [[nodiscard]] std::string directoryOf(const ObjectName& object) const;
  [[nodiscard]] std::string pathOf(const ObjectName& object) const;
  Result<FacetIndex> read(const ObjectName& object);
  Status makeDurable(const ObjectName& object);
  Status append(const ObjectName& object, const FacetIndex& index, std::string_view entry);

  sys::FileSystem& files_;
  const std::string dataDir_;
  const Durability durability_;

  std::mutex numbering_;  // taken first; held during I/O, so that one at a time gets a number
  // Guarded by numbering_.
  bool closed_ = false;
  std::set<Key> durable_;         // of those that were asked for: their files are flushed
  std::map<Key, Status> broken_;  // their flush failed: what the file holds is not known

  std::mutex mutex_;
  // Guarded by mutex_.
  Memory memory_;  // the bytes, in memory mode
};

}  // namespace holdfast::storage
