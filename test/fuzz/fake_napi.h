// The part of N-API that the codecs of native/node call, without an engine: values are plain memory
// of one arena. What they name beside it ends the process (fake_napi_missing.cc).
//
// Strings keep their units; those made from UTF-8 keep the bytes as they came. Thread: one.
#pragma once

#include <node_api.h>

#include <string>
#include <vector>

namespace holdfast::fuzz {

struct FakeValue {
  napi_valuetype type = napi_undefined;
  bool boolean = false;
  double number = 0;
  std::u16string units;               // of a string made from Latin-1 or UTF-16
  std::string bytes;                  // of a string made from UTF-8, or of an ArrayBuffer
  std::vector<napi_value> elements;   // of an Array
  const FakeValue* buffer = nullptr;  // of a typed array
};

napi_env fakeEnv();
// Valid until fakeReset().
napi_value fakeValue(FakeValue value);
FakeValue& fakeOf(napi_value value);
// Forgets every value, but for those that a reference names.
void fakeReset();

}  // namespace holdfast::fuzz
