// What a runtime needs to know of a configuration, in one form: as Holdfast reads it, and as wrangler does.
'use strict';

const path = require('node:path');
const { resolveCompatibility } = require('../../lib/config/compatibility');

/** @param {Record<string, any>} table @returns {Record<string, any>} in the order of names, without what is undefined */
const sorted = (table) =>
  Object.fromEntries(
    Object.entries(table)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** @param {any[]} list @param {(item: any) => [string, unknown]} entry */
const byName = (list, entry) => sorted(Object.fromEntries(list.map(entry)));

/** What is a property of `env` other than a variable. @param {any[]} tables */
const names = (...tables) => new Set(tables.flatMap((table) => Object.keys(table)));

/** @param {import('../../lib/config/load-config').ResolvedConfig} config @returns {Record<string, any>} */
function shownHere(config) {
  const { resources, build, assets } = config;
  const { queues, site } = resources;
  const objects = byName(config.durableObjectBindings, ({ name, className, scriptName }) => [
    name,
    {
      className,
      scriptName,
      sqlite: scriptName ? undefined : config.classes.get(className) === 'sqlite',
    },
  ]);
  const bound = {
    objects,
    services: byName(config.serviceBindings, ({ name, service, entrypoint, props }) => [
      name,
      { service, entrypoint, props },
    ]),
    kv: byName(resources.kvNamespaces, ({ name, id }) => [name, id]),
    d1: byName(resources.d1Databases, ({ name, id }) => [name, id]),
    r2: byName(resources.r2Buckets, ({ name, id }) => [name, id]),
    producers: byName(queues.producers, ({ name, queue, deliveryDelay }) => [
      name,
      { queue, deliveryDelay },
    ]),
    ratelimits: byName(resources.ratelimits, ({ name, namespace, limit, period }) => [
      name,
      { namespace, limit, period },
    ]),
    mail: byName(resources.sendEmail, ({ name, ...rules }) => [name, rules]),
    secrets: byName(resources.secrets, ({ name, store, secret }) => [name, { store, secret }]),
  };
  const files = byName(resources.files, ({ name, kind, file }) => [name, { kind, file }]);
  const taken = names(...Object.values(bound), files, {
    ...(resources.versionMetadata ? { [resources.versionMetadata]: 1 } : {}),
    ...(assets?.binding ? { [assets.binding]: 1 } : {}),
    ...Object.fromEntries(config.unsupportedBindings.map(({ name }) => [name, 1])),
  });
  return {
    name: config.name,
    main: config.main,
    configPath: config.configPath,
    flags: config.compatibilityFlags,
    vars: sorted(
      Object.fromEntries(Object.entries(config.vars).filter(([name]) => !taken.has(name))),
    ),
    ...bound,
    consumers: byName(queues.consumers, (consumer) => [
      consumer.queue,
      { ...consumer, queue: undefined },
    ]),
    files,
    versionMetadata: resources.versionMetadata,
    crons: resources.crons,
    site,
    assets: assets && { ...assets, basePath: undefined },
    build: {
      command: build.command,
      cwd: build.command && build.cwd,
      watchDirs: build.watchDirs,
      tsconfig: build.tsconfig,
      jsxFactory: build.jsxFactory ?? 'React.createElement',
      jsxFragment: build.jsxFragment ?? 'React.Fragment',
      keepNames: build.keepNames,
      findAdditionalModules: build.findAdditionalModules,
      baseDir: build.baseDir,
      define: sorted(build.define),
      alias: sorted(build.alias),
      rules: build.rules.map(({ type, globs }) => ({ type, globs })),
    },
    dev: { ip: config.dev.ip ?? 'localhost', port: config.dev.port },
  };
}

/**
 * @param {{config: any, options: any}} answer of wrangler-configs.mjs
 * @param {string} cwd where wrangler ran: what it makes relative is so to it
 * @returns {Record<string, any>}
 */
function shownOfWrangler({ config, options }, cwd) {
  const directory = path.dirname(config.configPath);
  const inConfig = (/** @type {string | undefined} */ file) =>
    file === undefined ? undefined : path.resolve(directory, file);
  const fromCwd = (/** @type {string | undefined} */ file) =>
    file === undefined ? undefined : path.resolve(cwd, file);
  const { site, build, assets } = config;
  const entry = site?.['entry-point'];
  const objects = byName(config.durable_objects.bindings, ({ name, class_name, script_name }) => [
    name,
    {
      className: class_name,
      scriptName: script_name,
      sqlite: script_name ? undefined : (options.durableObjects[name]?.useSQLite ?? false),
    },
  ]);
  return {
    name: config.name || 'worker',
    main:
      config.main ?? (entry && fromCwd(path.extname(entry) ? entry : path.join(entry, 'index.js'))),
    configPath: config.configPath,
    flags: config.compatibility_date
      ? resolveCompatibility(config.compatibility_date, config.compatibility_flags)
      : undefined,
    vars: sorted(options.bindings),
    objects,
    services: byName(
      config.services,
      ({ binding, service, environment, entrypoint = 'default', props = {} }) => [
        binding,
        { service: environment ? `${service}-${environment}` : service, entrypoint, props },
      ],
    ),
    kv: byName(Object.entries(options.kvNamespaces), ([name, { id }]) => [name, id]),
    d1: byName(config.d1_databases, ({ binding, database_id, database_name }) => [
      binding,
      database_id ?? database_name ?? binding,
    ]),
    r2: byName(Object.entries(options.r2Buckets), ([name, { id }]) => [name, id]),
    producers: byName(
      Object.entries(options.queueProducers),
      ([name, { queueName, deliveryDelay = 0 }]) => [name, { queue: queueName, deliveryDelay }],
    ),
    ratelimits: byName(Object.entries(options.ratelimits), ([name, { namespace_id, simple }]) => [
      name,
      { namespace: namespace_id, limit: simple.limit, period: simple.period },
    ]),
    mail: byName(options.email?.send_email ?? [], (one) => [
      one.name,
      {
        destination: one.destination_address,
        allowedDestinations: one.allowed_destination_addresses,
        allowedSenders: one.allowed_sender_addresses,
      },
    ]),
    secrets: byName(
      Object.entries(options.secretsStoreSecrets),
      ([name, { store_id, secret_name }]) => [name, { store: store_id, secret: secret_name }],
    ),
    // What miniflare does with the values that are missing (S8.7.1).
    consumers: byName(Object.entries(options.queueConsumers), ([queue, consumer]) => [
      queue,
      {
        batchSize: consumer.maxBatchSize ?? 5,
        batchTimeoutMs: (consumer.maxBatchTimeout ?? 1) * 1000,
        retries: consumer.maxRetries ?? 2,
        retryDelaySeconds: consumer.retryDelay ?? 0,
        deadLetterQueue: consumer.deadLetterQueue,
      },
    ]),
    files: sorted(
      Object.fromEntries(
        ['wasm_modules', 'text_blobs', 'data_blobs'].flatMap((kind) =>
          Object.entries(config[kind] ?? {}).map(([name, file]) => [
            name,
            { kind, file: fromCwd(file) },
          ]),
        ),
      ),
    ),
    versionMetadata: config.version_metadata?.binding,
    crons: config.triggers?.crons ?? [],
    site: site && {
      directory: inConfig(site.bucket),
      include: site.include,
      exclude: site.exclude,
    },
    assets:
      assets?.directory === undefined
        ? undefined
        : {
            directory: inConfig(assets.directory),
            binding: assets.binding,
            htmlHandling: assets.html_handling ?? 'auto-trailing-slash',
            notFoundHandling: assets.not_found_handling ?? 'none',
            workerFirst: Array.isArray(assets.run_worker_first)
              ? {
                  worker: assets.run_worker_first.filter((rule) => !rule.startsWith('!')),
                  assets: assets.run_worker_first
                    .filter((rule) => rule.startsWith('!'))
                    .map((rule) => rule.slice(1)),
                }
              : (assets.run_worker_first ?? false),
          },
    build: {
      command: build.command,
      cwd: build.command && inConfig(build.cwd ?? '.'),
      watchDirs: build.command ? [build.watch_dir].flat().map(fromCwd) : [],
      tsconfig: fromCwd(config.tsconfig),
      jsxFactory: config.jsx_factory,
      jsxFragment: config.jsx_fragment,
      keepNames: config.keep_names ?? true,
      findAdditionalModules: config.find_additional_modules ?? false,
      baseDir: config.base_dir,
      define: sorted(config.define),
      alias: sorted(config.alias ?? {}),
      rules: usedRules(options.modulesRules),
    },
    dev: { ip: config.dev.ip, port: config.dev.port },
  };
}

/** A rule that does not fall through is the last of its type. @param {any[]} all */
function usedRules(all) {
  const complete = new Set();
  return all.flatMap(({ type, include, fallthrough }) => {
    if (complete.has(type)) return [];
    if (!fallthrough) complete.add(type);
    return [{ type, globs: include }];
  });
}

module.exports = { shownHere, shownOfWrangler };
