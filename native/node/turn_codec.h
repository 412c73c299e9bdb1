// TurnCodec: a Turn as JavaScript gets it: integers in one shared Uint32Array, heads of requests in
// one string, payloads as an array of values (guide, section 8).
//
// Layout: kWordsPerEvent words an event (see Word and TurnKind; exported to JavaScript by addon.cc,
// never typed twice). Thread: the shard's. Owner: RuntimeObject. The words' buffer grows and is
// announced to JavaScript when it does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "host/turn.h"
#include "node/napi_setup.h"

namespace holdfast::node {

constexpr uint32_t kWordsPerEvent = 12;

enum class TurnKind : uint32_t {
  kRequest = 1,
  kRequestBody,
  kResponseWritable,
  kRequestDone,
  kSocketMessage,
  kSocketEnded,
  kFlushFailed,
  kDrained,
  kActor,
  kGateOpened,
  kCommitFailed,
  kNotice,
};

// Word 0 holds the kind in its low byte and flags above.
enum TurnFlag : uint32_t {
  kFlagLast = 1U << 8U,       // body: last piece; socket: nothing more comes
  kFlagFailed = 1U << 9U,     // body ended by a failure
  kFlagComplete = 1U << 10U,  // request: the body is complete; done: the response was written
  kFlagUpgrade = 1U << 11U,   // request: WebSocket opening handshake
  kFlagText = 1U << 12U,
  kFlagClean = 1U << 13U,
  kFlagUtf8 = 1U << 14U,      // request: its text is not ASCII alone, one character for each byte
  kFlagSecure = 1U << 15U,    // request: it came through TLS
  kFlagFramed = 1U << 16U,    // request: it has a body, be it empty
  kFlagFinished = 1U << 17U,  // socket: without a Close frame, but no reset
};

// Words 1 and 2: handle (index, generation). Word 3: payload's index + 1 in the array, 0 = none.
// kRequest: 4 text offset, 5 method, 6 target, 7 host, 8 headers, 9 remote address: lengths in the
// text, in this order. kResponseWritable: 4 bytes (saturated). kGateOpened: 4, 5 ticket low, high.
// kSocketEnded: 4 code, payload = reason. kFlushFailed, kCommitFailed, kNotice: payload = message.
// kActor: 4 EventKind, 5 token, 6, 7 socket handle, 8 code, 9, 10 time low, high (ms), 11 section.
class TurnCodec {
 public:
  struct Encoded {
    size_t count = 0;
    Napi::Value text;      // string
    Napi::Value payloads;  // array or undefined
    bool grown = false;    // words() is a new array: announce it
  };

  // Nothing when the environment is going away and has no room for more words.
  std::optional<Encoded> encode(Napi::Env env, const host::Turn& turn);
  Napi::Value words() const { return words_.Value(); }

 private:
  bool reserve(Napi::Env env, size_t events);

  Napi::Reference<Napi::Uint32Array> words_;
  uint32_t* data_ = nullptr;
  size_t capacity_ = 0;  // events
  std::string text_;
};

}  // namespace holdfast::node
