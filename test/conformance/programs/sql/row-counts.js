import { DurableObject } from 'cloudflare:workers';
import { answer } from '../probe.js';

/** [rows read, rows written] of each statement, run to its end. */
function counts(sql, ...queries) {
  return queries.map((query) => {
    const cursor = sql.exec(...[query].flat());
    cursor.toArray();
    return `${query}: ${cursor.rowsRead} ${cursor.rowsWritten}`;
  });
}

/** t(id, a, b) with 20 rows; a repeats 0..4 and has an index, b has none. */
function table(sql) {
  sql.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, a, b); CREATE INDEX ta ON t (a);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
    INSERT INTO t SELECT i, i % 5, 'v' || i FROM n`);
}

const probes = {
  scans(sql) {
    table(sql);
    return counts(
      sql,
      'SELECT * FROM t',
      'SELECT * FROM t WHERE id = 5',
      'SELECT * FROM t WHERE id = 500',
      "SELECT * FROM t WHERE b = 'v7'",
      "SELECT * FROM t WHERE b = 'none'",
      'SELECT * FROM t LIMIT 3',
      'SELECT * FROM t LIMIT 3 OFFSET 4',
      'SELECT * FROM t WHERE id > 15',
      'SELECT * FROM t WHERE id > 500',
      'SELECT * FROM t WHERE id BETWEEN 3 AND 6',
      'SELECT 1',
      'SELECT b FROM t ORDER BY id DESC LIMIT 2',
      'SELECT EXISTS (SELECT 1 FROM t WHERE id = 3)',
    );
  },
  aggregates(sql) {
    table(sql);
    return counts(
      sql,
      'SELECT max(b) FROM t',
      'SELECT min(id) FROM t',
      'SELECT max(id) FROM t',
      'SELECT max(a) FROM t',
      'SELECT sum(id) FROM t',
      'SELECT count(b) FROM t',
      'SELECT count(*) FROM t WHERE id > 10',
    );
  },
  indexes(sql) {
    table(sql);
    return counts(
      sql,
      'SELECT a FROM t WHERE a = 2',
      'SELECT a FROM t WHERE a > 2',
      'SELECT a FROM t ORDER BY a',
      'SELECT DISTINCT a FROM t',
      'SELECT a, count(*) FROM t GROUP BY a',
    );
  },
  'index-lookups'(sql) {
    table(sql);
    return counts(
      sql,
      'SELECT * FROM t WHERE a = 2',
      "SELECT * FROM t WHERE a = 2 AND b = 'v7'",
      'SELECT b FROM t WHERE a > 3',
      'SELECT b FROM t WHERE a = 1 ORDER BY id DESC LIMIT 1',
    );
  },
  sorting(sql) {
    table(sql);
    return counts(
      sql,
      'SELECT * FROM t ORDER BY b',
      'SELECT b, count(*) FROM t GROUP BY b',
      'SELECT DISTINCT b FROM t',
    );
  },
  'no-table'(sql) {
    return counts(sql, "SELECT value FROM json_each('[1,2,3]')", 'VALUES (1), (2), (3)');
  },
  inserts(sql) {
    sql.exec('CREATE TABLE p (x); CREATE TABLE i (x, y); CREATE INDEX ix ON i (x)');
    sql.exec('CREATE TABLE w (k TEXT PRIMARY KEY, v) WITHOUT ROWID; CREATE TABLE u (x UNIQUE)');
    return counts(
      sql,
      'INSERT INTO p VALUES (1)',
      'INSERT INTO p VALUES (1), (2), (3)',
      'INSERT INTO i VALUES (1, 2)',
      'INSERT INTO i VALUES (1, 2), (3, 4)',
      "INSERT INTO w VALUES ('a', 1)",
      'INSERT INTO u VALUES (1)',
      'INSERT INTO u VALUES (1) ON CONFLICT DO NOTHING',
      'INSERT OR IGNORE INTO u VALUES (1)',
      'INSERT INTO p VALUES (7) RETURNING x',
      'INSERT INTO p DEFAULT VALUES',
    );
  },
  'insert-select'(sql) {
    table(sql);
    sql.exec('CREATE TABLE copy (id, a, b)');
    return counts(
      sql,
      'INSERT INTO copy SELECT * FROM t WHERE id <= 3',
      'INSERT INTO copy SELECT * FROM t',
    );
  },
  large(sql) {
    sql.exec('CREATE TABLE l (id INTEGER PRIMARY KEY, v)');
    sql.exec('INSERT INTO l (v) VALUES (?)', 'A'.repeat(100_000));
    return counts(sql, 'SELECT length(v) FROM l WHERE id = 1', 'UPDATE l SET v = v WHERE id = 1');
  },
  replace(sql) {
    sql.exec('CREATE TABLE r (id INTEGER PRIMARY KEY, x, y UNIQUE); CREATE INDEX rx ON r (x)');
    sql.exec('INSERT INTO r VALUES (1, 1, 1), (2, 2, 2)');
    return [
      sql.exec('REPLACE INTO r VALUES (3, 3, 3)').rowsWritten,
      sql.exec('REPLACE INTO r VALUES (1, 5, 5)').rowsWritten,
      sql.exec('REPLACE INTO r VALUES (9, 9, 2)').rowsWritten,
      sql.exec('REPLACE INTO r VALUES (1, 0, 3)').rowsWritten,
    ];
  },
  upsert(sql) {
    sql.exec('CREATE TABLE n (k TEXT PRIMARY KEY, v); CREATE INDEX nv ON n (v)');
    sql.exec('CREATE TABLE m (k TEXT PRIMARY KEY, v) WITHOUT ROWID');
    const upsert = 'ON CONFLICT (k) DO UPDATE SET v = v + 1';
    return [
      sql.exec(`INSERT INTO n VALUES ('a', 1) ${upsert}`).rowsWritten,
      sql.exec(`INSERT INTO n VALUES ('a', 1) ${upsert}`).rowsWritten,
      sql.exec(`INSERT INTO n VALUES ('a', 1), ('b', 1) ${upsert}`).rowsWritten,
      sql.exec(`INSERT INTO n VALUES ('a', 1) ${upsert} WHERE v > 100`).rowsWritten,
      sql.exec(`INSERT INTO m VALUES ('a', 1) ${upsert}`).rowsWritten,
      sql.exec(`INSERT INTO m VALUES ('a', 1) ${upsert}`).rowsWritten,
    ];
  },
  updates(sql) {
    table(sql);
    return counts(
      sql,
      "UPDATE t SET b = 'x' WHERE id = 3",
      'UPDATE t SET a = 9 WHERE id = 3',
      "UPDATE t SET b = 'y' WHERE id > 15",
      'UPDATE t SET b = b WHERE id = 500',
    );
  },
  deletes(sql) {
    table(sql);
    return counts(
      sql,
      'DELETE FROM t WHERE id = 3',
      'DELETE FROM t WHERE id = 500',
      'DELETE FROM t',
    );
  },
  'delete-many'(sql) {
    table(sql);
    return ["DELETE FROM t WHERE b > 'v3'", 'DELETE FROM t WHERE a = 1'].map(
      (query) => sql.exec(query).rowsWritten,
    );
  },
  triggers(sql) {
    sql.exec(`CREATE TABLE things (id INTEGER PRIMARY KEY, x); CREATE INDEX thx ON things (x);
      CREATE TABLE log (id, verb);
      CREATE TRIGGER added AFTER INSERT ON things BEGIN INSERT INTO log VALUES (new.id, 'i'); END;
      CREATE TRIGGER gone AFTER DELETE ON things BEGIN INSERT INTO log VALUES (old.id, 'd'); END`);
    return [
      sql.exec('INSERT INTO things VALUES (1, 1)').rowsWritten,
      sql.exec('INSERT INTO things VALUES (2, 2), (3, 3)').rowsWritten,
      sql.exec('DELETE FROM things').rowsWritten,
    ];
  },
  'trigger-chain'(sql) {
    sql.exec(`CREATE TABLE a (x); CREATE TABLE b (x UNIQUE, n); CREATE TABLE c (x, y);
      CREATE INDEX cx ON c (x); CREATE INDEX cy ON c (y);
      CREATE TRIGGER ta AFTER INSERT ON a BEGIN
        INSERT INTO b VALUES (new.x, 0) ON CONFLICT (x) DO UPDATE SET n = n + 1;
        INSERT INTO c VALUES (new.x, 1); UPDATE c SET y = y + 1 WHERE x = new.x; END`);
    return [1, 1, 2].map((x) => sql.exec('INSERT INTO a VALUES (?)', x).rowsWritten);
  },
  cascade(sql) {
    sql.exec(`CREATE TABLE parent (id INTEGER PRIMARY KEY);
      CREATE TABLE child (p REFERENCES parent (id) ON DELETE CASCADE); CREATE INDEX cp ON child (p);
      INSERT INTO parent VALUES (1), (2); INSERT INTO child VALUES (1), (1), (2)`);
    return sql.exec('DELETE FROM parent WHERE id = 1').rowsWritten;
  },
  'expression-index'(sql) {
    sql.exec('CREATE TABLE e (a, b); CREATE INDEX ea ON e (lower(a)); INSERT INTO e VALUES (1, 1)');
    return [
      sql.exec('INSERT INTO e VALUES (1, 1)').rowsWritten,
      sql.exec('UPDATE e SET b = 2 WHERE rowid = 1').rowsWritten,
      sql.exec('UPDATE e SET a = 2 WHERE rowid = 1').rowsWritten,
    ];
  },
  'two-indexes'(sql) {
    sql.exec('CREATE TABLE d (a, b, c); CREATE INDEX da ON d (a); CREATE INDEX db ON d (b)');
    sql.exec('CREATE INDEX dab ON d (a, b); INSERT INTO d VALUES (1, 1, 1)');
    return [
      sql.exec('UPDATE d SET a = 2').rowsWritten,
      sql.exec('UPDATE d SET b = 2').rowsWritten,
      sql.exec('UPDATE d SET a = 3, b = 3').rowsWritten,
      sql.exec('UPDATE d SET c = 2').rowsWritten,
      sql.exec('UPDATE d SET rowid = 7').rowsWritten,
    ];
  },
  'without-rowid'(sql) {
    sql.exec('CREATE TABLE wr (k PRIMARY KEY, v) WITHOUT ROWID; CREATE INDEX wrv ON wr (v)');
    return [
      sql.exec('INSERT INTO wr VALUES (1, 1), (2, 2)').rowsWritten,
      sql.exec('UPDATE wr SET v = 5 WHERE k = 1').rowsWritten,
      sql.exec('UPDATE wr SET k = 5 WHERE k = 1').rowsWritten,
      sql.exec('DELETE FROM wr WHERE k = 5').rowsWritten,
      sql.exec('DELETE FROM wr').rowsWritten,
    ];
  },
  fts5(sql) {
    sql.exec('CREATE VIRTUAL TABLE f USING fts5(body)');
    return [
      sql.exec("INSERT INTO f VALUES ('hello world')").rowsWritten,
      sql.exec("INSERT INTO f VALUES ('goodbye world'), ('other')").rowsWritten,
      sql.exec("UPDATE f SET body = 'changed' WHERE rowid = 1").rowsWritten,
      sql.exec('DELETE FROM f WHERE rowid = 2').rowsWritten,
    ];
  },
  'fts5-triggers'(sql) {
    sql.exec(`CREATE TABLE notes (id INTEGER PRIMARY KEY, body); CREATE INDEX nb ON notes (body);
      CREATE VIRTUAL TABLE found USING fts5(body, content='notes', content_rowid='id');
      CREATE TRIGGER n1 AFTER INSERT ON notes BEGIN
        INSERT INTO found (rowid, body) VALUES (new.id, new.body); END`);
    return [
      sql.exec("INSERT INTO notes VALUES (1, 'one')").rowsWritten,
      sql.exec("INSERT INTO notes VALUES (2, 'two'), (3, 'three')").rowsWritten,
    ];
  },
  rtree(sql) {
    sql.exec('CREATE VIRTUAL TABLE rt USING rtree(id, a, b)');
    return [
      sql.exec('INSERT INTO rt VALUES (1, 0, 1), (2, 2, 3)').rowsWritten,
      sql.exec('UPDATE rt SET b = 9 WHERE id = 1').rowsWritten,
      sql.exec('DELETE FROM rt WHERE id = 1').rowsWritten,
    ];
  },
  pragma(sql) {
    table(sql);
    return counts(sql, 'PRAGMA table_info(t)', 'PRAGMA foreign_keys');
  },
  autoincrement(sql) {
    sql.exec('CREATE TABLE ai (id INTEGER PRIMARY KEY AUTOINCREMENT, v)');
    return [
      sql.exec('INSERT INTO ai (v) VALUES (1)').rowsWritten,
      sql.exec('INSERT INTO ai (v) VALUES (2), (3)').rowsWritten,
    ];
  },
  /** What only the engine sees. */
  inside(sql) {
    table(sql);
    sql.exec('CREATE TABLE s (x); INSERT INTO s VALUES (1), (2), (3)');
    sql.exec('CREATE TABLE pi (a, b); CREATE INDEX pib ON pi (b) WHERE a > 5');
    return counts(
      sql,
      'SELECT count(*) FROM t',
      'SELECT 1 FROM t WHERE 0',
      'SELECT a FROM t WHERE a = 99',
      'SELECT b FROM t WHERE a IN (1, 2)',
      'SELECT b FROM t WHERE id IN (1, 2, 3)',
      'SELECT * FROM t ORDER BY b LIMIT 3',
      'SELECT * FROM s JOIN t ON t.id = s.x',
      'SELECT * FROM s, s AS other',
      'SELECT * FROM s WHERE x IN (SELECT id FROM t)',
      'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 4) SELECT x FROM c',
      'INSERT INTO t (id) VALUES (100)',
      'INSERT INTO pi VALUES (1, 1)',
      "UPDATE t SET a = 7 WHERE b > 'v3'",
      "DELETE FROM t WHERE b > 'v3'",
      'DELETE FROM t WHERE a = 1',
      'CREATE TABLE sc (x)',
      'CREATE INDEX scx ON sc (x)',
      'ALTER TABLE sc ADD COLUMN y',
      'DROP TABLE sc',
    );
  },
  'several-statements'(sql) {
    sql.exec('CREATE TABLE many (x)');
    return counts(sql, 'INSERT INTO many VALUES (1), (2); SELECT * FROM many');
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
