// readResponse: finds one whole HTTP/1.1 response at the start of what has arrived (RFC 9112:
// Content-Length and chunked). Small bodies only: it starts anew with each piece. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace holdfast::bench {

struct HttpResponse {
  enum class State : uint8_t { kIncomplete, kComplete, kBroken };
  State state = State::kIncomplete;
  int status = 0;
  size_t bytes = 0;    // of the whole response
  std::string body;    // without chunk framing
  bool close = false;  // the server ends the connection after it
};

HttpResponse readResponse(std::string_view text);

// The value of a header of `head` (status line and fields), or an empty view.
std::string_view headerOf(std::string_view head, std::string_view name);

}  // namespace holdfast::bench
