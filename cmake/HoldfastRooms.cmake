# One static library per room, its sources taken from native/sources.txt.
set(HOLDFAST_SOURCES_FILE "${CMAKE_CURRENT_SOURCE_DIR}/native/sources.txt")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${HOLDFAST_SOURCES_FILE}")
file(STRINGS "${HOLDFAST_SOURCES_FILE}" HOLDFAST_SOURCES REGEX "^native/")

# Sets `out` to the absolute paths of the sources of `room`.
function(holdfast_room_sources room out)
  set(sources ${HOLDFAST_SOURCES})
  list(FILTER sources INCLUDE REGEX "^native/${room}/")
  list(TRANSFORM sources PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
  set(${out} ${sources} PARENT_SCOPE)
endfunction()

# Sources whose unnamed namespaces have a name that another source of their room has, too: they stay units of their own.
set(HOLDFAST_LONE_SOURCES
  native/net/frame_writer.cc
  native/storage/checkpointer.cc
  native/storage/database_check.cc
  native/storage/image_file.cc
  native/storage/log_segment.cc
  native/storage/object_metadata.cc
  native/storage/record_store.cc
  native/storage/replay_vfs.cc
  native/storage/restore_commit.cc
  native/storage/restore_files.cc)
list(TRANSFORM HOLDFAST_LONE_SOURCES PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
set_source_files_properties(${HOLDFAST_LONE_SOURCES} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)

# holdfast_add_room(<room> [DEPENDS <room>...] [PRIVATE <target>...])
# DEPENDS names the rooms below; PRIVATE names targets whose headers only this room may see.
# A room without sources is headers only.
function(holdfast_add_room room)
  cmake_parse_arguments(ARG "" "" "DEPENDS;PRIVATE" ${ARGN})
  list(TRANSFORM ARG_DEPENDS PREPEND "holdfast_")
  holdfast_room_sources(${room} sources)
  if(sources)
    add_library(holdfast_${room} STATIC ${sources})
    target_link_libraries(holdfast_${room}
      PUBLIC holdfast_options ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE})
    # Sanitized builds are made from nothing in CI and seldom twice: several sources as one unit take
    # half the time there. The release build keeps a unit a source, so that a change compiles little.
    if(HOLDFAST_SANITIZE)
      set_target_properties(holdfast_${room} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
      if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # To g++ an unnamed namespace of a file that is included belongs to a header.
        target_compile_options(holdfast_${room} PRIVATE -Wno-subobject-linkage)
      endif()
    endif()
  else()
    add_library(holdfast_${room} INTERFACE)
    target_link_libraries(holdfast_${room} INTERFACE holdfast_options ${ARG_DEPENDS})
  endif()
endfunction()
