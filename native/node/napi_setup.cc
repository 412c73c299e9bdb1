#include "node/napi_setup.h"

#include <array>
#include <cstring>

namespace holdfast::node {
namespace {

// Appends the low six bits of `bits` as a continuation byte.
void appendContinuation(std::string& out, uint32_t bits) {
  out.push_back(static_cast<char>(0x80U | (bits & 0x3FU)));
}

std::string encodeWtf8(std::u16string_view units) {
  std::string out;
  out.reserve(units.size() * 3);
  for (size_t i = 0; i < units.size(); ++i) {
    uint32_t point = units[i];
    const bool isHigh = point >= 0xD800U && point < 0xDC00U;
    if (isHigh && i + 1 < units.size() && units[i + 1] >= 0xDC00U && units[i + 1] < 0xE000U)
      point = 0x10000U + ((point - 0xD800U) << 10U) + (units[++i] - 0xDC00U);
    if (point < 0x80U) {
      out.push_back(static_cast<char>(point));
    } else if (point < 0x800U) {
      out.push_back(static_cast<char>(0xC0U | (point >> 6U)));
      appendContinuation(out, point);
    } else if (point < 0x10000U) {
      out.push_back(static_cast<char>(0xE0U | (point >> 12U)));
      appendContinuation(out, point >> 6U);
      appendContinuation(out, point);
    } else {
      out.push_back(static_cast<char>(0xF0U | (point >> 18U)));
      appendContinuation(out, point >> 12U);
      appendContinuation(out, point >> 6U);
      appendContinuation(out, point);
    }
  }
  return out;
}

}  // namespace

void throwStatus(Napi::Env env, const Status& status) {
  Napi::Error error = [&]() -> Napi::Error {
    if (status.code() == Code::kInvalidArgument) return Napi::TypeError::New(env, status.message());
    if (status.code() == Code::kResourceExhausted)
      return Napi::RangeError::New(env, status.message());
    return Napi::Error::New(env, status.message());
  }();
  if (status.code() == Code::kSqlCritical || status.code() == Code::kIo ||
      status.code() == Code::kCorrupt) {
    error.Value().Set("critical", Napi::Boolean::New(env, true));
  }
  if (status.code() == Code::kNotFound) error.Value().Set("stale", Napi::Boolean::New(env, true));
  error.ThrowAsJavaScriptException();
}

std::string toUtf8(const Napi::Value& value) {
  // Most are short: one look instead of two.
  std::array<char, 256> few;
  size_t length = 0;
  std::string text;
  if (napi_get_value_string_utf8(value.Env(), value, few.data(), few.size(), &length) != napi_ok)
    return text;
  // A character of up to four bytes may not have fitted.
  if (length + 4 < few.size()) return text.assign(few.data(), length);
  if (napi_get_value_string_utf8(value.Env(), value, nullptr, 0, &length) != napi_ok) return text;
  text.resize(length);
  napi_get_value_string_utf8(value.Env(), value, text.data(), length + 1, &length);
  return text;
}

std::string toWtf8(const Napi::Value& value) {
  std::string text = toUtf8(value);
  // Without U+FFFD in it nothing was replaced.
  if (text.find("\xEF\xBF\xBD") == std::string::npos) return text;
  return encodeWtf8(value.As<Napi::String>().Utf16Value());
}

std::string toBytes(const Napi::Value& value) {
  if (value.IsString()) return toUtf8(value);
  if (value.IsArrayBuffer()) {
    auto buffer = value.As<Napi::ArrayBuffer>();
    return {static_cast<const char*>(buffer.Data()), buffer.ByteLength()};
  }
  // The view is asked for its bytes: a SharedArrayBuffer below it is no ArrayBuffer to N-API.
  void* data = nullptr;
  size_t size = 0;
  if (value.IsTypedArray()) {
    size = value.As<Napi::TypedArray>().ByteLength();
    napi_get_typedarray_info(value.Env(), value, nullptr, nullptr, &data, nullptr, nullptr);
  } else if (value.IsDataView()) {
    napi_get_dataview_info(value.Env(), value, &size, &data, nullptr, nullptr);
  }
  if (data == nullptr) return {};
  return {static_cast<const char*>(data), size};
}

bool toBool(const Napi::Value& value) {
  bool result = false;
  napi_get_value_bool(value.Env(), value, &result);
  return result;
}

Napi::Value copyToArrayBuffer(Napi::Env env, std::string_view bytes) {
  void* into = nullptr;
  napi_value buffer = nullptr;
  if (napi_create_arraybuffer(env, bytes.size(), &into, &buffer) != napi_ok) return env.Undefined();
  if (!bytes.empty()) std::memcpy(into, bytes.data(), bytes.size());
  return {env, buffer};
}

Napi::Value copyToUint8Array(Napi::Env env, std::string_view bytes) {
  const Napi::Value buffer = copyToArrayBuffer(env, bytes);
  napi_value view = nullptr;
  if (napi_create_typedarray(env, napi_uint8_array, bytes.size(), buffer, 0, &view) != napi_ok)
    return env.Undefined();
  return {env, view};
}

}  // namespace holdfast::node
