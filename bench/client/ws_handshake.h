// openSocket: connects and performs the WebSocket opening handshake (RFC 6455 section 4.1),
// blocking, then hands the stream over to non-blocking use. Bytes that follow the response stay
// unread in the stream. Setup only.
#pragma once

#include <string>

#include "options.h"
#include "stream.h"

namespace holdfast::bench {

// Empty when all is well, else what failed.
std::string openSocket(Stream& stream, const Options& options, const std::string& path);

}  // namespace holdfast::bench
