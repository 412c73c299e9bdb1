'use strict';
// What test kits build on (spec S10).

const { createRuntime, DurableObject } = require('../../../lib');
const { createControls } = require('../../../lib/testing/controls/controls');
const { WebSocketPair, Response } = require('../../../lib/web/internal');

class Counter extends DurableObject {
  inMemory = 0;

  async add(by = 1) {
    const { storage } = this.ctx;
    const count = ((await storage.get('count')) ?? 0) + by;
    await storage.put('count', count);
    this.inMemory += 1;
    return count;
  }

  calls() {
    return this.inMemory;
  }

  async alarm() {
    await this.ctx.storage.put('rang', [...arguments].length);
  }

  fetch(request) {
    if (!request) return new Response('of the object');
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
}

class Other extends DurableObject {}

let runtime;
let controls;
let stub;

beforeEach(async () => {
  runtime = await createRuntime({ durableObjects: { COUNTER: Counter, OTHER: Other } });
  controls = createControls(runtime);
  stub = controls.env.COUNTER.getByName('a');
});

afterEach(() => runtime.close());

const stored = (key) => controls.runInObject(stub, (_, { storage }) => storage.get(key));
const idOf = (name) => controls.env.COUNTER.idFromName(name).toString();
const listed = async () => (await controls.listIds(controls.env.COUNTER)).map(String);

describe('levels (S10.1.3, S10.3.4)', () => {
  test('a pop brings back what was stored at the push, and drops instances (S10.1.4)', async () => {
    await stub.add();
    await controls.push();
    expect(await stub.add()).toBe(2);
    await controls.push();
    expect(await stub.add(5)).toBe(7);
    expect(await stub.calls()).toBe(3);
    await controls.pop();
    expect(await stub.add(0)).toBe(2);
    expect(await stub.calls()).toBe(1);
    await controls.pop();
    expect(await stub.add(0)).toBe(1);
  });

  test('what is kept goes with the level below', async () => {
    await controls.push();
    await controls.push();
    await stub.add(3);
    await controls.pop({ keep: true });
    expect(await stub.calls()).toBe(1);
    await controls.pop();
    expect(await stub.add(0)).toBe(0);
  });

  test('SQL, tables and deleteAll() are undone', async () => {
    const sql = (query) =>
      controls.runInObject(stub, (_, { storage }) => storage.sql.exec(query).toArray());
    await sql('CREATE TABLE t (n)');
    await sql('INSERT INTO t VALUES (1)');
    await controls.push();
    await sql('CREATE TABLE u (n)');
    await sql('INSERT INTO t VALUES (2), (3)');
    await controls.runInObject(stub, (_, { storage }) => storage.deleteAll());
    await stub.add();
    await controls.pop();
    expect(await sql('SELECT * FROM t')).toEqual([{ n: 1 }]);
    await expect(sql('SELECT * FROM u')).rejects.toThrow('no such table');
    expect(await stored('count')).toBeUndefined();
  });

  test('a database larger than the one before it is undone whole', async () => {
    await controls.runInObject(stub, (_, { storage }) => storage.put('big', 'x'.repeat(100_000)));
    await controls.push();
    await controls.runInObject(stub, async (_, { storage }) => {
      await storage.deleteAll();
      for (let i = 0; i < 10; i += 1) await storage.put(`big${i}`, 'y'.repeat(100_000));
    });
    await controls.pop();
    expect(await stored('big')).toBe('x'.repeat(100_000));
    expect(await stored('big0')).toBeUndefined();
  });

  test('an alarm goes with its level, one from before comes back (S10.2.4)', async () => {
    const at = Date.now() + 3_600_000;
    const alarm = () => controls.runInObject(stub, (_, { storage }) => storage.getAlarm());
    const set = (time) => controls.runInObject(stub, (_, { storage }) => storage.setAlarm(time));
    await set(at);
    await controls.push();
    await set(at + 1000);
    await controls.push();
    expect(await controls.runAlarm(stub)).toBe(true);
    expect(await alarm()).toBeNull();
    await controls.pop();
    expect(await alarm()).toBe(at + 1000);
    await controls.pop();
    expect(await alarm()).toBe(at);
    expect(await stored('rang')).toBeUndefined();
  });

  test('a call that is under way at a pop rejects', async () => {
    await controls.push();
    const never = controls.runInObject(stub, () => new Promise(() => {}));
    never.catch(() => {});
    await stub.add();
    await controls.pop();
    await expect(never).rejects.toThrow('The object was discarded: the test that used it is over.');
  });

  test('a pop without a push, and a runtime on disk, are refused', async () => {
    await expect(controls.pop()).rejects.toThrow('pop() without a push().');
    expect(() => createControls({})).toThrow(
      'createControls() needs a runtime that createRuntime() made.',
    );
  });
});

describe('runInDurableObject (S10.2.1)', () => {
  test('gives the instance, its state, and what the callback returns, as it is', async () => {
    const value = new Map([['a', () => 1]]);
    expect(await controls.runInObject(stub, () => value)).toBe(value);
    const [instance, id] = await controls.runInObject(stub, (object, state) => [object, state.id]);
    expect(instance).toBeInstanceOf(Counter);
    expect(id.equals(stub.id)).toBe(true);
  });

  test('an exception is the one that was thrown', async () => {
    const error = new RangeError('mine');
    await expect(
      controls.runInObject(stub, () => {
        throw error;
      }),
    ).rejects.toBe(error);
  });

  test('a Response can be read outside, and a redirect is not followed', async () => {
    const response = await controls.runInObject(stub, (object) => object.fetch());
    expect(await response.text()).toBe('of the object');
    const moved = await controls.runInObject(stub, () => Response.redirect('http://x/y', 302));
    expect(moved.status).toBe(302);
  });

  test('the callback waits for the gate', async () => {
    const order = [];
    const section = controls.runInObject(stub, (_, state) =>
      state.blockConcurrencyWhile(async () => {
        await new Promise((resolve) => setImmediate(resolve));
        order.push('section');
      }),
    );
    const after = controls.runInObject(stub, () => order.push('after'));
    await Promise.all([section, after]);
    expect(order).toEqual(['section', 'after']);
  });

  test('what is no stub or no function is refused in the words of the plugin', async () => {
    await expect(controls.runInObject({}, () => {})).rejects.toThrow(
      new TypeError(
        "Failed to execute 'runInDurableObject': parameter 1 is not of type 'DurableObjectStub'.",
      ),
    );
    await expect(controls.runInObject(stub, 'x')).rejects.toThrow(
      new TypeError(
        "Failed to execute 'runInDurableObject': parameter 2 is not of type 'function'.",
      ),
    );
  });
});

describe('runDurableObjectAlarm (S10.2.2)', () => {
  test('runs a set alarm, whenever it is due, without arguments, and says so', async () => {
    expect(await controls.runAlarm(stub)).toBe(false);
    const far = Date.now() + 1e9;
    await controls.runInObject(stub, (_, { storage }) => storage.setAlarm(far));
    expect(await controls.runAlarm(stub)).toBe(true);
    expect(await stored('rang')).toBe(0);
    expect(await controls.runAlarm(stub)).toBe(false);
  });
});

describe('listDurableObjectIds (S10.2.6)', () => {
  test('every object activated since the last reset, ascending', async () => {
    for (const name of ['a', 'b', 'c']) await controls.env.COUNTER.getByName(name).calls();
    expect(await listed()).toEqual([idOf('a'), idOf('b'), idOf('c')].sort());
    expect(await controls.listIds(controls.env.OTHER)).toEqual([]);
    await controls.reset();
    expect(await listed()).toEqual([]);
  });

  test('a level takes its own away, and brings back what a reset in it hid', async () => {
    await stub.calls();
    await controls.push();
    await controls.env.COUNTER.getByName('b').add();
    await controls.push();
    await controls.reset();
    await controls.env.COUNTER.getByName('c').add();
    expect(await listed()).toEqual([idOf('c')]);
    await controls.pop();
    expect(await listed()).toEqual([idOf('a'), idOf('b')].sort());
    await controls.pop();
    expect(await listed()).toEqual([idOf('a')]);
  });

  test('what is no namespace is refused', async () => {
    await expect(controls.listIds({})).rejects.toThrow(
      "Failed to execute 'listDurableObjectIds': parameter 1 is not of type 'DurableObjectNamespace'.",
    );
  });
});

describe('life-cycle', () => {
  test('an evicted object keeps its data and loses its memory (S10.2.3)', async () => {
    await stub.add();
    await controls.evict(stub);
    expect(await stub.calls()).toBe(0);
    expect(await stub.add()).toBe(2);
  });

  test('an object that does not run cannot be evicted', async () => {
    await expect(controls.evict(stub)).rejects.toThrow(
      'Cannot evict Durable Object: it is not currently running.',
    );
    await expect(controls.evict(1)).rejects.toThrow(
      "Failed to execute 'evictDurableObject': parameter 1 is not of type 'DurableObjectStub'.",
    );
  });

  test('an eviction waits for what is under way', async () => {
    let finish;
    const call = controls.runInObject(stub, () => new Promise((resolve) => (finish = resolve)));
    await stub.calls();
    const evicted = controls.evict(stub);
    await new Promise((resolve) => setImmediate(resolve));
    finish('done');
    expect(await call).toBe('done');
    await evicted;
    expect(await stub.calls()).toBe(0);
  });

  test.each([
    [undefined, 1],
    ['hibernate', 1],
    ['close', 0],
  ])('sockets at an eviction with webSockets: %s (S10.2.3)', async (webSockets, left) => {
    const { webSocket } = await stub.fetch('http://x', { headers: { upgrade: 'websocket' } });
    webSocket.accept();
    const closed = new Promise((resolve) => webSocket.addEventListener('close', resolve));
    await controls.evict(stub, webSockets && { webSockets });
    const sockets = () => controls.runInObject(stub, (_, state) => state.getWebSockets().length);
    expect(await sockets()).toBe(left);
    if (left === 0) expect((await closed).code).toBe(1006);
  });

  test('another word for what becomes of sockets is refused', async () => {
    await stub.add();
    await expect(controls.evict(stub, { webSockets: 'keep' })).rejects.toThrow(
      new TypeError('options.webSockets must be "hibernate" or "close".'),
    );
  });

  test('evictAll() takes all that run and skips the others', async () => {
    await stub.add();
    await controls.env.OTHER.getByName('idle');
    await controls.evictAll();
    expect(await stub.calls()).toBe(0);
  });

  test('abortAll() resets instances and keeps data; stubs are broken', async () => {
    await stub.add();
    await controls.abortAll();
    await expect(stub.add()).rejects.toThrow('Application called abortAllDurableObjects().');
    expect(await controls.env.COUNTER.getByName('a').add()).toBe(2);
  });

  test('reset() deletes the data of objects; stubs go on', async () => {
    await stub.add();
    await controls.reset();
    expect(await stub.add()).toBe(1);
  });
});
