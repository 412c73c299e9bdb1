# `native_headers` compiles each header of native/ alone, so that none leans on what its users
# happened to include before it. Not part of the default build.
#
# A header that the source of its name includes before anything else is compiled alone already, by
# every build: compiling those three quarters of the headers once more would find nothing.
# Which they are is looked at when CMake runs, and scripts/check.mjs runs it first.
function(holdfast_is_included_first header out)
  set(${out} FALSE PARENT_SCOPE)
  string(REGEX REPLACE "\\.h$" ".cc" source "${CMAKE_CURRENT_SOURCE_DIR}/native/${header}")
  string(REPLACE "${CMAKE_CURRENT_SOURCE_DIR}/" "" listed "${source}")
  if(NOT listed IN_LIST HOLDFAST_SOURCES)
    return()
  endif()
  # Code before the first #include counts, too: such a source proves nothing.
  file(STRINGS "${source}" lines REGEX "^[^/]" LIMIT_COUNT 1)
  if(lines STREQUAL "#include \"${header}\"")
    set(${out} TRUE PARENT_SCOPE)
  endif()
endfunction()

file(GLOB_RECURSE headers CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/native/*.h")
set(header_sources "")
foreach(header ${headers})
  file(RELATIVE_PATH name "${CMAKE_CURRENT_SOURCE_DIR}/native" "${header}")
  holdfast_is_included_first("${name}" is_compiled_alone)
  if(is_compiled_alone)
    continue()
  endif()
  set(source "${CMAKE_CURRENT_BINARY_DIR}/headers/${name}.cc")
  file(CONFIGURE OUTPUT "${source}" CONTENT "#include \"${name}\"\n")
  list(APPEND header_sources "${source}")
endforeach()

add_library(native_headers OBJECT EXCLUDE_FROM_ALL ${header_sources})
target_link_libraries(native_headers PRIVATE holdfast_options)
target_compile_options(native_headers PRIVATE -fsyntax-only)
target_compile_definitions(native_headers PRIVATE NAPI_VERSION=9)
target_include_directories(native_headers SYSTEM PRIVATE "${HOLDFAST_SQLITE_DIR}"
  "${CMAKE_CURRENT_SOURCE_DIR}/node_modules/node-addon-api"
  "${CMAKE_CURRENT_SOURCE_DIR}/node_modules/node-api-headers/include")
