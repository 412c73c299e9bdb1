#include "net/handshake.h"

#include <algorithm>
#include <array>
#include <boost/beast/core/detail/base64.hpp>
#include <boost/beast/core/detail/sha1.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <vector>

namespace holdfast::net {
namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

constexpr uint8_t kWindowBitsMin = 9;

// "8" to "15", as RFC 7692 section 7.1.2.1 has it.
std::optional<uint8_t> windowBits(std::string_view value) {
  if (value == "8" || value == "9") return static_cast<uint8_t>(value[0] - '0');
  if (value.size() != 2 || value[0] != '1' || value[1] < '0' || value[1] > '5') return std::nullopt;
  return static_cast<uint8_t>(10 + value[1] - '0');
}

// The terms of one offer, when it can be taken.
std::optional<DeflateTerms> termsFor(const boost::beast::http::param_list& parameters) {
  DeflateTerms terms;
  terms.answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  std::vector<std::string_view> seen;
  for (const auto& [name, text] : parameters) {
    const std::string_view key(name.data(), name.size());
    const std::string_view value(text.data(), text.size());
    if (std::find(seen.begin(), seen.end(), key) != seen.end()) return std::nullopt;
    seen.push_back(key);
    if (key == "client_no_context_takeover" || key == "server_no_context_takeover") {
      if (!value.empty()) return std::nullopt;
    } else if (key == "client_max_window_bits") {
      // Ours is as large as any window of the client.
      if (!value.empty() && !windowBits(value)) return std::nullopt;
    } else if (key == "server_max_window_bits") {
      const std::optional<uint8_t> bits = windowBits(value);
      if (!bits || *bits < kWindowBitsMin) return std::nullopt;
      terms.serverWindowBits = *bits;
      terms.answer.append("; server_max_window_bits=").append(value);
    } else {
      return std::nullopt;
    }
  }
  return terms;
}

bool isOurs(std::string_view name) {
  static constexpr auto kOurs = std::to_array<const char*>(
      {"connection", "content-length", "keep-alive", "sec-websocket-accept",
       "sec-websocket-extensions", "sec-websocket-key", "sec-websocket-version",
       "transfer-encoding", "upgrade"});
  return std::any_of(kOurs.begin(), kOurs.end(), [name](const char* ours) {
    return boost::beast::iequals({name.data(), name.size()}, ours);
  });
}

}  // namespace

// 22 digits and two signs of padding.
bool isWebSocketKey(std::string_view key) {
  if (key.size() != 24 || key.substr(22) != "==") return false;
  return std::all_of(key.begin(), key.begin() + 22, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  });
}

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

std::optional<DeflateTerms> acceptDeflate(std::string_view offers) {
  // Beast gives an extension without parameters at the very end of the text those of the one
  // before.
  const std::string text = std::string(offers) + ' ';
  const boost::beast::http::ext_list list{text};
  for (const auto& [name, parameters] : list) {
    if (!boost::beast::iequals(name, "permessage-deflate")) continue;
    if (std::optional<DeflateTerms> terms = termsFor(parameters)) return terms;
  }
  return std::nullopt;
}

std::string handshakeFields(std::string_view fields) {
  std::string kept;
  while (!fields.empty()) {
    const size_t end = fields.find("\r\n");
    const std::string_view line = fields.substr(0, end == std::string_view::npos ? end : end + 2);
    if (!isOurs(line.substr(0, line.find(':')))) kept.append(line);
    fields.remove_prefix(line.size());
  }
  return kept;
}

}  // namespace holdfast::net
