# Language level, warnings, sanitizers and ccache, the same for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(HOLDFAST_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them; empty for none")
if(HOLDFAST_SANITIZE)
  add_compile_options(-fsanitize=${HOLDFAST_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${HOLDFAST_SANITIZE})
endif()

find_program(HOLDFAST_CCACHE ccache)
if(HOLDFAST_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER "${HOLDFAST_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${HOLDFAST_CCACHE}")
endif()

find_package(Threads REQUIRED)

# What our own sources are compiled with; third-party code is not held to it.
add_library(holdfast_options INTERFACE)
target_compile_options(holdfast_options INTERFACE -Wall -Wextra -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 sees an uninitialised string in the unused half of every optimised std::variant.
  target_compile_options(holdfast_options INTERFACE -Wno-maybe-uninitialized)
endif()
target_include_directories(holdfast_options INTERFACE "${CMAKE_CURRENT_SOURCE_DIR}/native")
target_link_libraries(holdfast_options INTERFACE Threads::Threads)
