// ctx.id is made when code asks for it, which may be after the instance is gone (spec S1.11.1).
'use strict';

const { createRuntime, DurableObject } = require('../support/runtime');

/** @type {Record<string, any>} by name */
const contexts = {};

class Keeper extends DurableObject {
  /** @param {string} name */
  keep(name) {
    contexts[name] = this.ctx;
  }

  abort() {
    this.ctx.abort('over');
  }
}

/** @type {any} */
let runtime;
afterEach(() => runtime.close());

const start = async (options = {}) => {
  runtime = await createRuntime({ durableObjects: { KEEPER: Keeper }, ...options });
  return runtime.env.KEEPER;
};

test('after an abort', async () => {
  const namespace = await start();
  const stub = namespace.getByName('aborted');
  await stub.keep('aborted');
  await expect(stub.abort()).rejects.toThrow('over');
  expect(contexts.aborted.id.name).toBe('aborted');
  expect(contexts.aborted.id.equals(stub.id)).toBe(true);
});

test('after an eviction', async () => {
  const namespace = await start({ idleEvictionMs: 0 });
  const stub = namespace.getByName('evicted');
  await stub.keep('evicted');
  const first = contexts.evicted;
  do {
    await new Promise((resolve) => setTimeout(resolve, 1)); // a call at once would keep it
    await stub.keep('evicted');
  } while (contexts.evicted === first);
  expect(first.id.name).toBe('evicted');
  expect(first.id.equals(stub.id)).toBe(true);
});
