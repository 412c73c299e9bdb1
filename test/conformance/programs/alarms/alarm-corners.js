import { DurableObject } from 'cloudflare:workers';
import { attempt, attemptSync, show } from '../probe.js';

const soon = (ms = 30) => Date.now() + ms;

/** Of 'abort-then-set': its next instance sets the next alarm. */
let abortedWithoutRetry = false;

/**
 * What the object of that name does: `setup` on request, `alarm` in its n-th run (from 0). What a run notes survives resets.
 */
const plans = {
  'set-in-transaction': {
    setup: ({ storage }) => storage.transaction((txn) => txn.setAlarm(soon())),
  },
  'set-in-rolled-back-transaction': {
    async setup({ storage }) {
      await attempt(() =>
        storage.transaction(async (txn) => {
          await txn.setAlarm(soon());
          throw new Error('undone');
        }),
      );
      return storage.getAlarm();
    },
  },
  'deleted-in-rolled-back-transaction': {
    async setup({ storage }) {
      await storage.setAlarm(soon(200));
      await attempt(() =>
        storage.transaction(async (txn) => {
          await txn.deleteAlarm();
          throw new Error('undone');
        }),
      );
    },
  },
  'rollback-called': {
    async setup({ storage }) {
      await storage.setAlarm(soon(200));
      await storage.transaction(async (txn) => {
        await txn.setAlarm(soon(1_000_000));
        txn.rollback();
      });
      return (await storage.getAlarm()) < soon(10_000);
    },
  },
  'nested-sync-transaction': {
    async setup({ storage }) {
      storage.transactionSync(() => {
        storage.setAlarm(soon(1_000_000));
        attemptSync(() =>
          storage.transactionSync(() => {
            storage.setAlarm(soon());
            throw new Error('undone');
          }),
        );
      });
      return (await storage.getAlarm()) > soon(500_000);
    },
  },
  'alarm-and-data': {
    async setup({ storage }) {
      storage.put('data', 'written with the alarm');
      storage.setAlarm(soon());
    },
    alarm: async ({ storage }) => storage.get('data'),
  },
  'transaction-in-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    alarm: ({ storage }) =>
      storage.transaction(async (txn) => {
        await txn.put('data', 1);
        return txn.getAlarm();
      }),
  },
  'rolled-back-set-in-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    async alarm({ storage }) {
      await attempt(() =>
        storage.transaction(async (txn) => {
          await txn.setAlarm(soon());
          throw new Error('undone');
        }),
      );
      return storage.getAlarm();
    },
  },
  'deleted-then-rolled-back-in-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    async alarm({ storage }) {
      await attempt(() =>
        storage.transaction(async (txn) => {
          await txn.deleteAlarm();
          throw new Error('undone');
        }),
      );
      throw new Error('and fails');
    },
  },
  'deleted-in-transaction-in-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    async alarm({ storage }) {
      await storage.transaction((txn) => txn.deleteAlarm());
      throw new Error('and fails');
    },
  },
  'nested-rollback-in-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    async alarm({ storage }) {
      await storage.transaction(async () => {
        await storage.put('data', 'of the outer one');
        await storage.transaction(async (txn) => {
          await txn.setAlarm(soon(1_000_000));
          txn.rollback();
        });
      });
      return [await storage.getAlarm(), await storage.get('data')];
    },
  },
  'nested-set-in-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    async alarm({ storage }) {
      await storage.transaction(async () => {
        await storage.transaction((txn) => txn.setAlarm(soon(1_000_000)));
      });
      return (await storage.getAlarm()) > soon(500_000);
    },
  },
  'set-twice-to-the-same-time': {
    async setup({ storage }) {
      const time = soon(1_500);
      await storage.setAlarm(time);
      await storage.sync();
      await storage.setAlarm(time);
      return (await storage.getAlarm()) === time;
    },
  },
  'delete-all': {
    async setup({ storage }) {
      await storage.setAlarm(soon(200));
      await storage.deleteAll();
      return storage.getAlarm();
    },
  },
  'delete-all-then-set': {
    async setup({ storage }) {
      await storage.setAlarm(soon(1_000_000));
      await storage.deleteAll();
      await storage.setAlarm(soon(60));
    },
  },
  'delete-all-in-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    async alarm({ storage }) {
      await storage.deleteAll();
      return storage.getAlarm();
    },
  },
  'delete-all-in-failing-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    async alarm({ storage }, n) {
      await storage.deleteAll();
      if (n === 0) throw new Error('after deleteAll');
    },
  },
  'delete-in-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    async alarm({ storage }) {
      const before = await storage.getAlarm();
      await storage.deleteAlarm();
      return [before, await storage.getAlarm()];
    },
  },
  'set-then-delete-in-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    async alarm({ storage }) {
      await storage.setAlarm(soon());
      const set = (await storage.getAlarm()) !== null;
      await storage.deleteAlarm();
      return [set, await storage.getAlarm()];
    },
  },
  'delete-then-set-in-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    async alarm({ storage }, n) {
      if (n > 0) return 'again';
      await storage.deleteAlarm();
      await storage.setAlarm(soon());
      return 'first';
    },
  },
  'set-same-time-in-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    async alarm({ storage }, n, info) {
      if (n < 2) await storage.setAlarm(info.scheduledTime);
      return n;
    },
  },
  'set-past-in-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    async alarm({ storage }, n) {
      if (n < 3) await storage.setAlarm(1);
      return n;
    },
  },
  'set-far-in-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    async alarm({ storage }) {
      await storage.setAlarm(soon(1_000_000));
      return (await storage.getAlarm()) > soon(500_000);
    },
  },
  'far-then-fails': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    async alarm({ storage }) {
      await storage.setAlarm(soon(1_000_000));
      throw new Error('after setAlarm');
    },
  },
  'section-in-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    alarm: ({ ctx }) =>
      ctx.blockConcurrencyWhile(async () => {
        await scheduler.wait(5);
        return 'of the section';
      }),
  },
  'section-fails-in-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    alarm: ({ ctx }, n) =>
      ctx.blockConcurrencyWhile(async () => {
        if (n === 0) throw new Error('the section failed');
        return 'second run';
      }),
  },
  'abort-without-retry': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    alarm: ({ ctx }, n) => {
      if (n === 0) ctx.abort('no retry', { retryAlarm: false });
    },
  },
  'abort-then-set': {
    construct(self) {
      if (abortedWithoutRetry) self.storage.setAlarm(soon(1_000_000));
    },
    setup: ({ storage }) => storage.setAlarm(soon()),
    alarm({ ctx }) {
      abortedWithoutRetry = true;
      ctx.abort('no retry', { retryAlarm: false });
    },
  },
  'abort-with-retry': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    alarm: ({ ctx }, n) => {
      if (n === 0) ctx.abort('retry', { retryAlarm: true });
      return 'retried';
    },
  },
  'fails-twice': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    alarm: (_self, n) => {
      if (n < 2) throw new Error(`run ${n} fails`);
      return 'third run';
    },
  },
  'throws-text': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    alarm: (_self, n) => {
      if (n === 0) throw 'only text';
      return 'second run';
    },
  },
  'write-then-fail': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    async alarm({ storage }, n) {
      const before = await storage.get('data');
      await storage.put('data', n);
      if (n === 0) throw new Error('after a write');
      return before;
    },
  },
  'commit-fails-in-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    alarm({ storage }, n) {
      if (n > 0) return 'second run';
      storage.sql.exec(
        'CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (p REFERENCES parent(id))',
      );
      storage.sql.exec('PRAGMA defer_foreign_keys = on');
      storage.sql.exec('INSERT INTO child VALUES (1)');
      return undefined;
    },
  },
  'background-after-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    alarm({ ctx, storage }) {
      ctx.waitUntil(scheduler.wait(20).then(() => storage.put('data', 'in the background')));
      return 'ended';
    },
  },
  'background-sets-alarm': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    alarm({ ctx, storage }, n) {
      if (n === 0) ctx.waitUntil(scheduler.wait(30).then(() => storage.setAlarm(soon())));
      return n;
    },
  },
  'calls-itself': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    alarm: ({ env, ctx }) => env.ALARMED.getByName(ctx.id.name).hello(),
  },
  'calls-another': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    alarm: ({ env }) => env.ALARMED.getByName('another').hello(),
  },
  'arguments-of-alarm': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    alarm: (_self, _n, info, count) => [
      count,
      Object.keys(info),
      typeof info.scheduledTime,
      info.constructor.name,
      Object.prototype.toString.call(info),
    ],
  },
  'served-during-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    async alarm(self) {
      for (let i = 0; i < 200 && !self.poked; i++) await scheduler.wait(10);
      return self.poked;
    },
  },
  'set-by-request-during-run': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    async alarm(self, n) {
      if (n > 0) return 'second run';
      for (let i = 0; i < 200 && !self.poked; i++) await scheduler.wait(10);
      return (await self.storage.getAlarm()) !== null;
    },
    poke: ({ storage }) => storage.setAlarm(soon(10)),
  },
  'never-two-at-once': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    async alarm(self, n) {
      self.active = (self.active ?? 0) + 1;
      const most = self.active;
      if (n < 3) await self.storage.setAlarm(soon(1));
      await scheduler.wait(60);
      self.active -= 1;
      return most;
    },
  },
  'waits-for-section': {
    async setup({ ctx, storage }) {
      await storage.setAlarm(soon(10));
      await ctx.blockConcurrencyWhile(() => scheduler.wait(80));
      return 'setup ends';
    },
    alarm: () => 'runs',
  },
  'options-of-set': {
    async setup({ storage }) {
      await storage.setAlarm(soon(), { allowUnconfirmed: true, allowConcurrency: true });
      return storage.getAlarm({ allowConcurrency: true }).then((time) => typeof time);
    },
  },
  date: {
    setup: ({ storage }) => storage.setAlarm(new Date(soon())),
  },
  'set-twice': {
    async setup({ storage }) {
      storage.setAlarm(soon(50));
      storage.setAlarm(soon(20));
      storage.setAlarm(soon(30));
    },
  },
  'set-and-delete': {
    async setup({ storage }) {
      storage.setAlarm(soon(20));
      storage.deleteAlarm();
      return storage.getAlarm();
    },
  },
  'set-from-two-objects': {
    setup: ({ storage, env }) =>
      Promise.all([storage.setAlarm(soon()), env.ALARMED.getByName('second-object').prepare()]),
  },
  'second-object': {},
  'fails-then-new-alarm': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    alarm(_self, n) {
      if (n === 0) throw new Error('first run');
      return 'second run';
    },
    poke: ({ storage }) => storage.setAlarm(soon(10)),
  },
  'fails-then-deleted': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    alarm() {
      throw new Error('always');
    },
    poke: ({ storage }) => storage.deleteAlarm(),
  },
  'alarm-between-retries': {
    setup: ({ storage }) => storage.setAlarm(soon()),
    alarm(self, n) {
      if (n === 0) throw new Error('first run');
      return 'second run';
    },
  },
  'own-property-handler': {
    construct(self) {
      self.alarm = async function () {
        await this.note('handler of the instance');
      };
    },
    setup: ({ storage }) => storage.setAlarm(soon()),
  },
};

export class Alarmed extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    this.plan.construct?.(this);
  }

  get storage() {
    return this.ctx.storage;
  }

  get plan() {
    return plans[this.ctx.id.name] ?? {};
  }

  /** Notes live in another object: no reset, rollback or deleteAll undoes them. */
  note(text) {
    return this.env.NOTES.getByName(this.ctx.id.name).add(text);
  }

  runs() {
    return this.env.NOTES.getByName(this.ctx.id.name).list();
  }

  hello() {
    return 'hello';
  }

  async prepare() {
    const result = await this.plan.setup?.(this);
    if (!this.plan.setup) await this.storage.setAlarm(soon());
    return result;
  }

  async poke() {
    this.poked = 'poked';
    await this.plan.poke?.(this);
  }

  async state() {
    const time = await this.storage.getAlarm();
    const alarm = time === null ? 'none' : time > Date.now() ? 'future' : 'past';
    return { alarm, data: await this.storage.get('data') };
  }

  async alarm(...args) {
    const [info] = args;
    const n = await this.env.NOTES.getByName(this.ctx.id.name).next();
    const head = `run ${n}: retryCount ${info.retryCount}, isRetry ${info.isRetry}`;
    const early = Date.now() < info.scheduledTime ? ', early' : '';
    await this.note(`${head}${early}, ${this.ctx.id.name}`);
    const result = await this.plan.alarm?.(this, n, info, args.length);
    await this.note(`run ${n} ends: ${show(result)}`);
  }
}

export class Notes extends DurableObject {
  #notes = [];
  #runs = 0;

  next() {
    return this.#runs++;
  }

  add(text) {
    this.#notes.push(text);
  }

  list() {
    return this.#notes;
  }
}

export default {
  async fetch(request, env) {
    const [, name, action] = new URL(request.url).pathname.split('/');
    const stub = env.ALARMED.getByName(name);
    if (action === 'setup') return new Response(show(await stub.prepare()));
    if (action === 'poke') return new Response(show(await stub.poke()));
    const notes = await env.NOTES.getByName(name).list();
    return new Response(show([notes, action === 'notes' ? undefined : await stub.state()]));
  },
};
