import { DurableObject } from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

const probes = {
  async commit(storage) {
    const value = await storage.transaction(async (txn) => {
      await txn.put('a', 1);
      return [await txn.get('a'), await storage.get('a'), await txn.delete('none')];
    });
    return [value, await storage.list()];
  },
  async throw(storage) {
    await storage.put('a', 0);
    storage.sql.exec('CREATE TABLE t (x)');
    const thrown = await attempt(() =>
      storage.transaction(async (txn) => {
        await txn.put('a', 1);
        await storage.put('b', 1);
        storage.sql.exec('INSERT INTO t VALUES (1)');
        throw new RangeError('undo all');
      }),
    );
    return [thrown, await storage.list(), storage.sql.exec('SELECT count(*) AS n FROM t').one()];
  },
  async rollback(storage) {
    const value = await storage.transaction(async (txn) => {
      await txn.put('a', 1);
      txn.rollback();
      return [
        'value',
        await attempt(() => txn.get('a')),
        await attempt(() => txn.put('b', 1)),
        await attempt(() => txn.list()),
        await attempt(() => txn.delete('a')),
        await attempt(() => txn.setAlarm(1)),
        attemptSync(() => txn.rollback()),
      ];
    });
    return [value, await storage.list()];
  },
  async 'after-end'(storage) {
    let leaked;
    await storage.transaction(async (txn) => {
      leaked = txn;
    });
    return [
      await attempt(() => leaked.get('a')),
      await attempt(() => leaked.put('a', 1)),
      await attempt(() => leaked.list()),
      attemptSync(() => leaked.rollback()),
    ];
  },
  async nested(storage) {
    await storage.transaction(async (outer) => {
      await outer.put('outer', 1);
      await attempt(() =>
        storage.transaction(async (inner) => {
          await inner.put('inner', 1);
          throw new Error('inner only');
        }),
      );
      await outer.put('outer after', 1);
    });
    return storage.list();
  },
  async alarm(storage) {
    const time = Date.now() + 1_000_000;
    await storage.setAlarm(time);
    await attempt(() =>
      storage.transaction(async (txn) => {
        await txn.setAlarm(time + 5000);
        throw new Error('undo');
      }),
    );
    return [(await storage.getAlarm()) === time, await storage.deleteAlarm()];
  },
  async 'delete-all'(storage) {
    return storage.transaction(async (txn) => [
      await attempt(() => txn.deleteAll()),
      await attempt(() => storage.deleteAll()),
    ]);
  },
  async 'not-synchronous'(storage) {
    const order = [];
    const done = storage.transaction(async () => {
      order.push('closure');
    });
    order.push('after call');
    await Promise.resolve();
    order.push('after a microtask');
    await done;
    order.push('done');
    return order;
  },
  async serial(storage) {
    const order = [];
    const run = (name) =>
      storage.transaction(async () => {
        order.push(`${name} begins`);
        await scheduler.wait(5);
        order.push(`${name} ends`);
      });
    await Promise.all([run('one'), run('two')]);
    return order;
  },
  async members(storage) {
    return storage.transaction(async (txn) => {
      const names =
        'get list put delete deleteAll rollback getAlarm setAlarm deleteAlarm sql transaction';
      return [names.split(' ').map((name) => `${name} ${typeof txn[name]}`), txn.constructor.name];
    });
  },
  async types(storage) {
    return [
      await attempt(() => storage.transaction()),
      await attempt(() => storage.transaction('x')),
      await attempt(() => storage.transaction(() => 5)),
    ];
  },
  async 'list-inside'(storage) {
    await storage.put({ a: 1, b: 2, c: 3 });
    return storage.transaction(async (txn) => {
      await txn.delete('b');
      await txn.put({ d: 4 });
      return [await txn.list({ start: 'b', reverse: true }), await txn.get(['a', 'b', 'd'])];
    });
  },
};

export class Probe extends DurableObject {
  fetch(request) {
    return answer(probes, request, this.ctx.storage);
  }

  alarm() {}
}

export default {
  fetch: (request, env) => env.PROBE.getByName(request.url).fetch(request),
};
