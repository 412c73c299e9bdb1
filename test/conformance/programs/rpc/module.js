import * as workers from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

const { DurableObject, WorkerEntrypoint, cache, env, exports, withEnv, withEnvAndExports } =
  workers;

const atTopLevel = [Object.keys(env).sort(), env.TEXT, env.OBJECT, typeof env.T.getByName];
let background = [];

const probes = {
  exported: () => {
    const names = ['DurableObject', 'RpcPromise', 'RpcProperty', 'RpcStub', 'RpcTarget'].concat(
      ['ServiceStub', 'WorkerEntrypoint', 'WorkflowEntrypoint', 'abortIsolate', 'cache', 'env'],
      ['exports', 'restore', 'tracing', 'waitUntil', 'withEnv', 'withEnvAndExports', 'withExports'],
    );
    return names.map((name) => `${name} ${typeof workers[name]}`);
  },
  cache: ({ ctx }) => [
    'purge' in cache,
    Object.keys(cache),
    cache.purge?.({ tags: ['a'] }),
    typeof cache.purge,
    Object.getOwnPropertyNames(ctx).sort(),
    Object.keys(ctx).sort(),
    attemptSync(() => String(cache)),
    ...['cache', 'access', 'version', 'nothing'].map((name) => [name in ctx, typeof ctx[name]]),
  ],
  'top-level-env': () => atTopLevel,
  'env-view': ({ given }) => [
    env.TEXT === given.TEXT,
    'TEXT' in env,
    'MISSING' in env,
    env.MISSING,
    Object.keys(env).sort(),
    JSON.stringify(Object.entries(env).filter(([name]) => name !== 'T')),
  ],
  'env-changes': ({ given }) => {
    env.ADDED = 'added';
    given.GIVEN = 'given';
    Object.defineProperty(env, 'DEFINED', { value: 'defined', configurable: true });
    const shown = [env.ADDED, given.ADDED, env.GIVEN, given.DEFINED, env.DEFINED];
    const inside = withEnv({ TEXT: 'another' }, () => {
      env.INNER = 'inner';
      return [env.INNER, given.INNER];
    });
    const removed = [delete env.ADDED, delete env.GIVEN, delete env.DEFINED];
    return [shown, inside, removed, Object.keys(given).sort(), 'INNER' in env];
  },
  'exports-changes': () => {
    exports.added = 'added';
    return [exports.added, 'added' in exports, delete exports.Entry, typeof exports.Entry];
  },
  'env-calls': async () => [await env.T.getByName('by module').hello()],
  'exports-view': async () => [
    Object.keys(exports).sort(),
    await exports.Entry.hello(),
    await exports.Thing.getByName('by exports').hello(),
    exports.Missing,
  ],
  'with-env': async () => {
    const inside = await withEnv({ TEXT: 'another' }, async () => {
      const before = env.TEXT;
      await scheduler.wait(1);
      return [before, env.TEXT, env.OBJECT, Object.keys(env)];
    });
    return [inside, env.TEXT];
  },
  'with-both': () => [
    withEnvAndExports({ TEXT: 'e' }, { Only: 1 }, () => [env.TEXT, Object.keys(exports)]),
    attemptSync(() =>
      withEnv({}, () => {
        throw new RangeError('thrown inside');
      }),
    ),
    withEnv({ TEXT: 'x' }, () => 'the result'),
  ],
  'with-nested': () =>
    withEnv({ TEXT: 'outer' }, () => [
      env.TEXT,
      withEnv({ TEXT: 'inner' }, () => env.TEXT),
      env.TEXT,
    ]),
  'in-objects': async ({ thing }) => [await thing.moduleEnv(), await exports.Entry.moduleEnv()],
  'wait-until': async ({ thing }) => {
    background = [];
    workers.waitUntil(scheduler.wait(2).then(() => background.push('worker')));
    await exports.Entry.later();
    await thing.later();
    await scheduler.wait(30);
    return background.sort();
  },
  async 'signal-argument'({ thing }) {
    const controller = new AbortController();
    const call = thing.waitForAbort(controller.signal);
    await scheduler.wait(5);
    controller.abort(new RangeError('enough'));
    return call;
  },
  'signal-aborted': ({ thing }) => thing.describeSignal(AbortSignal.abort(new TypeError('before'))),
  async 'signal-result'({ thing }) {
    const signal = await thing.makeSignal();
    const before = signal.aborted;
    await thing.abortIt();
    await scheduler.wait(20);
    return [signal instanceof AbortSignal, before, signal.aborted, signal.reason];
  },
  async 'signal-reason'({ thing }) {
    const out = [];
    // Not undefined: the text of that reason is the platform's.
    for (const reason of ['text', { a: 1 }, new DOMException('d', 'DataError')])
      out.push(await attempt(() => thing.describeSignal(AbortSignal.abort(reason))));
    return out;
  },
  async 'signal-in-request'({ thing }) {
    const controller = new AbortController();
    const call = thing.waitForRequest(new Request('http://a.b/', { signal: controller.signal }));
    await scheduler.wait(5);
    controller.abort(new RangeError('enough'));
    return call;
  },
};

const ended = (signal) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve([signal.aborted, `${signal.reason}`]));
  });

export class Thing extends DurableObject {
  #controller;
  hello() {
    return `hello from ${this.ctx.id.name}`;
  }
  moduleEnv() {
    return [env.TEXT, this.env.TEXT, Object.keys(env).sort()];
  }
  later() {
    workers.waitUntil(scheduler.wait(2).then(() => background.push('object')));
  }
  async waitForAbort(signal) {
    return [signal.aborted, await ended(signal)];
  }
  waitForRequest(request) {
    return ended(request.signal);
  }
  describeSignal(signal) {
    return [signal.aborted, signal.reason];
  }
  makeSignal() {
    this.#controller = new AbortController();
    return this.#controller.signal;
  }
  abortIt() {
    this.#controller.abort(new RangeError('by the object'));
  }
}

export class Entry extends WorkerEntrypoint {
  hello() {
    return 'hello from the entrypoint';
  }
  moduleEnv() {
    return [env.TEXT, this.env.TEXT, Object.keys(env).sort()];
  }
  later() {
    workers.waitUntil(scheduler.wait(2).then(() => background.push('entrypoint')));
  }
}

export default {
  fetch(request, given, ctx) {
    const bound = Object.entries(probes).map(([name, probe]) => [
      name,
      () => probe({ thing: given.T.getByName(name), given, ctx }),
    ]);
    return answer(Object.fromEntries(bound), request, null);
  },
};
