// Facets of a seed: called, aborted, deleted and started anew by their parent, which uses stubs of before on and aborts itself. What is
// compared is how each step ended, what starts, and what is stored.
import { DurableObject } from 'cloudflare:workers';
import { Random } from '../random.js';

const names = ['a', 'b', 'c'];
const flags = ['remote', 'retryable', 'overloaded', 'durableObjectReset'];

/** Of all instances: one program is one isolate. @type {string[]} */
let log = [];

const brief = (error) =>
  error instanceof Error
    ? `${error.name}: ${error.message} [${flags.filter((flag) => error[flag])}]`
    : String(error);

class Facet extends DurableObject {
  #memory = 0;

  constructor(ctx, env) {
    super(ctx, env);
    log.push(`${this.constructor.name} ${ctx.id.name} starts`);
  }
  get kind() {
    return this.constructor.name;
  }
  async put(value) {
    this.#memory += 1;
    await this.ctx.storage.put('value', value);
    return this.get();
  }
  async get() {
    return `${this.kind} ${this.#memory} ${await this.ctx.storage.get('value')}`;
  }
  async clear() {
    await this.ctx.storage.deleteAll();
  }
  fail(text) {
    throw new RangeError(text);
  }
  stop(text) {
    this.ctx.abort(text);
  }
  async inner(name, method, ...args) {
    return this.ctx.facets.get(name, () => ({ class: this.ctx.exports.Other }))[method](...args);
  }
  async section(fails) {
    return this.ctx.blockConcurrencyWhile(async () => {
      await this.put('in a section');
      if (fails) throw new TypeError('the section fails');
      return 'section';
    });
  }
}

export class One extends Facet {}
export class Other extends Facet {}

/** `mayEnd`: the facet itself, too. */
const makeCall = (r, mayEnd = true) =>
  r.weighted([
    [4, () => ['put', r.below(100)]],
    [4, () => ['get']],
    [1, () => ['clear']],
    [1, () => ['fail', `failure ${r.below(3)}`]],
    [mayEnd ? 1 : 0, () => ['stop', `stopped ${r.below(3)}`]],
    [2, () => ['section', mayEnd && r.chance(30)]],
    [3, () => ['inner', r.pick(names), r.pick(['put', 'get']), r.below(100)]],
  ])();

const makeStep = (r) =>
  r.weighted([
    [8, () => ['call', r.pick(names), r.pick(['One', 'One', 'Other']), makeCall(r)]],
    [3, () => ['both', r.pick(names), makeCall(r, false), makeCall(r, false)]],
    [3, () => ['again', r.pick(names), makeCall(r)]],
    [2, () => ['abort', r.pick(names), `aborted ${r.below(3)}`]],
    [2, () => ['delete', r.pick(names)]],
    [1, () => ['put', r.below(100)]],
    [1, () => ['deleteAll']],
  ])();

export class Parent extends DurableObject {
  #stubs = new Map();

  async run(steps) {
    for (const step of steps) {
      try {
        log.push(`${step.flat()} = ${await this.#step(...step)}`);
      } catch (error) {
        log.push(`${step.flat()} failed ${brief(error)}`);
      }
    }
    return this.ctx.storage.get('value');
  }

  stop() {
    this.ctx.abort('of the parent');
  }

  /** Two calls at the same time. */
  async #both(name, calls) {
    const stub = this.ctx.facets.get(name, () => ({ class: this.ctx.exports.One }));
    const ends = await Promise.allSettled(calls.map(([method, ...args]) => stub[method](...args)));
    return ends.map(({ value, reason }) => value ?? (reason && brief(reason))).join(' and ');
  }

  #step(kind, name, ...rest) {
    const { facets, storage, exports } = this.ctx;
    switch (kind) {
      case 'call': {
        const [className, [method, ...args]] = rest;
        const stub = facets.get(name, () => ({ class: exports[className] }));
        this.#stubs.set(name, stub);
        return stub[method](...args);
      }
      case 'again': {
        const [[method, ...args]] = rest;
        return this.#stubs.get(name)?.[method](...args);
      }
      case 'both':
        return this.#both(name, rest);
      case 'abort':
        return facets.abort(name, new SyntaxError(rest[0]));
      case 'delete':
        return facets.delete(name);
      case 'put':
        return storage.put('value', name);
      default:
        return storage.deleteAll();
    }
  }
}

export default {
  async fetch(request, env) {
    const seed = new URL(request.url).pathname.slice(1);
    const r = new Random(Number(seed));
    log = [];
    for (let round = 0; round < 3; round += 1) {
      const steps = Array.from({ length: 4 + r.below(8) }, () => makeStep(r));
      log.push(`round ${round}: ${await env.PARENT.getByName(seed).run(steps)}`);
      if (r.chance(50))
        await env.PARENT.getByName(seed)
          .stop()
          .catch((error) => log.push(brief(error)));
    }
    return new Response(log.join('\n'));
  },
};
