// What a faulty object takes with it, as docs/production.md says: nothing but itself, where the process can go on; and never what was
// acknowledged (S2.7, S9.5).
'use strict';

const { makeProject, removeProjects } = require('../support/project-files');
const { startServer, temporaryDirectory } = require('../support/server');

afterAll(removeProjects);

const SOURCE = `
import { DurableObject } from 'cloudflare:workers';
import { EventEmitter } from 'node:events';

const recurse = () => recurse() + 1;
const faults = {
  handler() { throw new Error('in a handler'); },
  stack() { recurse(); },
  timer() { setTimeout(() => { throw new Error('in a timer'); }, 1); },
  microtask() { queueMicrotask(() => { throw new Error('in a microtask'); }); },
  tick() { process.nextTick(() => { throw new Error('in a tick'); }); },
  emitter() { setImmediate(() => new EventEmitter().emit('error', new Error('in an emitter'))); },
  rejection() { Promise.reject(new Error('left rejected')); },
  output() { console.log('x'.repeat(5_000_000) + ' all of it'); },
  exit() { process.exit(7); },
  memory() { const kept = []; for (;;) kept.push(new Array(100_000).fill({})); },
};

export class Faulty extends DurableObject {
  count = 0;
  async fetch(request) {
    faults[new URL(request.url).pathname.split('/')[2]]?.();
    this.count++;
    await this.ctx.storage.put('count', ((await this.ctx.storage.get('count')) ?? 0) + 1);
    return new Response(this.count + ' ' + (await this.ctx.storage.get('count')));
  }
}

export default {
  fetch: (request, env) => env.FAULTY.getByName(new URL(request.url).pathname.split('/')[1]).fetch(request),
};
`;

/** @param {string} data @param {Record<string, string>} [env] */
function start(data, env) {
  const project = makeProject({
    'wrangler.json': {
      main: 'worker.mjs',
      compatibility_date: '2026-11-01',
      durable_objects: { bindings: [{ name: 'FAULTY', class_name: 'Faulty' }] },
      migrations: [{ tag: 'v1', new_sqlite_classes: ['Faulty'] }],
    },
    'worker.mjs': SOURCE,
  });
  return startServer({ project, args: ['--data-dir', data], env });
}

/** @param {{url: string}} server @param {string} path */
async function ask(server, path) {
  const response = await fetch(`${server.url}/${path}`);
  return [response.status, await response.text()];
}

test('what an object throws, wherever it does, is printed, and all objects go on', async () => {
  const server = await start(temporaryDirectory('faulty'));
  expect(await ask(server, 'other')).toEqual([200, '1 1']);
  expect(await ask(server, 'a/handler')).toEqual([500, 'Internal Server Error']);
  expect(await ask(server, 'a/stack')).toEqual([500, 'Internal Server Error']);
  const faults = {
    timer: 'in a timer',
    microtask: 'in a microtask',
    tick: 'in a tick',
    emitter: 'in an emitter',
    rejection: 'left rejected',
  };
  for (const [fault, text] of Object.entries(faults)) {
    expect(await ask(server, `a/${fault}`)).toEqual([200, expect.any(String)]);
    const said = new RegExp(`^\\[Faulty a\\] Uncaught Error: ${text}$`, 'm');
    await server.waitForOutput(said, { stream: 'stderr' });
  }
  await ask(server, 'a/output');
  await server.waitForOutput(/ all of it$/m);
  expect(server.output.stdout.length).toBeGreaterThan(5_000_000);
  // The instance is the same, too.
  expect(await ask(server, 'a')).toEqual([200, '7 7']);
  expect(await ask(server, 'other')).toEqual([200, '2 2']);
  expect(await server.stop()).toEqual({ code: 0, signal: null });
}, 60_000);

test.each([
  ['exit', {}, { code: 7, signal: null }],
  ['memory', { NODE_OPTIONS: '--max-old-space-size=100' }, { code: null, signal: 'SIGABRT' }],
])(
  '%s ends the process with all objects, and what was acknowledged stays',
  async (fault, env, exit) => {
    const data = temporaryDirectory('faulty');
    const server = await start(data, env);
    expect(await ask(server, 'other')).toEqual([200, '1 1']);
    await expect(ask(server, `a/${fault}`)).rejects.toThrow('fetch failed');
    expect(await server.exited).toEqual(exit);
    const again = await start(data);
    expect(await ask(again, 'other')).toEqual([200, '1 2']);
    expect(await ask(again, 'a')).toEqual([200, '1 1']);
    await again.stop();
  },
  60_000,
);
