'use strict';
// What goes wrong because a test wants it to, restarts, and what a test leaves behind.

const { createRuntime, DurableObject } = require('../../../lib');
const { makeTimers } = require('../../../lib/actors/timers');
const { createControls } = require('../../../lib/testing/controls/controls');
const { WebSocketPair, Response } = require('../../../lib/web/internal');

const timers = makeTimers({ enable_nodejs_global_timers: true });

class Account extends DurableObject {
  inMemory = 0;

  async deposit(by) {
    const balance = ((await this.ctx.storage.get('balance')) ?? 0) + by;
    await this.ctx.storage.put('balance', balance);
    this.inMemory += 1;
    return balance;
  }

  async balance() {
    return (await this.ctx.storage.get('balance')) ?? 0;
  }

  calls() {
    return this.inMemory;
  }

  never() {
    return new Promise(() => {});
  }

  slow() {
    return new Promise((resolve) => setImmediate(() => resolve('done')));
  }

  startTimer() {
    timers.setTimeout(() => {}, 60_000);
  }

  startClosedTimers() {
    timers.setTimeout(() => {}, 60_000).close();
    timers.setInterval(() => {}, 60_000)[Symbol.dispose]();
    timers.clearTimeout(timers.setTimeout(() => {}, 60_000));
    timers.clearImmediate(timers.setImmediate(() => {}));
  }

  startBackground() {
    this.ctx.waitUntil(new Promise(() => {}));
  }

  fetch() {
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
}

let runtime;
let controls;
let stub;

beforeEach(async () => {
  runtime = await createRuntime({ durableObjects: { ACCOUNT: Account } });
  controls = createControls(runtime);
  stub = named('a');
});

afterEach(() => controls.dispose());

const named = (name) => controls.env.ACCOUNT.getByName(name);

describe('faults', () => {
  test('a commit that fails resets its object, and storage is what it was (S2.6.6)', async () => {
    await stub.deposit(5);
    controls.faults.failNextCommit(stub);
    expect(await named('b').deposit(1)).toBe(1);
    const lost = await stub.deposit(1).catch((error) => error);
    expect(lost).toMatchObject({
      message: 'The write was lost: the commit failed, as the test asked for.',
      durableObjectReset: true,
    });
    expect(await named('a').balance()).toBe(5);
    expect(await named('a').deposit(1)).toBe(6);
  });

  test('the next commit of any object, with a text of its own', async () => {
    controls.faults.failNextCommit(undefined, new Error('no more ink'));
    await expect(stub.deposit(1)).rejects.toThrow('no more ink');
    expect(await named('a').deposit(1)).toBe(1);
  });

  test('on a full disk nothing is written and everything can be read (S4.10.4)', async () => {
    await stub.deposit(5);
    controls.faults.diskFull(true);
    await expect(stub.deposit(1)).rejects.toThrow('database or disk is full: SQLITE_FULL');
    expect(await named('a').balance()).toBe(5);
    controls.faults.diskFull(false);
    expect(await named('a').deposit(1)).toBe(6);
  });

  test('a callee that goes takes what waits for it with it (S1.9.7, S1.9.4)', async () => {
    await stub.deposit(5);
    const under = stub.never();
    const gone = controls.faults.calleeGone(stub);
    const behind = stub.balance();
    const texts = await Promise.all([under, behind].map((call) => call.catch((error) => error)));
    await gone;
    expect(texts[0]).toMatchObject({ message: 'Network connection lost.', retryable: true });
    expect(texts[1]).toMatchObject({ message: 'Network connection lost.', retryable: true });
    await expect(stub.balance()).rejects.toThrow('Network connection lost.');
    expect(await named('a').balance()).toBe(5);
  });
});

describe('restart()', () => {
  test('lets calls end, then nothing is left but what is stored (S2.4)', async () => {
    await stub.deposit(5);
    const slow = stub.slow();
    await controls.restart();
    expect(await slow).toBe('done');
    expect(await stub.calls()).toBe(0);
    expect(await stub.balance()).toBe(5);
  });

  test('after a crash calls reject and what was committed is there (S2.4.3)', async () => {
    await stub.deposit(5);
    const under = stub.never();
    const lost = expect(under).rejects.toMatchObject({
      message: 'Network connection lost.',
      retryable: true,
    });
    await controls.restart({ afterCrash: true });
    await lost;
    expect(await stub.balance()).toBe(5);
  });

  test('an alarm that was set is still set', async () => {
    const at = Date.now() + 3_600_000;
    const alarm = () => controls.runInObject(stub, (_, { storage }) => storage.getAlarm());
    await controls.runInObject(stub, (object, { storage }) => {
      object.alarm = () => {};
      return storage.setAlarm(at);
    });
    await controls.restart({ afterCrash: true });
    expect(await alarm()).toBe(at);
  });

  test('an alarm whose run a crash cut off fires again, as the first time (S5.6.5)', async () => {
    const runs = [];
    controls.clock.fake();
    Account.prototype.alarm = async ({ retryCount }) => {
      runs.push(retryCount);
      if (runs.length === 1) await new Promise(() => {});
    };
    await controls.runInObject(stub, (_, { storage }) => storage.setAlarm(controls.clock.now()));
    await controls.clock.advance(0);
    await controls.restart({ afterCrash: true });
    await controls.clock.advance(0);
    delete Account.prototype.alarm;
    expect(runs).toEqual([0, 0]);
  });

  test('sockets are cut (S6.15)', async () => {
    const { webSocket } = await stub.fetch('http://x', { headers: { upgrade: 'websocket' } });
    webSocket.accept();
    const closed = new Promise((resolve) => webSocket.addEventListener('close', resolve));
    await controls.restart({ afterCrash: true });
    expect((await closed).code).toBe(1006);
    const sockets = () => controls.runInObject(stub, (_, state) => state.getWebSockets().length);
    expect(await sockets()).toBe(0);
  });
});

describe('pending()', () => {
  const left = () => controls.pending().map(({ what }) => what);

  test('says what is under way, and where it was started', async () => {
    await stub.calls();
    expect(controls.pending()).toEqual([]);
    const call = stub.never();
    call.catch(() => {});
    await stub.startTimer();
    await stub.startBackground();
    await stub.fetch('http://x', { headers: { upgrade: 'websocket' } });
    expect(left()).toEqual([
      'a call over RPC',
      'a timer of an object',
      'what waitUntil() was given',
      'a WebSocket of an object',
    ]);
    expect(controls.pending()[0].stack).toContain(__filename);
  });

  test.each([false, true])(
    'timers that are closed keep nothing; time is fake: %s',
    async (isFake) => {
      if (isFake) controls.clock.fake();
      await stub.startClosedTimers();
      expect(controls.pending()).toEqual([]);
    },
  );

  test('what has ended is not there any more', async () => {
    await Promise.all([stub.slow(), stub.deposit(1)]);
    await expect(stub.missing()).rejects.toThrow();
    expect(controls.pending()).toEqual([]);
  });

  test('a pop ends it; a call that nobody waits for is no unhandled rejection', async () => {
    const unhandled = [];
    const listener = (error) => unhandled.push(error);
    process.on('unhandledRejection', listener);
    await controls.push();
    stub.never();
    named('b').never();
    controls.runInObject(stub, () => new Promise(() => {}));
    await stub.startTimer();
    await stub.startBackground();
    await controls.pop();
    expect(controls.pending()).toEqual([]);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });
});

describe('runWithGates() (S10.3.3)', () => {
  test('runs as an event of the object, and until its writes are durable', async () => {
    const state = await controls.stateOf(stub);
    const order = [];
    const held = controls.runInObject(stub, () =>
      state.blockConcurrencyWhile(async () => {
        await new Promise((resolve) => setImmediate(resolve));
        order.push('section');
      }),
    );
    const run = controls.runWithGates(state, async () => {
      order.push('closure');
      await state.storage.put('balance', 7);
      return 'value';
    });
    expect(await run).toBe('value');
    await held;
    expect(order).toEqual(['section', 'closure']);
    expect(await stub.balance()).toBe(7);
  });

  test('a state of nothing that runs is refused', async () => {
    await expect(controls.runWithGates({}, () => {})).rejects.toThrow(
      'The state is of no object that runs: of none at all, or of one that was evicted or reset since.',
    );
  });
});

test('dispose() waits for nothing that never ends', async () => {
  stub.never();
  await stub.startBackground();
  await controls.dispose();
  await expect(stub.calls()).rejects.toThrow('The runtime is closed.');
});
