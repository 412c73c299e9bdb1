// Thread: a named thread that is joined when its owner goes.
//
// Contract: the body runs once; the destructor waits for it to return, so the owner tells it to
// stop first. Owner: one. Thread: constructed and destroyed by the owner's.
#pragma once

#include <functional>
#include <thread>

namespace holdfast::sys {

class Thread {
 public:
  // `name`: at most 15 bytes, shown by `top -H` and gdb. All signals are blocked in it.
  Thread(const char* name, std::function<void()> body);
  ~Thread() { join(); }
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  void join() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::thread thread_;
};

}  // namespace holdfast::sys
