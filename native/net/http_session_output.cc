// The output half of HttpSession: commands of the host turned into bytes in the order of the
// requests.
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "net/handshake.h"
#include "net/http_session.h"
#include "net/socket_session.h"

namespace holdfast::net {
namespace {

std::string chunkHeader(size_t bytes) {
  std::array<char, 18> text{};
  char* end = std::to_chars(text.data(), text.data() + 16, bytes, 16).ptr;
  *end++ = '\r';
  *end++ = '\n';
  return {text.data(), end};
}

}  // namespace

Exchange* HttpSession::find(RequestHandle request) {
  for (Exchange& exchange : exchanges_) {
    if (exchange.handle == request) return &exchange;
  }
  return nullptr;
}

void HttpSession::onCommand(Command&& command) {
  Exchange* exchange = find(command.target);
  if (exchange == nullptr) return;
  transport_.touch();
  switch (command.kind) {
    case Command::Kind::kRespond:
      if (!exchange->begun) respond(*exchange, std::move(command));
      break;
    case Command::Kind::kBody:
      if (exchange->begun && !exchange->complete) stream(*exchange, std::move(command));
      break;
    case Command::Kind::kAbortResponse:
      if (!exchange->complete) abort(*exchange, command.after);
      break;
    case Command::Kind::kReadMore:
      exchange->credit += command.count;
      invite(*exchange);
      if (reading_ == Reading::kBody && exchange == &exchanges_.back()) {
        readingSince_ = context_.now;
        bodyPace_.begin(context_.now);
        resume();
      }
      break;
    case Command::Kind::kAcceptSocket:
      upgrade(*exchange, std::move(command));
      break;
    default:
      break;
  }
}

// RFC 9110 section 10.1.1: the host wants the body, and its peer waits for that.
void HttpSession::invite(Exchange& exchange) {
  if (!std::exchange(exchange.expects, false) || exchange.begun) return;
  Output output;
  output.head = "HTTP/1.1 100 Continue\r\n\r\n";
  enqueue(exchange, std::move(output));
}

void HttpSession::respond(Exchange& exchange, Command&& command) {
  // What is streamed may be made of the body, and nothing can be asked for behind the head.
  if (!command.last) invite(exchange);
  ResponseRequest request = exchange.request;
  request.keepAlive = request.keepAlive && !exchange.close;
  std::optional<uint64_t> bodyBytes;
  if (command.last) bodyBytes = command.payload.size();
  ResponseHead head = writeResponseHead(request, command.status, command.headers, bodyBytes,
                                        context_.httpDate(), command.reason);
  exchange.begun = true;
  exchange.close = exchange.close || head.close;
  exchange.framing = head.framing;
  exchange.lengthLeft = head.length;
  Output output;
  output.after = command.after;
  output.head = std::move(head.text);
  if (!command.last) {
    enqueue(exchange, std::move(output));
    if (!command.payload.empty()) {
      appendBody(exchange, command.after, std::move(command.payload), false);
    }
    return;
  }
  const bool withBody = head.framing == BodyFraming::kLength && head.length > 0;
  if (withBody && command.payload.size() <= kJoinBytesMax) {
    output.head.append(command.payload.view());
  } else if (withBody) {
    output.body = std::move(command.payload);
  }
  endResponse(exchange, std::move(output));
}

void HttpSession::stream(Exchange& exchange, Command&& command) {
  appendBody(exchange, command.after, std::move(command.payload), command.last);
}

void HttpSession::appendBody(Exchange& exchange, Lsn after, Bytes payload, bool last) {
  Output output;
  output.after = after;
  output.payloadBytes = payload.size();
  exchange.queuedBytes += payload.size();
  switch (exchange.framing) {
    case BodyFraming::kNone:
      break;  // counted, not sent
    case BodyFraming::kLength:
      if (payload.size() > exchange.lengthLeft || (last && payload.size() < exchange.lengthLeft)) {
        abort(exchange, after);  // the body is not as long as its Content-Length says
        return;
      }
      exchange.lengthLeft -= payload.size();
      output.body = std::move(payload);
      break;
    case BodyFraming::kChunked:
      if (payload.empty()) {
        if (last) output.tail = "0\r\n\r\n";
      } else {
        output.head = chunkHeader(payload.size());
        output.tail = last ? "\r\n0\r\n\r\n" : "\r\n";
        output.body = std::move(payload);
      }
      break;
    case BodyFraming::kUntilClose:
      output.body = std::move(payload);
      break;
  }
  if (last) {
    endResponse(exchange, std::move(output));
  } else {
    enqueue(exchange, std::move(output));
  }
}

void HttpSession::endResponse(Exchange& exchange, Output output) {
  output.milestone = Milestone::kResponseEnd;
  exchange.complete = true;
  enqueue(exchange, std::move(output));
  releaseHeld();
}

void HttpSession::abort(Exchange& exchange, Lsn after) {
  exchange.complete = true;
  Output output;
  output.after = after;
  output.milestone = Milestone::kCut;
  enqueue(exchange, std::move(output));
}

void HttpSession::enqueue(Exchange& exchange, Output output) {
  const bool mayWrite = released_ < exchanges_.size() && &exchange == &exchanges_[released_];
  if (mayWrite) {
    transport_.send(std::move(output));
  } else {
    exchange.held.push_back(std::move(output));
  }
}

// The response at the front of those not complete has become complete: the next one may write.
void HttpSession::releaseHeld() {
  while (released_ < exchanges_.size() && exchanges_[released_].complete) {
    ++released_;
    if (released_ == exchanges_.size()) break;
    for (Output& output : std::exchange(exchanges_[released_].held, {})) {
      transport_.send(std::move(output));
    }
  }
}

void HttpSession::upgrade(Exchange& exchange, Command&& command) {
  if (!exchange.upgrade || exchange.begun) {
    context_.closeSocket(command.socket);
    context_.sink.onSocketClosed(command.socket, {});
    if (exchange.begun) return;
    Command failure;
    failure.status = 500;
    failure.last = true;
    failure.after = command.after;
    respond(exchange, std::move(failure));
    return;
  }
  std::optional<DeflateTerms> deflate;
  if (context_.options.compression) deflate = acceptDeflate(exchange.webSocketExtensions);
  Output output;
  output.after = command.after;
  output.head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
  output.head.append("Sec-WebSocket-Accept: ").append(webSocketAccept(exchange.webSocketKey));
  output.head.append("\r\n");
  if (deflate) {
    output.head.append("Sec-WebSocket-Extensions: ").append(deflate->answer).append("\r\n");
  }
  output.head.append(handshakeFields(command.headers)).append("\r\n");
  output.milestone = Milestone::kUpgraded;
  transport_.send(std::move(output));

  SocketStart start;
  start.socket = command.socket;
  start.request = exchange.handle;
  if (deflate) {
    start.compression = Compression::kDeflate;
    start.deflateWindowBits = deflate->serverWindowBits;
  }
  start.shared = std::move(command.shared);
  start.autoResponse = std::move(command.autoResponse);
  start.input = std::exchange(pending_, {});
  exchanges_.clear();  // an upgrade is always alone on its connection
  reading_ = Reading::kStopped;
  transport_.become(std::make_unique<SocketSession>(context_, transport_, std::move(start)));
}

void HttpSession::onSent(const Output& output) {
  if (output.milestone == Milestone::kCut) {
    dropExchanges(false);
    reading_ = Reading::kStopped;
    transport_.cut(Transport::Cut::kReset);
    return;
  }
  if (exchanges_.empty()) return;
  Exchange& front = exchanges_.front();
  if (output.payloadBytes > 0) {
    front.queuedBytes -= output.payloadBytes;
    front.leftBytes += output.payloadBytes;
    if (output.milestone == Milestone::kNone) reportWritable(front);
  }
  if (output.milestone == Milestone::kResponseEnd) finishFront();
}

void HttpSession::reportWritable(Exchange& exchange) {
  if (exchange.handle == kNoHandle) return;
  if (exchange.queuedBytes >= context_.options.limits.responseQueueBytesMax) return;
  context_.sink.onWritable(exchange.handle, std::exchange(exchange.leftBytes, 0));
}

void HttpSession::finishFront() {
  Exchange& front = exchanges_.front();
  const bool close = front.close;
  const bool discard = !front.bodyDone && reading_ == Reading::kBody;
  hostForgets(front, true);
  exchanges_.pop_front();
  --released_;
  if (close) {
    reading_ = Reading::kStopped;
    dropExchanges(false);
    transport_.finish();
    return;
  }
  if (discard) {
    reading_ = Reading::kDiscard;
    readingSince_ = context_.now;
    bodyPace_.begin(context_.now);
  }
  if (exchanges_.empty()) readingSince_ = context_.now;
  if (context_.draining && exchanges_.empty() && reading_ != Reading::kHeld) {
    reading_ = Reading::kStopped;
    transport_.finish();
    return;
  }
  resume();
  if (inputEnded_ && reading_ == Reading::kHead) {
    reading_ = Reading::kStopped;
    if (exchanges_.empty()) {
      transport_.finish();
    } else {
      exchanges_.back().close = true;
    }
  }
}

void HttpSession::hostForgets(Exchange& exchange, bool complete) {
  const RequestHandle handle = std::exchange(exchange.handle, kNoHandle);
  if (handle == kNoHandle) return;
  context_.closeRequest(handle);
  if (!exchange.bodyDone) context_.sink.onBody(handle, {}, true, true);
  context_.sink.onRequestDone(handle, complete);
}

void HttpSession::dropExchanges(bool complete) {
  for (Exchange& exchange : exchanges_) hostForgets(exchange, complete);
  exchanges_.clear();
  released_ = 0;
}

}  // namespace holdfast::net
