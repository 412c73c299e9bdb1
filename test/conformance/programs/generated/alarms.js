// Alarms of a seed: set, read and deleted by requests, transactions, sections, starts and their own handlers, which fail, abort and meet
// requests. What is compared is what the object saw, in its order, how each request ended and what is left when all alarms have run.
import { DurableObject } from 'cloudflare:workers';
import { Random } from '../random.js';
import { makeRound, makeRun, makeSleep, makeStart, makeVisit } from './alarm-plans.js';

const flags = ['remote', 'retryable', 'overloaded', 'durableObjectReset'];
/** Long enough for what a request does before, and short enough to wait for. */
const nearMs = 200;
/** A section that lets a near alarm come due. */
const holdMs = 350;
/** S5.4.2: 2 s and at most a quarter more, and a margin. */
const retryMs = 2_900;
const farMs = 10_000_000;
/** An idle object is evicted after 10 s (S2.2.3). */
const asleepMs = 15_000;
/** Until an alarm that woke it has run again after a start that failed. */
const sleepMs = asleepMs + retryMs + 1_600;
const pollMs = 15;
const pollsMax = 400;

const brief = (error) =>
  error instanceof Error
    ? `${error.name}: ${error.message} [${flags.filter((flag) => error[flag])}]`
    : String(error);

/** Of a step, without the steps in it. */
const labelOf = (step) =>
  step
    .filter((part) => part !== undefined && !Array.isArray(part))
    .map((part) => (typeof part === 'object' ? Object.keys(part).join(' ') : part))
    .join(' ');

/** What the objects and the Worker of a seed share: one program is one isolate. @type {Map<string, History>} */
const histories = new Map();

class History {
  log = [];
  base = Date.now();
  starts = 0;
  runs = 0;
  running = 0;
  hasFailed = false;
  isMeeting = false;

  constructor(seed) {
    const r = new Random(seed);
    const failing = r.chance(45) ? r.below(2) : -1;
    this.className = r.weighted([
      [8, 'Alarmed'],
      [2, 'Legacy'],
      [1, 'Bare'],
    ]);
    this.rounds = Array.from({ length: 1 + r.below(3) }, (_, i) => {
      const lists = makeRound(r);
      return lists.map((steps, j) => ({ name: `call${i}${j}`, steps }));
    });
    this.plans = Array.from({ length: 6 }, (_, i) => makeRun(r, i === failing));
    this.visit = makeVisit(r);
    this.firstSteps = Array.from({ length: 4 }, (_, i) => makeStart(r, i));
    this.sleep = makeSleep(r);
  }

  /** Its object is gone, and with it a handler that had not ended. */
  endRuns() {
    this.hasFailed ||= this.running > 0;
    this.running = 0;
  }

  time(when, scheduled) {
    switch (when) {
      case 'near':
        return Date.now() + nearMs;
      case 'past':
        return 1;
      case 'asleep':
        this.asleep = Date.now() + asleepMs;
        return this.asleep;
      case 'same':
        return scheduled ?? Date.now() + nearMs;
      default:
        return this.base + when * farMs;
    }
  }

  /** A time as text: which of the far ones, or near. */
  shown(time) {
    if (typeof time !== 'number') return String(time);
    if (time === this.asleep) return 'asleep';
    return time > this.base + farMs / 2 ? `far ${(time - this.base) / farMs}` : 'near';
  }
}

const badTimes = {
  zero: [0],
  negative: [-5],
  small: [0.5],
  nan: [NaN],
  invalid: [new Date(NaN)],
  text: ['soon'],
  digits: ['5'],
  nothing: [],
  undefined: [undefined],
  null: [null],
  object: [{}],
  bigint: [5n],
  year2300: [Date.UTC(2300, 0)],
  huge: [8.64e15],
  infinite: [Infinity],
  'negative infinite': [-Infinity],
  'before 1687': [new Date('1600-01-01')],
  'options a number': [1, 5],
  'options a text': [1, 'x'],
};

export class Facet extends DurableObject {
  alarm() {}
  async call(op, time) {
    await this.ctx.storage.put('a', 1);
    const result = await this.ctx.storage[op](time);
    return `${result} ${await this.ctx.storage.get('a')}`;
  }
}

class Base extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    this.history = histories.get(ctx.id.name);
    this.n = this.history.starts;
    this.history.starts += 1;
    this.history.endRuns();
    // For a retry whose alarm the failed run had deleted workerd starts the object once more, and finds nothing to do.
    if (!(this.history.isEvicted && this.history.hasFailed)) this.#note(`starts as ${ctx.id.name}`);
    const { how, steps } = this.history.firstSteps[this.n] ?? { steps: [] };
    if (how === 'throws') throw new TypeError(`start ${this.n} throws`);
    if (how === 'section')
      ctx.blockConcurrencyWhile(() => this.#steps(`start${this.n}`, steps, ctx.storage));
    else this.#steps(`start${this.n}`, steps, ctx.storage);
  }

  /** The end of an object ends its code on workerd, and makes what it calls throw here: what runs then is not compared. */
  #note(line) {
    if (!this.isOver) this.history.log.push(`${this.n} ${line}`);
  }

  async run(name, steps) {
    this.#note(`${name} begins`);
    await this.#steps(name, steps, this.ctx.storage);
    this.#note(`${name} ends`);
    return `${name} went`;
  }

  async look() {
    const time = await this.ctx.storage.getAlarm();
    return `${this.history.shown(time)}, a = ${await this.ctx.storage.get('a')}`;
  }

  async runAlarm(info) {
    const { history } = this;
    const name = `run${history.runs}`;
    const steps = history.plans[history.runs] ?? [];
    history.runs += 1;
    history.running += 1;
    const early = Date.now() < info.scheduledTime ? ', early' : '';
    this.scheduled = info.scheduledTime;
    this.#note(
      `${name} ${info.retryCount} ${info.isRetry} ${history.shown(info.scheduledTime)}${early}`,
    );
    try {
      await this.#steps(name, steps, this.ctx.storage);
      this.#note(`${name} ends`);
      history.running -= 1;
    } catch (error) {
      this.#note(`${name} fails ${brief(error)}`);
      if (this.n === history.starts - 1) history.endRuns();
      throw error;
    }
  }

  async #steps(name, steps, store) {
    for (const [i, step] of steps.entries()) {
      const label = `${name}.${i} ${labelOf(step)}`;
      this.#note(label);
      const result = await this.#step(label, step, store);
      if (result !== undefined) this.#note(`${label} = ${result}`);
    }
  }

  #step(label, [kind, detail, options, mode], store) {
    const { ctx, history } = this;
    switch (kind) {
      case 'getAlarm':
        return store.getAlarm(options).then((time) => history.shown(time));
      case 'setAlarm':
        return this.#setAlarm(label, store, detail, options, mode);
      case 'deleteAlarm':
        return this.#end(label, store.deleteAlarm(options), mode);
      case 'bad':
        return this.#attempt(() => store.setAlarm(...badTimes[detail]));
      case 'get':
        return ctx.storage.get('a').then((value) => `${value}`);
      case 'put':
        return ctx.storage.put('a', detail);
      case 'sync':
        return ctx.storage.sync();
      case 'deleteAll':
        return this.#attempt(() => ctx.storage.deleteAll());
      case 'name':
        return `${ctx.id.name} ${ctx.id.equals(this.env[history.className].idFromName(ctx.id.name))}`;
      case 'hold':
        return ctx.blockConcurrencyWhile(() => scheduler.wait(holdMs));
      case 'wait':
        return scheduler.wait(3);
      case 'meet':
        return this.#meet();
      case 'facet':
        if (history.isEvicted) return undefined; // facets keep it for longer: see docs/compatibility.md
        return this.#attempt(() =>
          ctx.facets
            .get('f', () => ({ class: ctx.exports.Facet }))
            .call(detail, detail === 'setAlarm' ? history.time(3) : undefined),
        );
      case 'throw':
        throw new RangeError(`${label} throws`);
      case 'abort':
        history.endRuns();
        this.isOver = true;
        return detail === 'default'
          ? ctx.abort('aborted')
          : ctx.abort('aborted', { retryAlarm: detail });
      case 'block':
        return ctx.blockConcurrencyWhile(() => this.#steps(label, detail, store));
      case 'try':
        return this.#attempt(() => this.#steps(label, detail, store));
      case 'transaction':
        return this.#attempt(() =>
          ctx.storage.transaction(async (txn) => {
            await this.#steps(label, detail, mode === 'storage' ? store : txn);
            if (options === 'rollback') txn.rollback();
            if (options === 'throw') throw new SyntaxError('undone');
          }),
        );
      case 'transactionSync':
        return this.#transactionSync(label, detail, options);
      default:
        throw new Error(`no step ${kind}`);
    }
  }

  #setAlarm(label, store, when, options, mode) {
    const time = this.history.time(when, this.scheduled);
    const set = () => store.setAlarm(mode === 'date' ? new Date(time) : time, options);
    // It always fails there: a section would reset the object, and workerd keeps what deleteAll() did in it.
    return this.history.className === 'Bare' ? this.#attempt(set) : this.#end(label, set(), mode);
  }

  #end(label, promise, mode) {
    if (mode !== 'not awaited') return promise;
    promise.catch((error) => this.#note(`${label} failed ${brief(error)}`));
    return undefined;
  }

  async #attempt(act) {
    try {
      return `${await act()}`;
    } catch (error) {
      return brief(error);
    }
  }

  /** Only what is done before it returns is part of it. */
  #transactionSync(label, steps, end) {
    const { storage } = this.ctx;
    if (this.history.className === 'Legacy') return undefined;
    try {
      storage.transactionSync(() => {
        for (const [i, step] of steps.entries()) {
          const result = this.#step(`${label}.${i}`, step, storage);
          if (result instanceof Promise)
            result.then(
              (value) => this.#note(`${label}.${i} ${step[0]} = ${value}`),
              (error) => this.#note(`${label}.${i} ${step[0]} failed ${brief(error)}`),
            );
        }
        if (end === 'throw') throw new SyntaxError('undone');
      });
      return undefined;
    } catch (error) {
      return brief(error);
    }
  }

  /** Until the Worker's request has been here. */
  async #meet() {
    this.history.isMeeting = true;
    while (this.history.isMeeting) await scheduler.wait(2);
  }
}

class WithAlarm extends Base {
  alarm(info) {
    return this.runAlarm(info);
  }
}

export class Alarmed extends WithAlarm {}
export class Legacy extends WithAlarm {}
export class Bare extends Base {}

const attempt = async (name, call) => {
  try {
    return `${name} = ${await call()}`;
  } catch (error) {
    return `${name} failed ${brief(error)}`;
  }
};

/** Until no alarm runs or is near; a handler that waits for a request gets it. @param {History} history @param {() => any} stub */
async function settled(history, stub) {
  for (let polls = 0, quiet = 0; polls < pollsMax && quiet < 2; polls += 1) {
    await scheduler.wait(pollMs);
    if (history.isMeeting) {
      const end = await attempt('visit', () => stub().run('visit', history.visit));
      history.log.push(end);
      history.isMeeting = false;
    }
    const look = await attempt('look', () => stub().look());
    quiet =
      history.running === 0 && !look.includes('near') && !look.includes('failed') ? quiet + 1 : 0;
  }
}

/** Sets an alarm, maybe, which comes due when the object was evicted. @param {History} history @param {() => any} stub */
async function sleep(history, stub) {
  history.log.push(await attempt('sleep', () => stub().run('sleep', history.sleep)));
  await scheduler.wait(sleepMs);
  if (history.hasFailed) return;
  await settled(history, stub);
  history.log.push(await attempt('look', () => stub().look()));
}

export default {
  async fetch(request, env) {
    const [, seed, mode] = new URL(request.url).pathname.split('/');
    const history = new History(Number(seed));
    histories.set(seed, history);
    const stub = () => env[history.className].getByName(seed);
    history.isEvicted = mode === 'evicted';
    if (history.isEvicted) history.rounds.splice(2); // the harness waits for 30 s
    for (const [i, calls] of history.rounds.entries()) {
      const ends = await Promise.all(
        calls.map(({ name, steps }) => attempt(name, () => stub().run(name, steps))),
      );
      await settled(history, stub);
      history.log.push(...ends, await attempt('look', () => stub().look()));
      if (history.hasFailed) break;
      if (history.isEvicted && i === 0) await sleep(history, stub);
      if (history.hasFailed) break;
    }
    if (history.hasFailed) {
      await scheduler.wait(history.isEvicted ? 2 * retryMs : retryMs); // a start that fails counts as a run
      await settled(history, stub);
      history.log.push(await attempt('look', () => stub().look()));
    }
    return new Response(history.log.join('\n'));
  },
};
