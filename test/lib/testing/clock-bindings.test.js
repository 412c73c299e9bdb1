'use strict';
// Crons, queues and what expires live by the clock of the test.

const { EventEmitter } = require('node:events');
const vm = require('node:vm');
const { boundRuntime } = require('../../support/bound-project');
const { removeProjects } = require('../../support/project-files');
const { createControls } = require('../../../lib/testing/controls/controls');

const kStart = Date.UTC(2030, 0, 1);

/** Where the Worker tells of its events. */
const events = new EventEmitter();
vm.runInThisContext('globalThis')[Symbol.for('clock-test')] = events;
const source = `const tell = (what) => globalThis[Symbol.for('clock-test')].emit('event', what);
export default {
  scheduled({ cron, scheduledTime }) { tell(['cron', cron, scheduledTime]); },
  queue(batch) {
    tell(['batch', batch.messages.map(({ body, attempts }) => body + attempts).join()]);
    if (batch.messages[0].attempts === 1) batch.retryAll();
  },
};`;

let controls;
let log;
events.on('event', (event) => log.push([(controls.clock.now() - kStart) / 1000, ...event]));

/** @param {object} config */
async function start(config) {
  log = [];
  // Evictions of what holds the bindings would be due, too.
  controls = createControls(await boundRuntime(config, { source, idleEvictionMs: 4e9 }));
}
afterEach(() => controls.dispose());
afterAll(removeProjects);

test('a cron runs at each of its minutes, and only while the clock is fake (S9.1.3)', async () => {
  await start({ triggers: { crons: ['*/20 * * * *'] } });
  await controls.clock.ready;
  expect(controls.clock.nextDue()).toBeGreaterThan(Date.now() + 3e9);
  controls.clock.fake({ now: kStart + 60_000 });
  await controls.clock.advance('1h');
  expect(log).toEqual(
    [20, 40, 60].map((minute) => [minute * 60, 'cron', '*/20 * * * *', kStart + minute * 60_000]),
  );
  controls.clock.real();
  await controls.clock.ready;
  expect(controls.clock.nextDue()).toBeGreaterThan(Date.now() + 3e9);
});

test('a cron goes on after a reset, and after a pop', async () => {
  await start({ triggers: { crons: ['0 * * * *'] } });
  controls.clock.fake({ now: kStart });
  await controls.push();
  await controls.clock.advance('1h');
  await controls.reset();
  await controls.clock.advance('1h');
  await controls.pop();
  await controls.clock.advance('1h');
  expect(log.map(([at]) => at / 3600)).toEqual([1, 2, 3]);
});

test('a queue delivers after its delay, and again after that of a retry (S8.7.1)', async () => {
  const consumer = { queue: 'q', max_batch_timeout: 5, max_retries: 3, retry_delay: 60 };
  await start({
    queues: { producers: [{ binding: 'Q', queue: 'q' }], consumers: [consumer] },
  });
  controls.clock.fake({ now: kStart });
  await controls.env.Q.send('a', { delaySeconds: 600 });
  await controls.clock.advance('604s');
  expect(log).toEqual([]);
  await controls.clock.advance('1h');
  expect(log).toEqual([
    [605, 'batch', 'a1'],
    [670, 'batch', 'a2'],
  ]);
});

test('deliveries of one test do not come in the next', async () => {
  await start({
    queues: { producers: [{ binding: 'Q', queue: 'q' }], consumers: [{ queue: 'q' }] },
  });
  controls.clock.fake({ now: kStart });
  await controls.push();
  await controls.env.Q.send('a');
  await controls.pop();
  await controls.clock.advance('1h');
  expect(log).toEqual([]);
});

test('an entry of KV expires (S8.7.1)', async () => {
  await start({ kv_namespaces: [{ binding: 'KV', id: 'kv' }] });
  const { KV } = controls.env;
  controls.clock.fake({ now: kStart });
  await KV.put('k', 'v', { expirationTtl: 60 });
  await controls.clock.advance('59s');
  expect(await KV.get('k')).toBe('v');
  await controls.clock.advance('1s');
  expect(await KV.get('k')).toBeNull();
});
