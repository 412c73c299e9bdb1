#include "net/request_parser.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "net/handshake.h"
#include "net/head_check.h"
#include "net/proxy_connection.h"
#include "net/request_rules.h"
#include "net/request_target.h"

namespace holdfast::net {
namespace {

namespace http = boost::beast::http;
using boost::beast::iequals;
using boost::beast::string_view;
using Error = boost::beast::error_code;

constexpr uint32_t kFieldOverheadBytes = 4;  // ": " and CRLF

bool hasToken(string_view list, string_view token) {
  for (const auto& item : http::token_list{list}) {
    if (iequals(item, token)) return true;
  }
  return false;
}

bool isNumber(string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Gathers one request into a ParsedHead.
class BeastParser final : public http::basic_parser<true> {
 public:
  explicit BeastParser(const Limits& limits) : limits_(limits) {
    header_limit(limits.headerBytesMax);
    body_limit(limits.bodyBytesMax);
  }

  ParsedHead head;
  uint16_t status = 0;  // the answer when a check of ours failed
  bool requestLineSeen = false;
  std::string* body = nullptr;
  size_t room = 0;
  const char* given = nullptr;   // of a head: its bytes
  const char* parsed = nullptr;  // the same, or what stands for them (proxy_connection.h)

  // The line of the last chunk with less behind it than ends a message. Beast asserts that it is
  // not asked about that twice.
  [[nodiscard]] bool waitsForLastChunk(std::string_view input) const {
    constexpr size_t kEndBytes = 5;  // "0\r\n\r\n"
    return chunked() && chunkLeft_ == 0 && input.size() < kEndBytes && input.front() == '0' &&
           input.find("\r\n") != std::string_view::npos;
  }

 private:
  Error refuse(uint16_t answer) {
    status = answer;
    return http::error::bad_value;
  }

  void on_request_impl(http::verb /*verb*/, string_view method, string_view target, int version,
                       Error& error) override {
    requestLineSeen = true;
    head.method.assign(method.data(), method.size());
    head.target.assign(target.data(), target.size());
    head.http10 = version == 10;
    const uint16_t answer =
        isKnownMethod(head.method) ? checkTarget(head.method, head.target) : 501;
    if (answer != 0) error = refuse(answer);
    fieldBytes_ = method.size() + target.size();
  }

  void on_response_impl(int /*status*/, string_view /*reason*/, int /*version*/,
                        Error& /*error*/) override {}

  void on_field_impl(http::field field, string_view name, string_view value,
                     Error& error) override {
    fieldBytes_ += name.size() + value.size() + kFieldOverheadBytes;
    if (fieldBytes_ > limits_.headerBytesMax ||
        (headComplete_ && ++trailers_ > limits_.headerFieldsMax)) {
      error = http::error::header_limit;
      return;
    }
    if (headComplete_) return;  // a trailer
    for (const char c : name) head.headers.push_back(lower(c));
    head.headers.push_back('\0');
    head.headers.append(given + (value.data() - parsed), value.size());
    head.headers.push_back('\0');
    note(field, value, error);
  }

  void note(http::field field, string_view value, Error& error) {
    switch (field) {
      case http::field::host:
        if (hostSeen_ || !isHost({value.data(), value.size()})) error = refuse(400);
        hostSeen_ = true;
        head.host.assign(value.data(), value.size());
        break;
      case http::field::transfer_encoding:
        // Only "chunked" alone.
        if (head.http10 || std::exchange(encodingSeen_, true)) {
          error = refuse(400);
        } else if (!iequals(value, "chunked")) {
          error = refuse(refusalOfEncoding({value.data(), value.size()}));
        }
        break;
      case http::field::content_length:
        // Beast takes the same length twice, and lists of it.
        if (std::exchange(lengthSeen_, true) || !isNumber(value)) error = refuse(400);
        break;
      case http::field::expect:
        if (!iequals(value, "100-continue")) {
          error = refuse(417);
        } else {
          head.expectContinue = !head.http10;
        }
        break;
      case http::field::upgrade:
        upgradeToken_ = upgradeToken_ || hasToken(value, "websocket");
        break;
      case http::field::connection:
        connectionToken_ = connectionToken_ || hasToken(value, "upgrade");
        break;
      case http::field::sec_websocket_key:
        head.webSocketKey.assign(value.data(), value.size());
        break;
      case http::field::sec_websocket_version:
        version13_ = value == "13";
        break;
      case http::field::sec_websocket_extensions:
        if (!head.webSocketExtensions.empty()) head.webSocketExtensions.push_back(',');
        head.webSocketExtensions.append(value.data(), value.size());
        break;
      default:
        break;
    }
  }

  void on_header_impl(Error& error) override {
    headComplete_ = true;
    fieldBytes_ = 0;
    if (!head.http10 && !hostSeen_) error = refuse(400);
    head.keepAlive = keep_alive();
    head.framed = chunked() || content_length().has_value();
    const bool hasBody = chunked() || content_length().value_or(0) > 0;
    head.upgradeWebSocket = upgradeToken_ && connectionToken_ && version13_ && !head.http10 &&
                            !hasBody && head.method == "GET" && isWebSocketKey(head.webSocketKey);
    if (!hasBody) head.expectContinue = false;
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/,
                         Error& /*error*/) override {}

  std::size_t take(string_view piece) {
    const size_t count = std::min(piece.size(), room);
    body->append(piece.data(), count);
    room -= count;
    return count;
  }

  std::size_t on_body_impl(string_view piece, Error& /*error*/) override { return take(piece); }

  void on_chunk_header_impl(std::uint64_t size, string_view extensions, Error& error) override {
    chunkLeft_ = size;
    if (extensions.size() > limits_.headerBytesMax) error = http::error::bad_chunk_extension;
  }

  std::size_t on_chunk_body_impl(std::uint64_t left, string_view piece, Error& /*error*/) override {
    const size_t taken = take(piece);
    chunkLeft_ = left - taken;
    return taken;
  }

  void on_finish_impl(Error& /*error*/) override {}

  const Limits& limits_;
  uint64_t chunkLeft_ = 0;  // of the body of a chunk
  size_t fieldBytes_ = 0;
  bool headComplete_ = false;
  uint32_t trailers_ = 0;
  bool hostSeen_ = false;
  bool lengthSeen_ = false;
  bool encodingSeen_ = false;
  bool upgradeToken_ = false;
  bool connectionToken_ = false;
  bool version13_ = false;
};

uint16_t statusOf(const Error& error, const BeastParser& parser, std::string_view input) {
  if (parser.status != 0) return parser.status;
  if (error == http::error::header_limit) return parser.requestLineSeen ? 431 : 414;
  if (error == http::error::body_limit) return 413;
  if (error == http::error::bad_version) return refusalOfVersion(input.substr(0, input.find('\n')));
  return 400;
}

}  // namespace

class RequestParser::Impl {
 public:
  explicit Impl(const Limits& limits) : check(limits.headerFieldsMax), limits_(limits) {
    parser.emplace(limits);
  }

  void reset() {
    parser.emplace(limits_);
    check = HeadCheck(limits_.headerFieldsMax);
    status = 0;
  }

  Step refuse(uint16_t answer) {
    status = answer;
    return {0, Outcome::kFailed};
  }

  Step fail(const Error& error, std::string_view input, size_t consumed) {
    status = statusOf(error, *parser, input);
    return {consumed, Outcome::kFailed};
  }

  std::optional<BeastParser> parser;
  HeadCheck check;
  uint16_t status = 0;
  const Limits& limits_;
};

RequestParser::RequestParser(const Limits& limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestParser::~RequestParser() = default;

void RequestParser::reset() { impl_->reset(); }

RequestParser::Step RequestParser::parseHead(std::string_view input) {
  BeastParser& parser = *impl_->parser;
  switch (impl_->check.check(input)) {
    case HeadCheck::Verdict::kMalformed:
      return impl_->refuse(400);
    case HeadCheck::Verdict::kTooManyFields:
      return impl_->refuse(431);
    case HeadCheck::Verdict::kFine:
      break;
  }
  std::string masked;
  parser.given = parser.parsed = input.data();
  if (impl_->check.hasProxyConnection()) {
    masked = withoutProxyConnection(input);
    parser.parsed = masked.data();
  }
  size_t consumed = 0;
  while (!parser.is_header_done()) {
    if (consumed == input.size()) return {consumed, Outcome::kNeedMore};
    Error error;
    const std::string_view rest = input.substr(consumed);
    const size_t taken =
        parser.put(boost::asio::const_buffer(parser.parsed + consumed, rest.size()), error);
    consumed += taken;
    impl_->check.drop(taken);
    if (error == http::error::need_more) return {consumed, Outcome::kNeedMore};
    if (error) return impl_->fail(error, rest, consumed);
  }
  return {consumed, Outcome::kHead};
}

RequestParser::Step RequestParser::parseBody(std::string_view input, size_t room,
                                             std::string& body) {
  BeastParser& parser = *impl_->parser;
  parser.body = &body;
  parser.room = room;
  size_t consumed = 0;
  while (!parser.is_done()) {
    if (parser.room == 0) return {consumed, Outcome::kFull};
    const size_t left = input.size() - consumed;
    if (left == 0 || parser.waitsForLastChunk(input.substr(consumed))) {
      return {consumed, Outcome::kNeedMore};
    }
    Error error;
    consumed += parser.put(boost::asio::const_buffer(input.data() + consumed, left), error);
    if (error == http::error::need_more) {
      // Only the line of a chunk's size or the trailers can make Beast wait with bytes in hand.
      const std::string_view rest = input.substr(consumed);
      if (rest.size() < impl_->limits_.headerBytesMax && !leavesQuoteOpen(rest)) {
        return {consumed, Outcome::kNeedMore};
      }
      error = http::error::bad_chunk;
    }
    if (error) return impl_->fail(error, input, consumed);
  }
  return {consumed, Outcome::kDone};
}

bool RequestParser::begun() const { return impl_->parser->got_some(); }
bool RequestParser::bodyDone() const { return impl_->parser->is_done(); }
ParsedHead& RequestParser::head() { return impl_->parser->head; }
uint16_t RequestParser::failureStatus() const { return impl_->status; }

}  // namespace holdfast::net
