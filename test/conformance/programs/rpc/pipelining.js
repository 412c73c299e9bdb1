import {
  DurableObject,
  RpcPromise,
  RpcProperty,
  RpcStub,
  RpcTarget,
  ServiceStub,
  WorkerEntrypoint,
} from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

let log = [];

async function attempts(...actions) {
  const out = [];
  for (const action of actions) out.push(await attempt(action));
  return out;
}

async function settled() {
  await scheduler.wait(10);
  return log;
}

const probes = {
  async sent({ thing }) {
    await thing.note('first');
    const late = thing.note('a');
    thing.note('b');
    await scheduler.wait(5);
    const seen = await thing.notes();
    await late;
    return seen;
  },
  async unawaited({ entry }) {
    entry.makeDisposable('nobody awaits');
    await scheduler.wait(5);
    const held = entry.makeDisposable('held');
    await held;
    return settled();
  },
  async 'through-result'() {
    class Counter extends RpcTarget {
      #count = 0;
      increment() {
        return ++this.#count;
      }
      get count() {
        return this.#count;
      }
    }
    class Factory extends RpcTarget {
      stub() {
        return { counter: new RpcStub(new Counter()) };
      }
      target() {
        return { counter: new Counter() };
      }
    }
    const out = [];
    for (const kind of ['stub', 'target']) {
      const result = new RpcStub(new Factory())[kind]();
      const { counter } = result;
      out.push(await counter.increment(), await counter.increment(), await counter.count);
      const held = await result;
      out.push(await held.counter.increment(), await counter.increment());
      held[Symbol.dispose]();
      out.push(await attempt(() => held.counter.increment()));
    }
    return out;
  },
  async 'then-twice'({ thing }) {
    const promise = thing.makeObject();
    const [a, b] = [await promise, await promise];
    const c = await promise.then((x) => x);
    return [a === b, a === c, a];
  },
  async 'bad-arguments'({ thing, entry, target }) {
    return attempts(
      () => thing.identity(Symbol('x')),
      () => entry.identity(Symbol('x')),
      () => target.identity(Symbol('x')),
      () => target.self().identity(Symbol('x')),
      () => thing.missing(Symbol('x')),
      () => thing.makeTarget().identity({ deep: [new WeakSet()] }),
      () =>
        thing.identity({
          get x() {
            throw new RangeError('a getter of an argument');
          },
        }),
    );
  },
  async properties({ thing }) {
    const property = thing.counted;
    return [await property, await property, await property.then((x) => x), await thing.counted];
  },
  async 'by-value'() {
    const shared = { list: [] };
    const stub = new RpcStub((value) => {
      value.list.push(1);
      return shared;
    });
    const given = { list: [] };
    const result = await stub(given);
    return [given, result === shared, (await stub(given)) === result];
  },
  depth: ({ thing }) =>
    attempts(
      () => thing.makeObject().a.b.c,
      () => thing.makeObject().a.f(2),
      () => thing.makeTarget().self().self().identity('x'),
      () => thing.makeTarget().self().value,
      () => thing.makeObject().target.self().value,
      () => thing.makeObject().list[0],
      () => thing.makeObject().list.length,
      () => thing.makeObject().nothing,
      () => thing.makeObject().empty,
      () => thing.makeObject().f.name,
      async () => Object.keys(await thing.makeObject().a),
    ),
  'on-targets': async ({ thing, entry }) => {
    const promise = thing.makeTargetSlowly();
    const calls = [promise.identity(1), promise.value, promise.self().identity(2)];
    const slow = entry.makeTargetSlowly();
    return [...(await Promise.all(calls)), await slow.identity(3), await slow.missing?.toString];
  },
  'on-functions': async ({ thing }) => {
    const f = thing.makeFunction(2);
    return [
      await f(3),
      await thing.makeFunction(5)(6),
      await attempt(() => thing.makeFunction(5).own),
      await attempt(() => thing.makeFunction(5).missing()),
      await attempt(() => thing.makeObject()(1)),
      await attempt(() => thing.makeTarget()(1)),
    ];
  },
  'on-passed-on': ({ entry }) =>
    attempts(
      () => entry.passTarget().identity(1),
      () => entry.passObject().a.identity(2),
      () => entry.passObject().a.self().value,
      () => entry.passDeep().inner.box.identity(3),
      () => entry.passObject().missing.x,
      async () => (await entry.passObject()).b.identity(4),
    ),
  'on-arguments': ({ thing }) =>
    attempts(
      () => thing.useArgument(new Target()),
      () => thing.useArgument({ self: () => ({ identity: (x) => `plain ${x}` }) }),
      () =>
        thing.useArgument({
          self() {
            throw new EvalError('from the caller');
          },
        }),
    ),
  'on-primitives': ({ thing, entry }) =>
    attempts(
      () => thing.identity(5).x,
      () => thing.identity(5).x(),
      () => thing.identity('text').length,
      () => thing.identity(null).x,
      () => thing.identity(undefined).x.y,
      () => thing.identity(true)(),
      () => thing.nothing().x(),
      () => entry.identity(10n).toString,
      () => thing.identity(5).toString(),
    ),
  'on-platform': ({ thing }) =>
    attempts(
      () => thing.makeResponse().status,
      () => thing.makeResponse().text(),
      () => thing.makeDate().getTime(),
      () => thing.makeMap().size,
      () => thing.makeMap().get('k'),
      () => thing.makeError().message,
      () => thing.makeArray()[1],
      () => thing.makeArray().at(1),
      () => thing.makeBytes().length,
      () => thing.makeBytes()[0],
    ),
  async 'path-limit'({ thing, target }) {
    const deep = (holder, n) => {
      let at = holder;
      for (let i = 0; i < n; i++) at = at.x;
      return at;
    };
    return attempts(
      () => deep(thing.makeDeep(), 63).y,
      () => deep(thing.makeDeep(), 64).y,
      () => deep(thing.deep, 62).y,
      () => deep(thing.deep, 63).y,
      () => deep(target.deep, 62).y,
      () => deep(target.deep, 63).y,
      () => typeof deep(thing, 70),
      () => deep(thing, 64)(),
      () => deep(thing, 65)(),
    );
  },
  'first-rejects': ({ thing, entry, target }) =>
    attempts(
      () => thing.fails().x,
      () => thing.fails().x(),
      () => thing.fails()(),
      () => entry.fails().x(),
      () => target.fails().x(),
      () => thing.missing().x(),
      () => thing.makeTarget().fails().x.y.z(),
    ),
  /** Calls that depend on one that failed, made before and after that is known: each gets an error of its own. */
  'after-rejected': async ({ thing, entry, target }) => {
    const out = [];
    for (const callee of [thing, entry, target]) {
      for (const kind of Object.keys(failures)) {
        const first = callee.failAs(kind);
        const seen = [];
        const keep = (error) => void seen.push(error);
        await Promise.all([first.catch(keep), first.x.catch(keep), first.y.z().catch(keep)]);
        seen[0].added = 'by who saw it';
        await first.x.catch(keep);
        await first.y.z().catch(keep);
        out.push(seen, new Set(seen).size);
      }
    }
    return out;
  },
  'promises-as-arguments': ({ thing }) =>
    attempts(
      () => thing.identity(thing.makeObject()),
      () => thing.identity(thing.makeTarget()),
      () => thing.identity(thing.counted),
      () => thing.identity(Promise.resolve(1)),
    ),
  'promises-inside': ({ thing, entry }) =>
    attempts(
      () => thing.identity({ a: thing.makeObject() }),
      () => thing.identity([thing.counted]),
      () => thing.identity(new Map([['k', thing.makeObject()]])),
      () => entry.returnPromiseInside(),
      () => entry.returnPropertyInside(),
      () => entry.returnPromise(),
      () => entry.returnProperty(),
    ),
  async order({ thing }) {
    const target = thing.makeLogger();
    const calls = [];
    for (let i = 0; i < 10; i++) calls.push(target.note(i));
    await Promise.all(calls);
    return target.entries();
  },
  async 'order-before-resolve'({ thing }) {
    const target = thing.makeLoggerSlowly();
    const calls = [target.note('a'), target.child().note('b'), target.note('c')];
    await Promise.all(calls);
    const loose = thing.note('after');
    await loose;
    return [await target.entries(), await thing.notes()];
  },
  async 'dispose-promise'({ entry }) {
    const promise = entry.makeTarget();
    await promise;
    promise[Symbol.dispose]();
    promise[Symbol.dispose]();
    return attempts(
      () => promise.identity(1),
      () => promise.value,
      () => promise.then((x) => typeof x),
      async () => (await promise).identity(1),
    );
  },
  async 'dispose-before'({ entry }) {
    const promise = entry.makeTargetSlowly();
    const call = promise.identity('sent before');
    promise[Symbol.dispose]();
    return attempts(
      () => call,
      () => promise.identity(1),
      () => promise.then((x) => typeof x),
    );
  },
  async 'pipeline-then-dispose'({ entry }) {
    const promise = entry.makeObjectOfTargets();
    const inner = await promise.a.self();
    const direct = await promise.b;
    promise[Symbol.dispose]();
    return attempts(
      () => inner.value,
      () => direct.value,
    );
  },
  shapes: async ({ thing, entry, target }) => {
    const promise = thing.identity({});
    const property = thing.x;
    const out = [
      promise instanceof RpcPromise,
      property instanceof RpcProperty,
      property instanceof RpcPromise,
      promise instanceof Promise,
      promise.x instanceof RpcProperty,
      target instanceof RpcStub,
      target.x instanceof RpcProperty,
      target.identity(1) instanceof RpcPromise,
      entry instanceof ServiceStub,
      thing instanceof ServiceStub,
      thing instanceof RpcStub,
      Object.getPrototypeOf(property) === RpcProperty.prototype,
      typeof promise,
      typeof property,
      Object.keys(promise),
      Object.keys(property),
      Object.prototype.toString.call(property),
      Object.prototype.toString.call(promise),
      typeof promise[Symbol.dispose],
      typeof property[Symbol.dispose],
      typeof property.dup,
      typeof promise.dup,
    ];
    await promise;
    return out;
  },
  constructors: ({ thing }) => [
    attemptSync(() => new RpcPromise()),
    attemptSync(() => new RpcProperty()),
    attemptSync(() => new ServiceStub()),
    attemptSync(() => RpcPromise()),
    attemptSync(() => typeof new RpcTarget()),
    attemptSync(() => RpcTarget()),
    attemptSync(() => RpcStub()),
    attemptSync(() => new RpcStub()),
    [RpcPromise.name, RpcProperty.name, RpcStub.name, ServiceStub.name, RpcTarget.name],
    attemptSync(() => Object.getPrototypeOf(RpcProperty.prototype) === RpcPromise.prototype),
    attemptSync(() => thing.constructor === ServiceStub),
  ],
};

const failures = {
  range: () => new RangeError('fails'),
  own: () => Object.assign(new Error('fails'), { name: 'Own', retryable: true, list: [1] }),
  dom: () => Object.assign(new DOMException('fails', 'DataError'), { retryable: true, a: 1 }),
  object: () => ({ a: 1, overloaded: true }),
  withFunction: () => Object.assign(new Error('fails'), { f() {}, overloaded: true }),
  text: () => 'a text',
};
/** @param {...Function} Classes */
function addFailures(...Classes) {
  for (const { prototype } of Classes)
    prototype.failAs = (kind) => {
      throw failures[kind]();
    };
}

class Target extends RpcTarget {
  self() {
    return this;
  }
  identity(value) {
    return value;
  }
  get value() {
    return 'value';
  }
  get deep() {
    return deepObject(80);
  }
  fails() {
    throw new SyntaxError('of a target');
  }
}

class Logger extends RpcTarget {
  #entries;
  constructor(entries = []) {
    super();
    this.#entries = entries;
  }
  note(entry) {
    this.#entries.push(entry);
  }
  child() {
    return new Logger(this.#entries);
  }
  entries() {
    return this.#entries;
  }
}

function deepObject(depth) {
  let result = { y: 'the end' };
  for (let i = 0; i < depth; i++) result = { x: result, y: `level ${i}` };
  return result;
}

function makeObject() {
  const f = (x) => x * 2;
  return {
    a: { b: { c: 'c' }, f },
    f,
    list: [7, 8],
    target: new Target(),
    nothing: undefined,
    empty: null,
  };
}

function makeFunction(n) {
  const f = (m) => n * m;
  f.own = 'own';
  return f;
}

export class Thing extends DurableObject {
  #notes = [];
  #reads = 0;
  note(entry) {
    this.#notes.push(entry);
  }
  notes() {
    return this.#notes;
  }
  get counted() {
    return ++this.#reads;
  }
  get deep() {
    return deepObject(80);
  }
  makeDeep() {
    return deepObject(80);
  }
  identity(value) {
    return value;
  }
  nothing() {}
  fails() {
    throw new RangeError('the first call fails');
  }
  makeObject() {
    return makeObject();
  }
  makeFunction(n) {
    return makeFunction(n);
  }
  makeTarget() {
    return new Target();
  }
  async makeTargetSlowly() {
    await scheduler.wait(5);
    return new Target();
  }
  makeLogger() {
    return new Logger();
  }
  async makeLoggerSlowly() {
    await scheduler.wait(5);
    return new Logger();
  }
  useArgument(argument) {
    return argument.self().identity('given');
  }
  makeResponse() {
    return new Response('text', { status: 201 });
  }
  makeDate() {
    return new Date(5);
  }
  makeMap() {
    return new Map([['k', 1]]);
  }
  makeError() {
    return new TypeError('a value');
  }
  makeArray() {
    return [1, 2];
  }
  makeBytes() {
    return new Uint8Array([9, 8]);
  }
}

export class Entry extends WorkerEntrypoint {
  identity(value) {
    return value;
  }
  fails() {
    throw new RangeError('the entrypoint fails');
  }
  makeTarget() {
    return new Target();
  }
  makeObjectOfTargets() {
    return { a: new Target(), b: new Target() };
  }
  async makeTargetSlowly() {
    await scheduler.wait(5);
    return new Target();
  }
  passTarget() {
    return this.ctx.exports.Entry.makeTarget();
  }
  passObject() {
    return this.ctx.exports.Entry.makeObjectOfTargets();
  }
  async passDeep() {
    const { a } = await this.ctx.exports.Entry.makeObjectOfTargets();
    return { inner: { box: a } };
  }
  makeDisposable(name) {
    return {
      target: new Target(),
      [Symbol.dispose]() {
        log.push(`disposed ${name}`);
      },
    };
  }
  returnPromise() {
    return this.env.T.getByName('other').identity('through a promise');
  }
  returnProperty() {
    return this.env.T.getByName('other').counted;
  }
  returnPromiseInside() {
    return { p: this.env.T.getByName('other').identity(1) };
  }
  returnPropertyInside() {
    return [this.env.T.getByName('other').counted];
  }
}

addFailures(Target, Thing, Entry);

export default {
  fetch(request, { T }, { exports }) {
    log = [];
    const bound = Object.entries(probes).map(([name, probe]) => [
      name,
      async () => {
        const target = new RpcStub(new Target());
        return probe({ thing: T.getByName(name), entry: exports.Entry, target });
      },
    ]);
    return answer(Object.fromEntries(bound), request, null);
  },
};
