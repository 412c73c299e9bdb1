// Calls to one object at the same time, each a list of steps that a seed determines: storage, critical sections, transactions,
// failures. What is compared is the order in which the steps run, as the object saw it, and how each call ended.
import { DurableObject } from 'cloudflare:workers';
import { attempt, show } from '../probe.js';
import { Random } from '../random.js';

const callsMax = 5;
const stepsMax = 5;

/** @typedef {[kind: string, detail?: any]} Step */

/** @param {Random} r @param {number} depth @returns {Step[]} */
function makeSteps(r, depth) {
  return r.list(stepsMax, () => makeStep(r, depth));
}

/** @param {Random} r @param {number} depth @returns {Step} */
function makeStep(r, depth) {
  const inner = () => makeSteps(r, depth - 1);
  return r.weighted([
    [4, () => ['get', r.pick(['a', 'b'])]],
    [4, () => ['put', [r.pick(['a', 'b']), r.below(100)]]],
    [2, () => ['increment', r.pick(['a', 'b'])]],
    [1, () => ['delete', 'a']],
    [1, () => ['list']],
    [2, () => ['nothing']],
    [1, () => ['exec']],
    [1, () => ['throw', r.below(10)]],
    [depth > 0 ? 3 : 0, () => ['block', inner()]],
    [depth > 0 ? 2 : 0, () => ['transaction', inner()]],
    [depth > 0 ? 2 : 0, () => ['both', [inner(), inner()]]],
    [depth > 0 ? 2 : 0, () => ['try', inner()]],
    [depth > 0 ? 1 : 0, () => ['later', inner()]],
  ])();
}

export class Busy extends DurableObject {
  log = [];
  later = [];

  /** @param {string} name of the call @param {Step[]} steps */
  async run(name, steps) {
    this.log.push(`${name} begins`);
    try {
      return await this.#steps(name, steps);
    } finally {
      this.log.push(`${name} ends`);
    }
  }

  async history() {
    await Promise.all(this.later);
    const stored = [...(await this.ctx.storage.list())].map((entry) => show(entry));
    return [...this.log, `stored ${stored}`.replaceAll(/\s+/g, ' ')];
  }

  async #steps(name, steps) {
    const results = [];
    for (const [i, [kind, detail]] of steps.entries()) {
      const label = `${name}.${i} ${kind}`;
      this.log.push(label);
      const result = await this.#step(label, kind, detail);
      this.log.push(`${label} = ${show(result).replaceAll(/\s+/g, ' ')}`);
      results.push(result);
    }
    return results.length;
  }

  #step(label, kind, detail) {
    const { ctx } = this;
    const { storage } = ctx;
    switch (kind) {
      case 'get':
        return storage.get(detail);
      case 'put':
        return storage.put(...detail);
      case 'increment':
        return storage.get(detail).then((n = 0) => storage.put(detail, n + 1));
      case 'delete':
        return storage.delete(detail);
      case 'list':
        return storage.list();
      case 'exec':
        return storage.sql.exec('SELECT 1 AS one').one();
      case 'throw':
        throw new Error(`failure ${detail}`);
      case 'block':
        return attempt(() => ctx.blockConcurrencyWhile(() => this.#caught(label, detail)));
      case 'transaction':
        return attempt(() => storage.transaction(() => this.#steps(label, detail)));
      case 'both':
        return Promise.all(detail.map((steps, i) => this.#caught(`${label}${i}`, steps)));
      case 'try':
        return this.#caught(label, detail);
      case 'later':
        this.later.push(this.#caught(label, detail));
        return undefined;
      default:
        return undefined;
    }
  }

  /** A failure inside a critical section would break the object: that is another program's subject. */
  #caught(label, steps) {
    return attempt(() => this.#steps(label, steps));
  }
}

export default {
  async fetch(request, env) {
    const seed = new URL(request.url).pathname.slice(1);
    const r = new Random(Number(seed));
    const calls = Array.from({ length: 1 + r.below(callsMax) }, () => makeSteps(r, 2));
    const stub = env.BUSY.getByName(seed);
    const ends = await Promise.all(
      calls.map((steps, i) => attempt(() => stub.run(`call${i}`, steps))),
    );
    return new Response([...ends.map((end) => show(end)), ...(await stub.history())].join('\n'));
  },
};
