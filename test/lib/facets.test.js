// ctx.facets where the comparison with workerd does not reach: eviction, the end of a runtime, sockets.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: wait } = require('node:timers/promises');
const { createRuntime, DurableObject } = require('../support/runtime');

/** @type {Record<string, number>} */
let made = {};
let optionsAsked = 0;

class Child extends DurableObject {
  /** @type {any} */
  #far;
  /** @param {any} ctx @param {any} env */
  constructor(ctx, env) {
    super(ctx, env);
    made.Child = (made.Child ?? 0) + 1;
  }
  count() {
    const { kv } = this.ctx.storage;
    kv.put('count', (kv.get('count') ?? 0) + 1);
    return kv.get('count');
  }
  accept() {
    const { 0: near, 1: far } = new /** @type {any} */ (globalThis).WebSocketPair();
    this.ctx.acceptWebSocket(near);
    far.accept();
    this.#far = far;
  }
  hangUp() {
    this.#far.close(1000, 'over');
  }
  sockets() {
    return this.ctx.getWebSockets().length;
  }
}

class Parent extends DurableObject {
  /** @type {any} */
  #child;
  /** @param {any} ctx @param {any} env */
  constructor(ctx, env) {
    super(ctx, env);
    made.Parent = (made.Parent ?? 0) + 1;
  }
  child() {
    const { ctx } = /** @type {any} */ (this);
    this.#child ??= ctx.facets.get('child', () => {
      optionsAsked += 1;
      return { class: ctx.exports.Child };
    });
    return this.#child;
  }
  count() {
    return this.child().count();
  }
  accept() {
    return this.child().accept();
  }
  hangUp() {
    return this.child().hangUp();
  }
  sockets() {
    return this.child().sockets();
  }
  async holdAndCount() {
    const counts = [];
    for (const made0 = made.Child; made.Child === made0;) {
      // Longer than it takes to evict it: this call keeps the parent.
      await wait(150);
      counts.push(await this.count());
    }
    return counts;
  }
  never() {
    const { ctx } = /** @type {any} */ (this);
    return ctx.facets.get('never', () => new Promise(() => {})).count();
  }
  /** @param {string} name */
  named(name) {
    const { ctx } = /** @type {any} */ (this);
    return ctx.facets.get(name, () => ({ class: ctx.exports.Child })).count();
  }
  /** @param {string} from @param {string} to */
  clone(from, to) {
    /** @type {any} */ (this.ctx).facets.clone(from, to);
  }
}

/** @type {any[]} */
const open = [];

/** @param {object} [options] */
async function start(options) {
  const runtime = await createRuntime({
    durableObjects: { PARENT: Parent, CHILD: Child },
    ...options,
  });
  open.push(runtime);
  return runtime.env.PARENT.getByName('a');
}

beforeEach(() => {
  made = {};
  optionsAsked = 0;
});
afterEach(() => Promise.all(open.splice(0).map((runtime) => runtime.close())));

test('S1.15.1 S2.2.3 a facet that was evicted starts again, from the options that were given', async () => {
  const parent = await start({ idleEvictionMs: 20 });
  expect(await parent.count()).toBe(1);
  const counts = await parent.holdAndCount();
  expect(counts.at(-1)).toBe(1 + counts.length);
  expect(made.Parent).toBe(1);
  expect(optionsAsked).toBe(1);
});

test('S1.15.6 a socket keeps a facet, and the facet its parent, until it closes', async () => {
  const parent = await start({ idleEvictionMs: 20 });
  await parent.accept();
  await wait(200);
  expect(await parent.sockets()).toBe(1);
  expect(made).toEqual({ Parent: 1, Child: 1 });
  await parent.hangUp();
  while (made.Parent === 1) {
    await wait(100);
    expect(await parent.sockets()).toBe(0);
  }
});

test('S2.2.3 when all are idle all are evicted', async () => {
  const parent = await start({ idleEvictionMs: 10 });
  await parent.count();
  while (made.Parent === 1) {
    await wait(100);
    await parent.count();
  }
  expect(made.Child).toBe(2);
  expect(optionsAsked).toBe(2);
});

test('S1.15.1 a call that waits for startup options is rejected when the runtime closes', async () => {
  const parent = await start();
  const call = parent.never();
  await parent.sockets();
  const rejected = expect(call).rejects.toThrow('The runtime is closed.');
  await open.pop().close();
  await rejected;
});

test('S1.15.3 S12.1 a clone that was acknowledged is there after a restart', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-facets-'));
  try {
    const dataDir = path.join(directory, 'data');
    const parent = await start({ dataDir });
    expect([await parent.named('a'), await parent.named('a')]).toEqual([1, 2]);
    await parent.clone('a', 'b');
    expect(await parent.named('a')).toBe(3);
    await open.pop().close();
    const again = await start({ dataDir });
    expect(await again.named('b')).toBe(3);
    expect(await again.named('a')).toBe(4);
  } finally {
    await Promise.all(open.splice(0).map((runtime) => runtime.close()));
    fs.rmSync(directory, { recursive: true });
  }
});
