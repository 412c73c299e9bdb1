# One gtest executable per room, from test/native/<room>/*_test.cc (other .cc files there are
# fixtures; those of support/ are a library that the other rooms may link). `ninja native_tests`
# builds them all. CTest runs each in two halves: a process for each case would spend most of its
# time on starting, above all under a sanitizer. Results: test-results/<room>-<half>.xml.
find_package(GTest)
if(NOT GTest_FOUND)
  message(STATUS "googletest not found: the native tests are not built (`npm test` installs it)")
  return()
endif()
enable_testing()
add_custom_target(native_tests)

# Simulations and models run in one thread, by design, and so does all of the room core: under the
# thread sanitizer they would take most of the time and find nothing.
set(HOLDFAST_TEST_FILTER "*")
if(HOLDFAST_SANITIZE STREQUAL "thread")
  set(HOLDFAST_TEST_FILTER "-*Simulation*:*Property*:*Power*:LogRecordTest.*")
endif()

# Most of the tests of storage call one class, in one thread: only those that name a thread, or the
# engine, which has two, are built for the thread sanitizer.
function(holdfast_drop_tests_of_one_thread list)
  foreach(source ${${list}})
    file(STRINGS "${source}" found REGEX "[tT]hread|SqliteEngine" LIMIT_COUNT 1)
    if(source MATCHES "_test\\.cc$" AND NOT found)
      list(REMOVE_ITEM ${list} "${source}")
    endif()
  endforeach()
  set(${list} ${${list}} PARENT_SCOPE)
endfunction()

# Tests whose unnamed namespaces have a name that another test of their room has, too: they stay units of their own.
set(HOLDFAST_LONE_TESTS
  test/native/core/actor_system_test.cc
  test/native/core/alarm_schedule_test.cc
  test/native/core/alarm_window_test.cc
  test/native/core/hibernation_test.cc
  test/native/core/input_gate_test.cc
  test/native/host/outbox_test.cc
  test/native/storage/engine_power_cut_test.cc
  test/native/storage/engine_simulation.cc
  test/native/storage/engine_simulation_test.cc
  test/native/storage/log_recovery_test.cc
  test/native/storage/log_segment_test.cc
  test/native/storage/read_ahead_property_test.cc
  test/native/storage/simulated_object.cc
  test/native/storage/sql_property_test.cc)
list(TRANSFORM HOLDFAST_LONE_TESTS PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
set_source_files_properties(${HOLDFAST_LONE_TESTS} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)

# holdfast_add_tests(<room> <target>...): the targets are what the tests link.
function(holdfast_add_tests room)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/test/native/${room}/*.cc")
  if(room STREQUAL "support")
    list(FILTER sources INCLUDE REGEX "_test\\.cc$")
  endif()
  if(HOLDFAST_SANITIZE STREQUAL "thread" AND room STREQUAL "storage")
    holdfast_drop_tests_of_one_thread(sources)
  endif()
  if(NOT sources)
    return()
  endif()
  set(name holdfast_${room}_tests)
  add_executable(${name} EXCLUDE_FROM_ALL ${sources})
  target_include_directories(${name} PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}/test/native")
  target_link_libraries(${name} PRIVATE ${ARGN} GTest::gtest GTest::gtest_main)
  # The tests' own code is compiled once and run once: what is tested keeps the preset's level.
  target_compile_options(${name} PRIVATE -O0)
  # As the rooms are (HoldfastRooms.cmake): what is sanitized is made from nothing.
  if(HOLDFAST_SANITIZE)
    set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 4)
  endif()
  foreach(half 0 1)
    add_test(NAME ${room}-${half} COMMAND ${name} --gtest_brief=1
      "--gtest_filter=${HOLDFAST_TEST_FILTER}"
      "--gtest_output=xml:${CMAKE_BINARY_DIR}/test-results/${room}-${half}.xml")
    set_tests_properties(${room}-${half} PROPERTIES TIMEOUT 900 LABELS ${room}
      ENVIRONMENT "GTEST_TOTAL_SHARDS=2;GTEST_SHARD_INDEX=${half}")
  endforeach()
  add_dependencies(native_tests ${name})
endfunction()

file(GLOB HOLDFAST_SUPPORT CONFIGURE_DEPENDS
  "${CMAKE_CURRENT_SOURCE_DIR}/test/native/support/*.cc")
list(FILTER HOLDFAST_SUPPORT EXCLUDE REGEX "_test\\.cc$")
add_library(holdfast_test_support STATIC EXCLUDE_FROM_ALL ${HOLDFAST_SUPPORT})
target_include_directories(holdfast_test_support PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}/test/native")
target_link_libraries(holdfast_test_support PUBLIC holdfast_sys)

holdfast_add_tests(support holdfast_test_support)
holdfast_add_tests(base holdfast_base)
holdfast_add_tests(sys holdfast_sys)
if(NOT HOLDFAST_SANITIZE STREQUAL "thread")
  holdfast_add_tests(core holdfast_core)
endif()
holdfast_add_tests(storage holdfast_storage holdfast_sqlite holdfast_test_support)
holdfast_add_tests(net holdfast_net)
holdfast_add_tests(host holdfast_core_objs)
