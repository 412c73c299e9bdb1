// Broadcast: all sockets are in one room; the first one sends, the server delivers to all, itself
// included. An operation is one delivery. At most `window` broadcasts are under way; one is over
// when every socket has it.
#include <deque>

#include "socket_load.h"
#include "ws_frame.h"

namespace holdfast::bench {
namespace {

class BroadcastLoad : public SocketLoad {
 public:
  BroadcastLoad(const Options& options, Poller& poller, Measurement& measurement)
      : SocketLoad(options, poller, measurement),
        message_(messageOf(options)),
        frame_(maskedFrame(Opcode::kText, message_)),
        received_(options.connections) {}

  void start() override {
    for (uint32_t i = 0; i < options_.window; ++i) send();
    socket(0).flush();
  }

 protected:
  void onMessage(size_t index, std::string_view message) override {
    if (message != message_)
      return measurement_.failed("unexpected message: " + std::string(message.substr(0, 100)));
    // The count of a socket's messages tells which broadcast this is: a room keeps the order.
    const uint64_t broadcast = received_[index]++;
    if (broadcast - over_ >= underWay_.size()) return measurement_.failed("a message nobody sent");
    Broadcast& one = underWay_[broadcast - over_];
    measurement_.succeeded(one.sent, monotonicNow());
    --one.missing;
    bool sentMore = false;
    while (!underWay_.empty() && underWay_.front().missing == 0) {
      underWay_.pop_front();
      ++over_;
      send();
      sentMore = true;
    }
    if (sentMore) socket(0).flush();
  }

 private:
  struct Broadcast {
    Nanoseconds sent = 0;
    size_t missing = 0;
  };

  void send() {
    socket(0).queue(frame_);
    underWay_.push_back({monotonicNow(), size()});
  }

  const std::string message_;
  const std::string frame_;
  std::vector<uint64_t> received_;  // per socket
  std::deque<Broadcast> underWay_;  // oldest first
  uint64_t over_ = 0;
};

}  // namespace

std::unique_ptr<Load> makeBroadcastLoad(const Options& options, Poller& poller,
                                        Measurement& measurement) {
  return std::make_unique<BroadcastLoad>(options, poller, measurement);
}

}  // namespace holdfast::bench
