#include "core/actor_record.h"

#include "base/check.h"

namespace holdfast::core {

void ActorList::pushBack(uint32_t index) {
  ActorRecord& record = records_.at(index);
  DO_CHECK(record.list == ListName::kNone, index);
  record.list = name_;
  record.previous = tail_;
  record.next = ActorRecord::kEnd;
  if (tail_ == ActorRecord::kEnd) {
    head_ = index;
  } else {
    records_.at(tail_).next = index;
  }
  tail_ = index;
  ++size_;
}

void ActorList::remove(uint32_t index) {
  ActorRecord& record = records_.at(index);
  DO_CHECK(record.list == name_, index);
  if (record.previous == ActorRecord::kEnd) {
    head_ = record.next;
  } else {
    records_.at(record.previous).next = record.next;
  }
  if (record.next == ActorRecord::kEnd) {
    tail_ = record.previous;
  } else {
    records_.at(record.next).previous = record.previous;
  }
  record.list = ListName::kNone;
  record.previous = ActorRecord::kEnd;
  record.next = ActorRecord::kEnd;
  --size_;
}

}  // namespace holdfast::core
