import { DurableObject, RpcStub, RpcTarget, WorkerEntrypoint } from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

let log = [];

class Counter extends RpcTarget {
  #n = 0;
  #name;
  constructor(name = 'counter') {
    super();
    this.#name = name;
  }
  increment() {
    return ++this.#n;
  }
  async slow() {
    await scheduler.wait(500);
    return 'slow';
  }
  child() {
    return new Counter(`child of ${this.#name}`);
  }
  [Symbol.dispose]() {
    log.push(`disposed ${this.#name}`);
  }
}

/** What objects and targets do alike with what they get. */
const sent = {
  echo: (value) => value,
  disposes(stub) {
    stub[Symbol.dispose]();
    return stub;
  },
  disposesNested(stub) {
    stub[Symbol.dispose]();
    return { stub };
  },
  holdsSymbol: () => ({ member: Symbol('s') }),
  async tries(stub) {
    const all = [
      await attempt(() => stub.increment()),
      await attempt(() => stub.property.inner),
      await attempt(() => stub()),
      await attempt(() => stub.dup().increment()),
    ];
    return all.map(({ text }) => text);
  },
};
const addSent = ({ prototype }) => Object.assign(prototype, sent);
class Sent extends RpcTarget {}
addSent(Sent);

/** What was disposed of by now. Disposers run some turns after the last handle goes. */
async function disposals() {
  await scheduler.wait(10);
  return log.splice(0);
}

const probes = {
  construct: () => [
    attemptSync(() => typeof new RpcStub(new Counter())),
    attemptSync(() => typeof new RpcStub({})),
    attemptSync(() => typeof new RpcStub(() => {})),
    attemptSync(() => typeof new RpcStub(class {})),
    attemptSync(() => new RpcStub(new Date())),
    attemptSync(() => new RpcStub([])),
    attemptSync(() => new RpcStub(Object.create(null))),
    attemptSync(() => new RpcStub(5)),
    attemptSync(() => new RpcStub('x')),
    attemptSync(() => new RpcStub(null)),
    attemptSync(() => new RpcStub(Symbol('s'))),
    attemptSync(() => new RpcStub(new Map())),
    attemptSync(() => typeof new RpcStub(new Proxy({}, {}))),
    attemptSync(() => new RpcStub(new RpcStub({}))),
  ],
  async 'local-calls'() {
    const order = [];
    const stub = new RpcStub((x) => void order.push(`called ${x}`));
    const first = stub(1);
    order.push('after the call');
    await first;
    order.push('after the answer');
    return order;
  },
  async dup() {
    const stub = new RpcStub(new Counter());
    const copy = stub.dup();
    const third = copy.dup();
    copy[Symbol.dispose]();
    const out = [await stub.increment(), await third.increment(), stub === copy];
    stub[Symbol.dispose]();
    return [...out, await third.increment(), await attempt(() => stub.increment())];
  },
  async 'dup-disposed'({ thing }) {
    const stub = new RpcStub(new Counter());
    stub[Symbol.dispose]();
    stub[Symbol.dispose]();
    return [
      await attempt(() => stub.increment()),
      await attempt(() => stub.increment),
      await attempt(() => stub()),
      await attempt(() => stub.a.b.c()),
      typeof stub.increment,
      await attempt(() => thing.use(stub)),
    ];
  },
  async 'sent-disposed'({ thing }) {
    const out = [];
    for (const target of [thing, new RpcStub(new Sent())]) {
      const given = () => {
        const stub = new RpcStub(new Counter());
        stub[Symbol.dispose]();
        return stub;
      };
      const back = await target.echo(given());
      const disposed = await target.disposes(new Counter());
      const nested = await target.disposesNested(new Counter());
      out.push(
        await target.tries(given()),
        typeof back,
        await attempt(() => back.increment()),
        await attempt(() => target.echo(given()).increment()),
        typeof disposed,
        await attempt(() => disposed.increment()),
        await attempt(() => nested.stub.increment()),
        await attempt(() => target.disposesNested(new Counter()).stub.increment()),
      );
    }
    return out;
  },
  async 'not-sent'({ thing }) {
    const out = [];
    for (const target of [thing, new RpcStub(new Sent())]) {
      const late = target.holdsSymbol();
      out.push(
        await attempt(() => target.holdsSymbol().member),
        await attempt(() => late),
        await attempt(() => late.member),
        await attempt(() => late.member.method()),
      );
    }
    return out;
  },
  'on-broken': () => {
    const stub = new RpcStub({});
    return [typeof stub.onRpcBroken, attempt(() => stub.onRpcBroken(() => {}))];
  },
  async 'disposer-runs'() {
    const target = new Counter('target');
    const a = new RpcStub(target);
    const b = a.dup();
    a[Symbol.dispose]();
    const before = await disposals();
    b[Symbol.dispose]();
    b[Symbol.dispose]();
    const after = await disposals();
    const c = new RpcStub(target);
    c[Symbol.dispose]();
    return [before, after, await disposals()];
  },
  async 'disposer-functions'() {
    const f = Object.assign(() => 1, { [Symbol.dispose]: () => log.push('disposed function') });
    const o = { [Symbol.dispose]: () => log.push('disposed object') };
    new RpcStub(f)[Symbol.dispose]();
    new RpcStub(o)[Symbol.dispose]();
    return disposals();
  },
  async 'disposer-throws'() {
    class Bad extends RpcTarget {
      [Symbol.dispose]() {
        log.push('throws');
        throw new Error('a disposer throws');
      }
    }
    const stub = new RpcStub(new Bad());
    return [attemptSync(() => stub[Symbol.dispose]()), await disposals()];
  },
  async 'disposer-argument'({ thing }) {
    const used = await thing.use(new Counter('argument'));
    const first = await disposals();
    await attempt(() => thing.failWith(new Counter('of a failed call')));
    return [used, first, await disposals()];
  },
  async 'argument-after'({ thing }) {
    await thing.keepWithoutDup(new Counter('kept'));
    return [await thing.useKept(), await disposals()];
  },
  async 'argument-dup'({ thing }) {
    await thing.keep(new Counter('kept'));
    const out = [await thing.useKept(), await thing.useKept(), await disposals()];
    await thing.dropKept();
    return [...out, await disposals(), await thing.useKept()];
  },
  async 'argument-failed-call'({ thing }) {
    const stub = new RpcStub(new Counter('mine'));
    return [
      await attempt(() => thing.failWith(stub)),
      await attempt(() => thing.missing(stub)),
      await attempt(() => thing.use(stub, Symbol('x'))),
      await stub.increment(),
      await disposals(),
    ];
  },
  async 'argument-in-flight'({ thing }) {
    const stub = new RpcStub(new Counter('in flight'));
    const call = thing.useSlowly(stub);
    stub[Symbol.dispose]();
    return [await call, await disposals()];
  },
  async 'result-stubs'({ thing }) {
    const result = await thing.makeTwo();
    const used = [await result.a.increment(), await result.inner.b.increment()];
    result.a[Symbol.dispose]();
    const after = [
      await attempt(() => result.a.increment()),
      await attempt(() => result.inner.b.increment()),
      await disposals(),
    ];
    result[Symbol.dispose]();
    return [used, after, await attempt(() => result.inner.b.increment()), await disposals()];
  },
  async 'result-nested'({ thing }) {
    const result = await thing.makeTwo();
    const child = await result.a.child();
    result[Symbol.dispose]();
    const out = [await child.increment(), await disposals()];
    child[Symbol.dispose]();
    return [...out, await disposals()];
  },
  async 'result-dup'({ thing }) {
    const result = await thing.makeTwo();
    const copy = result.a.dup();
    result[Symbol.dispose]();
    const out = [await copy.increment(), await disposals()];
    copy[Symbol.dispose]();
    return [...out, await disposals()];
  },
  async 'pass-on'({ thing, other }) {
    const counter = await other.make('from the other');
    const out = [await thing.use(counter), await counter.increment(), await thing.keep(counter)];
    counter[Symbol.dispose]();
    out.push(await thing.useKept(), await disposals());
    await thing.dropKept();
    return [...out, await disposals()];
  },
  async 'round-trip'({ thing }) {
    const calls = [];
    const callback = (x) => {
      calls.push(x);
      return `answer ${x}`;
    };
    const back = await thing.giveBack(callback);
    return [typeof back, back === callback, await back('b'), calls];
  },
  async 'many-stubs'({ thing }) {
    const target = new Counter('one');
    const results = await Promise.all(Array.from({ length: 5 }, () => thing.use(target)));
    return [results.sort(), (await disposals()).length];
  },
  async 'held-by-object'({ thing }) {
    let calls = 0;
    await thing.keep(() => ++calls);
    return [await thing.callKept(), await thing.callKept(), calls];
  },
  async 'aborted-object'({ thing }) {
    const counter = await thing.make('of the object');
    await counter.increment();
    await attempt(() => thing.abort());
    return [await attempt(() => counter.increment()), await attempt(() => thing.make('again'))];
  },
  async 'aborted-while-called'({ thing }) {
    const counter = await thing.make('of the object');
    const call = counter.slow();
    const seen = attempt(() => call);
    await scheduler.wait(5);
    await attempt(() => thing.abort());
    return seen;
  },

  // Across requests.
  async 'keep-callback'({ T }) {
    await T.getByName('across').keep(() => 'called');
    return T.getByName('across').callKept();
  },
  'call-kept': ({ T }) => T.getByName('across').attemptKept(),
  async 'leave-stub'({ T }) {
    const counter = await T.getByName('left').make('left behind');
    return [await counter.increment(), await disposals()];
  },
  'left-disposed': () => disposals(),
  async 'keep-with-wait'({ T }, ctx) {
    await T.getByName('waiting').keep(() => 'called while waiting');
    ctx.waitUntil(scheduler.wait(500));
    return 'answered';
  },
  'call-kept-early': ({ T }) => T.getByName('waiting').attemptKept(),
};

export class Thing extends DurableObject {
  #kept;
  use(stub) {
    return stub.increment();
  }
  async useSlowly(stub) {
    await scheduler.wait(5);
    return stub.increment();
  }
  failWith() {
    throw new RangeError('it fails');
  }
  keepWithoutDup(stub) {
    this.#kept = stub;
  }
  keep(stub) {
    this.#kept = stub.dup();
    return 'kept';
  }
  async useKept() {
    return (await attempt(() => this.#kept.increment())).text;
  }
  callKept() {
    return this.#kept();
  }
  async attemptKept() {
    return (await attempt(() => this.#kept())).text;
  }
  dropKept() {
    this.#kept[Symbol.dispose]();
  }
  make(name) {
    return new Counter(name);
  }
  makeTwo() {
    return { a: new Counter('a'), inner: { b: new Counter('b') } };
  }
  giveBack(callback) {
    return callback.dup();
  }
  abort() {
    this.ctx.abort('reset by the test');
  }
}

export class Entry extends WorkerEntrypoint {}

addSent(Thing);

export default {
  fetch(request, env, ctx) {
    const { T } = env;
    const bound = Object.entries(probes).map(([name, probe]) => [
      name,
      async () => {
        const across = ['left-disposed'].includes(name);
        if (!across) log = [];
        const thing = T.getByName(name);
        const result = await probe({ thing, other: T.getByName(`other of ${name}`), T }, ctx);
        return Array.isArray(result) ? Promise.all(result) : result;
      },
    ]);
    return answer(Object.fromEntries(bound), request, null);
  },
};
