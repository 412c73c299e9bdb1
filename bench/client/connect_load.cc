// Connect: so many handshakes are under way at a time; when one is answered, the next begins. All
// sockets stay open until the end. An operation is one socket: from connect() to the whole 101.
#include "load.h"
#include "path_template.h"
#include "ws_handshake.h"

namespace holdfast::bench {
namespace {

class ConnectLoad : public Load {
 public:
  ConnectLoad(const Options& options, Poller& poller, Measurement& measurement)
      : Load(options, poller, measurement), paths_(options.path) {}

  std::string open() override {
    return paths_.valid() ? "" : "--path: braces hold neither A..B nor n";
  }

  void start() override {
    for (uint32_t i = 0; i < options_.connections; ++i) begin();
  }

  void onReady(size_t index) override {
    Client& client = *clients_[index];
    if (client.isOpen) return;
    if (!client.stream.flush() || !client.stream.read())
      return finish(client, client.stream.failure());
    if (hasAnswer(client.stream)) finish(client, takeAnswer(client.stream, client.path));
  }

 private:
  struct Client {
    Stream stream;
    std::string path;
    Nanoseconds began = 0;
    bool isOpen = false;
  };

  void begin() {
    if (clients_.size() == options_.requests) return;
    const size_t index = clients_.size();
    clients_.push_back(std::make_unique<Client>());
    Client& client = *clients_.back();
    client.path = paths_.next();
    client.began = monotonicNow();
    const std::string failure = askToUpgrade(client.stream, options_, client.path);
    const bool watched = failure.empty() && client.stream.makeNonBlocking() &&
                         poller_.add(client.stream.fd(), index);
    if (!watched) measurement_.failed(failure.empty() ? client.stream.failure() : failure);
  }

  void finish(Client& client, const std::string& failure) {
    client.isOpen = true;
    if (failure.empty()) {
      measurement_.succeeded(client.began, monotonicNow());
    } else {
      measurement_.failed(failure);
    }
    if (!measurement_.done()) begin();
  }

  PathTemplate paths_;
  std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace

std::unique_ptr<Load> makeConnectLoad(const Options& options, Poller& poller,
                                      Measurement& measurement) {
  return std::make_unique<ConnectLoad>(options, poller, measurement);
}

}  // namespace holdfast::bench
