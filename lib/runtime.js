'use strict';
// Runtime: one Worker or several, with their objects, running in this process; create-runtime.js makes it.
//
// listen() serves the Worker over HTTP; reload() puts new code in the place of what runs; close() drains, flushes and lets go of the
// directory.

const { AdminServer } = require('./admin/admin-server');
const { runtimeMetrics } = require('./admin/runtime-metrics');
const { Invocation } = require('./workers/invocation');
const { deliverTo } = require('./workers/local-delivery');
const { leaveProcess } = require('./workers/process-worker');
const { connectWeb, disconnectWeb } = require('./web-hooks');
const { hideFromObjects } = require('./worker-scope');
const { requestFromHost, responseForHost } = require('./web/internal');
const { current } = require('./current');
const { UnconfirmedDeletion } = require('./migration-ledger');
const { RestartNeeded } = require('./reload-check');
const { joined } = require('./bindings');
const { loadCode } = require('./load-code');
const { receive } = require('./mail/receive');
const { checkEmail, checkListenOptions, checkReloadOptions } = require('./runtime-options');
const { limitDefaults } = require('./constants');
const { serveNodeRequest } = require('./http/node-exchange');
const { TlsListener } = require('./http/tls-listener');
const { handUpgradeOver } = require('./http/upgrade');

const kDefaultHost = '127.0.0.1';
const kDefaultPort = 8787;

/**
 * @typedef {import('./http/development').Development} Development
 * @typedef {import('./shard').Shard} Shard
 * @typedef {import('./workers/worker').Worker} Worker
 */

/**
 * @typedef {object} RuntimeOptions
 * @property {any} [config] a directory, a config file, or what resolveProject() returned; a list for several Workers, of which the
 *   first takes the requests
 * @property {string} [main] entry file
 * @property {Record<string, Function>} [durableObjects] classes of this process, by binding name
 * @property {string} [dataDir] without it everything is kept in memory
 * @property {string} [env]
 * @property {Record<string, unknown>} [vars]
 * @property {Record<string, unknown>} [bindings] put on `env` as they are, in place of what has their name
 * @property {any} [build] already built; a list for several Workers
 * @property {boolean} [deleteClasses] migrations may delete stored data
 * @property {boolean} [adoptMigrations] the list of migrations replaces the one that was applied
 * @property {number} [idleEvictionMs]
 * @property {'flush' | 'system'} [durability] when a write counts as done; default flush
 * @property {number} [retentionMs] for how long earlier states of objects can be restored; default 0: not at all
 * @property {boolean} [compression] of WebSocket messages, when the peer offers it; default false
 * @property {number} [mailboxEventsMax]
 * @property {number} [mailboxBytesMax]
 * @property {number} [ioThreads]
 * @property {boolean} [development] exceptions are shown to clients, requests are logged
 * @property {number} [trustedProxies] how many proxies in front are believed; default 0
 * @property {Record<string, number>} [limits] by their names in docs/limits.md
 * @property {import('./mail/outbox').MailOptions} [mail] where mail leaves
 * @property {import('./admin/admin-server').AdminOptions} [admin] where health and metrics are served; default: nowhere
 */

/** One Worker with its objects, or several. Made by createRuntime(). */
class Runtime {
  #shard;
  /** The first takes the requests. @type {Worker[]} */
  #workers;
  #closeProject;
  /** @type {import('./bindings').Callers} */
  #callers;
  #options;
  /** @type {Development | undefined} */
  #development;
  /** Reloads, one after the other. @type {Promise<unknown>} */
  #reloading = Promise.resolve();
  /** Work that replaced Workers gave to waitUntil(). @type {Set<Promise<void>>} */
  #replaced = new Set();
  /** @type {Promise<void> | undefined} */
  #closing;
  #listening = false;
  /** The server has connections, or may have: it must be drained. */
  #serving = false;
  /** @type {TlsListener[]} */
  #tlsListeners = [];
  #hasWorker;
  #limits;
  /** @type {Set<Promise<unknown>>} of fetch(), not settled */
  #requests = new Set();
  /** @type {AdminServer | undefined} */
  #adminServer;
  /** @type {import('./admin/admin-server').AdminAddress | undefined} */
  #admin;

  /**
   * @param {Shard} shard
   * @param {Worker[]} workers
   * @param {object} how
   * @param {boolean} how.hasWorker false: made of classes alone, so that nothing takes requests
   * @param {RuntimeOptions} how.options
   * @param {() => void} [how.closeProject]
   * @param {import('./bindings').Callers} [how.callers] that have begun
   * @param {Development} [how.development]
   */
  constructor(shard, workers, how) {
    const { hasWorker, options, closeProject = () => {}, callers = joined([]) } = how;
    this.#callers = callers;
    this.#shard = shard;
    this.#workers = workers;
    this.#hasWorker = hasWorker;
    this.#options = options;
    this.#development = how.development;
    const limits = { ...limitDefaults, ...options.limits };
    this.#limits = limits;
    /**
     * Serves a request of a node:http server; it may be handed around without the runtime.
     * @type {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => void}
     */
    this.requestListener = (request, response) => {
      this.#checkServes('requestListener');
      const [worker] = this.#workers;
      this.#track(serveNodeRequest(worker, request, response, this.#development));
    };
    /**
     * Takes an upgrade of a node:http server over.
     * @type {(request: import('node:http').IncomingMessage, socket: import('node:stream').Duplex, head: Uint8Array) => void}
     */
    this.handleUpgrade = (request, socket, head) => {
      this.#checkServes('handleUpgrade');
      this.#serving = true;
      handUpgradeOver(this.#shard.native, request, socket, head, limits);
    };
    this.#closeProject = closeProject;
  }

  /** Where health and metrics are served. */
  get admin() {
    return this.#admin;
  }

  /** Closes the runtime when it cannot. @param {import('./admin/admin-server').AdminOptions} options */
  async openAdmin(options) {
    const shard = this.#shard;
    this.#adminServer = new AdminServer({
      trouble: () => shard.trouble ?? (shard.isDiskFull ? kDiskFull : undefined),
      metrics: () => runtimeMetrics(shard.counted()),
    });
    try {
      this.#admin = await this.#adminServer.open(options);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** The bindings, as the Worker sees them. */
  get env() {
    return this.#workers[0].env;
  }

  /**
   * Calls the Worker's fetch handler without a network; rejects with what the handler throws.
   * @param {any} input
   * @param {any} [init]
   * @returns {Promise<Response>}
   */
  fetch(input, init) {
    const answered = this.#fetch(input, init);
    this.#track(answered);
    return answered;
  }

  /**
   * A message that came for the Worker: calls its email handler.
   * @param {import('./mail/receive').Incoming} message
   * @returns {Promise<import('./mail/receive').Outcome>} what the handler did with it; rejects with what it throws
   * @throws {import('./mail/receive').MailRefused} it is no message that a handler can get
   */
  email(message) {
    const received = this.#email(message);
    this.#track(received);
    return received;
  }

  /** @param {import('./mail/receive').Incoming} message */
  async #email(message) {
    this.#checkServes('email');
    checkEmail(message);
    const { result, error } = await receive(this.#workers[0], message, this.#shard.outbox);
    if (result.outcome === 'exception') throw error;
    return result;
  }

  /** close() waits for it. @param {Promise<unknown>} promise */
  #track(promise) {
    const settled = promise.catch(() => {}).finally(() => this.#requests.delete(settled));
    this.#requests.add(settled);
  }

  /** @param {any} input @param {any} init @returns {Promise<Response>} */
  async #fetch(input, init) {
    this.#checkServes('fetch');
    const request = requestFromHost(input, init);
    const [worker] = this.#workers;
    const invocation = new Invocation(worker, 'request');
    const response = await deliverTo(invocation, request, () => worker.answer(request, invocation));
    return current.context === undefined ? responseForHost(response) : response;
  }

  /**
   * May be called several times, for several addresses.
   * @param {object} [options]
   * @param {number} [options.port] 0 picks a free one
   * @param {string} [options.host]
   * @param {string} [options.path] of a Unix-domain socket, instead of port and host
   * @param {boolean} [options.reusePort] SO_REUSEPORT: other processes may listen there, too
   * @param {{certFile: string, keyFile: string}} [options.tls]
   * @returns {Promise<{url: string, port: number, host: string, path?: string}>}
   */
  async listen(options = {}) {
    this.#checkServes('listen');
    checkListenOptions(options);
    const { port = kDefaultPort, host = kDefaultHost, path, reusePort = false, tls } = options;
    const bound = tls
      ? await this.#listenTls(tls, path === undefined ? { port, host } : { path })
      : this.#shard.native.listen(host, port, reusePort, path);
    if (!this.#listening) this.#shard.keepAlive();
    this.#listening = this.#serving = true;
    if (path !== undefined) return { url: `unix:${path}`, port: 0, host: '', path };
    const authority = `${host.includes(':') ? `[${host}]` : host}:${bound}`;
    return { url: `${tls ? 'https' : 'http'}://${authority}`, port: bound, host };
  }

  /** @param {{certFile: string, keyFile: string}} files @param {{port?: number, host?: string, path?: string}} address */
  async #listenTls(files, address) {
    const listener = new TlsListener(this.#shard.native, files, this.#limits);
    const port = await listener.open(address);
    this.#tlsListeners.push(listener);
    return port;
  }

  /** @param {string} method */
  #checkServes(method) {
    if (this.#closing) throw new Error('The runtime is closed.');
    if (this.#hasWorker) return;
    throw new Error(
      `runtime.${method}() needs a Worker, and createRuntime({ durableObjects }) has none: give it main or config, ` +
        'or call the objects through runtime.env.',
    );
  }

  /**
   * Loads the code anew and puts it in the place of what runs. Requests that have begun are finished by the old code, connections and
   * hibernatable WebSockets stay; WebSockets taken with accept() are closed with 1012. An object starts anew once nothing of it is
   * under way, at the latest after drainTimeoutMs; then what is under way rejects (S2.4.1).
   * @param {Pick<RuntimeOptions, 'config' | 'main' | 'env' | 'vars' | 'build'>} [options] in place of those of createRuntime()
   * @returns {Promise<boolean>} false: nothing was changed, as this code needs a new runtime: its migrations delete or rename
   * @throws what createRuntime() throws; the old code goes on, unless all that failed was to store when the new one's crons and queues
   *   are due
   */
  reload(options = {}) {
    const done = this.#reloading.then(() => this.#reload(options));
    this.#reloading = done.catch(() => {});
    return done;
  }

  /** @param {Partial<RuntimeOptions>} changes @returns {Promise<boolean>} */
  async #reload(changes) {
    this.#checkServes('reload');
    checkReloadOptions(changes);
    const options = { ...this.#options, build: undefined, ...changes };
    const old = this.#workers;
    let code;
    try {
      code = await loadCode(this.#shard, options);
      await new Promise((resolve) => setImmediate(resolve)); // outside of any turn
      if (this.#closing) code.closeProject();
      this.#checkServes('reload');
    } catch (error) {
      if (!this.#closing) connectWeb(this.#shard, old[0].flags);
      if (error instanceof RestartNeeded || error instanceof UnconfirmedDeletion) return false;
      throw error;
    }
    this.#options = options;
    this.#workers = code.workers;
    this.#shard.setWorkers(code.workers);
    this.#shard.exchanges?.serveWith(code.workers[0]);
    for (const worker of code.workers)
      for (const entry of worker.classes.values()) entry.takeOver();
    const entries = code.workers.flatMap(({ classes }) => [...classes.values()]);
    this.#shard.retire(new Set(entries), this.#limits.drainTimeoutMs);
    this.#forget(old, this.#closeProject);
    this.#closeProject = code.closeProject;
    this.#callers.end();
    this.#callers = code.callers;
    await this.#callers.begin();
    return true;
  }

  /**
   * For `holdfast dev`: the newest code does not run, and why; undefined: it does.
   * @param {Error | undefined} error
   */
  showProblem(error) {
    if (this.#development !== undefined) this.#development.problem = error;
  }

  /**
   * Reads anew which static assets there are, and their rules; code and objects go on.
   * @returns {Promise<void>}
   * @throws {ConfigError} a directory is gone; what was there before is served on, as far as its files exist
   */
  async reloadAssets() {
    this.#checkServes('reloadAssets');
    for (const worker of this.#workers) {
      for (const warning of (await worker.reloadAssets?.()) ?? [])
        console.warn(`warning: ${warning}`);
    }
  }

  /** @param {Worker[]} workers @param {() => void} closeProject */
  #forget(workers, closeProject) {
    const forgotten = drained(workers).then(() => {
      closeProject();
      this.#replaced.delete(forgotten);
    });
    this.#replaced.add(forgotten);
  }

  /**
   * Finishes the requests that have begun and what waitUntil() was given, writes everything down and lets go of the data
   * directory. Calls that were made directly on `env` and are not answered reject.
   * @returns {Promise<void>}
   */
  close() {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close() {
    for (const listener of this.#tlsListeners) listener.close();
    this.#shard.keepAlive();
    if (this.#serving) {
      const drained = new Promise((resolve) => {
        this.#shard.onDrained = () => resolve(undefined);
      });
      this.#shard.native.drain();
      await drained;
    }
    if (this.#listening) this.#shard.letGo();
    await withTimeout(Promise.all(this.#requests), this.#limits.drainTimeoutMs);
    await withTimeout(Promise.all([drained(this.#workers), ...this.#replaced]), kBackgroundMs);
    this.#shard.letGo();
    this.#shard.outbox.close();
    await this.#adminServer?.close();
    await this.#shard.close();
    disconnectWeb(this.#shard);
    hideFromObjects(this.#shard);
    leaveProcess(this.#shard);
    this.#closeProject();
  }

  [Symbol.asyncDispose]() {
    return this.close();
  }

  /** For lib/testing. @param {Runtime} runtime @returns {{shard: Shard, workers: Worker[], startBindings: () => Promise<void>}} */
  static partsOf(runtime) {
    return {
      shard: runtime.#shard,
      workers: runtime.#workers,
      startBindings: () => runtime.#callers.begin(),
    };
  }
}

/** S9.1.2: what waitUntil() work gets after the last response. */
const kBackgroundMs = 30_000;
const kDiskFull =
  'The disk of the data directory is full: writes are refused until there is space.';

/** @param {Worker[]} workers */
async function drained(workers) {
  await Promise.all(workers.map((worker) => worker.drained()));
}

/** @param {Promise<unknown>} promise @param {number} ms */
async function withTimeout(promise, ms) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}

module.exports = { Runtime };
