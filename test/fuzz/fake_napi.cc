#include "fake_napi.h"

#include <algorithm>
#include <deque>
#include <memory>

namespace holdfast::fuzz {
namespace {

using Arena = std::deque<std::unique_ptr<FakeValue>>;

Arena& arena() {
  static Arena values;
  return values;
}

Arena& kept() {
  static Arena values;
  return values;
}

napi_status give(FakeValue value, napi_value* result) {
  *result = fakeValue(std::move(value));
  return napi_ok;
}

FakeValue ofType(napi_valuetype type) {
  FakeValue value;
  value.type = type;
  return value;
}

}  // namespace

napi_env fakeEnv() { return reinterpret_cast<napi_env>(&arena()); }

napi_value fakeValue(FakeValue value) {
  arena().push_back(std::make_unique<FakeValue>(std::move(value)));
  return reinterpret_cast<napi_value>(arena().back().get());
}

FakeValue& fakeOf(napi_value value) { return *reinterpret_cast<FakeValue*>(value); }

void fakeReset() { arena().clear(); }

}  // namespace holdfast::fuzz

using holdfast::fuzz::fakeOf;
using holdfast::fuzz::FakeValue;
using namespace holdfast::fuzz;

extern "C" {

napi_status napi_get_undefined(napi_env, napi_value* result) {
  return give(ofType(napi_undefined), result);
}
napi_status napi_get_null(napi_env, napi_value* result) { return give(ofType(napi_null), result); }

napi_status napi_get_boolean(napi_env, bool boolean, napi_value* result) {
  FakeValue value = ofType(napi_boolean);
  value.boolean = boolean;
  return give(std::move(value), result);
}

napi_status napi_create_double(napi_env, double number, napi_value* result) {
  FakeValue value = ofType(napi_number);
  value.number = number;
  return give(std::move(value), result);
}

napi_status napi_create_string_latin1(napi_env, const char* text, size_t size, napi_value* result) {
  FakeValue value = ofType(napi_string);
  for (size_t i = 0; i < size; ++i) value.units.push_back(static_cast<unsigned char>(text[i]));
  return give(std::move(value), result);
}

napi_status napi_create_string_utf8(napi_env, const char* text, size_t size, napi_value* result) {
  FakeValue value = ofType(napi_string);
  value.bytes = size == NAPI_AUTO_LENGTH ? std::string(text) : std::string(text, size);
  return give(std::move(value), result);
}

napi_status napi_create_array(napi_env, napi_value* result) {
  return give(ofType(napi_object), result);
}

napi_status napi_create_array_with_length(napi_env, size_t length, napi_value* result) {
  FakeValue value = ofType(napi_object);
  value.elements.assign(length, nullptr);
  return give(std::move(value), result);
}

napi_status napi_get_array_length(napi_env, napi_value array, uint32_t* result) {
  *result = static_cast<uint32_t>(fakeOf(array).elements.size());
  return napi_ok;
}

napi_status napi_set_element(napi_env, napi_value array, uint32_t index, napi_value value) {
  std::vector<napi_value>& elements = fakeOf(array).elements;
  if (index >= elements.size()) elements.resize(index + 1);
  elements[index] = value;
  return napi_ok;
}

napi_status napi_create_arraybuffer(napi_env, size_t size, void** data, napi_value* result) {
  FakeValue value = ofType(napi_object);
  value.bytes.assign(size, '\0');
  const napi_status status = give(std::move(value), result);
  *data = fakeOf(*result).bytes.data();
  return status;
}

napi_status napi_create_typedarray(napi_env, napi_typedarray_type, size_t, napi_value buffer,
                                   size_t, napi_value* result) {
  FakeValue value = ofType(napi_object);
  value.buffer = &fakeOf(buffer);
  return give(std::move(value), result);
}

// Of 32-bit words, the whole buffer.
napi_status napi_get_typedarray_info(napi_env, napi_value array, napi_typedarray_type* type,
                                     size_t* length, void** data, napi_value* buffer,
                                     size_t* offset) {
  const FakeValue* bytes = fakeOf(array).buffer;
  if (type != nullptr) *type = napi_uint32_array;
  if (length != nullptr) *length = bytes->bytes.size() / sizeof(uint32_t);
  if (data != nullptr) *data = const_cast<char*>(bytes->bytes.data());
  if (buffer != nullptr) *buffer = reinterpret_cast<napi_value>(const_cast<FakeValue*>(bytes));
  if (offset != nullptr) *offset = 0;
  return napi_ok;
}

// A reference keeps everything: there are few, of the words of a codec.
napi_status napi_create_reference(napi_env, napi_value value, uint32_t, napi_ref* result) {
  for (std::unique_ptr<FakeValue>& one : arena()) kept().push_back(std::move(one));
  arena().clear();
  *result = reinterpret_cast<napi_ref>(value);
  return napi_ok;
}
napi_status napi_delete_reference(napi_env, napi_ref) { return napi_ok; }
napi_status napi_get_reference_value(napi_env, napi_ref reference, napi_value* result) {
  *result = reinterpret_cast<napi_value>(reference);
  return napi_ok;
}

napi_status napi_typeof(napi_env, napi_value value, napi_valuetype* result) {
  *result = fakeOf(value).type;
  return napi_ok;
}
napi_status napi_get_value_bool(napi_env, napi_value value, bool* result) {
  *result = fakeOf(value).boolean;
  return napi_ok;
}
napi_status napi_get_value_double(napi_env, napi_value value, double* result) {
  *result = fakeOf(value).number;
  return napi_ok;
}
napi_status napi_get_value_string_utf16(napi_env, napi_value value, char16_t* into, size_t size,
                                        size_t* result) {
  const std::u16string& units = fakeOf(value).units;
  *result = std::min(units.size(), size - 1);
  std::copy_n(units.begin(), *result, into);
  into[*result] = 0;
  return napi_ok;
}

}  // extern "C"
