// Load: one kind of traffic over many streams, and the loop that drives it.
//
// start() opens everything (setup); then the loop calls onReady() for each stream that has bytes or
// room, until the measurement is done. One thread. Owner: main. Failure: a failed operation is
// counted by the Measurement; a failed setup ends the run with a text.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "clock.h"
#include "measurement.h"
#include "options.h"
#include "poller.h"
#include "stream.h"

namespace holdfast::bench {

class Load {
 public:
  Load(const Options& options, Poller& poller, Measurement& measurement)
      : options_(options), poller_(poller), measurement_(measurement) {}
  virtual ~Load() = default;
  Load(Load&&) = delete;
  Load& operator=(Load&&) = delete;

  // Connects all. Empty when all is well, else what failed.
  virtual std::string open() = 0;
  // Sends the first requests or messages.
  virtual void start() = 0;
  // Stream number `index` has something to read or room to write.
  virtual void onReady(size_t index) = 0;

 protected:
  const Options& options_;
  Poller& poller_;
  Measurement& measurement_;
};

std::unique_ptr<Load> makeHttpLoad(const Options&, Poller&, Measurement&);
std::unique_ptr<Load> makeEchoLoad(const Options&, Poller&, Measurement&);
std::unique_ptr<Load> makeBroadcastLoad(const Options&, Poller&, Measurement&);
std::unique_ptr<Load> makeConnectLoad(const Options&, Poller&, Measurement&);
std::unique_ptr<Load> makeWakeLoad(const Options&, Poller&, Measurement&);

// Runs `load` until the measurement is done. Returns as Load::open().
std::string run(Load& load, Poller& poller, Measurement& measurement);

}  // namespace holdfast::bench
