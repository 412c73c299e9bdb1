#include "load.h"

namespace holdfast::bench {

std::string run(Load& load, Poller& poller, Measurement& measurement) {
  std::string failure = load.open();
  if (!failure.empty()) return failure;
  measurement.start(monotonicNow());
  load.start();
  while (!measurement.done()) {
    for (const epoll_event& event : poller.wait(measurement.nextChange())) {
      load.onReady(static_cast<size_t>(event.data.u64));
      if (measurement.done()) return "";
    }
    measurement.advance(monotonicNow());
  }
  return "";
}

}  // namespace holdfast::bench
