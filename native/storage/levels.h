// Levels: earlier states of all that an engine in memory holds, to go back to; for the test
// controls (lib/testing), where each test starts from what its blocks set up.
//
// push() takes one; pop(kUndo) goes back to it, pop(kKeep) forgets it and lets what came after it
// belong to the level below. clear() deletes everything; a pop brings it back. Copy on write:
// push() and pop() cost what was changed since, never what is stored. What a commit replaces is
// moved, not copied.
//
// Contract: no database is open when pop(kUndo) or clear() is called. Alarms in memory are the
// host's. Thread: the engine's. Owner: the engine. Failure: none.
#pragma once

#include <cstddef>
#include <vector>

#include "storage/commit_faults.h"
#include "storage/facet_indexes.h"
#include "storage/object_files.h"

namespace holdfast::storage {

class Levels {
 public:
  enum class Fate { kUndo, kKeep };

  Levels(ObjectFiles& objects, FacetIndexes& facets) : objects_(objects), facets_(facets) {}

  void push();
  // There must be one.
  void pop(Fate fate);
  void clear();
  [[nodiscard]] size_t depth() const { return facetsBefore_.size(); }
  // Commits fail as it says, from the first call on.
  CommitFaults& faults();

 private:
  ObjectFiles& objects_;
  FacetIndexes& facets_;
  std::vector<FacetIndexes::Memory> facetsBefore_;  // a level each
  CommitFaults faults_;
};

}  // namespace holdfast::storage
