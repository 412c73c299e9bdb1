#include "sys/thread.h"

#include <pthread.h>
#include <signal.h>

#include <utility>

namespace holdfast::sys {

Thread::Thread(const char* name, std::function<void()> body) {
  // Signals belong to the main thread: the new one inherits a full mask.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([name, body = std::move(body)] {
    pthread_setname_np(pthread_self(), name);
    body();
  });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace holdfast::sys
