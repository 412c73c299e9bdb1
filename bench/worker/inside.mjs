// What one handler does with its storage, many times over: no request, no flush in between.
import { DurableObject } from 'cloudflare:workers';

const ROWS = 100_000;
const KEYS = 100;
const rowAt = (i) => (i * 7919) % ROWS;
const keyAt = (i) => `k${i % KEYS}`;

/** So that reads find something. @param {DurableObjectStorage} storage */
function fill({ kv }) {
  for (let i = 0; i < KEYS; i++) kv.put(keyAt(i), i);
}

/** Each runs `count` operations and returns how many there were. @type {Record<string, (storage: DurableObjectStorage, count: number) => any>} */
const operations = {
  async 'await-put'(storage, count) {
    for (let i = 0; i < count; i++) await storage.put(keyAt(i), i);
    return count;
  },
  async 'await-get'(storage, count) {
    fill(storage);
    for (let i = 0; i < count; i++) await storage.get(keyAt(i));
    return count;
  },
  'kv-put'({ kv }, count) {
    for (let i = 0; i < count; i++) kv.put(keyAt(i), i);
    return count;
  },
  'kv-get'(storage, count) {
    fill(storage);
    const { kv } = storage;
    for (let i = 0; i < count; i++) kv.get(keyAt(i));
    return count;
  },
  insert(storage, count) {
    const { sql } = storage;
    sql.exec(
      'DROP TABLE IF EXISTS item; CREATE TABLE item (id INTEGER PRIMARY KEY, a TEXT, b INT, c REAL)',
    );
    storage.transactionSync(() => {
      for (let i = 0; i < count; i++)
        sql.exec('INSERT INTO item VALUES (?, ?, ?, ?)', i, `row ${i}`, i * 2, i / 3);
    });
    return count;
  },
  'to-array'({ sql }) {
    return sql.exec('SELECT * FROM item').toArray().length;
  },
  raw({ sql }) {
    return [...sql.exec('SELECT * FROM item').raw()].length;
  },
  point({ sql }, count) {
    for (let i = 0; i < count; i++) sql.exec('SELECT * FROM item WHERE id = ?', rowAt(i)).one();
    return count;
  },
  update({ sql }, count) {
    for (let i = 0; i < count; i++) sql.exec('UPDATE item SET b = ? WHERE id = ?', i, rowAt(i));
    return count;
  },
};

export class Inside extends DurableObject {
  /** `/inside/<operation>/<count>` */
  async fetch(request) {
    const [, , operation, count] = new URL(request.url).pathname.split('/');
    return new Response(`done ${await operations[operation](this.ctx.storage, Number(count))}`);
  }
}
