import { DurableObject } from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

const each = (sql, ...queries) =>
  queries.map((query) => attemptSync(() => sql.exec(query).toArray()));

const probes = {
  syntax: ({ sql }) =>
    each(sql, 'SELEC 1', 'SELECT', 'SELECT * FROM', 'SELECT 1 WHERE', 'SELECT (', "SELECT 'open"),
  names: ({ sql }) => [
    ...each(
      sql,
      'SELECT * FROM none',
      'SELECT nothing',
      'DROP TABLE none',
      'INSERT INTO none VALUES (1)',
    ),
    ...each(
      sql,
      'CREATE TABLE t (x)',
      'CREATE TABLE t (x)',
      'INSERT INTO t (y) VALUES (1)',
      'INSERT INTO t VALUES (1, 2)',
    ),
    ...each(sql, 'SELECT no_function(1)', 'SELECT max()'),
  ],
  constraints({ sql }) {
    sql.exec('CREATE TABLE c (id INTEGER PRIMARY KEY, u UNIQUE, n NOT NULL, k CHECK (k > 0))');
    sql.exec("INSERT INTO c VALUES (1, 'u', 1, 1)");
    return [
      ...each(
        sql,
        "INSERT INTO c VALUES (1, 'v', 1, 1)",
        "INSERT INTO c VALUES (2, 'u', 1, 1)",
        "INSERT INTO c VALUES (3, 'w', NULL, 1)",
        "INSERT INTO c VALUES (4, 'x', 1, 0)",
        "INSERT INTO c VALUES ('text', 'y', 1, 1)",
      ),
      sql.exec('SELECT count(*) AS n FROM c').one(),
    ];
  },
  'statement-only'({ sql }) {
    sql.exec('CREATE TABLE p (x UNIQUE)');
    const failed = attemptSync(() => sql.exec('INSERT INTO p VALUES (1), (2), (1)'));
    sql.exec('INSERT INTO p VALUES (5)');
    return [failed, sql.exec('SELECT x FROM p').toArray()];
  },
  'foreign-keys'({ sql }) {
    sql.exec(
      'CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (p REFERENCES parent(id))',
    );
    return each(
      sql,
      'INSERT INTO child VALUES (1)',
      'INSERT INTO parent VALUES (1)',
      'INSERT INTO child VALUES (1)',
      'DELETE FROM parent',
    );
  },
  transactions: ({ sql }) =>
    each(
      sql,
      'BEGIN',
      'BEGIN TRANSACTION',
      'COMMIT',
      'ROLLBACK',
      'SAVEPOINT s',
      'RELEASE s',
      'ROLLBACK TO s',
      'END',
    ),
  reserved({ sql, storage }) {
    storage.kv.put('k', 1);
    return each(
      sql,
      'SELECT * FROM _cf_KV',
      'CREATE TABLE _cf_mine (x)',
      'DROP TABLE _cf_KV',
      'CREATE TABLE _CF_MINE (x)',
      'CREATE TABLE ok (x)',
      'ALTER TABLE ok RENAME TO _cf_ok',
      'CREATE INDEX _cf_i ON ok (x)',
      "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
    );
  },
  'not-authorized': ({ sql }) =>
    each(
      sql,
      "ATTACH 'x' AS y",
      'DETACH main',
      'CREATE TEMP TABLE t (x)',
      'VACUUM',
      "SELECT load_extension('x')",
      'SELECT sqlite_version()',
      'SELECT * FROM generate_series(1, 3)',
      'SELECT * FROM dbstat',
      'CREATE VIRTUAL TABLE v USING csv(filename=x)',
      'SELECT unknown_function()',
    ),
  pragmas: ({ sql }) =>
    each(
      sql,
      'PRAGMA journal_mode',
      'PRAGMA user_version',
      'PRAGMA user_version = 5',
      'PRAGMA foreign_keys',
      'PRAGMA table_list',
      'PRAGMA cache_size',
      'PRAGMA integrity_check',
    ).map((outcome, i) => (i === 4 ? 'table_list works' : outcome)),
  'pragma-table-info'({ sql }) {
    sql.exec(
      "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL DEFAULT 'x'); CREATE INDEX ti ON t (b)",
    );
    return [
      sql.exec('PRAGMA table_info(t)').toArray(),
      sql.exec("SELECT name FROM pragma_table_info('t')").toArray(),
      sql.exec('PRAGMA index_list(t)').toArray(),
      sql.exec('PRAGMA index_info(ti)').toArray(),
    ];
  },
  limits: ({ sql }) => [
    attemptSync(
      () =>
        sql.exec(
          `SELECT ${Array.from({ length: 101 }, (_, i) => `? AS c${i}`).join()}`,
          ...Array(101).fill(1),
        ).columnNames.length,
    ),
    attemptSync(() =>
      sql.exec(`CREATE TABLE wide (${Array.from({ length: 101 }, (_, i) => `c${i}`).join()})`),
    ),
    attemptSync(() => sql.exec(`SELECT 1 /* ${'x'.repeat(100_001)} */`)),
    attemptSync(() => sql.exec(`SELECT 'a' LIKE '${'%a'.repeat(26)}'`)),
    attemptSync(() => sql.exec(`SELECT length(zeroblob(5000000))`).toArray()),
    attemptSync(() => sql.exec(Array(7).fill('SELECT 1').join(' UNION ALL '))),
  ],
  'rollback-on-throw'({ sql, storage }) {
    sql.exec('CREATE TABLE t (x)');
    const thrown = attemptSync(() =>
      storage.transactionSync(() => {
        sql.exec('INSERT INTO t VALUES (1)');
        sql.exec('INSERT INTO nowhere VALUES (1)');
      }),
    );
    return [thrown, sql.exec('SELECT count(*) AS n FROM t').one()];
  },
  async 'delete-all-cancels'({ sql, storage }) {
    sql.exec('CREATE TABLE t (x); INSERT INTO t VALUES (1), (2), (3)');
    const cursor = sql.exec('SELECT * FROM t');
    cursor.next();
    await storage.deleteAll();
    return [attemptSync(() => cursor.next()), await attempt(() => storage.get('k'))];
  },
  async 'cursor-across-await'({ sql }) {
    const cursor = sql.exec('SELECT value AS v FROM json_each(?)', '[1,2,3]');
    const first = cursor.next().value;
    await scheduler.wait(5);
    return [first, cursor.toArray()];
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
  async fetch(request) {
    const { storage } = this.ctx;
    const legacy = {
      'legacy-sql': () => [
        typeof storage.sql,
        attemptSync(() => storage.sql.exec('SELECT 1')),
        attemptSync(() => storage.sql.databaseSize),
      ],
      'legacy-kv': () => [
        typeof storage.kv,
        attemptSync(() => storage.kv.get('k')),
        attemptSync(() => storage.kv.put('k', 1)),
      ],
      'legacy-async': async () => [
        await storage.put({ a: 1, b: { c: [2] } }),
        await storage.list({ prefix: 'b' }),
        await storage.transaction(async (txn) => {
          await txn.put('t', 1);
          return txn.get('t');
        }),
        await storage.delete('a'),
      ],
      'legacy-transaction-sync': async () => [
        attemptSync(() => storage.transactionSync(() => 5)),
        await attempt(() => storage.deleteAll()),
      ],
    };
    return answer(legacy, request, null);
  }
}

export default {
  fetch(request, env) {
    const namespace = request.url.includes('/legacy') ? env.LEGACY : env.PROBE;
    return namespace.getByName(request.url).fetch(request);
  },
};
