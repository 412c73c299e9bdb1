// ActorSystem: the actors of one shard: who exists, what waits for whom, what runs next.
//
// An actor here is a record: state of its instance, mailbox, gate, counts that keep it alive.
// JavaScript constructs and runs instances; this class says when. Used per turn:
//   post() events as they come; takeTurn() gives the deliveries of this turn: AT MOST ONE PER
//   ACTOR, because what an event's code does in its microtasks must be over before the next event
//   of the same actor starts (guide, 9.1); finished() when a delivered event's promise settled.
//
// Life of an instance: absent -> (an event is posted) kStart is delivered, alone -> started() ->
// running: events flow in
//   order -> idle for ActorLimits::idleEvictionMs with nothing in flight and no holds -> kEvict is
//   delivered -> evicted() -> absent; the record stays while it is pinned (hibernated), else it is
//   dropped. An event or hold that comes while kEvict is queued cancels the eviction; an event that
//   comes after kEvict was delivered waits and starts the next instance (its kStart comes after
//   evicted()). break_() at any time: the mailbox is emptied into the caller's hands (to be
//   rejected), the instance is gone, the next post() starts a new one (spec S2.7.3).
//
// A handle names ONE INCARNATION: it goes stale when the instance goes (break_(), evicted()) or the
// record is dropped,
//   so whatever an earlier instance still had in flight cannot disturb a later one. What outlives
//   instances (stubs, sockets, alarms) holds the ActorKey and calls open() for each use; a stub
//   that must stay broken (S1.9.4) keeps the handle and sees kStale. A record that was opened and
//   never used is dropped after a second.
//
// Gate: while a critical section is open (blockConcurrencyWhile, transaction()), no event is
// delivered but those posted
//   with that section; with the innermost one when they are nested (S1.12.1, S2.5.7). See
//   core/input_gate.h.
//
// Bounds: ActorLimits::mailboxEventsMax and mailboxBytesMax per actor: post() of a kCall or
// kSocketMessage answers
//   kOverloaded (S1.9.9). Other kinds always pass: each is bounded by what caused it (one alarm per
//   object, one close per socket, one task per thing the instance awaits) and losing one would lose
//   an object's continuation (S2.5.12).
// Cost: each operation O(1) but sections (O(sections open in that actor)); tick() O(evicted); a
// record without name and
//   mail about 200 bytes (measured: 100,000 of them, g++ 12 library, x86-64).
// Thread: the shard's. Pure: time comes in as an argument and never goes backwards; no I/O.
// Failure: a stale handle is refused (false / kStale / nullopt); never a crash.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/slot_map.h"
#include "core/actor_record.h"
#include "core/event.h"
#include "core/key_index.h"
#include "core/mailbox.h"

namespace holdfast::core {

struct ActorLimits {
  InstantMs idleEvictionMs = 10'000;  // kNeverEvict: only evictNow() evicts
  uint32_t mailboxEventsMax = 10'000;
  uint64_t mailboxBytesMax = 64ULL << 20U;
  uint32_t sectionDepthMax = 64;
};

constexpr InstantMs kNeverEvict = -1;

enum class PostResult : uint8_t { kQueued, kOverloaded, kStale };

class ActorSystem {
 public:
  explicit ActorSystem(ActorLimits limits);
  ActorSystem(const ActorSystem&) = delete;
  ActorSystem& operator=(const ActorSystem&) = delete;
  ~ActorSystem();

  // Finds or makes the record and gives its current handle. Creates nothing durable (S1.1.4). The
  // first name known is kept until the record goes.
  ActorHandle open(const ActorKey& key, const std::optional<std::string>& name);
  [[nodiscard]] std::optional<ActorHandle> find(const ActorKey& key) const;
  // Both nullptr when stale; the second also when the name is not known. Valid until the next call
  // that is not const.
  const ActorKey* keyOf(ActorHandle actor);
  const std::string* nameOf(ActorHandle actor);

  PostResult post(ActorHandle actor, Event event, InstantMs now);
  // Appends up to `most` deliveries. Fair: actors take turns in the order in which they became
  // ready.
  void takeTurn(size_t most, std::vector<Delivery>& out);
  [[nodiscard]] bool hasReady() const { return !ready_.empty(); }

  // kStart was delivered and the constructor returned. Events flow from the next takeTurn() on.
  bool started(ActorHandle actor);
  // One delivered event (not kStart, not kEvict) has settled.
  bool finished(ActorHandle actor, InstantMs now);
  // Anything else that keeps the instance alive: waitUntil, standard sockets, timers, held stubs.
  bool hold(ActorHandle actor);
  bool release(ActorHandle actor, InstantMs now);

  // Opens a critical section inside `parent` (0: at the root). When the parent has one open
  // already, the new one is queued behind it and becomes the open one when its elders closed
  // (S1.12.3): post its first event with its id at once. 0: stale, no instance, or deeper than
  // sectionDepthMax.
  SectionId openSection(ActorHandle actor, SectionId parent);
  // Sections still open inside it, and events posted with it, now belong to the enclosing one
  // (S1.12.9).
  bool closeSection(ActorHandle actor, SectionId section);
  // May code of this section (0: none) run right now? For turns that Node starts by itself
  // (guide, 9.3).
  bool isOpenFor(ActorHandle actor, SectionId section);
  // Something waits for the actor, whether the gate lets it pass or not.
  [[nodiscard]] bool hasMail(ActorHandle actor);

  // The instance is gone for a reason other than idleness. Returns what waited, in order. Pins
  // stay: the host decides.
  std::vector<Event> break_(ActorHandle actor);
  // The instance is replaced by one of newer code: as break_(), but what waits for the object and
  // is not its own instance's (calls, alarms, socket events) stays, and starts the next one.
  bool restart(ActorHandle actor);
  // kEvict was delivered and the instance dropped. False: that was not the state of things.
  bool evicted(ActorHandle actor);

  // A pin (one per hibernatable socket, see core/hibernation.h) keeps the record and its name, not
  // the instance. By key: sockets outlive instances. pin() makes the record when there is none.
  void pin(const ActorKey& key);
  bool unpin(const ActorKey& key);

  // Marks idle actors for eviction; they get kEvict from the next takeTurn().
  void tick(InstantMs now);
  // When tick() has something to do next.
  [[nodiscard]] std::optional<InstantMs> nextDeadline() const;
  // Evicts as tick() would when the actor is idle, whatever the time. False: busy or absent.
  bool evictNow(ActorHandle actor);

  // All records there are, in no order.
  [[nodiscard]] std::vector<ActorHandle> handles();

  struct Counts {
    size_t records = 0;
    size_t running = 0;     // with an instance, or one being constructed or dropped
    size_t hibernated = 0;  // pinned, without an instance
    size_t queuedEvents = 0;
  };
  [[nodiscard]] Counts counts() const;
  // Pins of objects without an instance: hibernated sockets. Looks at every record: for who asks
  // now and then.
  [[nodiscard]] size_t pinsAsleep();

 private:
  uint32_t findOrMake(const ActorKey& key);
  // The record of a handle that is not stale and has an instance that JavaScript may use; else
  // nullptr.
  ActorRecord* findLive(ActorHandle actor);
  // Puts the record where its state says it belongs: on the ready, idle or unused list, or on none.
  void settle(uint32_t index);
  void moveTo(uint32_t index, ListName list);
  ActorList& listOf(ListName name);
  [[nodiscard]] bool deliverable(const ActorRecord& record) const;
  Event nextEvent(uint32_t index);
  // The instance ends: renews the handle, or drops the record when nothing needs it.
  void endInstance(uint32_t index);
  bool dropIfUnneeded(uint32_t index);

  ActorLimits limits_;
  InstantMs now_ = 0;  // the latest time seen
  SlotMap<ActorRecord> records_;
  EventPool pool_;
  KeyIndex<ActorRecord> index_;
  ActorList ready_;
  ActorList idle_;    // ascending idleSince
  ActorList unused_;  // ascending idleSince
  size_t running_ = 0;
  size_t hibernated_ = 0;
};

}  // namespace holdfast::core
