// The one place that includes <napi.h>: no C++ exceptions, every status is checked by hand.
//
// Thread: the shard's, always. "Cannot run JS" (a pending exception or a closing environment)
// means: leave quietly.
#pragma once

#define NODE_ADDON_API_DISABLE_DEPRECATED
// An environment on its way out cannot be told anything: calls that fail then are ignored, not
// fatal.
#define NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS
#include <napi.h>

#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"

namespace holdfast::node {

// Throws `status` as the JavaScript error the user sees: TypeError for kInvalidArgument, RangeError
// for kResourceExhausted, else Error. A critical storage error carries `critical: true`, so that
// lib/ resets the object (spec S4.10.4).
void throwStatus(Napi::Env env, const Status& status);

// Handles cross as numbers: 20 bits of generation above 32 bits of index are exact in a double.
inline Handle toHandle(const Napi::Value& value) {
  return static_cast<Handle>(value.As<Napi::Number>().DoubleValue());
}
inline Napi::Number fromHandle(Napi::Env env, Handle handle) {
  return Napi::Number::New(env, static_cast<double>(handle));
}

// UTF-8; lone surrogates become U+FFFD.
std::string toUtf8(const Napi::Value& value);

// UTF-8 but for lone surrogates, which keep three bytes of their own (WTF-8): what keys are stored
// as, so that two keys are never one (spec S3.1.4).
std::string toWtf8(const Napi::Value& value);

// The bytes of a string (UTF-8), ArrayBuffer or view; empty for anything else.
std::string toBytes(const Napi::Value& value);

// True for `true` alone. Unlike ToBoolean(), it also answers in an environment that is going away.
bool toBool(const Napi::Value& value);

// A fresh ArrayBuffer, or a Uint8Array over one, that owns a copy; undefined when the environment
// cannot make one any more: node-addon-api's own constructors end the process on the way there.
Napi::Value copyToArrayBuffer(Napi::Env env, std::string_view bytes);
Napi::Value copyToUint8Array(Napi::Env env, std::string_view bytes);

}  // namespace holdfast::node
