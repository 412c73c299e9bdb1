// Doorbell: how other threads wake the shard, and the shard's one timer.
//
// ring() may be called on any thread; `onRing` runs on the shard's thread, once for any number of
// rings. The handles are unreferenced unless keepAlive(true): an idle runtime does not keep the
// process running. The libuv handles live until both close callbacks ran, longer than this object;
// after close() nothing is called. Thread: the shard's, but for ring(). Owner: RuntimeObject.
#pragma once

#include <uv.h>

#include <cstdint>
#include <functional>

namespace holdfast::node {

class Doorbell {
 public:
  Doorbell(uv_loop_t* loop, std::function<void()> onRing);
  ~Doorbell() { close(); }
  Doorbell(const Doorbell&) = delete;
  Doorbell& operator=(const Doorbell&) = delete;

  void ring();
  // One shot, replaces the previous; milliseconds.
  void ringIn(uint64_t ms);
  void cancelTimer();
  void keepAlive(bool keep);
  // Idempotent. No ring() of another thread may be under way or follow.
  void close();

 private:
  struct Handles;
  Handles* handles_;
};

}  // namespace holdfast::node
