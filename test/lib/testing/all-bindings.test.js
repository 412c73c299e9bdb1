'use strict';
// push() and pop() over all bindings (S10.1.3, S10.3.4), step by step against a model: a stack of copies.

const { boundRuntime } = require('../../support/bound-project');
const { removeProjects } = require('../../support/project-files');
const { adminSecretsStore } = require('../../../lib/testing/module/admin-secrets');
const { createControls } = require('../../../lib/testing/controls/controls');

const config = {
  kv_namespaces: [{ binding: 'KV', id: 'kv' }],
  d1_databases: [{ binding: 'DB', database_name: 'db', database_id: 'db' }],
  r2_buckets: [{ binding: 'BUCKET', bucket_name: 'bucket' }],
  secrets_store_secrets: ['a', 'b', 'c'].map((key) => ({
    binding: `SECRET_${key}`,
    store_id: 'store',
    secret_name: key,
  })),
  queues: { producers: [{ binding: 'Q', queue: 'q' }] },
  ratelimits: [{ name: 'LIMIT', namespace_id: '1', simple: { limit: 1000, period: 60 } }],
  durable_objects: { bindings: [{ name: 'OBJECTS', class_name: 'Cell' }] },
  migrations: [{ tag: 'v1', new_sqlite_classes: ['Cell'] }],
};
const source = `import { DurableObject } from 'cloudflare:workers';
export class Cell extends DurableObject {
  get(key) { return this.ctx.storage.get(key); }
  put(key, value) { return this.ctx.storage.put(key, value); }
}
export default {
  async fetch(request) {
    if (request.method === 'PUT') {
      const body = await request.text();
      await caches.default.put(request.url, new Response(body, { headers: { 'cache-control': 'max-age=600' } }));
      return new Response('stored');
    }
    return new Response((await (await caches.default.match(request.url))?.text()) ?? 'none');
  },
};`;

/** @type {any} */
let controls;
let env;
beforeEach(async () => {
  controls = createControls(await boundRuntime(config, { source }));
  ({ env } = controls);
  await env.DB.exec('CREATE TABLE t (key TEXT PRIMARY KEY, value TEXT)');
});
afterEach(() => controls.dispose());
afterAll(removeProjects);

const KEYS = ['a', 'b', 'c'];
/** How each kind is written and read. @type {Record<string, {put(key: string, value: string): any, get(key: string): any}>} */
const KINDS = {
  object: {
    put: (key, value) => env.OBJECTS.getByName(key).put('value', value),
    get: (key) => env.OBJECTS.getByName(key).get('value'),
  },
  secret: {
    put: (key, value) => adminSecretsStore(env[`SECRET_${key}`]).create(value),
    get: (key) => env[`SECRET_${key}`].get().catch(() => undefined),
  },
  kv: { put: (key, value) => env.KV.put(key, value), get: (key) => env.KV.get(key) },
  d1: {
    put: (key, value) =>
      env.DB.prepare('INSERT OR REPLACE INTO t VALUES (?, ?)').bind(key, value).run(),
    get: (key) => env.DB.prepare('SELECT value FROM t WHERE key = ?').bind(key).first('value'),
  },
  r2: {
    put: (key, value) => env.BUCKET.put(key, value),
    get: async (key) => (await env.BUCKET.get(key))?.text(),
  },
  cache: {
    put: (key, body) => controls.self.fetch(`http://x/${key}`, { method: 'PUT', body }),
    get: async (key) => {
      const text = await (await controls.self.fetch(`http://x/${key}`)).text();
      return text === 'none' ? undefined : text;
    },
  },
};

/** Numbers from 0 to below `most`, the same for the same seed. @param {number} seed */
function randomOf(seed) {
  let state = seed;
  return (/** @type {number} */ most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * most);
  };
}

/** What is stored, of all kinds. */
async function stored() {
  const found = {};
  for (const [kind, { get }] of Object.entries(KINDS))
    for (const key of KEYS) found[kind + key] = (await get(key)) ?? undefined;
  found.queue = (await env.Q.metrics()).backlogCount;
  return found;
}

test.each([1, 2, 3])('any sequence of levels and writes, seed %i', async (seed) => {
  const random = randomOf(seed);
  const stack = [await stored()];
  const top = () => stack[stack.length - 1];
  for (let step = 0; step < 40; step += 1) {
    const action = random(8);
    if (action === 0) {
      await controls.push();
      stack.push({ ...top() });
    } else if (action === 1 && stack.length > 1) {
      await controls.pop();
      stack.pop();
      expect(await stored()).toEqual(top());
    } else if (action === 2 && stack.length > 1) {
      await controls.pop({ keep: true });
      stack.splice(-2, 2, top());
    } else if (action === 3) {
      await env.Q.send(`${step}`);
      top().queue += 1;
    } else {
      const kinds = Object.keys(KINDS);
      const kind = kinds[random(kinds.length)];
      const key = KEYS[random(KEYS.length)];
      const value = `${step}${'x'.repeat(random(9000))}`;
      await KINDS[kind].put(key, value);
      top()[kind + key] = value;
    }
  }
  expect(await stored()).toEqual(top());
  while (stack.length > 1) {
    await controls.pop();
    stack.pop();
    expect(await stored()).toEqual(top());
  }
});

test('reset() empties all of them, and a pop brings them back', async () => {
  for (const kind of Object.values(KINDS)) await kind.put('a', 'before');
  await env.Q.send('before');
  await controls.push();
  await controls.reset();
  expect(await env.KV.get('a')).toBeNull();
  expect(await env.BUCKET.get('a')).toBeNull();
  await expect(KINDS.d1.get('a')).rejects.toThrow('no such table');
  expect((await env.Q.metrics()).backlogCount).toBe(0);
  expect(await KINDS.cache.get('a')).toBeUndefined();
  await controls.pop();
  for (const kind of Object.values(KINDS)) expect(await kind.get('a')).toBe('before');
  expect((await env.Q.metrics()).backlogCount).toBe(1);
});

test('rate limiters forget what a level counted, and everything at a reset', async () => {
  controls.clock.fake({ now: 1_900_000_000_000 }); // within one window
  const within = async () => (await env.LIMIT.limit({ key: 'k', limit: 2 })).success;
  expect(await within()).toBe(true);
  await controls.push();
  expect([await within(), await within()]).toEqual([true, false]);
  await controls.pop();
  expect([await within(), await within()]).toEqual([true, false]);
  await controls.reset();
  expect(await within()).toBe(true);
});
