// What the codecs and node-addon-api name of N-API and no fuzzer may reach: the ways an error
// takes. Without the header of N-API, as their types do not matter.
#include "base/check.h"

#define HOLDFAST_NEVER_CALLED(name) \
  void name() { DO_CHECK(false, #name); }

extern "C" {
HOLDFAST_NEVER_CALLED(napi_close_handle_scope)
HOLDFAST_NEVER_CALLED(napi_create_error)
HOLDFAST_NEVER_CALLED(napi_create_object)
HOLDFAST_NEVER_CALLED(napi_create_range_error)
HOLDFAST_NEVER_CALLED(napi_create_type_error)
HOLDFAST_NEVER_CALLED(napi_define_properties)
HOLDFAST_NEVER_CALLED(napi_fatal_error)
HOLDFAST_NEVER_CALLED(napi_get_and_clear_last_exception)
HOLDFAST_NEVER_CALLED(napi_get_arraybuffer_info)
HOLDFAST_NEVER_CALLED(napi_get_dataview_info)
HOLDFAST_NEVER_CALLED(napi_get_last_error_info)
HOLDFAST_NEVER_CALLED(napi_get_property)
HOLDFAST_NEVER_CALLED(napi_get_value_string_utf8)
HOLDFAST_NEVER_CALLED(napi_has_property)
HOLDFAST_NEVER_CALLED(napi_is_arraybuffer)
HOLDFAST_NEVER_CALLED(napi_is_dataview)
HOLDFAST_NEVER_CALLED(napi_is_exception_pending)
HOLDFAST_NEVER_CALLED(napi_is_typedarray)
HOLDFAST_NEVER_CALLED(napi_open_handle_scope)
HOLDFAST_NEVER_CALLED(napi_set_named_property)
HOLDFAST_NEVER_CALLED(napi_throw)
}
