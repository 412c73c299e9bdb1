#include "node/turn_codec.h"

#include <algorithm>
#include <variant>

namespace holdfast::node {
namespace {

bool isAscii(std::string_view text) {
  unsigned bits = 0;  // no branch, so that the compiler takes many bytes at a time
  for (const char byte : text) bits |= static_cast<unsigned char>(byte);
  return bits < 0x80U;
}

// The payloads of one turn: an array made at the first one, with room for one an event, so that it
// never grows.
class PayloadList {
 public:
  PayloadList(Napi::Env env, size_t events) : env_(env), events_(events) {}

  // Its index + 1; 0 when the environment is going away.
  uint32_t add(Napi::Value value) {
    if (array_ == nullptr && napi_create_array_with_length(env_, events_, &array_) != napi_ok) {
      return 0;
    }
    if (napi_set_element(env_, array_, count_, value) != napi_ok) return 0;
    return ++count_;
  }
  Napi::Value array() { return array_ == nullptr ? env_.Undefined() : Napi::Value(env_, array_); }

 private:
  Napi::Env env_;
  size_t events_;
  napi_value array_ = nullptr;
  uint32_t count_ = 0;
};

// Writes one event's words.
class EventWriter {
 public:
  EventWriter(Napi::Env env, uint32_t* words, std::string& text, PayloadList& payloads)
      : env_(env), words_(words), text_(text), payloads_(payloads) {
    std::fill(words, words + kWordsPerEvent, 0U);
  }

  void operator()(const net::RequestHead& head) {
    kind(TurnKind::kRequest,
         (head.bodyComplete ? kFlagComplete : 0U) | (head.upgradeWebSocket ? kFlagUpgrade : 0U) |
             (head.secure ? kFlagSecure : 0U) | (head.framed ? kFlagFramed : 0U));
    handle(1, head.request);
    if (!head.body.empty()) payload(copyToUint8Array(env_, head.body.view()));
    words_[4] = static_cast<uint32_t>(text_.size());
    words_[5] = append(head.method);
    words_[6] = append(head.target);
    words_[7] = append(head.host);
    words_[8] = append(head.headers);
    words_[9] = append(head.remoteAddress);
    if (!isAscii(std::string_view(text_).substr(words_[4]))) words_[0] |= kFlagUtf8;
  }

  void operator()(const host::RequestBody& body) {
    kind(TurnKind::kRequestBody, (body.last ? kFlagLast : 0U) | (body.failed ? kFlagFailed : 0U));
    handle(1, body.request);
    if (!body.chunk.empty()) payload(copyToUint8Array(env_, body.chunk.view()));
  }

  void operator()(const host::ResponseWritable& writable) {
    kind(TurnKind::kResponseWritable, 0);
    handle(1, writable.request);
    words_[4] = static_cast<uint32_t>(std::min<uint64_t>(writable.bytes, UINT32_MAX));
  }

  void operator()(const host::RequestDone& done) {
    kind(TurnKind::kRequestDone, done.complete ? kFlagComplete : 0U);
    handle(1, done.request);
  }

  void operator()(const host::SocketMessage& message) {
    kind(TurnKind::kSocketMessage, message.text ? kFlagText : 0U);
    handle(1, message.socket);
    messagePayload(message.message, message.text);
  }

  void operator()(const host::SocketEnded& ended) {
    kind(TurnKind::kSocketEnded, (ended.last ? kFlagLast : 0U) |
                                     (ended.end.clean ? kFlagClean : 0U) |
                                     (ended.end.finished ? kFlagFinished : 0U));
    handle(1, ended.socket);
    words_[4] = ended.end.code;
    payload(Napi::String::New(env_, ended.end.reason));
  }

  void operator()(const host::FlushFailed& failed) {
    kind(TurnKind::kFlushFailed, 0);
    payload(Napi::String::New(env_, failed.message));
  }

  void operator()(const host::ServerNotice& notice) {
    kind(TurnKind::kNotice, 0);
    payload(Napi::String::New(env_, notice.text));
  }

  void operator()(const host::ServerDrained& /*drained*/) { kind(TurnKind::kDrained, 0); }

  void operator()(const host::GateOpened& opened) {
    kind(TurnKind::kGateOpened, 0);
    number(4, opened.ticket);
  }

  void operator()(const host::CommitFailed& failed) {
    kind(TurnKind::kCommitFailed, 0);
    handle(1, failed.actor);
    payload(Napi::String::New(env_, failed.message));
  }

  void operator()(const core::Delivery& delivery) {
    const core::Event& event = delivery.event;
    kind(TurnKind::kActor, (event.text ? kFlagText : 0U) | (event.clean ? kFlagClean : 0U) |
                               (event.finished ? kFlagFinished : 0U));
    handle(1, delivery.actor);
    words_[4] = static_cast<uint32_t>(event.kind);
    words_[5] = event.token;
    handle(6, event.socket);
    words_[8] = event.code;
    number(9, static_cast<uint64_t>(event.at));
    words_[11] = event.section;
    if (event.kind == core::EventKind::kSocketMessage) {
      messagePayload(event.payload, event.text);
    } else if (!event.payload.empty()) {
      payload(Napi::String::New(env_, std::string(event.payload.view())));
    }
  }

 private:
  void kind(TurnKind value, uint32_t flags) { words_[0] = static_cast<uint32_t>(value) | flags; }
  void handle(size_t at, Handle value) {
    words_[at] = handleIndex(value);
    words_[at + 1] = handleGeneration(value);
  }
  void number(size_t at, uint64_t value) {
    words_[at] = static_cast<uint32_t>(value);
    words_[at + 1] = static_cast<uint32_t>(value >> 32U);
  }
  // One byte is one character of the string; lib/ decodes what is not ASCII (kFlagUtf8).
  uint32_t append(const std::string& part) {
    text_ += part;
    return static_cast<uint32_t>(part.size());
  }
  void payload(Napi::Value value) { words_[3] = payloads_.add(value); }
  void messagePayload(const Bytes& message, bool text) {
    const std::string_view bytes = message.view();
    if (text) {
      payload(Napi::String::New(env_, bytes.data() == nullptr ? "" : bytes.data(), bytes.size()));
    } else {
      payload(copyToArrayBuffer(env_, bytes));
    }
  }

  Napi::Env env_;
  uint32_t* words_;
  std::string& text_;
  PayloadList& payloads_;
};

}  // namespace

bool TurnCodec::reserve(Napi::Env env, size_t events) {
  if (events <= capacity_) return true;
  const size_t capacity = std::max<size_t>(events, std::max<size_t>(capacity_ * 2, 64));
  const size_t length = capacity * kWordsPerEvent;
  void* data = nullptr;
  napi_value buffer = nullptr;
  napi_value words = nullptr;
  if (napi_create_arraybuffer(env, length * sizeof(uint32_t), &data, &buffer) != napi_ok ||
      napi_create_typedarray(env, napi_uint32_array, length, buffer, 0, &words) != napi_ok) {
    return false;
  }
  capacity_ = capacity;
  data_ = static_cast<uint32_t*>(data);
  words_ = Napi::Persistent(Napi::Value(env, words).As<Napi::Uint32Array>());
  return true;
}

std::optional<TurnCodec::Encoded> TurnCodec::encode(Napi::Env env, const host::Turn& turn) {
  Encoded encoded;
  const size_t before = capacity_;
  if (!reserve(env, turn.events.size())) return std::nullopt;
  encoded.grown = capacity_ != before;
  encoded.count = turn.events.size();
  text_.clear();
  PayloadList payloads(env, turn.events.size());
  uint32_t* words = data_;
  for (const host::TurnEvent& event : turn.events) {
    std::visit(EventWriter(env, words, text_, payloads), event);
    words += kWordsPerEvent;
  }
  napi_value text = nullptr;
  napi_create_string_latin1(env, text_.data(), text_.size(), &text);
  encoded.text = Napi::Value(env, text);
  encoded.payloads = payloads.array();
  return encoded;
}

}  // namespace holdfast::node
