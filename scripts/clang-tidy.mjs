// clang-tidy over our own sources, two at a time, with the checks of .clang-tidy. Needs the release
// preset to be configured (compile_commands.json).

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { root } from './run.mjs';

const sources = readFileSync(path.join(root, 'native/sources.txt'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('native/'));

let failed = 0;

/** Takes files from the common list until none is left. */
async function work() {
  for (let file = sources.shift(); file !== undefined; file = sources.shift()) {
    const args = [
      '--quiet',
      '--warnings-as-errors=*',
      '--extra-arg=-Wno-unknown-warning-option',
      '-p',
      'build/release',
      file,
    ];
    const child = spawn('clang-tidy', args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] });
    /** @type {string[]} */
    const output = [];
    child.stdout.setEncoding('utf8').on('data', (text) => output.push(text));
    const [status] = await once(child, 'close');
    if (status === 0) continue;
    failed += 1;
    console.log(`${file}:\n${output.join('')}`);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
if (failed > 0) console.log(`clang-tidy: ${failed} files with findings`);
process.exitCode = failed > 0 ? 1 : 0;
