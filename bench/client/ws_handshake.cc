#include "ws_handshake.h"

#include <string_view>

#include "http_response.h"

namespace holdfast::bench {
namespace {

// The pair of RFC 6455 section 1.3, so that no SHA-1 is needed here.
constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view kAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

std::string handshake(const Options& options, const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: " + options.address + ":" +
         std::to_string(options.port) +
         "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: " +
         std::string(kKey) + "\r\n\r\n";
}

}  // namespace

bool hasAnswer(const Stream& stream) {
  return stream.unread().find(kHeadEnd) != std::string_view::npos;
}

std::string askToUpgrade(Stream& stream, const Options& options, const std::string& path) {
  if (!stream.connect(options.address, options.port)) return stream.failure();
  stream.queue(handshake(options, path));
  return stream.flush() ? "" : stream.failure();
}

std::string openSocket(Stream& stream, const Options& options, const std::string& path) {
  std::string failure = askToUpgrade(stream, options, path);
  if (!failure.empty()) return failure;
  while (!hasAnswer(stream))
    if (!stream.readMore()) return path + ": " + stream.failure();
  failure = takeAnswer(stream, path);
  if (!failure.empty()) return failure;
  return stream.makeNonBlocking() ? "" : stream.failure();
}

std::string takeAnswer(Stream& stream, const std::string& path) {
  const size_t headEnd = stream.unread().find(kHeadEnd);
  const std::string_view head = stream.unread().substr(0, headEnd);
  if (!head.starts_with("HTTP/1.1 101"))
    return path + ": answered with " + std::string(head.substr(0, head.find('\r')));
  if (headerOf(head, "sec-websocket-accept") != kAccept)
    return path + ": wrong Sec-WebSocket-Accept";
  stream.consume(headEnd + kHeadEnd.size());
  return "";
}

}  // namespace holdfast::bench
