'use strict';
// The Worker that `cloudflare:workers` means in a program of Node (`holdfast/register`): the newest runtime made of classes of this
// process. `env` and `exports` follow it, for the module may be imported long before there is one.

const { newestFlags } = require('../config/compatibility');
const { workersModule } = require('./module');

/** @type {Map<import('../shard').Shard, import('./worker').Worker>} */
const workers = new Map();

/** @param {import('../shard').Shard} shard @param {import('./worker').Worker} worker */
function enterProcess(shard, worker) {
  workers.set(shard, worker);
}

/** @param {import('../shard').Shard} shard */
function leaveProcess(shard) {
  workers.delete(shard);
}

const newest = () => [...workers.values()].at(-1);

/** @type {Record<string, boolean> | undefined} */
let flags;

const processWorker = {
  get flags() {
    return (flags ??= newestFlags());
  },
  isLoaded: true,
  get env() {
    return newest()?.env ?? {};
  },
  get exports() {
    return newest()?.exports ?? {};
  },
  /** @param {Promise<unknown>} promise */
  track(promise) {
    newest()?.track(promise);
  },
};

/** What `cloudflare:workers` and its like export. @returns {Record<string, unknown>} */
const processModules = () => workersModule(/** @type {any} */ (processWorker));

module.exports = { enterProcess, leaveProcess, processModules };
