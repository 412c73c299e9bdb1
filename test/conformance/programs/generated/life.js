// The life of an object as a seed has it: calls at the same time that throw, abort, fail critical sections and leave work behind, starts
// that fail, stubs that are used on. What is compared is how each call ended, with the marks of its error, and what the object saw.
import { DurableObject } from 'cloudflare:workers';
import { Random } from '../random.js';

/** What the object saw; one program is one isolate. @type {string[]} */
let log = [];
/** How its calls ended. @type {string[]} */
let ends = [];
let starts = 0;
/** @type {Random} decides how starts end */
let luck;

const flags = ['remote', 'retryable', 'overloaded', 'durableObjectReset'];

const brief = (error) =>
  error instanceof Error
    ? `${error.name}: ${error.message} [${flags.filter((flag) => error[flag])}]`
    : String(error);

/** @param {Random} r @param {number} depth */
function makeSteps(r, depth) {
  return r.list(3, () => {
    const inner = () => makeSteps(r, depth - 1);
    return r.weighted([
      [4, () => ['get']],
      [4, () => ['put', r.below(100)]],
      [2, () => ['sync']],
      [1, () => ['tick']],
      [2, () => ['throw', r.pick(['plain', 'retryable', 'overloaded', 'text'])]],
      [2, () => ['abort', r.pick(['error', 'nothing', 'text'])]],
      [depth > 0 ? 3 : 0, () => ['block', inner()]],
      [depth > 0 ? 2 : 0, () => ['later', inner()]],
      [depth > 0 ? 2 : 0, () => ['try', inner()]],
      [depth > 0 ? 2 : 0, () => ['transaction', inner()]],
    ])();
  });
}

function failure(kind) {
  if (kind === 'text') return 'a text';
  const error = new RangeError(`failure ${kind}`);
  if (kind !== 'plain') error[kind] = true;
  return error;
}

export class Life extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    starts += 1;
    this.n = starts;
    log.push(`start ${this.n}`);
    const end = luck.below(10);
    if (end === 0) throw new TypeError(`start ${this.n} throws`);
    if (end === 1)
      ctx.blockConcurrencyWhile(async () => {
        await ctx.storage.get('a');
        throw new TypeError(`start ${this.n} fails`);
      });
    if (end === 2)
      ctx.blockConcurrencyWhile(async () => {
        this.read = await ctx.storage.get('a');
        log.push(`start ${this.n} read ${this.read}`);
      });
  }

  async run(name, steps) {
    this.#note(`${name} begins`);
    await this.#steps(name, steps);
    this.#note(`${name} ends`);
    return `${name} went`;
  }

  /** The end of an object ends its code on workerd, and makes what it calls throw here: what runs then is not compared. */
  #note(line) {
    if (!this.isOver) log.push(`${this.n} ${line}`);
  }

  async stored() {
    return this.ctx.storage.get('a');
  }

  async #steps(name, steps) {
    for (const [i, [kind, detail]] of steps.entries()) {
      const label = `${name}.${i} ${kind}`;
      this.#note(label);
      const result = await this.#step(label, kind, detail);
      if (kind === 'get' || kind === 'try') this.#note(`${label} = ${result}`);
    }
  }

  #step(label, kind, detail) {
    const { ctx } = this;
    switch (kind) {
      case 'get':
        return ctx.storage.get('a');
      case 'put':
        return ctx.storage.put('a', detail);
      case 'sync':
        return ctx.storage.sync();
      case 'tick':
        return undefined;
      case 'throw':
        throw failure(detail);
      case 'abort':
        this.isOver = true;
        return detail === 'nothing'
          ? ctx.abort()
          : ctx.abort(failure(detail === 'text' ? 'text' : 'plain'));
      case 'block':
        return ctx.blockConcurrencyWhile(() => this.#steps(label, detail));
      case 'later':
        ctx.waitUntil(
          this.#steps(label, detail).catch((error) => {
            if (!error.durableObjectReset) this.#note(`${label} ${brief(error)}`);
          }),
        );
        return undefined;
      case 'transaction':
        return ctx.storage.transaction(() => this.#steps(label, detail));
      default:
        return this.#steps(label, detail).catch(brief);
    }
  }
}

/** Gives how it failed: workerd lets an error of RPC out before what was written is durable, so its place is not compared (S1.9.8). */
async function attempt(name, call) {
  try {
    ends.push(`${name} = ${await call()}`);
    return [];
  } catch (error) {
    return [`${name} failed ${brief(error)}`];
  }
}

export default {
  async fetch(request, env) {
    const seed = new URL(request.url).pathname.slice(1);
    const r = new Random(Number(seed));
    log = [];
    ends = [];
    starts = 0;
    luck = new Random(Number(seed) + 1_000_000);
    let stub = env.LIFE.getByName(seed);
    const rounds = 1 + r.below(4);
    for (let round = 0; round < rounds; round += 1) {
      if (r.chance(40)) stub = env.LIFE.getByName(seed);
      const calls = Array.from({ length: 1 + r.below(3) }, () => makeSteps(r, 2));
      const failed = await Promise.all(
        calls.map((steps, i) =>
          attempt(`call${round}${i}`, () => stub.run(`call${round}${i}`, steps)),
        ),
      );
      ends.push(...failed.flat(), `round ${round} over`);
    }
    for (let i = 0; i < 3; i += 1)
      ends.push(...(await attempt(`stored${i}`, () => env.LIFE.getByName(seed).stored())));
    return new Response([...ends, '', ...log].join('\n'));
  },
};
