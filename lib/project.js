// openProject: from what the user calls a project to a Worker that can be loaded: config -> bundle -> module.
//
// The happy path: the config is read, the project bundled; load() registers `cloudflare:workers` under the key (the module may
// read `env` while it is evaluated), imports the bundle, and finds every bound class in it.
// The ways it fails: ConfigError (config, missing class), BuildError (code), WorkerLoadError (the module throws while it
// is evaluated); a module that never finishes is a ConfigError once nothing else keeps the process. Each message is for the user and names file and line where there is one.
'use strict';

const {
  buildProject,
  loadWorker,
  registerModules,
  registeredModules,
  unregisterModules,
} = require('./build');
const { AssetServer } = require('./assets/asset-server');
const { ConfigError, resolveProject, unsupportedBinding } = require('./config');
const { WorkerLoadError } = require('./worker-load-error');

/** @typedef {import('./config/load-config').ResolvedConfig} ResolvedConfig */

/**
 * @typedef {object} LoadOptions
 * @property {string | ResolvedConfig} [config] A directory, a config file, or what resolveProject() returned.
 * @property {string} [main] Entry file, instead of a config or on top of it.
 * @property {string} [env] Name of the environment.
 * @property {Record<string, unknown>} [vars] Win over the config's.
 * @property {Record<string, unknown>} [bindings] Are on `env` as they are.
 * @property {string} key Names the runtime; unique in the process. Letters, digits, dashes.
 * @property {import('./build/bundle').Build | LoadedElsewhere} [build] Already built, or loaded by somebody else.
 */

/**
 * A test kit: its own loader has the project's modules, which are not bundled (lib/testing/kit/lazy-module.js).
 * @typedef {object} LoadedElsewhere
 * @property {(given: Given) => Record<string, unknown>} load gives the module, which may be evaluated when it is first looked at
 * @property {string[]} exports
 * @property {string[]} warnings
 */

/**
 * @typedef {object} Given
 * @property {Record<string, unknown>} modules exports of `cloudflare:workers`
 * @property {import('./web/scope/global-scope').GlobalScope} [scope] the Worker's globals
 * @property {(module: Record<string, unknown>) => void} check throws a ConfigError for a class that is missing
 */

/** @typedef {LoadedProject} Project */

/** A Worker on its way to run, and then its module. */
class LoadedProject {
  #key;

  /**
   * @param {ResolvedConfig} config
   * @param {import('./build/bundle').Build | LoadedElsewhere} build
   * @param {string} key
   * @param {string[]} warnings
   * @param {Record<string, unknown>} bindings
   * @param {AssetServer | undefined} assets
   */
  constructor(config, build, key, warnings, bindings, assets) {
    this.#key = key;
    this.assets = assets;
    // A config without a file gets its bindings here, so each project has a copy of its own.
    this.config = {
      ...config,
      durableObjectBindings: [...config.durableObjectBindings],
      classes: new Map(config.classes),
    };
    this.name = config.name;
    this.build = build;
    /** Variables, the bindings that throw, and those of the caller. The runtime adds the namespaces. */
    this.env = {
      ...config.vars,
      ...Object.fromEntries(
        config.unsupportedBindings.map((binding) => [binding.name, unsupportedBinding(binding)]),
      ),
      ...bindings,
    };
    /** One line each. Those of a config or build that the caller brought are not repeated. */
    this.warnings = warnings;
    /**
     * The module's exports; empty until it is imported.
     * @type {Record<string, unknown>}
     */
    this.module = {};
  }

  /** Namespaces to put on `env`. Complete only when the module is loaded if the project has no config. */
  get durableObjectBindings() {
    return this.config.durableObjectBindings;
  }

  /** Its module is evaluated when it is first looked at. */
  get isLazy() {
    return 'load' in this.build;
  }

  /**
   * Evaluates the module.
   * @param {Record<string, unknown>} cloudflareWorkers exports of `cloudflare:workers` for it
   * @param {import('./web/scope/global-scope').GlobalScope} [scope] its globals; by default those of the process
   * @param {Record<string, string>} [siteManifest] of its Workers Site
   * @returns {Promise<Record<string, unknown>>} the module
   * @throws {ConfigError | WorkerLoadError}
   */
  async load(cloudflareWorkers, scope, siteManifest) {
    const { build } = this;
    if ('load' in build) {
      const check = (/** @type {Record<string, unknown>} */ module) =>
        checkClasses(this.config, module);
      this.module = build.load({ modules: cloudflareWorkers, scope, check });
      return this.module;
    }
    registerModules(this.#key, {
      ...cloudflareWorkers,
      ...(build.hasNodeServers ? {} : { httpModule: undefined }),
      processEnv: processEnvOf(this.config.vars),
      siteManifest: siteManifest && JSON.stringify(siteManifest),
      scope,
    });
    try {
      this.module = await importWorker(build.entryFile, String(this.config.main), this.#key);
      if (!this.config.configPath) bindExportedClasses(this, this.#key);
      checkClasses(this.config, this.module);
    } catch (error) {
      this.close();
      throw error;
    }
    return this.module;
  }

  /** Forgets what was registered for the module. The module itself stays in memory until the process ends. */
  close() {
    unregisterModules(this.#key);
  }
}

/**
 * Reads and builds; nothing of the project runs.
 * @param {LoadOptions} options
 * @returns {Promise<Project>}
 * @throws {ConfigError | import('./build').BuildError}
 */
async function openProject({ key, build, ...options }) {
  const config = readConfig(options);
  const output = build ?? (await buildProject(config));
  const assets = config.assets && new AssetServer(config.assets);
  const assetWarnings = (await assets?.reload()) ?? [];
  const warnings = [
    ...(config === options.config ? [] : config.warnings),
    ...(output === build ? [] : output.warnings),
    ...assetWarnings,
  ];
  const { bindings = {} } = options;
  return new LoadedProject(config, output, key, warnings, bindings, assets);
}

/** S9.4.3: the variables as strings. @param {Record<string, unknown>} vars */
function processEnvOf(vars) {
  return Object.fromEntries(
    Object.entries(vars).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** @param {Omit<LoadOptions, 'key' | 'build'>} options */
function readConfig({ config, main, ...options }) {
  if (typeof config === 'object') return config;
  if (main === undefined) return resolveProject({ project: config, ...options });
  return resolveProject({ project: main, config, ...options });
}

/**
 * A module that waits for something which never comes has no error of its own: the process would end without a word.
 * @param {string} entryFile
 * @param {string} main
 * @param {string} key
 * @returns {Promise<Record<string, unknown>>}
 */
async function importWorker(entryFile, main, key) {
  let onIdle = () => {};
  const idle = new Promise((_, reject) => {
    onIdle = () =>
      reject(new ConfigError('a top-level await in it never settles.', { file: main }));
  });
  process.once('beforeExit', onIdle);
  const loaded = loadWorker(entryFile, key).catch((error) => {
    throw new WorkerLoadError(error, main);
  });
  try {
    return await Promise.race([loaded, idle]);
  } finally {
    process.off('beforeExit', onIdle);
  }
}

/**
 * Without a config each exported class that extends DurableObject is bound under its own name: `ChatRoom` becomes
 * `env.CHAT_ROOM`, with SQLite storage.
 * @param {Project} project
 * @param {string} key
 */
function bindExportedClasses({ config, module }, key) {
  const { DurableObject } = registeredModules(key) ?? {};
  if (typeof DurableObject !== 'function') return;
  for (const [name, value] of Object.entries(module)) {
    if (
      name === 'default' ||
      typeof value !== 'function' ||
      !(value.prototype instanceof DurableObject)
    )
      continue;
    config.durableObjectBindings.push({ name: screamingSnake(name), className: name });
    config.classes.set(name, 'sqlite');
  }
}

/** @param {string} name */
function screamingSnake(name) {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toUpperCase();
}

/**
 * A bound class must exist (S1.10.6).
 * @param {ResolvedConfig} config
 * @param {Record<string, unknown>} module
 */
function checkClasses(config, module) {
  for (const binding of config.durableObjectBindings) {
    const { className, scriptName } = binding;
    if (scriptName !== undefined && scriptName !== config.name) continue;
    if (typeof module[className] === 'function') continue;
    throw new ConfigError(
      `A Durable Object binding names the class "${className}", but ${config.main} exports no such class. ` +
        "Please make sure the class name matches, it is exported, and the class extends 'DurableObject'.",
      binding.place,
    );
  }
}

module.exports = { openProject, screamingSnake };
