#include "net/output_queue.h"

#include <algorithm>
#include <utility>

namespace holdfast::net {
namespace {

constexpr size_t kKeptCapacity = 8;    // outputs an empty queue keeps room for
constexpr size_t kCompactAbove = 256;  // sent outputs at the front before the rest moves down

}  // namespace

void OutputQueue::push(Output output) {
  bytes_ += output.size();
  items_.push_back(std::move(output));
}

Lsn OutputQueue::blockedOn(Lsn durable) const {
  if (empty() || items_[first_].after <= durable) return 0;
  return items_[first_].after;
}

size_t OutputQueue::gather(Lsn durable, std::string_view* pieces, size_t piecesMax) const {
  size_t count = 0;
  size_t skip = offset_;
  const auto add = [&](std::string_view piece) {
    if (skip >= piece.size()) {
      skip -= piece.size();
      return;
    }
    piece.remove_prefix(skip);
    skip = 0;
    if (count < piecesMax) pieces[count++] = piece;
  };
  for (size_t i = first_; i < items_.size() && count < piecesMax; ++i) {
    const Output& output = items_[i];
    if (output.after > durable) break;
    add(output.head);
    add(output.body.view());
    add(output.tail);
    if (output.milestone == Milestone::kCut) break;
  }
  return count;
}

void OutputQueue::advance(size_t written) {
  offset_ += written;
  bytes_ -= written;
}

bool OutputQueue::takeSent(Lsn durable, Output& sent) {
  if (empty()) return false;
  Output& head = items_[first_];
  if (head.after > durable || offset_ < head.size()) return false;
  offset_ -= head.size();
  sent = std::move(head);
  ++first_;
  if (empty()) {
    if (items_.capacity() > kKeptCapacity) {
      items_ = {};
    } else {
      items_.clear();
    }
    first_ = 0;
  } else if (first_ >= kCompactAbove) {
    items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
  return true;
}

}  // namespace holdfast::net
