import {
  DurableObject,
  env as importedEnv,
  exports as importedExports,
  waitUntil,
} from 'cloudflare:workers';
import * as workers from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

const order = [];

const probes = {
  async 'constructor-order'({ SLOW }) {
    const stub = SLOW.getByName('order');
    await Promise.all([stub.note('first call'), stub.note('second call')]);
    return order;
  },
  async 'block-order'({ GATE }) {
    return GATE.getByName('block').blockOrder();
  },
  async 'block-others'({ GATE }) {
    const stub = GATE.getByName('others');
    await Promise.all([stub.blockFor(30), stub.log('other call')]);
    return stub.readLog();
  },
  async 'block-value'({ GATE }) {
    return GATE.getByName('value').blockValue();
  },
  async increments({ GATE }) {
    const id = GATE.idFromName('increments');
    const results = await Promise.all([1, 2, 3, 4].map(() => GATE.get(id).increment()));
    return results.sort();
  },
  async 'increments-fetch'({ GATE }) {
    const id = GATE.idFromName('increments-fetch');
    const results = await Promise.all([1, 2, 3].map(() => GATE.get(id).incrementAcrossTimer()));
    return results;
  },
  async 'transaction-blocks'({ GATE }) {
    const stub = GATE.getByName('transaction');
    await Promise.all([stub.slowTransaction(), stub.log('other call')]);
    return stub.readLog();
  },
  async interleave({ GATE }) {
    const stub = GATE.getByName('interleave');
    await Promise.all([stub.steps('a'), stub.steps('b')]);
    return stub.readLog();
  },
  async 'ctx-shape'({ GATE }) {
    return GATE.getByName('ctx').describe();
  },
  async 'wait-until'({ GATE }) {
    const stub = GATE.getByName('wait-until');
    const refused = await stub.later();
    for (let i = 0; i < 200 && (await stub.readLog()).length === 0; i++) await scheduler.wait(5);
    return [refused, await stub.readLog()];
  },
  async timers({ GATE }) {
    return GATE.getByName('timers').timers();
  },
  async 'self-call'({ GATE }) {
    return GATE.getByName('self').callSelf();
  },
  async 'imported-env'(env) {
    return [
      Object.keys(importedEnv).sort(),
      importedEnv.TEXT,
      importedEnv.OBJECT,
      importedEnv.TEXT === env.TEXT,
      await importedEnv.GATE.getByName('imported').increment(),
    ];
  },
  async 'imported-exports'() {
    return [
      Object.keys(importedExports).sort(),
      await importedExports.Gate.getByName('exported').increment(),
    ];
  },
  vars(env) {
    return [env.TEXT, env.NUMBER, env.OBJECT, env.LIST, env.FLAG, env.MISSING, Object.keys(env)];
  },
  'module-shape'() {
    return Object.keys(workers).sort();
  },
  'wait-until-import'() {
    return attemptSync(() => waitUntil(Promise.resolve()));
  },
  'base-class'() {
    return [attemptSync(() => new DurableObject()), DurableObject.name];
  },
  'base-class-members'() {
    return Object.getOwnPropertyNames(DurableObject.prototype);
  },
  async restarted({ GATE }) {
    const stub = GATE.getByName('restarted');
    await stub.increment();
    const inMemory = await stub.remember();
    await attempt(() => stub.restart());
    const again = GATE.getByName('restarted');
    return [inMemory, await again.remember(), await again.increment()];
  },
};

export class Slow extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    order.push('constructor begins');
    ctx.blockConcurrencyWhile(async () => {
      order.push('block begins');
      await scheduler.wait(10);
      order.push('block ends');
    });
    order.push('constructor ends');
  }

  note(text) {
    order.push(text);
  }
}

export class Gate extends DurableObject {
  #log = [];
  #memory = 0;

  log(entry) {
    this.#log.push(entry);
  }

  readLog() {
    return this.#log;
  }

  remember() {
    return ++this.#memory;
  }

  restart() {
    this.ctx.abort('restart');
  }

  async blockOrder() {
    const seen = [];
    const one = this.ctx.blockConcurrencyWhile(async () => {
      seen.push('one begins');
      await scheduler.wait(5);
      seen.push('one ends');
    });
    const two = this.ctx.blockConcurrencyWhile(async () => {
      seen.push('two');
    });
    seen.push('after the calls');
    await Promise.resolve();
    seen.push('after a microtask');
    await Promise.all([one, two]);
    seen.push('both done');
    return seen;
  }

  async blockFor(ms) {
    await this.ctx.blockConcurrencyWhile(async () => {
      this.log('block begins');
      await scheduler.wait(ms);
      this.log('block ends');
    });
  }

  async blockValue() {
    return [
      await this.ctx.blockConcurrencyWhile(async () => 'value'),
      (await attempt(() => this.ctx.blockConcurrencyWhile(() => 'not a promise'))).text,
      (await attempt(() => this.ctx.blockConcurrencyWhile('not a function'))).text,
    ];
  }

  async increment() {
    const value = ((await this.ctx.storage.get('n')) ?? 0) + 1;
    await this.ctx.storage.get('other');
    await this.ctx.storage.put('n', value);
    return value;
  }

  async incrementAcrossTimer() {
    const value = ((await this.ctx.storage.get('n')) ?? 0) + 1;
    await scheduler.wait(200);
    await this.ctx.storage.put('n', value);
    return value;
  }

  async slowTransaction() {
    await this.ctx.storage.transaction(async () => {
      this.log('transaction begins');
      await scheduler.wait(30);
      this.log('transaction ends');
    });
  }

  async steps(name) {
    this.log(`${name} 1`);
    await this.ctx.storage.put(name, 1);
    this.log(`${name} 2`);
    await scheduler.wait(100);
    this.log(`${name} 3`);
  }

  describe() {
    const { ctx } = this;
    const names =
      'id storage waitUntil blockConcurrencyWhile acceptWebSocket getWebSockets abort exports props passThroughOnException container';
    return [
      names.split(' ').map((name) => `${name} ${typeof ctx[name]}`),
      ctx.constructor.name,
      ctx.storage === ctx.storage,
      ctx.id.name,
      ctx.props,
      Object.keys(this),
    ];
  }

  later() {
    this.ctx.waitUntil(scheduler.wait(20).then(() => this.log('done later')));
    return attemptSync(() => this.ctx.waitUntil('not a promise')).text;
  }

  async timers() {
    const seen = [];
    await new Promise((resolve) => {
      setTimeout(() => seen.push('hundred'), 100);
      setTimeout((text) => seen.push(text), 5, 'five with an argument');
      const cancelled = setTimeout(() => seen.push('never'), 10);
      clearTimeout(cancelled);
      let ticks = 0;
      const interval = setInterval(() => {
        seen.push(`tick ${++ticks}`);
        if (ticks === 2) clearInterval(interval);
      }, 8);
      queueMicrotask(() => seen.push('microtask'));
      setTimeout(resolve, 150);
    });
    return seen;
  }

  async callSelf() {
    const self = this.env.GATE.getByName('self');
    return [await self.increment(), await self.increment()];
  }
}

export default {
  fetch: (request, env) => answer(probes, request, env),
};
