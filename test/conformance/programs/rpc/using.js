import { DurableObject, RpcStub, RpcTarget } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

let log = [];

class Counter extends RpcTarget {
  #n = 0;
  #name;
  constructor(name) {
    super();
    this.#name = name;
  }
  increment() {
    return ++this.#n;
  }
  [Symbol.dispose]() {
    log.push(`disposed ${this.#name}`);
  }
}

async function disposals() {
  await scheduler.wait(10);
  return log.splice(0);
}

const probes = {
  async stub() {
    let kept;
    {
      using stub = new RpcStub(new Counter('used'));
      kept = stub;
      await stub.increment();
    }
    return [await attempt(() => kept.increment()), await disposals()];
  },
  async result({ thing }) {
    let kept;
    {
      using result = await thing.makeObject();
      kept = result;
      await result.counter.increment();
    }
    return [await attempt(() => kept.counter.increment()), await disposals()];
  },
  async target({ thing }) {
    let kept;
    {
      using counter = await thing.make('returned');
      kept = counter;
      await counter.increment();
    }
    return [await attempt(() => kept.increment()), await disposals()];
  },
  async promise({ thing }) {
    let kept;
    {
      using promise = thing.make('promised');
      kept = promise;
      await promise.increment();
    }
    return [await attempt(() => kept.increment()), await disposals()];
  },
  async argument({ thing }) {
    return [await thing.useTwice(new Counter('argument')), await disposals()];
  },
  async thrown({ thing }) {
    const outcome = await attempt(async () => {
      using counter = await thing.make('of a block that throws');
      await counter.increment();
      throw new RangeError('in the block');
    });
    return [outcome, await disposals()];
  },
  async 'object-stub'({ thing }) {
    try {
      using stub = thing;
      return await stub.make('never');
    } catch (error) {
      return error.name; // the text is of the engine, or of the helper of a bundler
    }
  },
};

export class Thing extends DurableObject {
  make(name) {
    return new Counter(name);
  }
  makeObject() {
    return { counter: new Counter('inside') };
  }
  async useTwice(counter) {
    using copy = counter.dup();
    return [await copy.increment(), await counter.increment()];
  }
}

export default {
  fetch(request, { T }) {
    log = [];
    const bound = Object.entries(probes).map(([name, probe]) => [
      name,
      () => probe({ thing: T.getByName(name) }),
    ]);
    return answer(Object.fromEntries(bound), request, null);
  },
};
