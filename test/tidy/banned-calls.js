'use strict';

const { codeOnly } = require('./source-files');

/**
 * Calls that only native/sys may make, and what to use instead.
 * @type {{pattern: RegExp, instead: string}[]}
 */
const banned = [
  {
    pattern: /\b(system|steady|high_resolution)_clock\s*::\s*now\b/g,
    instead: 'take the time as an argument, or ask a sys::Clock (native/sys/clock.h)',
  },
  {
    pattern:
      /(\bstd::|(?<![\w:.>])::|(?<![\w:.>]))(time\s*\(\s*(NULL|nullptr|0|&)|(gettimeofday|clock_gettime)\s*\()/g,
    instead: 'take the time as an argument, or ask a sys::Clock (native/sys/clock.h)',
  },
  {
    pattern:
      /\bstd::(thread|jthread|async)\b(?!::(id|hardware_concurrency))|\bpthread_create\s*\(/g,
    instead: 'start threads through native/sys (thread.h)',
  },
  {
    pattern:
      /\b(std::this_thread::sleep_(for|until)|(u|nano)sleep\s*\()|(?<![\w:.>])(::)?sleep\s*\(/g,
    instead: 'nothing sleeps: wait on a condition or a timer of the I/O thread',
  },
  {
    pattern:
      /(?<![\w>)\]])::(open|openat|creat|fsync|fdatasync|sync_file_range|fallocate|ftruncate|truncate|rename|renameat|unlink|rmdir|mkdir|flock|fcntl|pread|pwrite|pwritev|mmap|munmap|opendir|readdir|stat|fstat)\s*\(/g,
    instead: 'reach files through native/sys (file_system.h, file.h)',
  },
  {
    pattern: /\b(f(open|reopen)\s*\(|std::(ofstream|ifstream|fstream)\b|std::filesystem\b)/g,
    instead: 'reach files through native/sys (file_system.h, file.h)',
  },
  {
    pattern:
      /(?<![\w:.>])(std::)?(rand|srand|random|drand48)\s*\(|\bstd::(random_device|mt19937(_64)?|default_random_engine)\b|\bget(random|entropy)\s*\(/g,
    instead: 'take random bytes as an argument, or from native/sys (random.h)',
  },
];

/**
 * @param {string} file relative to the root
 * @param {string} source what it contains
 * @returns {string[]} one line per banned call
 */
function checkCalls(file, source) {
  if (file.startsWith('native/sys/')) return [];
  const code = codeOnly(source);
  return banned.flatMap(({ pattern, instead }) =>
    [...code.matchAll(pattern)].map((match) => {
      const line = code.slice(0, match.index).split('\n').length;
      return `${file}:${line}: ${match[0].trim()}: ${instead}`;
    }),
  );
}

module.exports = { checkCalls };
