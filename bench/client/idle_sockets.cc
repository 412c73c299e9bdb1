#include "idle_sockets.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <limits>

#include "measurement.h"
#include "socket_load.h"

namespace holdfast::bench {
namespace {

constexpr size_t kStandardInput = std::numeric_limits<size_t>::max();

class IdleLoad : public SocketLoad {
 public:
  using SocketLoad::SocketLoad;
  void start() override {}

 protected:
  void onMessage(size_t /*index*/, std::string_view /*message*/) override {}
};

bool inputEnded() {
  std::array<char, 256> ignored{};
  return ::read(STDIN_FILENO, ignored.data(), ignored.size()) <= 0;
}

}  // namespace

std::string holdIdleSockets(const Options& options, Poller& poller) {
  Options forever = options;
  forever.requests = std::numeric_limits<uint64_t>::max();  // the measurement only counts losses
  Measurement losses(forever);
  IdleLoad load(forever, poller, losses);
  std::string failure = load.open();
  if (!failure.empty()) return failure;
  losses.start(monotonicNow());
  if (!poller.add(STDIN_FILENO, kStandardInput)) return "standard input must be a pipe";
  std::printf("{\"open\":%u}\n", options.connections);
  std::fflush(stdout);
  for (;;) {
    bool ended = false;
    for (const epoll_event& event : poller.wait(std::numeric_limits<Nanoseconds>::max())) {
      if (event.data.u64 == kStandardInput)
        ended = inputEnded();
      else
        load.onReady(static_cast<size_t>(event.data.u64));
    }
    if (ended) break;
  }
  std::printf("{\"open\":%u,\"lost\":%llu}\n", options.connections,
              static_cast<unsigned long long>(losses.errors()));
  return "";
}

}  // namespace holdfast::bench
