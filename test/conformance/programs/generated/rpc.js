// Plans that a seed determines (rpc-plan.js), which objects, Workers, targets and functions carry out: each step makes something, calls
// somebody, who may get a plan of its own with what the caller has, reads properties, disposes, or aborts. What is compared is how each step
// ended, and what was disposed of. Steps come one after the other, but for results that are used before they are there.
import { DurableObject, RpcStub, RpcTarget, WorkerEntrypoint } from 'cloudflare:workers';
import { Random } from '../random.js';
import { makePlan } from './rpc-plan.js';

/** Of all sides: one program is one isolate. @type {string[]} */
let log = [];
/** @type {Map<string, number>} */
let uses = new Map();

function note(id, text) {
  log.push(`${id} ${text}`);
}

/** A name that is used again gets a number. */
function fresh(id) {
  const count = (uses.get(id) ?? 0) + 1;
  uses.set(id, count);
  return count === 1 ? id : `${id}(${count})`;
}

class Own extends Error {
  name = 'Own';
}
class NoTarget {
  x = 1;
}
const errorTypes = { Error, TypeError, RangeError, Own };

/** What a Worker that was called has given out may end with its context, without a word. */
function noteDisposal(place, name) {
  if (!place.name.startsWith('service')) note('-', `${name} disposed`);
}

/** Where code runs: whose `env` it has, and whether it can abort. */
class Place {
  constructor(name, env, seed, ctx) {
    Object.assign(this, { name, env, seed, ctx });
  }
  at(name) {
    if (name === 'service') return this.env.SERVICE;
    if (name === 'other') return this.env.OTHER;
    return this.env.NODE.getByName(`${name} ${this.seed}`);
  }
}

/** A value in few words; of a stub that it is one. */
function brief(value, depth = 3) {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'stub';
  if (typeof value === 'symbol') return 'symbol';
  if (typeof value !== 'object' || value === null) return String(value);
  if (depth === 0) return '…';
  const inner = (item) => brief(item, depth - 1);
  if (value instanceof Error || value instanceof DOMException) return briefError(value, inner);
  if (Array.isArray(value)) return `[${value.map(inner).join(', ')}]`;
  if (value instanceof Map) return `Map ${inner([...value])}`;
  if (Object.getPrototypeOf(value) !== Object.prototype)
    return Object.prototype.toString.call(value);
  const disposer = Object.hasOwn(value, Symbol.dispose) ? ' disposable' : '';
  return `{${Object.entries(value).map(([key, item]) => `${key}: ${inner(item)}`)}}${disposer}`;
}

function briefError(error, inner) {
  const hidden = ['stack', 'durableObjectId', 'message', 'name', 'code'];
  const keys = Object.getOwnPropertyNames(error).filter((key) => !hidden.includes(key));
  const members = keys.sort().map((key) => `${key}: ${inner(error[key])}`);
  return `${error.constructor.name} ${error.name}: ${error.message} {${members}}`;
}

/** Carries out one plan in one place. */
class Run {
  #place;
  #id;
  #handles;
  #pending = [];

  constructor(place, id, given) {
    this.#place = place;
    this.#id = id;
    this.#handles = [...given];
  }

  async all({ steps, returns, throws }) {
    for (const [i, step] of steps.entries()) {
      if (step.does === 'abort') this.#abort(i);
      await this.#one(step, `${this.#id}.${i}`);
    }
    await Promise.all(this.#pending);
    if (throws) throw this.#make(throws, `${this.#id}.end`);
    return this.#make(returns, `${this.#id}.end`);
  }

  /** On workerd nothing of the object runs after it. */
  #abort(i) {
    const { ctx } = this.#place;
    if (!ctx?.storage) return;
    note(`${this.#id}.${i}`, 'abort');
    ctx.abort(`aborted at ${this.#id}`);
  }

  async #one(step, id) {
    const before = this.#handles.length;
    try {
      note(id, `${await this[`_${step.does}`](step, id)}`);
    } catch (error) {
      note(id, `${step.does} threw ${brief(error)}`);
    }
    if (step.adds && this.#handles.length === before) this.#handles.push(undefined);
  }

  #callee({ place, handle, path }) {
    let value = place === undefined ? this.#handles[handle] : this.#place.at(place);
    for (const key of path) value = value[key];
    return value;
  }

  async _call({ on, method, args, plan, awaits }, id) {
    const given = args.map((value) => this.#make(value, id));
    const all = plan ? [plan, id, this.#place.seed, given] : given;
    const callee = this.#callee(on);
    const called = `${on.place ?? `h${on.handle}`}.${[...on.path, method].join('.')}`;
    const result = method === undefined ? callee(...all) : callee[method](...all);
    return this.#keep(id, called, result, awaits);
  }

  async _get({ on, awaits }, id) {
    return this.#keep(id, `get h${on.handle}.${on.path.join('.')}`, this.#callee(on), awaits);
  }

  async #keep(id, what, result, awaits) {
    this.#handles.push(result);
    if (awaits) return `${what} = ${brief(await result)}`;
    this.#pending.push(
      Promise.resolve(result).then(
        (value) => note(`${id}+`, brief(value)),
        (error) => note(`${id}+`, `failed ${brief(error)}`),
      ),
    );
    return what;
  }

  async _await({ handle }) {
    const value = await this.#handles[handle];
    this.#handles.push(value);
    return `h${handle} is ${brief(value)}`;
  }

  async _dispose({ handle }) {
    const value = this.#handles[handle];
    if (value === undefined || value === null) return 'nothing to dispose of';
    value[Symbol.dispose]();
    return `disposed h${handle}`;
  }

  async _dup({ handle }) {
    try {
      this.#handles.push(this.#handles[handle].dup());
    } catch (error) {
      // On workerd an internal error with a reference of its own.
      if (/^internal error|after being disposed/.test(error.message)) return 'refused';
      throw error;
    }
    return `dup h${handle}`;
  }

  async _make({ value }, id) {
    this.#handles.push(this.#make(value, id));
    return `made ${value.is}`;
  }

  async _wait() {
    await scheduler.wait(1);
    return 'waited';
  }

  #make(spec, id) {
    switch (spec.is) {
      case 'plain':
        return spec.value;
      case 'handle':
        return this.#handles[spec.handle];
      case 'place':
        return this.#place.at(spec.place);
      case 'target':
        return new Target(this.#place, fresh(`target ${id}`));
      case 'stub':
        return new RpcStub(new Target(this.#place, fresh(`target ${id}`)));
      case 'function':
        return makeFunction(this.#place, fresh(`function ${id}`), spec.plan);
      case 'holder':
        return makeHolder(
          this.#place,
          spec.kind,
          spec.values.map((value) => this.#make(value, id)),
          fresh(`holder ${id}`),
        );
      case 'error':
        return this.#error(spec, id);
      case 'body':
        return makeBody[spec.kind]();
      default:
        return makeUncloneable[spec.kind]();
    }
  }

  #error({ type, members }, id) {
    let error;
    if (type === 'DOMException') error = new DOMException('of a plan', 'DataError');
    else if (type === 'AggregateError') error = new AggregateError([1], 'of a plan');
    else error = new errorTypes[type]('of a plan');
    for (const [name, value] of members) {
      try {
        error[name] = this.#make(value, id);
      } catch {
        // of a DOMException
      }
    }
    return error;
  }
}

function makeHolder(place, kind, values, name) {
  if (kind === 'list') return values;
  if (kind === 'map') return new Map(values.map((value, i) => [i, value]));
  const names = ['value', 'nested', 'fn'];
  const object = Object.fromEntries(values.map((value, i) => [names[i], value]));
  if (kind === 'disposable') object[Symbol.dispose] = () => noteDisposal(place, name);
  return object;
}

function makeFunction(place, name, plan) {
  const f = plan
    ? (...args) => new Run(place, fresh(name), args.slice(0, 1)).all(plan)
    : (value) => value;
  f[Symbol.dispose] = () => noteDisposal(place, name);
  return f;
}

const makeBody = {
  stream: () => new Response('streamed').body,
  bytesStream: () => new Blob(['bytes']).stream(),
  request: () => new Request('http://x/path', { method: 'POST', body: 'asked' }),
  response: () => new Response('answered', { status: 201, headers: { 'x-a': 'b' } }),
  headers: () => new Headers({ a: 'b' }),
  blob: () => new Blob(['blob']),
};

const makeUncloneable = {
  symbol: () => Symbol('s'),
  weakMap: () => new WeakMap(),
  class: () => new NoTarget(),
  promise: () => Promise.resolve(1),
  generator: () => (function* () {})(),
  holdsSymbol: () => ({ fn: () => {}, nested: Symbol('s') }),
};

async function textOf(value) {
  if (value instanceof ReadableStream) return new Response(value).text();
  if (value instanceof Headers) return JSON.stringify([...value]);
  return value.text();
}

/** What objects, entrypoints and targets do alike. `this.place`: where they are. */
const methods = {
  run(plan, id, seed, given) {
    return new Run(this.placeOf(seed), id, given).all(plan);
  },
  echo: (value) => value,
  wrap(value) {
    return { value, list: [value], nested: { value } };
  },
  hello() {
    return `hello from ${this.label}`;
  },
  keep(value) {
    this.kept = value;
  },
  keepDup(value) {
    this.kept = value.dup();
  },
  useKept(value) {
    return typeof this.kept?.hello === 'function' ? this.kept.hello() : this.kept(value);
  },
  give() {
    return this.kept;
  },
  giveDup() {
    return this.kept.dup();
  },
  async callIt(f, value) {
    return f(value);
  },
  returnsCall: (f, value) => f(value),
  async passOn(f, target) {
    return target.callIt(f, 'passed on');
  },
  read: (value) => textOf(value),
  async later(value) {
    await scheduler.wait(2);
    return value;
  },
};

const getters = {
  getter() {
    return { nested: { value: 1 }, fn: () => 'of a getter' };
  },
  target() {
    return new Target(this.placeOf(''), fresh(`target of ${this.label}`));
  },
  thrower() {
    throw new RangeError(`a getter of ${this.label}`);
  },
  async promise() {
    await null;
    return { value: 'promised' };
  },
};

function addMembers(Class) {
  for (const [name, method] of Object.entries(methods))
    Object.defineProperty(Class.prototype, name, { value: method });
  for (const [name, get] of Object.entries(getters))
    Object.defineProperty(Class.prototype, name, { get });
}

class Target extends RpcTarget {
  #place;
  #name;
  constructor(place, name) {
    super();
    this.#place = place;
    this.#name = name;
    this.own = 'not to be seen';
  }
  get label() {
    return this.#name;
  }
  placeOf() {
    return this.#place;
  }
  [Symbol.dispose]() {
    noteDisposal(this.#place, this.#name);
  }
}
addMembers(Target);

export class Node extends DurableObject {
  own = 'not to be seen';
  get label() {
    return this.ctx.id.name.split(' ')[0];
  }
  placeOf() {
    return new Place(this.label, this.env, this.ctx.id.name.split(' ')[1], this.ctx);
  }
  fetch() {
    return new Response('fetched');
  }
}
addMembers(Node);

export class Service extends WorkerEntrypoint {
  get label() {
    return `service ${this.ctx.props.given}`;
  }
  placeOf(seed) {
    return new Place(this.label, this.env, seed, this.ctx);
  }
}
addMembers(Service);

async function run(seed, env) {
  log = [];
  uses = new Map();
  const plan = makePlan(new Random(Number(seed)));
  try {
    const end = await new Run(new Place('worker', env, seed), 'w', []).all(plan);
    note('w', `returned ${brief(end)}`);
  } catch (error) {
    note('w', `threw ${brief(error)}`);
  }
  await scheduler.wait(10); // Workers that were called end now and then, and what they drop is of this one
}

export default {
  async fetch(request, env) {
    const [, action, seed] = new URL(request.url).pathname.split('/');
    if (action === 'log') {
      await scheduler.wait(20); // for what is disposed of at the end
      return new Response(log.sort().join('\n'));
    }
    await run(seed, env);
    return new Response('over');
  },
};
