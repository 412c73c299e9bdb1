// What belongs to one request cannot be used by another (S2.10).
'use strict';

const { RpcStub } = require('../../../lib/rpc/rpc-stub');
require('../../../lib/rpc/perform'); // what stubs call through
const { Invocation } = require('../../../lib/workers/invocation');

const worker = /** @type {any} */ ({ flags: {} });
const refused = (/** @type {string} */ type) =>
  expect.objectContaining({
    message: expect.stringMatching(
      new RegExp(`^Cannot perform I/O on behalf of a different request.*\\(I/O type: ${type}\\)$`),
    ),
  });

/** @param {() => any} action @returns {Promise<any>} what it failed with */
const failure = async (action) => {
  try {
    await action();
  } catch (error) {
    return error;
  }
};

test('S2.10 a stub of another request', async () => {
  const [mine, other] = [new Invocation(worker, 'request'), new Invocation(worker, 'request')];
  const stub = mine.run(() => new RpcStub(() => 1));
  expect(await mine.run(() => stub())).toBe(1);
  expect(await other.run(() => failure(() => stub()))).toEqual(refused('Client'));
  expect(await other.run(() => failure(() => stub.dup()))).toEqual(refused('Client'));
});

test('S2.10 a promise of another request may be awaited, and not be built upon', async () => {
  const [mine, other] = [new Invocation(worker, 'request'), new Invocation(worker, 'request')];
  const promise = mine.run(() => new RpcStub(() => ({ n: 1 }))());
  expect(await other.run(() => failure(() => promise.n))).toEqual(refused('Pipeline'));
  expect(await other.run(async () => (await promise).n)).toBe(1);
  expect(await other.run(() => failure(() => promise.n))).toEqual(refused('JsRpcPromise'));
});

test('S2.10 code whose context was lost is not refused', async () => {
  const stub = new Invocation(worker, 'request').run(() => new RpcStub(() => 1));
  expect(await stub()).toBe(1);
});
