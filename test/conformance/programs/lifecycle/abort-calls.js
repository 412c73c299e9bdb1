// Calls that an object has made when it aborts: those that had not left it by then come nowhere.
import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

/** @type {string[]} */
let log = [];

const calls = {
  rpc: ({ env }) => env.OBJECT.getByName('other').note('rpc'),
  fetch: ({ env }) => env.OBJECT.getByName('other').fetch('http://x/fetch'),
  'rpc of a Worker': ({ env }) => env.SERVICE.note('rpc of a Worker'),
  'fetch of a Worker': ({ env }) => env.SERVICE.fetch('http://x/fetch'),
  argument: ({ env }) => env.OBJECT.getByName('other').note('argument', () => {}),
};

const waits = {
  'at once': () => {},
  'after a microtask': async () => {
    await null;
  },
  'after a read': ({ ctx }) => ctx.storage.get('key'),
  'after a write': ({ ctx }) => ctx.storage.put('key', 'value'),
  'after a query': ({ ctx }) => ctx.storage.sql.exec('SELECT 1').toArray(),
  'after a timer': () => scheduler.wait(1),
  'after another call': ({ env }) => env.OBJECT.getByName('third').note('another'),
};

const noting = {
  note(text) {
    log.push(text);
  },
  fetch(request) {
    log.push(new URL(request.url).pathname.slice(1));
    return new Response(null);
  },
};

export class Abrupt extends DurableObject {
  async go(call, wait) {
    void Promise.resolve(calls[call](this)).catch(() => {});
    await waits[wait](this);
    this.ctx.abort('stopped');
  }
  goAtOnce(call) {
    void Promise.resolve(calls[call](this)).catch(() => {});
    this.ctx.abort('stopped');
  }
}
Object.assign(Abrupt.prototype, noting);

export class Service extends WorkerEntrypoint {}
Object.assign(Service.prototype, noting);

const probes = Object.fromEntries(
  Object.keys(calls).map((call) => [
    call.replaceAll(' ', '-'),
    async ({ env }) => {
      const stub = (wait) => env.OBJECT.getByName(`${call} ${wait}`);
      // Objects that have to start are another matter.
      for (const name of ['other', 'third']) await env.OBJECT.getByName(name).note('');
      const out = {};
      log = [];
      await attempt(() => stub('').goAtOnce(call));
      await scheduler.wait(15);
      out.synchronously = log;
      for (const wait of Object.keys(waits)) {
        log = [];
        await attempt(() => stub(wait).go(call, wait));
        await scheduler.wait(15);
        out[wait] = log;
      }
      return out;
    },
  ]),
);

export default {
  fetch: (request, env) => answer(probes, request, { env }),
};
