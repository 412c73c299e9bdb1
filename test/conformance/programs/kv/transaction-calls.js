import { DurableObject } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

const probes = {
  async call({ storage, other }) {
    const told = await storage.transaction(async (txn) => {
      await txn.put('a', 1);
      return other.tell('first');
    });
    return [told, await storage.list()];
  },
  async 'call-after-write'({ storage, other }) {
    storage.put('before', 1);
    const told = await storage.transaction(async (txn) => {
      await txn.put('inside', 1);
      const first = await other.tell('first');
      await txn.put('inside', 2);
      return [first, await other.tell('second')];
    });
    return [told, await storage.list()];
  },
  async fetch({ storage, other }) {
    return storage.transaction(async (txn) => {
      await txn.put('a', 1);
      return (await other.fetch('http://object/', { method: 'POST', body: 'told' })).text();
    });
  },
  async nested({ storage, other }) {
    return storage.transaction(async (txn) => {
      await txn.put('a', 1);
      return storage.transaction(async (inner) => {
        await inner.put('b', 1);
        return other.tell('from within');
      });
    });
  },
  async 'rolled-back'({ storage, other }) {
    const outcome = await attempt(() =>
      storage.transaction(async (txn) => {
        await txn.put('a', 1);
        await other.tell('told before the end');
        throw new Error('undo');
      }),
    );
    return [outcome, await storage.list(), await other.tell('last')];
  },
  async 'after-rollback'({ storage, other }) {
    return storage.transaction(async (txn) => {
      await txn.put('a', 1);
      txn.rollback();
      await storage.put('b', 1);
      return [await other.tell('once'), await storage.list()];
    });
  },
  async sync({ storage }) {
    return storage.transaction(async (txn) => {
      await txn.put('a', 1);
      return [await attempt(() => storage.sync()), await txn.get('a')];
    });
  },
  async 'synchronous-within'({ storage, other }) {
    return storage.transaction(async () => {
      const told = storage.transactionSync(() => {
        storage.kv.put('a', 1);
        return other.tell('from a synchronous one');
      });
      return [await told, await storage.list()];
    });
  },
  async 'alarm-before'({ storage, other }) {
    await storage.setAlarm(Date.now() + 1_000_000);
    return storage.transaction(async (txn) => {
      await txn.deleteAlarm();
      return [await other.tell('once'), await storage.getAlarm()];
    });
  },
};

export class Probe extends DurableObject {
  fetch(request) {
    const other = this.env.OTHER.getByName(request.url);
    return answer(probes, request, { storage: this.ctx.storage, other });
  }

  alarm() {}
}

export class Other extends DurableObject {
  told = [];

  tell(what) {
    this.told.push(what);
    return this.told;
  }

  async fetch(request) {
    return new Response(`heard ${await request.text()}`);
  }
}

export default {
  fetch: (request, env) => env.PROBE.getByName(request.url).fetch(request),
};
