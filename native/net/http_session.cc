#include "net/http_session.h"

#include <algorithm>
#include <utility>

namespace holdfast::net {
namespace {

constexpr size_t kDiscardStepBytes = 65'536;

bool isSafe(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
}

}  // namespace

HttpSession::HttpSession(SessionContext& context, Transport& transport)
    : context_(context),
      transport_(transport),
      parser_(context.options.limits),
      readingSince_(context.now) {}

void HttpSession::onInput(std::string_view bytes) {
  if (reading_ == Reading::kStopped) return;
  if (!pending_.empty()) {
    pending_.append(bytes);
    resume();
    return;
  }
  const size_t used = parse(bytes);
  if (reading_ != Reading::kStopped) pending_.assign(bytes.substr(used));
}

// Goes on with input that had to wait.
void HttpSession::resume() {
  if (parsing_) return;
  const size_t used = parse(pending_);
  if (reading_ == Reading::kStopped) {
    pending_ = {};
  } else {
    pending_.erase(0, used);
  }
}

size_t HttpSession::parse(std::string_view input) {
  parsing_ = true;
  size_t used = 0;
  for (;;) {
    const Reading before = reading_;
    size_t step = 0;
    const std::string_view rest = input.substr(used);
    switch (reading_) {
      case Reading::kHead:
        step = parseHead(rest);
        break;
      case Reading::kHeld:
        if (mayDeliver()) step = deliver(rest);
        break;
      case Reading::kBody:
        step = parseBody(rest);
        break;
      case Reading::kDiscard:
        step = discardBody(rest);
        break;
      case Reading::kStopped:
        break;
    }
    used += step;
    if (reading_ == Reading::kStopped || (step == 0 && reading_ == before)) break;
  }
  parsing_ = false;
  return used;
}

size_t HttpSession::parseHead(std::string_view input) {
  if (context_.draining && !parser_.begun() && !exchanges_.empty()) return 0;
  if (holdsInput()) return 0;
  size_t skipped = 0;
  if (!parser_.begun()) {
    // RFC 9112 section 2.2: empty lines before a request are ignored.
    while (input.substr(skipped).starts_with("\r\n")) skipped += 2;
    input.remove_prefix(skipped);
    if (input.empty() || input == "\r") return skipped;
    readingSince_ = context_.now;
  }
  const RequestParser::Step step = parser_.parseHead(input);
  if (step.outcome == RequestParser::Outcome::kFailed) fail(parser_.failureStatus());
  if (step.outcome == RequestParser::Outcome::kHead) reading_ = Reading::kHeld;
  return skipped + step.consumed;
}

// What follows an upgrade may be frames: it waits for the answer. What follows a request that asked
// for the end of the connection is never looked at (RFC 9112 section 9.6).
bool HttpSession::holdsInput() const {
  return !exchanges_.empty() && (exchanges_.back().upgrade || !exchanges_.back().request.keepAlive);
}

// RFC 9112 section 9.3.2: only safe requests run side by side.
bool HttpSession::mayDeliver() const {
  if (exchanges_.empty()) return true;
  if (exchanges_.size() >= context_.options.limits.pipelinedRequestsMax) return false;
  const ParsedHead& head = const_cast<RequestParser&>(parser_).head();
  return isSafe(head.method) && !head.upgradeWebSocket && exchanges_.back().safe;
}

// Hands a request to the host, with its body if that is short and already here.
size_t HttpSession::deliver(std::string_view input) {
  const Limits& limits = context_.options.limits;
  ParsedHead& head = parser_.head();
  std::string body;
  const size_t room = std::min(limits.bodyWindowBytes, limits.inlineBodyBytesMax);
  const RequestParser::Step step = parser_.parseBody(input, room, body);

  exchanges_.emplace_back();
  Exchange& exchange = exchanges_.back();
  exchange.request = {head.http10, head.method == "HEAD", head.keepAlive && !context_.draining};
  exchange.safe = isSafe(head.method);
  exchange.upgrade = head.upgradeWebSocket;
  exchange.webSocketKey = std::move(head.webSocketKey);
  exchange.webSocketExtensions = std::move(head.webSocketExtensions);
  exchange.bodyDone = step.outcome == RequestParser::Outcome::kDone;
  exchange.credit = limits.bodyWindowBytes - body.size();
  if (step.outcome == RequestParser::Outcome::kFailed) {
    fail(parser_.failureStatus());
    return step.consumed;
  }
  exchange.handle = context_.openRequest(this);
  exchange.expects = head.expectContinue && !exchange.bodyDone && body.empty();
  const bool done = exchange.bodyDone;
  const RequestHandle handle = exchange.handle;
  RequestHead request;
  request.request = handle;
  request.method = std::move(head.method);
  request.target = std::move(head.target);
  request.host = std::move(head.host);
  request.headers = std::move(head.headers);
  request.remoteAddress = transport_.remoteAddress();
  request.secure = transport_.secure();
  request.bodyComplete = done;
  request.framed = head.framed;
  request.upgradeWebSocket = exchange.upgrade;
  if (done) request.body = Bytes(std::exchange(body, {}));
  readingSince_ = context_.now;
  reading_ = Reading::kBody;
  bodyPace_.begin(context_.now);
  if (done) bodyEnded();
  context_.sink.onRequest(std::move(request));
  if (!body.empty()) context_.sink.onBody(handle, Bytes(std::move(body)), false, false);
  return step.consumed;
}

size_t HttpSession::parseBody(std::string_view input) {
  Exchange& exchange = exchanges_.back();
  std::string body;
  const RequestParser::Step step = parser_.parseBody(input, exchange.credit, body);
  exchange.credit -= body.size();
  if (step.consumed > 0) exchange.expects = false;  // it does not wait
  bodyMoved(step.consumed);
  if (exchange.credit == 0) bodyPace_.end();  // the host's turn
  if (step.outcome == RequestParser::Outcome::kFailed) {
    fail(parser_.failureStatus());
    return step.consumed;
  }
  const bool done = step.outcome == RequestParser::Outcome::kDone;
  const RequestHandle handle = exchange.handle;
  if (done) {
    exchange.bodyDone = true;
    bodyEnded();
  }
  if (done || !body.empty()) context_.sink.onBody(handle, Bytes(std::move(body)), done, false);
  return step.consumed;
}

size_t HttpSession::discardBody(std::string_view input) {
  std::string dropped;
  const RequestParser::Step step = parser_.parseBody(input, kDiscardStepBytes, dropped);
  bodyMoved(step.consumed);
  if (step.outcome == RequestParser::Outcome::kFailed) {
    fail(parser_.failureStatus());
  } else if (step.outcome == RequestParser::Outcome::kDone) {
    bodyEnded();
  }
  return step.consumed;
}

void HttpSession::bodyMoved(size_t bytes) {
  if (bytes == 0) return;
  readingSince_ = context_.now;
  bodyPace_.moved(bytes);
}

void HttpSession::bodyEnded() {
  parser_.reset();
  bodyPace_.end();
  readingSince_ = context_.now;
  reading_ = Reading::kHead;
}

// Bad input: answers it, after the responses before it, and ends the connection.
void HttpSession::fail(uint16_t status) {
  const bool inBody = !exchanges_.empty() && !exchanges_.back().bodyDone;
  reading_ = Reading::kStopped;
  if (inBody && exchanges_.back().begun) {
    // The response is under way: nothing true can be added to it.
    exchanges_.back().close = true;
    if (!exchanges_.back().complete) {
      dropExchanges(false);
      transport_.cut(Transport::Cut::kReset);
    }
    return;
  }
  if (inBody) {
    hostForgets(exchanges_.back(), false);
  } else {
    exchanges_.emplace_back();
  }
  Exchange& exchange = exchanges_.back();
  exchange.bodyDone = true;
  exchange.begun = true;
  exchange.close = true;
  Output output;
  const bool isHead = parser_.head().method == "HEAD";
  output.head = writeErrorResponse(status, context_.httpDate(), isHead);
  endResponse(exchange, std::move(output));
}

void HttpSession::onInputEnd() {
  inputEnded_ = true;
  if (reading_ == Reading::kStopped) return;
  if (reading_ == Reading::kBody) {
    fail(400);
    return;
  }
  if (reading_ == Reading::kHeld && !parser_.bodyDone()) reading_ = Reading::kStopped;
  if (exchanges_.empty()) {
    reading_ = Reading::kStopped;
    transport_.finish();
  } else if (reading_ != Reading::kHeld) {
    reading_ = Reading::kStopped;
    exchanges_.back().close = true;
  }
}

bool HttpSession::wantsInput() const {
  if (inputEnded_ || reading_ == Reading::kStopped) return false;
  if (reading_ == Reading::kHeld) return false;
  if (reading_ == Reading::kBody) return exchanges_.back().credit > 0;
  return !holdsInput() || pending_.empty();
}

InstantMs HttpSession::deadline() const {
  const Limits& limits = context_.options.limits;
  switch (reading_) {
    case Reading::kHead:
      if (parser_.begun()) return readingSince_ + limits.headerTimeoutMs;
      return exchanges_.empty() ? readingSince_ + limits.keepAliveTimeoutMs : kNever;
    case Reading::kBody:
      if (exchanges_.back().credit == 0 || exchanges_.back().expects) return kNever;
      [[fallthrough]];
    case Reading::kDiscard:
      return std::min(readingSince_ + limits.bodyIdleTimeoutMs,
                      bodyPace_.deadline(limits.bodyBytesPerSecondMin, limits.rateGraceMs));
    case Reading::kHeld:
    case Reading::kStopped:
      break;
  }
  return kNever;
}

void HttpSession::onDeadline(InstantMs now) {
  if (deadline() > now) return;
  if (reading_ == Reading::kHead && !parser_.begun()) {
    reading_ = Reading::kStopped;
    transport_.finish();
  } else {
    fail(408);
  }
}

void HttpSession::onDrain() {
  if (exchanges_.empty() && reading_ == Reading::kHead && !parser_.begun()) {
    reading_ = Reading::kStopped;
    transport_.finish();
  } else if (reading_ == Reading::kHead && !parser_.begun()) {
    reading_ = Reading::kStopped;
    exchanges_.back().close = true;
  } else if (reading_ == Reading::kBody) {
    exchanges_.back().close = true;
  }
}

void HttpSession::onGone() {
  reading_ = Reading::kStopped;
  dropExchanges(false);
}

}  // namespace holdfast::net
