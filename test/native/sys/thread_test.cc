#include "sys/thread.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>

#include <string>

namespace holdfast::sys {
namespace {

TEST(ThreadTest, HasItsNameBlocksSignalsAndIsJoined) {
  std::string name;
  bool blocked = false;
  {
    const Thread thread("hf-test", [&] {
      char text[16] = {};
      pthread_getname_np(pthread_self(), text, sizeof text);
      name = text;
      sigset_t mask;
      pthread_sigmask(SIG_SETMASK, nullptr, &mask);
      blocked = sigismember(&mask, SIGTERM) == 1;
    });
  }
  EXPECT_EQ(name, "hf-test");
  EXPECT_TRUE(blocked);
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  EXPECT_EQ(sigismember(&mask, SIGTERM), 0) << "the starter's mask is as before";
}

}  // namespace
}  // namespace holdfast::sys
