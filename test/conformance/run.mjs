// Conformance: every program of `programs/` on workerd and on Holdfast, same requests, equal output.
//
// usage: node test/conformance/run.mjs [filter] [--only workerd|holdfast] [--self] [--update] [--verbose]
//   filter    part of a program id or a case name
//   --only    runs one side and prints what it shows; compares nothing
//   --self    compares workerd with workerd: shows cases that are not deterministic
//   --update  removes stale entries from expected-differences.json
//   --verbose prints expected differences and passing cases too
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { compareRuns } from './harness/compare.js';
import { startHoldfast } from './harness/holdfast.mjs';
import { loadPrograms } from './harness/programs.mjs';
import { runProgram } from './harness/run-program.mjs';
import { startWorkerd } from './harness/workerd.mjs';

const expectedDifferencesUrl = new URL('./expected-differences.json', import.meta.url);
const programsAtOnce = 4;
const repeats = 2;
/** With more failures than this it is not the machine. */
const repeatedMax = 5;
const starters = { workerd: startWorkerd, holdfast: startHoldfast };

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    self: { type: 'boolean', default: false },
    update: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
if (options.only && !(options.only in starters)) {
  console.error(`--only takes workerd or holdfast, not ${options.only}`);
  process.exit(2);
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

const filter = positionals[0] ?? '';
const programs = (await loadPrograms()).filter((program) =>
  program.cases.some(({ name }) => selects(program, name)),
);
// Programs that wait for real time go first, so that the others fill the time.
programs.sort((a, b) => Number(b.config.concurrent) - Number(a.config.concurrent));
process.exitCode = await (options.only ? show(starters[options.only]) : compare());

function selects(program, name) {
  return `${program.id}: ${name}`.includes(filter);
}

async function show(start) {
  let failures = 0;
  await forEachAtOnce(programs, async (program) => {
    const run = await runProgram(program, start, (name) => selects(program, name));
    for (const [name, { lines }] of run.observations) {
      console.log(`\n${program.id}: ${name}\n${indent(lines.join('\n'))}`);
    }
    if (options.verbose && run.log) console.log(`\n${program.id} printed\n${indent(run.log)}`);
    if (run.failure) {
      failures++;
      console.log(`\n${program.id} FAILED\n${indent(run.failure)}`);
    }
  });
  return failures > 0 ? 1 : 0;
}

async function compare() {
  const list = JSON.parse(await readFile(expectedDifferencesUrl, 'utf8'));
  const expected = new Map(options.self ? [] : list.map((entry) => [entry.case, entry.reason]));
  const counts = { passed: 0, failed: 0, expected: 0 };
  const used = new Set();
  const stale = new Set();
  const doubtful = [];
  await forEachAtOnce(programs, async (program) => {
    for (const verdict of await compareProgram(program, expected)) {
      const { name, outcome, message } = verdict;
      used.add(name);
      if (outcome === 'failed') {
        doubtful.push({ program, verdict });
        continue;
      }
      counts[outcome]++;
      if (options.verbose) console.log(`${outcome} ${name}${message ? ` (${message})` : ''}`);
    }
  });
  for (const { program, verdict } of doubtful) {
    const { name, message } = verdict;
    const unsteady = doubtful.length <= repeatedMax && (await holdsAlone(program, name, expected));
    counts[unsteady ? 'passed' : 'failed']++;
    console.log(`${unsteady ? 'UNSTEADY' : 'FAILED'} ${name}\n${indent(message)}`);
    if (message.startsWith('stale: ')) stale.add(name);
  }
  if (filter === '') {
    for (const name of expected.keys()) {
      if (used.has(name)) continue;
      stale.add(name);
      counts.failed++;
      console.log(
        `FAILED ${name}\n    stale: no such case, remove it from expected-differences.json`,
      );
    }
  }
  if (options.update && stale.size > 0) await dropEntries(list, stale);
  if (counts.expected > 0) console.log(`${counts.expected} expected differences`);
  console.log(`conformance: ${counts.passed + counts.expected} passed, ${counts.failed} failed`);
  return counts.failed > 0 ? 1 : 0;
}

async function compareProgram(program, expected, only = (name) => selects(program, name)) {
  const [oracle, subject] = await Promise.all([
    runProgram(program, startWorkerd, only),
    runProgram(program, options.self ? startWorkerd : startHoldfast, only),
  ]);
  if (oracle.failure) console.log(`${program.id}: workerd ${oracle.failure}`);
  if (subject.failure) console.log(`${program.id}: holdfast ${subject.failure}`);
  const chosen = { ...program, cases: program.cases.filter(({ name }) => only(name)) };
  return compareRuns(chosen, oracle, subject, expected);
}

/**
 * Cases that wait for real time share two cores with all the others, and workerd itself differs from run to run then. One that is
 * equal each time it runs alone was disturbed; it is printed as unsteady all the same, so that it gets looked at.
 */
async function holdsAlone(program, fullName, expected) {
  for (let run = 0; run < repeats; run++) {
    const only = (name) => `${program.id}: ${name}` === fullName;
    const verdicts = await compareProgram(program, expected, only);
    if (verdicts.some(({ outcome }) => outcome === 'failed')) return false;
  }
  return true;
}

async function dropEntries(list, stale) {
  const kept = list.filter((entry) => !stale.has(entry.case));
  await writeFile(expectedDifferencesUrl, `${JSON.stringify(kept, null, 2)}\n`);
}

/** Runs `work` over `items`, a few at a time, in order of start. */
async function forEachAtOnce(items, work) {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: programsAtOnce }, worker));
}

function indent(text) {
  return text.replace(/^/gm, '    ');
}
