#include "net/handshake.h"

#include <array>
#include <boost/beast/core/detail/base64.hpp>
#include <boost/beast/core/detail/sha1.hpp>
#include <boost/beast/http/rfc7230.hpp>

namespace holdfast::net {
namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

// Whether one offer has only parameters we can honour. The server's window stays at its full 15
// bits, so an offer that asks for a smaller one is passed over.
bool canTake(const boost::beast::http::param_list& parameters) {
  for (const auto& [name, value] : parameters) {
    const std::string_view key(name.data(), name.size());
    if (key == "client_max_window_bits" || key == "client_no_context_takeover" ||
        key == "server_no_context_takeover") {
      continue;
    }
    if (key == "server_max_window_bits" && value == "15") continue;
    return false;
  }
  return true;
}

}  // namespace

std::string webSocketAccept(std::string_view key) {
  namespace detail = boost::beast::detail;
  detail::sha1_context context;
  detail::init(context);
  detail::update(context, key.data(), key.size());
  detail::update(context, kGuid.data(), kGuid.size());
  std::array<char, detail::sha1_context::digest_size> digest{};
  detail::finish(context, digest.data());
  std::string accept(detail::base64::encoded_size(digest.size()), '\0');
  accept.resize(detail::base64::encode(accept.data(), digest.data(), digest.size()));
  return accept;
}

std::string acceptDeflate(std::string_view offers) {
  const boost::beast::http::ext_list list{{offers.data(), offers.size()}};
  for (const auto& [name, parameters] : list) {
    if (!boost::beast::iequals(name, "permessage-deflate") || !canTake(parameters)) continue;
    return "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  }
  return {};
}

}  // namespace holdfast::net
