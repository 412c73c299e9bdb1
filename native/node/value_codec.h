// Primitive values in V8's wire format (spec S3.8.1), without a serializer object: what most rows
// hold.
//
// Contract: encodePrimitive() gives the same bytes as V8 would, for undefined, null, booleans,
// numbers and short strings; decodePrimitive() reads what is of that kind. Everything else is left
// to lib/storage/value-codec.js: false, nothing. A stored `undefined` is left to it too, because
// nothing else tells it from a row that is not there. Thread: the shard's.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "node/napi_setup.h"

namespace holdfast::node {

bool encodePrimitive(const Napi::Value& value, std::string& out);
std::optional<Napi::Value> decodePrimitive(Napi::Env env, std::string_view bytes);

}  // namespace holdfast::node
