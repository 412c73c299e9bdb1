// RecordingSink: an EventSink that keeps what it is told; the test waits for each event in turn.
//
// Contract: next() blocks until an event is there and fails the test when none comes in time (a
// bound on failure, never a pause). Thread: onX on I/O threads, next() on the test's.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <utility>

#include "net/server.h"

namespace holdfast::net {

struct Event {
  enum class Kind {
    kNone,
    kRequest,
    kBody,
    kWritable,
    kDone,
    kMessage,
    kPeerClose,
    kClosed,
    kDrained,
    kNotice
  };
  Kind kind = Kind::kNone;
  Handle handle = kNoHandle;
  RequestHead head;
  std::string text;     // body, message, or close reason
  uint64_t count = 0;   // writable bytes or close code
  bool flag = false;    // last, complete, text, clean
  bool failed = false;  // body; closed: the peer did not even end its side
};

class RecordingSink final : public EventSink {
 public:
  void onRequest(RequestHead head) override {
    Event event{
        Event::Kind::kRequest, head.request, {}, std::string(head.body.view()), 0, false, false};
    event.head = std::move(head);
    add(std::move(event));
  }
  void onBody(RequestHandle request, Bytes chunk, bool last, bool failed) override {
    add({Event::Kind::kBody, request, {}, std::string(chunk.view()), chunk.size(), last, failed});
  }
  void onWritable(RequestHandle request, uint64_t bytes) override {
    add({Event::Kind::kWritable, request, {}, {}, bytes, false, false});
  }
  void onRequestDone(RequestHandle request, bool complete) override {
    add({Event::Kind::kDone, request, {}, {}, 0, complete, false});
  }
  void onSocketMessage(SocketHandle socket, Bytes message, bool text) override {
    add({Event::Kind::kMessage,
         socket,
         {},
         std::string(message.view()),
         message.size(),
         text,
         false});
  }
  void onSocketPeerClose(SocketHandle socket, SocketEnd end) override {
    add({Event::Kind::kPeerClose, socket, {}, end.reason, end.code, end.clean, false});
  }
  void onSocketClosed(SocketHandle socket, SocketEnd end) override {
    const bool failed = !end.clean && !end.finished;
    add({Event::Kind::kClosed, socket, {}, end.reason, end.code, end.clean, failed});
  }
  void onDrained() override { add({Event::Kind::kDrained, 0, {}, {}, 0, false, false}); }
  void onNotice(std::string text) override {
    add({Event::Kind::kNotice, 0, {}, std::move(text), 0, false, false});
  }
  void onBatchEnd() override {}

  Event next() {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!arrived_.wait_for(lock, std::chrono::seconds(5), [this] { return !events_.empty(); })) {
      ADD_FAILURE() << "no event came";
      return {};
    }
    Event event = std::move(events_.front());
    events_.pop_front();
    return event;
  }
  Event next(Event::Kind kind) {
    Event event = next();
    EXPECT_EQ(static_cast<int>(event.kind), static_cast<int>(kind)) << event.text;
    return event;
  }
  bool empty() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return events_.empty();
  }

 private:
  void add(Event event) {
    const std::lock_guard<std::mutex> lock(mutex_);
    events_.push_back(std::move(event));
    arrived_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Event> events_;
};

}  // namespace holdfast::net
