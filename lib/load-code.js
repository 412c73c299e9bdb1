'use strict';
// loadCode: the Workers of the options, their migrations carried out, ready to start: for a new runtime and for new code in one.

const { MigrationLedger } = require('./migration-ledger');
const { callsByItself } = require('./reload-check');
const { startWorkers } = require('./start-workers');

/**
 * @typedef {import('./shard').Shard} Shard
 * @typedef {import('./workers/worker').Worker} Worker
 * @typedef {import('./runtime').RuntimeOptions} RuntimeOptions
 */

/**
 * @param {Shard} shard
 * @param {RuntimeOptions} options
 * @returns {Promise<{workers: Worker[], closeProject: () => void, callsByItself: boolean, start: () => Promise<void>}>} `start`: to be called when the shard
 *   has started
 */
async function loadCode(shard, options) {
  const ledger = new MigrationLedger(shard.native, options);
  const members = await startWorkers(shard, ledger, options);
  return {
    workers: members.map(({ worker }) => worker),
    closeProject: () => members.forEach(({ project }) => project.close()),
    callsByItself: members.some(callsByItself),
    start: async () => {
      await Promise.all(members.map((member) => member.start()));
    },
  };
}

module.exports = { loadCode };
