// SocketCalls: reads and writes of several sockets at once, for one system call where the kernel
// lets (sys/io_ring.h), else for one each: what moves and what comes back are the same.
//
// Why: where a system call costs about a microsecond, as in virtual machines, two of them are half
// of what a short request costs (docs/decisions/0023-batched-socket-calls.md).
//
// Contract: as read() and write() of StreamSocket, for each socket at most once in a call, in no
// order among them. Thread: one, which also makes it and ends it: the kernel interrupts whoever
// has used a ring when that goes, and a blocking call of another thread would end with EINTR.
// Failure: an outcome for each; nothing throws.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "sys/io_ring.h"
#include "sys/stream_socket.h"

namespace holdfast::sys {

class SocketCalls {
 public:
  enum class Mode : uint8_t {
    kBatched,  // where the kernel lets
    kSingle,
  };

  static constexpr size_t kMax = 32;        // sockets in a call
  static constexpr size_t kPiecesMax = 16;  // of one of them; the owner writes the others next

  struct Read {
    StreamSocket* socket = nullptr;
    std::span<char> into;
    IoResult result;
  };
  struct Write {
    StreamSocket* socket = nullptr;
    std::array<std::string_view, kPiecesMax> pieces;
    size_t count = 0;  // of pieces
    IoResult result;
  };

  explicit SocketCalls(Mode mode);

  [[nodiscard]] bool isBatched() const { return ring_ != nullptr; }
  void read(std::span<Read> reads);
  void write(std::span<Write> writes);

 private:
  struct Message {
    std::array<iovec, kPiecesMax> pieces{};
    msghdr header{};
  };

  void addWrite(const Write& write, Message& message);

  std::unique_ptr<IoRing> ring_;
  std::array<int32_t, kMax> results_{};
  std::unique_ptr<std::array<Message, kMax>> messages_;  // with a ring
};

}  // namespace holdfast::sys
