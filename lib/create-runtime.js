'use strict';
// createRuntime: opens the data directory, plans and carries out migrations, loads the Worker, starts the alarms.
//
// Ways it fails: ConfigError, BuildError and WorkerLoadError name file and line; a data directory in use names its holder. What was
// opened is closed again before the error leaves.

const { Shard } = require('./shard');
const { Worker } = require('./workers/worker');
const { Development } = require('./http/development');
const { Exchanges } = require('./http/exchanges');
const { enterProcess, leaveProcess } = require('./workers/process-worker');
const { NamespaceEntry } = require('./actors/namespace-entry');
const { connectWeb, disconnectWeb } = require('./web-hooks');
const { hideFromObjects, showToObjects } = require('./worker-scope');
const { newestFlags } = require('./config/compatibility');
const { loadCode } = require('./load-code');
const { Outbox } = require('./mail/outbox');
const { MigrationLedger } = require('./migration-ledger');
const { Runtime } = require('./runtime');
const { checkOptions } = require('./runtime-options');

/** @typedef {import('./runtime').RuntimeOptions} RuntimeOptions */

/**
 * @param {RuntimeOptions} options
 * @returns {Promise<Runtime>}
 */
async function createRuntime(options) {
  checkOptions(options);
  const shard = new Shard(options);
  shard.onFlushFailed = stopOnFlushFailure;
  shard.outbox = new Outbox(options);
  try {
    const runtime = await (options.durableObjects
      ? startClasses(shard, options)
      : startProjects(shard, options));
    if (options.admin) await runtime.openAdmin(options.admin);
    return runtime;
  } catch (error) {
    await shard.close();
    disconnectWeb(shard);
    hideFromObjects(shard);
    leaveProcess(shard);
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
async function startClasses(shard, options) {
  const { durableObjects = {}, vars = {}, bindings } = options;
  const worker = new Worker({
    name: 'worker',
    flags: newestFlags(),
    env: { ...vars, ...bindings },
    hangs: shard.hangs,
  });
  connectWeb(shard, worker.flags);
  showToObjects(shard, worker.flags);
  enterProcess(shard, worker);
  const classes = Object.entries(durableObjects).map(([binding, Class]) => {
    return { binding, Class, className: Class.name };
  });
  for (const { Class, className } of classes) worker.module[className] = Class;
  worker.isLoaded = true;
  shard.setWorkers([worker]);
  const ledger = new MigrationLedger(shard.native, options);
  ledger.plan({
    workerName: worker.name,
    classes: classes.map(({ className }) => [className, 'sqlite']),
  });
  ledger.settle();
  for (const { binding, className } of classes) {
    const entry =
      worker.classes.get(className) ??
      new NamespaceEntry(shard, {
        uniqueKey: ledger.stateOf(worker.name).classes[className].uniqueKey,
        className,
        classOf: () => worker.module[className],
        kind: 'sqlite',
        worker,
      });
    worker.classes.set(className, entry);
    worker.bind(binding, entry);
  }
  shard.native.start();
  return new Runtime(shard, [worker], { hasWorker: false, options });
}

/** @param {Shard} shard @param {RuntimeOptions} options */
async function startProjects(shard, options) {
  const { workers, ...code } = await loadCode(shard, options);
  shard.setWorkers(workers);
  const { trustedProxies = 0 } = options;
  const development = options.development
    ? new Development((line) => console.error(line), shard.outbox)
    : undefined;
  shard.exchanges = new Exchanges(shard, workers[0], trustedProxies, development);
  shard.native.start();
  await code.callers.begin();
  return new Runtime(shard, workers, { hasWorker: true, options, development, ...code });
}

module.exports = { createRuntime };
