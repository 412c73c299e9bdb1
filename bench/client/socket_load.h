// SocketLoad: what the loads over WebSockets share: many open sockets, their frames, pings
// answered, losses counted. One thread. Owner: main. Failure: a lost socket is an error of the
// measurement and stays closed.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "load.h"
#include "path_template.h"

namespace holdfast::bench {

class SocketLoad : public Load {
 public:
  SocketLoad(const Options& options, Poller& poller, Measurement& measurement);

  std::string open() override;
  void onReady(size_t index) override;

 protected:
  // A text or binary message arrived on socket `index`. What it queues is flushed by the caller.
  virtual void onMessage(size_t index, std::string_view message) = 0;

  [[nodiscard]] Stream& socket(size_t index) { return *sockets_[index]; }
  [[nodiscard]] size_t size() const { return sockets_.size(); }
  void lose(size_t index, const std::string& why);

 private:
  void answerPings();
  // False: the socket is lost.
  bool readFrames(size_t index);

  PathTemplate paths_;
  std::vector<std::unique_ptr<Stream>> sockets_;
  size_t lost_ = 0;
};

// The message the options ask for.
std::string messageOf(const Options& options);

}  // namespace holdfast::bench
