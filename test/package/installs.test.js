'use strict';

// The packed package under other package managers, in worker threads, and twice in one process.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { fileNameFor, firstExample } = require('./first-example');
const { installWith } = require('./package-managers');
const { pack } = require('./packed');

const readme = path.resolve(__dirname, '../../README.md');
const minute = 60_000;
/** @type {('pnpm' | 'yarn')[]} */
const managers = ['pnpm', 'yarn'];

/** @type {string} */
let folder;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-installs-'));
  const { tarball } = pack(folder);
  for (const manager of managers) installWith(manager, path.join(folder, manager), tarball);
}, 10 * minute);

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** @param {string} project @param {string} file @param {string} code */
function run(project, file, code) {
  fs.writeFileSync(path.join(project, file), code);
  const options = { cwd: project, encoding: 'utf8', timeout: minute };
  return spawnSync(process.execPath, [file], /** @type {any} */ (options));
}

describe.each(managers)('%s', (manager) => {
  test(
    "the README's first example and the command line run",
    () => {
      const project = path.join(folder, manager);
      const code = firstExample(fs.readFileSync(readme, 'utf8'));
      expect(run(project, fileNameFor(code), code)).toMatchObject({ status: 0, stdout: '1\n' });
      const program = path.join(project, 'node_modules/.bin/holdfast');
      const { version } = require('../../package.json');
      expect(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout).toContain(version);
    },
    minute,
  );
});

const counter = `
  class Counter extends DurableObject {
    async increment() {
      const count = ((await this.ctx.storage.get('count')) ?? 0) + 1;
      await this.ctx.storage.put('count', count);
      return count;
    }
  }
  const open = () => createRuntime({ durableObjects: { COUNTER: Counter } });
`;

test(
  'worker threads each have runtimes of their own, also when they end without close()',
  () => {
    const program = `
      import { Worker, isMainThread, parentPort } from 'node:worker_threads';
      import { once } from 'node:events';
      import { createRuntime, DurableObject } from 'holdfast';
      ${counter}
      const runtime = await open();
      const count = await runtime.env.COUNTER.getByName('a').increment();
      if (isMainThread) {
        const threads = [1, 2, 3].map(() => new Worker(new URL(import.meta.url)));
        const counts = await Promise.all(threads.map(async (thread) => (await once(thread, 'message'))[0]));
        await Promise.all(threads.map((thread) => thread.terminate()));
        console.log(count, counts.join(), await runtime.env.COUNTER.getByName('a').increment());
        await runtime.close();
      } else parentPort.postMessage(count);
    `;
    const result = run(path.join(folder, 'yarn'), 'threads.mjs', program);
    expect(result).toMatchObject({ status: 0, stderr: '', stdout: '1 1,1,1 2\n' });
  },
  minute,
);

test(
  'two copies of the package work side by side in one process',
  () => {
    const copy = `
      import { createRuntime, DurableObject } from 'holdfast';
      ${counter}
      export { open };
    `;
    for (const manager of managers) fs.writeFileSync(path.join(folder, manager, 'copy.mjs'), copy);
    const program = `
      import * as one from './copy.mjs';
      import * as other from '../pnpm/copy.mjs';
      const runtimes = [await one.open(), await other.open()];
      const [first, second] = runtimes.map(({ env }) => env.COUNTER.getByName('a'));
      console.log(await first.increment(), await second.increment(), await first.increment());
      for (const runtime of runtimes) await runtime.close();
    `;
    const result = run(path.join(folder, 'yarn'), 'copies.mjs', program);
    expect(result).toMatchObject({ status: 0, stderr: '', stdout: '1 1 2\n' });
  },
  minute,
);
