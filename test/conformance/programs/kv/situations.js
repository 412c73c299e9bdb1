import { DurableObject } from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

const letters = { a: 1, aa: 2, ab: 3, b: 4, ba: 5, bb: 6, c: 7 };
const bounds = [undefined, '', 'a', 'ab', 'b', 'b\u0000', 'c', 'zz'];
const tables = (sql) =>
  sql.exec('SELECT type, name FROM sqlite_master ORDER BY name').raw().toArray();

/** Every combination of the options, on both APIs, as text. */
async function listAll({ storage, kv }, combinations) {
  await storage.put(letters);
  const out = [];
  for (const options of combinations) {
    const { text } = await attempt(async () => [...(await storage.list(options)).keys()].join(' '));
    const sync = attemptSync(() => [...kv.list(options)].map(([key]) => key).join(' '));
    const same = text.replace('resolved', 'returned').replace('rejected', 'threw') === sync.text;
    out.push(`${JSON.stringify(options)} ${text}${same ? '' : ` but ${sync.text}`}`);
  }
  return out;
}

const probes = {
  'list-start-end': (self) =>
    listAll(
      self,
      bounds.flatMap((start) => bounds.map((end) => ({ start, end }))),
    ),
  'list-start-after': (self) =>
    listAll(
      self,
      bounds.flatMap((startAfter) => [{ startAfter }, { startAfter, end: 'bb', reverse: true }]),
    ),
  'list-prefix': (self) =>
    listAll(
      self,
      ['', 'a', 'aa', 'b', 'bb', 'z', '\uffff'].flatMap((prefix) =>
        bounds.flatMap((bound) => [
          { prefix, start: bound },
          { prefix, end: bound, limit: 2, reverse: true },
          { prefix, startAfter: bound, limit: 1 },
        ]),
      ),
    ),
  'list-types': (self) =>
    listAll(self, [
      { limit: '2' },
      { limit: true },
      { limit: null },
      { limit: [] },
      { limit: [3] },
      { limit: 2 ** 31 - 1 },
      { limit: 2 ** 31 },
      { limit: -(2 ** 40) },
      { limit: Infinity },
      { limit: 0.9 },
      { limit: -0.5 },
      { start: 5 },
      { start: null },
      { end: undefined },
      { end: ['b'] },
      { prefix: ['a'] },
      { reverse: 0 },
      { reverse: 'false' },
      { reverse: null },
      { start: 'a', startAfter: undefined },
      { start: undefined, startAfter: 'a' },
      { start: '', startAfter: '' },
      { unknown: 1 },
      { limit: 1, allowConcurrency: 'x', noCache: 0 },
      [],
      ['a'],
    ]),
  async 'list-getters'({ storage }) {
    const order = [];
    const options = new Proxy(
      {},
      {
        get(_, key) {
          order.push(String(key));
          return undefined;
        },
      },
    );
    await storage.list(options);
    return order.slice(0, 6);
  },
  async 'map-is-empty'({ storage }) {
    class Entries {
      x = 1;
      static y = 2;
    }
    return [
      await attempt(() => storage.put(new Map([['m', 1]]))),
      await attempt(() => storage.put(new Set([1]))),
      await attempt(() => storage.put(new Date(0))),
      await attempt(() => storage.put(['k'], 1)),
      await attempt(() => storage.put(new Entries())),
      await attempt(() => storage.put(Object.create({ inherited: 1 }))),
      await attempt(() => storage.put({ [Symbol('s')]: 1, 3: 'three' })),
      await attempt(() => storage.put(null, 'null')),
      await storage.list(),
    ];
  },
  async 'put-too-large'({ storage }) {
    await storage.put('a', 'before');
    const big = 'x'.repeat(9_000_000);
    return [
      await attempt(() => storage.put({ a: 'after', b: 1, big })),
      await storage.list(),
      await attempt(() => storage.put({ a: 'after', ['k'.repeat(9_000_000)]: 1 })),
      await storage.list(),
      await attempt(() => storage.put({ a: 'later', b: 2 }, { allowUnconfirmed: true })),
      await storage.list(),
      attemptSync(() => storage.kv.put('a', big)),
      attemptSync(() => storage.kv.get('k'.repeat(9_000_000))),
      await attempt(() => storage.get('k'.repeat(9_000_000))),
      await attempt(() => storage.delete('k'.repeat(9_000_000))),
    ];
  },
  async 'reads-see-writes'({ storage, sql, kv }) {
    const unawaited = storage.put('a', 1);
    const seen = [kv.get('a'), kv.delete('a'), await storage.get('a')];
    await unawaited;
    await storage.transaction(async (txn) => {
      await txn.put('t', 1);
      kv.put('s', 2);
      seen.push(await storage.get(['s', 't']), await txn.get('s'), kv.get('t'));
      txn.rollback();
    });
    storage.transactionSync(() => {
      kv.put('u', 3);
      seen.push([...kv.list()]);
    });
    seen.push(await storage.list(), tables(sql));
    return seen;
  },
  async 'turn-is-atomic'({ storage, kv }) {
    const promises = [storage.put('a', 1), storage.put('b', 2), storage.delete('a')];
    await storage.get('b');
    kv.put('c', 3);
    await Promise.all(promises);
    return storage.list();
  },
  async 'delete-all-nothing'({ storage }) {
    return [
      await storage.deleteAll(),
      await storage.deleteAll({ allowUnconfirmed: true }),
      await attempt(() => storage.deleteAll('x')),
      await storage.list(),
    ];
  },
  async 'delete-all-everything'({ storage, sql, kv }) {
    sql.exec(`CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, n); CREATE INDEX pn ON p (n);
      CREATE TABLE c (p REFERENCES p (id)); CREATE VIEW v AS SELECT * FROM p;
      CREATE TRIGGER tr AFTER INSERT ON p BEGIN INSERT INTO c VALUES (new.id); END;
      CREATE VIRTUAL TABLE f USING fts5(x); CREATE VIRTUAL TABLE r USING rtree(id, a, b);
      INSERT INTO p (n) VALUES (1), (2); INSERT INTO f VALUES ('word'); ANALYZE`);
    kv.put('k', 1);
    await storage.deleteAll();
    const after = tables(sql);
    sql.exec('CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT)');
    return [
      after,
      sql.exec('INSERT INTO p DEFAULT VALUES RETURNING id').one(),
      sql.exec('PRAGMA foreign_keys').one(),
      [...kv.list()],
    ];
  },
  async 'delete-all-same-turn'({ storage, sql, kv }) {
    kv.put('before', 1);
    sql.exec('CREATE TABLE t (x)');
    const done = storage.deleteAll();
    kv.put('after', 1);
    sql.exec('CREATE TABLE u (x)');
    await done;
    return [await storage.list(), tables(sql).map(([, name]) => name)];
  },
  async 'delete-all-iterators'({ storage, kv }) {
    kv.put('a', 1);
    kv.put('b', 2);
    const iterator = kv.list()[Symbol.iterator]();
    const first = iterator.next();
    await storage.deleteAll();
    kv.put('c', 3);
    let thrown = false;
    try {
      iterator.next();
    } catch {
      thrown = true; // the text is an internal one on workerd
    }
    return [first, thrown, [...kv.list()]];
  },
  async 'delete-all-in-sync'({ storage, kv }) {
    let inside;
    kv.put('a', 1);
    const outcome = attemptSync(() =>
      storage.transactionSync(() => {
        inside = attempt(() => storage.deleteAll());
        return kv.get('a');
      }),
    );
    return [outcome, await inside, await storage.list()];
  },
  async 'delete-all-in-section'({ storage, ctx }) {
    await storage.put('a', 1);
    await ctx.blockConcurrencyWhile(async () => {
      await storage.deleteAll();
      await storage.put('b', 2);
    });
    return storage.list();
  },
  async 'delete-all-alarm'({ storage }) {
    await storage.setAlarm(Date.now() + 1_000_000);
    await storage.deleteAll();
    const after = await storage.getAlarm();
    storage.setAlarm(Date.now() + 2_000_000);
    const both = storage.deleteAll();
    storage.setAlarm(Date.now() + 3_000_000);
    await both;
    return [after, typeof (await storage.getAlarm()), await storage.deleteAlarm()];
  },
  async 'transaction-nesting'({ storage, kv }) {
    const log = [];
    await storage.transaction(async (outer) => {
      await outer.put('outer', 1);
      await storage.transaction(async (inner) => {
        await inner.put('inner', 1);
        log.push(attemptSync(() => outer.rollback()));
        storage.transactionSync(() => {
          kv.put('deepest', 1);
        });
        inner.rollback();
        log.push(await attempt(() => inner.get('inner')), kv.get('deepest'));
      });
      log.push(await outer.get('outer'), await outer.get('inner'));
    });
    return [log, await storage.list()];
  },
  async 'transaction-outer-rolls-back'({ storage, kv }) {
    const value = await storage.transaction(async (outer) => {
      await storage.transaction(async (inner) => {
        await inner.put('inner', 1);
      });
      storage.transactionSync(() => kv.put('sync', 1));
      outer.rollback();
      kv.put('after rollback', 1);
      return 'value';
    });
    return [value, await storage.list()];
  },
  async 'transaction-throws'({ storage, kv }) {
    const thrown = [new RangeError('r'), 'text', undefined, null, { code: 1 }];
    const out = [];
    for (const value of thrown) {
      out.push(
        await attempt(() =>
          storage.transaction(async () => {
            kv.put('k', 1);
            throw value;
          }),
        ),
        attemptSync(() =>
          storage.transactionSync(() => {
            kv.put('k', 1);
            throw value;
          }),
        ),
      );
    }
    return [out, await storage.list()];
  },
  async 'transaction-values'({ storage }) {
    return [
      await storage.transaction(async () => {}),
      await attempt(() => storage.transaction(() => ({ then: (resolve) => resolve(7) }))),
      storage.transactionSync(() => undefined),
      storage.transactionSync(() => null),
      storage.transactionSync(function () {
        return arguments.length;
      }),
      await storage.transaction(async function (...given) {
        return given.length;
      }),
      await attempt(() => storage.transaction(async () => {}, 5)),
      await attempt(() => storage.transaction(async () => {}, { unknown: 1 })),
    ];
  },
  async 'transaction-schema'({ storage, sql }) {
    sql.exec('CREATE TABLE t (x); INSERT INTO t VALUES (1)');
    attemptSync(() =>
      storage.transactionSync(() => {
        sql.exec('ALTER TABLE t ADD COLUMN y; CREATE TABLE u (z); DROP TABLE t');
        throw new Error('undo');
      }),
    );
    return [sql.exec('SELECT * FROM t').toArray(), tables(sql)];
  },
  async 'transaction-first-write'({ storage, kv }) {
    attemptSync(() =>
      storage.transactionSync(() => {
        kv.put('k', 1);
        throw new Error('undo');
      }),
    );
    const after = kv.get('k');
    kv.put('k', 2);
    return [after, kv.get('k')];
  },
  async 'transaction-alarm-methods'({ storage }) {
    const time = Date.now() + 1_000_000;
    const seen = await storage.transaction(async (txn) => {
      await txn.setAlarm(time);
      const inside = [(await txn.getAlarm()) === time, (await storage.getAlarm()) === time];
      await txn.deleteAlarm();
      inside.push(await txn.getAlarm());
      await txn.setAlarm(new Date(time + 5));
      txn.rollback();
      return [
        ...inside,
        await attempt(() => txn.getAlarm()),
        await attempt(() => txn.deleteAlarm()),
      ];
    });
    return [seen, await storage.getAlarm()];
  },
  async 'transaction-after-end'({ storage }) {
    let rolledBack;
    let committed;
    await storage.transaction(async (txn) => {
      rolledBack = txn;
      txn.rollback();
    });
    await attempt(() =>
      storage.transaction(async (txn) => {
        committed = txn;
        throw new Error('x');
      }),
    );
    const names = 'get put list delete getAlarm setAlarm deleteAlarm deleteAll rollback'.split(' ');
    const calls = async (txn) => {
      const out = [];
      for (const name of names) {
        const first = { setAlarm: Date.now(), put: 'k', get: 'k', delete: 'k' }[name];
        out.push(await attempt(() => txn[name](first, name === 'put' ? 1 : undefined)));
        out.push(await attempt(() => txn[name](first ?? 5, 1, 2)));
      }
      return out;
    };
    return [await calls(rolledBack), await calls(committed)];
  },
  async 'transaction-order'({ storage }) {
    const order = [];
    const one = storage.transaction(async () => {
      order.push('one');
      await scheduler.wait(1);
      order.push('one ends');
    });
    const sync = attemptSync(() => storage.transactionSync(() => order.push('sync')));
    const two = storage.transaction(async (txn) => {
      order.push('two');
      txn.rollback();
    });
    await Promise.all([one, two]);
    return [order, sync];
  },
  async 'sync-iterators'({ kv }) {
    for (const key of ['a', 'b', 'c', 'd']) kv.put(key, key);
    const iterable = kv.list();
    const [first] = iterable;
    const rest = attemptSync(() => [...iterable]);
    const older = kv.list();
    older.next();
    kv.list();
    const lazy = kv.list({ start: 'b' });
    kv.delete('b');
    kv.put('bb', 'new');
    return [
      first,
      rest,
      attemptSync(() => older.next()),
      attemptSync(() => [...older]),
      lazy.map(([key]) => key).toArray(),
      lazy.next(),
      Object.prototype.toString.call(lazy),
      typeof lazy.return,
      attemptSync(() => kv.list(5)),
      attemptSync(() => kv.list({ limit: 0 })),
    ];
  },
  async 'sync-iterator-while-writing'({ kv }) {
    for (const key of ['a', 'b', 'c']) kv.put(key, 1);
    const seen = [];
    for (const [key] of kv.list()) {
      seen.push(key);
      kv.delete(key);
      if (key.length < 3) kv.put(`${key}x`, 1);
    }
    return [seen, [...kv.list()]];
  },
  'sync-types': ({ kv }) => [
    attemptSync(() => kv.get()),
    attemptSync(() => kv.put('k')),
    attemptSync(() => kv.put()),
    attemptSync(() => kv.delete()),
    attemptSync(() => kv.get(undefined)),
    attemptSync(() => kv.get(Symbol('s'))),
    attemptSync(() => kv.put({ a: 1 })),
    attemptSync(() => kv.put({ a: 1 }, 2)),
    attemptSync(() => kv.get(['a', 'b'])),
    attemptSync(() => kv.delete(['a'])),
    attemptSync(() => [...kv.list()]),
    attemptSync(() => kv.put('k', 1, { allowUnconfirmed: true })),
    Object.prototype.toString.call(kv),
    Object.getOwnPropertyNames(Object.getPrototypeOf(kv)).sort(),
  ],
  async bookmarks({ storage }) {
    const first = await storage.getCurrentBookmark();
    const second = await storage.getCurrentBookmark();
    return [
      first < second,
      await attempt(() => storage.getBookmarkForTime(Date.now())),
      await attempt(() => storage.getBookmarkForTime(new Date())),
      await attempt(() => storage.getBookmarkForTime('x')),
      await attempt(() => storage.getBookmarkForTime()),
      await attempt(() => storage.onNextSessionRestoreBookmark(first)),
      await attempt(() => storage.onNextSessionRestoreBookmark()),
      first.slice(0, 18),
    ];
  },
};

export class Probe extends DurableObject {
  fetch(request) {
    const { ctx } = this;
    const { storage } = ctx;
    return answer(probes, request, { ctx, storage, sql: storage.sql, kv: storage.kv });
  }

  alarm() {}
}

export default {
  fetch: (request, env) => env.PROBE.getByName(request.url).fetch(request),
};
