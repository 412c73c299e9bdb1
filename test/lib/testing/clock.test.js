'use strict';
// Time that a test moves: everything that waits for time happens in order.

const { webcrypto } = require('node:crypto');
const { createRuntime, DurableObject } = require('../../../lib');
const { asIfAtOnce } = require('../../../lib/actors/behind-gate');
const { makeTimers } = require('../../../lib/actors/timers');
const { createControls } = require('../../../lib/testing/controls/controls');

const timers = makeTimers({ enable_nodejs_global_timers: true });

const kStart = Date.UTC(2030, 0, 1);
const kHour = 3_600_000;

/** What happened, and when. */
let log;
/** What waitUntil() is given. */
let background;
const note = (what) => log.push(`${(controls.clock.now() - kStart) / 1000}s ${what}`);

class Clockwork extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    note(`start ${ctx.id.name}`);
  }

  async set(seconds, failures = 0) {
    await this.ctx.storage.put('failures', failures);
    await this.ctx.storage.setAlarm(controls.clock.now() + seconds * 1000);
  }

  async alarm({ retryCount }) {
    const failures = (await this.ctx.storage.get('failures')) ?? 0;
    note(`alarm ${this.ctx.id.name} ${retryCount}`);
    if (retryCount < failures) throw new Error('not yet');
  }

  async wait(seconds) {
    await new Promise((resolve) => timers.setTimeout(resolve, seconds * 1000));
    note(`waited ${this.ctx.id.name}`);
    await this.ctx.storage.put('waited', true);
  }

  immediate() {
    return new Promise((resolve) => timers.setImmediate(resolve, 'came'));
  }

  background() {
    this.ctx.waitUntil(background);
  }

  hold() {
    return this.ctx.blockConcurrencyWhile(() => new Promise(() => {}));
  }
}

let runtime;
let controls;
let silence;

beforeEach(async () => {
  log = [];
  silence = jest.spyOn(console, 'error').mockImplementation(() => {});
  runtime = await createRuntime({ durableObjects: { CLOCKWORK: Clockwork } });
  controls = createControls(runtime);
  controls.clock.fake({ now: kStart });
});

afterEach(async () => {
  controls.clock.real();
  silence.mockRestore();
  await runtime.close();
});

const stubOf = (name) => controls.env.CLOCKWORK.getByName(name);

test('alarms fire in order of their time, each at its time (S5.1)', async () => {
  await stubOf('a').set(20);
  await stubOf('b').set(10);
  log = [];
  await controls.clock.advance('9s');
  expect(log).toEqual([]);
  await controls.clock.advance('25h');
  expect(log.filter((line) => line.includes('alarm'))).toEqual(['10s alarm b 0', '20s alarm a 0']);
  expect(controls.clock.now()).toBe(kStart + 9000 + 25 * kHour);
});

test('a retry comes after its back-off, without jitter, six times (S5.4.1-3)', async () => {
  await stubOf('a').set(1, 99);
  log = [];
  await controls.clock.advance('1h');
  const times = log.filter((line) => line.includes('alarm')).map((line) => parseInt(line, 10));
  expect(times).toEqual([1, 3, 7, 15, 31, 63, 127]);
});

test('an idle object is evicted after its time (S2.2.3)', async () => {
  await stubOf('a').set(3600);
  log = [];
  await controls.clock.advance('9s');
  await stubOf('a').set(3600);
  expect(log).toEqual([]);
  await controls.clock.advance('10s');
  await stubOf('a').set(3600);
  expect(log).toEqual(['19s start a']);
});

test('a timer of an object fires in its turn among alarms, and keeps the object (S2.2.4)', async () => {
  await stubOf('b').set(30);
  const waited = stubOf('a').wait(30);
  await controls.clock.advance('29999ms');
  expect(log.filter((line) => !line.includes('start'))).toEqual([]);
  await controls.clock.advance('1ms');
  await waited;
  expect(log.filter((line) => !line.includes('start'))).toEqual(['30s waited a', '30s alarm b 0']);
});

test('an immediate of an object does not wait for time', async () => {
  expect(await stubOf('a').immediate()).toBe('came');
});

test('what waitUntil() was given keeps an idle object (S2.3.4, S2.3.5)', async () => {
  let settle;
  background = new Promise((resolve) => (settle = resolve));
  await stubOf('a').background();
  log = [];
  await controls.clock.advance('60s');
  await stubOf('a').set(3600);
  expect(log).toEqual([]);
  settle();
  await controls.clock.advance('10s');
  await stubOf('a').set(3600);
  expect(log).toEqual(['70s start a']);
});

test('a critical section has its 30 seconds (S1.12)', async () => {
  const held = stubOf('a').hold();
  held.catch(() => {});
  await controls.clock.advance('29s');
  await controls.clock.advance('1s');
  await expect(held).rejects.toThrow('waited for too long');
});

test('work of the pool of threads is waited for before time goes on', async () => {
  const hash = () => asIfAtOnce(webcrypto.subtle.digest('SHA-256', new Uint8Array(1 << 22)));
  timers.setTimeout(async () => {
    await hash();
    note('hashed');
  }, 1000);
  timers.setTimeout(() => note('second'), 1001);
  await controls.clock.advance('2s');
  expect(log).toEqual(['1s hashed', '1.001s second']);
});

test('intervals, cleared timers, and one that starts another', async () => {
  const fired = [];
  const interval = timers.setInterval(() => fired.push(controls.clock.now() - kStart), 10);
  const never = timers.setTimeout(() => fired.push('never'), 15);
  timers.setTimeout(() => timers.setTimeout(() => fired.push('second'), 5), 12);
  expect(controls.clock.timerCount()).toBe(3);
  expect(controls.clock.nextTimer()).toBe(kStart + 10);
  expect(controls.clock.lastTimer()).toBe(kStart + 15);
  timers.clearTimeout(never);
  await controls.clock.advance(30);
  timers.clearInterval(interval);
  expect(fired).toEqual([10, 'second', 20, 30]);
  expect(controls.clock.timerCount()).toBe(0);
});

test('runTimers() is synchronous; alarms follow', async () => {
  const fired = [];
  timers.setTimeout(() => fired.push('timer'), 1000);
  await stubOf('a').set(1);
  log = [];
  controls.clock.runTimers(1000);
  expect(fired).toEqual(['timer']);
  await controls.clock.advance(0);
  expect(log).toEqual(['1s alarm a 0']);
});

test('the time of day can be set: alarms that are due run, timers stay as far away', async () => {
  const fired = [];
  timers.setTimeout(() => fired.push('timer'), 1000);
  await stubOf('a').set(60);
  await controls.clock.set(kStart + kHour);
  expect(log).toContain('3600s alarm a 0');
  expect(fired).toEqual([]);
  await controls.clock.advance(1000);
  expect(fired).toEqual(['timer']);
});

test('nextDue() says when something happens next', async () => {
  expect(controls.clock.nextDue()).toBeNull();
  await stubOf('a').set(5);
  expect(controls.clock.nextDue()).toBe(kStart + 5000);
  timers.setTimeout(() => {}, 100);
  expect(controls.clock.nextDue()).toBe(kStart + 100);
});

test('a pop takes alarms of its level away, whatever the time (S10.1.3)', async () => {
  await controls.push();
  await stubOf('a').set(5);
  await controls.pop();
  log = [];
  await controls.clock.advance('1h');
  expect(log).toEqual([]);
});

test('real time goes on by itself, and nothing that was faked fires', async () => {
  const fired = [];
  timers.setTimeout(() => fired.push('never'), 1);
  controls.clock.real();
  expect(Math.abs(controls.clock.now() - Date.now())).toBeLessThan(kHour);
  await stubOf('a').wait(0);
  expect(fired).toEqual([]);
  await expect(controls.clock.advance(1)).rejects.toThrow(
    'The clock is real: call fake() before it can be moved.',
  );
});

test('a length of time that is none is refused', () => {
  expect(() => controls.clock.advance('soon')).toThrow(
    "A length of time is a number of milliseconds, or a text like '90s' or '25h', and not soon.",
  );
  expect(() => controls.clock.advance(-1)).toThrow(TypeError);
});
