// Paired benchmarks: Holdfast against workerd and plain Node.js.
//
//   node bench/run.mjs [names...] [--rounds 3] [--seconds 3] [--against workerd,node,...] [--write] [--check]
//
// Rounds run in the order A B, B A, A B, ... on servers that stay up; those not measured are stopped meanwhile.
// --against: also epoll (a loop that parses nothing and answers the same bytes), and better-sqlite3 and node:sqlite, in plain Node.js, which are fetched from npm; all by default; --against none
// measures Holdfast alone. --write writes bench/RESULTS.md and bench/results.json after each benchmark;
// what they hold of other benchmarks stays, with the conditions of its own run. --check ends with
// exit code 1 when a budget (bench/budgets.json) of a benchmark that ran is broken. An error ends its benchmark, and the run
// with exit code 1.

import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchmarks } from './harness/benchmarks.mjs';
import { judge } from './harness/budgets.js';
import { buildClient } from './harness/client.mjs';
import { conditions, loadNow } from './harness/conditions.mjs';
import { emptyDataDir, makeDataDir, removeOldDataDirs } from './harness/data-dirs.js';
import { report, SQLITE } from './harness/report.js';
import { startServer } from './harness/servers.mjs';
import { medians, orderOfRound, ratios } from './harness/statistics.js';

const bench = path.dirname(fileURLToPath(import.meta.url));
/** @typedef {import('./harness/report.js').FullResult} FullResult */

const OTHERS = ['workerd', 'node', 'epoll', ...SQLITE, 'wrangler'];

function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '3' },
      against: { type: 'string', default: OTHERS.join(',') },
      write: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.filter((name) => !Object.hasOwn(benchmarks, name));
  if (unknown.length > 0)
    throw new Error(
      `no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}`,
    );
  const others = values.against === 'none' ? [] : values.against.split(',');
  const strangers = others.filter((side) => !OTHERS.includes(side));
  if (strangers.length > 0) throw new Error(`--against: ${strangers.join(', ')}`);
  const rounds = Number(values.rounds);
  const seconds = Number(values.seconds);
  if (!(Number.isInteger(rounds) && rounds > 0)) throw new Error('--rounds must be 1 or more');
  if (!(seconds > 0)) throw new Error('--seconds must be more than 0');
  const names = positionals.length > 0 ? positionals : Object.keys(benchmarks);
  return { names, others, rounds, seconds, write: values.write, check: values.check };
}

/**
 * @param {string} name
 * @param {ReturnType<typeof readOptions>} options
 * @param {string} dataDir
 */
async function runBenchmark(name, { others, rounds, seconds }, dataDir) {
  const benchmark = benchmarks[name];
  const does = (side) => {
    if (benchmark.against) return benchmark.against.includes(side);
    if (side === 'wrangler') return false;
    if (side === 'epoll') return benchmark.floor === true;
    return side === 'node' ? benchmark.node : !SQLITE.includes(side) || benchmark.sqlite;
  };
  const sides = ['holdfast', ...others.filter(does)];
  const dirOf = (...parts) => path.join(dataDir, [name.replace('/', '-'), ...parts].join('-'));
  /** @type {Record<string, import('./harness/servers.mjs').Server>} */
  const servers = {};
  /** @type {Record<string, import('./harness/statistics.js').Metrics[]>} */
  const measured = Object.fromEntries(sides.map((side) => [side, []]));
  try {
    for (const side of benchmark.ownServer ? [] : sides) {
      servers[side] = await startServer(side, dirOf(side), benchmark.node);
      servers[side].pause();
    }
    for (let round = 0; round < rounds; round++) {
      for (const side of orderOfRound(sides, round)) {
        servers[side]?.resume();
        const one = { side, round, seconds, dir: dirOf(side, String(round)) };
        measured[side].push(await benchmark.measure(one, servers[side]));
        servers[side]?.pause();
        console.log(`${name} ${side} ${round + 1}: ${describe(measured[side][round])}`);
      }
    }
  } finally {
    for (const server of Object.values(servers)) await server.stop();
  }
  const middle = Object.fromEntries(sides.map((side) => [side, medians(measured[side])]));
  return {
    ...{ name, does: benchmark.does, headline: benchmark.headline, rounds, seconds },
    sides: middle,
    ratios: Object.fromEntries(
      sides.slice(1).map((side) => [side, ratios(middle.holdfast, middle[side])]),
    ),
    measured,
  };
}

/** @param {import('./harness/statistics.js').Metrics} metrics */
function describe(metrics) {
  return Object.entries(metrics)
    .map(([metric, value]) => `${metric} ${Number(value.toPrecision(4))}`)
    .join(', ');
}

async function main() {
  const options = readOptions();
  buildClient();
  const out = path.join(bench, 'out');
  await mkdir(out, { recursive: true });
  const dataDir = makeDataDir(out);
  // Registered after the handler that kills the servers, so it runs when nobody writes there any more.
  process.on('exit', () => {
    emptyDataDir(dataDir);
    removeOldDataDirs(out);
  });
  const budgets = JSON.parse(await readFile(path.join(bench, 'budgets.json'), 'utf8'));
  /** @type {FullResult[]} */
  const results = [];
  for (const name of options.names) {
    const where = await conditions(dataDir);
    /** @type {Awaited<ReturnType<typeof runBenchmark>>} */
    let result;
    try {
      result = await runBenchmark(name, options, dataDir);
    } catch (error) {
      complain(error, name);
      continue;
    }
    results.push({ ...result, conditions: { ...where, 'load after': loadNow() } });
    if (options.write) await writeResults(results, budgets);
    for (const [side, ratio] of Object.entries(result.ratios))
      console.log(`${name} / ${side}: ${describe(pick(ratio, result.headline))}\n`);
  }
  const verdicts = budgets.map((budget) => judge(budget, results));
  for (const { state, text } of verdicts) if (state !== 'not measured') console.log(text);
  if (options.check && verdicts.some(({ state }) => state === 'broken')) process.exitCode = 1;
}

/** @param {FullResult[]} fresh @param {import('./harness/budgets.js').Budget[]} budgets */
async function writeResults(fresh, budgets) {
  const file = path.join(bench, 'results.json');
  const old = existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : [];
  const results = Object.keys(benchmarks).flatMap(
    (name) => [...fresh, ...old].find((result) => result.name === name) ?? [],
  );
  const verdicts = budgets.map((budget) => judge(budget, results).text);
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(path.join(bench, 'RESULTS.md'), report(results, verdicts));
}

/** @param {unknown} error @param {string} [what] it happened in */
function complain(error, what) {
  const text = error instanceof Error ? error.message : error;
  console.error(`bench: ${what === undefined ? '' : `${what}: `}${text}`);
  process.exitCode = 1;
}

function pick(metrics, names) {
  return Object.fromEntries(
    names.filter((name) => name in metrics).map((name) => [name, metrics[name]]),
  );
}

// The exit stops the servers; without this a signal would leave them running.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    console.error(`bench: ended by ${signal}`);
    process.exit(1);
  });
}

try {
  await main();
} catch (error) {
  complain(error);
}
