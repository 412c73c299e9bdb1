// A D1 database in an order that a seed determines: statements, bindings and forms of results, valid and not.
import { Random } from '../random.js';
import { firstTables, statement } from './sql.js';
import { Step, brief, run } from './steps.js';

const steps = 30;

const bindings = [
  null,
  0,
  1,
  -7,
  2.5,
  'x',
  'Héllo',
  '',
  true,
  false,
  new Uint8Array([1, 2]),
  new Uint8Array([3]).buffer,
  [1, 2],
  [],
  10n,
  undefined,
  {},
  NaN,
  Infinity,
  -0,
  2 ** 53,
  new Date(5),
  Symbol.for('s'),
  () => {},
  'a\u0000b',
  new Uint16Array([1]),
  [1, 'x'],
  [300],
  new Map(),
];

/** Times, and sizes of files, are not the same everywhere; rows are counted by SQLite's own build. */
const kUnsteady = [
  'duration',
  'timings',
  'size_after',
  'served_by',
  'rows_read',
  'rows_written',
  'last_row_id',
  'changes',
];
function steady(result) {
  if (Array.isArray(result)) return result.map(steady);
  if (result?.meta === undefined) return result;
  const meta = Object.entries(result.meta).map(([name, value]) => [
    name,
    kUnsteady.includes(name) ? typeof value : value,
  ]);
  return { ...result, meta: Object.fromEntries(meta) };
}

class History {
  log = [];
  #r;
  #db;

  constructor(seed, db) {
    this.#r = new Random(seed);
    this.#db = db;
  }

  async run() {
    for (const text of firstTables(this.#r)) await this.#db.prepare(text).run();
    for (let i = 0; i < steps; i++) this.log.push(await run(this.#any()));
    this.log.push(...(await this.#contents()));
  }

  async #contents() {
    const { results } = await this.#db
      .prepare(`SELECT name FROM sqlite_master WHERE name LIKE 't_' ORDER BY name`)
      .all();
    return Promise.all(
      results.map(async ({ name }) =>
        brief([name, await this.#db.prepare(`SELECT * FROM ${name} ORDER BY 1, 2, 3`).raw()]),
      ),
    );
  }

  /** @returns {[text: string, make: () => D1PreparedStatement]} */
  #statement() {
    const text = this.#r.chance(90)
      ? statement(this.#r)
      : this.#r.pick([
          '',
          ';',
          'SELEKT',
          'BEGIN',
          'PRAGMA user_version',
          'SELECT ?2',
          'SELECT ?1, ?1',
          'SELECT 1 -- c',
          "ATTACH 'x' AS y",
          'SELECT 1 AS a, 2 AS a',
          'VACUUM',
        ]);
    const wanted = text.match(/\?/g)?.length ?? 0;
    const args = Array.from({ length: this.#r.chance(92) ? wanted : this.#r.below(3) }, () =>
      this.#r.pick(this.#r.chance(60) ? bindings.slice(0, 8) : bindings),
    );
    const make = () => {
      const prepared = this.#db.prepare(text);
      return args.length > 0 ? prepared.bind(...args) : prepared;
    };
    return [`${text} ${brief(args)}`, make];
  }

  #query() {
    const [text, make] = this.#statement();
    const [form, act] = this.#r.pick([
      ['all', (one) => one.all()],
      ['run', (one) => one.run()],
      ['first', (one) => one.first()],
      ['first column', (one) => one.first(this.#r.pick(['a', 'b', 'none']))],
      ['raw', (one) => one.raw()],
      ['raw names', (one) => one.raw({ columnNames: true })],
    ]);
    return new Step(`${form} ${text}`, async () => steady(await act(make())));
  }

  #batch() {
    const chosen = this.#r.list(4, () => this.#statement());
    return new Step(`batch ${chosen.map(([text]) => text).join(' | ')}`, async () =>
      steady(await this.#db.batch(chosen.map(([, make]) => make()))),
    );
  }

  #exec() {
    const texts = this.#r.list(3, () => statement(this.#r).replaceAll('?', '1'));
    return new Step(`exec ${brief(texts)}`, async () => {
      const { count, duration } = await this.#db.exec(texts.join('\n'));
      return [count, typeof duration];
    });
  }

  #any() {
    return this.#r.weighted([
      [10, () => this.#query()],
      [2, () => this.#batch()],
      [1, () => this.#exec()],
    ])();
  }
}

async function clear(db) {
  const { results } = await db
    .prepare(
      `SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'`,
    )
    .all();
  for (const { type, name } of results) await db.prepare(`DROP ${type} IF EXISTS ${name}`).run();
}

export default {
  async fetch(request, { DB }) {
    await clear(DB);
    const history = new History(Number(new URL(request.url).pathname.slice(1)), DB);
    await history.run();
    return new Response(history.log.join('\n'));
  },
};
