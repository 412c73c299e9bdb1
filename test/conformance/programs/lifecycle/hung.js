import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

const never = () => new Promise(() => {});

export class Service extends WorkerEntrypoint {
  hang() {
    return never();
  }
  async afterTimer() {
    await scheduler.wait(10);
    await never();
  }
  fetch() {
    return never();
  }
  callsAnother() {
    return this.ctx.exports.Service.hang();
  }
  async slow() {
    await scheduler.wait(6_000);
    return 'slow';
  }
}

export const handlers = { hang: never };

export class Thing extends DurableObject {
  #resolve;
  wait() {
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }
  go() {
    this.#resolve('went');
  }
}

const probes = {
  method: ({ exports }) => attempt(() => exports.Service.hang()),
  'after-timer': ({ exports }) => attempt(() => exports.Service.afterTimer()),
  handlers: ({ exports }) => attempt(() => exports.handlers.hang(1)),
  fetch: ({ exports }) => attempt(() => exports.Service.fetch('http://x/')),
  nested: ({ exports }) => attempt(() => exports.Service.callsAnother()),
  itself: () => never(),
  slow: ({ exports }) => attempt(() => exports.Service.slow()),
  async 'object-answers'({ exports }) {
    const thing = exports.Thing.getByName('a');
    const waiting = thing.wait();
    await scheduler.wait(6_000);
    await thing.go();
    return waiting;
  },
};

export default {
  fetch: (request, _env, ctx) => answer(probes, request, ctx),
};
