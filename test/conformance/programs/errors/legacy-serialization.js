import { DurableObject } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

class CustomError extends Error {
  name = 'CustomError';
  code = 42;
}

const throwables = [
  () => new RangeError('ranged', { cause: 1 }),
  () => new CustomError('mine'),
  () => ({ a: 1 }),
  () => 'text',
  () => new DOMException('gone', 'AbortError'),
];

const probes = {
  async thrown({ T }) {
    const stub = T.getByName('t');
    const out = [];
    for (let i = 0; i < throwables.length; i++) out.push(await attempt(() => stub.fail(i)));
    return out;
  },
  async 'delete-all-keeps-alarm'({ T }) {
    return T.getByName('d').deleteAll();
  },
};

export class Thrower extends DurableObject {
  fail(i) {
    throw throwables[i]();
  }

  async deleteAll() {
    await this.ctx.storage.put('k', 1);
    await this.ctx.storage.setAlarm(Date.now() + 1_000_000);
    await this.ctx.storage.deleteAll();
    return [(await this.ctx.storage.getAlarm()) !== null, await this.ctx.storage.get('k')];
  }

  alarm() {}
}

export default { fetch: (request, env) => answer(probes, request, env) };
