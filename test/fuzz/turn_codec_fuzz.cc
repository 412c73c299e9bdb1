// libFuzzer target: whatever a turn carries, its words, its text and its payloads say the same,
// read as lib/shard.js reads them; and a turn leaves nothing in the words of the next.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "fake_napi.h"
#include "node/turn_codec.h"

using namespace holdfast;
using fuzz::fakeOf;

namespace {

class Input {
 public:
  explicit Input(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  uint8_t byte() {
    const auto first = static_cast<uint8_t>(bytes_.empty() ? 0 : bytes_.front());
    bytes_.remove_prefix(bytes_.empty() ? 0 : 1);
    return first;
  }
  std::string text() {
    const size_t size = std::min<size_t>(byte(), bytes_.size());
    std::string out(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return out;
  }
  Handle handle() { return makeHandle(0xFFFFFF00U | byte(), 1U + byte()); }
  uint64_t number() { return (uint64_t{byte()} << 56U) | (uint64_t{byte()} << 24U) | byte(); }

 private:
  std::string_view bytes_;
};

net::RequestHead head(Input& in, uint8_t flags) {
  net::RequestHead out;
  out.request = in.handle();
  out.method = in.text();
  out.target = in.text();
  out.host = in.text();
  out.headers = in.text();
  out.remoteAddress = in.text();
  out.body = Bytes(in.text());
  out.bodyComplete = (flags & 1U) != 0;
  out.upgradeWebSocket = (flags & 2U) != 0;
  out.secure = (flags & 4U) != 0;
  return out;
}

core::Delivery delivery(Input& in, uint8_t flags) {
  core::Delivery out;
  out.actor = in.handle();
  out.event.kind = static_cast<core::EventKind>(in.byte() % 8);
  out.event.text = (flags & 1U) != 0;
  out.event.clean = (flags & 2U) != 0;
  out.event.code = static_cast<uint16_t>(in.number());
  out.event.token = static_cast<uint32_t>(in.number());
  out.event.section = static_cast<uint32_t>(in.number());
  out.event.socket = in.handle();
  out.event.at = static_cast<TimestampMs>(in.number());
  out.event.payload = Bytes(in.text());
  return out;
}

host::TurnEvent event(Input& in) {
  const uint8_t kind = in.byte() % 12;
  const uint8_t flags = in.byte();
  const bool flag = (flags & 1U) != 0;
  switch (kind) {
    case 0:
      return head(in, flags);
    case 1:
      return host::RequestBody{in.handle(), Bytes(in.text()), flag, (flags & 2U) != 0};
    case 2:
      return host::ResponseWritable{in.handle(), in.number()};
    case 3:
      return host::RequestDone{in.handle(), flag};
    case 4:
      return host::SocketMessage{in.handle(), Bytes(in.text()), flag};
    case 5:
      return host::SocketEnded{
          in.handle(), {static_cast<uint16_t>(in.number()), in.text(), (flags & 2U) != 0}, flag};
    case 6:
      return host::FlushFailed{in.text()};
    case 7:
      return host::GateOpened{in.number()};
    case 8:
      return host::CommitFailed{in.handle(), in.text()};
    case 9:
      return host::ServerNotice{in.text()};
    case 10:
      return host::ServerDrained{};
    default:
      return delivery(in, flags);
  }
}

// Reads one event's words as JavaScript does.
class Reader {
 public:
  Reader(const uint32_t* words, const std::u16string& text, const std::vector<napi_value>& payloads)
      : words_(words), text_(text), payloads_(payloads) {}

  void operator()(const net::RequestHead& head) const {
    is(node::TurnKind::kRequest);
    isHandle(1, head.request);
    bool ascii = true;
    size_t at = words_[4];
    size_t word = 5;
    for (const std::string* part :
         {&head.method, &head.target, &head.host, &head.headers, &head.remoteAddress}) {
      DO_CHECK(words_[word] == part->size());
      for (const char byte : *part) {
        DO_CHECK(text_.at(at++) == static_cast<unsigned char>(byte));
        ascii = ascii && static_cast<unsigned char>(byte) < 0x80U;
      }
      ++word;
    }
    DO_CHECK(has(node::kFlagUtf8) == !ascii);
    DO_CHECK(has(node::kFlagComplete) == head.bodyComplete);
    DO_CHECK(has(node::kFlagUpgrade) == head.upgradeWebSocket);
    DO_CHECK(has(node::kFlagSecure) == head.secure);
    bytesAre(head.body);
  }
  void operator()(const host::RequestBody& body) const {
    is(node::TurnKind::kRequestBody);
    isHandle(1, body.request);
    DO_CHECK(has(node::kFlagLast) == body.last && has(node::kFlagFailed) == body.failed);
    bytesAre(body.chunk);
  }
  void operator()(const host::ResponseWritable& writable) const {
    is(node::TurnKind::kResponseWritable);
    isHandle(1, writable.request);
    DO_CHECK(words_[4] == std::min<uint64_t>(writable.bytes, UINT32_MAX));
  }
  void operator()(const host::RequestDone& done) const {
    is(node::TurnKind::kRequestDone);
    isHandle(1, done.request);
    DO_CHECK(has(node::kFlagComplete) == done.complete);
  }
  void operator()(const host::SocketMessage& message) const {
    is(node::TurnKind::kSocketMessage);
    isHandle(1, message.socket);
    DO_CHECK(has(node::kFlagText) == message.text);
    messageIs(message.message);
  }
  void operator()(const host::SocketEnded& ended) const {
    is(node::TurnKind::kSocketEnded);
    isHandle(1, ended.socket);
    DO_CHECK(words_[4] == ended.end.code);
    DO_CHECK(has(node::kFlagLast) == ended.last && has(node::kFlagClean) == ended.end.clean);
    DO_CHECK(payload() == ended.end.reason);
  }
  void operator()(const host::FlushFailed& failed) const {
    is(node::TurnKind::kFlushFailed);
    DO_CHECK(payload() == failed.message);
  }
  void operator()(const host::ServerNotice& notice) const {
    is(node::TurnKind::kNotice);
    DO_CHECK(payload() == notice.text);
  }
  void operator()(const host::ServerDrained& /*drained*/) const { is(node::TurnKind::kDrained); }
  void operator()(const host::GateOpened& opened) const {
    is(node::TurnKind::kGateOpened);
    DO_CHECK(number(4) == opened.ticket);
  }
  void operator()(const host::CommitFailed& failed) const {
    is(node::TurnKind::kCommitFailed);
    isHandle(1, failed.actor);
    DO_CHECK(payload() == failed.message);
  }
  void operator()(const core::Delivery& delivery) const {
    const core::Event& event = delivery.event;
    is(node::TurnKind::kActor);
    isHandle(1, delivery.actor);
    isHandle(6, event.socket);
    DO_CHECK(words_[4] == static_cast<uint32_t>(event.kind) && words_[5] == event.token);
    DO_CHECK(words_[8] == event.code && words_[11] == event.section);
    DO_CHECK(number(9) == static_cast<uint64_t>(event.at));
    DO_CHECK(has(node::kFlagText) == event.text && has(node::kFlagClean) == event.clean);
    if (event.kind == core::EventKind::kSocketMessage) {
      messageIs(event.payload);
    } else {
      bytesAre(event.payload);
    }
  }

 private:
  void is(node::TurnKind kind) const {
    DO_CHECK((words_[0] & 0xFFU) == static_cast<uint32_t>(kind), words_[0]);
  }
  [[nodiscard]] bool has(node::TurnFlag flag) const { return (words_[0] & flag) != 0; }
  void isHandle(size_t at, Handle handle) const {
    DO_CHECK(makeHandle(words_[at], words_[at + 1]) == handle);
  }
  [[nodiscard]] uint64_t number(size_t at) const {
    return uint64_t{words_[at + 1]} << 32U | words_[at];
  }
  [[nodiscard]] std::string payload() const {
    DO_CHECK(words_[3] > 0 && words_[3] <= payloads_.size(), words_[3]);
    const fuzz::FakeValue& value = fakeOf(payloads_[words_[3] - 1]);
    return value.buffer != nullptr ? value.buffer->bytes : value.bytes;
  }
  // Nothing is sent for what is empty.
  void bytesAre(const Bytes& bytes) const {
    DO_CHECK((words_[3] == 0) == bytes.empty());
    if (!bytes.empty()) DO_CHECK(payload() == bytes.view());
  }
  void messageIs(const Bytes& bytes) const { DO_CHECK(payload() == bytes.view()); }

  const uint32_t* words_;
  const std::u16string& text_;
  const std::vector<napi_value>& payloads_;
};

void check(node::TurnCodec& codec, const host::Turn& turn) {
  if (turn.empty()) return;  // nobody is called for nothing
  const auto encoded = codec.encode(fuzz::fakeEnv(), turn);
  DO_CHECK(encoded && encoded->count == turn.events.size());
  const auto* words = reinterpret_cast<const uint32_t*>(fakeOf(codec.words()).buffer->bytes.data());
  for (const host::TurnEvent& event : turn.events) {
    std::visit(Reader(words, fakeOf(encoded->text).units, fakeOf(encoded->payloads).elements),
               event);
    words += node::kWordsPerEvent;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static node::TurnCodec codec;
  Input in({reinterpret_cast<const char*>(data), size});
  host::Turn turn;
  while (!in.empty()) {
    turn.events.push_back(event(in));
    if (turn.events.size() < 8) continue;
    check(codec, turn);
    turn.clear();
    fuzz::fakeReset();
  }
  check(codec, turn);
  fuzz::fakeReset();
  return 0;
}
