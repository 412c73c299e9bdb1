#include "http_response.h"

#include <strings.h>

#include <charconv>

namespace holdfast::bench {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

using State = HttpResponse::State;

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

bool readSize(std::string_view text, int base, size_t* out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out, base);
  return error == std::errc() && end != text.data();
}

// `bytes` of `response` is where the chunks begin; trailers are not expected.
State readChunks(std::string_view text, HttpResponse* response) {
  size_t at = response->bytes;
  for (;;) {
    const size_t lineEnd = text.find(kLineEnd, at);
    if (lineEnd == std::string_view::npos) return State::kIncomplete;
    size_t size = 0;
    if (!readSize(text.substr(at, lineEnd - at), 16, &size)) return State::kBroken;
    at = lineEnd + kLineEnd.size();
    if (text.size() < at + size + kLineEnd.size()) return State::kIncomplete;
    if (text.substr(at + size, kLineEnd.size()) != kLineEnd) return State::kBroken;
    response->body.append(text.substr(at, size));
    at += size + kLineEnd.size();
    if (size == 0) break;
  }
  response->bytes = at;
  return State::kComplete;
}

}  // namespace

std::string_view headerOf(std::string_view head, std::string_view name) {
  size_t at = head.find(kLineEnd);
  while (at != std::string_view::npos) {
    at += kLineEnd.size();
    const size_t end = head.find(kLineEnd, at);
    const std::string_view line =
        head.substr(at, end == std::string_view::npos ? head.size() - at : end - at);
    const size_t colon = line.find(':');
    if (colon != std::string_view::npos && equalsIgnoringCase(line.substr(0, colon), name)) {
      std::string_view value = line.substr(colon + 1);
      while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
      return value;
    }
    at = end;
  }
  return {};
}

HttpResponse readResponse(std::string_view text) {
  HttpResponse response;
  const size_t headBytes = text.find(kHeadEnd);
  if (headBytes == std::string_view::npos) return response;
  const std::string_view head = text.substr(0, headBytes);
  response.bytes = headBytes + kHeadEnd.size();
  size_t status = 0;
  if (!head.starts_with("HTTP/1.1 ") || !readSize(head.substr(9, 3), 10, &status)) {
    response.state = State::kBroken;
    return response;
  }
  response.status = static_cast<int>(status);
  response.close = equalsIgnoringCase(headerOf(head, "connection"), "close");
  if (equalsIgnoringCase(headerOf(head, "transfer-encoding"), "chunked")) {
    response.state = readChunks(text, &response);
    return response;
  }
  size_t length = 0;
  if (!readSize(headerOf(head, "content-length"), 10, &length)) {
    response.state = State::kBroken;  // a body that ends with the connection is of no use here
    return response;
  }
  if (text.size() - response.bytes < length) return response;
  response.body = text.substr(response.bytes, length);
  response.bytes += length;
  response.state = State::kComplete;
  return response;
}

}  // namespace holdfast::bench
