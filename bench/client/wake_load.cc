// Wake: all sockets are opened and say nothing for --warm-up seconds, so that the server lets go of
// what is behind them. Then one message after another, each on the next socket, once its own answer
// has come. An operation is one message and its answer.
#include "socket_load.h"
#include "ws_frame.h"

namespace holdfast::bench {
namespace {

class WakeLoad : public SocketLoad {
 public:
  WakeLoad(const Options& options, Poller& poller, Measurement& measurement)
      : SocketLoad(options, poller, measurement),
        message_(messageOf(options)),
        frame_(maskedFrame(Opcode::kText, message_)) {}

  std::string open() override {
    std::string failure = SocketLoad::open();
    if (failure.empty()) beQuiet();
    return failure;
  }

  void start() override { wake(0); }

  void onReady(size_t index) override {
    SocketLoad::onReady(index);
    if (measurement_.errors() > 0) measurement_.abandon();  // the next one would never be sent
  }

 protected:
  void onMessage(size_t index, std::string_view message) override {
    if (message != message_) return measurement_.failed("unexpected answer");
    measurement_.succeeded(sent_, monotonicNow());
    if (!measurement_.done() && index + 1 < size()) wake(index + 1);
  }

 private:
  // Pings are answered meanwhile.
  void beQuiet() {
    const Nanoseconds until = monotonicNow() + nanosecondsOf(options_.secondsWarmUp);
    while (monotonicNow() < until) {
      for (const epoll_event& event : poller_.wait(until))
        SocketLoad::onReady(static_cast<size_t>(event.data.u64));
    }
  }

  void wake(size_t index) {
    socket(index).queue(frame_);
    sent_ = monotonicNow();
    socket(index).flush();
  }

  const std::string message_;
  const std::string frame_;
  Nanoseconds sent_ = 0;
};

}  // namespace

std::unique_ptr<Load> makeWakeLoad(const Options& options, Poller& poller,
                                   Measurement& measurement) {
  return std::make_unique<WakeLoad>(options, poller, measurement);
}

}  // namespace holdfast::bench
