import {
  DurableObject,
  RpcTarget,
  WorkerEntrypoint,
  env as importedEnv,
  exports as importedExports,
  waitUntil,
  withEnv,
  withEnvAndExports,
  withExports,
} from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

const globalScope = [null, 5, Promise.resolve()].map((value) =>
  attemptSync(() => waitUntil(value)),
);

const earlyExports = attemptSync(() => typeof importedExports.Service);

/** What targets did, since the last call of watch(). */
let seen = [];

class Target extends RpcTarget {
  hello() {
    return 'hello';
  }
  [Symbol.dispose]() {
    seen.push('disposed');
  }
}

class Duplicable extends Target {
  constructor(make) {
    super();
    this.make = make;
  }
  dup() {
    seen.push('dup');
    return this.make === undefined ? this : this.make();
  }
}

/** Outcome and trace of a call. Disposers run a turn after it. */
async function watch(call) {
  seen = [];
  const outcome = await attempt(call);
  await scheduler.wait(5);
  return [outcome, seen];
}

function duplicableFunction(dup) {
  const fn = (x) => x + 1;
  fn.dup = typeof dup === 'function' ? () => (seen.push('dup'), dup(fn)) : dup;
  fn[Symbol.dispose] = () => seen.push('disposed');
  return fn;
}

const probes = {
  'hidden-names': async ({ GATE }) => {
    const stub = GATE.getByName('hidden-names');
    return [
      await attempt(() => stub.getRpcMethodForTestOnly('give')()),
      await attempt(() => stub.getRpcMethodForTestOnly('fetch')()),
      await attempt(() => stub.getRpcMethodForTestOnly('name')()),
    ];
  },
  'without-base-class': async ({ PLAIN }) => [
    await PLAIN.getByName('a').foo(),
    await attempt(() => PLAIN.getByName('a').missing()),
  ],
  async 'dup-targets'(_env, _request, { exports }) {
    const { Service } = exports;
    const own = new Target();
    own.dup = () => (seen.push('own dup'), own);
    const results = [];
    for (const target of [
      new Target(),
      new Duplicable(),
      new Duplicable(() => new Target()),
      own,
      new Proxy(new Duplicable(), {}),
    ]) {
      results.push(await watch(() => Service.hello(target)));
    }
    return results;
  },
  async 'dup-functions'(_env, _request, { exports }) {
    const { Service } = exports;
    const results = [];
    for (const fn of [duplicableFunction((fn) => fn), duplicableFunction(() => (x) => x + 5)]) {
      results.push(await watch(() => Service.call(fn)));
    }
    return [results, await watch(() => Service.call(duplicableFunction('not a function')))];
  },
  async 'dup-refused'(_env, _request, { exports }) {
    const { Service } = exports;
    const makers = [() => () => 5, () => 5, () => undefined, async () => new Target()];
    const results = [];
    for (const make of makers) {
      results.push(await watch(() => Service.hello(new Duplicable(make))));
    }
    const throws = () => {
      throw new RangeError('no');
    };
    results.push(await watch(() => Service.hello(new Duplicable(throws))));
    results.push(await watch(() => Service.call(duplicableFunction(() => new Target()))));
    return results;
  },
  'dup-from-object': ({ GATE }) => watch(() => GATE.getByName('a').give()),
  'module-views'() {
    const keys = (view) => Object.keys(view).sort();
    return [null, undefined, 'text', 5, true, {}, { a: 1 }, () => 1].map((value) => [
      withEnv(value, () => [typeof importedEnv, keys(importedEnv)]),
      withExports(value, () => [typeof importedExports, keys(importedExports)]),
      withEnvAndExports(value, { b: 1 }, () => [keys(importedEnv), keys(importedExports)]),
    ]);
  },
  'global-scope': () => globalScope,
  'early-exports': () => [earlyExports.text.length > 0, typeof importedExports.Service],
};

export class Service extends WorkerEntrypoint {
  hello(stub) {
    return stub.hello();
  }
  call(fn) {
    return fn(2);
  }
}

/** Reachable over RPC by the flag js_rpc alone. */
export class Plain {
  foo() {
    return 123;
  }
}

export class Gate extends DurableObject {
  give() {
    return this.ctx.exports.Service.hello(new Duplicable());
  }
}

export default { fetch: (request, env, ctx) => answer(bind(ctx), request, env) };

function bind(ctx) {
  return Object.fromEntries(
    Object.entries(probes).map(([name, probe]) => [
      name,
      (env, request) => probe(env, request, ctx),
    ]),
  );
}
