# One libFuzzer executable per test/fuzz/<name>_fuzz.cc; scripts/fuzz.mjs builds and runs them.
# Needs clang; only in the preset `fuzz`, whose sources are all compiled with coverage.

# holdfast_add_fuzzer(<name> <room>): the room it drives, with those below it.
function(holdfast_add_fuzzer name room)
  add_executable(${name}_fuzz "${CMAKE_CURRENT_SOURCE_DIR}/test/fuzz/${name}_fuzz.cc")
  target_link_libraries(${name}_fuzz PRIVATE holdfast_${room})
  target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
  add_dependencies(fuzzers ${name}_fuzz)
endfunction()

add_custom_target(fuzzers)
holdfast_add_fuzzer(actor_id core)
holdfast_add_fuzzer(facet_index storage)
holdfast_add_fuzzer(frame_parser net)
holdfast_add_fuzzer(log_record storage)
holdfast_add_fuzzer(session net)
