// What one handler does with its storage, or asks of other objects, many times over: no request, no flush in between.
import { DurableObject } from 'cloudflare:workers';

const ROWS = 100_000;
const KEYS = 100;
const BATCH = 100;
const STARTS_AT_ONCE = 1_000;
const rowAt = (i) => (i * 7919) % ROWS;
const keyAt = (i) => `k${i % KEYS}`;

/** So that reads find something. @param {DurableObjectStorage} storage */
function fill({ kv }) {
  for (let i = 0; i < KEYS; i++) kv.put(keyAt(i), i);
}

let runs = 0;

/** `call` of each number below `count`, so many at a time. */
async function inBatches(count, size, call) {
  for (let from = 0; from < count; from += size) {
    const length = Math.min(size, count - from);
    await Promise.all(Array.from({ length }, (_, i) => call(from + i)));
  }
  return count;
}

/** Each runs `count` operations and returns how many there were. @type {Record<string, (storage: DurableObjectStorage, count: number, env: any) => any>} */
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
  async 'rpc-sequential'(_storage, count, { PLAIN }) {
    const stub = PLAIN.getByName('peer');
    for (let i = 0; i < count; i++) await stub.echo(i);
    return count;
  },
  'rpc-batch'(_storage, count, { PLAIN }) {
    const stub = PLAIN.getByName('peer');
    return inBatches(count, BATCH, (i) => stub.echo(i));
  },
  async 'stub-fetch'(_storage, count, { PLAIN }) {
    const stub = PLAIN.getByName('peer');
    for (let i = 0; i < count; i++) await stub.fetch('http://peer/');
    return count;
  },
  /** Of objects that nobody has called before. */
  start(_storage, count, { PLAIN }) {
    const run = runs++;
    return inBatches(count, STARTS_AT_ONCE, (i) => PLAIN.getByName(`start-${run}-${i}`).echo(i));
  },
};

export class Inside extends DurableObject {
  /** `/inside/<operation>/<count>` */
  async fetch(request) {
    const [, , operation, count] = new URL(request.url).pathname.split('/');
    return new Response(
      `done ${await operations[operation](this.ctx.storage, Number(count), this.env)}`,
    );
  }
}
