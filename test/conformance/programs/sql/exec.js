import { DurableObject } from 'cloudflare:workers';
import { answer, attemptSync } from '../probe.js';

const probes = {
  'types-in'(sql) {
    const values = [
      null,
      undefined,
      1,
      1.5,
      -0,
      2 ** 53,
      'text',
      'é\u0000x',
      true,
      new Uint8Array([1, 2]),
      new ArrayBuffer(2),
    ];
    return values.map((v) =>
      attemptSync(() => sql.exec('SELECT ? AS v, typeof(?1) AS t', v).one()),
    );
  },
  'types-refused'(sql) {
    return [10n, Symbol('s'), {}, [1], new Date(0), () => {}, NaN, Infinity].map((v) =>
      attemptSync(() => sql.exec('SELECT ? AS v, typeof(?1) AS t', v).one()),
    );
  },
  'types-out'(sql) {
    return sql
      .exec(
        "SELECT 1 AS i, 1.0 AS r, 9007199254740993 AS big, 'x' AS t, x'0102' AS b, NULL AS n, 1e300*1e300 AS inf",
      )
      .one();
  },
  affinity(sql) {
    sql.exec('CREATE TABLE t (i INTEGER, r REAL, t TEXT, b BLOB, n)');
    sql.exec('INSERT INTO t VALUES (?, ?, ?, ?, ?)', '5', 5, 5, 5, 5);
    return [
      sql.exec('SELECT *, typeof(i), typeof(r), typeof(t), typeof(b), typeof(n) FROM t').one(),
    ];
  },
  columns(sql) {
    const cursor = sql.exec('SELECT 1 AS a, 2 AS b, 3 AS a, count(*), max(1, 2) FROM (SELECT 1)');
    return [cursor.columnNames, cursor.toArray(), [...sql.exec('SELECT 1 AS a, 2 AS a').raw()]];
  },
  'numeric-column-order'(sql) {
    return [sql.exec('SELECT 1 AS z, 2 AS "2", 3 AS "1", 4 AS __proto__').toArray()];
  },
  'cursor-next'(sql) {
    const cursor = sql.exec('SELECT value AS v FROM json_each(?)', '[1,2]');
    return [cursor.next(), cursor.next(), cursor.next(), cursor.next()];
  },
  'cursor-iterate'(sql) {
    const cursor = sql.exec('SELECT value AS v FROM json_each(?)', '[1,2,3,4]');
    const seen = [];
    for (const row of cursor) {
      seen.push(row.v);
      if (row.v === 2) break;
    }
    return [seen, cursor.toArray(), cursor.toArray(), [...cursor]];
  },
  'cursor-raw'(sql) {
    const cursor = sql.exec('SELECT value AS v, value * 2 FROM json_each(?)', '[1,2,3]');
    cursor.next();
    const raw = cursor.raw();
    return [raw.next(), raw.toArray(), cursor.next(), typeof raw.map];
  },
  'cursor-one'(sql) {
    const of = (list) => sql.exec('SELECT value AS v FROM json_each(?)', list);
    const afterNext = of('[1,2]');
    afterNext.next();
    return [
      attemptSync(() => of('[7]').one()),
      attemptSync(() => of('[]').one()),
      attemptSync(() => of('[1,2]').one()),
      attemptSync(() => afterNext.one()),
      attemptSync(() => sql.exec('CREATE TABLE one_t (x)').one()),
    ];
  },
  'cursor-shape'(sql) {
    const cursor = sql.exec('SELECT 1 AS a');
    return [
      cursor.constructor.name,
      Object.prototype.toString.call(cursor),
      cursor instanceof sql.Cursor,
      cursor[Symbol.iterator]() === cursor,
      'columnNames rowsRead rowsWritten next toArray one raw'
        .split(' ')
        .map((n) => `${n} ${typeof cursor[n]}`),
      sql.exec('CREATE TABLE shape (x)').columnNames,
    ];
  },
  'rows-written'(sql) {
    sql.exec('CREATE TABLE w (id INTEGER PRIMARY KEY, v)');
    const one = sql.exec('INSERT INTO w (v) VALUES (1)').rowsWritten;
    const many = sql.exec('INSERT INTO w (v) VALUES (1), (2), (3)').rowsWritten;
    const update = sql.exec('UPDATE w SET v = 9').rowsWritten;
    const none = sql.exec('DELETE FROM w WHERE id = 99').rowsWritten;
    const gone = sql.exec('DELETE FROM w').rowsWritten;
    sql.exec('CREATE INDEX wi ON w (v)');
    return [one, many, update, none, gone, sql.exec('INSERT INTO w (v) VALUES (1)').rowsWritten];
  },
  'rows-updated'(sql) {
    sql.exec('CREATE TABLE w (k PRIMARY KEY, v); INSERT INTO w VALUES (1, 1), (2, 2)');
    return ['UPDATE w SET v = 9', 'UPDATE w SET k = k + 5', 'UPDATE w SET v = v WHERE k = 11'].map(
      (query) => [sql.exec(query).rowsRead, sql.exec(query).rowsWritten],
    );
  },
  'rows-read'(sql) {
    sql.exec('CREATE TABLE r (id INTEGER PRIMARY KEY, v)');
    for (let i = 0; i < 5; i++) sql.exec('INSERT INTO r (v) VALUES (?)', i);
    const cursor = sql.exec('SELECT * FROM r');
    const during = [cursor.rowsRead];
    for (const row of cursor) during.push(`${row.id}:${cursor.rowsRead}`);
    const filtered = sql.exec('SELECT * FROM r WHERE v > 2');
    filtered.toArray();
    const keyed = sql.exec('SELECT * FROM r WHERE id = 3');
    keyed.toArray();
    return [during, filtered.rowsRead, keyed.rowsRead];
  },
  statements(sql) {
    const last = sql.exec(
      'CREATE TABLE m (x); INSERT INTO m VALUES (1); INSERT INTO m VALUES (2); SELECT x FROM m;  ',
    );
    return [
      last.toArray(),
      attemptSync(() => sql.exec('SELECT 1; SELECT ? AS v', 5).one()),
      attemptSync(() => sql.exec('SELECT ?; SELECT 1', 5)),
      attemptSync(() => sql.exec('INSERT INTO m VALUES (3); SELECT nothing FROM nowhere')),
      sql.exec('SELECT count(*) AS n FROM m').one(),
      attemptSync(() => sql.exec('SELECT 1 AS a; -- comment').toArray()),
    ];
  },
  'no-statement'(sql) {
    return ['', ';', '  ', '-- nothing', '/* c */', ';;'].map((text) =>
      attemptSync(() => sql.exec(text)),
    );
  },
  bindings(sql) {
    return [
      attemptSync(() => sql.exec('SELECT ? AS a')),
      attemptSync(() => sql.exec('SELECT ? AS a', 1, 2)),
      attemptSync(() => sql.exec('SELECT 1', 1)),
      attemptSync(() => sql.exec('SELECT ?2 AS b, ?1 AS a', 'one', 'two').one()),
      attemptSync(() => sql.exec('SELECT :x AS a, @y AS b, $z AS c, :x AS d', 1, 2, 3).one()),
      attemptSync(() => sql.exec('SELECT ?3 AS c', 1, 2, 3).one()),
      attemptSync(() => sql.exec()),
      attemptSync(() => sql.exec(5)),
    ];
  },
  eager(sql) {
    sql.exec('CREATE TABLE e (id INTEGER PRIMARY KEY, x)');
    sql.exec('INSERT INTO e (x) VALUES (1), (2)');
    const returned = sql.exec("UPDATE e SET x = x + 1 RETURNING id, x AS 'new'").toArray();
    return [returned, sql.exec('SELECT * FROM e').toArray()];
  },
  interleaved(sql) {
    const query = 'SELECT value AS v FROM json_each(?)';
    const a = sql.exec(query, '[1,2]');
    const b = sql.exec(query, '[3,4]');
    return [
      a.next().value,
      b.next().value,
      a.next().value,
      b.next().value,
      a.next().done,
      b.next().done,
    ];
  },
  'write-while-reading'(sql) {
    sql.exec('CREATE TABLE i (x); INSERT INTO i VALUES (1), (2), (3)');
    for (const { x } of sql.exec('SELECT x FROM i WHERE x <= 3'))
      sql.exec('INSERT INTO i VALUES (?)', x * 10);
    return sql.exec('SELECT x FROM i ORDER BY x').raw().toArray();
  },
  'double-quotes'(sql) {
    return [sql.exec('SELECT "text" AS v').one()];
  },
  'database-size'(sql) {
    const before = sql.databaseSize;
    sql.exec('CREATE TABLE s (x)');
    sql.exec('INSERT INTO s VALUES (zeroblob(100000))');
    return [typeof before, sql.databaseSize - before > 100000, sql.databaseSize % 4096];
  },
  'upsert-cte-window'(sql) {
    sql.exec('CREATE TABLE u (k TEXT PRIMARY KEY, n INTEGER)');
    for (const k of ['a', 'b', 'a']) {
      sql.exec('INSERT INTO u VALUES (?, 1) ON CONFLICT (k) DO UPDATE SET n = n + 1', k);
    }
    return [
      sql.exec('SELECT k, n, row_number() OVER (ORDER BY n DESC) AS rank FROM u').toArray(),
      sql
        .exec(
          'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 4) SELECT x FROM c',
        )
        .raw()
        .toArray(),
    ];
  },
  json(sql) {
    return sql
      .exec(
        `SELECT json_extract('{"a":[1,2]}', '$.a[1]') AS e, '{"a":5}' ->> 'a' AS arrow, json_array(1, 'x') AS arr`,
      )
      .one();
  },
  fts5(sql) {
    sql.exec('CREATE VIRTUAL TABLE docs USING fts5(body)');
    sql.exec("INSERT INTO docs VALUES ('hello world'), ('goodbye world'), ('other')");
    return sql
      .exec(
        "SELECT body, highlight(docs, 0, '[', ']') AS h FROM docs WHERE docs MATCH 'world' ORDER BY rank",
      )
      .toArray();
  },
  'math-date'(sql) {
    return sql
      .exec(
        "SELECT sqrt(16) AS s, round(pi(), 4) AS p, pow(2, 10) AS w, date('2020-01-31', '+1 month') AS d, floor(1.5) AS f",
      )
      .one();
  },
  'views-triggers'(sql) {
    sql.exec(`CREATE TABLE base (x); CREATE TABLE log (m);
      CREATE VIEW doubled AS SELECT x * 2 AS y FROM base;
      CREATE TRIGGER tr AFTER INSERT ON base BEGIN INSERT INTO log VALUES ('got ' || new.x); END;
      INSERT INTO base VALUES (4)`);
    return [sql.exec('SELECT * FROM doubled').toArray(), sql.exec('SELECT * FROM log').toArray()];
  },
  alter(sql) {
    sql.exec('CREATE TABLE old (a); INSERT INTO old VALUES (1)');
    sql.exec('ALTER TABLE old ADD COLUMN b DEFAULT 7');
    sql.exec('ALTER TABLE old RENAME COLUMN a TO c');
    sql.exec('ALTER TABLE old RENAME TO fresh');
    return [
      sql.exec('SELECT * FROM fresh').one(),
      attemptSync(() => sql.exec('SELECT * FROM old')),
    ];
  },
};

export class Probe extends DurableObject {
  fetch(request) {
    return answer(probes, request, this.ctx.storage.sql);
  }
}

export default {
  fetch: (request, env) => env.PROBE.getByName(request.url).fetch(request),
};
