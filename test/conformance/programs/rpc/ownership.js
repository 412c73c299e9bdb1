import { RpcStub, RpcTarget, WorkerEntrypoint } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

/** How many targets of this probe have been disposed. Disposers run a turn after the last handle goes. */
let disposed = 0;

class Counter extends RpcTarget {
  #n = 0;
  increment() {
    this.#n += 1;
    return this.#n;
  }
  [Symbol.dispose]() {
    disposed += 1;
  }
}

async function disposals() {
  await scheduler.wait(5);
  return disposed;
}

class Plain {}

const fn = (x) => x * 2;
fn.own = 5;
fn.nested = { x: 1, triple: (x) => x * 3 };
Object.defineProperty(fn, 'hidden', { value: 'not enumerable' });

const probes = {
  async 'returned-stub'(service) {
    const stub = await service.make();
    return [await stub.increment(), await service.useKept(), await attempt(() => stub.increment())];
  },
  async 'returned-inside'(service) {
    const result = await service.makeInside();
    const used = [await result.stub.increment(), await service.useKept()];
    result[Symbol.dispose]();
    return [used, await attempt(() => result.stub.increment())];
  },
  async 'returned-twice'(service) {
    const [a, b] = await service.makeTwice();
    return [await a.increment(), await b.increment()];
  },
  async 'round-trip'(service) {
    const stub = new RpcStub(new Counter());
    const result = await service.roundTrip(stub);
    const used = [await attempt(() => stub.increment()), await result.stub.increment()];
    stub[Symbol.dispose]();
    const before = await disposals();
    result[Symbol.dispose]();
    return [used, before, await disposals()];
  },
  async arguments(service) {
    const stub = new RpcStub(new Counter());
    return [
      await attempt(() => service.use(stub)),
      await attempt(() => service.use(stub)),
      await attempt(() => stub.increment()),
    ];
  },
  async 'same-argument-twice'(service) {
    const stub = new RpcStub(new Counter());
    return [
      await attempt(() => service.useBoth(stub, stub)),
      await attempt(() => stub.increment()),
    ];
  },
  async 'service-stub'(service) {
    return [
      await (await service.other('Yo')).greet(),
      await service.other('Hi').greet(),
      await service.otherInside('Ho').service.greet(),
    ];
  },
  async 'function-members'(service) {
    const stub = new RpcStub(fn);
    const reads = [];
    for (const name of ['own', 'name', 'length', 'hidden', 'prototype', 'missing']) {
      reads.push(await attempt(() => stub[name]));
    }
    return [
      reads,
      await stub.nested.x,
      await stub.nested.triple(2),
      await service.identity(fn).own,
      await (await service.identity(fn)).own,
    ];
  },
  async handlers(_service, { handler }) {
    return [
      await handler.one(1),
      await attempt(() => handler.one()),
      await attempt(() => handler.one(1, 2)),
      await attempt(() => handler.four(1)),
      await attempt(() => handler.four(1, 2)),
    ];
  },
  async proxies(service) {
    return [
      await attempt(() => service.call(new Proxy(fn, {}))),
      await attempt(() => service.use(new Proxy(new Counter(), {}))),
      await attempt(() => service.use(new Proxy({ increment: () => 'plain' }, {}))),
      await attempt(() => service.use(new Proxy(new Plain(), {}))),
    ];
  },
};

export class Service extends WorkerEntrypoint {
  make() {
    return (Service.kept = new RpcStub(new Counter()));
  }
  makeInside() {
    return { stub: this.make() };
  }
  makeTwice() {
    const stub = new RpcStub(new Counter());
    return [stub, stub];
  }
  async useKept() {
    return (await attempt(() => Service.kept.increment())).text;
  }
  roundTrip(stub) {
    return { stub: stub.dup() };
  }
  use(stub) {
    return stub.increment();
  }
  async useBoth(a, b) {
    return [await a.increment(), await b.increment()];
  }
  identity(value) {
    return value;
  }
  call(callback) {
    return callback(4);
  }
  other(greeting) {
    return this.ctx.exports.Greeter({ props: { greeting } });
  }
  otherInside(greeting) {
    return { service: this.other(greeting) };
  }
}

export class Greeter extends WorkerEntrypoint {
  greet() {
    return this.ctx.props.greeting;
  }
}

export const handler = {
  one: (value, _env, ctx) => [value, typeof ctx.waitUntil],
  four: (_a, _b, _c, _d) => 'not reachable',
};

export default {
  fetch(request, env, { exports }) {
    disposed = 0;
    const bound = Object.entries(probes).map(([name, probe]) => [
      name,
      () => probe(exports.Service, exports),
    ]);
    return answer(Object.fromEntries(bound), request, env);
  },
};
