// HTTP keep-alive: every connection has one request under way; the next leaves when its response
// has come.
#include "http_response.h"
#include "load.h"
#include "path_template.h"

namespace holdfast::bench {
namespace {

constexpr uint64_t kReconnectsInRowMax = 100;  // a server that is gone must not keep us busy

class HttpLoad : public Load {
 public:
  HttpLoad(const Options& options, Poller& poller, Measurement& measurement)
      : Load(options, poller, measurement), paths_(options.path) {
    requestTail_ =
        " HTTP/1.1\r\nHost: " + options.address + ":" + std::to_string(options.port) + "\r\n";
    if (!options.body.empty() || options.method == "POST" || options.method == "PUT")
      requestTail_ += "Content-Length: " + std::to_string(options.body.size()) + "\r\n";
    requestTail_ += "\r\n" + options.body;
  }

  std::string open() override {
    if (!paths_.valid()) return "--path: braces hold neither A..B nor n";
    for (size_t index = 0; index < options_.connections; ++index) {
      clients_.push_back(std::make_unique<Client>());
      if (!connect(index)) return clients_[index]->stream.failure();
    }
    return "";
  }

  void start() override {
    for (size_t index = 0; index < clients_.size(); ++index) request(index);
  }

  void onReady(size_t index) override {
    Client& client = *clients_[index];
    if (client.stream.fd() < 0) return;
    const bool open = client.stream.flush() && client.stream.read();
    while (!client.stream.unread().empty()) {
      const HttpResponse response = readResponse(client.stream.unread());
      if (response.state == HttpResponse::State::kIncomplete) break;
      if (response.state == HttpResponse::State::kBroken)
        return reconnect(index, "a response that is not HTTP/1.1");
      client.stream.consume(response.bytes);
      finish(client, response);
      if (measurement_.done()) return;
      if (response.close) return reconnect(index, "Connection: close");
      request(index);
    }
    if (!open) reconnect(index, client.stream.failure());
  }

 private:
  struct Client {
    Stream stream;
    Nanoseconds sent = 0;
  };

  bool connect(size_t index) {
    Stream& stream = clients_[index]->stream;
    return stream.connect(options_.address, options_.port) && stream.makeNonBlocking() &&
           poller_.add(stream.fd(), index);
  }

  void reconnect(size_t index, const std::string& why) {
    measurement_.failed(why);
    if (measurement_.done()) return;
    if (++reconnectsInRow_ > kReconnectsInRowMax || !connect(index)) {
      clients_[index]->stream.close();
      if (++closed_ == clients_.size()) measurement_.abandon();
      return;
    }
    request(index);
  }

  void request(size_t index) {
    Client& client = *clients_[index];
    client.stream.queue(options_.method);
    client.stream.queue(" ");
    client.stream.queue(paths_.next());
    client.stream.queue(requestTail_);
    client.sent = monotonicNow();
    client.stream.flush();  // a broken connection shows at the next read
  }

  void finish(const Client& client, const HttpResponse& response) {
    if (response.status != 200) {
      measurement_.failed("status " + std::to_string(response.status));
    } else if (!options_.expect.empty() &&
               response.body.find(options_.expect) == std::string::npos) {
      measurement_.failed("unexpected body: " + response.body.substr(0, 100));
    } else {
      reconnectsInRow_ = 0;
      measurement_.succeeded(client.sent, monotonicNow());
    }
  }

  std::vector<std::unique_ptr<Client>> clients_;
  PathTemplate paths_;
  std::string requestTail_;
  uint64_t reconnectsInRow_ = 0;
  size_t closed_ = 0;
};

}  // namespace

std::unique_ptr<Load> makeHttpLoad(const Options& options, Poller& poller,
                                   Measurement& measurement) {
  return std::make_unique<HttpLoad>(options, poller, measurement);
}

}  // namespace holdfast::bench
