import { DurableObject } from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

/** What objects saw that break, by probe: their answers do not arrive. */
const seen = new Map();

async function prepareFull(storage) {
  storage.sql.exec('CREATE TABLE t (x)');
  storage.sql.setMaxPageCountForTest(10);
  await storage.sync();
  storage.sql.exec('INSERT INTO t VALUES (1)');
}

function fill(sql) {
  sql.exec('INSERT INTO t VALUES (?)', 'a'.repeat(1_000_000));
}

function after(probe, { sql }) {
  return [seen.get(probe), sql.exec('SELECT count(*) AS n FROM t').toArray()];
}

const probes = {
  prepare({ sql }) {
    sql.exec('CREATE TABLE t (x)');
    const insert = sql.prepare('INSERT INTO t VALUES (?) RETURNING x');
    const both = [insert(1), insert(2)];
    const select = sql.prepare('SELECT x FROM t');
    const [a, b] = [select(), select()];
    return [
      both.map((cursor) => [cursor.toArray(), cursor.rowsWritten]),
      [a.next(), b.next(), a.toArray(), b.toArray(), a.rowsRead, b.rowsRead],
    ];
  },
  'prepare-shape'({ sql }) {
    const statement = sql.prepare('SELECT 1');
    return [
      typeof statement,
      Object.prototype.toString.call(statement),
      statement instanceof sql.Statement,
      Object.getOwnPropertyNames(statement),
      attemptSync(() => new sql.Statement()),
    ];
  },
  'prepare-errors'({ sql }) {
    const run = (query, ...bindings) =>
      attemptSync(() => {
        const statement = sql.prepare(query);
        return attemptSync(() => statement(...bindings).toArray());
      });
    return [
      run('SELECT ?'),
      run('SELECT 1', 2),
      run(''),
      run('SELEC'),
      run('BEGIN'),
      run('SELECT 1; -- comment'),
      run(5),
      run(Symbol('x')),
      attemptSync(() => sql.prepare()),
      attemptSync(() => sql.exec(Symbol('x'))),
    ];
  },
  'prepare-several'({ sql }) {
    sql.exec('CREATE TABLE t (x)');
    const statement = sql.prepare('INSERT INTO t VALUES (1); SELECT count(*) AS n FROM t');
    const before = sql.exec('SELECT count(*) AS n FROM t').one();
    return [before, statement().one(), statement().one()];
  },
  ingest({ sql }) {
    sql.exec('CREATE TABLE t (x)');
    return [
      'INSERT INTO t VALUES (1), (2); SELECT x FROM t; INSERT INTO t VAL',
      '',
      'SELECT 1',
      'SELECT 1; SELECT 2;   ',
      "SELECT 'a;b'; x",
      'SELECT 1; -- a; b\n SELECT 2',
      '-- c;\n SELECT 1;',
      'SELECT "a;", `b;`, [c;] FROM (SELECT 1 AS "a;", 2 AS "b;", 3 AS "c;"); é',
      'CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; ',
      'SELECT 1; \u0000 SELECT 2;',
      5,
    ].map((text) => attemptSync(() => sql.ingest(text)));
  },
  'ingest-trigger'({ sql }) {
    sql.exec('CREATE TABLE t (x)');
    return sql.ingest('CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; END; SELECT 3').remainder;
  },
  'ingest-errors'({ sql }) {
    sql.exec('CREATE TABLE t (x)');
    return [
      [';', 'SELECT 1;;', 'SELECT ?;', 'BEGIN;', 'CREATE TABLE _cf_x (a);'].map((text) =>
        attemptSync(() => sql.ingest(text)),
      ),
      attemptSync(() => sql.ingest('INSERT INTO t VALUES (5); SELECT * nowhere;')),
      sql.exec('SELECT x FROM t').toArray(),
      attemptSync(() => sql.ingest()),
    ];
  },
  reused({ sql }) {
    const reused = (query) => {
      const cursor = sql.exec(query);
      cursor.toArray();
      return cursor.reusedCachedQueryForTest;
    };
    return [reused('SELECT 1'), reused('SELECT 1'), reused('SELECT 2')];
  },
  async 'full-database'({ storage, sql }) {
    await prepareFull(storage);
    seen.set('full-database', [
      attemptSync(() => fill(sql)),
      attemptSync(() => sql.exec('INSERT INTO t VALUES (2)')),
      await attempt(() => storage.get('k')),
    ]);
  },
  'full-database-after': (self) => after('full-database', self),
  async 'full-database-read'({ storage, sql }) {
    await prepareFull(storage);
    seen.set('full-database-read', [
      attemptSync(() => fill(sql)),
      attemptSync(() => sql.exec('SELECT count(*) AS n FROM t').toArray()),
    ]);
  },
  'full-database-read-after': (self) => after('full-database-read', self),
  async 'full-transaction-sync'({ storage, sql }) {
    await prepareFull(storage);
    const catches = () => attemptSync(() => fill(sql));
    const inner = () => attemptSync(() => storage.transactionSync(catches));
    seen.set('full-transaction-sync', [
      attemptSync(() => storage.transactionSync(inner)),
      attemptSync(() => storage.transactionSync(() => 'later')),
    ]);
  },
  'full-transaction-sync-after': (self) => after('full-transaction-sync', self),
  async 'full-transaction-sync-throws'({ storage, sql }) {
    await prepareFull(storage);
    const throws = () => {
      attemptSync(() => fill(sql));
      throw new RangeError('mine');
    };
    seen.set('full-transaction-sync-throws', [attemptSync(() => storage.transactionSync(throws))]);
  },
  'full-transaction-sync-throws-after': (self) => after('full-transaction-sync-throws', self),
  async 'full-transaction'({ storage, sql }) {
    await prepareFull(storage);
    const catches = async () => attemptSync(() => fill(sql));
    const rollsBack = async (txn) => [
      attemptSync(() => fill(sql)),
      attemptSync(() => txn.rollback()),
    ];
    seen.set('full-transaction', [
      await attempt(() => storage.transaction(catches)),
      await attempt(() => storage.transaction(rollsBack)),
    ]);
  },
  'full-transaction-after': (self) => after('full-transaction', self),
  async bookmarks({ storage }) {
    const bookmark = await storage.getCurrentBookmark();
    return [
      await attempt(() => storage.waitForBookmark(bookmark)),
      await attempt(() => storage.waitForBookmark()),
    ];
  },
  'last-step'({ storage, sql }) {
    const steps = (iterator) => [iterator.next(), Object.keys(iterator.next())];
    storage.kv.put('k', 1);
    return [
      steps(sql.exec('SELECT 1 AS a')),
      steps(sql.exec('SELECT 1 AS a')[Symbol.iterator]()),
      steps(sql.exec('SELECT 1 AS a').raw()),
      steps(storage.kv.list()[Symbol.iterator]()),
    ];
  },
};

export class Probe extends DurableObject {
  fetch(request) {
    const { storage } = this.ctx;
    return answer(probes, request, { storage, sql: storage.sql });
  }
}

/** A class declared without SQLite. */
export class Legacy extends DurableObject {
  fetch(request) {
    const { sql } = this.ctx.storage;
    const legacy = {
      legacy: () => [
        attemptSync(() => {
          const statement = sql.prepare('SELECT 1');
          return attemptSync(() => statement());
        }),
        attemptSync(() => sql.ingest('SELECT 1;')),
        attemptSync(() => sql.exec('SELECT 1').toArray()),
        typeof sql.databaseSize,
        attemptSync(() => this.ctx.storage.kv.get('k')),
      ],
    };
    return answer(legacy, request, null);
  }
}

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    const namespace = pathname === '/legacy' ? env.LEGACY : env.PROBE;
    const name = pathname.replace('-after', '');
    try {
      return await namespace.getByName(name).fetch(request);
    } catch (error) {
      return new Response(`rejected ${error}`);
    }
  },
};
