'use strict';
// bindProject: puts a project's namespaces and services on its Worker's env, and carries out its migrations (S8.4).
//
// A shard that runs already keeps its namespaces, which new code takes over. Migrations that delete data, rename a class or bring
// back a namespace with data need a shard that is started for them: RestartNeeded.

const { NamespaceEntry } = require('./actors/namespace-entry');
const { ConfigError } = require('./config/config-error');
const { planMigrations } = require('./config/migrations');

/** @typedef {import('./shard').Shard} Shard */
/** @typedef {import('./workers/worker').Worker} Worker */

/** The new code cannot take over in a shard that runs. */
class RestartNeeded extends Error {}

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
  checkInPlace(shard, plan);
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
  const code = { classOf: () => worker.module[className], worker };
  let entry = shard.namespaces.find((one) => one.uniqueKey === uniqueKey);
  if (entry === undefined) {
    entry = new NamespaceEntry(shard, { uniqueKey, className, kind: kindOf(kind), ...code });
  } else {
    entry.prepare(code);
  }
  worker.classes.set(className, entry);
  return entry;
}

/** @param {import('./config/migrations').NamespaceKind} kind @returns {'sqlite' | 'kv'} */
const kindOf = (kind) => (kind === 'sqlite' ? 'sqlite' : 'kv');

/**
 * @param {Shard} shard
 * @param {ReturnType<typeof planMigrations>} plan
 * @throws {RestartNeeded} never for a shard without namespaces
 */
function checkInPlace(shard, { steps, state }) {
  if (shard.namespaces.length === 0) return;
  const isKept = shard.namespaces.every(({ className, uniqueKey, kind }) => {
    const now = state.classes[className];
    return now?.uniqueKey === uniqueKey && kindOf(now.kind) === kind;
  });
  const isFresh = (/** @type {typeof steps[number]} */ step) =>
    step.type === 'create' && !shard.native.hasObjects(step.uniqueKey);
  if (!isKept || !steps.every(isFresh)) throw new RestartNeeded();
}

/**
 * Each namespace that runs must have its class in the new code.
 * @param {Shard} shard
 * @param {Worker} worker
 * @throws {RestartNeeded}
 */
function checkTakesAll(shard, worker) {
  if (!shard.namespaces.every((entry) => worker.classes.get(entry.className) === entry))
    throw new RestartNeeded();
}

module.exports = { bindProject, bind, checkTakesAll, migrate, RestartNeeded };
