#include "core/actor_system.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace holdfast::core {

namespace {

// How long a record lasts that open() made and nothing used.
constexpr InstantMs kUnusedMs = 1'000;

bool isBounded(EventKind kind) {
  return kind == EventKind::kCall || kind == EventKind::kSocketMessage;
}

Event bareEvent(EventKind kind) {
  Event event;
  event.kind = kind;
  return event;
}

Event startOf(const ActorKey& key) {
  Event event = bareEvent(EventKind::kStart);
  event.token = key.ns;
  return event;
}

}  // namespace

ActorSystem::ActorSystem(ActorLimits limits)
    : limits_(limits),
      index_(records_),
      ready_(records_, ListName::kReady),
      idle_(records_, ListName::kIdle),
      unused_(records_, ListName::kUnused) {}

// A mailbox must be empty when it goes; here the pool goes with it.
ActorSystem::~ActorSystem() = default;

uint32_t ActorSystem::findOrMake(const ActorKey& key) {
  if (const auto found = index_.find(key)) return *found;
  ActorRecord record;
  record.key = key;
  const uint32_t index = handleIndex(records_.insert(std::move(record)));
  index_.insert(index);
  settle(index);
  return index;
}

ActorHandle ActorSystem::open(const ActorKey& key, const std::optional<std::string>& name) {
  const uint32_t index = findOrMake(key);
  ActorRecord& record = records_.at(index);
  if (name && !record.name) record.name = std::make_unique<const std::string>(*name);
  return records_.handleAt(index);
}

std::optional<ActorHandle> ActorSystem::find(const ActorKey& key) const {
  const auto found = index_.find(key);
  if (!found) return std::nullopt;
  return records_.handleAt(*found);
}

const ActorKey* ActorSystem::keyOf(ActorHandle actor) {
  const ActorRecord* record = records_.find(actor);
  return record == nullptr ? nullptr : &record->key;
}

const std::string* ActorSystem::nameOf(ActorHandle actor) {
  const ActorRecord* record = records_.find(actor);
  return record == nullptr ? nullptr : record->name.get();
}

PostResult ActorSystem::post(ActorHandle actor, Event event, InstantMs now) {
  now_ = std::max(now_, now);
  ActorRecord* record = records_.find(actor);
  if (record == nullptr) return PostResult::kStale;
  DO_CHECK(event.kind != EventKind::kStart && event.kind != EventKind::kEvict);
  if (isBounded(event.kind)) {
    const Mailbox& mailbox = record->mailbox;
    if (mailbox.count() >= limits_.mailboxEventsMax ||
        mailbox.bytes() + event.payload.size() > limits_.mailboxBytesMax) {
      return PostResult::kOverloaded;
    }
  }
  if (record->state == InstanceState::kEvictQueued) record->state = InstanceState::kRunning;
  record->mailbox.push(pool_, std::move(event));
  settle(handleIndex(actor));
  return PostResult::kQueued;
}

void ActorSystem::takeTurn(size_t most, std::vector<Delivery>& out) {
  // Who still has mail goes to the end of the list, behind all who were ready when the turn began.
  for (size_t left = std::min(most, ready_.size()); left != 0; --left) {
    const uint32_t index = ready_.front();
    Delivery delivery;
    delivery.actor = records_.handleAt(index);
    delivery.event = nextEvent(index);
    out.push_back(std::move(delivery));
    moveTo(index, ListName::kNone);
    settle(index);
  }
}

Event ActorSystem::nextEvent(uint32_t index) {
  ActorRecord& record = records_.at(index);
  switch (record.state) {
    case InstanceState::kAbsent:
      record.state = InstanceState::kStarting;
      ++running_;
      if (record.pins != 0) --hibernated_;
      return startOf(record.key);
    case InstanceState::kRunning:
      ++record.inFlight;
      return record.mailbox.takeFirst(pool_, record.gate);
    case InstanceState::kEvictQueued:
      record.state = InstanceState::kEvicting;
      return bareEvent(EventKind::kEvict);
    case InstanceState::kStarting:
    case InstanceState::kEvicting:
      break;
  }
  DO_CHECK(false, static_cast<int>(record.state));
  std::abort();
}

bool ActorSystem::started(ActorHandle actor) {
  ActorRecord* record = records_.find(actor);
  if (record == nullptr || record->state != InstanceState::kStarting) return false;
  record->state = InstanceState::kRunning;
  settle(handleIndex(actor));
  return true;
}

bool ActorSystem::finished(ActorHandle actor, InstantMs now) {
  now_ = std::max(now_, now);
  ActorRecord* record = findLive(actor);
  if (record == nullptr || record->inFlight == 0) return false;
  --record->inFlight;
  settle(handleIndex(actor));
  return true;
}

bool ActorSystem::hold(ActorHandle actor) {
  ActorRecord* record = findLive(actor);
  if (record == nullptr) return false;
  if (record->state == InstanceState::kEvictQueued) record->state = InstanceState::kRunning;
  ++record->holds;
  settle(handleIndex(actor));
  return true;
}

bool ActorSystem::release(ActorHandle actor, InstantMs now) {
  now_ = std::max(now_, now);
  ActorRecord* record = findLive(actor);
  if (record == nullptr || record->holds == 0) return false;
  --record->holds;
  settle(handleIndex(actor));
  return true;
}

SectionId ActorSystem::openSection(ActorHandle actor, SectionId parent) {
  ActorRecord* record = findLive(actor);
  if (record == nullptr) return 0;
  const SectionId section = record->gate.open(parent, limits_.sectionDepthMax);
  if (section == 0) return 0;
  if (record->state == InstanceState::kEvictQueued) record->state = InstanceState::kRunning;
  settle(handleIndex(actor));
  return section;
}

bool ActorSystem::closeSection(ActorHandle actor, SectionId section) {
  ActorRecord* record = findLive(actor);
  if (record == nullptr || !record->gate.close(section)) return false;
  settle(handleIndex(actor));
  return true;
}

bool ActorSystem::isOpenFor(ActorHandle actor, SectionId section) {
  const ActorRecord* record = findLive(actor);
  return record != nullptr && record->state != InstanceState::kStarting &&
         record->gate.isOpenFor(section);
}

bool ActorSystem::hasMail(ActorHandle actor) {
  const ActorRecord* record = records_.find(actor);
  return record != nullptr && !record->mailbox.empty();
}

std::vector<Event> ActorSystem::break_(ActorHandle actor) {
  ActorRecord* record = records_.find(actor);
  if (record == nullptr) return {};
  std::vector<Event> waiting = record->mailbox.takeAll(pool_);
  endInstance(handleIndex(actor));
  return waiting;
}

bool ActorSystem::restart(ActorHandle actor) {
  ActorRecord* record = records_.find(actor);
  if (record == nullptr) return false;
  for (Event& event : record->mailbox.takeAll(pool_)) {
    if (event.kind == EventKind::kTask) continue;
    event.section = 0;  // those of the old instance are gone
    record->mailbox.push(pool_, std::move(event));
  }
  endInstance(handleIndex(actor));
  return true;
}

bool ActorSystem::evicted(ActorHandle actor) {
  const ActorRecord* record = records_.find(actor);
  if (record == nullptr || record->state != InstanceState::kEvicting) return false;
  endInstance(handleIndex(actor));
  return true;
}

void ActorSystem::endInstance(uint32_t index) {
  ActorRecord& record = records_.at(index);
  if (record.hasInstance()) {
    --running_;
    if (record.pins != 0) ++hibernated_;
  }
  record.state = InstanceState::kAbsent;
  record.gate.reset();
  record.inFlight = 0;
  record.holds = 0;
  records_.renew(index);
  if (!dropIfUnneeded(index)) settle(index);
}

bool ActorSystem::dropIfUnneeded(uint32_t index) {
  const ActorRecord& record = records_.at(index);
  if (record.hasInstance() || record.pins != 0 || !record.mailbox.empty()) return false;
  moveTo(index, ListName::kNone);
  index_.erase(index);
  records_.erase(records_.handleAt(index));
  return true;
}

void ActorSystem::pin(const ActorKey& key) {
  const uint32_t index = findOrMake(key);
  ActorRecord& record = records_.at(index);
  if (record.pins++ == 0 && !record.hasInstance()) ++hibernated_;
  settle(index);
}

bool ActorSystem::unpin(const ActorKey& key) {
  const auto found = index_.find(key);
  if (!found) return false;
  const uint32_t index = *found;
  ActorRecord& record = records_.at(index);
  if (record.pins == 0) return false;
  if (--record.pins == 0 && !record.hasInstance()) --hibernated_;
  if (!dropIfUnneeded(index)) settle(index);
  return true;
}

void ActorSystem::tick(InstantMs now) {
  now_ = std::max(now_, now);
  while (!unused_.empty() && records_.at(unused_.front()).idleSince + kUnusedMs <= now) {
    dropIfUnneeded(unused_.front());
  }
  if (limits_.idleEvictionMs == kNeverEvict) return;
  while (!idle_.empty() && records_.at(idle_.front()).idleSince + limits_.idleEvictionMs <= now) {
    const uint32_t index = idle_.front();
    records_.at(index).state = InstanceState::kEvictQueued;
    settle(index);
  }
}

std::optional<InstantMs> ActorSystem::nextDeadline() const {
  std::optional<InstantMs> deadline;
  if (!unused_.empty()) deadline = records_.at(unused_.front()).idleSince + kUnusedMs;
  if (!idle_.empty() && limits_.idleEvictionMs != kNeverEvict) {
    const InstantMs eviction = records_.at(idle_.front()).idleSince + limits_.idleEvictionMs;
    deadline = deadline ? std::min(*deadline, eviction) : eviction;
  }
  return deadline;
}

bool ActorSystem::evictNow(ActorHandle actor) {
  ActorRecord* record = records_.find(actor);
  if (record == nullptr) return false;
  if (record->state == InstanceState::kEvictQueued) return true;
  if (!record->idle()) return false;
  record->state = InstanceState::kEvictQueued;
  settle(handleIndex(actor));
  return true;
}

std::vector<ActorHandle> ActorSystem::handles() {
  std::vector<ActorHandle> out;
  out.reserve(records_.size());
  records_.forEach([&out](ActorHandle actor, const ActorRecord&) { out.push_back(actor); });
  return out;
}

ActorSystem::Counts ActorSystem::counts() const {
  return {records_.size(), running_, hibernated_, pool_.size()};
}

size_t ActorSystem::pinsAsleep() {
  size_t pins = 0;
  records_.forEach([&pins](Handle, const ActorRecord& record) {
    if (!record.hasInstance()) pins += record.pins;
  });
  return pins;
}

ActorRecord* ActorSystem::findLive(ActorHandle actor) {
  ActorRecord* record = records_.find(actor);
  if (record == nullptr || !record->hasInstance()) return nullptr;
  return record->state == InstanceState::kEvicting ? nullptr : record;
}

bool ActorSystem::deliverable(const ActorRecord& record) const {
  switch (record.state) {
    case InstanceState::kAbsent:
      return !record.mailbox.empty();
    case InstanceState::kRunning:
      return record.mailbox.hasFor(pool_, record.gate);
    case InstanceState::kEvictQueued:
      return true;
    case InstanceState::kStarting:
    case InstanceState::kEvicting:
      return false;
  }
  return false;
}

void ActorSystem::settle(uint32_t index) {
  const ActorRecord& record = records_.at(index);
  ListName list = ListName::kNone;
  if (deliverable(record)) {
    list = ListName::kReady;
  } else if (record.idle()) {
    list = ListName::kIdle;
  } else if (!record.hasInstance() && record.pins == 0) {
    list = ListName::kUnused;
  }
  moveTo(index, list);
}

void ActorSystem::moveTo(uint32_t index, ListName list) {
  ActorRecord& record = records_.at(index);
  if (record.list == list) return;
  if (record.list != ListName::kNone) listOf(record.list).remove(index);
  if (list == ListName::kNone) return;
  record.idleSince = now_;
  listOf(list).pushBack(index);
}

ActorList& ActorSystem::listOf(ListName name) {
  switch (name) {
    case ListName::kReady:
      return ready_;
    case ListName::kIdle:
      return idle_;
    case ListName::kUnused:
    case ListName::kNone:
      break;
  }
  DO_CHECK(name == ListName::kUnused, static_cast<int>(name));
  return unused_;
}

}  // namespace holdfast::core
