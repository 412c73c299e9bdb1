# holdfast.node: the room `node` linked with everything below it. The N-API and libuv symbols are
# those of the process that loads it, so they stay undefined here.
holdfast_room_sources(node node_sources)
if(NOT node_sources)
  message(STATUS "native/node has no sources: the addon is not built")
  return()
endif()

find_path(HOLDFAST_UV_INCLUDE uv.h REQUIRED)
set(modules "${CMAKE_CURRENT_SOURCE_DIR}/node_modules")

add_library(holdfast MODULE ${node_sources})
set_target_properties(holdfast PROPERTIES PREFIX "" SUFFIX ".node")
target_compile_definitions(holdfast PRIVATE
  NAPI_VERSION=9 NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS NODE_GYP_MODULE_NAME=holdfast)
target_include_directories(holdfast SYSTEM PRIVATE
  "${modules}/node-addon-api" "${modules}/node-api-headers/include" "${HOLDFAST_UV_INCLUDE}")
target_link_libraries(holdfast PRIVATE holdfast_core_objs)
# nodelete: when the only environment that loaded it ends, Node unloads an addon before libuv has
# called back for its closed handles.
target_link_options(holdfast PRIVATE
  -Wl,-z,nodelete -static-libstdc++ -static-libgcc -Wl,--exclude-libs,ALL -Wl,--gc-sections)

# The release build is put where node-gyp-build looks. By rename, so that a process that has the old
# one mapped keeps it whole.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  set(place "${CMAKE_CURRENT_SOURCE_DIR}/build/Release")
  add_custom_command(TARGET holdfast POST_BUILD
    COMMAND ${CMAKE_COMMAND} -E make_directory "${place}"
    COMMAND ${CMAKE_COMMAND} -E copy $<TARGET_FILE:holdfast> "${place}/holdfast.node.new"
    COMMAND ${CMAKE_COMMAND} -E rename "${place}/holdfast.node.new" "${place}/holdfast.node"
    VERBATIM)
endif()
