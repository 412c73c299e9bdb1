// A seed picks what happens next; ActorModel says what ActorSystem must answer. The sabotages at
// the end prove that the comparison has teeth: each mis-delivers in one way and must be caught.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "core/actor_model.h"
#include "core/actor_system.h"

namespace holdfast::core {
namespace {

enum class Sabotage {
  kNone,
  kTwoPerTurn,
  kLoseDelivery,
  kSwapTurns,
  kIgnoreGate,
  kEvictBusy,
  kStartTwice,
  kStaleHandle,
  kLooseBound,
  kLoseOnBreak,
  kNeverEvict,
};

constexpr size_t kActors = 4;
constexpr uint32_t kEventsMax = 6;
constexpr uint64_t kBytesMax = 40;
constexpr uint32_t kDepthMax = 3;
constexpr InstantMs kIdleMs = 50;

// How often a run came to the places where order matters; a simulation that never goes there proves
// nothing.
struct Coverage {
  uint64_t sectionEvents = 0;
  uint64_t heldByGate = 0;
  uint64_t overloaded = 0;
  uint64_t evictions = 0;
  uint64_t evictionsCancelled = 0;
  uint64_t mailAtEvicted = 0;
  uint64_t brokenWithMail = 0;
  uint64_t staleUses = 0;
};

ActorKey keyOf(size_t number) {
  ActorKey key;
  key.id.bytes[0] = static_cast<uint8_t>(number);
  return key;
}

ActorLimits limitsFor(Sabotage sabotage) {
  ActorLimits limits;
  limits.idleEvictionMs = sabotage == Sabotage::kNeverEvict ? kNeverEvict : kIdleMs;
  limits.mailboxEventsMax = kEventsMax + (sabotage == Sabotage::kLooseBound ? 1 : 0);
  limits.mailboxBytesMax = kBytesMax;
  limits.sectionDepthMax = kDepthMax;
  return limits;
}

class Simulation {
 public:
  Simulation(uint32_t seed, Sabotage sabotage)
      : random_(seed), calm_(seed % 2 == 1), sabotage_(sabotage), system_(limitsFor(sabotage)) {}

  // What is wrong, or nothing.
  std::string run(int steps) {
    for (int step = 0; step < steps && breach_.empty(); ++step) {
      oneStep();
      compareCounts();
    }
    drain();
    return breach_;
  }

  Coverage coverage;

 private:
  uint32_t pick(uint32_t below) { return random_() % below; }
  bool chance(uint32_t percent) { return pick(100) < percent; }
  ActorModel& any() { return actors_[current_ = pick(kActors)]; }
  void expect(bool holds, const char* what) {
    if (!holds && breach_.empty()) breach_ = what;
  }

  void oneStep() {
    ActorModel& actor = any();
    if (calm_ && chance(30)) return calmDown(actor);
    switch (pick(13)) {
      case 0:
      case 1:
      case 2:
        return post(actor);
      case 3:
      case 4:
        return turn(1 + pick(kActors + 1));
      case 5:
        return started(actor);
      case 6:
      case 7:
        return finished(actor);
      case 8:
        return chance(50) ? hold(actor) : release(actor);
      case 9:
        return chance(50) ? openSection(actor) : closeSection(actor);
      case 10:
        return chance(30) ? breakIt(actor) : evicted(actor);
      case 11:
        return chance(60) ? tick() : evictNow(actor);
      default:
        return chance(70) ? pinOrUnpin(actor) : useStaleHandle(actor);
    }
  }

  void open(ActorModel& actor) {
    actor.handle = system_.open(keyOf(current_), std::nullopt);
    for (const ActorHandle past : actor.past) expect(past != actor.handle, "a handle came back");
  }

  SectionId anySection(const ActorModel& actor) {
    if (actor.everOpened.empty() || chance(40)) return 0;
    return actor.everOpened[pick(static_cast<uint32_t>(actor.everOpened.size()))];
  }

  void post(ActorModel& actor) {
    open(actor);
    Event event;
    event.kind = chance(50) ? EventKind::kCall : EventKind::kTask;
    event.token = ++lastToken_;
    event.payload = Bytes(std::string(pick(12), 'x'));
    event.section = anySection(actor);
    const ActorModel::Waiting waiting{event.token, event.section, event.payload.size()};
    const bool full = event.kind == EventKind::kCall && (actor.queue.size() >= kEventsMax ||
                                                         actor.bytes() + waiting.bytes > kBytesMax);
    if (sabotage_ == Sabotage::kIgnoreGate) event.section = actor.sections.innermost();
    const PostResult result = system_.post(actor.handle, std::move(event), now_);
    coverage.overloaded += full ? 1 : 0;
    coverage.evictionsCancelled += actor.evictQueued && !full ? 1 : 0;
    expect(result == (full ? PostResult::kOverloaded : PostResult::kQueued), "bound not kept");
    if (result == PostResult::kQueued) actor.queue.push_back(waiting);
    actor.note(now_);
  }

  void turn(size_t most) {
    std::array<bool, kActors> ready{};
    for (size_t i = 0; i < kActors; ++i) ready[i] = actors_[i].ready();
    expect(system_.hasReady() == (std::count(ready.begin(), ready.end(), true) != 0),
           "hasReady() is wrong");
    std::vector<Delivery> deliveries;
    system_.takeTurn(most, deliveries);
    spoil(deliveries);
    expect(deliveries.size() <= most || sabotage_ != Sabotage::kNone, "more than asked for");
    const bool all = deliveries.size() < most;
    deliver(deliveries);
    for (size_t i = 0; i < kActors; ++i) {
      expect(!all || !ready[i] || actors_[i].lastTurn == turn_,
             "somebody who was ready got nothing");
    }
    ++turn_;
  }

  void deliver(const std::vector<Delivery>& deliveries) {
    for (const Delivery& delivery : deliveries) {
      const ActorKey* key = system_.keyOf(delivery.actor);
      expect(key != nullptr, "delivered to a stale handle");
      if (key == nullptr) return;
      ActorModel& actor = actors_[key->id.bytes[0]];
      coverage.evictions += delivery.event.kind == EventKind::kEvict ? 1 : 0;
      coverage.sectionEvents += actor.sections.innermost() != 0 ? 1 : 0;
      coverage.heldByGate += actor.nextPlace() != 0 ? 1 : 0;
      const std::string wrong = actor.deliver(delivery, turn_);
      expect(wrong.empty(), wrong.c_str());
      actor.note(now_);
    }
  }

  void spoil(std::vector<Delivery>& deliveries) {
    ActorModel& actor = actors_[pick(kActors)];
    Delivery extra;
    extra.actor = actor.handle;
    switch (sabotage_) {
      case Sabotage::kTwoPerTurn:
        system_.takeTurn(kActors, deliveries);
        break;
      case Sabotage::kLoseDelivery:
        if (!deliveries.empty() && chance(10)) deliveries.pop_back();
        break;
      case Sabotage::kSwapTurns: {
        std::vector<Delivery> second;
        system_.takeTurn(kActors, second);
        deliver(second);
        ++turn_;
        break;
      }
      case Sabotage::kEvictBusy:
        extra.event.kind = EventKind::kEvict;
        if (actor.live() && !actor.idle() && actor.lastTurn != turn_) deliveries.push_back(extra);
        break;
      case Sabotage::kStartTwice:
        extra.event.kind = EventKind::kStart;
        if (actor.live()) deliveries.push_back(extra);
        break;
      case Sabotage::kStaleHandle:
        for (Delivery& delivery : deliveries) {
          for (const ActorModel& other : actors_) {
            if (other.handle == delivery.actor && !other.past.empty())
              delivery.actor = other.past.back();
          }
        }
        break;
      default:
        break;
    }
  }

  void started(ActorModel& actor) {
    const bool starting = actor.state == ActorModel::State::kStarting;
    expect(system_.started(actor.handle) == starting, "started() answered wrong");
    if (starting) actor.state = ActorModel::State::kRunning;
    actor.note(now_);
  }

  void finished(ActorModel& actor) {
    const bool valid = actor.live() && actor.inFlight != 0;
    expect(system_.finished(actor.handle, now_) == valid, "finished() answered wrong");
    if (valid) --actor.inFlight;
    actor.note(now_);
  }

  void hold(ActorModel& actor) {
    expect(system_.hold(actor.handle) == actor.live(), "hold() answered wrong");
    if (actor.live()) ++actor.holds;
    actor.note(now_);
  }

  void release(ActorModel& actor) {
    const bool valid = actor.live() && actor.holds != 0;
    expect(system_.release(actor.handle, now_) == valid, "release() answered wrong");
    if (valid) --actor.holds;
    actor.note(now_);
  }

  void openSection(ActorModel& actor) {
    const SectionId parent = anySection(actor);
    const bool valid = actor.live() && actor.sections.depth(parent) < kDepthMax;
    const SectionId section = system_.openSection(actor.handle, parent);
    expect((section != 0) == valid, "openSection() answered wrong");
    if (section == 0) return;
    actor.sections.open(section, parent);
    actor.everOpened.push_back(section);
    actor.note(now_);
  }

  void closeSection(ActorModel& actor) {
    const SectionId section = anySection(actor);
    const bool valid = actor.live() && actor.sections.isLive(section);
    expect(system_.closeSection(actor.handle, section) == valid, "closeSection() answered wrong");
    if (valid) actor.sections.close(section);
    expect(system_.isOpenFor(actor.handle, section) ==
               (actor.state == ActorModel::State::kRunning &&
                actor.sections.resolve(section) == actor.sections.innermost()),
           "isOpenFor() answered wrong");
    actor.note(now_);
  }

  void breakIt(ActorModel& actor) {
    open(actor);
    std::vector<Event> waiting = system_.break_(actor.handle);
    if (sabotage_ == Sabotage::kLoseOnBreak && !waiting.empty()) waiting.pop_back();
    expect(waiting.size() == actor.queue.size(), "break_() lost an event");
    for (size_t i = 0; i < waiting.size() && i < actor.queue.size(); ++i) {
      expect(waiting[i].token == actor.queue[i].token, "break_() gave another order");
    }
    coverage.brokenWithMail += actor.queue.empty() ? 0 : 1;
    actor.queue.clear();
    actor.end(now_);
    refind(actor);
  }

  void evicted(ActorModel& actor) {
    const bool valid = actor.state == ActorModel::State::kEvicting;
    expect(system_.evicted(actor.handle) == valid, "evicted() answered wrong");
    if (!valid) return;
    coverage.mailAtEvicted += actor.queue.empty() ? 0 : 1;
    actor.end(now_);
    refind(actor);
  }

  // The record is there when something needs it, else it is gone at once.
  void refind(ActorModel& actor) {
    const std::optional<ActorHandle> found = system_.find(keyOf(current_));
    expect(found.has_value() == (actor.pins != 0 || !actor.queue.empty()), "record kept or lost");
    actor.handle = found.value_or(kNoHandle);
  }

  void tick() {
    now_ += pick(40);
    system_.tick(now_);
    for (ActorModel& actor : actors_) {
      if (actor.idle() && now_ - actor.idleSince >= kIdleMs) actor.evictQueued = true;
    }
    const std::optional<InstantMs> deadline = system_.nextDeadline();
    for (const ActorModel& actor : actors_) {
      if (!actor.idle() || actor.evictQueued) continue;
      expect(deadline && *deadline <= actor.idleSince + kIdleMs, "nextDeadline() is too late");
    }
  }

  void evictNow(ActorModel& actor) {
    expect(system_.evictNow(actor.handle) == actor.idle(), "evictNow() answered wrong");
    if (actor.idle()) actor.evictQueued = true;
  }

  void pinOrUnpin(ActorModel& actor) {
    if (chance(50)) {
      system_.pin(keyOf(current_));
      ++actor.pins;
      open(actor);
    } else {
      expect(system_.unpin(keyOf(current_)) == (actor.pins != 0), "unpin() answered wrong");
      if (actor.pins != 0) --actor.pins;
    }
  }

  void useStaleHandle(ActorModel& actor) {
    if (actor.past.empty()) return;
    ++coverage.staleUses;
    const ActorHandle past = actor.past[pick(static_cast<uint32_t>(actor.past.size()))];
    expect(system_.post(past, Event(), now_) == PostResult::kStale, "post() took a stale handle");
    expect(!system_.started(past) && !system_.finished(past, now_) && !system_.hold(past) &&
               !system_.release(past, now_) && !system_.evicted(past) && !system_.evictNow(past) &&
               system_.openSection(past, 0) == 0 && system_.break_(past).empty() &&
               system_.keyOf(past) == nullptr,
           "a stale handle did something");
  }

  void compareCounts() {
    size_t running = 0;
    size_t hibernated = 0;
    size_t queued = 0;
    for (const ActorModel& actor : actors_) {
      const bool absent = actor.state == ActorModel::State::kAbsent;
      running += absent ? 0 : 1;
      hibernated += absent && actor.pins != 0 ? 1 : 0;
      queued += actor.queue.size();
    }
    const ActorSystem::Counts counts = system_.counts();
    expect(counts.running == running, "counts().running is wrong");
    expect(counts.hibernated == hibernated, "counts().hibernated is wrong");
    expect(counts.queuedEvents == queued, "an event was lost or made up");
  }

  // Everything settles: no event may be left, and every instance goes when it is idle.
  void drain() {
    for (int round = 0; round < 200 && breach_.empty(); ++round) {
      for (current_ = 0; current_ < kActors; ++current_) settleAll(actors_[current_]);
      turn(kActors + 1);
    }
    tickFar();
    for (current_ = 0; current_ < kActors; ++current_) {
      ActorModel& actor = actors_[current_];
      expect(actor.queue.empty(), "an event was never delivered");
      while (actor.pins != 0 && system_.unpin(keyOf(current_))) --actor.pins;
    }
    now_ += 10'000;
    system_.tick(now_);
    expect(system_.counts().records == 0, "a record was left behind");
  }

  void settleAll(ActorModel& actor) {
    evicted(actor);
    finishAll(actor);
  }

  // Half of the seeds: busy actors alone are never idle, and evictions would go untested.
  void calmDown(ActorModel& actor) {
    finishAll(actor);
    if (chance(70)) evictNow(actor);
  }

  void finishAll(ActorModel& actor) {
    started(actor);
    while (actor.live() && !actor.sections.live().empty() && breach_.empty()) {
      const SectionId section = *actor.sections.live().begin();
      expect(system_.closeSection(actor.handle, section), "closeSection() answered wrong");
      actor.sections.close(section);
    }
    while (actor.inFlight != 0 && breach_.empty()) finished(actor);
    while (actor.holds != 0 && breach_.empty()) release(actor);
    actor.note(now_);
  }

  void tickFar() {
    now_ += 10'000;
    system_.tick(now_);
    for (ActorModel& actor : actors_) actor.evictQueued = actor.idle();
    turn(kActors + 1);
    for (current_ = 0; current_ < kActors; ++current_) evicted(actors_[current_]);
  }

  std::mt19937 random_;
  bool calm_;
  Sabotage sabotage_;
  ActorSystem system_;
  std::array<ActorModel, kActors> actors_;
  size_t current_ = 0;
  InstantMs now_ = 0;
  int64_t turn_ = 0;
  uint32_t lastToken_ = 0;
  std::string breach_;
};

TEST(ActorSystemSimulation, S2_1_1_S1_7_2_S1_12_TwoThousandSeedsKeepTheContract) {
  Coverage sum;
  for (uint32_t seed = 0; seed < 2'000; ++seed) {
    Simulation simulation(seed, Sabotage::kNone);
    ASSERT_EQ(simulation.run(300), "") << "seed " << seed;
    sum.sectionEvents += simulation.coverage.sectionEvents;
    sum.heldByGate += simulation.coverage.heldByGate;
    sum.overloaded += simulation.coverage.overloaded;
    sum.evictions += simulation.coverage.evictions;
    sum.evictionsCancelled += simulation.coverage.evictionsCancelled;
    sum.mailAtEvicted += simulation.coverage.mailAtEvicted;
    sum.brokenWithMail += simulation.coverage.brokenWithMail;
    sum.staleUses += simulation.coverage.staleUses;
  }
  EXPECT_GT(sum.sectionEvents, 500U);
  EXPECT_GT(sum.heldByGate, 500U);
  EXPECT_GT(sum.overloaded, 500U);
  EXPECT_GT(sum.evictions, 500U);
  EXPECT_GT(sum.evictionsCancelled, 500U);
  EXPECT_GT(sum.mailAtEvicted, 500U);
  EXPECT_GT(sum.brokenWithMail, 500U);
  EXPECT_GT(sum.staleUses, 500U);
}

struct Tooth {
  const char* name;
  Sabotage sabotage;
};

class ActorSystemSabotage : public ::testing::TestWithParam<Tooth> {};

TEST_P(ActorSystemSabotage, IsCaught) {
  uint32_t caught = 0;
  for (uint32_t seed = 0; seed < 20; ++seed) {
    if (!Simulation(seed, GetParam().sabotage).run(300).empty()) ++caught;
  }
  EXPECT_GE(caught, 5U);
}

INSTANTIATE_TEST_SUITE_P(Teeth, ActorSystemSabotage,
                         ::testing::Values(Tooth{"TwoPerTurn", Sabotage::kTwoPerTurn},
                                           Tooth{"LoseDelivery", Sabotage::kLoseDelivery},
                                           Tooth{"SwapTurns", Sabotage::kSwapTurns},
                                           Tooth{"IgnoreGate", Sabotage::kIgnoreGate},
                                           Tooth{"EvictBusy", Sabotage::kEvictBusy},
                                           Tooth{"StartTwice", Sabotage::kStartTwice},
                                           Tooth{"StaleHandle", Sabotage::kStaleHandle},
                                           Tooth{"LooseBound", Sabotage::kLooseBound},
                                           Tooth{"LoseOnBreak", Sabotage::kLoseOnBreak},
                                           Tooth{"NeverEvict", Sabotage::kNeverEvict}),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace holdfast::core
