// What else was under way when an object aborts: what its code wrote, and calls that had returned.
import { DurableObject } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

const firsts = ['nothing', 'put', 'put in a section', 'put in a transaction'];
const lasts = ['in a section', 'in a transaction', 'in nested transactions'];

const probes = {
  async 'after-section'({ OBJECT }) {
    const failed = await attempt(() => OBJECT.getByName('section').putInSectionThenAbort());
    return [failed, await OBJECT.getByName('section').get()];
  },
  async 'after-nested-sections'({ OBJECT }) {
    const failed = await attempt(() => OBJECT.getByName('nested').putInSectionsThenAbort());
    return [failed, await OBJECT.getByName('nested').get()];
  },
  async 'beside-transaction'({ OBJECT }) {
    const kept = {};
    for (const wait of [0, 1, 5]) {
      for (let ticks = 0; ticks < 12; ticks += 1) {
        const name = `${wait} ticks, ${ticks} ticks`;
        await attempt(() => OBJECT.getByName(name).abortAsClosureEnds(wait, ticks));
        kept[name] = await OBJECT.getByName(name).get();
      }
    }
    return kept;
  },
  async returned({ OBJECT }) {
    const ends = {};
    for (const first of firsts) {
      for (const last of lasts) {
        const stub = OBJECT.getByName(`${first}, ${last}`);
        const calls = [stub.write(first), stub.stop(last)];
        ends[`${first}, ${last}`] = [
          ...(await Promise.all(calls.map((call) => attempt(() => call)))),
          await OBJECT.getByName(`${first}, ${last}`).get(),
        ];
      }
    }
    return ends;
  },
  async sync({ OBJECT, LEGACY }) {
    const seen = [];
    for (const namespace of [OBJECT, LEGACY]) {
      const stub = namespace.getByName('sync');
      await Promise.all([stub.sync('first'), stub.log('second'), stub.log('third')]);
      seen.push(await stub.log('end'));
    }
    return seen;
  },
};

export class Abrupt extends DurableObject {
  #log = [];

  get() {
    return this.ctx.storage.get('k');
  }

  log(line) {
    this.#log.push(line);
    return this.#log;
  }

  async sync(line) {
    this.log(`${line} begins`);
    await this.ctx.storage.sync();
    this.log(`${line} ends`);
  }

  #section(run) {
    return this.ctx.blockConcurrencyWhile(run);
  }

  async putInSectionThenAbort() {
    await this.#section(() => this.ctx.storage.put('k', 'in the section'));
    this.ctx.abort();
  }

  async putInSectionsThenAbort() {
    await this.#section(async () => {
      await this.#section(() => this.ctx.storage.put('k', 'in the inner section'));
      this.ctx.abort();
    });
  }

  async abortAsClosureEnds(wait, ticks) {
    await this.ctx.storage.transaction(async () => {
      this.ctx.storage.put('k', 'in the transaction');
      this.ctx.waitUntil(this.#abortAfter(ticks));
      for (let i = 0; i < wait; i += 1) await null;
    });
    await new Promise(() => {});
  }

  async #abortAfter(ticks) {
    for (let i = 0; i < ticks; i += 1) await null;
    this.ctx.abort();
  }

  async write(how) {
    const put = () => this.ctx.storage.put('k', how);
    if (how === 'put') await put();
    if (how === 'put in a section') await this.#section(put);
    if (how === 'put in a transaction') await this.ctx.storage.transaction(put);
    return how;
  }

  async stop(how) {
    const abort = async () => this.ctx.abort(how);
    const { storage } = this.ctx;
    if (how === 'in a section') await this.#section(abort);
    if (how === 'in a transaction') await storage.transaction(abort);
    await storage.transaction(() => storage.transaction(abort));
  }
}

export class Legacy extends Abrupt {}

export default {
  fetch: (request, env) => answer(probes, request, env),
};
