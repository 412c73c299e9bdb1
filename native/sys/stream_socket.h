// StreamSocket: one connected, non-blocking stream socket (TCP or Unix domain) and the calls on it.
//
// Contract: owns the descriptor. A call that would have to wait says kBlocked. No call raises
// SIGPIPE. Thread: its owner's. Failure: kFailed; the connection is of no use any more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace holdfast::sys {

enum class IoOutcome : uint8_t {
  kDone,     // `bytes` were moved, at least one
  kBlocked,  // none could be moved now
  kEnded,    // reading: the peer has ended its side
  kFailed,
};

struct IoResult {
  IoOutcome outcome = IoOutcome::kFailed;
  size_t bytes = 0;
};

class StreamSocket {
 public:
  StreamSocket() = default;
  // Takes the descriptor, which must be non-blocking.
  explicit StreamSocket(int fd) : fd_(fd) {}
  // Of a descriptor that somebody else has made, which becomes non-blocking; closed, and so is the
  // descriptor, when it is no socket.
  static StreamSocket take(int fd);
  StreamSocket(StreamSocket&& other) noexcept;
  StreamSocket& operator=(StreamSocket&&) = delete;
  ~StreamSocket() { close(); }

  [[nodiscard]] int descriptor() const { return fd_; }  // -1 when closed
  IoResult read(std::span<char> into);
  // Gathers the pieces, in order; at most kPiecesMax.
  IoResult write(std::span<const std::string_view> pieces);
  bool shutDownWriting();
  // The peer of a closed socket sees a reset instead of an orderly end.
  void resetOnClose();
  void close();

  static constexpr size_t kPiecesMax = 64;

 private:
  int fd_ = -1;
};

// What accept() of a listening descriptor gave.
struct Accepted {
  enum class Outcome : uint8_t {
    kConnection,
    kNone,         // nobody waits
    kPeerGone,     // that one peer failed: go on
    kNoResources,  // descriptors or memory are used up: those who wait stay in the backlog
  };
  Outcome outcome = Outcome::kNone;
  StreamSocket socket;
  // Of the peer, without port; an IPv4 address on an IPv6 listener as IPv4. Empty for a Unix-domain
  // socket.
  std::string address;
};

Accepted acceptFrom(int listener);

// What is written leaves at once (no Nagle's algorithm). Of a listener: also with what it accepts
// from then on, for Linux lets connections inherit it. Of no effect for a Unix-domain socket.
void sendAtOnce(int fd);

// What the next descriptor of this process would be; the highest int when there is none left.
int lowestFreeDescriptor();

// The highest number of descriptors this process may have (RLIMIT_NOFILE, the soft limit).
uint64_t descriptorLimit();

}  // namespace holdfast::sys
