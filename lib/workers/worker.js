'use strict';
// Worker: one loaded Worker: its module, its env, and how its entrypoints are called (spec S9.1, S7.7).

const { ExecutionContext } = require('./execution-context');
const { WorkerEntrypoint } = require('./worker-entrypoint');
const { makeLoopback } = require('./loopback-stub');
const { makePersistentService, makeService } = require('./service-stub');
const { makeLoopbackClass, makeLoopbackNamespace } = require('./durable-object-class');
const { DurableObjectNamespace } = require('../actors/namespace');
const { watchRejections } = require('./rejections');
const { propsFor } = require('../rpc/transfer');
const { isResponse, makeEventScope } = require('../web/internal');
const { runAs } = require('../current');
const { openWork } = require('../open-work');

const kNoFetch = 'Handler does not export a fetch() function.';
const kNotResponse = "Incorrect type for Promise: the Promise did not resolve to 'Response'.";

/** @typedef {import('./invocation').Invocation} Invocation */

class Worker {
  /** @type {Set<Promise<unknown>>} what waitUntil() was given and is not settled */
  #background = new Set();
  /** @type {Record<string, unknown> | undefined} */
  #exports;

  /**
   * @param {object} options
   * @param {string} options.name
   * @param {Record<string, boolean>} options.flags compatibility flags, every one
   * @param {Record<string, unknown>} options.env variables; namespaces are added by bind()
   * @param {import('./hang-watch').HangWatch} [options.hangs] of the shard
   */
  constructor({ name, flags, env, hangs }) {
    this.name = name;
    this.flags = flags;
    this.hangs = hangs;
    /** @type {Record<string, any>} */
    this.env = env;
    /** @type {Record<string, any>} the module's exports, set when it is loaded */
    this.module = {};
    this.isLoaded = false;
    /** Its globals; undefined: those of the process. @type {import('../web/scope/global-scope').GlobalScope | undefined} */
    this.scope = undefined;
    /**
     * Answers requests from outside before the module does (static assets); undefined: it is for the module.
     * @type {((request: any) => Promise<any> | undefined) | undefined}
     */
    this.front = undefined;
    /** Gives warnings. @type {(() => Promise<string[]>) | undefined} */
    this.reloadAssets = undefined;
    /** What its rate limiters have counted. @type {import('../bindings/ratelimit/ratelimit').Windows[]} */
    this.rateWindows = [];
    /** The keys of its Workers Site, by path. @type {Record<string, string> | undefined} */
    this.siteManifest = undefined;
    /** Where the listeners of its global scope are. */
    this.events = makeEventScope(watchRejections);
    /** @type {Map<string, import('../actors/namespace-entry').NamespaceEntry>} by binding name */
    this.bindings = new Map();
    /** What objects of a class have as `ctx.container`. @type {Map<string, object>} */
    this.containers = new Map();
    /** @type {Map<string, import('../actors/namespace-entry').NamespaceEntry>} by class name */
    this.classes = new Map();
  }

  /** @param {string} name @param {import('../actors/namespace-entry').NamespaceEntry} entry of this Worker or another one */
  bind(name, entry) {
    this.bindings.set(name, entry);
    // Bindings first, then the variables, in the order of workerd's configurations.
    const { env } = this;
    const bound = [...this.bindings].map(([key, value]) => [
      key,
      env[key] instanceof DurableObjectNamespace
        ? env[key]
        : new DurableObjectNamespace(value, undefined),
    ]);
    const rest = Object.entries(env).filter(([key]) => !this.bindings.has(key));
    this.env = Object.fromEntries([...bound, ...rest]);
  }

  /**
   * S7.7.2: a binding to an entrypoint, of this Worker or another one.
   * @param {string} name
   * @param {Worker} worker
   * @param {string} entrypoint
   * @param {object} props
   */
  bindService(name, worker, entrypoint, props) {
    this.env[name] = makeService(worker, entrypoint, props);
  }

  /** @param {string} name @returns {boolean} */
  hasEntrypoint(name) {
    return isEntrypoint(name, this.module[name]);
  }

  /** S3.8.9: a stub that may be stored. @param {string} name of an entrypoint @param {object} props */
  persistentStub(name, props) {
    return makePersistentService(this, name, props);
  }

  /** @param {string} name @returns {boolean} */
  hasObjectClass(name) {
    return Object.hasOwn(this.module, name) && isObjectClass(this.module[name]);
  }

  /** An object's own env: answers to the calls it makes come through its gate. @param {import('../actors/instance').ActorInstance} instance */
  envFor(instance) {
    const env = { ...this.env };
    for (const [name, entry] of this.bindings)
      env[name] = new DurableObjectNamespace(entry, instance);
    return env;
  }

  /** S1.13 */
  get exports() {
    if (!this.isLoaded) return this.exportsFor(undefined); // the module reads them while it is evaluated
    this.#exports ??= this.exportsFor(undefined);
    return this.#exports;
  }

  /** @param {import('../actors/instance').ActorInstance | undefined} owner */
  exportsFor(owner) {
    /** @type {Record<string, unknown>} */
    const exports = {};
    for (const [name, value] of Object.entries(this.module)) {
      const entry = this.classes.get(name);
      if (entry) exports[name] = makeLoopbackNamespace(entry, owner);
      else if (isObjectClass(value)) exports[name] = makeLoopbackClass(this, name);
      else if (isEntrypoint(name, value)) exports[name] = makeLoopback(this, name, owner);
    }
    return exports;
  }

  /** @param {Promise<unknown>} promise never rejects */
  track(promise) {
    this.#background.add(promise);
    const work = openWork.begin?.('what waitUntil() was given');
    promise.finally(() => {
      this.#background.delete(promise);
      work?.end();
    });
  }

  /** For lib/testing: nobody waits for what waitUntil() was given. */
  abandon() {
    this.#background.clear();
  }

  /** Resolves when nothing of waitUntil() is under way. */
  async drained() {
    while (this.#background.size > 0) await Promise.all(this.#background);
  }

  /** An entrypoint ready to be called: a new instance of a class (S7.7.1), or the handlers object.
   * @param {string} name @param {object} props @param {Invocation} invocation */
  entrypoint(name, props, invocation) {
    const ctx = ExecutionContext.make(this, propsFor(props, invocation), invocation);
    const exported = this.module[name];
    const isClass =
      typeof exported === 'function' && exported.prototype instanceof WorkerEntrypoint;
    const target = isClass ? Reflect.construct(exported, [ctx, this.env]) : exported;
    invocation.entrypoint = { target, name, props };
    return { target, ctx, isClass };
  }

  /**
   * A request from outside.
   * @param {any} request
   * @param {Invocation} invocation the caller ends it
   * @returns {any} a Response or a promise of one
   */
  answer(request, invocation) {
    return this.front?.(request) ?? this.fetch(request, 'default', {}, invocation);
  }

  /**
   * Runs the default export's fetch handler.
   * @param {any} request
   * @param {string} name
   * @param {object} props
   * @param {Invocation} invocation the caller ends it
   * @returns {any} a Response or a promise of one; rejects or throws what the handler does
   */
  fetch(request, name, props, invocation) {
    const result = runAs(invocation, runFetch, this, request, name, props, invocation);
    return typeof result?.then === 'function'
      ? invocation.untilAborted(Promise.resolve(result)).then(checkResponse)
      : checkResponse(result);
  }

  /**
   * As answer(), for a request of the network: one of the functions is called, once. Every promise less is felt there.
   * @param {any} request
   * @param {Invocation} invocation the caller ends it
   * @param {(response: any) => void} respond
   * @param {(error: unknown) => void} fail
   */
  serve(request, invocation, respond, fail) {
    let result;
    try {
      result =
        this.front?.(request) ??
        runAs(invocation, runFetch, this, request, 'default', {}, invocation);
    } catch (error) {
      fail(error);
      return;
    }
    const check = (/** @type {any} */ response) => {
      if (isResponse(response)) respond(response);
      else fail(new TypeError(kNotResponse));
    };
    if (typeof result?.then === 'function') invocation.watch(Promise.resolve(result), check, fail);
    else check(result);
  }
}

/**
 * @param {Worker} worker
 * @param {any} request
 * @param {string} name
 * @param {object} props
 * @param {Invocation} invocation
 */
function runFetch(worker, request, name, props, invocation) {
  const { target, ctx, isClass } = worker.entrypoint(name, props, invocation);
  const fetch = target?.fetch;
  if (typeof fetch !== 'function') throw new Error(kNoFetch);
  return isClass ? fetch.call(target, request) : fetch.call(target, request, worker.env, ctx);
}

/** S9.5.1 @param {any} response */
function checkResponse(response) {
  if (!isResponse(response)) throw new TypeError(kNotResponse);
  return response;
}

/** @param {any} value */
const isObjectClass = (value) =>
  typeof value === 'function' && !(value.prototype instanceof WorkerEntrypoint);

/** @param {string} name @param {any} value */
function isEntrypoint(name, value) {
  if (name === 'default') return value !== undefined;
  if (typeof value === 'function') return value.prototype instanceof WorkerEntrypoint;
  return typeof value === 'object' && value !== null;
}

module.exports = { Worker };
