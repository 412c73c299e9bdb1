// SocketSession: one WebSocket after its handshake (RFC 6455), server side.
//
// The happy path: messages out of FrameParser go to the host or, when they equal the automatic
// request, are answered here (S6.13); sends are queued behind one another and behind the durability
// gate; pings are answered here. Close: the peer's Close frame is reported and not answered;
// kSocketClose answers it (spec S6.6). Ours goes out behind what is queued, and the peer's answer
// ends the socket. The ways it fails: a frame that breaks the protocol is answered with a Close
// (1002, 1007, 1009) and reported as the socket's end with clean = false; a vanished or mute peer
// is 1006.
//
// Idle it holds no buffer, no timer and no compressor.
// Thread: the connection's I/O thread. Owner: Connection.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "net/frame_parser.h"
#include "net/frame_writer.h"
#include "net/session.h"
#include "net/shared_message.h"

namespace holdfast::net {

struct SocketStart {
  SocketHandle socket = kNoHandle;
  RequestHandle request = kNoHandle;  // ends when the 101 is out
  Compression compression = Compression::kNone;
  uint8_t deflateWindowBits = 15;                    // of what we compress
  std::shared_ptr<SocketShared> shared;              // may be null
  std::shared_ptr<const AutoResponse> autoResponse;  // may be null
  std::string input;                                 // frames that came with the handshake
};

class SocketSession final : public Session {
 public:
  SocketSession(SessionContext& context, Transport& transport, SocketStart start);

  void onCommand(Command&& command) override;
  // As a kSocketSend of the message.
  void onBroadcast(Lsn after, SharedMessage& message);
  void onInput(std::string_view bytes) override;
  void onInputEnd() override;
  void onSent(const Output& output) override;
  void onGone() override;
  void onDeadline(InstantMs now) override;
  void onDrain() override;
  [[nodiscard]] bool wantsInput() const override;
  [[nodiscard]] InstantMs deadline() const override;

 private:
  void resume();
  size_t parse(std::string_view input);
  void onMessage(std::string message, bool text);
  bool answered(const std::string& message, bool text);
  void onPeerClose(const std::string& payload);
  void refuse(uint16_t code, const char* text);

  void sendMessage(Lsn after, Bytes payload, bool text);
  void sendClose(Lsn after, uint16_t code, std::string_view reason);
  void sendReply(std::string frame);
  void sendHeldAnswers();
  void sendAnswer();
  void push(Output output);
  void handshakeDone();
  void end(SocketEnd end);  // the host forgets the socket

  [[nodiscard]] bool mayParse() const;

  SessionContext& context_;
  Transport& transport_;
  SocketHandle socket_;  // kNoHandle after onSocketClosed
  RequestHandle request_;
  const Compression compression_;
  const uint8_t deflateWindowBits_;
  const std::shared_ptr<SocketShared> shared_;
  std::shared_ptr<const AutoResponse> autoResponse_;

  FrameParser parser_;
  std::string pending_;           // input not yet parsed
  uint64_t handedBytes_ = 0;      // messages handed over, so far
  uint64_t unconsumedBytes_ = 0;  // of those, not acknowledged
  uint64_t outboundBytes_ = 0;
  // Automatic answers behind messages that the host has not consumed: handedBytes_ of then.
  std::vector<uint64_t> answersHeld_;
  uint32_t repliesQueued_ = 0;  // pongs and automatic answers not yet written
  InstantMs activeAt_;          // last input; from the first Close on, last output

  uint8_t pingsUnanswered_ = 0;
  bool open_ = false;  // the 101 is out
  bool inputEnded_ = false;
  bool stopped_ = false;  // refused or over: input is dropped
  bool closeQueued_ = false;
  bool closeSent_ = false;
  bool closeReceived_ = false;
  std::unique_ptr<SocketEnd> peerEnd_;  // with closeReceived_
};

}  // namespace holdfast::net
