// Service Worker syntax beyond what conformance shows (S9.1.1): bindings of every kind, scheduled and queue events, reloads.
'use strict';

const { createRuntime } = require('../support/runtime');
const { boundRuntime } = require('../support/bound-project');
const { makeProject, removeProjects, writeFiles } = require('../support/project-files');

/** @type {any[]} */
const open = [];
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(open.splice(0).map((runtime) => runtime.close()));
});
afterAll(removeProjects);

/** @param {object} config @param {string} source @param {object} [options] */
async function start(config, source, options = {}) {
  const runtime = await boundRuntime(config, { source, ...options });
  open.push(runtime);
  return runtime;
}
/** @param {any} runtime */
const ask = async (runtime, path = '/') => (await runtime.fetch(`http://a.test${path}`)).text();

beforeEach(() => jest.spyOn(console, 'warn').mockImplementation(() => {}));
test('bindings of the configuration and variables are globals', async () => {
  const config = {
    vars: { TEXT: 'a text', 'no-identifier': 1 },
    kv_namespaces: [{ binding: 'KV', id: 'kv' }],
    ai: { binding: 'AI' },
  };
  const source = `
    const { KV: alsoKV } = self;
    addEventListener('fetch', (event) => event.respondWith(answer()));
    async function answer() {
      await KV.put('key', 'stored');
      let refusal;
      try { await AI.run('model'); } catch (error) { refusal = error.message.slice(0, 6); }
      return Response.json([TEXT, await alsoKV.get('key'), refusal, globalThis['no-identifier'], typeof process]);
    }`;
  const runtime = await start(config, source);
  expect(JSON.parse(await ask(runtime))).toEqual(['a text', 'stored', 'env.AI', 1, 'object']);
  expect(/** @type {any} */ (globalThis).TEXT).toBeUndefined();
});

test('the word export in a text or a comment, or exports of WebAssembly, make no module', async () => {
  const source = `
    // We do not export default anything; export {} neither.
    const text = 'an export { of } words; exports.count';
    const exports = { count: 2 }, wasm = { exports: { count: () => 1 } };
    addEventListener('fetch', (event) => event.respondWith(new Response(text + TEXT + wasm.exports.count())));`;
  const runtime = await start({ vars: { TEXT: ' ' } }, source);
  expect(await ask(runtime)).toBe('an export { of } words; exports.count 1');
});

test('queue events', async () => {
  const config = {
    queues: {
      producers: [{ binding: 'QUEUE', queue: 'q' }],
      consumers: [{ queue: 'q', max_batch_timeout: 0 }],
    },
  };
  const source = `
    let arrived;
    const waiting = new Promise((resolve) => (arrived = resolve));
    addEventListener('queue', (event) => {
      event.waitUntil(Promise.resolve());
      arrived([event.type, event.queue, event.messages.map(({ body }) => body), typeof event.ackAll]);
    });
    addEventListener('fetch', (event) => event.respondWith(
      QUEUE.send('hello').then(() => waiting).then((seen) => Response.json(seen)),
    ));`;
  const runtime = await start(config, source);
  expect(JSON.parse(await ask(runtime))).toEqual(['queue', 'q', ['hello'], 'function']);
});

test('a Worker that listens to nothing is an error of the build', async () => {
  await expect(start({}, 'import "node:fs"; const x = 1;')).rejects.toThrow(
    'exports nothing and listens to nothing: use `export default`.',
  );
});

test('new code takes the place of the old', async () => {
  const source = (/** @type {string} */ text) =>
    `addEventListener('fetch', (event) => event.respondWith(new Response('${text}')));`;
  const directory = makeProject({
    'worker.js': source('old'),
    'wrangler.json': { main: 'worker.js', compatibility_date: '2026-08-25' },
  });
  const runtime = await createRuntime({ config: directory });
  open.push(runtime);
  expect(await ask(runtime)).toBe('old');
  writeFiles(directory, { 'worker.js': source('new') });
  expect(await runtime.reload()).toBe(true);
  expect(await ask(runtime)).toBe('new');
});
