import { DurableObject } from 'cloudflare:workers';
import { answer, attemptSync } from '../probe.js';

const kRows = 400;

function fill(sql) {
  sql.exec('DROP TABLE IF EXISTS t; CREATE TABLE t (id INTEGER PRIMARY KEY, x)');
  for (let i = 1; i <= kRows; i++) sql.exec('INSERT INTO t VALUES (?, ?)', i, `row ${i}`);
}

/** How many rows are taken before something happens: around where rows may cross in batches. */
const counts = [1, 2, 3, 16, 17, 18, 48, 49, 50, 113, 240, 399, 400];

/** What is left of a cursor, briefly. */
const rest = (cursor) =>
  attemptSync(() => {
    const ids = [...cursor].map((row) => row.id ?? row[0]);
    return [ids.length, ids[0], ids.at(-1), cursor.rowsRead];
  });

function take(cursor, count) {
  for (let i = 0; i < count; i++) cursor.next();
  return cursor;
}

const after = (sql, query, change) =>
  counts.map((count) => {
    fill(sql);
    const cursor = take(sql.exec(query), count);
    const read = cursor.rowsRead;
    return [read, attemptSync(() => change(count)), rest(cursor)];
  });

const all = 'SELECT id, x FROM t';

const probes = {
  deleted: (sql) => after(sql, all, (n) => sql.exec('DELETE FROM t WHERE id > ?', n + 2).rowsRead),
  'all-deleted': (sql) => after(sql, all, () => sql.exec('DELETE FROM t').rowsWritten),
  inserted: (sql) =>
    after(sql, all, () => sql.exec("INSERT INTO t VALUES (1000, 'new')").rowsWritten),
  updated: (sql) =>
    after(sql, all, (n) => {
      sql.exec('UPDATE t SET id = 2000 WHERE id = ?', n + 1);
    }),
  sorted: (sql) =>
    after(sql, 'SELECT id FROM t ORDER BY x DESC', (n) => {
      sql.exec('DELETE FROM t WHERE id > ?', n);
    }),
  dropped: (sql) => after(sql, all, () => sql.exec('DROP TABLE t').toArray()),
  'key-value': (sql, storage) => after(sql, all, () => storage.kv.put('k', 1)),
  'rolled-back': (sql, storage) =>
    after(sql, all, (n) =>
      storage.transactionSync(() => {
        sql.exec('DELETE FROM t WHERE id > ?', n);
        throw new Error('undo');
      }),
    ),
  inside: (sql, storage) =>
    after(sql, all, (n) =>
      storage.transactionSync(() => {
        const cursor = take(sql.exec('SELECT id FROM t WHERE id > 0'), n);
        sql.exec('DELETE FROM t WHERE id % 3 = 0');
        return rest(cursor);
      }),
    ),
  'setting-changed': (sql) =>
    after(sql, "SELECT id FROM t WHERE x LIKE 'ROW%'", () =>
      sql.exec('PRAGMA case_sensitive_like = on').toArray(),
    ),
  'read-elsewhere': (sql) =>
    after(sql, all, (n) => sql.exec('SELECT count(*) AS c FROM t WHERE id > ?', n).one()),
  'rows-read'(sql) {
    fill(sql);
    const cursor = sql.exec('SELECT id FROM t WHERE id % 7 = 0');
    const seen = [];
    for (const { id } of cursor) seen.push(`${id}:${cursor.rowsRead}`);
    return [...seen, cursor.rowsRead];
  },
  'deleted-while-read'(sql) {
    fill(sql);
    const seen = [];
    for (const { id } of sql.exec(all)) {
      seen.push(id);
      if (id % 50 === 10) sql.exec('DELETE FROM t WHERE id > ? AND id < ?', id, id + 20);
    }
    return seen.join();
  },
  'shapes-in-turn': (sql) =>
    counts.map((count) => {
      fill(sql);
      const cursor = take(sql.exec(all), count);
      const raw = cursor.raw();
      return [raw.next(), cursor.next(), raw.next(), cursor.toArray().length, raw.next()];
    }),
  'all-at-once': (sql) =>
    counts.map((count) => {
      fill(sql);
      const cursor = take(sql.exec(all), count);
      return [cursor.raw().toArray().length, cursor.rowsRead, cursor.toArray()];
    }),
  'one-of-many': (sql) =>
    counts.map((count) => {
      fill(sql);
      const cursor = take(sql.exec(all), count);
      return [attemptSync(() => cursor.one()), attemptSync(() => cursor.next()), cursor.rowsRead];
    }),
  'late-error'(sql) {
    fill(sql);
    sql.exec('UPDATE t SET x = -9223372036854775807 - 1 WHERE id IN (1, 2, 3, 40, 41, 200)');
    const seen = [];
    for (const from of [4, 20, 39, 42, 150, 201]) {
      const cursor = sql.exec('SELECT id, abs(x) AS a FROM t WHERE id >= ?', from);
      seen.push(
        attemptSync(() => {
          for (const { id } of cursor) seen.push(id);
        }),
      );
    }
    return seen;
  },
  'two-cursors'(sql) {
    fill(sql);
    const [a, b] = [sql.exec(all), sql.exec('SELECT id FROM t ORDER BY id DESC')];
    take(a, 20);
    take(b, 30);
    const between = [a.next().value, b.next().value];
    sql.exec('DELETE FROM t WHERE id % 2 = 0');
    return [between, rest(a), rest(b)];
  },
  'same-query-twice'(sql) {
    fill(sql);
    const [a, b] = [take(sql.exec(all), 20), take(sql.exec(all), 100)];
    sql.exec('DELETE FROM t WHERE id > 200');
    return [rest(a), rest(b)];
  },
  'by-chance'(sql) {
    fill(sql);
    const cursor = sql.exec('SELECT id, random() AS r FROM t');
    const seen = new Set();
    let rows = 0;
    for (const { id, r } of cursor) {
      seen.add(r);
      rows += 1;
      if (id === 30) sql.exec('DELETE FROM t WHERE id > 60');
    }
    return [rows, seen.size];
  },
  'what-was-changed'(sql) {
    fill(sql);
    const cursor = sql.exec('SELECT id, changes() AS c, last_insert_rowid() AS l FROM t');
    const seen = take(cursor, 30).next().value;
    sql.exec("INSERT INTO t VALUES (5000, 'a'), (5001, 'b')");
    return [seen, [...cursor].at(-1)];
  },
  async 'across-turns'(sql, storage) {
    fill(sql);
    const cursor = take(sql.exec(all), 30);
    await storage.put('k', 1);
    await storage.sync();
    const next = cursor.next().value;
    await storage.transaction(async () => {
      sql.exec('DELETE FROM t WHERE id > 300');
    });
    return [next, rest(cursor)];
  },
  async cancelled(sql, storage) {
    const seen = [];
    for (const count of counts) {
      fill(sql);
      const cursor = take(sql.exec(all), count);
      await storage.deleteAll();
      seen.push(
        attemptSync(() => cursor.next()),
        attemptSync(() => cursor.rowsRead),
      );
    }
    return seen;
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
