// Runs the tests, all or those named, and prints how many passed:
//
//   node scripts/test.mjs [native|js|conformance|types|tidy|crash|package|asan|tsan|fuzz|soak-asan ...]
//
// Without a name it runs what `npm test` promises. It expects scripts/setup.mjs --test to have run.
// With HOLDFAST_RESULTS=FILE it also appends a line `name passed failed` per step to FILE.

import { appendFileSync } from 'node:fs';
import { jest } from './jest.mjs';
import { conformance, fuzz, jestAreas, native, sanitizedSoak, types } from './steps.mjs';

/** @type {Record<string, () => import('./steps.mjs').Count>} */
const steps = {
  tidy: () => jest(['tidy']),
  native: () => native('release'),
  js: () => jest(jestAreas()),
  conformance,
  types,
  crash: () => jest(['crash']),
  package: () => jest(['package']),
  asan: () => native('asan'),
  tsan: () => native('tsan'),
  fuzz,
  'soak-asan': sanitizedSoak,
};
const promised = ['tidy', 'native', 'js', 'conformance', 'types', 'crash'];

const names = process.argv.length > 2 ? process.argv.slice(2) : promised;
const unknown = names.filter((name) => !Object.hasOwn(steps, name));
if (unknown.length > 0) {
  console.error(`No such step: ${unknown.join(', ')}. There are: ${Object.keys(steps).join(', ')}`);
  process.exit(1);
}

const rows = names.map((name) => {
  console.log(`\n== ${name}`);
  const started = process.hrtime.bigint();
  const count = steps[name]();
  const seconds = Number((process.hrtime.bigint() - started) / 1_000_000_000n);
  if (process.env.HOLDFAST_RESULTS)
    appendFileSync(process.env.HOLDFAST_RESULTS, `${name} ${count.passed} ${count.failed}\n`);
  return { name, ...count, seconds };
});

console.log('');
for (const { name, passed, failed, seconds } of rows)
  console.log(`${name}: ${passed} passed, ${failed} failed (${seconds} s)`);
const failed = rows.reduce((sum, row) => sum + row.failed, 0);
const passed = rows.reduce((sum, row) => sum + row.passed, 0);
if (rows.length > 1) console.log(`tests: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
