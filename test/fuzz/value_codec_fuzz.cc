// libFuzzer target: what value_codec.h makes a value of is written back as bytes that are read as
// the same value; and whatever is written is read again.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/check.h"
#include "fake_napi.h"
#include "node/value_codec.h"

using namespace holdfast;
using fuzz::fakeOf;
using fuzz::FakeValue;

namespace {

// Bit by bit: a NaN is itself.
bool isSame(const FakeValue& one, const FakeValue& other) {
  return one.type == other.type && one.boolean == other.boolean && one.units == other.units &&
         std::memcmp(&one.number, &other.number, sizeof one.number) == 0;
}

void writeAndRead(const FakeValue& value) {
  const napi_env env = fuzz::fakeEnv();
  std::string bytes;
  if (!node::encodePrimitive({env, fuzz::fakeValue(value)}, bytes)) return;
  const std::optional<Napi::Value> read = node::decodePrimitive(env, bytes);
  // lib/ reads undefined, as it does what is no primitive.
  DO_CHECK(read.has_value() || value.type == napi_undefined);
  if (read) DO_CHECK(isSame(fakeOf(*read), value), bytes.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (const auto value = node::decodePrimitive(fuzz::fakeEnv(), input)) {
    writeAndRead(fakeOf(*value));
  }
  FakeValue text;
  text.type = napi_string;
  for (size_t i = 0; i + 1 < size; i += 2) {
    text.units.push_back(static_cast<char16_t>(data[i] | (data[i + 1] % 4U) << 8U));
  }
  writeAndRead(text);
  FakeValue number;
  number.type = napi_number;
  std::memcpy(&number.number, data, std::min(size, sizeof number.number));
  writeAndRead(number);
  fuzz::fakeReset();
  return 0;
}
