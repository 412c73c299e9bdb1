import { DurableObject } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

const later = () => Date.now() + 10_000_000;

const probes = {
  async 'get-set-delete'(storage) {
    const time = later();
    return [
      await storage.getAlarm(),
      await storage.setAlarm(time),
      (await storage.getAlarm()) === time,
      await storage.setAlarm(new Date(time + 5)),
      (await storage.getAlarm()) === time + 5,
      await storage.deleteAlarm(),
      await storage.getAlarm(),
      await storage.deleteAlarm(),
    ];
  },
  async refused(storage) {
    return [
      await attempt(() => storage.setAlarm(0)),
      await attempt(() => storage.setAlarm(-5)),
      await attempt(() => storage.setAlarm(NaN)),
      await attempt(() => storage.setAlarm(new Date(NaN))),
      await attempt(() => storage.setAlarm('soon')),
      await attempt(() => storage.setAlarm()),
      await attempt(() => storage.setAlarm(null)),
      await attempt(() => storage.setAlarm({})),
      await attempt(() => storage.setAlarm(Date.UTC(2300, 0))),
      await attempt(() => storage.setAlarm(8.64e15)),
      await attempt(() => storage.setAlarm(Infinity)),
      await attempt(() => storage.setAlarm(-Infinity)),
      await attempt(() => storage.setAlarm(new Date('1600-01-01'))),
      await attempt(() => storage.setAlarm(new Date('1688-01-01'))),
      await attempt(() => storage.setAlarm(new Date('2262-04-12'))),
      await attempt(() => storage.setAlarm(0.5)),
      await attempt(() => storage.setAlarm('5')),
      await attempt(() => storage.setAlarm(5n)),
      await attempt(() => storage.setAlarm(1, 5)),
      await attempt(() => storage.setAlarm(new Number(5))),
      await storage.getAlarm(),
    ];
  },
  async last(storage) {
    const times = [Date.UTC(2190, 0), new Date('2262-04-11'), 9_223_372_036_854];
    const kept = [];
    for (const time of times) {
      await storage.setAlarm(time);
      kept.push((await storage.getAlarm()) === Number(time));
    }
    await storage.deleteAlarm();
    return kept;
  },
  async converted(storage) {
    class Later extends Date {
      valueOf() {
        return 5;
      }
      [Symbol.toPrimitive]() {
        return 7;
      }
    }
    const time = later();
    await storage.setAlarm(new Later(time));
    const got = (await storage.getAlarm()) - time;
    await storage.deleteAlarm();
    return [got, await attempt(() => storage.setAlarm({ __proto__: Date.prototype }))];
  },
  async fraction(storage) {
    const time = later();
    await storage.setAlarm(time + 0.9);
    const got = await storage.getAlarm();
    await storage.deleteAlarm();
    return [got - time];
  },
  async options(storage) {
    return [
      await attempt(() =>
        storage.setAlarm(later(), { allowUnconfirmed: true, allowConcurrency: true }),
      ),
      await attempt(async () => typeof (await storage.getAlarm({ allowConcurrency: true }))),
      await attempt(() => storage.deleteAlarm({ allowUnconfirmed: true })),
      await attempt(() => storage.setAlarm(later(), 'x')),
    ];
  },
  async 'in-transaction'(storage) {
    const time = later();
    await storage.transaction(async (txn) => {
      await txn.setAlarm(time);
    });
    const committed = (await storage.getAlarm()) === time;
    const inside = await storage.transaction(async (txn) => {
      await txn.deleteAlarm();
      return [await txn.getAlarm(), await storage.getAlarm()];
    });
    return [committed, inside, await storage.getAlarm()];
  },
  async 'sync-transaction'(storage) {
    const time = later();
    await storage.setAlarm(time);
    try {
      storage.transactionSync(() => {
        storage.deleteAlarm();
        throw new Error('undo');
      });
    } catch {
      // The rollback is what is under test.
    }
    const kept = (await storage.getAlarm()) === time;
    await storage.deleteAlarm();
    return kept;
  },
};

export class Probe extends DurableObject {
  fetch(request) {
    return answer(probes, request, this.ctx.storage);
  }

  alarm() {}
}

/** A class without an alarm() handler. */
export class NoHandler extends DurableObject {
  fetch(request) {
    const { storage } = this.ctx;
    const bare = {
      'no-handler': async () => [
        await attempt(() => storage.setAlarm(later())),
        await attempt(() => storage.getAlarm()),
        await attempt(() => storage.deleteAlarm()),
      ],
    };
    return answer(bare, request, null);
  }
}

export default {
  fetch(request, env) {
    const namespace = request.url.includes('/no-handler') ? env.BARE : env.PROBE;
    return namespace.getByName(request.url).fetch(request);
  },
};
