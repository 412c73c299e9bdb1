// InputGate: decides whether an event may be delivered to one actor now (spec S1.12, S2.5).
//
// While a critical section is open, only events that belong to it run; everything else (requests,
// socket messages, alarms, timer and subrequest continuations) stays in the mailbox in arrival
// order. Sections nest: the innermost open one owns the actor. Several sections opened inside the
// same one run one after the other in the order of opening (S1.12.3): the first is open, the others
// are queued. A section that closes leaves its heirs to the enclosing one: sections still open
// inside it take its place, and events that name it count as events of the enclosing section
// (S1.12.9). The gate remembers up to kClosedSectionsMax closed sections for that while others are
// open; an older one counts as the root. The gate has no queue of events: the mailbox asks
// resolve() and innermost() at each delivery, so the two cannot disagree. A critical section that
// fails breaks the actor: the caller discards it with ActorSystem::break_().
//
// Cost: 16 bytes while no section is open; opening and closing are O(open sections).
// Thread: the shard's. Pure: no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/event.h"

namespace holdfast::core {

constexpr size_t kClosedSectionsMax = 256;

class InputGate {
 public:
  // 0 when the new section would be nested deeper than `depthMax`.
  SectionId open(SectionId parent, uint32_t depthMax);
  // False: no such section.
  bool close(SectionId section);
  // Every section is gone with the instance. Ids go on counting.
  void reset();

  // The section that runs now; 0 = no section is open.
  [[nodiscard]] SectionId innermost() const { return sections_ ? sections_->innermost : 0; }
  // The open or queued section that an event posted with `section` belongs to now; 0 = the root.
  [[nodiscard]] SectionId resolve(SectionId section) const;
  [[nodiscard]] bool isOpenFor(SectionId section) const { return resolve(section) == innermost(); }
  [[nodiscard]] bool empty() const { return !sections_; }

 private:
  struct Section {
    SectionId id = 0;
    SectionId parent = 0;
  };
  struct Sections {
    SectionId innermost = 0;
    std::vector<Section>
        open;  // among those of one parent the first is open, the others are queued
    std::vector<Section> closed;  // oldest first
  };
  [[nodiscard]] uint32_t depthOf(SectionId section) const;
  void findInnermost();

  SectionId last_ = 0;
  std::unique_ptr<Sections> sections_;  // none while no section is open
};

}  // namespace holdfast::core
