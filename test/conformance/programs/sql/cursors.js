import { DurableObject } from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

const list = '[1,2,3,4]';
const four = (sql) => sql.exec('SELECT value AS v FROM json_each(?)', list);

const probes = {
  surface: (sql) => [
    Object.prototype.toString.call(sql),
    sql.constructor.name,
    ['exec', 'databaseSize', 'Cursor', 'Statement', 'prepare', 'ingest'].map(
      (name) => `${name} ${typeof sql[name]}`,
    ),
    Object.getOwnPropertyNames(Object.getPrototypeOf(sql)).sort(),
    Object.getOwnPropertyNames(Object.getPrototypeOf(sql.exec('SELECT 1'))).sort(),
    attemptSync(() => new sql.Cursor()),
  ],
  'query-types': (sql) =>
    [
      undefined,
      null,
      5,
      true,
      ['SELECT 1'],
      { toString: () => 'SELECT 7 AS v' },
      Symbol('s'),
      5n,
    ].map((query) => attemptSync(() => sql.exec(query).toArray())),
  'negative-zero'(sql) {
    sql.exec('CREATE TABLE z (i INTEGER, r REAL, n NUMERIC, t TEXT, x)');
    sql.exec('INSERT INTO z VALUES (?, ?, ?, ?, ?)', -0, -0, -0, -0, -0);
    return [sql.exec('SELECT * FROM z').one(), sql.exec('SELECT ? AS v', -0).one()];
  },
  numbers: (sql) =>
    [0.1, 1e21, 2 ** 53 + 2, -(2 ** 63), Number.MIN_VALUE, Number.MAX_VALUE, -Infinity].map((v) =>
      attemptSync(() =>
        sql.exec('SELECT ? AS v, typeof(?1) AS t, CAST(?1 AS INTEGER) AS i', v).raw().toArray(),
      ),
    ),
  'number-columns'(sql) {
    sql.exec('CREATE TABLE c (i INTEGER, n NUMERIC, t TEXT)');
    for (const v of [1, 1.5, 2 ** 53, 2 ** 63, '12', '1e3', 'x', '0x10', ' 7 ']) {
      sql.exec('INSERT INTO c VALUES (?, ?, ?)', v, v, v);
    }
    return sql.exec('SELECT *, typeof(i), typeof(n), typeof(t) FROM c').raw().toArray();
  },
  integers: (sql) =>
    sql
      .exec(
        'SELECT 9223372036854775807 AS a, -9223372036854775808 AS b, 9007199254740993 AS c, 1 << 62 AS d, 0.1 + 0.2 AS e',
      )
      .raw()
      .toArray(),
  buffers(sql) {
    const bytes = new Uint8Array([1, 2, 3, 4, 5, 6]);
    const shared = new Uint8Array(new SharedArrayBuffer(2));
    return [
      bytes.subarray(1, 3),
      new DataView(bytes.buffer, 2, 2),
      new Uint16Array(bytes.buffer, 2, 1),
      new Float32Array([1]),
      new ArrayBuffer(0),
      new Uint8Array(),
      shared,
    ].map((v) => attemptSync(() => sql.exec('SELECT ? AS v, typeof(?1) AS t', v).one()));
  },
  texts: (sql) =>
    ['', 'a\u0000b', '\ud800', '\udc00x\ufffd', '\u{1f600}', 'x'.repeat(3)].map((v) =>
      attemptSync(() => sql.exec('SELECT ? AS v, length(?1) AS n, octet_length(?1) AS o', v).one()),
    ),
  'invalid-utf8': (sql) =>
    ["CAST(x'ff61' AS TEXT)", "CAST(x'c3' AS TEXT)", "CAST(x'610062' AS TEXT)"].map((text) =>
      attemptSync(() => sql.exec(`SELECT ${text} AS v`).one()),
    ),
  coerced: (sql) =>
    [
      { toString: () => 'mine' },
      {
        toString() {
          throw new RangeError('text');
        },
      },
      [[1, [2]], 3],
      /r/,
      new Error('e'),
      new Map(),
      Object.create(null),
      new Number(5),
      new String('s'),
      new Date(NaN),
    ].map((v) => attemptSync(() => sql.exec('SELECT ? AS v', v).one())),
  'column-names'(sql) {
    sql.exec('CREATE TABLE t (x)');
    const returned = sql.exec('INSERT INTO t VALUES (1) RETURNING x AS "y", rowid');
    returned.toArray();
    return [
      sql.exec('SELECT count(*), 1 + 1, max(1, 2), NULL, (SELECT 5)').columnNames,
      sql.exec('SELECT count(*) AS n, 1 "two words", 2 [x]').columnNames,
      sql.exec('VALUES (1, 2)').columnNames,
      sql.exec('SELECT * FROM (SELECT 1 AS a) JOIN (SELECT 2 AS a)').columnNames,
      sql.exec('SELECT * FROM (SELECT 1 AS a) JOIN (SELECT 2 AS a)').one(),
      sql.exec('CREATE TABLE u (x)').columnNames,
      returned.columnNames,
      sql.exec('EXPLAIN SELECT 1').columnNames,
      sql.exec('EXPLAIN QUERY PLAN SELECT 1').columnNames,
    ];
  },
  parameters: (sql) =>
    [
      ['SELECT ?, ?', 1, 2],
      ['SELECT ?2, ?1', 1, 2],
      ['SELECT ?3, ?', 1, 2, 3, 4],
      ['SELECT :a, :b, :a', 1, 2],
      ['SELECT @a, $a, :a, ?', 1, 2, 3, 4],
      ['SELECT $a::b, $c(d)', 1, 2],
      ['SELECT ?0', 1],
      ['SELECT :a', { a: 1 }],
      ['SELECT ?', [1]],
      ['SELECT ?', ...[]],
    ].map(([query, ...bindings]) =>
      attemptSync(() =>
        sql
          .exec(query, ...bindings)
          .raw()
          .toArray(),
      ),
    ),
  'to-array'(sql) {
    const cursor = four(sql);
    cursor.next();
    return [
      cursor.toArray(),
      cursor.toArray(),
      cursor.next(),
      [...four(sql)],
      Array.from(four(sql).raw()),
    ];
  },
  exhausted: (sql) =>
    [
      'CREATE TABLE d (x)',
      'INSERT INTO d VALUES (1)',
      'UPDATE d SET x = 2',
      'DELETE FROM d',
      'DROP TABLE d',
    ].map((query) => {
      const cursor = sql.exec(query);
      return [cursor.next(), cursor.toArray(), [...cursor.raw()], attemptSync(() => cursor.one())];
    }),
  iterators(sql) {
    const cursor = four(sql);
    const iterator = cursor[Symbol.iterator]();
    const raw = cursor.raw();
    const objects = four(sql)[Symbol.iterator]();
    return [
      iterator.next(),
      raw.next(),
      cursor.next(),
      iterator === cursor[Symbol.iterator](),
      iterator[Symbol.iterator]() === iterator,
      raw[Symbol.iterator]() === raw,
      Object.prototype.toString.call(iterator),
      Object.prototype.toString.call(raw),
      typeof iterator.return,
      typeof raw.return,
      raw.toArray(),
      [
        ...four(sql)
          .raw()
          .map(([v]) => v * 2),
      ],
      [...objects.filter(({ v }) => v > 2)],
      [...four(sql).raw().take(2)],
      four(sql).raw().drop(3).toArray(),
    ];
  },
  'iterator-return'(sql) {
    const cursor = four(sql);
    const [raw] = cursor.raw();
    const [first] = cursor;
    return [raw, first, cursor.toArray()];
  },
  'one-consumes'(sql) {
    const cursor = four(sql);
    return [attemptSync(() => cursor.one()), cursor.toArray()];
  },
  'throw-in-loop'(sql) {
    const cursor = four(sql);
    const thrown = attemptSync(() => {
      for (const { v } of cursor) if (v === 2) throw new Error(`at ${v}`);
    });
    return [thrown, cursor.toArray()];
  },
  'changes-under-a-cursor'(sql) {
    sql.exec(
      'CREATE TABLE t (id INTEGER PRIMARY KEY, x); INSERT INTO t (x) VALUES (1), (2), (3), (4)',
    );
    const cursor = sql.exec('SELECT id, x FROM t');
    const seen = [cursor.next().value];
    sql.exec('DELETE FROM t WHERE id = 3');
    sql.exec('UPDATE t SET x = 40 WHERE id = 4');
    sql.exec('INSERT INTO t VALUES (9, 9)');
    return [...seen, ...cursor];
  },
  'schema-under-a-cursor'(sql) {
    sql.exec('CREATE TABLE t (x); INSERT INTO t VALUES (1), (2), (3)');
    const open = () => {
      const cursor = sql.exec('SELECT * FROM t');
      cursor.next();
      return cursor;
    };
    return [
      'ALTER TABLE t ADD COLUMN y',
      'CREATE TABLE other (z)',
      'CREATE INDEX ti ON t (x)',
      'DROP TABLE other',
      'DROP TABLE t',
    ].map((query) => {
      const cursor = open();
      return [attemptSync(() => sql.exec(query).toArray()), attemptSync(() => cursor.toArray())];
    });
  },
  'rollback-under-a-cursor'(sql, storage) {
    sql.exec('CREATE TABLE t (x); INSERT INTO t VALUES (1), (2), (3)');
    const before = sql.exec('SELECT x FROM t');
    let inside;
    attemptSync(() =>
      storage.transactionSync(() => {
        sql.exec('INSERT INTO t VALUES (4)');
        inside = sql.exec('SELECT x FROM t');
        inside.next();
        throw new Error('undo');
      }),
    );
    return [
      attemptSync(() => before.toArray()),
      attemptSync(() => inside.toArray()),
      sql.exec('SELECT x FROM t').toArray(),
    ];
  },
  async 'delete-all-cancels'(sql, storage) {
    sql.exec('CREATE TABLE t (x); INSERT INTO t VALUES (1), (2), (3)');
    const cursors = Array.from({ length: 6 }, () => sql.exec('SELECT x FROM t'));
    const done = sql.exec('SELECT x FROM t');
    done.toArray();
    const iterator = cursors[5][Symbol.iterator]();
    iterator.next();
    await storage.deleteAll();
    return [
      attemptSync(() => cursors[0].next()),
      attemptSync(() => cursors[0].next()),
      attemptSync(() => cursors[1].toArray()),
      attemptSync(() => cursors[2].one()),
      attemptSync(() => cursors[3].raw().next()),
      attemptSync(() => [...cursors[4]]),
      attemptSync(() => iterator.next()),
      attemptSync(() => cursors[0].columnNames),
      attemptSync(() => cursors[1].rowsWritten),
      attemptSync(() => done.next()),
      attemptSync(() => sql.exec('SELECT x FROM t')),
    ];
  },
  errors(sql) {
    const error = (() => {
      try {
        return sql.exec('SELECT * FROM none');
      } catch (thrown) {
        return thrown;
      }
    })();
    return [
      error.constructor === Error,
      error.name,
      error.code,
      Object.keys(error),
      error instanceof Error,
    ];
  },
  async 'across-turns'(sql) {
    sql.exec('CREATE TABLE t (x); INSERT INTO t VALUES (1), (2), (3)');
    const cursor = sql.exec('SELECT x FROM t');
    cursor.next();
    sql.exec('INSERT INTO t VALUES (4)');
    await scheduler.wait(1);
    sql.exec('INSERT INTO t VALUES (5)');
    const second = cursor.next();
    await scheduler.wait(1);
    return [second, await attempt(() => cursor.toArray())];
  },
  'many-rows'(sql) {
    sql.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, v);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
      INSERT INTO t SELECT i, CASE i % 9 WHEN 0 THEN NULL WHEN 1 THEN i / 7.0 WHEN 2 THEN ''
        WHEN 3 THEN 'twelve chars' WHEN 4 THEN 'now thirteen!' WHEN 5 THEN 'é' || i WHEN 6 THEN '日本' || i
        WHEN 7 THEN zeroblob(i % 5) ELSE i << 32 END FROM n`);
    const query = 'SELECT id, v, v AS again, id * 2 AS id FROM t';
    const shown = (rows) =>
      JSON.stringify(rows, (_key, value) =>
        value instanceof ArrayBuffer ? `bytes ${value.byteLength}` : value,
      );
    const arrays = sql.exec(query).raw().toArray();
    const taken = sql.exec(query);
    const firsts = [taken.next().value, taken.raw().next().value];
    return [
      arrays.length,
      shown(arrays.slice(120, 140)),
      shown(sql.exec(query).toArray().slice(120, 140)),
      shown([...sql.exec(query).raw()]) === shown(arrays),
      shown([...firsts, taken.toArray()[0]]),
      taken.rowsRead,
    ];
  },
  'wide-rows'(sql) {
    const columns = Array.from({ length: 90 }, (_, i) => `i * ${i + 1} AS c${i}`).join(', ');
    const cursor =
      sql.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
      SELECT ${columns} FROM n`);
    const rows = cursor.toArray();
    return [rows.length, rows[99], rows.every((row, i) => row.c89 === (i + 1) * 90)];
  },
  size(sql, storage) {
    const empty = sql.databaseSize;
    sql.exec('CREATE TABLE t (x)');
    const one = sql.databaseSize;
    sql.exec('INSERT INTO t VALUES (zeroblob(200000))');
    const full = sql.databaseSize;
    sql.exec('DELETE FROM t');
    const freed = sql.databaseSize;
    storage.kv.put('k', 'x'.repeat(50_000));
    return [one - empty, full - one, full - freed, sql.databaseSize > freed, empty % 4096];
  },
};

export class Probe extends DurableObject {
  fetch(request) {
    const { storage } = this.ctx;
    const bound = Object.fromEntries(
      Object.entries(probes).map(([name, probe]) => [name, () => probe(storage.sql, storage)]),
    );
    return answer(bound, request, null);
  }
}

export default {
  fetch: (request, env) => env.PROBE.getByName(request.url).fetch(request),
};
