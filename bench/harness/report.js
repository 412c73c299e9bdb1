// RESULTS.md from what was measured.
'use strict';

const UNITS = new Map([
  ['ops_per_s', 'ops/s'],
  ['cpu_us_per_op', 'CPU µs/op'],
  ['flushes_per_s', 'flushes/s'],
  ['commits_per_flush', 'commits/flush'],
  ['bytes_per_socket', 'bytes/socket'],
  ['bytes_per_object', 'bytes/object'],
  ['bytes_per_object_evicted', 'bytes/object evicted'],
  ['p50_us', 'µs p50'],
  ['p99_us', 'µs p99'],
  ['p50_ms', 'ms p50'],
  ['p999_ms', 'ms p99.9'],
  ['max_ms', 'ms max'],
  ['start_ms', 'ms'],
  ['start_cpu_ms', 'CPU ms'],
  ['reload_p50_ms', 'ms'],
]);

/** Drivers of SQLite for plain Node.js, sides of benchmarks with SQL. */
const SQLITE = ['better-sqlite3', 'node:sqlite'];

/** @typedef {import('./budgets').Result & {does: string, headline: string[], rounds: number, seconds: number,
 *   conditions: Record<string, string>}} FullResult */

/** @param {number} value */
function shown(value) {
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** @param {string[]} cells */
function row(cells) {
  return `| ${cells.join(' | ')} |`;
}

/**
 * @param {FullResult} result
 * @param {string} metric
 * @param {string[]} others
 */
function metricRow(result, metric, others) {
  const cell = (/** @type {string} */ side) => {
    const value = result.sides[side]?.[metric];
    return value === undefined ? '' : shown(value);
  };
  const ratio = (/** @type {string} */ side) => {
    const value = result.ratios[side]?.[metric];
    return value === undefined ? '' : value.toFixed(2);
  };
  return row([
    result.name,
    UNITS.get(metric) ?? metric,
    cell('holdfast'),
    ...others.flatMap((side) => [cell(side), ratio(side)]),
  ]);
}

/**
 * @param {FullResult[]} results
 * @returns {Record<string, string>} the conditions that were the same for all
 */
function sharedConditions(results) {
  const [first] = results;
  return Object.fromEntries(
    Object.entries(first.conditions).filter(([name, value]) =>
      results.every((result) => result.conditions[name] === value),
    ),
  );
}

/**
 * @param {FullResult} result
 * @param {Record<string, string>} shared
 */
function whatItIs({ name, does, rounds, seconds, conditions }, shared) {
  const own = Object.keys(conditions)
    .filter((condition) => !(condition in shared))
    .map((condition) => `, ${condition} ${conditions[condition]}`)
    .join('');
  return `- ${name}: ${does} (${rounds} rounds of ${seconds} s${own})`;
}

/**
 * @param {FullResult[]} results at least one
 * @param {string[]} verdicts about the budgets
 * @returns {string} Markdown
 */
function report(results, verdicts) {
  const shared = sharedConditions(results);
  const others = ['workerd', 'node', 'epoll', ...SQLITE, 'wrangler'].filter((side) =>
    results.some((result) => result.sides[side]),
  );
  const head = ['benchmark', 'unit', 'Holdfast', ...others.flatMap((side) => [side, 'ratio'])];
  return `# Results

Written by \`node bench/run.mjs --write\`; every number was measured by such a run. Medians of the rounds; a ratio is
Holdfast's median over the other's, so below 1 is good for CPU, bytes and ms, above 1 for ops/s. CPU is user and system
time of the server's processes within the measured window, shown by the kernel in steps of 10 ms. \`node\` is plain
\`node:http\`, or package \`ws\` for sockets; \`epoll\` is a loop that parses nothing and answers with the same bytes (of HTTP or of
sockets): what the kernel alone costs on that machine, under any server; \`better-sqlite3\` (in the same Node.js) and \`node:sqlite\` (in Node.js 24)
do the same in one transaction of a file, without a Worker; \`wrangler\` is \`wrangler dev\` (in Node.js 22 or newer). Latencies and each round are in \`results.json\`.

## Conditions

${Object.entries(shared)
  .map(([name, value]) => `- ${name}: ${value}`)
  .join('\n')}

A load far above 1 means that other work shared the cores: then ops/s, latencies and ms say little, and CPU per
operation is a little too high on every side.

## Numbers

${row(head)}
${row(head.map((_, index) => (index < 2 ? '---' : '---:')))}
${results
  .flatMap((result) => result.headline.map((metric) => metricRow(result, metric, others)))
  .join('\n')}

## What they are

${results.map((result) => whatItIs(result, shared)).join('\n')}

## Budgets

${verdicts.map((verdict) => `- ${verdict}`).join('\n')}
`;
}

module.exports = { report, SQLITE };
