// OutputQueue: what one connection still has to send, in order, held back by the durability gate.
//
// Contract: outputs leave in the order of push(). An output whose `after` is not durable holds
// itself and everything behind it (spec S2.6.4). gather() names the bytes that may be written now;
// advance() says how many were; takeSent() then hands back the outputs that left entirely. Thread:
// its owner's. Pure: no I/O. Empty it holds little memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"

namespace holdfast::net {

// What is true once an output has left.
enum class Milestone : uint8_t {
  kNone,
  kResponseEnd,  // a response is complete
  kUpgraded,     // the 101 is out: frames follow
  kCloseFrame,   // our Close frame is out
  kReply,        // a pong or an automatic answer is out
  kCut,          // the connection must be cut here
};

// A body this short is copied behind its head: one buffer less for the kernel.
constexpr size_t kJoinBytesMax = 4'096;

struct Output {
  Lsn after = 0;
  std::string head;
  Bytes body;
  std::string_view tail;      // static storage
  uint64_t payloadBytes = 0;  // of the application, to report when they have left
  Milestone milestone = Milestone::kNone;

  [[nodiscard]] size_t size() const { return head.size() + body.size() + tail.size(); }
};

class OutputQueue {
 public:
  void push(Output output);

  [[nodiscard]] bool empty() const { return first_ == items_.size(); }
  [[nodiscard]] size_t bytes() const { return bytes_; }  // not yet written
  // The output at the head waits for this LSN to become durable; 0 = it does not wait.
  [[nodiscard]] Lsn blockedOn(Lsn durable) const;

  // Fills `pieces` (at most `piecesMax`) with what may leave; returns how many.
  size_t gather(Lsn durable, std::string_view* pieces, size_t piecesMax) const;
  void advance(size_t written);
  // Moves the head output to `sent` if it has left entirely.
  bool takeSent(Lsn durable, Output& sent);

 private:
  std::vector<Output> items_;
  size_t first_ = 0;
  size_t offset_ = 0;  // bytes written, counted from the start of items_[first_]
  size_t bytes_ = 0;
};

}  // namespace holdfast::net
