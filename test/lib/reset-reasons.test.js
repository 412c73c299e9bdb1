// Why an object is reset, and what its callers are told (spec S2.7.6).
'use strict';

const { createRuntime, DurableObject } = require('../support/runtime');

class Reset extends DurableObject {
  /** @param {any} ctx @param {any} env */
  constructor(ctx, env) {
    super(ctx, env);
    if (ctx.id.name === 'constructor') throw new RangeError('the constructor failed');
    if (ctx.id.name === 'section at birth')
      ctx.blockConcurrencyWhile(() => Promise.reject(new TypeError('the section failed')));
  }
  async section() {
    await this.ctx.blockConcurrencyWhile(() => Promise.reject(new TypeError('the section failed')));
  }
  abort() {
    this.ctx.abort('enough');
  }
  abortWithout() {
    this.ctx.abort();
  }
  write() {
    this.ctx.storage.kv.put('key', 'value');
  }
  never() {
    return new Promise(() => {});
  }
}

/** @type {import('../..').Runtime} */
let runtime;

beforeAll(async () => {
  runtime = await createRuntime({ durableObjects: { RESET: Reset } });
});
afterAll(() => runtime.close());

/** @type {[string, string, string, string][]} what happens, the object's name, the method, the text */
const reasons = [
  ['inputGateBroken: a critical section throws', 'a', 'section', 'the section failed'],
  ['the same in the constructor', 'section at birth', 'write', 'the section failed'],
  ['constructorFailed', 'constructor', 'write', 'the constructor failed'],
  ['outputGateBroken: abort() with a reason', 'a', 'abort', 'enough'],
  [
    'abort() without one',
    'a',
    'abortWithout',
    'Application called abort() to reset Durable Object.',
  ],
];

test.each(reasons)(
  'S2.7.6 %s: every caller gets the text and durableObjectReset',
  async (_what, name, method, text) => {
    const { RESET } = runtime.env;
    const others = [RESET.getByName(name).never(), RESET.getByName(name).never()];
    const told = await Promise.allSettled([...others, RESET.getByName(name)[method]()]);
    for (const { reason } of /** @type {any[]} */ (told))
      expect(reason).toMatchObject({ message: text, durableObjectReset: true });
    expect(new Set(told.map(({ reason }) => reason)).size).toBe(told.length);
  },
);
