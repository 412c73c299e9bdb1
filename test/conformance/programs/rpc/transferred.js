import { DurableObject, RpcStub, RpcTarget, WorkerEntrypoint } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

let disposed = 0;

class Counter extends RpcTarget {
  #n = 0;
  increment() {
    this.#n += 1;
    return this.#n;
  }
  dup() {
    throw new Error('not called');
  }
  [Symbol.dispose]() {
    disposed += 1;
  }
}

async function disposals() {
  await scheduler.wait(5);
  return disposed;
}

const stubOf = (target) => new RpcStub(target);

const probes = {
  async arguments({ exports }) {
    const stub = stubOf(new Counter());
    return [
      await attempt(() => exports.Service.use(stub)),
      await attempt(() => exports.Service.use(stub)),
      await attempt(() => stub.increment()),
      await disposals(),
    ];
  },
  async 'same-argument-twice'({ exports }) {
    const stub = stubOf(new Counter());
    return [
      await attempt(() => exports.Service.useBoth(stub, { stub })),
      await attempt(() => stub.increment()),
    ];
  },
  async 'dup-before'({ exports }) {
    const stub = stubOf(new Counter());
    const other = stub.dup();
    return [await exports.Service.use(stub), await other.increment()];
  },
  async 'to-object'({ exports }) {
    const stub = stubOf(new Counter());
    return [
      await exports.Keeper.getByName('a').use(stub),
      await attempt(() => stub.increment()),
      await disposals(),
    ];
  },
  async 'plain-target'({ exports }) {
    const target = new Counter();
    return [
      await exports.Service.use(target),
      await exports.Service.use(target),
      await disposals(),
    ];
  },
  async refused({ exports }) {
    const stub = stubOf(new Counter());
    return [await attempt(() => exports.Service.use(stub, Symbol('x')))];
  },
};

export class Service extends WorkerEntrypoint {
  use(stub) {
    return stub.increment();
  }
  async useBoth(a, { stub: b }) {
    return [await a.increment(), await b.increment()];
  }
}

export class Keeper extends DurableObject {
  use(stub) {
    return stub.increment();
  }
}

export default {
  fetch(request, env, ctx) {
    disposed = 0;
    const bound = Object.entries(probes).map(([name, probe]) => [name, () => probe(ctx)]);
    return answer(Object.fromEntries(bound), request, env);
  },
};
