import { DurableObject } from 'cloudflare:workers';
import { show } from '../probe.js';

/** Runs are counted in storage: they outlive the process. */
export class Alarmed extends DurableObject {
  async set(ms) {
    await this.ctx.storage.setAlarm(Date.now() + ms);
  }

  delete() {
    return this.ctx.storage.deleteAlarm();
  }

  async setInTransactionThatFails(ms) {
    await this.ctx.storage
      .transaction(async (txn) => {
        await txn.setAlarm(Date.now() + ms);
        throw new Error('undone');
      })
      .catch(() => {});
  }

  async state() {
    const time = await this.ctx.storage.getAlarm();
    const alarm = time === null ? 'none' : time > Date.now() ? 'future' : 'past';
    return { alarm, runs: (await this.ctx.storage.get('runs')) ?? [], name: this.ctx.id.name };
  }

  async alarm(info) {
    const runs = (await this.ctx.storage.get('runs')) ?? [];
    runs.push([info.retryCount, info.isRetry, this.ctx.id.name ?? 'no name']);
    await this.ctx.storage.put('runs', runs);
    if (this.ctx.id.name === 'fails' && runs.length === 1) throw new Error('the first run fails');
    if (this.ctx.id.name === 'again' && runs.length < 3) await this.set(10);
  }
}

const names = (count) => Array.from({ length: count }, (_, i) => `many-${i}`);

export default {
  async fetch(request, env) {
    const [, name, action, argument] = new URL(request.url).pathname.split('/');
    if (name === 'many') {
      const stubs = names(60).map((one) => env.ALARMED.getByName(one));
      if (action === 'set') await Promise.all(stubs.map((stub) => stub.set(Number(argument))));
      const states = await Promise.all(stubs.map((stub) => stub.state()));
      const ran = states.filter(({ runs }) => runs.length >= 1).length;
      return new Response(`${action === 'set' ? 'set' : `${ran} ran`}`);
    }
    const id =
      name === 'unnamed'
        ? env.ALARMED.idFromString(env.ALARMED.idFromName('unnamed').toString())
        : env.ALARMED.idFromName(name);
    return new Response(show(await env.ALARMED.get(id)[action](Number(argument))));
  },
};
