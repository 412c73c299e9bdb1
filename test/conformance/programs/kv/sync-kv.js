import { DurableObject } from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

const probes = {
  async basic({ storage, kv }) {
    return [
      kv.put('a', { n: 1 }),
      kv.get('a'),
      kv.get('none'),
      kv.delete('a'),
      kv.delete('a'),
      kv.put('b', new Map([[1, 2]])),
      await storage.get('b'),
      await storage.put('c', 3),
      kv.get('c'),
    ];
  },
  undefined({ kv }) {
    return [
      attemptSync(() => kv.put('u', undefined)),
      kv.get('u'),
      [...kv.list()],
      attemptSync(() => kv.put('v')),
    ];
  },
  list({ kv }) {
    for (const key of ['b', 'a', 'c', 'ab']) kv.put(key, key.toUpperCase());
    return [
      [...kv.list()],
      [...kv.list({ prefix: 'a' })],
      [...kv.list({ start: 'ab', end: 'c' })],
      [...kv.list({ startAfter: 'a', limit: 1 })],
      [...kv.list({ reverse: true, limit: 2 })],
    ];
  },
  'list-errors'({ kv }) {
    return [
      attemptSync(() => [...kv.list({ limit: 0 })]),
      attemptSync(() => [...kv.list({ start: 'a', startAfter: 'b' })]),
      attemptSync(() => kv.put('k', () => {})),
      attemptSync(() => kv.get()),
    ];
  },
  'list-lazy'({ kv }) {
    kv.put('a', 1);
    kv.put('c', 3);
    const iterator = kv.list();
    const first = iterator.next();
    kv.put('b', 2);
    return [
      first,
      iterator.next(),
      iterator.next(),
      iterator.next(),
      iterator.next(),
      typeof iterator.map,
    ];
  },
  'list-invalidated'({ kv }) {
    kv.put('a', 1);
    kv.put('b', 2);
    const old = kv.list();
    old.next();
    const fresh = kv.list();
    return [attemptSync(() => old.next()), attemptSync(() => fresh.next())];
  },
  coerced({ kv }) {
    kv.put(1, 'one');
    return [kv.get('1'), kv.get(['1']), kv.get([]), kv.delete(1)];
  },
  async 'transaction-sync'({ storage, kv }) {
    const value = storage.transactionSync(() => {
      kv.put('a', 1);
      return 'value';
    });
    const thrown = attemptSync(() =>
      storage.transactionSync(() => {
        kv.put('a', 2);
        storage.sql.exec('CREATE TABLE gone (x)');
        throw new Error('undo');
      }),
    );
    return [
      value,
      thrown,
      kv.get('a'),
      storage.sql.exec("SELECT name FROM sqlite_master WHERE name='gone'").toArray(),
    ];
  },
  async 'transaction-sync-nested'({ storage, kv }) {
    storage.transactionSync(() => {
      kv.put('outer', 1);
      try {
        storage.transactionSync(() => {
          kv.put('inner', 1);
          throw new Error('inner');
        });
      } catch {
        // The rollback is what is under test.
      }
      kv.put('after', 1);
    });
    return [...kv.list()];
  },
  async 'transaction-sync-async'({ storage, kv }) {
    const result = storage.transactionSync(async () => {
      kv.put('sync part', 1);
      throw new Error('late');
    });
    return [result instanceof Promise, await attempt(() => result), kv.get('sync part')];
  },
  'own-members'({ storage }) {
    const members = Object.getOwnPropertyNames(storage);
    const { kv, sql } = storage;
    storage.sql = null;
    storage.kv = 5;
    return [members, typeof kv.get, typeof sql.exec, storage.sql, storage.kv];
  },
  'transaction-sync-types'({ storage }) {
    return [
      attemptSync(() => storage.transactionSync()),
      attemptSync(() => storage.transactionSync(5)),
    ];
  },
};

export class Probe extends DurableObject {
  fetch(request) {
    const { storage } = this.ctx;
    return answer(probes, request, { storage, kv: storage.kv });
  }
}

export default {
  fetch: (request, env) => env.PROBE.getByName(request.url).fetch(request),
};
