// Echo: each socket keeps `window` messages under way; an answer lets the next one leave. With
// --expect the answer is another text than the message (automatic responses).
#include <algorithm>
#include <deque>

#include "socket_load.h"
#include "ws_frame.h"

namespace holdfast::bench {
namespace {

class EchoLoad : public SocketLoad {
 public:
  EchoLoad(const Options& options, Poller& poller, Measurement& measurement)
      : SocketLoad(options, poller, measurement),
        frame_(maskedFrame(Opcode::kText, messageOf(options))),
        answer_(options.expect.empty() ? messageOf(options) : options.expect),
        sent_(options.connections) {}

  void start() override {
    const size_t active = options_.active == 0 ? size() : std::min<size_t>(options_.active, size());
    for (size_t index = 0; index < active; ++index) {
      for (uint32_t i = 0; i < options_.window; ++i) send(index);
      socket(index).flush();
    }
  }

 protected:
  void onMessage(size_t index, std::string_view message) override {
    if (sent_[index].empty()) return measurement_.failed("a message that answers nothing");
    const Nanoseconds started = sent_[index].front();
    sent_[index].pop_front();
    if (message == answer_)
      measurement_.succeeded(started, monotonicNow());
    else
      measurement_.failed("unexpected answer: " + std::string(message.substr(0, 100)));
    send(index);
  }

 private:
  void send(size_t index) {
    socket(index).queue(frame_);
    sent_[index].push_back(monotonicNow());
  }

  const std::string frame_;
  const std::string answer_;
  std::vector<std::deque<Nanoseconds>> sent_;  // per socket, oldest first: answers keep the order
};

}  // namespace

std::unique_ptr<Load> makeEchoLoad(const Options& options, Poller& poller,
                                   Measurement& measurement) {
  return std::make_unique<EchoLoad>(options, poller, measurement);
}

}  // namespace holdfast::bench
