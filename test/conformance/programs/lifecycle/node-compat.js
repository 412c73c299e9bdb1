import { AsyncLocalStorage } from 'node:async_hooks';
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import path from 'node:path';
import { DurableObject } from 'cloudflare:workers';
import { answer } from '../probe.js';

const als = new AsyncLocalStorage();

const probes = {
  modules() {
    return [
      Buffer.from('text').toString('base64'),
      createHash('sha256').update('x').digest('hex'),
      path.join('/a', '../b'),
      new EventEmitter().listenerCount('x'),
      typeof globalThis.Buffer,
      typeof process.nextTick,
    ];
  },
  environment() {
    return [process.env.TEXT, process.env.LIST, process.env.HOME, process.env.PATH];
  },
  async 'async-context'({ OBJECT }) {
    return OBJECT.getByName('context').follow();
  },
  async 'async-context-apart'({ OBJECT }) {
    const stub = OBJECT.getByName('apart');
    return Promise.all([stub.runAs('one'), stub.runAs('two')]);
  },
  async 'buffer-stored'({ OBJECT }) {
    return OBJECT.getByName('buffer').storeBuffer();
  },
};

export class Contextual extends DurableObject {
  follow() {
    return als.run('inside', async () => {
      const seen = [als.getStore()];
      await this.ctx.storage.put('k', 1);
      seen.push(als.getStore());
      await scheduler.wait(5);
      seen.push(als.getStore());
      await new Promise((resolve) => setTimeout(resolve, 1));
      seen.push(als.getStore());
      await this.ctx.storage.transaction(async () => {
        seen.push(als.getStore());
      });
      await this.ctx.blockConcurrencyWhile(async () => {
        seen.push(als.getStore());
      });
      return seen;
    });
  }

  runAs(name) {
    return als.run(name, async () => {
      await scheduler.wait(20);
      return als.getStore();
    });
  }

  async storeBuffer() {
    await this.ctx.storage.put('b', Buffer.from([1, 2, 3]));
    const got = await this.ctx.storage.get('b');
    return [got.constructor.name, Buffer.isBuffer(got), [...got]];
  }
}

export default { fetch: (request, env) => answer(probes, request, env) };
