// What the soak of objects drives: accounts with a total, whose operations end in every way that an event of an object can.
// The model of all this is in operations.js.
import { DurableObject, RpcTarget } from 'cloudflare:workers';

/* global scheduler */

class Session extends RpcTarget {
  #account;
  constructor(account) {
    super();
    this.#account = account;
  }
  add(n) {
    return this.#account.add(n);
  }
}

/** A facet of an account: what was added through it. */
export class Pocket extends DurableObject {
  add(n) {
    const held = (this.ctx.storage.kv.get('held') ?? 0) + n;
    this.ctx.storage.kv.put('held', held);
    return held;
  }
}

export class Account extends DurableObject {
  #storage = this.ctx.storage;

  async total() {
    return (await this.#storage.get('total')) ?? 0;
  }

  async add(n) {
    const total = (await this.total()) + n;
    await this.#storage.put('total', total);
    return total;
  }

  async give(to, n) {
    const theirs = await this.env.ACCOUNTS.getByName(to).add(n);
    return [await this.add(-n), theirs];
  }

  async addAndThrow(n) {
    await this.add(n);
    throw new RangeError('after the write');
  }

  async addAndAbort(n, isSynced) {
    await this.add(n);
    if (isSynced) await this.#storage.sync();
    this.ctx.abort(new Error('aborted'));
  }

  async failSection(n) {
    await this.ctx.blockConcurrencyWhile(async () => {
      await this.add(n);
      await this.#storage.sync();
      throw new Error('section');
    });
  }

  async rollBack(n) {
    await this.#storage.transaction(async (txn) => {
      await txn.put('total', (await this.total()) + n);
      await scheduler.wait(1);
      txn.rollback();
    });
    return this.total();
  }

  async wait(n) {
    await scheduler.wait(n % 20);
    this.ctx.waitUntil(scheduler.wait(n % 50));
    return this.total();
  }

  open() {
    return new Session(this);
  }

  async callBack(ask, n) {
    const [first, second] = await Promise.all([ask(n), ask(n + 1)]);
    return this.add(first + second);
  }

  pocket(n) {
    const pocket = this.ctx.facets.get('pocket', () => ({ class: this.ctx.exports.Pocket }));
    return pocket.add(n);
  }

  async setAlarm(nonce, inMs) {
    await this.#storage.put('due', nonce);
    await this.#storage.setAlarm(Date.now() + inMs);
  }

  async alarm({ retryCount }) {
    const due = await this.#storage.get('due');
    if (due % 8 === 0 && retryCount === 0) throw new Error('the first run fails');
    await this.#storage.put('ran', due);
  }

  ran() {
    return this.#storage.get('ran');
  }

  async clear() {
    await this.#storage.deleteAll();
    return this.total();
  }
}

const operations = {
  async session(account, n) {
    const session = await account.open();
    const total = await session.add(n);
    session[Symbol.dispose]();
    return total;
  },
  // Nobody disposes of it: the end of the request has to.
  forgotten: async (account, n) => (await account.open()).add(n),
  callBack: (account, n) => account.callBack((x) => x * 2, n),
  pipelined: (account, n) => account.open().add(n),
  together: (account, n) => Promise.all([account.add(n), account.add(n), account.total()]),
};

export default {
  async fetch(request, env) {
    const { name, method, args } = await request.json();
    const account = env.ACCOUNTS.getByName(name);
    try {
      const run = operations[method];
      const value = await (run ? run(account, ...args) : account[method](...args));
      return Response.json({ value });
    } catch (error) {
      return Response.json({ error: error.message, isReset: error.durableObjectReset === true });
    }
  },
};
