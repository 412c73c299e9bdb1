#include "net/socket_session.h"

#include <algorithm>
#include <utility>

namespace holdfast::net {
namespace {

constexpr uint32_t kRepliesQueuedMax = 256;  // then the peer must read before we read on
constexpr uint8_t kPingsUnansweredMax = 2;
constexpr uint16_t kGoingAway = 1001;
constexpr size_t kOutputOverheadBytes = 64;  // memory of a queued output beside its bytes

}  // namespace

SocketSession::SocketSession(SessionContext& context, Transport& transport, SocketStart start)
    : context_(context),
      transport_(transport),
      socket_(start.socket),
      request_(start.request),
      compression_(start.compression),
      deflateWindowBits_(start.deflateWindowBits),
      shared_(std::move(start.shared)),
      autoResponse_(std::move(start.autoResponse)),
      parser_(context.options.limits.socketMessageBytesMax, start.compression),
      pending_(std::move(start.input)),
      activeAt_(context.now) {
  context_.sockets[socket_] = this;
  context_.closeRequest(request_);
}

bool SocketSession::mayParse() const {
  return open_ && !stopped_ && !closeReceived_ &&
         repliesQueued_ + answersHeld_.size() < kRepliesQueuedMax &&
         unconsumedBytes_ <= context_.options.limits.socketInboundBytesMax;
}

bool SocketSession::wantsInput() const {
  if (inputEnded_ || stopped_) return false;
  return closeReceived_ || mayParse();  // after a Close only the end of the connection can come
}

void SocketSession::onInput(std::string_view bytes) {
  pingsUnanswered_ = 0;
  if (!closeReceived_) activeAt_ = context_.now;
  if (!pending_.empty()) {
    pending_.append(bytes);
    resume();
    return;
  }
  const size_t used = parse(bytes);
  if (!stopped_ && !closeReceived_ && used < bytes.size()) pending_.assign(bytes.substr(used));
}

void SocketSession::resume() {
  if (pending_.empty()) return;
  const size_t used = parse(pending_);
  if (stopped_ || closeReceived_ || used == pending_.size()) {
    pending_ = {};
  } else {
    pending_.erase(0, used);
  }
}

size_t SocketSession::parse(std::string_view input) {
  const size_t size = input.size();
  while (mayParse() && !input.empty()) {
    switch (parser_.next(input)) {
      case FrameParser::Event::kNeedMore:
        break;
      case FrameParser::Event::kText:
        onMessage(parser_.takePayload(), true);
        break;
      case FrameParser::Event::kBinary:
        onMessage(parser_.takePayload(), false);
        break;
      case FrameParser::Event::kPing:
        if (!closeQueued_) sendReply(controlFrame(Opcode::kPong, parser_.takePayload()));
        break;
      case FrameParser::Event::kPong:
        break;
      case FrameParser::Event::kClose:
        onPeerClose(parser_.takePayload());
        break;
      case FrameParser::Event::kError:
        refuse(parser_.errorCode(), parser_.errorText());
        break;
    }
  }
  return size - input.size();
}

void SocketSession::onMessage(std::string message, bool text) {
  if (parser_.compressed()) {
    std::string inflated;
    const auto result =
        context_.codec.inflate(message, context_.options.limits.socketMessageBytesMax, inflated);
    if (result == MessageCodec::Inflated::kTooBig) return refuse(1009, "message is too big");
    if (result == MessageCodec::Inflated::kCorrupt) return refuse(1007, "bad compressed data");
    message = std::move(inflated);
  }
  if (text && !isValidUtf8(message)) return refuse(1007, "text is not UTF-8");
  if (answered(message, text)) return;
  unconsumedBytes_ += message.size() + kSocketMessageCost;
  handedBytes_ += message.size() + kSocketMessageCost;
  context_.sink.onSocketMessage(socket_, Bytes(std::move(message)), text);
}

// S6.13.3: a text equal to the automatic request never reaches the host. Its answer keeps its
// place: it waits until the host has taken the messages before it, so that what they are answered
// with at once goes first.
bool SocketSession::answered(const std::string& message, bool text) {
  if (!text || !autoResponse_ || closeQueued_ || message != autoResponse_->request) return false;
  if (shared_) shared_->autoResponseAtMs.store(context_.wallNow(), std::memory_order_relaxed);
  if (unconsumedBytes_ > 0) {
    answersHeld_.push_back(handedBytes_);
  } else {
    sendAnswer();
  }
  return true;
}

void SocketSession::sendHeldAnswers() {
  const uint64_t consumed = handedBytes_ - unconsumedBytes_;
  const auto held = std::find_if(answersHeld_.begin(), answersHeld_.end(),
                                 [consumed](uint64_t behind) { return behind > consumed; });
  const auto ready = held - answersHeld_.begin();
  answersHeld_.erase(answersHeld_.begin(), held);
  for (std::ptrdiff_t i = 0; i < ready; ++i) sendAnswer();
}

void SocketSession::sendAnswer() {
  if (!autoResponse_ || closeQueued_) return;
  std::string frame = frameHeader(Opcode::kText, autoResponse_->response.size());
  frame.append(autoResponse_->response);
  sendReply(std::move(frame));
}

void SocketSession::onPeerClose(const std::string& payload) {
  ClosePayload close = parseClosePayload(payload);
  if (!close.valid) return refuse(1002, "bad Close frame");
  if (!isValidUtf8(close.reason)) return refuse(1007, "close reason is not UTF-8");
  closeReceived_ = true;
  activeAt_ = context_.now;
  peerEnd_ = std::make_unique<SocketEnd>(SocketEnd{close.code, std::move(close.reason), true});
  if (!closeQueued_) {
    context_.sink.onSocketPeerClose(socket_, *peerEnd_);
  } else if (closeSent_) {
    end(*peerEnd_);
    transport_.finish();
  }
}

// The peer broke the protocol: tell it why, and end.
void SocketSession::refuse(uint16_t code, const char* text) {
  stopped_ = true;
  if (!closeQueued_) sendClose(0, code, text);
  end({code, text, false});
  transport_.finish();
}

void SocketSession::onCommand(Command&& command) {
  transport_.touch();
  switch (command.kind) {
    case Command::Kind::kSocketSend:
      if (!closeQueued_) sendMessage(command.after, std::move(command.payload), command.text);
      break;
    case Command::Kind::kSocketClose:
      if (!closeQueued_) sendClose(command.after, command.status, command.payload.view());
      break;
    case Command::Kind::kSocketTerminate:
      end({});
      if (command.last) {
        transport_.finish();
      } else {
        transport_.cut(Transport::Cut::kPlain);
      }
      break;
    case Command::Kind::kSocketConsumed:
      unconsumedBytes_ -= std::min(unconsumedBytes_, command.count);
      sendHeldAnswers();
      resume();
      break;
    case Command::Kind::kSocketAutoResponse:
      autoResponse_ = std::move(command.autoResponse);
      break;
    default:
      break;
  }
}

void SocketSession::onBroadcast(Lsn after, SharedMessage& message) {
  if (closeQueued_) return;
  transport_.touch();
  Output output;
  output.after = after;
  output.body = compression_ == Compression::kDeflate
                    ? message.deflated(context_.codec, deflateWindowBits_)
                    : message.plain();
  push(std::move(output));
}

void SocketSession::sendMessage(Lsn after, Bytes payload, bool text) {
  const Opcode opcode = text ? Opcode::kText : Opcode::kBinary;
  Output output;
  output.after = after;
  std::string deflated;
  if (compression_ == Compression::kDeflate && payload.size() >= kDeflateBytesMin &&
      context_.codec.deflate(payload.view(), deflateWindowBits_, deflated)) {
    output.head = frameHeader(opcode, deflated.size(), Payload::kDeflated);
    output.body = Bytes(std::move(deflated));
  } else {
    output.head = frameHeader(opcode, payload.size());
    if (payload.size() <= kJoinBytesMax) {
      output.head.append(payload.view());
    } else {
      output.body = std::move(payload);
    }
  }
  push(std::move(output));
}

void SocketSession::sendClose(Lsn after, uint16_t code, std::string_view reason) {
  closeQueued_ = true;
  Output output;
  output.after = after;
  output.head = closeFrame(code, reason);
  output.milestone = Milestone::kCloseFrame;
  push(std::move(output));
}

void SocketSession::sendReply(std::string frame) {
  ++repliesQueued_;
  Output output;
  output.head = std::move(frame);
  output.milestone = Milestone::kReply;
  push(std::move(output));
}

void SocketSession::push(Output output) {
  outboundBytes_ += output.size() + kOutputOverheadBytes;
  if (shared_) shared_->outboundBytes.fetch_add(output.size(), std::memory_order_relaxed);
  if (outboundBytes_ > context_.options.limits.socketOutboundBytesMax) {
    end({});
    transport_.cut(Transport::Cut::kReset);
    return;
  }
  transport_.send(std::move(output));
}

void SocketSession::onSent(const Output& output) {
  if (output.milestone == Milestone::kUpgraded) return handshakeDone();
  outboundBytes_ -= output.size() + kOutputOverheadBytes;
  if (shared_) shared_->outboundBytes.fetch_sub(output.size(), std::memory_order_relaxed);
  if (closeReceived_ || closeQueued_) activeAt_ = context_.now;
  if (output.milestone == Milestone::kReply) {
    --repliesQueued_;
    resume();
  } else if (output.milestone == Milestone::kCloseFrame) {
    closeSent_ = true;
    if (closeReceived_) {
      end(*peerEnd_);
      transport_.finish();
    }
  }
}

void SocketSession::handshakeDone() {
  open_ = true;
  context_.sink.onRequestDone(std::exchange(request_, kNoHandle), true);
  resume();
}

void SocketSession::onInputEnd() {
  inputEnded_ = true;
  // Before the 101 the write will tell; after a Close the peer may only have ended its side and
  // still read our answer.
  if (!open_ || closeReceived_) return;
  SocketEnd finished;
  finished.finished = true;
  end(std::move(finished));
  transport_.cut(Transport::Cut::kPlain);
}

void SocketSession::onGone() {
  if (request_ != kNoHandle) {
    context_.sink.onRequestDone(std::exchange(request_, kNoHandle), false);
  }
  end(peerEnd_ ? *peerEnd_ : SocketEnd{});
}

void SocketSession::end(SocketEnd end) {
  stopped_ = true;
  pending_ = {};
  const SocketHandle socket = std::exchange(socket_, kNoHandle);
  if (socket == kNoHandle) return;
  context_.closeSocket(socket);
  context_.sink.onSocketClosed(socket, std::move(end));
}

InstantMs SocketSession::deadline() const {
  const Limits& limits = context_.options.limits;
  if (stopped_ || !open_) return kNever;
  if (closeSent_ || closeReceived_) return activeAt_ + limits.closeHandshakeTimeoutMs;
  if (limits.socketPingIntervalMs == 0 || !wantsInput()) return kNever;
  const int64_t silentIntervals = 1 + pingsUnanswered_;
  return activeAt_ + silentIntervals * limits.socketPingIntervalMs;
}

void SocketSession::onDeadline(InstantMs now) {
  if (deadline() > now) return;
  if (closeSent_ || closeReceived_ || pingsUnanswered_ >= kPingsUnansweredMax) {
    onGone();
    transport_.cut(Transport::Cut::kPlain);
    return;
  }
  ++pingsUnanswered_;
  sendReply(controlFrame(Opcode::kPing, {}));
}

void SocketSession::onDrain() {
  if (!closeQueued_ && !stopped_) sendClose(0, kGoingAway, {});
}

}  // namespace holdfast::net
