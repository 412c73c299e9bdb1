// What bench/worker/inside.mjs does with SQL, in plain Node.js: `/inside/<operation>/<count>` in one transaction of a file.
//
//   node sqlite-inside.mjs <node:sqlite, or the directory that has better-sqlite3> <directory>
//
// Prints `Ready on URL`.
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';

const ROWS = 100_000;
const rowAt = (i) => (i * 7919) % ROWS;

const [, , driver, directory] = process.argv;
const file = path.join(directory, 'item.db');

async function open() {
  if (driver === 'node:sqlite') return new (await import('node:sqlite')).DatabaseSync(file);
  const Database = createRequire(path.join(driver, 'package.json'))('better-sqlite3');
  return new Database(file);
}

const db = await open();
db.exec('PRAGMA journal_mode = WAL');

/** Each runs `count` operations and returns how many there were. @type {Record<string, (count: number) => number>} */
const operations = {
  insert(count) {
    db.exec(
      'DROP TABLE IF EXISTS item; CREATE TABLE item (id INTEGER PRIMARY KEY, a TEXT, b INT, c REAL)',
    );
    const insert = db.prepare('INSERT INTO item VALUES (?, ?, ?, ?)');
    for (let i = 0; i < count; i++) insert.run(i, `row ${i}`, i * 2, i / 3);
    return count;
  },
  'to-array'() {
    return db.prepare('SELECT * FROM item').all().length;
  },
  raw() {
    const select = db.prepare('SELECT * FROM item');
    if (select.raw) return [...select.raw().iterate()].length;
    select.setReturnArrays(true);
    return [...select.iterate()].length;
  },
  point(count) {
    const select = db.prepare('SELECT * FROM item WHERE id = ?');
    for (let i = 0; i < count; i++) select.get(rowAt(i));
    return count;
  },
  update(count) {
    const update = db.prepare('UPDATE item SET b = ? WHERE id = ?');
    for (let i = 0; i < count; i++) update.run(i, rowAt(i));
    return count;
  },
};

const server = http.createServer((request, response) => {
  const [, , operation, count] = request.url.split('/');
  db.exec('BEGIN IMMEDIATE');
  const done = operations[operation](Number(count));
  db.exec('COMMIT');
  response.end(`done ${done}`);
});
server.listen(0, '127.0.0.1', () => {
  console.log(`Ready on http://127.0.0.1:${server.address().port}`);
});
