// Calls of objects and Workers in an order that a seed determines: stubs, functions and targets that go back and forth, results that
// are used before they are there, duplicates, disposal at any time. What is compared is how each step ended, what was called, and what
// was disposed of; not the order, for many calls are under way at once.
import { DurableObject, RpcTarget, WorkerEntrypoint } from 'cloudflare:workers';
import { Random } from '../random.js';

const stepsMax = 14;

/** Of all sides: one program is one isolate. @type {string[]} */
let log = [];
/** Whose code makes things now; each numbers its own, for who comes first among several is not compared. */
let maker = 'worker';
/** @type {Record<string, number>} */
let made = {};

function makeName(kind) {
  made[maker] = (made[maker] ?? 0) + 1;
  return `${kind} ${maker} ${made[maker]}`;
}

/** What a Worker that was called has given out may end with its context, without a word. */
function noteDisposal(name) {
  if (!name.includes(' service ')) log.push(`${name} disposed`);
}

class Counter extends RpcTarget {
  #name = makeName('counter');
  #value = 0;
  add(n) {
    log.push(`${this.#name} add ${n}`);
    this.#value += n;
    return this.#value;
  }
  get value() {
    log.push(`${this.#name} value`);
    return this.#value;
  }
  self() {
    return this;
  }
  async call(f, n) {
    log.push(`${this.#name} calls`);
    return f(n);
  }
  fail(n) {
    throw new RangeError(`${this.#name} fails ${n}`);
  }
  [Symbol.dispose]() {
    noteDisposal(this.#name);
  }
}

/** A function that can be disposed of. */
function adder() {
  const name = makeName('adder');
  const add = (n) => {
    log.push(`${name} ${n}`);
    return n + 1;
  };
  add[Symbol.dispose] = () => noteDisposal(name);
  return add;
}

/** What objects and entrypoints do alike. */
const methods = {
  echo: (value) => value,
  counter: () => new Counter(),
  adder: () => adder(),
  bundle: () => ({ counter: new Counter(), add: adder(), n: 7, inner: { counter: new Counter() } }),
  list: () => [new Counter(), 1],
  async call(f, n) {
    log.push('call');
    const result = await f(n);
    log.push('called');
    return result;
  },
  async addTo(counter, n) {
    return counter.add(n);
  },
  async twice(counter) {
    const [a, b] = await Promise.all([counter.add(1), counter.add(10)]);
    return [a, b];
  },
  fail(n) {
    throw new TypeError(`fails ${n}`);
  },
  nothing() {},
};

const keeping = {
  keep(thing) {
    this.kept?.[Symbol.dispose]?.();
    this.kept = thing.dup?.() ?? thing;
  },
  async kept() {
    return this.kept;
  },
  async useKept(n) {
    return typeof this.thing === 'function' ? this.thing(n) : this.thing.add(n);
  },
  hold(thing) {
    this.thing = thing.dup();
  },
  drop() {
    this.thing?.[Symbol.dispose]();
    this.thing = undefined;
  },
};

function addMethods(Class, ...lists) {
  for (const list of lists)
    for (const [name, method] of Object.entries(list))
      Class.prototype[name] = function (...args) {
        log.push(`${this.name} ${name}`);
        maker = this.name;
        try {
          return method.apply(this, args);
        } finally {
          maker = 'worker';
        }
      };
}

export class Thing extends DurableObject {
  get name() {
    return this.ctx.id.name.split(' ')[0];
  }
  async relay(name, method, ...args) {
    return this.env.THING.getByName(`${name} ${this.ctx.id.name.split(' ')[1]}`)[method](...args);
  }
}
addMethods(Thing, methods, keeping);

export class Service extends WorkerEntrypoint {
  get name() {
    return `service ${this.ctx.props.given}`;
  }
}
addMethods(Service, methods);

/** A value in few words; of a stub that it is one. */
function brief(value) {
  if (value instanceof Error) {
    const flags = ['remote', 'retryable', 'overloaded', 'durableObjectReset'];
    return `${value.name}: ${value.message} [${flags.filter((flag) => value[flag])}]`;
  }
  if (typeof value === 'function') return 'function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(brief)}]`;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype) return 'stub';
  return `{${Object.entries(value).map(([key, item]) => `${key}: ${brief(item)}`)}}`;
}

const paths = [
  [],
  [],
  [],
  [],
  [],
  ['counter'],
  ['inner', 'counter'],
  ['add'],
  ['n'],
  ['missing'],
  ['0'],
];

class Run {
  #r;
  /** @type {{name: string, value: any}[]} */
  #handles;
  #pending = [];

  constructor(seed, env) {
    this.#r = new Random(seed);
    this.#handles = [
      { name: 'a', value: env.THING.getByName(`a ${seed}`) },
      { name: 'b', value: env.THING.getByName(`b ${seed}`) },
      { name: 'service', value: env.SERVICE },
    ];
  }

  async all() {
    const steps = 3 + this.#r.below(stepsMax);
    for (let i = 0; i < steps; i += 1) {
      try {
        await this.#step(`step${i}`);
      } catch (error) {
        log.push(`step${i} threw ${brief(error)}`);
      }
    }
    await Promise.all(this.#pending);
  }

  #step(name) {
    const r = this.#r;
    return r.weighted([
      [6, () => this.#call(name, r.pick(this.#handles.slice(0, 3)))],
      [6, () => this.#call(name, r.pick(this.#handles))],
      [3, () => this.#await(name, r.pick(this.#handles))],
      [2, () => this.#dispose(name, r.pick(this.#handles))],
      [1, () => this.#dup(name, r.pick(this.#handles))],
      [2, () => this.#property(name, r.pick(this.#handles))],
    ])();
  }

  #argument() {
    const r = this.#r;
    return r.weighted([
      [3, () => r.below(10)],
      [2, () => adder()],
      [2, () => new Counter()],
      [4, () => r.pick(this.#handles).value],
      [1, () => undefined],
      [1, () => ({ counter: new Counter(), n: r.below(10) })],
    ])();
  }

  #call(name, { name: of, value }) {
    const r = this.#r;
    const method = r.pick([
      ...Object.keys(methods),
      ...Object.keys(keeping),
      ...['add', 'add', 'self', 'call', 'fail', 'relay'],
    ]);
    const args = method === 'relay' ? ['b', r.pick(['counter', 'fail', 'echo'])] : [];
    args.push(...r.list(2, () => this.#argument()));
    const path = r.pick(paths);
    const isDirect = r.chance(15);
    log.push(`${name} ${of}.${[...path, isDirect ? '()' : method].join('.')}`);
    let target = value;
    for (const key of path) target = target[key];
    this.#note(name, isDirect ? target(...args) : target[method](...args));
  }

  #property(name, { name: of, value }) {
    const path = this.#r.pick(paths);
    log.push(`${name} ${of}.${[...path, 'value'].join('.')}`);
    let target = value;
    for (const key of path) target = target[key];
    this.#note(name, target.value);
  }

  /** A result that may not be there yet is a handle, too. */
  #note(name, result) {
    this.#handles.push({ name, value: result });
    this.#pending.push(
      Promise.resolve(result).then(
        (value) => void log.push(`${name} = ${brief(value)}`),
        (error) => void log.push(`${name} failed ${brief(error)}`),
      ),
    );
    return this.#r.chance(50) ? this.#pending.at(-1) : undefined;
  }

  async #await(name, handle) {
    log.push(`${name} await ${handle.name}`);
    const value = await handle.value;
    log.push(`${name} = ${brief(value)}`);
    this.#handles.push({ name, value });
  }

  #dispose(name, handle) {
    log.push(`${name} dispose ${handle.name}`);
    handle.value?.[Symbol.dispose]();
  }

  #dup(name, handle) {
    log.push(`${name} dup ${handle.name}`);
    this.#handles.push({ name, value: handle.value.dup() });
  }
}

export default {
  async fetch(request, env) {
    const [, action, seed] = new URL(request.url).pathname.split('/');
    if (action === 'log') {
      await scheduler.wait(20); // for what is disposed of at the end
      return new Response(log.sort().join('\n'));
    }
    log = [];
    made = {};
    await new Run(Number(seed), env).all();
    log.push('the end');
    return new Response('over');
  },
};
