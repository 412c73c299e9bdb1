# The addon for those who build with node-gyp (`npx node-gyp rebuild`); development uses CMake.
# Both read native/sources.txt and cmake/sqlite-options.txt. Needs g++ 12 or clang 14 and Boost's
# headers (libboost-dev).
{
  'target_defaults': {
    'cflags!': ['-fno-omit-frame-pointer'],
    'cflags': ['-fvisibility=hidden', '-ffunction-sections', '-fdata-sections'],
  },
  'targets': [
    {
      'target_name': 'sqlite',
      'type': 'static_library',
      # Copied first: gyp's make rules do not reach sources outside the package.
      'actions': [
        {
          'action_name': 'copy_sqlite',
          'inputs': ['<!(node scripts/gyp-list.js sqlite-dir)/sqlite3.c'],
          'outputs': ['<(SHARED_INTERMEDIATE_DIR)/sqlite/sqlite3.c'],
          'action': ['cp', '<@(_inputs)', '<@(_outputs)'],
        },
      ],
      'sources': ['<(SHARED_INTERMEDIATE_DIR)/sqlite/sqlite3.c'],
      'defines': ['<!@(node scripts/gyp-list.js sqlite-options)'],
      'cflags': ['-w', '-fPIC'],
    },
    {
      'target_name': 'holdfast',
      'dependencies': ['sqlite'],
      'sources': ['<!@(node scripts/gyp-list.js sources)'],
      'include_dirs': [
        'native',
        '<!(node scripts/gyp-list.js headers-dir)',
        '<!(node scripts/gyp-list.js sqlite-dir)',
      ],
      'defines': ['NAPI_VERSION=9', 'NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS'],
      # Node compiles its own sources without exceptions and type information; Boost needs both.
      'cflags_cc!': ['-fno-exceptions', '-fno-rtti', '-std=gnu++17', '-std=gnu++20', '-std=c++17'],
      'cflags_cc': ['-std=c++20', '-fexceptions', '-frtti', '-fvisibility-inlines-hidden', '-Wall', '-Wextra'],
      'ldflags': ['-Wl,-z,nodelete', '-static-libstdc++', '-static-libgcc', '-Wl,--exclude-libs,ALL', '-Wl,--gc-sections'],
    },
  ],
}
