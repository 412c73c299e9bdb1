'use strict';
// createRuntime: one Worker with its objects, running in this process.
//
// Happy path: open the data directory, plan and carry out migrations, load the Worker, start the alarms. listen() serves it over HTTP;
// close() drains, flushes and lets go of the directory.
// Ways it fails: ConfigError, BuildError and WorkerLoadError name file and line; a data directory in use names its holder. What was
// opened is closed again before the error leaves.

const { Shard } = require('./shard');
const { Worker } = require('./workers/worker');
const { workersModule } = require('./workers/module');
const { Exchanges } = require('./http/exchanges');
const { NamespaceEntry } = require('./actors/namespace-entry');
const { connectWeb, disconnectWeb } = require('./web-hooks');
const { requestForDelivery, responseForDelivery } = require('./web/internal');
const { resolveCompatibility } = require('./config/compatibility');
const { ConfigError } = require('./config/config-error');
const { planMigrations } = require('./config/migrations');
const { loadProject } = require('./project');
const { checkListenOptions, checkOptions } = require('./runtime-options');
const { limitDefaults } = require('./constants');
const { serveNodeRequest } = require('./http/node-exchange');
const { TlsListener } = require('./http/tls-listener');
const { handUpgradeOver } = require('./http/upgrade');

const kDefaultHost = '127.0.0.1';
const kDefaultPort = 8787;
/** What a runtime of classes behaves like: the newest rules. */
const kNewestDate = '2026-11-17';

let runtimes = 0;

/**
 * @typedef {object} RuntimeOptions
 * @property {any} [config] a directory, a config file, or what resolveProject() returned
 * @property {string} [main] entry file
 * @property {Record<string, Function>} [durableObjects] classes of this process, by binding name
 * @property {string} [dataDir] without it everything is kept in memory
 * @property {string} [env]
 * @property {Record<string, unknown>} [vars]
 * @property {any} [build] already built
 * @property {number} [idleEvictionMs]
 * @property {'flush' | 'system'} [durability] when a write counts as done; default flush
 * @property {number} [retentionMs] for how long earlier states of objects can be restored; default 0: not at all
 * @property {boolean} [compression] of WebSocket messages, when the peer offers it; default true
 * @property {number} [mailboxEventsMax]
 * @property {number} [mailboxBytesMax]
 * @property {number} [ioThreads]
 * @property {number} [trustedProxies] how many proxies in front are believed; default 0
 * @property {Record<string, number>} [limits] by their names in docs/limits.md
 */

/** One Worker with its objects. Made by createRuntime(). */
class Runtime {
  #shard;
  #worker;
  #closeProject;
  /** @type {Promise<void> | undefined} */
  #closing;
  #listening = false;
  /** The server has connections, or may have: it must be drained. */
  #serving = false;
  /** @type {TlsListener[]} */
  #tlsListeners = [];
  #hasWorker;
  #drainMs;
  #tlsHandshakeMs;
  /** @type {Set<Promise<unknown>>} of fetch(), not settled */
  #requests = new Set();

  /**
   * @param {Shard} shard
   * @param {Worker} worker
   * @param {object} how
   * @param {boolean} how.hasWorker false: made of classes alone, so that nothing takes requests
   * @param {Record<string, number>} [how.limits] those that were given
   * @param {() => void} [how.closeProject]
   */
  constructor(shard, worker, { hasWorker, limits = {}, closeProject = () => {} }) {
    this.#shard = shard;
    this.#worker = worker;
    this.#hasWorker = hasWorker;
    this.#drainMs = limits.drainTimeoutMs ?? limitDefaults.drainTimeoutMs;
    this.#tlsHandshakeMs = limits.tlsHandshakeTimeoutMs ?? limitDefaults.tlsHandshakeTimeoutMs;
    /**
     * Serves a request of a node:http server; it may be handed around without the runtime.
     * @type {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => void}
     */
    this.requestListener = (request, response) => {
      this.#checkServes('requestListener');
      this.#track(serveNodeRequest(this.#worker, request, response));
    };
    /**
     * Takes an upgrade of a node:http server over.
     * @type {(request: import('node:http').IncomingMessage, socket: import('node:stream').Duplex, head: Uint8Array) => void}
     */
    this.handleUpgrade = (request, socket, head) => {
      this.#checkServes('handleUpgrade');
      this.#serving = true;
      handUpgradeOver(this.#shard.native, request, socket, head);
    };
    this.#closeProject = closeProject;
  }

  /** The bindings, as the Worker sees them. */
  get env() {
    return this.#worker.env;
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

  /** close() waits for it. @param {Promise<unknown>} promise */
  #track(promise) {
    const settled = promise.catch(() => {}).finally(() => this.#requests.delete(settled));
    this.#requests.add(settled);
  }

  /** @param {any} input @param {any} init @returns {Promise<Response>} */
  async #fetch(input, init) {
    this.#checkServes('fetch');
    const request = requestForDelivery(input, init);
    return responseForDelivery(await this.#worker.fetch(request), request);
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
    const listener = new TlsListener(this.#shard.native, files, this.#tlsHandshakeMs);
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
    await withTimeout(Promise.all(this.#requests), this.#drainMs);
    await withTimeout(this.#worker.drained(), kBackgroundMs);
    this.#shard.letGo();
    await this.#shard.close();
    disconnectWeb(this.#shard);
    this.#closeProject();
  }

  [Symbol.asyncDispose]() {
    return this.close();
  }
}

/** S9.1.2: what waitUntil() work gets after the last response. */
const kBackgroundMs = 30_000;

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

/**
 * @param {RuntimeOptions} options
 * @returns {Promise<Runtime>}
 */
async function createRuntime(options) {
  checkOptions(options);
  const shard = new Shard(options);
  shard.onFlushFailed = stopOnFlushFailure;
  try {
    return await (options.durableObjects
      ? startClasses(shard, options)
      : startProject(shard, options));
  } catch (error) {
    await shard.close();
    disconnectWeb(shard);
    throw error;
  }
}

/** @param {string} message */
function stopOnFlushFailure(message) {
  console.error(
    `holdfast: writing to the data directory failed: ${message}. No write after the last acknowledged one is safe; nothing more is acknowledged. Restart when the disk is well.`,
  );
}

/** @param {Shard} shard @param {RuntimeOptions} options */
async function startClasses(shard, { durableObjects = {}, vars = {}, limits }) {
  const worker = new Worker({
    name: 'worker',
    flags: resolveCompatibility(kNewestDate, []),
    env: { ...vars },
  });
  connectWeb(shard, worker.flags);
  const classes = Object.entries(durableObjects).map(([binding, Class]) => {
    return { binding, Class, className: Class.name };
  });
  for (const { Class, className } of classes) worker.module[className] = Class;
  worker.isLoaded = true;
  const kinds = new Map(
    classes.map(({ className }) => [className, /** @type {const} */ ('sqlite')]),
  );
  const { state, settle } = migrate(shard, {
    workerName: worker.name,
    migrations: [],
    classes: kinds,
  });
  settle();
  for (const { binding, className } of classes) bind(shard, worker, state, binding, className);
  shard.native.start();
  return new Runtime(shard, worker, { hasWorker: false, limits });
}

/** @param {Shard} shard @param {RuntimeOptions} options */
async function startProject(shard, options) {
  const { config, main, env, vars, build, limits, trustedProxies = 0 } = options;
  runtimes += 1;
  const key = `runtime-${runtimes}`;
  /** @type {Worker | undefined} */
  let worker;
  let settle = () => {};
  const prepare = (/** @type {any} */ project) => {
    worker = new Worker({
      name: project.name,
      flags: project.config.compatibilityFlags,
      env: project.env,
    });
    connectWeb(shard, worker.flags);
    // A config names the bindings before the module runs, which may read them (S7.9.1).
    if (project.config.configPath) settle = bindProject(shard, worker, project);
    return workersModule(worker);
  };
  const project = await loadProject({
    config,
    main,
    env,
    vars,
    build,
    key,
    cloudflareWorkers: prepare,
  });
  const loaded = /** @type {Worker} */ (/** @type {unknown} */ (worker));
  loaded.module = project.module;
  loaded.isLoaded = true;
  if (!project.config.configPath) settle = bindProject(shard, loaded, project);
  settle();
  for (const warning of project.warnings) console.warn(`warning: ${warning}`);
  shard.exchanges = new Exchanges(shard, loaded, trustedProxies);
  shard.native.start();
  return new Runtime(shard, loaded, {
    hasWorker: true,
    limits,
    closeProject: () => project.close(),
  });
}

/**
 * Puts the namespaces on env. Returns what carries out the migrations: data is deleted only once the code has loaded.
 * @param {Shard} shard
 * @param {Worker} worker
 * @param {import('./project').Project} project
 */
function bindProject(shard, worker, project) {
  const { classes, migrations } = project.config;
  const { state, settle } = migrate(shard, {
    workerName: project.name,
    migrations,
    classes,
    warnings: project.warnings,
    configPath: project.config.configPath,
  });
  for (const { name, className, scriptName } of project.durableObjectBindings) {
    if (scriptName !== undefined && scriptName !== project.name) {
      throw new Error(
        `The binding ${name} refers to a Durable Object namespace of the Worker "${scriptName}". holdfast runs one Worker and does not support script_name yet.`,
      );
    }
    bind(shard, worker, state, name, className);
  }
  const services = project.config.serviceBindings;
  for (const { name, entrypoint, props } of services) worker.bindService(name, entrypoint, props);
  return () => {
    settle();
    for (const { name, entrypoint } of services) {
      if (worker.hasEntrypoint(entrypoint)) continue;
      throw new ConfigError(
        `The binding ${name} refers to the entrypoint "${entrypoint}", which the Worker does not export.`,
        {
          file: project.config.configPath,
        },
      );
    }
    // `ctx.exports` has the classes without a binding too (S1.13). The module may have dropped one.
    for (const className of classes.keys()) {
      if (typeof worker.module[className] === 'function') declare(shard, worker, state, className);
    }
  };
}

/**
 * S8.4: plans what was not carried out yet; `settle` does it and records it beside the data.
 * @param {Shard} shard
 * @param {{workerName: string, migrations: any[], classes: Map<string, any>, warnings?: string[], configPath?: string}} input
 */
function migrate(shard, { workerName, migrations, classes, warnings = [], configPath }) {
  const key = `migrations:${workerName}`;
  const stored = shard.native.readMeta(key);
  const state = stored === undefined ? undefined : JSON.parse(stored);
  const hasData = (/** @type {string} */ uniqueKey) => shard.native.hasObjects(uniqueKey);
  let plan;
  try {
    plan = planMigrations({ workerName, state, migrations, classes, hasData });
  } catch (error) {
    throw new ConfigError(/** @type {Error} */ (error).message, { file: configPath });
  }
  warnings.push(...plan.warnings);
  const settle = () => {
    for (const step of plan.steps) {
      if (step.type === 'delete') shard.native.deleteNamespace(step.uniqueKey);
    }
    const record = JSON.stringify(plan.state);
    if (record !== stored) shard.native.writeMeta(key, record);
  };
  return { state: plan.state, settle };
}

/** @param {Shard} shard @param {Worker} worker @param {import('./config/migrations').MigrationState} state @param {string} binding @param {string} className */
function bind(shard, worker, state, binding, className) {
  worker.bind(binding, declare(shard, worker, state, className));
}

/**
 * @param {Shard} shard
 * @param {Worker} worker
 * @param {import('./config/migrations').MigrationState} state
 * @param {string} className
 * @returns {NamespaceEntry}
 */
function declare(shard, worker, state, className) {
  const known = worker.classes.get(className);
  if (known) return known;
  const { uniqueKey, kind } = state.classes[className];
  const entry = new NamespaceEntry(shard, {
    uniqueKey,
    className,
    classOf: () => worker.module[className],
    kind: kind === 'sqlite' ? 'sqlite' : 'kv',
    worker,
  });
  worker.classes.set(className, entry);
  return entry;
}

module.exports = { createRuntime, Runtime };
