'use strict';
// Member: one of the Workers that run together: its project, its Worker, and what stands on its env (spec S7.7.2, S8.3).

const path = require('node:path');
const { kindOf } = require('./reload-check');
const { ConfigError } = require('./config/config-error');
const { unsupportedBinding, unsupportedContainer } = require('./config/unsupported-bindings');
const { assetRouter } = require('./assets/asset-router');
const { bindResources, joined } = require('./bindings');
const { SITE_MANIFEST } = require('./bindings/site/site-keys');
const { NamespaceEntry } = require('./actors/namespace-entry');
const { Worker } = require('./workers/worker');
const { eventHandlers } = require('./workers/event-handlers');
const { workersModule } = require('./workers/module');
const { makeScope } = require('./worker-scope');

/** @typedef {Map<string, Member>} Members by the name of the Worker */

class Member {
  #shard;
  #ledger;

  /**
   * @param {import('./shard').Shard} shard
   * @param {InstanceType<typeof import('./migration-ledger').MigrationLedger>} ledger
   * @param {import('./project').Project} project
   */
  constructor(shard, ledger, project) {
    this.#shard = shard;
    this.#ledger = ledger;
    this.project = project;
    const { name, config, env } = project;
    /** @type {import('./bindings').Callers} */
    this.callers = joined([]);
    this.worker = new Worker({ name, flags: config.compatibilityFlags, env, hangs: shard.hangs });
    for (const className of config.containerClasses)
      this.worker.containers.set(className, unsupportedContainer(className));
  }

  get name() {
    return this.project.name;
  }

  /** A config names the bindings before the module runs, which may read them (S7.9.1). */
  get isConfigured() {
    return this.project.config.configPath !== undefined;
  }

  /** Says to the ledger what is to happen to stored data. */
  plan() {
    const { classes, migrations, changes, configPath } = this.project.config;
    const warnings = this.#ledger.plan({
      workerName: this.name,
      migrations: this.isConfigured ? migrations : undefined,
      changes,
      classes,
      configPath,
    });
    this.project.warnings.push(...warnings);
  }

  /**
   * Puts on env what the config says, after every member has planned. What the caller gave stays.
   * @param {Members} members
   * @param {Record<string, unknown>} given
   */
  bind(members, given) {
    const { durableObjectBindings, config } = this.project;
    for (const binding of durableObjectBindings) {
      if (!Object.hasOwn(given, binding.name)) this.#bindNamespace(members, binding);
    }
    for (const { name, service, entrypoint, props } of config.serviceBindings) {
      if (Object.hasOwn(given, name)) continue;
      const target = members.get(service);
      if (target) this.worker.bindService(name, target.worker, entrypoint, props);
      else this.#cannotUse('services', name, service);
    }
    this.#bindAssets();
    this.#shard.outbox.writeTo(path.join(config.dataParent, '.holdfast', 'mail'));
    this.callers = bindResources(this.#shard, this.worker, config.resources);
    Object.assign(this.worker.env, given);
  }

  /** @param {Members} members @param {import('./config/durable-object-bindings').DurableObjectBinding} binding */
  #bindNamespace(members, { name, className, scriptName = this.name }) {
    // A class that was transferred is found where it went (S8.4.7).
    const here = members.get(scriptName)?.moved(className);
    const [script, currentName] = here ?? [scriptName, className];
    const owner = members.get(script);
    if (!owner) {
      this.#cannotUse('durable_objects', name, script);
    } else if (owner.has(currentName)) {
      this.worker.bind(name, owner.namespace(currentName));
    } else {
      throw new ConfigError(
        `The binding ${name} refers to a Durable Object namespace named "${currentName}", but no such Durable Object namespace is defined by the Worker "${script}".`,
        { file: this.project.config.configPath },
      );
    }
  }

  /** Static assets answer before the code does; a binding leads to them alone. */
  #bindAssets() {
    const { name, assets, config } = this.project;
    if (assets === undefined || config.assets === undefined) return;
    const { compatibilityFlags: flags } = config;
    const isForAssets = assetRouter(config.assets, assets, {
      hasWorker: config.main !== undefined,
      navigationPrefersAssets: flags.assets_navigation_prefers_asset_serving,
    });
    this.worker.reloadAssets = () => assets.reload();
    this.worker.front = (request) => (isForAssets(request) ? assets.fetch(request) : undefined);
    const { binding } = config.assets;
    if (binding === undefined || config.main === undefined) return;
    const behind = new Worker({ name: `${name} (assets)`, flags, env: {} });
    behind.module = { default: { fetch: (/** @type {any} */ request) => assets.fetch(request) } };
    behind.isLoaded = true;
    this.worker.bindService(binding, behind, 'default', {});
  }

  /** @param {string} kind @param {string} name @param {string} other */
  #cannotUse(kind, name, other) {
    const missing = `the Worker "${other}" does not run in this process`;
    this.worker.env[name] = unsupportedBinding({ kind, name, missing });
    this.project.warnings.push(`env.${name} (${kind}) throws when used: ${missing}.`);
  }

  /** Evaluates the module. */
  async load() {
    const { worker, project } = this;
    const isServiceWorker = project.build.exports.length === 0;
    const manifest = worker.siteManifest;
    const site = manifest === undefined ? {} : { [SITE_MANIFEST]: manifest };
    const bindings = isServiceWorker ? { ...worker.env, ...site } : {};
    const scope = makeScope(this.#shard, worker, bindings);
    worker.scope = scope;
    const module = await project.load(workersModule(worker), scope, manifest);
    worker.module = isServiceWorker ? { default: eventHandlers(worker.events) } : module;
    worker.isLoaded = true;
  }

  /** When every member is loaded: what they refer to must be there. @param {Members} members */
  check(members) {
    if (this.project.isLazy) {
      for (const className of this.project.config.classes.keys())
        if (this.has(className)) this.namespace(className);
      return;
    }
    for (const { name, service, entrypoint } of this.project.config.serviceBindings) {
      const target = members.get(service);
      if (!target || target.worker.hasEntrypoint(entrypoint)) continue;
      const owner = target === this ? 'the Worker' : `the Worker "${service}"`;
      throw new ConfigError(
        `The binding ${name} refers to the entrypoint "${entrypoint}", which ${owner} does not export.`,
        { file: this.project.config.configPath },
      );
    }
    // `ctx.exports` has the classes without a binding too (S1.13). The module may have dropped one.
    for (const className of this.project.config.classes.keys()) {
      if (this.has(className) && typeof this.worker.module[className] === 'function')
        this.namespace(className);
    }
  }

  /** @param {string} className */
  has(className) {
    return Object.hasOwn(this.#ledger.stateOf(this.name).classes, className);
  }

  /** @param {string} className @returns {[script: string, className: string] | undefined} where a class of this Worker went */
  moved(className) {
    const transfer = this.#ledger.stateOf(this.name).transferred?.[className];
    return transfer && !this.has(className) ? [transfer.script, transfer.className] : undefined;
  }

  /** @param {string} className which it has @returns {NamespaceEntry} the one that all bindings share */
  namespace(className) {
    const known = this.worker.classes.get(className);
    if (known) return known;
    const { uniqueKey, kind } = this.#ledger.stateOf(this.name).classes[className];
    const code = { classOf: () => this.worker.module[className], worker: this.worker };
    // A shard that runs keeps its namespaces: new code takes them over.
    const running = this.#shard.namespaces.find((one) => one.uniqueKey === uniqueKey);
    running?.prepare(code);
    const entry =
      running ??
      new NamespaceEntry(this.#shard, { uniqueKey, className, kind: kindOf(kind), ...code });
    this.worker.classes.set(className, entry);
    return entry;
  }
}

module.exports = { Member };
