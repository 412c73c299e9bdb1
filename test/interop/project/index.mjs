// Objects that hold one of everything, and say what they hold in a form that JSON can carry.
import { DurableObject } from 'cloudflare:workers';

const cyclic = { name: 'cyclic' };
cyclic.self = cyclic;

const VALUES = {
  string: 'Grüße, 世界 👋',
  latin: 'plain',
  empty: '',
  integer: 42,
  negative: -2147483649,
  fraction: 0.1,
  minusZero: -0,
  nan: NaN,
  infinity: Infinity,
  bigint: 2n ** 70n,
  yes: true,
  nothing: null,
  object: { a: 1, b: { c: [1, 2, { d: undefined }] } },
  sparse: [1, , 3], // eslint-disable-line no-sparse-arrays
  map: new Map([
    ['k', 'v'],
    [1, new Map([[{ x: 1 }, new Set(['s'])]])],
  ]),
  set: new Set([1, 'two', null]),
  date: new Date(1_790_000_000_123),
  pattern: /a+b/giu,
  bytes: new Uint8Array([0, 1, 254, 255]),
  floats: new Float64Array([1.5, -0, NaN]),
  part: new Uint16Array(new Uint16Array([1, 2, 3, 4]).buffer, 2, 2),
  view: new DataView(new Uint8Array([9, 8, 7]).buffer, 1),
  buffer: new Uint8Array([5, 6]).buffer,
  error: new RangeError('out of range', { cause: new Error('because') }),
  cyclic,
  long: 'x'.repeat(100_000),
};

/** The value as text that two runtimes agree on exactly when the values are equal. */
function describe(value, seen = new Map()) {
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'string')
    return value.length > 100 ? `${value.length} characters` : JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (seen.has(value)) return `#${seen.get(value)}`;
  seen.set(value, seen.size);
  const all = (items) => [...items].map((item) => describe(item, seen)).join(', ');
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (kind === 'Map') return `Map {${[...value].map((pair) => all(pair)).join('; ')}}`;
  if (kind === 'Set') return `Set {${all(value)}}`;
  if (kind === 'Date') return `Date ${value.toISOString()}`;
  if (kind === 'RegExp') return String(value);
  if (kind === 'ArrayBuffer') return `ArrayBuffer [${all(new Uint8Array(value))}]`;
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return `${kind} [${kind === 'DataView' ? all(bytes) : all(value)}] of ${value.buffer.byteLength}`;
  }
  if (kind === 'Error') {
    const hasStack = typeof value.stack === 'string';
    return `${value.constructor.name} ${value.name} ${value.message} ${hasStack} ${describe(value.cause, seen)}`;
  }
  const fields = Object.keys(value).map((key) => `${key}: ${describe(value[key], seen)}`);
  return `${Array.isArray(value) ? `Array(${value.length})` : 'Object'} {${fields.join(', ')}}`;
}

export class Notes extends DurableObject {
  #ring = () => {};
  #rang = new Promise((resolve) => (this.#ring = resolve));

  async write(alarmAt) {
    const { storage } = this.ctx;
    for (const [key, value] of Object.entries(VALUES)) await storage.put(key, value);
    await storage.put('ключ', 'a key that is not ASCII');
    storage.sql.exec(`
      CREATE TABLE note (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL, score REAL, data BLOB);
      CREATE UNIQUE INDEX note_text ON note (text);
      CREATE TABLE tag (note INTEGER REFERENCES note (id), name TEXT) STRICT;
      CREATE VIEW tagged AS SELECT text, name FROM note JOIN tag ON tag.note = note.id;
      CREATE VIRTUAL TABLE search USING fts5 (text);
    `);
    for (let i = 1; i <= 500; i += 1) {
      storage.sql.exec(
        'INSERT INTO note (text, score, data) VALUES (?, ?, ?)',
        `note ${i} ${'·'.repeat(i % 40)}`,
        i / 3,
        new Uint8Array(i % 7).buffer,
      );
    }
    storage.sql.exec("INSERT INTO tag VALUES (7, 'seven')");
    storage.sql.exec("INSERT INTO search VALUES ('the quick brown fox')");
    storage.sql.exec('DELETE FROM note WHERE id % 5 = 0');
    await storage.setAlarm(alarmAt);
  }

  async read() {
    const { storage, id } = this.ctx;
    const rows = (query) => storage.sql.exec(query).toArray();
    const values = await storage.list();
    values.delete('alarms');
    return {
      id: id.toString(),
      name: id.name ?? null,
      values: Object.fromEntries([...values].map(([key, value]) => [key, describe(value)])),
      notes: rows(
        'SELECT count(*) AS n, sum(id) AS ids, sum(score) AS score, sum(length(data)) AS bytes FROM note',
      ),
      note: rows('SELECT id, text, score, hex(data) AS data FROM note WHERE id IN (1, 499)'),
      found: rows("SELECT text FROM search WHERE search MATCH 'quick'"),
      tagged: rows('SELECT * FROM tagged'),
      schema: rows(
        "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE '\\_cf%' ESCAPE '\\' ORDER BY name",
      ),
      alarm: await storage.getAlarm(),
      alarms: (await storage.get('alarms')) ?? [],
    };
  }

  /** Goes on where an earlier runtime stopped. */
  async change(alarmAt) {
    const { storage } = this.ctx;
    await storage.put('changed', new Map([['by', 'another runtime']]));
    await storage.delete('string');
    storage.sql.exec("INSERT INTO note (text) VALUES ('one more')");
    storage.sql.exec("UPDATE tag SET name = 'SEVEN'");
    await storage.setAlarm(alarmAt);
  }

  async alarm({ scheduledTime }) {
    const alarms = (await this.ctx.storage.get('alarms')) ?? [];
    alarms.push({ scheduledTime, at: Date.now(), name: this.ctx.id.name ?? null });
    await this.ctx.storage.put('alarms', alarms);
    this.#ring();
  }

  /** Answers once an alarm has run, ever. */
  async rang() {
    if ((await this.ctx.storage.get('alarms')) === undefined) await this.#rang;
    return this.ctx.storage.get('alarms');
  }

  /** Counts in facets, of which each has its own database; the names of those that run decide nothing. */
  async countIn(names) {
    const counts = {};
    for (const name of names) {
      const page = this.ctx.facets.get(name, () => ({ class: this.ctx.exports.Page }));
      counts[name] = await page.count();
    }
    return counts;
  }

  forward() {
    return this.countIn(['first', 'second', 'Grüße']);
  }

  backward() {
    return this.countIn(['new', 'Grüße', 'second', 'first']);
  }

  tear() {
    this.ctx.facets.delete('second');
  }
}

export class Page extends DurableObject {
  #add(step) {
    const { kv } = this.ctx.storage;
    kv.put('count', (kv.get('count') ?? 0) + step);
    return kv.get('count');
  }

  async count() {
    const footer = this.ctx.facets.get('footer', () => ({ class: this.ctx.exports.Footer }));
    return [this.#add(1), await footer.count()];
  }
}

export class Footer extends DurableObject {
  count() {
    const { sql } = this.ctx.storage;
    sql.exec('CREATE TABLE IF NOT EXISTS footer (n INTEGER)');
    sql.exec('INSERT INTO footer VALUES (1)');
    return sql.exec('SELECT count(*) AS n FROM footer').one().n;
  }
}

export default {
  async fetch(request, env) {
    const [, action, name, number] = new URL(request.url).pathname.split('/');
    const isId = /^[0-9a-f]{64}$/.test(name);
    if (action === 'unique') return Response.json(env.NOTES.newUniqueId().toString());
    const stub = isId ? env.NOTES.get(env.NOTES.idFromString(name)) : env.NOTES.getByName(name);
    if (action === 'id') return Response.json(stub.id.toString());
    return Response.json((await stub[action](Number(number))) ?? null);
  },
};
