#include "socket_load.h"

#include "ws_frame.h"
#include "ws_handshake.h"

namespace holdfast::bench {
namespace {

constexpr size_t kOpenedBetweenLooks = 64;

}  // namespace

SocketLoad::SocketLoad(const Options& options, Poller& poller, Measurement& measurement)
    : Load(options, poller, measurement), paths_(options.path) {}

std::string SocketLoad::open() {
  if (!paths_.valid()) return "--path: braces hold neither A..B nor n";
  sockets_.reserve(options_.connections);
  for (size_t index = 0; index < options_.connections; ++index) {
    sockets_.push_back(std::make_unique<Stream>());
    const std::string failure = openSocket(*sockets_.back(), options_, paths_.next());
    if (!failure.empty()) return failure;
    if (!poller_.add(sockets_.back()->fd(), index)) return "epoll_ctl failed";
    if (index % kOpenedBetweenLooks == 0) answerPings();
  }
  return "";
}

// To open many takes so long that a server pings those that came first, and drops who does not
// answer.
void SocketLoad::answerPings() {
  for (const epoll_event& event : poller_.wait(0)) {
    if (event.data.u64 < sockets_.size()) onReady(static_cast<size_t>(event.data.u64));
  }
}

void SocketLoad::onReady(size_t index) {
  Stream& stream = socket(index);
  if (stream.fd() < 0) return;
  const bool open = stream.flush() && stream.read();
  if (!readFrames(index) || measurement_.done()) return;
  if (!open || !stream.flush()) lose(index, stream.failure());
}

bool SocketLoad::readFrames(size_t index) {
  Stream& stream = socket(index);
  while (!measurement_.done()) {
    const ServerFrame frame = readFrame(stream.unread());
    if (frame.state == ServerFrame::State::kIncomplete) return true;
    if (frame.state == ServerFrame::State::kBroken) {
      lose(index, "a frame that is fragmented, masked, compressed or unknown");
      return false;
    }
    switch (frame.opcode) {
      case Opcode::kText:
      case Opcode::kBinary:
        onMessage(index, frame.payload);
        break;
      case Opcode::kPing:
        stream.queue(maskedFrame(Opcode::kPong, frame.payload));
        break;
      case Opcode::kPong:
        break;
      case Opcode::kClose:
        lose(index, "the server closed the socket");
        return false;
    }
    stream.consume(frame.bytes);
  }
  return true;
}

void SocketLoad::lose(size_t index, const std::string& why) {
  socket(index).close();
  measurement_.failed(why);
  if (++lost_ == sockets_.size()) measurement_.abandon();
}

std::string messageOf(const Options& options) {
  if (!options.message.empty()) return options.message;
  std::string message;
  for (uint32_t i = 0; i < options.messageBytes; ++i)
    message.push_back(static_cast<char>('a' + i % 26));
  return message;
}

}  // namespace holdfast::bench
