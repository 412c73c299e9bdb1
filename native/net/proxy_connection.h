// Proxy-Connection: a field of clients that took a server for a proxy. No RFC defines it, so it is
// one like any other; Beast reads it as if it were Connection, and refuses what is no list there.
//
// Contract: pure. Thread: any.
#pragma once

#include <string>
#include <string_view>

namespace holdfast::net {

[[nodiscard]] bool isProxyConnection(std::string_view line);

// A copy of `head` whose Proxy-Connection fields have a value that says nothing to Beast, each byte
// where it was. Values that are none (RFC 9110 section 5.5) stay: they are to be refused.
[[nodiscard]] std::string withoutProxyConnection(std::string_view head);

}  // namespace holdfast::net
