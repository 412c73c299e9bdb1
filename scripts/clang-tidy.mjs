// clang-tidy over our own sources, two at a time, with the checks of .clang-tidy.
//
// Most of its time goes into the headers of the standard library: where the thread-sanitized build makes one unit of several sources
// (cmake/HoldfastRooms.cmake), that unit is read, and the sources that no unit has alone. Needs the presets release and tsan to be
// configured (compile_commands.json).

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { root } from './run.mjs';

/** @typedef {{file: string, build: string}} Unit a source, and the build whose compile_commands.json has it */

/** @returns {Unit[]} which together have each source of native/sources.txt once */
function units() {
  const sources = new Set(
    readFileSync(path.join(root, 'native/sources.txt'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('native/')),
  );
  /** @type {Unit[]} */
  const list = [];
  const build = 'build/tsan';
  for (const { file } of JSON.parse(
    readFileSync(path.join(root, build, 'compile_commands.json'), 'utf8'),
  )) {
    const parts = file.includes('/Unity/') ? included(file) : [];
    if (!parts.some((part) => sources.has(part))) continue;
    list.push({ file, build });
    for (const part of parts) sources.delete(part);
  }
  for (const file of sources) list.push({ file, build: 'build/release' });
  return list;
}

/** @param {string} unit @returns {string[]} the sources that CMake included there, from the root of the project */
function included(unit) {
  return [...readFileSync(unit, 'utf8').matchAll(/^#include "(.*)"$/gm)].map(([, file]) =>
    path.relative(root, file),
  );
}

const left = units();
let failed = 0;

/** Takes units from the common list until none is left. */
async function work() {
  for (let unit = left.pop(); unit !== undefined; unit = left.pop()) {
    const args = ['--quiet', '--warnings-as-errors=*', '--extra-arg=-Wno-unknown-warning-option'];
    const child = spawn('clang-tidy', [...args, '-p', unit.build, unit.file], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    /** @type {string[]} */
    const output = [];
    child.stdout.setEncoding('utf8').on('data', (text) => output.push(text));
    const [status] = await once(child, 'close');
    if (status === 0) continue;
    failed += 1;
    console.log(`${unit.file}:\n${output.join('')}`);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
if (failed > 0) console.log(`clang-tidy: ${failed} units with findings`);
process.exitCode = failed > 0 ? 1 : 0;
