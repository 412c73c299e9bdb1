// A method as a function that belongs to one object: an InstanceMethod without its look-up.
//
// N-API finds the native half of an object through a private property, at each call: that costs
// more than most calls into storage do. A bound function knows it. It is a property of the object
// and must not be kept without it. Thread: the environment's.
#pragma once

#include <type_traits>

#include "node/napi_setup.h"

namespace holdfast::node {

template <typename Object, auto kMethod>
napi_value callBound(napi_env env, napi_callback_info raw) {
  const Napi::CallbackInfo info(env, raw);
  auto* object = static_cast<Object*>(info.Data());
  if constexpr (std::is_void_v<decltype((object->*kMethod)(info))>) {
    (object->*kMethod)(info);
    return nullptr;
  } else {
    return (object->*kMethod)(info);
  }
}

// Sets `name` of `self`, whose native half is `object`.
template <typename Object, auto kMethod>
void bindMethod(Napi::Object self, const char* name, Object* object) {
  napi_value function = nullptr;
  if (napi_create_function(self.Env(), name, NAPI_AUTO_LENGTH, callBound<Object, kMethod>, object,
                           &function) == napi_ok) {
    napi_set_named_property(self.Env(), self, name, function);
  }
}

}  // namespace holdfast::node
