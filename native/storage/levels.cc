#include "storage/levels.h"

#include <utility>

#include "base/check.h"

namespace holdfast::storage {

void Levels::push() {
  objects_.pushLevel();
  facetsBefore_.push_back(facets_.memory());
}

void Levels::pop(Fate fate) {
  DO_CHECK(!facetsBefore_.empty());
  FacetIndexes::Memory facets = std::move(facetsBefore_.back());
  facetsBefore_.pop_back();
  if (fate == Fate::kKeep) {
    objects_.keepLevel();
    return;
  }
  objects_.undoLevel();
  facets_.setMemory(std::move(facets));
}

void Levels::clear() {
  objects_.clear();
  facets_.setMemory({});
}

CommitFaults& Levels::faults() {
  objects_.setFaults(&faults_);
  return faults_;
}

}  // namespace holdfast::storage
