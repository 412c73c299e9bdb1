// workerd's own test files on Holdfast, from a checkout of workerd kept outside this repository. See README.md.
//
// usage: node test/workerd/run.mjs <folder> [file...] [--workerd] [--verbose]
//   folder     src/workerd/api/tests of the checkout
//   file       names of .wd-test files without the ending; without any, those of files.json
//   --workerd  runs workerd too and prints both counts side by side
//   --verbose  prints passing cases too, and errors with their stack
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startHoldfast } from './holdfast.mjs';
import { runService } from './run-service.mjs';
import { readWdTest } from './wd-test.mjs';
import { startWorkerd } from './workerd.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    workerd: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
const [folder, ...chosen] = positionals;
if (folder === undefined) {
  console.error('usage: node test/workerd/run.mjs <src/workerd/api/tests of a checkout> [file...]');
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

const starters = { holdfast: startHoldfast, ...(options.workerd && { workerd: startWorkerd }) };
const files = chosen.length
  ? chosen.map((name) => name.replace(/\.(wd-test|js)$/, ''))
  : JSON.parse(await readFile(new URL('./files.json', import.meta.url), 'utf8'));

const rows = [];
for (const file of files) rows.push(await runFile(file));
printTable(rows);
process.exitCode = rows.some((row) => row.holdfast.passed < row.holdfast.cases) ? 1 : 0;

/** @param {string} file */
async function runFile(file) {
  const row = { file };
  for (const runtime of Object.keys(starters))
    row[runtime] = { cases: 0, passed: 0, assertions: 0 };
  for (const service of await readWdTest(folder, file)) {
    for (const [runtime, start] of Object.entries(starters)) {
      const counts = row[runtime];
      for (const [name, outcome] of await outcomes(service, start)) {
        counts.cases += 1;
        counts.assertions += outcome.assertions;
        if (outcome.error === undefined) counts.passed += 1;
        report(`${file} ${service.name}:${name} on ${runtime}`, outcome);
      }
    }
  }
  return row;
}

/** A service that does not start is one case that fails. */
async function outcomes(service, start) {
  try {
    return await runService(service, start);
  } catch (error) {
    return [['(start)', { error: error.message, assertions: 0 }]];
  }
}

function report(title, { error, assertions }) {
  if (error === undefined) {
    if (options.verbose) console.log(`passed ${title} (${assertions} assertions)`);
    return;
  }
  const text = options.verbose ? error : error.split('\n').slice(0, 12).join('\n');
  console.log(`FAILED ${title} (after ${assertions} assertions)\n${text.replace(/^/gm, '    ')}`);
}

function printTable(table) {
  const runtimes = Object.keys(starters);
  const cells = table.map((row) => [
    row.file,
    ...runtimes.map((runtime) => `${row[runtime].passed} of ${row[runtime].cases}`),
    ...runtimes.map((runtime) => String(row[runtime].assertions)),
  ]);
  const head = [
    'file',
    ...runtimes.map((runtime) => `cases ${runtime}`),
    ...runtimes.map((runtime) => `assertions ${runtime}`),
  ];
  const lines = [head, ...cells];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  for (const line of lines) {
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
  }
}
