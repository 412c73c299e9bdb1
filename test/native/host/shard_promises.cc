#include "host/shard_promises.h"

#include <algorithm>

namespace holdfast::host {

namespace {

constexpr TimestampMs kRetryLeastMs = 2'000;

}  // namespace

uint32_t ShardPromises::started(uint32_t object) {
  expect(!instanceOf_.contains(object), "two instances of one object");
  instanceOf_[object] = ++instances_;
  live_.insert(instances_);
  return instances_;
}

void ShardPromises::evicted(uint32_t object) {
  if (const auto found = instanceOf_.find(object); found != instanceOf_.end())
    evicted_.insert(found->second);
  reset(object);
}

void ShardPromises::reset(uint32_t object) {
  const auto found = instanceOf_.find(object);
  if (found == instanceOf_.end()) return;
  live_.erase(found->second);
  instanceOf_.erase(found);
  alarmsRunning_.erase(object);
}

void ShardPromises::ran(uint32_t object, uint32_t instance) {
  const auto found = instanceOf_.find(object);
  expect(found != instanceOf_.end() && found->second == instance, "code ran after a reset");
}

void ShardPromises::delivered(uint32_t object, uint32_t sender, uint32_t sequence) {
  uint32_t& last = lastDelivered_[static_cast<uint64_t>(object) << 32U | sender];
  expect(sequence > last, "events of one sender out of order");
  last = sequence;
}

void ShardPromises::posted(bool taken, uint32_t waiting, uint32_t maybe) {
  if (taken) {
    expect(waiting < limits_.mailboxEventsMax, "a mailbox grew over its bound");
  } else {
    expect(waiting + maybe >= limits_.mailboxEventsMax, "refused below the bound");
  }
}

void ShardPromises::durable(uint32_t object, const std::vector<Stamp>& stamps) {
  std::vector<Stamp>& before = durable_[object];
  const bool grows =
      stamps.size() >= before.size() && std::equal(before.begin(), before.end(), stamps.begin());
  expect(grows, "a durable write is gone");
  before = stamps;
}

void ShardPromises::left(uint32_t object, const Sent& sent) {
  expect(isLive(sent.instance) || evicted_.contains(sent.instance), "an output left after a reset");
  leftServer(object, sent);
}

void ShardPromises::leftServer(uint32_t object, const Sent& sent) {
  uint32_t& last = lastLeft_[{sent.instance, sent.way}];
  expect(sent.number == 0 || sent.number > last, "outputs of one object out of order");
  last = std::max(last, sent.number);
  for (const Stamp stamp : sent.stamps) {
    expect(isDurable(object, stamp) || never_.contains(stamp) || unconfirmed_.contains(stamp),
           "an output left before the write it depends on was durable");
  }
}

std::optional<Stamp> ShardPromises::lastConfirmed(const std::vector<Stamp>& stamps) const {
  const auto last = std::find_if(stamps.rbegin(), stamps.rend(),
                                 [this](Stamp stamp) { return !unconfirmed_.contains(stamp); });
  return last == stamps.rend() ? std::nullopt : std::optional<Stamp>(*last);
}

bool ShardPromises::isDurable(uint32_t object, Stamp stamp) const {
  const auto found = durable_.find(object);
  if (found == durable_.end()) return false;
  return std::find(found->second.begin(), found->second.end(), stamp) != found->second.end();
}

void ShardPromises::alarmFired(uint32_t object, TimestampMs firedAt, TimestampMs now) {
  expect(firedAt <= now, "an alarm fired early");
  expect(everDurable_.contains(firedAt) || told_.contains(firedAt),
         "an alarm fired that was never durable");
  expect(alarmsRunning_.insert(object).second, "two runs of one alarm at once");
  expect(alarmsRunning_.size() <= limits_.alarmsRunningMax, "more alarms run than allowed");
  const auto failed = failedAt_.find(firedAt);
  if (failed == failedAt_.end() || now >= failed->second + kRetryLeastMs) return;
  expect(atOnce_.erase(firedAt) == 1, "an alarm was retried too early");
}

void ShardPromises::alarmRan(TimestampMs at) {
  expect(!done_.contains(at), "an alarm ran again after its success was durable");
  handled_.insert(at);
}

void ShardPromises::alarmEnded(uint32_t object, TimestampMs firedAt, bool failed, TimestampMs now) {
  alarmsRunning_.erase(object);
  if (failed) {
    failedAt_[firedAt] = now;
  } else {
    failedAt_.erase(firedAt);
  }
}

void ShardPromises::restarted() {
  live_.clear();
  evicted_.clear();
  instanceOf_.clear();
  alarmsRunning_.clear();
  failedAt_.clear();  // S5.4.6: counts and delays are in memory
}

void ShardPromises::settled(uint32_t object, const ModelState& durable) {
  expect(!instanceOf_.contains(object), "an idle instance was never evicted");
  expect(!durable.alarm, "a durable alarm never ran");
  for (const TimestampMs at : everDurable_) {
    expect(handled_.contains(at) || replaced_.contains(at), "an alarm was lost");
  }
}

}  // namespace holdfast::host
