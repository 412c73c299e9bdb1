#include "node/value_codec.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace holdfast::node {
namespace {

// V8's ValueSerializer, format version 15.
constexpr std::string_view kHeader("\xFF\x0F", 2);
constexpr char kUndefined = '_';
constexpr char kNull = '0';
constexpr char kTrue = 'T';
constexpr char kFalse = 'F';
constexpr char kInt32 = 'I';
constexpr char kDouble = 'N';
constexpr char kOneByteString = '"';
constexpr size_t kStringUnitsMax = 256;

void putVarint(std::string& out, uint32_t value) {
  for (; value >= 0x80U; value >>= 7U) out.push_back(static_cast<char>(value | 0x80U));
  out.push_back(static_cast<char>(value));
}

// Advances `bytes`; nothing when it is no varint of 32 bits.
std::optional<uint32_t> takeVarint(std::string_view& bytes) {
  uint64_t value = 0;
  for (uint32_t shift = 0; shift < 35 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= static_cast<uint64_t>(byte & 0x7FU) << shift;
    if (byte < 0x80U) {
      if (value > UINT32_MAX) return std::nullopt;
      return static_cast<uint32_t>(value);
    }
  }
  return std::nullopt;
}

void encodeNumber(double number, std::string& out) {
  const bool isInt32 = number >= INT32_MIN && number <= INT32_MAX && std::trunc(number) == number &&
                       !(number == 0 && std::signbit(number));
  if (isInt32) {
    const auto integer = static_cast<int32_t>(number);
    out.push_back(kInt32);
    putVarint(out, (static_cast<uint32_t>(integer) << 1U) ^ static_cast<uint32_t>(integer >> 31));
    return;
  }
  out.push_back(kDouble);
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof number);
}

bool encodeString(const Napi::Value& value, std::string& out) {
  std::array<char16_t, kStringUnitsMax + 1> units{};
  size_t length = 0;
  // Filled to the brim: there may be more.
  if (napi_get_value_string_utf16(value.Env(), value, units.data(), units.size(), &length) !=
          napi_ok ||
      length == kStringUnitsMax) {
    return false;
  }
  const auto end = units.begin() + static_cast<std::ptrdiff_t>(length);
  if (std::any_of(units.begin(), end, [](char16_t unit) { return unit > 0xFFU; })) return false;
  out.push_back(kOneByteString);
  putVarint(out, static_cast<uint32_t>(length));
  for (auto unit = units.begin(); unit != end; ++unit) out.push_back(static_cast<char>(*unit));
  return true;
}

}  // namespace

bool encodePrimitive(const Napi::Value& value, std::string& out) {
  out.assign(kHeader);
  switch (value.Type()) {
    case napi_undefined:
      out.push_back(kUndefined);
      return true;
    case napi_null:
      out.push_back(kNull);
      return true;
    case napi_boolean:
      out.push_back(value.As<Napi::Boolean>().Value() ? kTrue : kFalse);
      return true;
    case napi_number:
      encodeNumber(value.As<Napi::Number>().DoubleValue(), out);
      return true;
    case napi_string:
      return encodeString(value, out);
    default:
      return false;
  }
}

std::optional<Napi::Value> decodePrimitive(Napi::Env env, std::string_view bytes) {
  if (!bytes.starts_with(kHeader) || bytes.size() == kHeader.size()) return std::nullopt;
  const char tag = bytes[kHeader.size()];
  bytes.remove_prefix(kHeader.size() + 1);
  switch (tag) {
    case kNull:
      return env.Null();
    case kTrue:
    case kFalse:
      return Napi::Boolean::New(env, tag == kTrue);
    case kInt32: {
      const std::optional<uint32_t> zigzag = takeVarint(bytes);
      if (!zigzag) return std::nullopt;
      const auto integer = static_cast<int32_t>((*zigzag >> 1U) ^ (0U - (*zigzag & 1U)));
      return Napi::Number::New(env, integer);
    }
    case kDouble: {
      double number = 0;
      if (bytes.size() < sizeof number) return std::nullopt;
      std::memcpy(&number, bytes.data(), sizeof number);
      return Napi::Number::New(env, number);
    }
    case kOneByteString: {
      const std::optional<uint32_t> length = takeVarint(bytes);
      if (!length || bytes.size() < *length) return std::nullopt;
      napi_value text = nullptr;
      if (napi_create_string_latin1(env, bytes.data(), *length, &text) != napi_ok)
        return env.Undefined();
      return Napi::Value(env, text);
    }
    default:
      return std::nullopt;
  }
}

}  // namespace holdfast::node
