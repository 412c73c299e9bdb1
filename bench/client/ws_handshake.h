// The client's side of the opening handshake (RFC 6455 section 4).
#pragma once

#include <string>

#include "options.h"
#include "stream.h"

namespace holdfast::bench {

// Connects, upgrades to a WebSocket at `path` and makes `stream` non-blocking. Blocking; setup
// only. Empty when all is well, else what failed.
std::string openSocket(Stream& stream, const Options& options, const std::string& path);

// The same in steps. Each returns what failed, empty: nothing.
std::string askToUpgrade(Stream& stream, const Options& options, const std::string& path);
// The whole head of the answer has arrived.
[[nodiscard]] bool hasAnswer(const Stream& stream);
std::string takeAnswer(Stream& stream, const std::string& path);

}  // namespace holdfast::bench
