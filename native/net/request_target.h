// What a request may be addressed to (RFC 9112 section 3.2, RFC 9110 sections 4.2 and 7.2).
//
// Contract: origin-form; absolute-form with http or https and no user information; asterisk-form
// for OPTIONS. Everything else is refused, so that what a Worker sees as request.url cannot be
// split another way by a proxy in front: no fragment, no quotes or angle brackets, no backslash in
// a path, no bytes that are not UTF-8. A percent sign may stand before anything, as URLs on Workers
// allow it. Thread: any; pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace holdfast::net {

// 0, or the status to refuse with: 400.
[[nodiscard]] uint16_t checkTarget(std::string_view method, std::string_view target);

// Whether `host` is a host with an optional port; empty is none.
[[nodiscard]] bool isHost(std::string_view host);

}  // namespace holdfast::net
