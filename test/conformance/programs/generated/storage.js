// What an object's storage does in an order that a seed determines: key-value calls of both interfaces, SQL, cursors that
// stay open, transactions, alarms. Every outcome is shown, and what is stored at the end.
import { DurableObject } from 'cloudflare:workers';
import { attempt, attemptSync } from '../probe.js';
import { Random } from '../random.js';
import { firstTables, statement } from './sql.js';
import { Step, brief, line, shorten } from './steps.js';

const steps = 30;
const farFuture = 4_102_444_800_000;

const plainKeys = ['a', 'b', 'ab', 'abc', 'b/1', 'b/2', 'é', 'z'];
const oddKeys = [
  '',
  'x'.repeat(2048),
  'x'.repeat(2049),
  '\ud800',
  'k\u0000',
  '_cf_k',
  5,
  null,
  undefined,
  true,
  {},
  ['a'],
];
const plainValues = [0, 'text', { x: 1, y: [1, 2] }, Array(2), null, true, 2.5];
const oddValues = [
  undefined,
  NaN,
  -0,
  10n,
  new Date(5),
  new Map([['k', new Set([1])]]),
  new Uint8Array([1, 2]),
  new Uint16Array([1]).buffer,
  /r/g,
  new Error('e'),
  Symbol.for('s'),
  () => {},
  new Proxy({}, {}),
  Object('s'),
  'x'.repeat(3_000_000),

  Promise.resolve(1),
  new WeakMap(),
];
const bindings = [
  null,
  0,
  1,
  -7,
  2.5,
  'x',
  'Héllo',
  '',
  new Uint8Array([1, 2]),
  new Uint8Array([3]).buffer,
  true,
  10n,
  undefined,
  {},
  'é\u0000b',
  NaN,
  -0,
  2 ** 53,
  new Date(5),
];

class History {
  log = [];
  #r;
  #ctx;
  #cursors = [];
  #pending = [];

  constructor(seed, ctx) {
    this.#r = new Random(seed);
    this.#ctx = ctx;
  }

  async run() {
    const { sql } = this.#ctx.storage;
    for (const text of this.#r.chance(80) ? firstTables(this.#r) : [])
      this.#show(
        text,
        attemptSync(() => void sql.exec(text)),
      );
    for (let i = 0; i < steps; i++) {
      const { text, act } = this.#any();
      if (this.#r.chance(15)) this.#pending.push([text, attempt(act)]);
      else this.#show(text, await attempt(act));
      if (this.#r.chance(30)) await this.#settle();
    }
    await this.#settle();
  }

  #show(text, outcome) {
    this.log.push(`${text} -> ${line(outcome)}`);
  }

  /** What a transaction or a critical section does is chosen before it runs, whatever happens meanwhile. */
  async #steps(chosen) {
    const log = [];
    for (const { text, act } of chosen) log.push(`  ${text} -> ${line(await attempt(act))}`);
    return log;
  }

  /** Everything that was not awaited, in the order of the calls. */
  async #settle() {
    for (const [text, outcome] of this.#pending.splice(0))
      this.#show(`later ${text}`, await outcome);
  }

  #key() {
    return this.#r.chance(90) ? this.#r.pick(plainKeys) : this.#r.pick(oddKeys);
  }

  #keys() {
    return this.#r.list(4, () => this.#key());
  }

  #value() {
    return this.#r.chance(75) ? this.#r.pick(plainValues) : this.#r.pick(oddValues);
  }

  #listOptions() {
    const options = {};
    const r = this.#r;
    if (r.chance(30)) options.prefix = r.pick(['', 'a', 'b/', 'é']);
    if (r.chance(30)) options[r.pick(['start', 'startAfter'])] = this.#key();
    if (r.chance(30)) options.end = this.#key();
    if (r.chance(30)) options.reverse = r.pick([true, false, 0, 'x']);
    if (r.chance(40)) options.limit = r.pick([1, 2, 3, 0, -1, 1.5, '2', NaN]);
    return r.chance(10) ? r.pick([null, undefined, 5, 'a', []]) : options;
  }

  /** A call that the storage and its transactions have. */
  #keyValueCall() {
    const call = (method, ...args) => ({ method, args });
    const r = this.#r;
    return r.weighted([
      [6, () => call('get', this.#key())],
      [2, () => call('get', this.#keys())],
      [8, () => call('put', this.#key(), this.#value())],
      [
        2,
        () =>
          call('put', Object.fromEntries(this.#keys().map((key) => [String(key), this.#value()]))),
      ],
      [3, () => call('delete', this.#key())],
      [1, () => call('delete', this.#keys())],
      [4, () => call('list', this.#listOptions())],
      [1, () => call('getAlarm')],
      [
        2,
        () =>
          call(
            'setAlarm',
            r.pick([
              farFuture,
              farFuture + 0.7,
              new Date(farFuture),
              NaN,
              '4102444800000',
              -1,
              new Date(NaN),
              undefined,
            ]),
          ),
      ],
      [1, () => call('deleteAlarm')],
    ])();
  }

  #keyValue() {
    const { method, args } = this.#keyValueCall();
    return new Step(`${method} ${brief(args)}`, () => this.#ctx.storage[method](...args));
  }

  #syncKeyValue() {
    const { kv } = this.#ctx.storage;
    const call = (method, ...args) =>
      new Step(`kv.${method} ${brief(args)}`, () => kv[method](...args));
    return this.#r.weighted([
      [3, () => call('get', this.#key())],
      [4, () => call('put', this.#key(), this.#value())],
      [2, () => call('delete', this.#key())],
      [
        2,
        () => {
          const options = this.#listOptions();
          return new Step(`kv.list ${brief([options])}`, () => [...kv.list(options)]);
        },
      ],
    ])();
  }

  #statement() {
    const text = statement(this.#r);
    const wanted = text.match(/\?/g)?.length ?? 0;
    const args = Array.from({ length: this.#r.chance(92) ? wanted : this.#r.below(3) }, () =>
      this.#r.pick(bindings),
    );
    const { sql } = this.#ctx.storage;
    const exec = () => sql.exec(text, ...args);
    const name = `sql ${text} ${args.length > 0 ? brief(args) : ''}`;
    return this.#r.weighted([
      [6, () => new Step(name, () => exec().toArray())],
      [2, () => new Step(`raw ${name}`, () => [...exec().raw()])],
      [1, () => new Step(`one ${name}`, () => exec().one())],
      [
        2,
        () =>
          new Step(`counts ${name}`, () => {
            const cursor = exec();
            const rows = [...cursor].length;
            return [cursor.columnNames, rows, cursor.rowsRead, cursor.rowsWritten];
          }),
      ],
      [
        // One with RETURNING that stays open keeps workerd from committing (docs/compatibility.md).
        /^(SELECT|WITH|VALUES)/.test(text) ? 5 : 0,
        () =>
          new Step(`open ${name}`, () => {
            this.#cursors.push(exec());
            if (this.#cursors.length > 3) this.#cursors.shift();
          }),
      ],
    ])();
  }

  #cursor() {
    const i = this.#r.below(3);
    const on = (name, act) =>
      new Step(`cursor ${i} ${name}`, () => (this.#cursors[i] ? act(this.#cursors[i]) : 'none'));
    return this.#r.pick([
      on('next', (cursor) => cursor.next()),
      on('next', (cursor) => cursor.next()),
      on('raw next', (cursor) => cursor.raw().next()),
      on('toArray', (cursor) => cursor.toArray()),
      on('one', (cursor) => cursor.one()),
      on('columnNames', (cursor) => cursor.columnNames),
      on('counts', (cursor) => [cursor.rowsRead, cursor.rowsWritten]),
    ]);
  }

  #synchronous() {
    return this.#r.weighted([
      [3, () => this.#syncKeyValue()],
      [4, () => this.#statement()],
      [1, () => this.#cursor()],
    ])();
  }

  #transaction() {
    const r = this.#r;
    const end = r.pick(['return', 'return', 'throw', 'rollback']);
    const chosen = r.list(4, () => (r.chance(50) ? this.#inTransaction() : this.#inside()));
    return new Step(`transaction ${end}`, () => {
      let log;
      const ended = this.#ctx.storage.transaction(async (txn) => {
        log = await this.#steps(chosen.map((step) => step.on?.(txn) ?? step));
        if (end === 'rollback') txn.rollback();
        if (end === 'throw') throw new Error('out of the transaction');
      });
      return attempt(() => ended).then((outcome) => [...(log ?? []), outcome]);
    });
  }

  /** A step that is given its target, the transaction, later. */
  #inTransaction() {
    const { method, args } = this.#keyValueCall();
    return { on: (txn) => new Step(`txn.${method} ${brief(args)}`, () => txn[method](...args)) };
  }

  #transactionSync() {
    const end = this.#r.pick(['return', 'throw']);
    const chosen = this.#r.list(4, () => this.#synchronous());
    return new Step(`transactionSync ${end}`, () => {
      const log = [];
      const outcome = attemptSync(() =>
        this.#ctx.storage.transactionSync(() => {
          for (const { text, act } of chosen) log.push(`  ${text} -> ${line(attemptSync(act))}`);
          if (end === 'throw') throw new Error('out of the transaction');
        }),
      );
      return [...log, outcome];
    });
  }

  #blocking() {
    const chosen = this.#r.list(3, () => this.#inside());
    return new Step('blockConcurrencyWhile', () =>
      this.#ctx.blockConcurrencyWhile(() => this.#steps(chosen)),
    );
  }

  /** What may stand inside another step. */
  #inside() {
    return this.#r.weighted([
      [10, () => this.#keyValue()],
      [10, () => this.#synchronous()],
      [3, () => this.#cursor()],
      [1, () => this.#transactionSync()],
      [1, () => new Step('sync', () => this.#ctx.storage.sync())],
    ])();
  }

  #any() {
    return this.#r.weighted([
      [50, () => this.#inside()],
      [5, () => this.#transaction()],
      [2, () => this.#blocking()],
      [1, () => new Step('deleteAll', () => this.#ctx.storage.deleteAll())],
    ])();
  }
}

export class Stored extends DurableObject {
  alarm() {}

  async run(seed) {
    const history = new History(seed, this.ctx);
    try {
      await history.run();
    } catch (error) {
      history.log.push(`failed: ${error.stack}`);
    }
    return [...history.log, ...(await this.contents())].join('\n');
  }

  /** All that is stored. */
  async contents() {
    const { sql } = this.ctx.storage;
    const tables = attemptSync(() =>
      sql
        .exec(`SELECT name, sql FROM sqlite_master WHERE name LIKE 't_' ORDER BY name`)
        .toArray()
        .map((table) => [
          table.sql,
          sql.exec(`SELECT * FROM ${table.name} ORDER BY 1, 2, 3`).raw().toArray(),
        ]),
    );
    return [
      `alarm ${await this.ctx.storage.getAlarm()}`,
      ...[...(await this.ctx.storage.list())].map(
        ([key, value]) => `${brief([key])}: ${shorten(line(value))}`,
      ),
      line(tables),
    ];
  }
}

export class StoredLegacy extends Stored {}

export default {
  async fetch(request, env) {
    const [, kind, what, seed] = new URL(request.url).pathname.split('/');
    const stub = env[kind].getByName(seed);
    return new Response(
      what === 'run' ? await stub.run(Number(seed)) : (await stub.contents()).join('\n'),
    );
  },
};
