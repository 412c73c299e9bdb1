// The load client: makes traffic, checks every answer, prints one line of JSON. Exit codes: 0 a
// measurement was printed (its `errors` may be above 0), 1 the setup failed, 2 wrong usage.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "idle_sockets.h"
#include "load.h"

namespace {

using namespace holdfast::bench;

std::unique_ptr<Load> makeLoad(const Options& options, Poller& poller, Measurement& measurement) {
  switch (options.mode) {
    case Mode::kEcho:
      return makeEchoLoad(options, poller, measurement);
    case Mode::kBroadcast:
      return makeBroadcastLoad(options, poller, measurement);
    case Mode::kConnect:
      return makeConnectLoad(options, poller, measurement);
    case Mode::kWake:
      return makeWakeLoad(options, poller, measurement);
    case Mode::kHttp:
    case Mode::kIdle:
      break;
  }
  return makeHttpLoad(options, poller, measurement);
}

std::string measure(const Options& options, Poller& poller) {
  Measurement measurement(options);
  const std::unique_ptr<Load> load = makeLoad(options, poller, measurement);
  std::string failure = run(*load, poller, measurement);
  if (failure.empty()) std::printf("%s\n", measurement.toJson().c_str());
  return failure;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  const std::string wrong = parseOptions(std::vector<std::string>(argv + 1, argv + argc), &options);
  if (!wrong.empty()) {
    std::fprintf(stderr, "holdfast-bench-client: %s\n%s", wrong.c_str(), usage());
    return 2;
  }
  Poller poller;
  const std::string failure =
      options.mode == Mode::kIdle ? holdIdleSockets(options, poller) : measure(options, poller);
  if (failure.empty()) return 0;
  std::fprintf(stderr, "holdfast-bench-client: %s\n", failure.c_str());
  return 1;
}
