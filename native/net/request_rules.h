// Methods, versions and transfer codings that a request may have, and how others are refused.
//
// Contract: methods are those that workerd knows, case and all; to others a server answers 501
// (RFC 9110 section 9.1). Thread: any; pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace holdfast::net {

// CONNECT, which is for proxies, is none of them.
[[nodiscard]] bool isKnownMethod(std::string_view method);

// How to refuse a request line whose version is not ours: 505 when it is that of another major
// version (RFC 9110 section 15.6.6), else 400. Without its LF.
[[nodiscard]] uint16_t refusalOfVersion(std::string_view line);

// How to refuse a Transfer-Encoding other than "chunked": an encoding that we cannot undo must not
// reach the application as if it were the body (501, RFC 9112 section 6.1), and without chunked at
// the end nobody knows where the body ends (400, section 6.3).
[[nodiscard]] uint16_t refusalOfEncoding(std::string_view value);

// Whether `input` begins with the line of a chunk's size, behind the end of the chunk before, and a
// quoted string of its extensions is not closed on that line: it never will be (RFC 9112 section
// 7.1.1).
[[nodiscard]] bool leavesQuoteOpen(std::string_view input);

}  // namespace holdfast::net
