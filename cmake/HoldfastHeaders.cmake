# `native_headers` compiles each header of native/ alone, so that none leans on what its users
# happened to include before it. Not part of the default build.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/native/*.h")
set(header_sources "")
foreach(header ${headers})
  file(RELATIVE_PATH name "${CMAKE_CURRENT_SOURCE_DIR}/native" "${header}")
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
