// Formats everything (--write) or says what is not formatted (--check): clang-format for C++,
// Prettier for the rest. A file that git ignores is left alone.

import { capture, run } from './run.mjs';

const write = process.argv.includes('--write');

/** @returns {string[]} our C++ files, committed or not yet */
function cppFiles() {
  const { stdout } = capture('git', [
    ...['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'],
    ...['--', '*.h', '*.cc'],
  ]);
  const { stdout: deleted } = capture('git', ['ls-files', '-z', '--deleted']);
  const gone = new Set(deleted.split('\0'));
  return stdout.split('\0').filter((file) => file !== '' && !gone.has(file));
}

const files = cppFiles();
const clang =
  files.length === 0 ||
  run('clang-format', write ? ['-i', ...files] : ['--dry-run', '-Werror', ...files]);
const prettier = run('npx', [
  '--no-install',
  'prettier',
  write ? '--write' : '--check',
  '--log-level=warn',
  '.',
]);
process.exitCode = clang && prettier ? 0 : 1;
