import { DurableObject, WorkerEntrypoint, RpcTarget } from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

const errorOf = async (action) => {
  try {
    return await action();
  } catch (error) {
    return [String(error), error.retryable, error.durableObjectReset, error.overloaded];
  }
};

const probes = {
  async 'location-hint'({ env }) {
    const id = env.PLAIN.newUniqueId();
    const stub = env.PLAIN.get(id, { locationHint: 'weur' });
    return [await stub.answer(), await env.PLAIN.get(id, { locationHint: 'apac' }).answer()];
  },
  jurisdiction({ env }) {
    return [env.PLAIN.newUniqueId().jurisdiction, env.PLAIN.idFromName('a').jurisdiction];
  },
  'stub-surface'({ env }) {
    const stub = env.PLAIN.getByName('a');
    return [
      Object.getPrototypeOf(stub.constructor).name,
      stub.constructor.name,
      ['id', 'name', 'fetch', 'connect', 'answer', 'noSuchMethod'].map((n) => typeof stub[n]),
      stub.name,
      stub?.noSuchMethod === undefined,
    ];
  },
  async 'no-such-method'({ env }) {
    const stub = env.PLAIN.getByName('a');
    return [
      await attempt(() => stub.noSuchMethod?.()),
      await attempt(() => (typeof stub.noSuchMethod === 'function' ? stub.noSuchMethod() : 0)),
    ];
  },
  'ctx-surface'({ ctx }) {
    return [
      'passThroughOnException' in ctx,
      'container' in ctx,
      ctx.container,
      ctx.version,
      typeof ctx.blockConcurrencyWhile,
    ];
  },
  async 'no-concurrency'({ env }) {
    const storage = env.storage;
    await storage.put('a', 1, { noCache: true });
    await storage.put('b', 2, { allowUnconfirmed: true });
    await storage.put('c', 3, { allowConcurrency: true });
    const values = [
      await storage.get('a', { noCache: true }),
      await storage.get('b', { allowConcurrency: true }),
      await storage.list({ noCache: true, allowConcurrency: true }),
      await storage.delete('a', { noCache: true, allowUnconfirmed: true }),
    ];
    await storage.deleteAll({ allowUnconfirmed: true, noCache: true, allowConcurrency: true });
    return [values, await storage.list()];
  },
  async 'long-keys'({ env }) {
    const storage = env.storage;
    const key = 'k'.repeat(2049);
    await storage.put(key, 1);
    return [await storage.get(key), await storage.delete(key)];
  },
  async 'long-values'({ env }) {
    const storage = env.storage;
    await storage.put('a', 'v'.repeat(131_073));
    return (await storage.get('a')).length;
  },
  async 'long-batches'({ env }) {
    const storage = env.storage;
    const keys = Array.from({ length: 129 }, (_, i) => `key ${String(i).padStart(3, '0')}`);
    await storage.put(Object.fromEntries(keys.map((key) => [key, key])));
    const got = await storage.get([...keys]);
    return [got.size, [...got.keys()].at(-1), await storage.delete(keys)];
  },
  async 'alarm-name'({ env, request }) {
    const name = new URL(request.url).search;
    const stub = env.ALARMED.getByName(name);
    return stub.nameInAlarm();
  },
  async targets({ env }) {
    const stub = env.PLAIN.getByName('a');
    using target = await stub.target();
    using plain = await stub.plain();
    using fn = await stub.fn();
    return [
      await stub.answer(),
      await env.ENTRY.hello(),
      await target.hello(),
      await plain.hello(),
      await fn('x'),
    ];
  },
  async 'first-reason'({ env, request }) {
    const stub = env.PLAIN.getByName(request.url);
    const first = errorOf(() => stub.breakWith('first reason', 'second reason'));
    const waiter = errorOf(() => stub.answer());
    return [await first, await waiter, await errorOf(() => stub.answer())];
  },
  async 'ended-callee'({ env, request }) {
    const stub = env.PLAIN.getByName(request.url);
    const calls = [stub.answer(), stub.breakWith('gone'), stub.answer(), stub.answer()];
    return Promise.all(calls.map((call) => errorOf(() => call)));
  },
  async 'own-io-context'({ env, request }) {
    const stub = env.PLAIN.getByName(request.url);
    await stub.keepRequest(new Request('http://object/', { method: 'POST', body: 'kept body' }));
    return stub.readKept();
  },
  async 'alarm-gate'({ env, request }) {
    const stub = env.ALARMED.getByName(`${request.url} gate`);
    const at = Date.now() + 1_000_000;
    await stub.set(at);
    return (await stub.at()) === at;
  },
  'after-handlers'({ ctx }) {
    return attemptSync(() => ctx.waitUntil(Promise.resolve(1)));
  },
};

class Target extends RpcTarget {
  hello() {
    return 'a target';
  }
}

export class Plain extends DurableObject {
  #kept;

  answer() {
    return 42;
  }

  target() {
    return new Target();
  }

  plain() {
    return { hello: () => 'a function of a plain object' };
  }

  fn() {
    return (text) => `a function, ${text}`;
  }

  async breakWith(first, second) {
    this.ctx.abort(new Error(first));
    if (second) this.ctx.abort(new Error(second));
    await scheduler.wait(1000);
  }

  keepRequest(request) {
    this.#kept = request;
  }

  readKept() {
    return this.#kept.url;
  }
}

export class Alarmed extends DurableObject {
  #told;

  async nameInAlarm() {
    const told = new Promise((resolve) => (this.#told = resolve));
    await this.ctx.storage.setAlarm(Date.now());
    return told;
  }

  alarm() {
    this.#told?.([this.ctx.id.name]);
  }

  set(at) {
    return this.ctx.storage.setAlarm(at);
  }

  at() {
    return this.ctx.storage.getAlarm();
  }
}

export class Probe extends DurableObject {
  fetch(request) {
    const env = { ...this.env, storage: this.ctx.storage };
    return answer(probes, request, { env, request, ctx: this.ctx });
  }
}

export class Entry extends WorkerEntrypoint {
  hello() {
    return 'an entrypoint';
  }
}

export default {
  fetch(request, env, ctx) {
    if (new URL(request.url).pathname === '/worker-ctx') {
      return new Response(
        [typeof ctx.blockConcurrencyWhile, typeof ctx.storage, typeof ctx.waitUntil].join(' '),
      );
    }
    const all = { ...env, ENTRY: ctx.exports?.Entry ?? env.ENTRY };
    if (new URL(request.url).pathname === '/targets')
      return answer(probes, request, { env: all, request, ctx });
    return env.PROBE.getByName(request.url).fetch(request);
  },
};
