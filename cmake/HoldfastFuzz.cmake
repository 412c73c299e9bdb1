# One libFuzzer executable per test/fuzz/<name>_fuzz.cc; scripts/steps.mjs builds and runs them.
# Needs clang; only in the preset `fuzz`, whose sources are all compiled with coverage.
#
# Each is compiled of what it drives alone, not of whole rooms: SQLite and Boost.Asio with sanitizers
# would take most of the time.

# holdfast_add_fuzzer(<name> <source of native/>...)
function(holdfast_add_fuzzer name)
  list(TRANSFORM ARGN PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/native/")
  add_executable(${name}_fuzz "${CMAKE_CURRENT_SOURCE_DIR}/test/fuzz/${name}_fuzz.cc" ${ARGN})
  target_link_libraries(${name}_fuzz PRIVATE holdfast_base)
  target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
  add_dependencies(fuzzers ${name}_fuzz)
endfunction()

# The codecs of the bridge, over a part of N-API without an engine.
function(holdfast_add_codec_fuzzer name source)
  holdfast_add_fuzzer(${name} node/napi_setup.cc ${source})
  target_sources(${name}_fuzz PRIVATE
    "${CMAKE_CURRENT_SOURCE_DIR}/test/fuzz/fake_napi.cc"
    "${CMAKE_CURRENT_SOURCE_DIR}/test/fuzz/fake_napi_missing.cc")
  target_compile_definitions(${name}_fuzz PRIVATE
    NAPI_VERSION=9 NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS)
  target_include_directories(${name}_fuzz SYSTEM PRIVATE
    "${CMAKE_CURRENT_SOURCE_DIR}/node_modules/node-addon-api"
    "${CMAKE_CURRENT_SOURCE_DIR}/node_modules/node-api-headers/include")
endfunction()

add_custom_target(fuzzers)
holdfast_add_fuzzer(actor_id core/actor_id.cc)
holdfast_add_fuzzer(facet_index storage/facet_index.cc storage/crc32c.cc)
holdfast_add_fuzzer(frame_parser net/frame_parser.cc)
holdfast_add_fuzzer(log_record
  storage/log_record.cc storage/log_segment.cc storage/crc32c.cc)
holdfast_add_fuzzer(session
  net/deflate.cc net/frame_parser.cc net/frame_writer.cc net/handshake.cc net/head_check.cc
  net/http_session.cc net/http_session_output.cc net/output_queue.cc net/proxy_connection.cc
  net/request_parser.cc net/request_rules.cc net/request_target.cc net/response_head.cc
  net/shared_message.cc net/socket_session.cc)
holdfast_add_fuzzer(socket_registry core/hibernation.cc)
holdfast_add_codec_fuzzer(turn_codec node/turn_codec.cc)
holdfast_add_codec_fuzzer(value_codec node/value_codec.cc)
