'use strict';
// What `cloudflare:workers` exports to one Worker (spec S7.9), and with it the other modules of that name.

const { AsyncLocalStorage } = require('node:async_hooks');
const { DurableObject } = require('./durable-object');
const { checkLoaded } = require('./global-scope-error');
const otherModules = require('./other-modules');
const { WorkerEntrypoint } = require('./worker-entrypoint');
const { ServiceStub } = require('../rpc/service-stub-class');
const { RpcTarget } = require('../rpc/rpc-target');
const { RpcStub } = require('../rpc/rpc-stub');
const { RpcPromise, RpcProperty } = require('../rpc/wildcard');
const { reportError } = require('../report-error');
const { current } = require('../current');

/**
 * A live view: reads go to what `current` gives at the time.
 * @param {() => Record<string, any>} current
 */
function view(current) {
  return new Proxy(
    {},
    {
      get: (_target, name) => /** @type {any} */ (current())[name],
      has: (_target, name) => name in current(),
      ownKeys: () => Reflect.ownKeys(current()),
      getOwnPropertyDescriptor: (_target, name) => {
        const slot = Reflect.getOwnPropertyDescriptor(current(), name);
        return slot && { ...slot, configurable: true };
      },
      set: () => false,
    },
  );
}

class WorkflowEntrypoint {
  constructor() {
    throw new Error('WorkflowEntrypoint is not supported by Holdfast yet.');
  }
}

/** May be imported; any use names it. @param {string} name */
const unsupportedObject = (name) =>
  new Proxy(
    {},
    {
      get(_target, member) {
        if (typeof member === 'symbol') return undefined;
        throw new Error(
          `${name}.${member} of cloudflare:workers is not supported by Holdfast yet.`,
        );
      },
    },
  );

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
  return {
    ...otherModules,
    DurableObject,
    WorkerEntrypoint,
    WorkflowEntrypoint,
    RpcTarget,
    RpcStub,
    RpcPromise,
    RpcProperty,
    ServiceStub,
    env: view(() => overrides.getStore()?.env ?? worker.env),
    exports: view(() => overrides.getStore()?.exports ?? worker.exports),
    withEnv: (/** @type {any} */ env, /** @type {() => any} */ fn) => run({ env }, fn),
    withExports: (/** @type {any} */ exports, /** @type {() => any} */ fn) => run({ exports }, fn),
    withEnvAndExports: (
      /** @type {any} */ env,
      /** @type {any} */ exports,
      /** @type {() => any} */ fn,
    ) => run({ env, exports }, fn),
    cache: unsupportedObject('cache'),
    tracing: unsupportedObject('tracing'),
    restore: Symbol('restore'),
    abortIsolate: () => {
      throw new Error('abortIsolate() is not supported by Holdfast: it would end the process.');
    },
    waitUntil: (/** @type {unknown} */ promise) => {
      checkLoaded(worker);
      if (current.instance) current.instance.waitUntil(promise);
      else worker.track(Promise.resolve(promise).catch(reportError));
    },
  };
}

module.exports = { workersModule };
