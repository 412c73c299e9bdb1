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
      # A copy that counts rows (docs/decisions/0025-row-counts-inside-sqlite.md).
      'actions': [
        {
          'action_name': 'count_rows',
          'inputs': [
            '<!(node scripts/gyp-list.js sqlite-dir)/sqlite3.c',
            'scripts/sqlite-row-counts.js',
          ],
          'outputs': ['<(SHARED_INTERMEDIATE_DIR)/sqlite/sqlite3.c'],
          'action': [
            'node',
            'scripts/sqlite-row-counts.js',
            '<!(node scripts/gyp-list.js sqlite-dir)/sqlite3.c',
            '<@(_outputs)',
          ],
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
