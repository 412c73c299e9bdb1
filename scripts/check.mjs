// The checks that read the code without running it:
//
//   node scripts/check.mjs [format|eslint|tsc|clang-tidy|headers ...]
//
// Without a name it runs all of them. With HOLDFAST_RESULTS=FILE it appends `name passed failed` for
// each to FILE, each check counting as one.

import { appendFileSync } from 'node:fs';
import { run } from './run.mjs';

/** @type {Record<string, () => boolean>} */
const checks = {
  format: () => run('node', ['scripts/format.mjs', '--check']),
  eslint: () => run('npx', ['--no-install', 'eslint', '--max-warnings=0', '.']),
  tsc: () => run('npx', ['--no-install', 'tsc', '-p', 'tsconfig.json']),
  headers: () =>
    run('cmake', ['--preset', 'release', '--log-level=ERROR']) &&
    run('cmake', ['--build', 'build/release', '--target', 'native_headers', '-j2']),
  'clang-tidy': () =>
    run('cmake', ['--preset', 'release', '--log-level=ERROR']) &&
    run('cmake', ['--preset', 'tsan', '--log-level=ERROR']) &&
    run('node', ['scripts/clang-tidy.mjs']),
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(checks);
const unknown = names.filter((name) => !Object.hasOwn(checks, name));
if (unknown.length > 0) {
  console.error(
    `No such check: ${unknown.join(', ')}. There are: ${Object.keys(checks).join(', ')}`,
  );
  process.exit(1);
}

for (const name of names) {
  console.log(`\n== ${name}`);
  const ok = checks[name]();
  console.log(`${name}: ${ok ? 'passed' : 'FAILED'}`);
  if (process.env.HOLDFAST_RESULTS)
    appendFileSync(process.env.HOLDFAST_RESULTS, `${name} ${ok ? '1 0' : '0 1'}\n`);
  if (!ok) process.exitCode = 1;
}
