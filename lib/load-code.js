'use strict';
// loadCode: the Workers of the options, their migrations carried out, ready to start: for a new runtime and for new code in one.

const { MigrationLedger } = require('./migration-ledger');
const { joined } = require('./bindings');
const { startWorkers } = require('./start-workers');

/**
 * @typedef {import('./shard').Shard} Shard
 * @typedef {import('./workers/worker').Worker} Worker
 * @typedef {import('./runtime').RuntimeOptions} RuntimeOptions
 */

/**
 * @param {Shard} shard
 * @param {RuntimeOptions} options
 * @returns {Promise<{workers: Worker[], closeProject: () => void, callers: import('./bindings').Callers}>}
 */
async function loadCode(shard, options) {
  const ledger = new MigrationLedger(shard.native, options);
  const members = await startWorkers(shard, ledger, options);
  return {
    workers: members.map(({ worker }) => worker),
    closeProject: () => members.forEach(({ project }) => project.close()),
    callers: joined(members.map(({ callers }) => callers)),
  };
}

module.exports = { loadCode };
