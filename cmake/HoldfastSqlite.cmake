# SQLite, from the amalgamation that better-sqlite3 ships (its parser knows UPDATE/DELETE ... LIMIT).
# Why each option: docs/decisions/0002-native-build.md. binding.gyp reads the same options file.
set(HOLDFAST_SQLITE_DIR "${CMAKE_CURRENT_SOURCE_DIR}/node_modules/better-sqlite3/deps/sqlite3"
  CACHE PATH "Directory of sqlite3.c and sqlite3.h")
if(NOT EXISTS "${HOLDFAST_SQLITE_DIR}/sqlite3.c")
  message(FATAL_ERROR "No sqlite3.c in ${HOLDFAST_SQLITE_DIR}; run `npm run build`")
endif()

set(options_file "${CMAKE_CURRENT_SOURCE_DIR}/cmake/sqlite-options.txt")
file(STRINGS "${options_file}" HOLDFAST_SQLITE_OPTIONS REGEX "^[A-Z]")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${options_file}")

# The copy that counts rows: docs/decisions/0025-row-counts-inside-sqlite.md.
find_program(HOLDFAST_NODE node REQUIRED)
set(counting_sqlite "${CMAKE_CURRENT_BINARY_DIR}/sqlite/sqlite3.c")
set(row_counts "${CMAKE_CURRENT_SOURCE_DIR}/scripts/sqlite-row-counts.js")
add_custom_command(OUTPUT "${counting_sqlite}"
  COMMAND "${HOLDFAST_NODE}" "${row_counts}" "${HOLDFAST_SQLITE_DIR}/sqlite3.c" "${counting_sqlite}"
  DEPENDS "${HOLDFAST_SQLITE_DIR}/sqlite3.c" "${row_counts}"
  VERBATIM)

add_library(holdfast_sqlite STATIC "${counting_sqlite}")
target_include_directories(holdfast_sqlite SYSTEM INTERFACE "${HOLDFAST_SQLITE_DIR}")
target_compile_definitions(holdfast_sqlite PRIVATE ${HOLDFAST_SQLITE_OPTIONS})
target_compile_options(holdfast_sqlite PRIVATE -w)
target_link_libraries(holdfast_sqlite PRIVATE m ${CMAKE_DL_LIBS})
