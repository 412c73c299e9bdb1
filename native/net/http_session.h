// HttpSession: HTTP/1.1 on one connection: requests in, responses out, in order.
//
// Pipelining: up to Limits::pipelinedRequestsMax requests are handed over before their responses,
// but only while all of them are safe (RFC 9112 section 9.3.2); an unsafe one runs alone. Responses
// queue behind earlier ones. Request bodies: handed over as far as credit allows; a small body that
// is already here travels with its head. When a response is complete before its request's body, the
// rest of the body is read and dropped. The ways it fails: bad input is answered (400 to 505) and
// ends the connection after the responses before it; a peer that ends its side may still get its
// responses; one that vanishes fails every open exchange.
//
// Thread: the connection's I/O thread. Owner: Connection.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "net/exchange.h"
#include "net/pace.h"
#include "net/request_parser.h"
#include "net/session.h"

namespace holdfast::net {

class HttpSession final : public Session {
 public:
  HttpSession(SessionContext& context, Transport& transport);

  void onCommand(Command&& command) override;
  void onInput(std::string_view bytes) override;
  void onInputEnd() override;
  void onSent(const Output& output) override;
  void onGone() override;
  void onDeadline(InstantMs now) override;
  void onDrain() override;
  [[nodiscard]] bool wantsInput() const override;
  [[nodiscard]] InstantMs deadline() const override;

 private:
  enum class Reading : uint8_t {
    kHead,
    kHeld,     // a head is parsed and waits for its turn
    kBody,     // of exchanges_.back()
    kDiscard,  // a body nobody wants any more
    kStopped,
  };

  // Input: http_session.cc
  void resume();
  size_t parse(std::string_view input);
  size_t parseHead(std::string_view input);
  size_t deliver(std::string_view input);
  size_t parseBody(std::string_view input);
  size_t discardBody(std::string_view input);
  [[nodiscard]] bool mayDeliver() const;
  [[nodiscard]] bool holdsInput() const;
  void bodyMoved(size_t bytes);
  void bodyEnded();
  void fail(uint16_t status);

  // Output: http_session_output.cc
  void invite(Exchange& exchange);
  void respond(Exchange& exchange, Command&& command);
  void stream(Exchange& exchange, Command&& command);
  void appendBody(Exchange& exchange, Lsn after, Bytes payload, bool last);
  void endResponse(Exchange& exchange, Output output);
  void abort(Exchange& exchange, Lsn after);
  void upgrade(Exchange& exchange, Command&& command);
  void enqueue(Exchange& exchange, Output output);
  void releaseHeld();
  void finishFront();
  void reportWritable(Exchange& exchange);
  void dropExchanges(bool complete);
  void hostForgets(Exchange& exchange, bool complete);
  Exchange* find(RequestHandle request);

  SessionContext& context_;
  Transport& transport_;
  RequestParser parser_;
  std::string pending_;  // input not yet parsed
  Reading reading_ = Reading::kHead;
  bool inputEnded_ = false;
  bool parsing_ = false;
  InstantMs readingSince_;  // of the wait that deadline() bounds
  Pace bodyPace_;

  std::deque<Exchange> exchanges_;
  size_t released_ =
      0;  // exchanges at the front whose responses are complete; the next one writes directly
};

}  // namespace holdfast::net
