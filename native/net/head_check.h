// HeadCheck: refuses the head of a request that two servers could read differently, before it is
// parsed.
//
// Contract: check() is given what of the head was not dropped, with more of it than before; it
// looks at each byte once. drop(): the parser has consumed so many of the bytes that were checked.
// Beast's parser takes a folded line (RFC 9112 section 5.2) and waits for an empty line before it
// looks at anything; here a line that ends in LF alone, a CR inside a line, a folded or indented
// line, and what cannot be the start of a method (a TLS hello, say) are refused at once, and so is
// a head with too many fields. What stands between is the parser's. Thread: its owner's. Pure.
// Failure: a verdict.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace holdfast::net {

class HeadCheck {
 public:
  enum class Verdict : uint8_t { kFine, kMalformed, kTooManyFields };

  explicit HeadCheck(uint32_t fieldsMax) : fieldsMax_(fieldsMax) {}

  [[nodiscard]] Verdict check(std::string_view head);
  void drop(size_t bytes);
  // Whether a complete line was such a field.
  [[nodiscard]] bool hasProxyConnection() const { return proxyConnection_; }

 private:
  uint32_t fieldsMax_;
  uint32_t lines_ = 0;  // complete ones
  size_t lineAt_ = 0;   // start of the line under way
  size_t seen_ = 0;     // no LF between lineAt_ and here
  bool ended_ = false;
  bool proxyConnection_ = false;
};

}  // namespace holdfast::net
