'use strict';
// translateMiniflare: the options of Miniflare that test environments take (spec S10.3.1), as keys of a wrangler configuration and as
// values for `env`. An option that means nothing here is left out, one that is not supported throws an error that names it.

const fs = require('node:fs');
const path = require('node:path');
const { Request } = require('../../web/internal');

const { Module } = /** @type {any} */ (globalThis).WebAssembly;

/** Where and how data is kept: in memory, always. How Miniflare reads code and prints: that is the test runner's matter. */
const IGNORED = new Set([
  'buildBasePath',
  'buildCommand',
  'buildWatchPaths',
  'cachePersist',
  'cache',
  'cacheWarnUsage',
  'customExportConditions',
  'd1Persist',
  'debug',
  'durableObjectsPersist',
  'durableObjectAlarms',
  'globalAsyncIO',
  'globalRandom',
  'globalTimers',
  'actualTime',
  'kvPersist',
  'liveReload',
  'log',
  'logUnhandledRejections',
  'modules',
  'modulesRoot',
  'modulesRules',
  'name',
  'r2Persist',
  'singleWorker',
  'sourceMap',
  'updateCheck',
  'usageModel',
  'verbose',
  'watch',
  'inaccurateCpu',
]);

const SUPPORTED = new Set([
  'bindings',
  'compatibilityDate',
  'compatibilityFlags',
  'configPath',
  'crons',
  'd1Databases',
  'dataBlobBindings',
  'durableObjects',
  'email',
  'envPath',
  'globals',
  'jsonBindings',
  'kvNamespaces',
  'packagePath',
  'queueBindings',
  'queueConsumers',
  'queueProducers',
  'r2Buckets',
  'rootPath',
  'scriptPath',
  'secretsStoreSecrets',
  'serviceBindings',
  'siteExclude',
  'siteInclude',
  'sitePath',
  'textBlobBindings',
  'wasmBindings',
  'workers',
  'wranglerConfigEnv',
  'wranglerConfigPath',
]);

/** Lists of the configuration that the options add to. */
const ADDED = [
  'kv_namespaces',
  'r2_buckets',
  'd1_databases',
  'secrets_store_secrets',
  'send_email',
];

/** @param {Record<string, any>} options @returns {Record<string, any>} those that mean something here */
function ignoredOptions(options) {
  for (const name of Object.keys(options)) {
    if (SUPPORTED.has(name) || IGNORED.has(name)) continue;
    throw new TypeError(
      `holdfast's test environment does not support the option ${name}. There are: ${[...SUPPORTED].sort().join(', ')}, ` +
        'main, wrangler, miniflare, environment, isolatedStorage, pending.',
    );
  }
  return Object.fromEntries(Object.entries(options).filter(([name]) => SUPPORTED.has(name)));
}

/**
 * @param {Record<string, any>} options
 * @param {Record<string, any>} config that they are laid over
 * @param {string} rootDir
 * @returns {{data: Record<string, any>, bindings: Record<string, unknown>, globals: Record<string, unknown>, main?: string}}
 */
function translateMiniflare(options, config, rootDir) {
  const root = path.resolve(rootDir, options.rootPath ?? '.');
  const objects = objectBindings(options.durableObjects ?? {});
  /** @type {Record<string, any>} */
  const data = {
    ...(options.compatibilityDate ? { compatibility_date: options.compatibilityDate } : {}),
    ...flagsOf(options, config),
    ...workerServices(options.serviceBindings, config.services),
    ...(options.crons ? { triggers: { crons: options.crons } } : {}),
    ...listed('kv_namespaces', options.kvNamespaces, (binding, id) => ({ binding, id })),
    ...listed('r2_buckets', options.r2Buckets, (binding, name) => ({ binding, bucket_name: name })),
    ...listed('d1_databases', options.d1Databases, (binding, id) => {
      return { binding, database_name: id, database_id: id };
    }),
    ...(options.email?.send_email ? { send_email: options.email.send_email } : {}),
    ...(options.secretsStoreSecrets ? { secrets_store_secrets: secrets(options) } : {}),
    ...site(options, root),
    ...queues(options, config),
  };
  for (const key of ADDED) if (key in data) data[key] = [...(config[key] ?? []), ...data[key]];
  if (objects.length > 0) {
    const { durable_objects: before = {}, migrations = [] } = config;
    data.durable_objects = { ...before, bindings: [...(before.bindings ?? []), ...objects] };
    const classes = undeclared(objects, config);
    if (classes.length > 0)
      data.migrations = [
        ...migrations,
        { tag: 'holdfast-test-options', new_sqlite_classes: classes },
      ];
  }
  return {
    data,
    bindings: {
      ...blobs(options, root),
      ...functionServices(options.serviceBindings),
      ...options.jsonBindings,
      ...options.bindings,
    },
    globals: options.globals ?? {},
    main:
      options.scriptPath ?? (config.main === undefined ? packageMain(options, root) : undefined),
  };
}

/** Those of the configuration hold, too. @param {Record<string, any>} options @param {Record<string, any>} config */
function flagsOf({ compatibilityFlags: added }, { compatibility_flags: flags = [] }) {
  return added === undefined ? {} : { compatibility_flags: [...new Set([...flags, ...added])] };
}

/** @param {Record<string, any>} objects */
function objectBindings(objects) {
  return Object.entries(objects).map(([name, given]) => {
    const { className, scriptName } =
      typeof given === 'string' ? { className: given, scriptName: undefined } : given;
    return { name, class_name: className, ...(scriptName ? { script_name: scriptName } : {}) };
  });
}

/** Classes that the configuration says nothing of. @param {any[]} objects @param {Record<string, any>} config */
function undeclared(objects, { migrations = [], exports = {} }) {
  const declared = new Set([
    ...Object.keys(exports),
    ...migrations.flatMap((/** @type {any} */ one) => [
      ...(one.new_classes ?? []),
      ...(one.new_sqlite_classes ?? []),
      ...(one.renamed_classes ?? []).map((/** @type {any} */ { to }) => to),
    ]),
  ]);
  const own = objects.filter(({ script_name: script }) => script === undefined);
  return [...new Set(own.map(({ class_name: name }) => name))].filter(
    (name) => !declared.has(name),
  );
}

/**
 * @param {string} key
 * @param {string[] | Record<string, any> | undefined} given names, or names with what they are bound to
 * @param {(binding: string, id: string) => object} entry
 */
function listed(key, given, entry) {
  if (given === undefined) return {};
  const pairs = Array.isArray(given) ? given.map((name) => [name, name]) : Object.entries(given);
  return {
    [key]: pairs.map(([binding, id]) =>
      entry(binding, typeof id === 'string' ? id : (id.id ?? binding)),
    ),
  };
}

/** @param {Record<string, any>} options @param {string} root what its path starts from */
function site({ sitePath, siteInclude: include = [], siteExclude: exclude = [] }, root) {
  if (sitePath === undefined) return {};
  return { site: { bucket: path.resolve(root, sitePath), include, exclude } };
}

/** @param {Record<string, any>} options */
function secrets({ secretsStoreSecrets: given }) {
  return Object.entries(given).map(([binding, names]) => ({ binding, ...names }));
}

/** @param {Record<string, any>} options @param {Record<string, any>} config */
function queues(options, config) {
  const producers = options.queueProducers ?? options.queueBindings;
  const { queueConsumers: consumers } = options;
  if (producers === undefined && consumers === undefined) return {};
  const added = listed('producers', producers, (binding, id) => ({ binding, queue: id }));
  const consuming = Array.isArray(consumers)
    ? consumers.map((queue) => ({ queue }))
    : Object.entries(consumers ?? {}).map(([queue, settings]) => ({
        queue,
        ...consumer(settings),
      }));
  const before = config.queues ?? {};
  return {
    queues: {
      ...before,
      producers: [...(before.producers ?? []), ...(added.producers ?? [])],
      consumers: [...(before.consumers ?? []), ...consuming],
    },
  };
}

/** @param {any} settings */
function consumer({ maxBatchSize, maxBatchTimeout, maxRetries, deadLetterQueue, retryDelay }) {
  const all = {
    max_batch_size: maxBatchSize,
    max_batch_timeout: maxBatchTimeout,
    max_retries: maxRetries,
    dead_letter_queue: deadLetterQueue,
    retry_delay: retryDelay,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Bindings to Workers of the options, by name. @param {Record<string, any>} [given] @param {any[]} [before] of the configuration */
function workerServices(given = {}, before = []) {
  const services = Object.entries(given).flatMap(([binding, service]) => {
    if (typeof service === 'string') return [{ binding, service }];
    if (typeof service?.name !== 'string' || typeof service === 'function') return [];
    const { name, entrypoint, props } = service;
    return [{ binding, service: name, ...(entrypoint && { entrypoint }), ...(props && { props }) }];
  });
  return services.length === 0 ? {} : { services: [...before, ...services] };
}

/** A function answers like a Worker's fetch handler. @param {Record<string, any>} [given] */
function functionServices(given = {}) {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, service]) => {
      if (typeof service !== 'function') {
        if (typeof service === 'string' || typeof service?.name === 'string') return [];
        throw new TypeError(
          `serviceBindings.${name} is neither a function nor the name of a Worker.`,
        );
      }
      const fetch = async (/** @type {any} */ input, /** @type {any} */ init) =>
        service(new Request(input, init));
      return [[name, { fetch }]];
    }),
  );
}

/** @param {Record<string, any>} options @param {string} root @returns {Record<string, unknown>} */
function blobs({ wasmBindings = {}, textBlobBindings = {}, dataBlobBindings = {} }, root) {
  const read = (/** @type {string} */ file) => fs.readFileSync(path.resolve(root, file));
  const each = (
    /** @type {Record<string, string>} */ files,
    /** @type {(bytes: Buffer) => unknown} */ make,
  ) => Object.entries(files).map(([name, file]) => [name, make(read(file))]);
  return Object.fromEntries([
    ...each(wasmBindings, (bytes) => new Module(new Uint8Array(bytes))),
    ...each(textBlobBindings, (bytes) => bytes.toString('utf8')),
    ...each(dataBlobBindings, (bytes) => new Uint8Array(bytes).buffer),
  ]);
}

/** What package.json names, where nothing else names an entry. @param {Record<string, any>} options @param {string} root */
function packageMain({ packagePath }, root) {
  if (packagePath === false) return undefined;
  const file = path.resolve(root, typeof packagePath === 'string' ? packagePath : 'package.json');
  if (!fs.existsSync(file)) return undefined;
  const { module, main } = JSON.parse(fs.readFileSync(file, 'utf8'));
  const entry = module ?? main;
  const found = entry && path.resolve(path.dirname(file), entry);
  return found && fs.existsSync(found) ? found : undefined;
}

module.exports = { ignoredOptions, translateMiniflare };
