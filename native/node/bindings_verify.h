// verify(dataDir): verifyDataDirectory() for JavaScript, on a thread of libuv's pool.
#pragma once

#include "node/napi_setup.h"

namespace holdfast::node {

// (dataDir) -> Promise of {problems, notes, objects, objectBytes, segments, logBytes, commits};
// findings are {path, what}.
Napi::Value verify(const Napi::CallbackInfo& info);

}  // namespace holdfast::node
