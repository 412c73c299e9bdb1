// The order of calls that are made in one turn and not awaited, to several targets at once, objects and Workers. What is compared is the order at each target of the calls of one kind, and of their answers. The order among targets is that of
// steps of workerd's event loop: see docs/compatibility.md.
import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import { Random } from '../random.js';

/** Of all sides, by target and kind; one program is one isolate. @type {Map<string, string[]>} */
let log = new Map();

function note(where, what) {
  if (!log.has(where)) log.set(where, []);
  log.get(where).push(what);
}

/** @template {new (...args: any[]) => {label: string}} T @param {T} Base */
const called = (Base) =>
  class extends Base {
    async rpc(n, waits) {
      note(`${this.label} rpc`, n);
      for (let i = 0; i < waits; i += 1) await null;
      return n;
    }
    async fetch(request) {
      const { pathname } = new URL(request.url);
      note(`${this.label} ${request.method}`, pathname);
      return new Response(`${pathname} ${await request.text()}`);
    }
    go(seed, steps) {
      return callAll(this.env, seed, steps);
    }
  };

class Base extends DurableObject {
  get label() {
    return this.ctx.id.name.split(' ')[0];
  }
}
export class Thing extends called(Base) {}

class Entry extends WorkerEntrypoint {
  label = 'service';
}
export class Service extends called(Entry) {}

const targetOf = (env, seed, name) =>
  name === 'service' ? env.SERVICE : env.THING.getByName(`${name} ${seed}`);

/** Calls all before any is answered. */
async function callAll(env, seed, steps) {
  const ends = steps.map(({ name, kind, waits }, i) => {
    const target = targetOf(env, seed, name);
    const answer =
      kind === 'rpc'
        ? target.rpc(i, waits)
        : target
            .fetch(`http://x/${i}`, kind === 'POST' ? { method: kind, body: 'sent' } : undefined)
            .then((response) => response.text());
    return answer.then((value) => note(`${name} ${kind} answers`, value));
  });
  await Promise.all(ends);
}

const objects = ['a', 'b', 'c', 'caller'];

const makeStep = (r) => ({
  name: r.pick(['a', 'b', 'c', 'service']),
  kind: r.pick(['rpc', 'rpc', 'GET', 'POST']),
  waits: r.below(3),
});

export default {
  async fetch(request, env) {
    const seed = new URL(request.url).pathname.slice(1);
    const r = new Random(Number(seed));
    const lines = [];
    // workerd may give an object that has to start its calls in another order.
    for (const name of objects) await targetOf(env, seed, name).rpc();
    for (let round = 0; round < 4; round += 1) {
      log = new Map();
      const steps = Array.from({ length: 1 + r.below(10) }, () => makeStep(r));
      const caller = r.pick(['worker', 'caller', 'service']);
      if (caller === 'worker') await callAll(env, seed, steps);
      else await targetOf(env, seed, caller).go(seed, steps);
      const shown = [...log].map(([where, what]) => `  ${where}: ${what.join(', ')}`).sort();
      lines.push(`round ${round} of ${caller}`, ...shown);
    }
    return new Response(lines.join('\n'));
  },
};
