#include "core/input_gate.h"

#include <algorithm>

#include "base/check.h"

namespace holdfast::core {

namespace {

template <typename Sections>
auto findSection(Sections& sections, SectionId id) {
  return std::find_if(sections.begin(), sections.end(),
                      [id](const auto& section) { return section.id == id; });
}

}  // namespace

SectionId InputGate::open(SectionId parent, uint32_t depthMax) {
  const SectionId enclosing = resolve(parent);
  if (depthOf(enclosing) >= depthMax) return 0;
  if (!sections_) sections_ = std::make_unique<Sections>();
  if (++last_ == 0) ++last_;  // 0 means none; after 2^32 sections the early ids are long closed
  sections_->open.push_back({last_, enclosing});
  findInnermost();
  return last_;
}

bool InputGate::close(SectionId section) {
  if (!sections_) return false;
  std::vector<Section>& open = sections_->open;
  const auto place = findSection(open, section);
  if (place == open.end()) return false;

  const Section closed = *place;
  // The heirs take the closed one's place, before the sections that waited behind it.
  const auto heirs = std::stable_partition(
      place + 1, open.end(), [section](const Section& other) { return other.parent == section; });
  std::for_each(place + 1, heirs, [&closed](Section& heir) { heir.parent = closed.parent; });
  open.erase(place);
  if (open.empty()) {
    sections_.reset();
    return true;
  }
  if (closed.parent != 0) {
    std::vector<Section>& memory = sections_->closed;
    if (memory.size() == kClosedSectionsMax) memory.erase(memory.begin());
    memory.push_back(closed);
  }
  findInnermost();
  return true;
}

void InputGate::reset() { sections_.reset(); }

SectionId InputGate::resolve(SectionId section) const {
  if (!sections_) return 0;
  while (section != 0) {
    if (findSection(sections_->open, section) != sections_->open.end()) return section;
    const auto closed = findSection(sections_->closed, section);
    section = closed == sections_->closed.end() ? 0 : closed->parent;
  }
  return 0;
}

uint32_t InputGate::depthOf(SectionId section) const {
  uint32_t depth = 0;
  while (section != 0) {
    const auto place = findSection(sections_->open, section);
    DO_CHECK(place != sections_->open.end(), section);
    section = place->parent;
    ++depth;
  }
  return depth;
}

void InputGate::findInnermost() {
  SectionId innermost = 0;
  const std::vector<Section>& open = sections_->open;
  for (bool deeper = true; deeper;) {
    const auto child = std::find_if(open.begin(), open.end(), [innermost](const Section& section) {
      return section.parent == innermost;
    });
    deeper = child != open.end();
    if (deeper) innermost = child->id;
  }
  sections_->innermost = innermost;
}

}  // namespace holdfast::core
