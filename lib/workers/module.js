'use strict';
// What `cloudflare:workers` exports to one Worker (spec S7.9), and with it the other modules of that name.

const { AsyncLocalStorage } = require('node:async_hooks');
const { DurableObject } = require('./durable-object');
const { checkLoaded } = require('./global-scope-error');
const { NodeServers } = require('./node-servers');
const otherModules = require('./other-modules');
const { timerModules } = require('./timer-modules');
const { makeTracing } = require('./tracing');
const { WorkerEntrypoint } = require('./worker-entrypoint');
const { ServiceStub } = require('../rpc/service-stub-class');
const { RpcTarget } = require('../rpc/rpc-target');
const { RpcStub } = require('../rpc/rpc-stub');
const { RpcPromise, RpcProperty } = require('../rpc/wildcard');
const { kRestoreMethod } = require('../stored-stubs/call-restore');
const { reportError } = require('../report-error');
const { current } = require('../current');

/** @param {() => Record<string, any>} current @returns {ProxyHandler<Record<string, any>>} */
const reads = (current) => ({
  get: (_target, name) => current()[/** @type {string} */ (name)],
  has: (_target, name) => name in current(),
  ownKeys: () => Reflect.ownKeys(current()),
  getOwnPropertyDescriptor: (_target, name) => {
    const slot = Reflect.getOwnPropertyDescriptor(current(), name);
    return slot && { ...slot, configurable: true };
  },
});

/** A live view: reads and changes go to what `current` gives at the time. @param {() => Record<string, any>} current */
const view = (current) =>
  new Proxy(/** @type {Record<string, any>} */ ({}), {
    ...reads(current),
    set: (_target, name, value) => Reflect.set(current(), name, value),
    deleteProperty: (_target, name) => Reflect.deleteProperty(current(), name),
    defineProperty: (_target, name, slot) => Reflect.defineProperty(current(), name, slot),
  });

/** Changes are lost without a word, as in workerd. @param {() => Record<string, any>} current */
const fixedView = (current) =>
  new Proxy(/** @type {Record<string, any>} */ ({}), {
    ...reads(current),
    set: () => true,
    deleteProperty: () => true,
    defineProperty: () => true,
  });

class WorkflowEntrypoint {
  constructor() {
    throw new Error('WorkflowEntrypoint is not supported by Holdfast yet.');
  }
}

/** @param {import('./worker').Worker} worker @returns {Record<string, unknown>} */
function workersModule(worker) {
  /** @type {AsyncLocalStorage<{env?: any, exports?: any}>} entered by withEnv and its like only */
  const overrides = new AsyncLocalStorage();
  /** null and undefined hide everything where the flag says so; what else is no object changes nothing. */
  const replacement = (/** @type {any} */ given) => {
    if (given === null || given === undefined)
      return worker.flags.env_module_nullable_support ? {} : undefined;
    return typeof given === 'object' || typeof given === 'function' ? given : undefined;
  };
  const run = (/** @type {{env?: any, exports?: any}} */ given, /** @type {() => any} */ fn) => {
    const store = { ...overrides.getStore() };
    if ('env' in given) store.env = replacement(given.env);
    if ('exports' in given) store.exports = replacement(given.exports);
    return overrides.run(store, fn);
  };
  const { handleAsNodeRequest, httpServerHandler, httpModule } = new NodeServers();
  return {
    ...otherModules,
    handleAsNodeRequest,
    httpServerHandler,
    httpModule,
    ...timerModules(worker.flags),
    DurableObject,
    WorkerEntrypoint,
    WorkflowEntrypoint,
    RpcTarget,
    RpcStub,
    RpcPromise,
    RpcProperty,
    ServiceStub,
    env: view(() => overrides.getStore()?.env ?? worker.env),
    exports: fixedView(() => overrides.getStore()?.exports ?? worker.exports),
    withEnv: (/** @type {any} */ env, /** @type {() => any} */ fn) => run({ env }, fn),
    withExports: (/** @type {any} */ exports, /** @type {() => any} */ fn) => run({ exports }, fn),
    withEnvAndExports: (
      /** @type {any} */ env,
      /** @type {any} */ exports,
      /** @type {() => any} */ fn,
    ) => run({ env, exports }, fn),
    // Of Workers whose responses Cloudflare's network keeps; elsewhere it has nothing, as in workerd.
    cache: Object.create(null),
    tracing: makeTracing(),
    restore: kRestoreMethod,
    abortIsolate: () => {
      throw new Error('abortIsolate() is not supported by Holdfast: it would end the process.');
    },
    waitUntil: (/** @type {unknown} */ promise) => {
      checkLoaded(worker);
      const { context } = current;
      if (context === undefined) worker.track(Promise.resolve(promise).catch(reportError));
      else context.waitUntil(promise);
    },
  };
}

module.exports = { workersModule };
