// holdIdleSockets: opens sockets, prints {"open":N}, answers pings, and prints {"open":N,"lost":M}
// when standard input ends. Blocks. Returns as Load::open().
#pragma once

#include <string>

#include "options.h"
#include "poller.h"

namespace holdfast::bench {

std::string holdIdleSockets(const Options& options, Poller& poller);

}  // namespace holdfast::bench
