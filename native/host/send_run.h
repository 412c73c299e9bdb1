// SendRun: the sockets that one message goes to, as long as nothing else comes between.
//
// JavaScript sends a broadcast socket by socket. It crosses into native with the first one; for
// each further one of the same message it writes the handle into words that both sides share, and
// counts it. Whoever adds an output, or changes what outputs depend on, takes the run first
// (ShardSockets::settleSends), so that the order of calls stays that of outputs (S2.6.4, S6.4.5).
//
// Words: [0] how many sockets, then two for each, index and generation of its handle.
// Thread: the shard's.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"

namespace holdfast::host {

class SendRun {
 public:
  static constexpr uint32_t kSocketsMax = 1'024;
  static constexpr size_t kWords = 1 + 2 * size_t{kSocketsMax};

  // `words`: kWords of them, zero, which stay until the last call of this object.
  void share(uint32_t* words) { words_ = words; }

  [[nodiscard]] bool empty() const { return words_[0] == 0; }
  // Of an empty run.
  void begin(Bytes payload, bool text) {
    payload_ = std::move(payload);
    text_ = text;
  }
  [[nodiscard]] bool isOf(const Bytes& payload, bool text) const {
    return !empty() && text == text_ && payload.view() == payload_.view();
  }
  // False: it has as many as it takes.
  bool add(SocketHandle socket) {
    const uint32_t at = words_[0];
    if (at >= kSocketsMax) return false;
    words_[2 * at + 1] = handleIndex(socket);
    words_[2 * at + 2] = handleGeneration(socket);
    words_[0] = at + 1;
    return true;
  }

  struct Taken {
    std::vector<SocketHandle> sockets;
    Bytes payload;
    bool text = false;
  };
  // It is empty afterwards.
  Taken take() {
    Taken taken{{}, std::move(payload_), text_};
    const uint32_t count = std::min(std::exchange(words_[0], 0U), kSocketsMax);
    taken.sockets.reserve(count);
    for (uint32_t i = 0; i < count; ++i) {
      taken.sockets.push_back(makeHandle(words_[2 * i + 1], words_[2 * i + 2]));
    }
    payload_ = {};
    return taken;
  }

 private:
  std::vector<uint32_t> own_ = std::vector<uint32_t>(kWords);  // until others are shared
  uint32_t* words_ = own_.data();
  Bytes payload_;
  bool text_ = false;
};

}  // namespace holdfast::host
