// Queues beyond what conformance shows (S9.1.3, S9.5.2): restarts, throwing handlers, delays, dropped messages.
'use strict';

const { EventEmitter, on } = require('node:events');
const vm = require('node:vm');
const { boundRuntime } = require('../../support/bound-project');
const { removeProjects } = require('../../support/project-files');
const { temporaryDirectory } = require('../../support/server');

/** Where the Workers of this file tell of their batches. */
const batches = new EventEmitter();
vm.runInThisContext('globalThis')[Symbol.for('queue-test')] = batches;
const source = `export default {
  queue(batch, env) {
    const messages = batch.messages.map(({ body, attempts }) => [body, attempts]);
    for (const message of batch.messages) if (message.body === 'acked') message.ack();
    globalThis[Symbol.for('queue-test')].emit('batch', { queue: batch.queue, messages });
    if (env.FAILS) throw new Error('not this time');
  },
};`;

/** @type {any[]} */
const open = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((runtime) => runtime.close()));
  jest.restoreAllMocks();
});
afterAll(removeProjects);

/** @param {object[]} consumers @param {object} [options] */
async function start(consumers, options) {
  const queues = { producers: [{ binding: 'Q', queue: 'q' }], consumers };
  const runtime = await boundRuntime({ queues }, { source, ...options });
  open.push(runtime);
  return runtime;
}

/** @param {number} count of batches @param {() => Promise<unknown>} action @returns {Promise<any[]>} */
async function collect(count, action) {
  const events = on(batches, 'batch');
  await action();
  const seen = [];
  for await (const [batch] of events) if (seen.push(batch) === count) break;
  return seen;
}

const consumer = { queue: 'q', max_batch_timeout: 0 };

test('messages wait for a consumer, also over a restart', async () => {
  const dataDir = temporaryDirectory('queue');
  const first = await start([], { dataDir });
  await first.env.Q.send('one');
  await first.env.Q.send('two');
  expect(await first.env.Q.metrics()).toMatchObject({ backlogCount: 2, backlogBytes: 10 });
  await first.close();
  const [batch] = await collect(1, () => start([consumer], { dataDir }));
  expect(batch).toEqual({
    queue: 'q',
    messages: [
      ['one', 1],
      ['two', 1],
    ],
  });
});

test('a handler that throws gets again what it did not accept, until the last try', async () => {
  jest.spyOn(console, 'error').mockReturnValue(undefined);
  const warn = jest.spyOn(console, 'warn').mockReturnValue(undefined);
  const runtime = await start([{ ...consumer, max_retries: 2 }], { vars: { FAILS: true } });
  const seen = await collect(3, () =>
    runtime.env.Q.sendBatch([{ body: 'acked' }, { body: 'lost' }]),
  );
  expect(seen.map(({ messages }) => messages)).toEqual([
    [
      ['acked', 1],
      ['lost', 1],
    ],
    [['lost', 2]],
    [['lost', 3]],
  ]);
  await runtime.close();
  expect(warn.mock.calls.flat()).toEqual(['warning: queue q: 1 message(s) dropped after 3 tries.']);
});

test('a delayed message does not hold up one behind it', async () => {
  const runtime = await start([consumer]);
  const [batch] = await collect(1, async () => {
    await runtime.env.Q.send('later', { delaySeconds: 3600 });
    await runtime.env.Q.send('now');
  });
  expect(batch.messages).toEqual([['now', 1]]);
  expect(await runtime.env.Q.send('x', { delaySeconds: 86_400 })).toHaveProperty('metadata');
  await expect(runtime.env.Q.send('x', { delaySeconds: 86_401 })).rejects.toThrow('86401');
});

test('limits of a message and of a batch', async () => {
  const { Q } = (await start([consumer])).env;
  const text = (/** @type {number} */ length) => ({
    body: 'x'.repeat(length),
    contentType: 'text',
  });
  const send = ({ body, contentType } = text(0)) => Q.send(body, { contentType });
  await expect(send(text(128_001))).rejects.toThrow('exceeds limit of 128000');
  await expect(Q.sendBatch([text(1), text(128_001)])).rejects.toThrow('single message size limit');
  await expect(Q.sendBatch(Array(3).fill(text(100_000)))).rejects.toThrow(
    'exceeds limit of 288000',
  );
  await expect(Q.sendBatch(Array(101).fill(text(1)))).rejects.toThrow('batch message count of 101');
});

test('the config is checked', async () => {
  await expect(start([{ max_retries: 'x' }])).rejects.toThrow(
    '"queues.consumers[0]": entry should have a string "queue" field. the field "max_retries", when present, should be a number.',
  );
});
