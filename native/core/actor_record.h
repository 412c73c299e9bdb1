// ActorRecord: what ActorSystem knows of one actor. ActorList: a list of records that costs nothing
// per operation.
//
// Contract: a record is on at most one list; lists hold places in the SlotMap, which outlive
// incarnations. Thread: the shard's. Owner: ActorSystem.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/ids.h"
#include "base/slot_map.h"
#include "core/input_gate.h"
#include "core/mailbox.h"

namespace holdfast::core {

enum class InstanceState : uint8_t {
  kAbsent,       // no instance; mail makes it ready for kStart
  kStarting,     // kStart was delivered; nothing else is until started()
  kRunning,      // events flow as the gate lets them
  kEvictQueued,  // idle long enough; kEvict is next unless something comes
  kEvicting,     // kEvict was delivered; mail waits for the next instance
};

enum class ListName : uint8_t { kNone, kReady, kIdle, kUnused };

struct ActorRecord {
  static constexpr uint32_t kEnd = UINT32_MAX;

  ActorKey key;
  std::unique_ptr<const std::string> name;
  Mailbox mailbox;
  InputGate gate;
  InstantMs idleSince = 0;  // on the idle and unused lists
  uint32_t inFlight = 0;    // delivered, not finished
  uint32_t holds = 0;
  uint32_t pins = 0;
  uint32_t previous = kEnd;
  uint32_t next = kEnd;
  InstanceState state = InstanceState::kAbsent;
  ListName list = ListName::kNone;

  [[nodiscard]] bool hasInstance() const { return state != InstanceState::kAbsent; }
  [[nodiscard]] bool idle() const {
    return state == InstanceState::kRunning && inFlight == 0 && holds == 0 && mailbox.empty() &&
           gate.empty();
  }
};

class ActorList {
 public:
  ActorList(SlotMap<ActorRecord>& records, ListName name) : records_(records), name_(name) {}

  [[nodiscard]] bool empty() const { return head_ == ActorRecord::kEnd; }
  [[nodiscard]] uint32_t front() const { return head_; }
  [[nodiscard]] size_t size() const { return size_; }

  // The record must be on no list.
  void pushBack(uint32_t index);
  // The record must be on this list.
  void remove(uint32_t index);

 private:
  SlotMap<ActorRecord>& records_;
  ListName name_;
  uint32_t head_ = ActorRecord::kEnd;
  uint32_t tail_ = ActorRecord::kEnd;
  size_t size_ = 0;
};

}  // namespace holdfast::core
